package mailtest

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

// IMAP is an IMAP4rev1 server with one account in memory. It offers IDLE, UIDPLUS, MOVE, ESEARCH and
// SPECIAL-USE, and starts with the folders INBOX, Junk, Sent and Drafts, the last three marked as such.
type IMAP struct {
	Options // as completed by StartIMAP

	server *imapserver.Server
	user   *imapmemserver.User
	served chan struct{}

	mu       sync.Mutex
	folders  map[string][]imap.MailboxAttr
	sessions map[*session]func() // to what closes the connection
	changed  chan struct{}       // closed and replaced when a folder changes
	logins   int
}

// StartIMAP starts a server. Close ends it.
func StartIMAP(o Options) (*IMAP, error) {
	listener, err := o.open()
	if err != nil {
		return nil, fmt.Errorf("starting the IMAP server: %w", err)
	}
	s := &IMAP{
		Options:  o,
		user:     imapmemserver.NewUser(o.Username, o.Password),
		served:   make(chan struct{}),
		folders:  make(map[string][]imap.MailboxAttr),
		sessions: make(map[*session]func()),
		changed:  make(chan struct{}),
	}
	for name, use := range map[string][]imap.MailboxAttr{
		"INBOX":  nil,
		"Junk":   {imap.MailboxAttrJunk},
		"Sent":   {imap.MailboxAttrSent},
		"Drafts": {imap.MailboxAttrDrafts},
	} {
		if err := s.create(name, use); err != nil {
			return nil, err
		}
	}
	s.server = imapserver.New(&imapserver.Options{
		NewSession:   s.newSession,
		TLSConfig:    o.startTLS(),
		InsecureAuth: o.Security == None,
		Logger:       silent(),
		Caps: imap.CapSet{
			imap.CapIMAP4rev1: {}, imap.CapUIDPlus: {}, imap.CapMove: {}, imap.CapNamespace: {},
			imap.CapListExtended: {}, imap.CapSpecialUse: {}, imap.CapESearch: {},
		},
	})
	go func() {
		defer close(s.served)
		_ = s.server.Serve(listener) // ends when the listener is closed
	}()
	return s, nil
}

// Close cuts all connections and waits until the server no longer accepts any.
func (s *IMAP) Close() error {
	err := s.server.Close()
	_ = s.Listener.Close() // the server knows it only once it serves; closed twice is closed
	<-s.served
	if err != nil {
		return fmt.Errorf("closing the IMAP server: %w", err)
	}
	return nil
}

// Addr is the host and port to dial.
func (s *IMAP) Addr() string { return s.Listener.Addr().String() }

// Deliver puts a mail into a folder as a mail server does at the given moment, and returns its UID.
func (s *IMAP) Deliver(folder string, raw []byte, at time.Time, flags ...string) (uint32, error) {
	options := &imap.AppendOptions{Time: at}
	for _, f := range flags {
		options.Flags = append(options.Flags, imap.Flag(f))
	}
	// The server keeps the very slice it is given; the caller may use his again.
	data, err := s.user.Append(folder, bytes.NewReader(bytes.Clone(raw)), options)
	if err != nil {
		return 0, fmt.Errorf("delivering to %q: %w", folder, err)
	}
	s.wake()
	return uint32(data.UID), nil
}

// Folders lists the folders by name.
func (s *IMAP) Folders() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.folders))
}

// Create adds a folder.
func (s *IMAP) Create(folder string) error { return s.create(folder, nil) }

func (s *IMAP) create(folder string, use []imap.MailboxAttr) error {
	if err := s.user.Create(folder, nil); err != nil {
		return fmt.Errorf("creating folder %q: %w", folder, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.folders[folder] = use
	return nil
}

// Remove deletes a folder with all its mail.
func (s *IMAP) Remove(folder string) error {
	if err := s.user.Delete(folder); err != nil {
		return fmt.Errorf("removing folder %q: %w", folder, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.folders, folder)
	return nil
}

// Renumber gives a folder a new UIDVALIDITY and its mail new UIDs from 1, as happens when a server is
// restored from a backup or the account moves to another one.
func (s *IMAP) Renumber(folder string) error {
	mails, err := s.Mails(folder)
	if err != nil {
		return err
	}
	s.mu.Lock()
	use := s.folders[folder]
	s.mu.Unlock()
	if err := s.Remove(folder); err != nil {
		return err
	}
	if err := s.create(folder, use); err != nil {
		return err
	}
	for _, m := range mails {
		if _, err := s.Deliver(folder, m.Raw, m.Date, m.Flags...); err != nil {
			return err
		}
	}
	return nil
}

// Disconnect cuts every connection without a word, as a network that fails does. The server stays up.
func (s *IMAP) Disconnect() {
	s.mu.Lock()
	cuts := slices.Collect(maps.Values(s.sessions))
	s.mu.Unlock()
	for _, cut := range cuts {
		cut()
	}
}

// Logins counts the logins tried so far, the refused ones included.
func (s *IMAP) Logins() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.logins
}

// wake tells the idling sessions that some folder changed.
func (s *IMAP) wake() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.changed)
	s.changed = make(chan struct{})
}

// changes is closed at the next change of any folder.
func (s *IMAP) changes() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changed
}

// listing is what LIST tells of the folders, by name.
func (s *IMAP) listing() []imap.ListData {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []imap.ListData
	for name, use := range s.folders {
		list = append(list, imap.ListData{Mailbox: name, Delim: '/', Attrs: use})
	}
	slices.SortFunc(list, func(a, b imap.ListData) int { return cmp.Compare(a.Mailbox, b.Mailbox) })
	return list
}
