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
	ahead = 15 * time.Minute // the same for Keep
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

// Token returns an access token that is good for minutes at least, or where the provider gives no other, the one there
// is until its end. What a provider gives is kept in the token file before it is returned, and a file that somebody
// replaced is taken up at once. Errors are *Error.
func (s *Source) Token(ctx context.Context) (string, error) {
	k, err := s.fresh(ctx, early)
	if err != nil && !s.good(k, 0) {
		return "", err
	}
	return k.AccessToken, nil
}

// Lease is how long tokens last.
type Lease struct {
	Access time.Time // the end of the access token, which is renewed before
	SignIn time.Time // when a person must sign in again; zero where the provider did not tell, and without a person
}

// Keep renews the tokens a quarter of an hour before their end, where Token waits until the last minutes. So a sign-in
// that has died is known while the last access token still lets out the mail that says so. It also keeps one alive that
// would end for want of use. Errors are *Error, and come even where the token there is would still serve.
func (s *Source) Keep(ctx context.Context) (Lease, error) {
	k, err := s.fresh(ctx, ahead)
	return Lease{Access: k.Expiry, SignIn: k.SignInEnds}, err
}

// fresh is what there is once it is good for some time yet. With an error comes what there was before.
func (s *Source) fresh(ctx context.Context, yet time.Duration) (kept, error) {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return kept{}, &Error{Kind: KindPassing, Doing: "waiting for an access token", Err: context.Cause(ctx)}
	}
	if s.config.Grant == ClientCredentials {
		return s.forClient(ctx, yet)
	}
	f, err := locked(ctx, s.config.TokenFile)
	if err != nil {
		return kept{}, err
	}
	defer f.Close()
	return s.forAccount(ctx, f, yet)
}

// Refused tells of an access token that a mail server did not take, so that the next Token is another one.
func (s *Source) Refused(accessToken string) { s.refused.Store(&accessToken) }

// forClient is fresh by client credentials.
func (s *Source) forClient(ctx context.Context, yet time.Duration) (kept, error) {
	if s.good(s.own, yet) {
		return s.own, nil
	}
	if err := s.refusal(""); err != nil {
		return s.own, err
	}
	found, err := s.config.credential(ctx)
	if err != nil {
		return s.own, s.noted("", err)
	}
	s.own = found
	return found, nil
}

// forAccount is fresh by the token file, which is open and locked.
func (s *Source) forAccount(ctx context.Context, f *os.File, yet time.Duration) (kept, error) {
	k, err := read(f)
	if err != nil {
		return kept{}, err
	}
	if k.ClientID != "" && k.ClientID != s.config.ClientID {
		return kept{}, fileError(errors.New("it belongs to another oauth_client_id"), hintSignIn)
	}
	if s.spent != k.RefreshToken {
		s.ahead = nil // somebody signed in anew
	}
	if s.ahead == nil && s.good(k, yet) {
		return k, nil
	}
	if err := s.refusal(k.RefreshToken); err != nil {
		return k, err
	}
	place, err := reserve(s.config.TokenFile)
	if err != nil {
		return k, err
	}
	defer place.release()
	if s.ahead == nil || !s.good(*s.ahead, yet) {
		if err := s.ask(ctx, k); err != nil {
			return k, s.noted(k.RefreshToken, err)
		}
	}
	return s.keep(f, k, place)
}

// ask gets new tokens from the provider, ahead of the file.
func (s *Source) ask(ctx context.Context, k kept) error {
	last := k
	if s.ahead != nil {
		last = *s.ahead
	}
	found, err := s.config.renew(ctx, last)
	if err == nil {
		s.ahead, s.spent = &found, k.RefreshToken
	}
	return err
}

// keep puts what is ahead into the file, where old was read, and only then returns it. A file that somebody replaced
// meanwhile stands: he signed in anew.
func (s *Source) keep(f *os.File, old kept, place *slot) (kept, error) {
	if now, err := read(f); err != nil || now.RefreshToken != s.spent || !stillAt(s.config.TokenFile, f) {
		s.ahead = nil
		return kept{}, &Error{Kind: KindPassing, Doing: "keeping the new tokens", Err: errReplaced}
	}
	if err := place.put(*s.ahead); err != nil {
		return old, err
	}
	found := *s.ahead
	s.ahead = nil
	return found, nil
}

var errReplaced = errors.New("the file was replaced meanwhile")

// good reports whether an access token can be used for some time yet, or the last quarter of its life has not begun.
func (s *Source) good(k kept, yet time.Duration) bool {
	left := time.Until(k.Expiry)
	if life := k.Expiry.Sub(k.Given); !k.Given.IsZero() && life > 0 {
		yet = min(yet, life/4) // a short life must not be renewed all the time
	}
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

// noted is err, remembered where it is the provider's no.
func (s *Source) noted(refreshToken string, err error) error {
	e := judged("", err)
	if e.Kind == KindSignIn || e.Kind == KindClient {
		s.no = refusal{refreshToken, e, time.Now().Add(again)}
	}
	return e
}
