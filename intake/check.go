package intake

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"
)

// Report is what a check of the mailbox found.
type Report struct {
	Server       string
	Capabilities []string
	Idle         bool              // new mail is told at once; otherwise it is found by looking every PollEvery
	Names        []string          // all folders there are
	Special      map[string]string // SPECIAL-USE attribute, such as \Sent, to folder
	Folders      []FolderReport    // those to be watched that could be opened
}

// FolderReport is a folder to be watched.
type FolderReport struct {
	Name        string
	Junk        bool
	Messages    uint32
	UIDValidity uint32
	UIDNext     uint32 // 0 when the server does not tell
}

// Check connects, logs in and opens each folder, and changes nothing. The Report holds what was found before
// something failed.
func (m *Mailbox) Check(ctx context.Context) (Report, error) {
	r := Report{Server: m.Server}
	s, err := m.open(ctx)
	if err != nil {
		return r, err
	}
	defer s.close()
	for c := range s.caps {
		r.Capabilities = append(r.Capabilities, string(c))
	}
	slices.Sort(r.Capabilities)
	r.Idle = s.caps.Has(imap.CapIdle)
	list, err := s.list(ctx)
	if err != nil {
		return r, err
	}
	r.describe(list)

	var failures []error
	for _, f := range m.folders() {
		junk := r.Special[string(imap.MailboxAttrJunk)]
		if f.seek {
			f.name = junk
		} else if m.Junk == "" && f.name == junk {
			continue // it comes as the junk folder
		}
		if f.name == "" {
			continue // there is none
		}
		b, err := s.examine(ctx, f.name)
		if err != nil {
			failures = append(failures, withHint(err, "the folders there are: "+strings.Join(r.Names, ", ")))
			if !isRefusal(err) {
				break
			}
			continue
		}
		r.Folders = append(r.Folders, FolderReport{f.name, f.junk, b.messages, b.validity, uint32(b.next)})
	}
	return r, errors.Join(failures...)
}

// describe notes the folders there are, and what they are for.
func (r *Report) describe(list []*imap.ListData) {
	r.Special = make(map[string]string)
	for _, data := range list {
		if hasAttr(data, imap.MailboxAttrNoSelect) {
			continue
		}
		r.Names = append(r.Names, data.Mailbox)
		for _, use := range []imap.MailboxAttr{imap.MailboxAttrJunk, imap.MailboxAttrSent, imap.MailboxAttrDrafts, imap.MailboxAttrTrash, imap.MailboxAttrArchive} {
			if hasAttr(data, use) && r.Special[string(use)] == "" {
				r.Special[string(use)] = data.Mailbox
			}
		}
	}
	slices.Sort(r.Names)
}
