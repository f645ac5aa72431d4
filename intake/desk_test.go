package intake_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"guichetdunumerique.be/guichet/intake"
	"guichetdunumerique.be/guichet/internal/mailtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// desk is a Desk in memory.
type desk struct {
	mu       sync.Mutex
	position map[string]intake.Position
	begun    map[string]intake.Position
	anew     []intake.Position
	taken    []intake.Arrival
	refuse   func(intake.Arrival) error

	arrivals chan intake.Arrival
	checks   chan string // folder names
}

func newDesk() *desk {
	return &desk{
		position: make(map[string]intake.Position),
		begun:    make(map[string]intake.Position),
		arrivals: make(chan intake.Arrival, 30000),
		checks:   make(chan string, 30000),
	}
}

// at is a desk that has read the folder up to UID 0.
func at(folder string, validity uint32) *desk {
	d := newDesk()
	d.position[folder] = intake.Position{UIDValidity: validity}
	return d
}

func (d *desk) Position(_ context.Context, folder string) (intake.Position, bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p, known := d.position[folder]
	return p, known, nil
}

func (d *desk) Begin(_ context.Context, folder string, p intake.Position) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.position[folder], d.begun[folder] = p, p
	return nil
}

func (d *desk) Renumbered(_ context.Context, folder string, p intake.Position) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.position[folder] = p
	d.anew = append(d.anew, p)
	return nil
}

func (d *desk) Take(_ context.Context, a intake.Arrival) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.refuse != nil {
		if err := d.refuse(a); err != nil {
			return err
		}
	}
	p := d.position[a.Folder]
	if p.UIDValidity != a.UIDValidity || a.UID <= p.UID {
		return fmt.Errorf("message %d/%d handed over after %d/%d", a.UIDValidity, a.UID, p.UIDValidity, p.UID)
	}
	p.UID = a.UID
	d.position[a.Folder] = p
	d.taken = append(d.taken, a)
	d.arrivals <- a
	return nil
}

func (d *desk) Failed(context.Context, string, intake.Kind, time.Time) error { return nil }

func (d *desk) Checked(_ context.Context, folder string, _ time.Time) error {
	d.checks <- folder
	return nil
}

// subjects are what was taken, in order; "!" stands for a message that could not be read.
func (d *desk) subjects() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var list []string
	for _, a := range d.taken {
		if a.Unreadable != "" {
			list = append(list, "!")
			continue
		}
		list = append(list, a.Message.Subject)
	}
	return strings.Join(list, " ")
}

// mail is a short mail.
func mail(subject string) string {
	return "From: An <an@example.org>\r\nSubject: " + subject + "\r\nMessage-ID: <" + subject + "@example.org>\r\n\r\nwords of " + subject + "\r\n"
}

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func startIMAP(t testing.TB, o mailtest.Options) *mailtest.IMAP {
	t.Helper()
	s, err := mailtest.StartIMAP(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func deliver(t testing.TB, s *mailtest.IMAP, folder string, subjects ...string) {
	t.Helper()
	for _, subject := range subjects {
		if _, err := s.Deliver(folder, []byte(mail(subject)), noon); err != nil {
			t.Fatal(err)
		}
	}
}

// towards is the config of a client of the embedded server.
func towards(s *mailtest.IMAP) intake.Config {
	c := intake.Config{
		Server: s.Addr(), Security: string(s.Security), Username: s.Username,
		Password: func(context.Context) (string, error) { return s.Password, nil },
		TLS:      &tls.Config{RootCAs: s.Certificate.Pool()},
	}
	if p, ok := s.Listener.(*mailtest.Pipe); ok {
		c.Dial = p.Dial
	}
	return c
}

// run starts the mailbox; the function it returns stops it and waits.
func run(t testing.TB, c intake.Config, d intake.Desk) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- intake.New(c, d).Run(ctx) }()
	return func() {
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("Run ended with %v", err)
		}
	}
}

// next waits for as many arrivals and returns their subjects, sorted by folder and UID.
func next(d *desk, n int) []string {
	var got []intake.Arrival
	for range n {
		got = append(got, <-d.arrivals)
	}
	slices.SortFunc(got, func(a, b intake.Arrival) int {
		return strings.Compare(fmt.Sprintf("%s %9d", a.Folder, a.UID), fmt.Sprintf("%s %9d", b.Folder, b.UID))
	})
	var subjects []string
	for _, a := range got {
		subjects = append(subjects, a.Message.Subject)
	}
	return subjects
}

// looked waits for a complete look at a folder.
func looked(d *desk, folder string) {
	for name := range d.checks {
		if name == folder {
			return
		}
	}
}

// counted is a dialler that counts the bytes a client reads.
func counted(dial func(context.Context, string, string) (net.Conn, error), n *atomic.Int64) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := dial(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		return &countedConn{conn, n}, nil
	}
}

type countedConn struct {
	net.Conn
	n *atomic.Int64
}

func (c *countedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.n.Add(int64(n))
	return n, err
}
