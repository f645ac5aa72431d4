package oauth

import (
	"context"
	"errors"
	"os"
	"sync/atomic"
	"time"
)

const (
	// early is how long before its end a token is replaced.
	early = 2 * time.Minute
	// again is how long a refusal is believed before the same question is put a second time: every folder asks, and
	// providers lock out who asks too often.
	again = 10 * time.Minute
)

// Source gives access tokens that are fresh. It is safe for concurrent use, and any number of them may share a token
// file, in one program or in several.
type Source struct {
	config  Config
	refused atomic.Pointer[string] // an access token that a mail server did not take

	turn  chan struct{} // holds a token while somebody asks; guards what follows
	own   kept          // by client credentials
	ahead *kept         // what the provider gave last, while the file could not be written
	spent string        // the refresh token that it gave ahead for
	no    refusal       // its last one
}

// refusal is a provider's no, and the refresh token that it was about.
type refusal struct {
	about string
	err   *Error
	until time.Time
}

// NewSource checks c. It asks nobody and reads nothing yet.
func NewSource(c Config) (*Source, error) {
	c, err := c.checked("token")
	if err != nil {
		return nil, err
	}
	return &Source{config: c, turn: make(chan struct{}, 1)}, nil
}

// Token returns an access token that is good for minutes at least. What a provider gives is kept in the token file
// before it is returned, and a file that somebody replaced is taken up at once. Errors are *Error.
func (s *Source) Token(ctx context.Context) (string, error) {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return "", &Error{Kind: KindPassing, Doing: "waiting for an access token", Err: context.Cause(ctx)}
	}
	if s.config.Grant == ClientCredentials {
		return s.forClient(ctx)
	}
	f, err := locked(ctx, s.config.TokenFile)
	if err != nil {
		return "", err
	}
	defer f.Close()
	return s.forAccount(ctx, f)
}

// Refused tells of an access token that a mail server did not take, so that the next Token is another one.
func (s *Source) Refused(accessToken string) { s.refused.Store(&accessToken) }

// forClient is Token by client credentials.
func (s *Source) forClient(ctx context.Context) (string, error) {
	if s.good(s.own, early) {
		return s.own.AccessToken, nil
	}
	if err := s.refusal(""); err != nil {
		return "", err
	}
	fresh, err := s.config.credential(ctx)
	if err != nil {
		return s.instead(s.own, err)
	}
	s.own = fresh
	return fresh.AccessToken, nil
}

// forAccount is Token by the token file, which is open and locked.
func (s *Source) forAccount(ctx context.Context, f *os.File) (string, error) {
	k, err := read(f)
	if err != nil {
		return "", err
	}
	if k.ClientID != "" && k.ClientID != s.config.ClientID {
		return "", fileError(errors.New("it belongs to another oauth_client_id"), hintSignIn)
	}
	if s.spent != k.RefreshToken {
		s.ahead = nil // somebody signed in anew
	}
	if s.ahead == nil && s.good(k, early) {
		return k.AccessToken, nil
	}
	if err := s.refusal(k.RefreshToken); err != nil {
		return "", err
	}
	place, err := reserve(s.config.TokenFile)
	if err != nil {
		return s.instead(k, err)
	}
	defer place.release()
	if s.ahead == nil || !s.good(*s.ahead, early) {
		if err := s.ask(ctx, k); err != nil {
			return s.instead(k, err)
		}
	}
	return s.keep(ctx, f, place)
}

// ask gets new tokens from the provider, ahead of the file.
func (s *Source) ask(ctx context.Context, k kept) error {
	last := k
	if s.ahead != nil {
		last = *s.ahead
	}
	fresh, err := s.config.renew(ctx, last)
	if err == nil {
		s.ahead, s.spent = &fresh, k.RefreshToken
	}
	return err
}

// keep puts what is ahead into the file and only then returns the access token. A file that somebody replaced meanwhile
// stands: he signed in anew.
func (s *Source) keep(ctx context.Context, f *os.File, place *slot) (string, error) {
	if now, err := read(f); err != nil || now.RefreshToken != s.spent || !stillAt(s.config.TokenFile, f) {
		s.ahead = nil
		return "", &Error{Kind: KindPassing, Doing: "keeping the new tokens", Err: errReplaced}
	}
	if err := place.put(*s.ahead); err != nil {
		return "", err
	}
	fresh := s.ahead.AccessToken
	s.ahead = nil
	return fresh, nil
}

var errReplaced = errors.New("the file was replaced meanwhile")

// good reports whether an access token can be used for some time yet.
func (s *Source) good(k kept, yet time.Duration) bool {
	left := time.Until(k.Expiry)
	refused := s.refused.Load()
	return k.AccessToken != "" && (refused == nil || *refused != k.AccessToken) && left > yet && left <= maxLife
}

// refusal returns the provider's last no to the same question, while it is believed.
func (s *Source) refusal(refreshToken string) error {
	if s.no.err != nil && s.no.about == refreshToken && time.Now().Before(s.no.until) {
		return s.no.err
	}
	return nil
}

// instead returns the token that there is, as long as it lasts, where no new one can be had; else the error.
func (s *Source) instead(k kept, err error) (string, error) {
	e := judged("", err)
	if e.Kind == KindSignIn || e.Kind == KindClient {
		s.no = refusal{k.RefreshToken, e, time.Now().Add(again)}
	}
	if s.good(k, 0) {
		return k.AccessToken, nil
	}
	return "", e
}
