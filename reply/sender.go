package reply

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"sync"
	"time"
)

// idleTimeout is how long a connection is kept for the next mail.
const idleTimeout = 20 * time.Second

// SMTPConfig says how mails leave.
type SMTPConfig struct {
	Server   string // "host:port"
	Security string // "tls", "starttls", or "none" towards loopback only

	// Username and Password log in; without a Username nobody logs in. Password is asked at each
	// connection, so that a changed one is taken up. With OAuth it gives an access token (SASL XOAUTH2 or OAUTHBEARER),
	// and Refused is told of one that the server did not take, so that the next is another; nil if there is no other.
	Username string
	Password func(ctx context.Context) (string, error)
	OAuth    bool
	Refused  func(token string)

	TLS     *tls.Config   // nil for the system's authorities
	HELO    string        // "" for the host's name
	Timeout time.Duration // for connecting and for each answer; 0 for 30 s. The end of a mail may take ten times as long
	Log     *slog.Logger  // nil for none

	// Dial makes connections; nil for the network.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Sender hands mails to one SMTP server, one after the other. It keeps its connection for a while. It is
// safe for concurrent use.
type Sender struct {
	config SMTPConfig
	host   string
	port   int

	mu   sync.Mutex
	kept *connection // between mails; nil when there is none
	idle *time.Timer // ends kept
}

// NewSender checks the configuration. It connects to nobody yet.
func NewSender(c SMTPConfig) (*Sender, error) {
	host, port, err := net.SplitHostPort(c.Server)
	if err != nil {
		return nil, fmt.Errorf("reading the SMTP server's address: %w", err)
	}
	s := &Sender{host: host}
	if s.port, err = strconv.Atoi(port); err != nil || s.port < 1 || s.port > 65535 {
		return nil, fmt.Errorf("reading the SMTP server's address: port %q is not a number from 1 to 65535", port)
	}
	switch {
	case c.Security != "tls" && c.Security != "starttls" && c.Security != "none":
		return nil, fmt.Errorf("setting up SMTP: security %q is none of tls, starttls, none", c.Security)
	case c.Security == "none" && !loopback(host):
		return nil, errors.New("setting up SMTP: security none is for loopback only")
	case c.TLS != nil && c.TLS.InsecureSkipVerify:
		return nil, errors.New("setting up SMTP: the server's certificate must be verified")
	case c.Username != "" && c.Password == nil:
		return nil, errors.New("setting up SMTP: a username without a password")
	}
	s.config = c.completed(host)
	return s, nil
}

// completed fills in the defaults.
func (c SMTPConfig) completed(host string) SMTPConfig {
	if c.TLS == nil {
		c.TLS = &tls.Config{}
	}
	c.TLS = c.TLS.Clone()
	c.TLS.MinVersion = max(c.TLS.MinVersion, tls.VersionTLS12)
	if c.TLS.ServerName == "" {
		c.TLS.ServerName = host
	}
	if c.Timeout == 0 {
		c.Timeout = 30 * time.Second
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Dial == nil {
		c.Dial = new(net.Dialer).DialContext
	}
	return c
}

// loopback reports whether a host is this machine.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Send hands over one mail. It returns nil once the server has taken it, or a *SendError. Cancelling ctx
// stops it up to the point where the mail itself is handed over; from there on it ends within
// ten times the timeout, so that stopping the program leaves no mail in doubt.
func (s *Sender) Send(ctx context.Context, m Mail) error {
	e, err := seal(m)
	if err != nil {
		return failure(stageCompose, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		c, reused := s.take()
		if !reused {
			if c, err = s.connect(ctx); err != nil {
				return failure(stageConnect, err)
			}
		}
		failed := c.deliver(ctx, e)
		if failed == nil {
			s.keep(c)
			return nil
		}
		c.drop(failed)
		if !reused || !stale(failed) || ctx.Err() != nil {
			return failed
		}
		s.config.Log.Debug("smtp connection had ended, connecting again")
	}
}

// stale reports whether a kept connection had ended before the mail began.
func stale(e *SendError) bool { return e.Stage == stageMail && (e.Code == 0 || e.Code == 421) }

// take returns the kept connection, if there is one.
func (s *Sender) take() (c *connection, found bool) {
	if s.kept == nil {
		return nil, false
	}
	s.idle.Stop()
	c, s.kept, s.idle = s.kept, nil, nil
	return c, true
}

// keep holds a connection for the next mail, for a while.
func (s *Sender) keep(c *connection) {
	s.kept = c
	s.idle = time.AfterFunc(idleTimeout, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.kept == c && !time.Now().Before(c.used.Add(idleTimeout)) {
			s.kept, s.idle = nil, nil
			c.quit()
		}
	})
}

// Close ends the connection, once a mail that is being sent has gone.
func (s *Sender) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c, found := s.take(); found {
		c.quit()
	}
	return nil
}
