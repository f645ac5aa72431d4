package reply

import (
	"context"
	"errors"
	"fmt"
	"net/textproto"
	"slices"

	"github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"

	"guichetdunumerique.be/guichet/oauth"
)

// secret is what the next connection logs in with.
func (s *Sender) secret(ctx context.Context) (string, error) {
	if s.config.Username == "" {
		return "", nil
	}
	secret, err := s.config.Password(ctx)
	var token *oauth.Error
	switch {
	case err == nil:
		return secret, nil
	case !errors.As(err, &token):
		return "", fmt.Errorf("asking for the password: %w", err)
	case !token.Temporary():
		// Every mail waits until a person acts, who must hear of it at once.
		s.config.Log.Error("mail cannot be sent", "kind", string(token.Kind), "cause", token.Error(), "hint", token.Hint)
	}
	return "", fmt.Errorf("getting an access token: %w", err)
}

// authentication chooses go-mail's mechanisms. PLAIN comes first: the way is encrypted, and servers often offer SCRAM
// without knowing every account for it.
func (s *Sender) authentication(secret string) (options []mail.Option, token *tokenAuth) {
	switch {
	case s.config.Username == "":
		return nil, nil
	case s.config.OAuth:
		token = &tokenAuth{user: s.config.Username, token: secret, address: s.config.Server}
		return []mail.Option{mail.WithSMTPAuthCustom(token)}, token
	}
	auth := mail.WithOpportunisticSMTPAuth(mail.SMTPAuthPlain, mail.SMTPAuthLogin, mail.SMTPAuthSCRAMSHA256)
	return []mail.Option{auth, mail.WithUsername(s.config.Username), mail.WithPassword(secret)}, nil
}

// tokenAuth is go-mail's view of a login with an access token.
type tokenAuth struct {
	user, token, address string
	login                *oauth.Login
}

var errNoMechanism = errors.New("the server offers no login with an access token, neither XOAUTH2 nor OAUTHBEARER")

// Start implements smtp.Auth.
func (a *tokenAuth) Start(server *smtp.ServerInfo) (mechanism string, first []byte, err error) {
	offers := func(m string) bool { return slices.Contains(server.Auth, m) }
	login, ok := oauth.NewLogin(offers, a.user, a.token, a.address)
	if !ok {
		return "", nil, errNoMechanism
	}
	a.login = login
	return login.Start()
}

// Next implements smtp.Auth. More means that the server tells the reason of a refusal before it refuses.
func (a *tokenAuth) Next(challenge []byte, more bool) ([]byte, error) {
	if !more {
		return nil, nil
	}
	return a.login.Next(challenge)
}

// judged is err, marked where the server understood the token and said no (RFC 4954 section 6).
func (a *tokenAuth) judged(err error) error {
	var answer *textproto.Error
	if a == nil || a.login == nil || !errors.As(err, &answer) || answer.Code != 535 {
		return err
	}
	return &tokenRefusal{err, a.login}
}

// tokenRefusal is a login that was refused.
type tokenRefusal struct {
	error
	login *oauth.Login
}

func (e *tokenRefusal) Unwrap() error { return e.error }
