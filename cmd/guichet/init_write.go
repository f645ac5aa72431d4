package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"

	"guichetdunumerique.be/guichet"
)

// answers are the keys that were asked for, as TOML values. What was left out is not among them.
func (i *inquiry) answers() map[string]string {
	c := &i.config
	list := map[string]string{}
	text := func(key, value string) {
		if value != "" {
			list[key] = tomlValue(value)
		}
	}
	text("desk.name", c.Desk.Name)
	text("desk.address", c.Desk.Address)
	list["desk.languages"] = tomlValue(c.Desk.Languages)
	text("desk.timezone", c.Desk.Timezone.String())
	text("desk.reference", c.Desk.Reference)
	text("desk.policy_url", c.Desk.PolicyURL)
	for section, s := range map[string]server{"imap": c.IMAP.server, "smtp": c.SMTP.server} {
		text(section+".server", s.Server)
		text(section+".security", s.Security)
		text(section+".username", s.Username)
		text(section+".password_file", i.secret[section].file)
		text(section+".ca_file", s.CAFile)
	}
	o := c.IMAP.oauthConfig
	for key, value := range map[string]string{
		"provider": o.Provider, "tenant": o.Tenant, "client_id": o.ClientID, "client_secret_file": i.secret[applicationSecret].file,
		"grant": o.Grant, "token_file": o.TokenFile, "token_url": o.TokenURL, "device_url": o.DeviceURL, "browser_url": o.BrowserURL,
	} {
		text("imap.oauth_"+key, value)
	}
	if len(o.Scopes) > 0 {
		list["imap.oauth_scopes"] = tomlValue(o.Scopes)
	}
	list["imap.folders"] = tomlValue(c.IMAP.Folders)
	text("imap.junk", c.IMAP.Junk)
	text("imap.sent", c.IMAP.Sent)
	text("imap.drafts", c.IMAP.Drafts)
	list["staff.addresses"] = tomlValue(c.Staff.Addresses)
	text("staff.language", c.Staff.Language)
	text("store.url", c.Store.URL)
	return list
}

// tomlValue writes a text or a list of texts. JSON's way to write them is also TOML's, but for the space
// between the texts of a list.
func tomlValue(v any) string {
	if list, ok := v.([]string); ok {
		var parts []string
		for _, s := range list {
			parts = append(parts, tomlValue(s))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v) // a text is always written, and to memory
	return strings.TrimSuffix(b.String(), "\n")
}

// aKey is a line of the example that gives a key, or would without its #.
var aKey = regexp.MustCompile(`^#?([a-z_]+) = `)

// filled is the example config with the given values in their places.
func filled(values map[string]string) string {
	var b strings.Builder
	section := ""
	for line := range strings.Lines(guichet.ExampleConfig) {
		if name, found := strings.CutPrefix(line, "["); found {
			section = strings.TrimSuffix(strings.TrimSpace(name), "]")
		}
		if m := aKey.FindStringSubmatch(line); m != nil {
			if value, set := values[section+"."+m[1]]; set {
				line = m[1] + " = " + value + "\n"
			}
		}
		b.WriteString(line)
	}
	return b.String()
}

// write makes the config and the files of the passwords, all of them or none, and returns their names.
func (i *inquiry) write() (names []string, err error) {
	text := filled(i.answers())
	if err := i.proven(text); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			for _, name := range names {
				_ = os.Remove(name) // it was made a moment ago, by us
			}
		}
	}()
	files := []struct{ name, content string }{{i.config.path, text}}
	for _, section := range []string{"imap", "smtp", applicationSecret} {
		if s := i.secret[section]; s.file != "" {
			files = append(files, struct{ name, content string }{i.config.file(s.file), s.value.reveal() + "\n"})
		}
	}
	for _, f := range files {
		if err := writeNew(f.name, f.content); err != nil {
			return names, fmt.Errorf("writing %s: %w", f.name, err)
		}
		names = append(names, f.name)
	}
	return names, nil
}

// proven reads back what is about to be written: a config that does not load would be our own fault.
func (i *inquiry) proven(text string) error {
	c := defaults(i.env.getenv)
	c.path = i.config.path
	found, err := c.decode([]byte(text))
	if err != nil {
		return err
	}
	if found = append(found, c.check()...); len(found) > 0 {
		return c.located(found)
	}
	return nil
}

// writeNew makes a file that only its owner may read, and removes it again when that fails. Made by root in
// the folder of another user, such as the service's, it becomes that user's.
func writeNew(name, content string) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(content)
	if folder, statErr := os.Stat(filepath.Dir(name)); statErr == nil && os.Geteuid() == 0 {
		if owner, ok := folder.Sys().(*syscall.Stat_t); ok {
			err = errors.Join(err, f.Chown(int(owner.Uid), int(owner.Gid)))
		}
	}
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		_ = os.Remove(name) // the error of the writing is the one to tell
	}
	return err
}
