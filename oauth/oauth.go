// Package oauth gives the access tokens that Microsoft 365, Gmail and others want instead of a password
// (OAuth 2.0, RFC 6749). A Source keeps one fresh, a Device or a Browser lets a person sign in, and a Login is the
// SASL exchange in which a mail server is shown the token. No token or secret stands in any error.
package oauth

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Grant is the way to an access token (RFC 6749 section 1.3).
type Grant string

const (
	// RefreshToken is for an account that a person has signed in to once.
	RefreshToken Grant = "refresh_token"
	// ClientCredentials is for a program that an administrator has let into a mailbox; nobody signs in.
	ClientCredentials Grant = "client_credentials"
)

// Config says for whom, and from where, tokens are had. The zero value of a field means its default.
type Config struct {
	Grant    Grant // default RefreshToken
	ClientID string
	// ClientSecret is asked for at each request, so that a changed one is taken up; nil for a public client,
	// which has none (RFC 6749 section 2.1).
	ClientSecret func(context.Context) (string, error)

	TokenURL  string
	DeviceURL string // for StartDevice alone
	AuthURL   string // for StartBrowser alone
	Scopes    []string

	// TokenFile keeps the refresh token; ClientCredentials has none. Each new token replaces it before it
	// is used, so the folder must be writable. Several Sources and programs may share a file.
	TokenFile string

	Timeout   time.Duration     // of one request; default 12 seconds
	Transport http.RoundTripper // default: the network, as the environment's proxy settings say
}

// Providers whose addresses are known.
const (
	Microsoft = "microsoft"
	Google    = "google"
)

// WithProvider fills in what is not set: the addresses and scopes of a provider for reading a mailbox by IMAP
// and sending by SMTP. tenant is the directory of Microsoft alone: its id or one of its domains. A provider that is
// not known changes nothing.
func (c Config) WithProvider(name, tenant string) Config {
	fill := func(token, device, auth string, scopes ...string) {
		c.TokenURL, c.DeviceURL, c.AuthURL = cmp.Or(c.TokenURL, token), cmp.Or(c.DeviceURL, device), cmp.Or(c.AuthURL, auth)
		if len(c.Scopes) == 0 {
			c.Scopes = scopes
		}
	}
	base := "https://login.microsoftonline.com/" + url.PathEscape(tenant) + "/oauth2/v2.0/"
	switch {
	case name == Microsoft && c.Grant == ClientCredentials:
		fill(base+"token", "", "", "https://outlook.office365.com/.default")
	case name == Microsoft:
		// offline_access is the wish for a refresh token.
		fill(base+"token", base+"devicecode", base+"authorize",
			"https://outlook.office.com/IMAP.AccessAsUser.All", "https://outlook.office.com/SMTP.Send", "offline_access")
	case name == Google:
		// Its device flow does not give this scope, the only one for IMAP and SMTP: a browser does.
		fill("https://oauth2.googleapis.com/token", "",
			"https://accounts.google.com/o/oauth2/v2/auth?access_type=offline&prompt=consent", "https://mail.google.com/")
	}
	return c
}

// CheckURL refuses an address that a token or a secret must not be sent to: anything but https, save http on this
// machine itself.
func CheckURL(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" {
		return errors.New(`is no address of the form "https://host/path"`)
	}
	ip := net.ParseIP(u.Hostname())
	loopback := ip != nil && ip.IsLoopback() || u.Hostname() == "localhost"
	if u.Scheme != "https" && !(u.Scheme == "http" && loopback) {
		return errors.New("would send tokens in the clear; it must begin with https://")
	}
	return nil
}

// checked fills in the defaults, and refuses what cannot work. The address named by need must be set.
func (c Config) checked(need string) (Config, error) {
	c.Grant, c.Timeout = cmp.Or(c.Grant, RefreshToken), cmp.Or(c.Timeout, 12*time.Second)
	if c.Transport == nil {
		c.Transport = http.DefaultTransport
	}
	if c.ClientID == "" {
		return c, errors.New("setting up OAuth: no client id")
	}
	if c.Grant != RefreshToken && c.Grant != ClientCredentials {
		return c, fmt.Errorf("setting up OAuth: grant %q is none of %s, %s", c.Grant, RefreshToken, ClientCredentials)
	}
	if c.Grant == RefreshToken && c.TokenFile == "" {
		return c, errors.New("setting up OAuth: no token file")
	}
	for name, address := range map[string]string{"token": c.TokenURL, "device": c.DeviceURL, "authorization": c.AuthURL} {
		if address == "" && name != need && name != "token" {
			continue
		}
		if err := CheckURL(address); err != nil {
			return c, fmt.Errorf("setting up OAuth: the %s address %w", name, err)
		}
	}
	return c, nil
}

// readable reports whether a secret is one line of visible ASCII (RFC 6749 appendix A) of bounded length, as all that goes
// into a protocol must be.
func readable(secret string) bool {
	return len(secret) <= maxToken && !strings.ContainsFunc(secret, func(r rune) bool { return r < ' ' || r > '~' })
}

// maxToken bounds a token. Real ones have up to a few kilobytes.
const maxToken = 32 << 10
