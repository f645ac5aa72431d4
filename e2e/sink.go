//go:build e2e

package e2e

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// sink is an SMTP server that takes every mail and delivers none.
type sink struct {
	address string // host:port, TLS from the first byte
	cert    certificate

	mu    sync.Mutex
	taken []sent
	on    func(moment) error
}

// sent is one mail that the sink was given whole.
type sent struct {
	from, to string // envelope
	header   mail.Header
	raw      []byte
	at       time.Time // when the last byte was there
	refused  bool      // the sink answered that it would not have it
}

// moment is a stage of handing over one mail.
type moment int

const (
	beforeBody   moment = iota // the envelope is known, the body is not
	beforeAnswer               // the body is there, the sender waits for the answer
	afterAnswer                // the sender was told that the mail is taken
)

// errCut makes the sink close the connection without a word.
var errCut = errors.New("connection cut")

// startSink starts a sink on loopback, stopped when the test ends.
func startSink(t *testing.T, cert certificate) *sink {
	t.Helper()
	listener, err := tls.Listen("tcp", "127.0.0.1:0", cert.server(t))
	if err != nil {
		t.Fatal(err)
	}
	s := &sink{address: listener.Addr().String(), cert: cert}
	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &sinkSession{sink: s, conn: c.Conn()}, nil
	}))
	server.Domain = "localhost"
	server.AllowInsecureAuth = true // go-smtp does not see that the listener speaks TLS
	server.EnableDSN = true
	server.ErrorLog = silent{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		server.Serve(listener)
	}()
	t.Cleanup(func() {
		server.Close()
		<-done
	})
	return s
}

// watch has f called at every moment of every mail until it is called with nil. What f returns at
// beforeBody or beforeAnswer is the answer to the sender.
func (s *sink) watch(f func(moment) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.on = f
}

func (s *sink) reached(m moment) error {
	s.mu.Lock()
	on := s.on
	s.mu.Unlock()
	if on == nil {
		return nil
	}
	return on(m)
}

// mails lists all that came whole, in order of arrival; those that were refused too.
func (s *sink) mails() []sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.taken)
}

// acknowledgements lists the automatic answers among the mails taken. What goes to staff is
// auto-generated (RFC 3834 section 5.1).
func (s *sink) acknowledgements() []sent {
	return slices.DeleteFunc(s.mails(), func(m sent) bool {
		return m.refused || !strings.HasPrefix(m.header.Get("Auto-Submitted"), "auto-replied")
	})
}

// text is the mail's header and decoded words, for searching.
func (m sent) text() string { return readable(m.raw) }

// parent is the Message-ID of the mail that this one answers, without brackets.
func (m sent) parent() string { return strings.Trim(m.header.Get("In-Reply-To"), "<> ") }

// sinkSession is one SMTP connection.
type sinkSession struct {
	sink     *sink
	conn     net.Conn
	mail     sent
	accepted bool
}

func (c *sinkSession) AuthMechanisms() []string { return []string{sasl.Plain, sasl.Login} }

// Auth takes the account's password only.
func (c *sinkSession) Auth(mechanism string) (sasl.Server, error) {
	check := func(user, secret string) error {
		if user != account || secret != password {
			return smtp.ErrAuthFailed
		}
		return nil
	}
	if mechanism == sasl.Plain {
		return sasl.NewPlainServer(func(_, user, secret string) error { return check(user, secret) }), nil
	}
	return nil, smtp.ErrAuthUnknownMechanism
}

func (c *sinkSession) Mail(from string, _ *smtp.MailOptions) error {
	c.mail.from = from
	return nil
}

func (c *sinkSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	if c.mail.to != "" {
		return fmt.Errorf("a second recipient of one mail")
	}
	c.mail.to = to
	return nil
}

func (c *sinkSession) Data(r io.Reader) error {
	if err := c.answer(c.sink.reached(beforeBody)); err != nil {
		return err
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	parsed, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return fmt.Errorf("not a mail: %w", err)
	}
	c.mail.raw, c.mail.header, c.mail.at = raw, parsed.Header, time.Now()
	err = c.answer(c.sink.reached(beforeAnswer))
	c.mail.refused = err != nil && !errors.Is(err, errCut)
	c.sink.mu.Lock()
	c.sink.taken = append(c.sink.taken, c.mail)
	c.sink.mu.Unlock()
	c.accepted = err == nil
	return err
}

// answer passes on what a watcher wants to be said.
func (c *sinkSession) answer(err error) error {
	if errors.Is(err, errCut) {
		c.conn.Close()
	}
	return err
}

// Reset is called when the answer to DATA has been written, among other times.
func (c *sinkSession) Reset() {
	accepted := c.accepted
	c.mail, c.accepted = sent{}, false
	if accepted {
		c.sink.reached(afterAnswer)
	}
}

func (c *sinkSession) Logout() error { return nil }

// silent drops what go-smtp says of connections that were cut on purpose.
type silent struct{}

func (silent) Printf(string, ...any) {}
func (silent) Println(...any)        {}
