package intake

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"

	"guichetdunumerique.be/guichet/oauth"
)

// Report is what a check of the mailbox found.
type Report struct {
	Server       string
	Capabilities []string
	Idle         bool              // new mail is told at once; otherwise it is found by looking every PollEvery
	Names        []string          // all folders there are
	Special      map[string]string // SPECIAL-USE attribute, such as \Sent, to folder
	Folders      []FolderReport    // those to be watched that could be opened
	Quota        []Quota           // how full the account is; nil when the server does not tell
}

// FolderReport is a folder to be watched.
type FolderReport struct {
	Name        string
	Junk        bool
	Sent        bool
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
	marked := r.describe(list)

	var failures []error
	for _, f := range m.folders() {
		if f.assign(marked) != nil {
			continue
		}
		b, err := s.examine(ctx, f.name)
		if err != nil {
			failures = append(failures, withHint(err, "the folders there are: "+strings.Join(r.Names, ", ")))
			if !isRefusal(err) {
				return r, errors.Join(failures...)
			}
			continue
		}
		r.Folders = append(r.Folders, FolderReport{
			Name: f.name, Junk: f.use == imap.MailboxAttrJunk, Sent: f.use == imap.MailboxAttrSent,
			Messages: b.messages, UIDValidity: b.validity, UIDNext: uint32(b.next),
		})
	}
	r.Quota = s.quotas(ctx, r.Folders)
	return r, errors.Join(failures...)
}

// Knock connects without logging in, and reports whether the server takes access tokens (SASL XOAUTH2 or OAUTHBEARER).
func (m *Mailbox) Knock(ctx context.Context) (tokens bool, err error) {
	s, err := m.connect(ctx)
	if err != nil {
		return false, err
	}
	defer s.close()
	return s.caps.Has(imap.AuthCap(oauth.XOAUTH2)) || s.caps.Has(imap.AuthCap(oauth.OAUTHBEARER)), nil
}

// describe notes the folders there are, and what they are for.
func (r *Report) describe(list []*imap.ListData) marks {
	for _, data := range list {
		if !hasAttr(data, imap.MailboxAttrNoSelect) && !hasAttr(data, imap.MailboxAttrNonExistent) {
			r.Names = append(r.Names, data.Mailbox)
		}
	}
	slices.Sort(r.Names)
	marked := specialUses(list)
	r.Special = make(map[string]string, len(marked))
	for use, name := range marked {
		r.Special[string(use)] = name
	}
	return marked
}
