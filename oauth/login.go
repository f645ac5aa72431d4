package oauth

import (
	"encoding/json"
	"fmt"
	"net"
	"regexp"
	"strings"
)

// The SASL mechanisms that take an access token.
const (
	XOAUTH2     = "XOAUTH2"     // Google's and Microsoft's own
	OAUTHBEARER = "OAUTHBEARER" // RFC 7628
)

// maxChallenge bounds a server's reason.
const maxChallenge = 4 << 10

// number is a status of HTTP.
var number = regexp.MustCompile(`^[1-5][0-9]{2}$`)

// Login is the client's side of one login with an access token. It is a sasl.Client of go-sasl.
type Login struct {
	mechanism   string
	user, token string
	host, port  string
	challenge   []byte
}

// NewLogin chooses between the mechanisms that a server offers; ok is false where it offers neither. address is the
// server's host:port.
func NewLogin(offers func(mechanism string) bool, user, token, address string) (login *Login, ok bool) {
	l := &Login{user: user, token: token}
	l.host, l.port, _ = net.SplitHostPort(address) // both are told for information only (RFC 7628 section 3.1)
	for _, l.mechanism = range []string{XOAUTH2, OAUTHBEARER} {
		if offers(l.mechanism) {
			return l, true
		}
	}
	return nil, false
}

// Start implements sasl.Client.
func (l *Login) Start() (mech string, ir []byte, err error) {
	if l.mechanism == XOAUTH2 {
		return l.mechanism, fmt.Appendf(nil, "user=%s\x01auth=Bearer %s\x01\x01", l.user, l.token), nil
	}
	// In this one header a comma and an equals sign have a meaning of their own (RFC 5801 section 4).
	name := strings.NewReplacer("=", "=3D", ",", "=2C").Replace(l.user)
	return l.mechanism, fmt.Appendf(nil, "n,a=%s,\x01host=%s\x01port=%s\x01auth=Bearer %s\x01\x01", name, l.host, l.port, l.token), nil
}

// Next implements sasl.Client. A challenge is the reason of a refusal; the answer merely lets the server say no.
func (l *Login) Next(challenge []byte) ([]byte, error) {
	l.challenge = challenge
	if l.mechanism == OAUTHBEARER {
		return []byte{1}, nil // RFC 7628 section 3.2.3
	}
	return []byte{}, nil
}

// Refusal is the reason that the server gave for a refusal (RFC 7628 section 3.2.2): a word such as "invalid_token",
// or with some servers a number such as "401". It is "" where the server gave none, or nothing that is one.
func (l *Login) Refusal() string {
	var reason struct {
		Status any `json:"status"`
	}
	if len(l.challenge) > maxChallenge || json.Unmarshal(l.challenge, &reason) != nil {
		return ""
	}
	status := fmt.Sprint(reason.Status)
	if !wordlike.MatchString(status) && !number.MatchString(status) {
		return ""
	}
	return status
}

// Hint says how a refused login may be mended.
func (l *Login) Hint() string {
	switch l.Refusal() {
	case "insufficient_scope", "403":
		return "the token does not allow this: check oauth_scopes, the application's permissions, and sign in again"
	case "invalid_token", "401":
		return "the server does not know the token: check that the user name is the mailbox that was signed in to, then sign in again"
	}
	return "check the user name, that the mailbox may be reached this way at all, and the application's permissions; see docs/oauth.md"
}
