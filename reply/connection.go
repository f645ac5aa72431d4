package reply

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

const (
	// probeTime is how long the server may use, before the end of a mail is sent, to show that it has
	// gone. It narrows the moment in which a break leaves the mail's fate unknown.
	probeTime = 100 * time.Millisecond
	// answerFactor times the timeout is the time for the answer to a whole mail: servers look for spam
	// before they answer (RFC 5321 section 4.5.3.2.6).
	answerFactor = 10
	quitTime     = 3 * time.Second
)

// envelope is a mail ready for the wire.
type envelope struct {
	from, to mailbox
	utf8     bool // a local part needs SMTPUTF8
	data     []byte
}

// seal checks a mail and writes it out, before anybody is connected.
func seal(m Mail) (envelope, error) {
	if m.Draft {
		return envelope{}, errors.New("checking a mail: a draft is for a person to send")
	}
	from, err := m.envelopeFrom()
	if err != nil {
		return envelope{}, fmt.Errorf("checking the envelope sender: %w", err)
	}
	header, to, replyTo, err := m.addresses()
	if err != nil {
		return envelope{}, err
	}
	data, err := m.Bytes()
	all := from.address + header.address + to.address + replyTo.address
	return envelope{from: from, to: to, utf8: !isASCII(all), data: data}, err
}

// connection is a session with the server, logged in.
type connection struct {
	client  *smtp.Client
	conn    net.Conn
	timeout time.Duration
	used    time.Time // when the last mail had gone
}

// connect opens a session. ctx may end it on the way. An access token that the server refuses may have been ended before
// its time: it is renewed, once, and tried on a new connection.
func (s *Sender) connect(ctx context.Context) (*connection, error) {
	secret, err := s.secret(ctx)
	if err != nil {
		return nil, err
	}
	c, err := s.enter(ctx, secret)
	var refused *tokenRefusal
	if errors.As(err, &refused) && s.config.Refused != nil {
		s.config.Refused(secret)
		if secret, err = s.secret(ctx); err != nil {
			return nil, err
		}
		c, err = s.enter(ctx, secret)
	}
	if errors.As(err, &refused) {
		s.config.Log.Error("mail cannot be sent", "kind", "login", "reason", refused.login.Refusal(), "hint", refused.login.Hint())
	}
	return c, err
}

// enter connects and logs in.
func (s *Sender) enter(ctx context.Context, secret string) (*connection, error) {
	var conn net.Conn
	stop := func() bool { return true }
	options, token := s.authentication(secret)
	options = append(append(options, s.options()...), mail.WithDialContextFunc(func(dialling context.Context, network, _ string) (net.Conn, error) {
		var err error
		if conn, err = s.dial(dialling, network); err == nil {
			stop = context.AfterFunc(ctx, func() { _ = conn.Close() })
		}
		return conn, err
	}))
	dialer, err := mail.NewClient(s.host, options...)
	if err != nil {
		return nil, fmt.Errorf("setting up SMTP: %w", err)
	}
	client, err := dialer.DialToSMTPClientWithContext(ctx)
	if !stop() {
		err = ctx.Err()
	}
	if err != nil {
		if conn != nil {
			_ = conn.Close() // go-mail leaves it open when the greeting, TLS or the login fails
		}
		return nil, token.judged(err)
	}
	// Failures are reported to the envelope sender, without the mail's text (RFC 3461 sections 4.1, 4.3).
	client.SetDSNRcptNotifyOption("FAILURE")
	client.SetDSNMailReturnOption("HDRS")
	return &connection{client: client, conn: conn, timeout: s.config.Timeout}, nil
}

// dial connects, with TLS from the first byte where that is the setting.
func (s *Sender) dial(ctx context.Context, network string) (net.Conn, error) {
	conn, err := s.config.Dial(ctx, network, s.config.Server)
	if err != nil || s.config.Security != "tls" {
		return conn, err
	}
	encrypted := tls.Client(conn, s.config.TLS)
	if err := encrypted.HandshakeContext(ctx); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return encrypted, nil
}

// options are go-mail's settings for one connection.
func (s *Sender) options() []mail.Option {
	policy := mail.NoTLS // none is wanted, or dial has seen to it
	if s.config.Security == "starttls" {
		policy = mail.TLSMandatory
	}
	options := []mail.Option{
		mail.WithPort(s.port), mail.WithTimeout(s.config.Timeout), mail.WithTLSPolicy(policy), mail.WithTLSConfig(s.config.TLS),
	}
	if s.config.HELO != "" {
		options = append(options, mail.WithHELO(s.config.HELO))
	}
	return options
}

// deliver hands over one mail. After an error the connection must be dropped.
func (c *connection) deliver(ctx context.Context, e envelope) *SendError {
	stop := context.AfterFunc(ctx, func() { _ = c.conn.Close() })
	defer stop()
	if offered, _ := c.client.Extension("SMTPUTF8"); e.utf8 && !offered {
		return &SendError{Kind: Permanent, Stage: stageCompose, Err: errors.New("the server cannot send to an address beyond ASCII")}
	}
	c.client.SkipSMTPUTF8(!e.utf8) // asked for without need, it keeps the mail from servers without it
	c.wait(c.timeout)
	if err := c.client.Mail(e.from.path()); err != nil {
		return failure(stageMail, err)
	}
	c.wait(c.timeout)
	if err := c.client.Rcpt(e.to.path()); err != nil {
		return failure(stageRcpt, err)
	}
	if !stop() {
		return failure(stageRcpt, ctx.Err())
	}
	return c.hand(e.data)
}

// hand sends the mail itself. A break before its end is sent is temporary, as no server may take a mail
// without its end (RFC 5321 section 4.1.1.4); after that only the answer can tell.
func (c *connection) hand(data []byte) *SendError {
	c.wait(c.timeout)
	w, err := c.client.Data()
	if err != nil {
		return failure(stageData, err)
	}
	c.wait(c.timeout)
	if _, err = w.Write(data); err == nil {
		err = c.client.Text.W.Flush()
	}
	if err == nil {
		err = c.probe()
	}
	if err != nil {
		return failure(stageContent, err)
	}
	c.wait(answerFactor * c.timeout)
	if err := w.Close(); err != nil {
		return failure(stageAnswer, err)
	}
	c.used = time.Now()
	return nil
}

// probe finds out whether the server has gone. It has nothing to say at this point: whatever it sends,
// be it the end of the connection, means that the mail is not taken.
func (c *connection) probe() error {
	_ = c.conn.SetReadDeadline(time.Now().Add(probeTime)) // an error shows in the read
	_, err := c.client.Text.R.Peek(1)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return nil
	}
	if err == nil {
		err = errors.New("the server spoke before the end of the mail")
	}
	return err
}

// wait sets the time until the connection is given up.
func (c *connection) wait(d time.Duration) { _ = c.conn.SetDeadline(time.Now().Add(d)) } // an error shows in what follows

// drop ends the connection after an error. QUIT is said only where the server answered a command: in the
// middle of a mail it would become the end of that mail.
func (c *connection) drop(e *SendError) {
	if e.Code != 0 && e.Code != 421 || e.Stage == stageCompose {
		c.quit()
		return
	}
	_ = c.conn.Close()
}

// quit takes leave and closes.
func (c *connection) quit() {
	c.wait(quitTime)
	_ = c.client.Quit() // whatever it answers, the connection is over
	_ = c.conn.Close()
}
