package mailtest

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// submission is a client's connection to the SMTP server.
type submission struct {
	smtp   *SMTP
	conn   *smtp.Conn
	authed bool
	mail   Mail
	cut    bool // the connection ends with the next thing that happens
}

var _ smtp.AuthSession = (*submission)(nil)

func (s *SMTP) newSession(c *smtp.Conn) (smtp.Session, error) {
	return &submission{smtp: s, conn: c}, nil
}

// AuthMechanisms implements smtp.AuthSession.
func (s *submission) AuthMechanisms() []string {
	if s.smtp.Tokens != nil {
		return bearerMechanisms
	}
	return []string{sasl.Plain, sasl.Login}
}

// Auth implements smtp.AuthSession.
func (s *submission) Auth(mech string) (sasl.Server, error) {
	check := func(username, password string) error {
		if username != s.smtp.Username || password != s.smtp.Password {
			return smtp.ErrAuthFailed
		}
		s.authed = true
		return nil
	}
	if s.smtp.Tokens != nil {
		return &bearer{options: s.smtp.Options, refused: smtp.ErrAuthFailed, granted: func() error { s.authed = true; return nil }}, nil
	}
	switch mech {
	case sasl.Plain:
		return sasl.NewPlainServer(func(_, username, password string) error { return check(username, password) }), nil
	case sasl.Login:
		return &loginServer{check: check}, nil
	}
	return nil, smtp.ErrAuthUnknownMechanism
}

// Mail implements smtp.Session.
func (s *submission) Mail(from string, _ *smtp.MailOptions) error {
	s.smtp.linger()
	if !s.authed {
		return smtp.ErrAuthRequired
	}
	s.mail = Mail{From: from}
	return nil
}

// Rcpt implements smtp.Session.
func (s *submission) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.smtp.linger()
	if err := s.smtp.refusal(to); err != nil {
		return err
	}
	s.mail.To = append(s.mail.To, to)
	return nil
}

// Data implements smtp.Session.
func (s *submission) Data(r io.Reader) error {
	fault := s.smtp.fault()
	if fault == CutInData {
		return s.hangUp()
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return fmt.Errorf("reading the mail: %w", err)
	}
	s.smtp.linger()
	if fault == Stall {
		return s.stall()
	}
	s.mail.Data = data
	s.smtp.keep(s.mail)
	switch fault {
	case CutBeforeAnswer:
		return s.hangUp()
	case CutAfterAnswer:
		s.cut = true
	}
	return nil
}

// Reset implements smtp.Session; the library calls it when the answer to DATA is on its way.
func (s *submission) Reset() {
	s.mail = Mail{}
	if s.cut {
		_ = s.hangUp()
	}
}

// Logout implements smtp.Session.
func (s *submission) Logout() error { return nil }

func (s *submission) hangUp() error {
	_ = s.conn.Conn().Close() // the client must see the end, whatever this end thinks of it
	return errors.New("connection cut on demand")
}

// stall waits until the client hangs up or the server is closed, which a read on the connection tells.
func (s *submission) stall() error {
	_, err := s.conn.Conn().Read(make([]byte, 1))
	if err == nil {
		err = errors.New("the client spoke before it was answered")
	}
	return errors.Join(err, s.hangUp())
}

// loginServer is the server's side of AUTH LOGIN, which go-sasl leaves out.
type loginServer struct {
	check    func(username, password string) error
	asked    bool
	username []byte
}

// Next implements sasl.Server.
func (l *loginServer) Next(response []byte) (challenge []byte, done bool, err error) {
	switch {
	case response == nil && !l.asked:
		l.asked = true
		return []byte("Username:"), false, nil
	case l.username == nil:
		l.username = bytes.Clone(response)
		return []byte("Password:"), false, nil
	}
	return nil, true, l.check(string(l.username), string(response))
}
