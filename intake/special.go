package intake

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"
)

// errNothing says that there is nothing to watch, which is no failure: no folder bears the attribute looked for;
// or this one does, and is watched for what it is already.
var errNothing = errors.New("no such folder to watch")

// marks are the folders that bear a SPECIAL-USE attribute (RFC 6154), the first of each kind.
type marks map[imap.MailboxAttr]string

// specialUses notes what the folders are for. INBOX is for what comes in, whatever else a server may say.
func specialUses(list []*imap.ListData) marks {
	found := make(marks)
	for _, data := range list {
		if hasAttr(data, imap.MailboxAttrNoSelect) || hasAttr(data, imap.MailboxAttrNonExistent) || folderKey(data.Mailbox) == "INBOX" {
			continue
		}
		for _, use := range []imap.MailboxAttr{
			imap.MailboxAttrJunk, imap.MailboxAttrSent, imap.MailboxAttrDrafts, imap.MailboxAttrTrash, imap.MailboxAttrArchive,
		} {
			if hasAttr(data, use) && found[use] == "" {
				found[use] = data.Mailbox
			}
		}
	}
	return found
}

// useOf tells what a folder is watched as: \Junk, \Sent or nothing special. Junk comes first, since nothing in it
// may be answered. What lies in Sent speaks for staff, so INBOX, where strangers write, is never taken for it.
func (m *Mailbox) useOf(name string, marked marks) imap.MailboxAttr {
	is := func(configured string, use imap.MailboxAttr) bool {
		if configured == "" {
			return name == marked[use]
		}
		return name == folderKey(configured)
	}
	switch {
	case name == "":
		return ""
	case is(m.Junk, imap.MailboxAttrJunk):
		return imap.MailboxAttrJunk
	case m.WatchSent && name != "INBOX" && is(m.Sent, imap.MailboxAttrSent):
		return imap.MailboxAttrSent
	}
	return ""
}

// settle finds out which folder this is, where its SPECIAL-USE tells; see assign.
func (f *folder) settle(ctx context.Context, s *session) error {
	if f.name == "INBOX" || f.Junk != "" && (f.Sent != "" || !f.WatchSent) {
		return nil // the config says all
	}
	list, err := s.list(ctx)
	if err != nil {
		return withHint(err, "name the folders in imap.junk and imap.sent")
	}
	return f.assign(specialUses(list))
}

// assign names a folder that is to be found by its SPECIAL-USE. A folder that the config names and that bears
// \Junk is junk all the same: nothing in it may be answered; and likewise for \Sent.
func (f *folder) assign(marked marks) error {
	if f.seek {
		f.name = marked[f.use]
	}
	if f.name == "" || f.useOf(f.name, marked) != f.use {
		return errNothing
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
