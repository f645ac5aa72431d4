package intake

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"
)

// errNoJunk says that no folder bears \Junk, which is no failure.
var errNoJunk = errors.New("no folder is marked as junk")

// settle finds the name of a folder that has none yet: the junk folder, by its SPECIAL-USE.
func (f *folder) settle(ctx context.Context, s *session) error {
	if f.name != "" {
		return nil
	}
	list, err := s.list(ctx)
	if err != nil {
		return withHint(err, "name the junk folder in imap.junk")
	}
	for _, data := range list {
		if hasAttr(data, imap.MailboxAttrJunk) && !hasAttr(data, imap.MailboxAttrNoSelect) {
			f.name = data.Mailbox
			return nil
		}
	}
	return errNoJunk
}

// list lists all folders with their attributes.
func (s *session) list(ctx context.Context) ([]*imap.ListData, error) {
	var options *imap.ListOptions
	if s.caps.Has(imap.CapSpecialUse) && s.caps.Has(imap.CapListExtended) {
		options = &imap.ListOptions{ReturnSpecialUse: true} // others tell it unasked (RFC 6154 section 2)
	}
	var list []*imap.ListData
	err := s.do(ctx, "listing the folders", smallAnswer, func() (err error) {
		list, err = s.client.List("", "*", options).Collect()
		return err
	})
	return list, err
}

func hasAttr(data *imap.ListData, attr imap.MailboxAttr) bool {
	return slices.ContainsFunc(data.Attrs, func(a imap.MailboxAttr) bool { return strings.EqualFold(string(a), string(attr)) })
}
