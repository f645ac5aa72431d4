package intake

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"
)

// errNoJunk says that there is nothing to watch, which is no failure: no folder bears \Junk; or this one does,
// and is watched as the junk folder already.
var errNoJunk = errors.New("no junk folder to watch")

// settle finds the junk folder by its SPECIAL-USE, where the config does not name it. A folder that the config
// names and that bears \Junk is junk all the same: nothing in it may be answered.
func (f *folder) settle(ctx context.Context, s *session) error {
	if f.Junk != "" || folderKey(f.name) == "INBOX" {
		return nil
	}
	list, err := s.list(ctx)
	if err != nil {
		return withHint(err, "name the junk folder in imap.junk")
	}
	marked := ""
	for _, data := range list {
		if marked == "" && hasAttr(data, imap.MailboxAttrJunk) && !hasAttr(data, imap.MailboxAttrNoSelect) {
			marked = data.Mailbox
		}
	}
	if f.seek {
		f.name = marked
	}
	if isJunk := marked != "" && f.name == marked; isJunk != f.seek {
		return errNoJunk
	}
	return nil
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
