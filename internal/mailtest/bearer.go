package mailtest

import (
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/emersion/go-sasl"
)

// bearerMechanisms are offered where access tokens log in, and then no others.
var bearerMechanisms = []string{"XOAUTH2", "OAUTHBEARER"}

// bearer is the server's side of a login with an access token. Both mechanisms show it in the same words; the older one
// merely puts them elsewhere (RFC 7628 section 3.1).
type bearer struct {
	options Options
	granted func() error
	refused error
	told    bool // the reason of a refusal, which the client must answer
}

// Next implements sasl.Server.
func (b *bearer) Next(response []byte) (challenge []byte, done bool, err error) {
	switch {
	case b.told:
		return nil, false, b.refused
	case response == nil:
		return []byte{}, false, nil
	}
	user, token := "", ""
	for _, field := range strings.FieldsFunc(string(response), func(r rune) bool { return r == '\x01' || r == ',' }) {
		name, value, _ := strings.Cut(field, "=")
		switch name {
		case "user", "a":
			user = value
		case "auth":
			token = strings.TrimPrefix(value, "Bearer ")
		}
	}
	if user == b.options.Username && b.options.Tokens.Accepts(token) {
		return nil, true, b.granted()
	}
	b.told = true
	return []byte(`{"status":"invalid_token","schemes":"bearer","scope":"mail"}`), false, nil
}

// bearerSession is a session to log in to with access tokens.
type bearerSession struct{ *session }

var _ imapserver.SessionSASL = bearerSession{}

// AuthenticateMechanisms implements imapserver.SessionSASL.
func (s bearerSession) AuthenticateMechanisms() []string { return bearerMechanisms }

// Authenticate implements imapserver.SessionSASL.
func (s bearerSession) Authenticate(string) (sasl.Server, error) {
	s.imap.mu.Lock()
	s.imap.logins++
	s.imap.mu.Unlock()
	return &bearer{options: s.imap.Options, refused: imapserver.ErrAuthFailed, granted: func() error {
		s.UserSession = imapmemserver.NewUserSession(s.imap.user)
		return nil
	}}, nil
}

// Login implements imapserver.Session: no password is taken.
func (s bearerSession) Login(string, string) error {
	return &imap.Error{Type: imap.StatusResponseTypeNo, Code: imap.ResponseCodeAuthenticationFailed, Text: "passwords are not taken here"}
}
