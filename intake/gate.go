package intake

import (
	"context"
	"errors"
	"time"

	"guichetdunumerique.be/guichet/oauth"
)

// loginRetry is the wait after a refused login: providers lock accounts that try too often.
const loginRetry = 10 * time.Minute

// gate keeps all folders from logging in for a while after one of them was refused.
type gate struct {
	until time.Time
	err   error
}

// gated opens a session, unless a login was refused a short while ago. One folder logs in at a time, so that a
// wrong password is tried once and not once a folder.
func (m *Mailbox) gated(ctx context.Context) (*session, error) {
	select {
	case m.login <- struct{}{}:
		defer func() { <-m.login }()
	case <-ctx.Done():
		return nil, m.fail(KindProtocol, "waiting to log in", context.Cause(ctx), "")
	}
	if m.gate.err != nil && time.Now().Before(m.gate.until) {
		return nil, m.gate.err
	}
	s, err := m.open(ctx)
	var e *Error
	m.gate = gate{}
	var token *oauth.Error
	if errors.As(err, &e) && e.Kind == KindLogin && !errors.As(err, &token) { // who asks for tokens knows his own limit
		m.gate = gate{time.Now().Add(loginRetry), err}
	}
	return s, err
}
