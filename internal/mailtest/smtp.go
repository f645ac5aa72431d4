package mailtest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// SMTP is a submission server that keeps every mail it accepts, and fails on demand.
type SMTP struct {
	Options // as completed by StartSMTP

	server *smtp.Server
	served chan struct{}
	closed chan struct{}

	mu      sync.Mutex
	mails   []Mail
	changed chan struct{} // closed and replaced when a mail is kept
	answers map[string]*smtp.SMTPError
	faults  []Fault
	delay   time.Duration
}

// Mail is what the server was given: the envelope and the bytes.
type Mail struct {
	From string // "" is the null return path
	To   []string
	Data []byte // with CRLF line ends, dots unstuffed
}

// Fault is a way to fail while a mail is handed over.
type Fault int

const (
	NoFault         Fault = iota
	CutInData             // the connection ends while the mail comes in; it is not kept
	CutBeforeAnswer       // the mail is kept, and the connection ends before the client is told
	CutAfterAnswer        // the mail is kept and acknowledged, then the connection ends without QUIT
	Stall                 // the mail is not kept, and no answer comes until somebody hangs up
)

// StartSMTP starts a server. It takes AUTH PLAIN and LOGIN, over TLS alone unless Security is None, and no
// mail without it. Close ends it.
func StartSMTP(o Options) (*SMTP, error) {
	listener, err := o.open()
	if err != nil {
		return nil, fmt.Errorf("starting the SMTP server: %w", err)
	}
	s := &SMTP{
		Options: o,
		served:  make(chan struct{}),
		closed:  make(chan struct{}),
		changed: make(chan struct{}),
		answers: make(map[string]*smtp.SMTPError),
	}
	s.server = smtp.NewServer(smtp.BackendFunc(s.newSession))
	s.server.Domain = "localhost"
	s.server.TLSConfig = o.startTLS()
	s.server.AllowInsecureAuth = o.Security == None
	s.server.MaxMessageBytes = 64 << 20
	s.server.EnableSMTPUTF8 = true
	s.server.ErrorLog = silent()
	go func() {
		defer close(s.served)
		_ = s.server.Serve(listener) // ends when the listener is closed
	}()
	return s, nil
}

// Close cuts all connections and waits until the server no longer accepts any.
func (s *SMTP) Close() error {
	close(s.closed)
	err := s.server.Close()
	_ = s.Listener.Close() // the server knows it only once it serves; closed twice is closed
	<-s.served
	if err != nil {
		return fmt.Errorf("closing the SMTP server: %w", err)
	}
	return nil
}

// Addr is the host and port to dial.
func (s *SMTP) Addr() string { return s.Listener.Addr().String() }

// Received returns what was accepted so far, in order.
func (s *SMTP) Received() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

// Wait blocks until n mails were accepted in all, and returns them.
func (s *SMTP) Wait(ctx context.Context, n int) ([]Mail, error) {
	for {
		s.mu.Lock()
		mails, changed := slices.Clone(s.mails), s.changed
		s.mu.Unlock()
		if len(mails) >= n {
			return mails, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return mails, fmt.Errorf("waiting for %d mails, %d came: %w", n, len(mails), ctx.Err())
		}
	}
}

// Answer makes the server refuse a recipient with a reply code of 4xx or 5xx; with code 0 it accepts him again.
func (s *SMTP) Answer(recipient string, code int, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	recipient = strings.ToLower(recipient)
	if code == 0 {
		delete(s.answers, recipient)
		return
	}
	s.answers[recipient] = &smtp.SMTPError{
		Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 1, 1}, Message: text,
	}
}

// Fail makes the next mails fail, one each in this order.
func (s *SMTP) Fail(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, faults...)
}

// Delay makes the server wait that long before it answers MAIL, RCPT and the end of DATA.
func (s *SMTP) Delay(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.delay = d
}

// keep files a mail and wakes those who wait for it.
func (s *SMTP) keep(m Mail) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mails = append(s.mails, m)
	close(s.changed)
	s.changed = make(chan struct{})
}

// refusal is the answer that a recipient must get; nil where he is welcome.
func (s *SMTP) refusal(recipient string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if answer := s.answers[strings.ToLower(recipient)]; answer != nil {
		return answer
	}
	return nil
}

// fault takes the next fault from the list.
func (s *SMTP) fault() Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.faults) == 0 {
		return NoFault
	}
	f := s.faults[0]
	s.faults = s.faults[1:]
	return f
}

// linger waits for the delay, or until the server is closed.
func (s *SMTP) linger() {
	s.mu.Lock()
	d := s.delay
	s.mu.Unlock()
	if d == 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-s.closed:
	}
}
