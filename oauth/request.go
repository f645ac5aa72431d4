package oauth

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

const (
	maxAnswer = 256 << 10 // bytes read of an answer
	// unknownLife is how long a token is used whose end the provider did not tell, and maxLife the longest that is
	// believed: a clock that was wrong for a moment must not make a token last for years.
	unknownLife = 10 * time.Minute
	maxLife     = 24 * time.Hour
)

// renew gets new tokens for the refresh token in k. A provider that gives no new refresh token lets the old one stand
// (RFC 6749 section 6).
func (c Config) renew(ctx context.Context, k kept) (kept, error) {
	const doing = "renewing the access token"
	settings, err := c.settings(ctx)
	if err != nil {
		return k, err
	}
	// From here on the old token may be void and the new one known to nobody else: what has begun is not
	// cancelled, and ends by its own time limit.
	found, err := settings.TokenSource(c.detached(ctx), &oauth2.Token{RefreshToken: k.RefreshToken}).Token()
	if err != nil {
		return k, judged(doing, err)
	}
	fresh, err := c.taken(doing, found)
	if fresh.RefreshToken == k.RefreshToken && fresh.SignInEnds.IsZero() {
		fresh.SignInEnds = k.SignInEnds
	}
	return fresh, err
}

// credential gets an access token by client credentials.
func (c Config) credential(ctx context.Context) (kept, error) {
	const doing = "getting an access token"
	settings, err := c.settings(ctx)
	if err != nil {
		return kept{}, err
	}
	own := clientcredentials.Config{
		ClientID: settings.ClientID, ClientSecret: settings.ClientSecret,
		TokenURL: c.TokenURL, Scopes: c.Scopes, AuthStyle: oauth2.AuthStyleInParams,
	}
	found, err := own.Token(c.detached(ctx))
	if err != nil {
		e := judged(doing, err)
		if e.Kind == KindSignIn { // nobody signs in here: it is the application that is refused
			e.Kind, e.Hint = KindClient, hintClient
		}
		return kept{}, e
	}
	return c.taken(doing, found)
}

// settings are the library's, with the client's secret of this moment.
func (c Config) settings(ctx context.Context) (*oauth2.Config, error) {
	s := &oauth2.Config{
		ClientID: c.ClientID, Scopes: c.Scopes,
		Endpoint: oauth2.Endpoint{
			TokenURL: c.TokenURL, DeviceAuthURL: c.DeviceURL, AuthURL: c.AuthURL,
			// Trying both styles would spend a rotating token on the first.
			AuthStyle: oauth2.AuthStyleInParams,
		},
	}
	if c.ClientSecret == nil {
		return s, nil
	}
	var err error
	if s.ClientSecret, err = c.ClientSecret(ctx); err != nil {
		return nil, &Error{Kind: KindClient, Doing: "getting the client secret", Err: err, Hint: "check oauth_client_secret_*"}
	}
	return s, nil
}

// taken checks what the provider gave.
func (c Config) taken(doing string, found *oauth2.Token) (kept, error) {
	now := time.Now()
	k := kept{ClientID: c.ClientID, AccessToken: found.AccessToken, RefreshToken: found.RefreshToken, Given: now.UTC(), Expiry: found.Expiry.UTC()}
	if k.AccessToken == "" || !readable(k.AccessToken) || !readable(k.RefreshToken) {
		return kept{}, &Error{Kind: KindPassing, Doing: doing, Err: errUnreadable}
	}
	if found.Expiry.IsZero() {
		k.Expiry = now.Add(unknownLife).UTC()
	}
	if most := now.Add(maxLife); k.Expiry.After(most) {
		k.Expiry = most.UTC()
	}
	k.SignInEnds = signInEnds(found, now)
	return k, nil
}

// signInEnds is when the refresh token dies, as far as the provider tells: there is no standard for it.
func signInEnds(found *oauth2.Token, now time.Time) time.Time {
	for _, name := range []string{"refresh_token_expires_in", "refresh_expires_in"} { // Google's and Keycloak's
		if seconds, ok := found.Extra(name).(float64); ok && seconds > 0 && seconds < (10*365*24*time.Hour).Seconds() {
			return now.Add(time.Duration(seconds) * time.Second).UTC()
		}
	}
	return time.Time{}
}

// detached is a context for one request, which the end of ctx does not cut short. The library takes its HTTP client
// from it.
func (c Config) detached(ctx context.Context) context.Context {
	return c.over(context.WithoutCancel(ctx))
}

// over hands the library a client that is bounded in time and bytes, and follows no redirection: a token or secret goes
// to the address in the config and nowhere else.
func (c Config) over(ctx context.Context) context.Context {
	client := &http.Client{
		Transport:     bounded{c.Transport, c.Timeout},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return context.WithValue(ctx, oauth2.HTTPClient, client)
}

// bounded reads each answer whole, within a time and up to a size.
type bounded struct {
	http.RoundTripper
	timeout time.Duration
}

// RoundTrip implements http.RoundTripper.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(r.Context(), b.timeout)
	defer cancel()
	answer, err := b.RoundTripper.RoundTrip(r.WithContext(ctx))
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer+1))
	if err != nil {
		return nil, err
	}
	// The library panics at the JSON value null. RFC 6749 section 5.1 wants an object.
	if object := bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")); len(data) > maxAnswer || answer.StatusCode/100 == 2 && !object {
		return nil, errUnreadable
	}
	answer.Body = io.NopCloser(bytes.NewReader(data))
	return answer, nil
}

func isTimeout(err error) bool {
	var timed net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timed) && timed.Timeout()
}

// isTransport reports whether no answer came at all.
func isTransport(err error) bool {
	var failed *url.Error
	return errors.As(err, &failed)
}
