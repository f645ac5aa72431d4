package mailtest

import (
	"slices"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

// session is a client's connection. It adds to the library's memory server what that lacks: SPECIAL-USE,
// and an IDLE that misses nothing which arrives while it begins.
type session struct {
	*imapmemserver.UserSession // nil until logged in
	imap                       *IMAP
}

var _ imapserver.SessionIMAP4rev2 = (*session)(nil)

func (s *IMAP) newSession(c *imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
	sess := &session{imap: s}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions[sess] = func() { _ = c.NetConn().Close() } // whether it was closed already is all the same
	if s.Tokens != nil {
		return bearerSession{sess}, nil, nil
	}
	return sess, nil, nil
}

// Close implements imapserver.Session.
func (s *session) Close() error {
	s.imap.mu.Lock()
	delete(s.imap.sessions, s)
	s.imap.mu.Unlock()
	return s.UserSession.Close()
}

// Login implements imapserver.Session.
func (s *session) Login(username, password string) error {
	s.imap.mu.Lock()
	s.imap.logins++
	s.imap.mu.Unlock()
	if err := s.imap.user.Login(username, password); err != nil {
		return err
	}
	s.UserSession = imapmemserver.NewUserSession(s.imap.user)
	return nil
}

// List implements imapserver.Session.
func (s *session) List(w *imapserver.ListWriter, ref string, patterns []string, options *imap.ListOptions) error {
	for _, data := range s.imap.listing() {
		wanted := slices.ContainsFunc(patterns, func(p string) bool {
			return imapserver.MatchList(data.Mailbox, data.Delim, ref, p)
		})
		if !wanted || options.SelectSpecialUse && len(data.Attrs) == 0 {
			continue
		}
		if err := w.WriteList(&data); err != nil {
			return err
		}
	}
	return nil
}

// Create implements imapserver.Session.
func (s *session) Create(name string, options *imap.CreateOptions) error {
	return s.imap.create(name, options.SpecialUse)
}

// Delete implements imapserver.Session.
func (s *session) Delete(name string) error { return s.imap.Remove(name) }

// Append implements imapserver.Session.
func (s *session) Append(name string, r imap.LiteralReader, options *imap.AppendOptions) (*imap.AppendData, error) {
	defer s.imap.wake()
	return s.UserSession.Append(name, r, options)
}

// Store implements imapserver.Session.
func (s *session) Store(w *imapserver.FetchWriter, set imap.NumSet, flags *imap.StoreFlags, options *imap.StoreOptions) error {
	defer s.imap.wake()
	return s.UserSession.Store(w, set, flags, options)
}

// Expunge implements imapserver.Session.
func (s *session) Expunge(w *imapserver.ExpungeWriter, uids *imap.UIDSet) error {
	defer s.imap.wake()
	return s.UserSession.Expunge(w, uids)
}

// Idle implements imapserver.Session. The library's own IDLE tells nothing of a mail that arrives between
// its answer to the command and its subscription to the folder.
func (s *session) Idle(w *imapserver.UpdateWriter, stop <-chan struct{}) error {
	for {
		changes := s.imap.changes()
		if err := s.Poll(w, true); err != nil {
			return err
		}
		select {
		case <-changes:
		case <-stop:
			return nil
		}
	}
}
