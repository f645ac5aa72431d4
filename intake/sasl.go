package intake

import (
	"context"
	"errors"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-sasl"

	"guichetdunumerique.be/guichet/oauth"
)

var errNoMechanism = errors.New("the server offers no way to log in with what is configured")

// authentication chooses how to log in by what the server offers. A nil client means the LOGIN command.
func (m *Mailbox) authentication(caps imap.CapSet, secret string) (sasl.Client, error) {
	switch {
	case m.OAuth:
		offers := func(mechanism string) bool { return caps.Has(imap.AuthCap(mechanism)) }
		if login, ok := oauth.NewLogin(offers, m.Username, secret, m.Server); ok {
			return login, nil
		}
		return nil, errNoMechanism
	case caps.Has(imap.AuthCap(sasl.Plain)):
		return sasl.NewPlainClient("", m.Username, secret), nil
	case caps.Has(imap.CapLoginDisabled):
		return nil, errNoMechanism
	}
	return nil, nil
}

// authenticate logs in. A server that knows us already (PREAUTH over TLS) is taken at its word. refused is the access
// token that the server did not take, "" where that is not what went wrong.
func (s *session) authenticate(ctx context.Context) (refused string, err error) {
	if s.client.State() == imap.ConnStateAuthenticated {
		return "", nil
	}
	secret, err := s.Password(ctx)
	if err != nil {
		return "", s.withoutSecret(withCause(ctx, err))
	}
	mechanism, err := s.authentication(s.caps, secret)
	if err != nil {
		return "", s.fail(KindLogin, "logging in", err, "check imap.security and imap.oauth_*")
	}
	err = s.do(ctx, "logging in", smallAnswer, func() error {
		if mechanism != nil {
			err = s.client.Authenticate(mechanism)
		} else {
			err = s.client.Login(s.Username, secret).Wait()
		}
		if err == nil {
			s.caps = s.client.Caps() // more is offered once one is known
		}
		return err
	})
	var e *Error
	if !errors.As(err, &e) || !isRefusal(err) {
		return "", err
	}
	e.Kind, e.Hint = KindLogin, "check imap.username and imap.password_*; some providers want an app password"
	login, ok := mechanism.(*oauth.Login)
	if !ok {
		return "", err
	}
	e.Hint = login.Hint()
	if reason := login.Refusal(); reason != "" {
		e.Err = &tokenError{e.Err, reason}
	}
	return secret, err
}

// withoutSecret says why there is nothing to log in with. A provider of tokens that is away for a moment is like a
// server that is.
func (s *session) withoutSecret(err error) error {
	var token *oauth.Error
	if !errors.As(err, &token) {
		return s.fail(KindLogin, "getting the password", err, "check imap.password_*")
	}
	kind := KindLogin
	if token.Temporary() {
		kind = KindDial
	}
	e := s.fail(kind, "getting an access token", err, token.Hint)
	e.Said = token.Said
	return e
}

// tokenError is a refused login with the server's reason, a single word (RFC 7628 section 3.2.2).
type tokenError struct {
	error
	reason string
}

func (e *tokenError) Error() string {
	return e.error.Error() + " to the access token (" + e.reason + ")"
}
func (e *tokenError) Unwrap() error { return e.error }
