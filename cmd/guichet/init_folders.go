package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
)

// folders asks what is to be watched, and what the server does not mark.
func (i *inquiry) folders(ctx context.Context) error {
	i.title("The folders")
	c := &i.config.IMAP
	known := func(name string) error {
		if slices.ContainsFunc(i.found.Names, func(n string) bool {
			return n == name || strings.EqualFold(n, "INBOX") && strings.EqualFold(name, "INBOX")
		}) {
			return nil
		}
		return fmt.Errorf("there is no folder %q; there are %s", name, strings.Join(i.found.Names, ", "))
	}
	err := i.key(ctx, "imap.folders", "Folders to watch, with commas between them", strings.Join(c.Folders, ", "), func(answer string) error {
		c.Folders = nil
		for name := range strings.SplitSeq(answer, ",") {
			name = strings.TrimSpace(name)
			if err := known(name); err != nil {
				return err
			}
			c.Folders = append(c.Folders, name)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, f := range []struct {
		use, key, text string
		name           *string
	}{
		{`\Junk`, "imap.junk", "junk mail", &c.Junk}, {`\Sent`, "imap.sent", "sent mail", &c.Sent}, {`\Drafts`, "imap.drafts", "drafts", &c.Drafts},
	} {
		if marked := i.found.Special[f.use]; marked != "" {
			i.say("  Folder of %s: %s, as the server marks it.", f.text, marked)
			continue
		}
		err := i.key(ctx, f.key, "Folder of "+f.text, cmp.Or(folderFor(f.use, i.found.Names), nothing), func(answer string) error {
			if *f.name = unlessNone(answer); *f.name == "" {
				return nil
			}
			return known(*f.name)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
