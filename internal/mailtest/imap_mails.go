package mailtest

import (
	"context"
	"crypto/tls"
	"fmt"
	"maps"
	"net"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// Stored is a mail as it lies in a folder.
type Stored struct {
	UID   uint32
	Flags []string // sorted; system flags as in RFC 9051 ("\Seen"), keywords in lower case
	Date  time.Time
	Raw   []byte
}

// Mails returns what lies in a folder, by UID. It looks as any other client does, and changes nothing.
func (s *IMAP) Mails(folder string) ([]Stored, error) {
	var mails []Stored
	err := s.visit(folder, func(c *imapclient.Client) error {
		fetched, err := c.Fetch(imap.UIDSet{{Start: 1}}, &imap.FetchOptions{
			UID: true, Flags: true, InternalDate: true,
			BodySection: []*imap.FetchItemBodySection{{Peek: true}},
		}).Collect()
		for _, m := range fetched {
			raw := m.FindBodySection(&imap.FetchItemBodySection{})
			mails = append(mails, Stored{UID: uint32(m.UID), Flags: flagNames(m.Flags), Date: m.InternalDate, Raw: raw})
		}
		return err
	})
	return mails, err
}

// Flags returns the flags of each mail in a folder, by UID.
func (s *IMAP) Flags(folder string) (map[uint32][]string, error) {
	mails, err := s.Mails(folder)
	if err != nil {
		return nil, err
	}
	flags := make(map[uint32][]string, len(mails))
	for _, m := range mails {
		flags[m.UID] = m.Flags
	}
	return flags, nil
}

// Append puts a mail into a folder as somebody's mail program does, for instance into Sent what it has sent, and
// returns its UID.
func (s *IMAP) Append(folder string, raw []byte, flags ...string) (uint32, error) {
	var uid uint32
	err := s.visit(folder, func(c *imapclient.Client) error {
		command := c.Append(folder, int64(len(raw)), &imap.AppendOptions{Flags: storeFlags(flags).Flags})
		if _, err := command.Write(raw); err != nil {
			return err
		}
		if err := command.Close(); err != nil {
			return err
		}
		data, err := command.Wait()
		uid = uint32(data.UID)
		return err
	})
	return uid, err
}

// SetFlags makes these the flags of a mail, as somebody's mail program does.
func (s *IMAP) SetFlags(folder string, uid uint32, flags ...string) error {
	return s.visit(folder, func(c *imapclient.Client) error {
		return c.Store(imap.UIDSetNum(imap.UID(uid)), storeFlags(flags), nil).Close()
	})
}

// Expunge deletes mails from a folder for good.
func (s *IMAP) Expunge(folder string, uids ...uint32) error {
	var set imap.UIDSet
	for _, uid := range uids {
		set.AddNum(imap.UID(uid))
	}
	return s.visit(folder, func(c *imapclient.Client) error {
		if err := c.Store(set, storeFlags([]string{string(imap.FlagDeleted)}), nil).Close(); err != nil {
			return err
		}
		return c.UIDExpunge(set).Close()
	})
}

// visit opens a folder as an ordinary client and leaves it again.
func (s *IMAP) visit(folder string, do func(c *imapclient.Client) error) error {
	c, err := s.client()
	if err != nil {
		return fmt.Errorf("visiting folder %q: %w", folder, err)
	}
	defer c.Close()
	if err := c.Login(s.Username, s.Password).Wait(); err != nil {
		return fmt.Errorf("visiting folder %q: %w", folder, err)
	}
	if _, err := c.Select(folder, nil).Wait(); err != nil {
		return fmt.Errorf("visiting folder %q: %w", folder, err)
	}
	if err := do(c); err != nil {
		return fmt.Errorf("visiting folder %q: %w", folder, err)
	}
	return c.Logout().Wait()
}

func (s *IMAP) client() (*imapclient.Client, error) {
	conn, err := s.Dial(context.Background())
	if err != nil {
		return nil, err
	}
	if s.Security == STARTTLS {
		return imapclient.NewStartTLS(conn, &imapclient.Options{TLSConfig: s.Certificate.Client()})
	}
	return imapclient.New(conn, nil), nil
}

// Dial connects to the server, over TLS where that comes first, whatever its Listener is.
func (s *IMAP) Dial(ctx context.Context) (net.Conn, error) {
	dial := (&net.Dialer{}).DialContext
	if p, ok := s.Listener.(*Pipe); ok {
		dial = p.Dial
	}
	conn, err := dial(ctx, "tcp", s.Addr())
	if err != nil || s.Security != TLS {
		return conn, err
	}
	return tls.Client(conn, s.Certificate.Client()), nil
}

func storeFlags(flags []string) *imap.StoreFlags {
	op := &imap.StoreFlags{Op: imap.StoreFlagsSet, Silent: true}
	for _, f := range flags {
		op.Flags = append(op.Flags, imap.Flag(f))
	}
	return op
}

// flagNames undoes the lower case that the memory server gives every flag.
func flagNames(flags []imap.Flag) []string {
	system := map[imap.Flag]imap.Flag{
		`\seen`: imap.FlagSeen, `\answered`: imap.FlagAnswered, `\flagged`: imap.FlagFlagged,
		`\deleted`: imap.FlagDeleted, `\draft`: imap.FlagDraft,
	}
	names := make(map[string]bool)
	for _, f := range flags {
		if known, ok := system[f]; ok {
			f = known
		}
		names[string(f)] = true
	}
	return slices.Sorted(maps.Keys(names))
}
