package oauth

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"strings"

	"golang.org/x/oauth2"
)

// Kind says what stands between us and an access token.
type Kind string

const (
	KindSignIn  Kind = "sign-in"     // the refresh token is missing, expired or revoked: a person must sign in again
	KindClient  Kind = "application" // the provider refuses the application: its id, secret, scopes or permissions
	KindFile    Kind = "file"        // the token file cannot be read, or a new token cannot be kept
	KindPassing Kind = "passing"     // the provider cannot be reached or answers nonsense: trying again may help
)

// Error is a failure to get an access token. It holds no token and no secret, nor the provider's own words, since those
// may name people.
type Error struct {
	Kind  Kind
	Doing string // as a gerund: "renewing the access token"
	// Code is the provider's own, such as "invalid_grant" or "invalid_grant AADSTS700082"; "" if it gave none.
	Code string
	Err  error  // may be nil where Code says it all
	Hint string // how to mend it; "" where nothing but waiting helps

	// Said is the provider's explanation, "" if it gave none. It is for a person at the terminal and is neither part of
	// Error nor logged.
	Said string
}

// Error gives the fact, without the hint.
func (e *Error) Error() string {
	text := e.Doing
	if e.Code != "" {
		text += ": the provider answered " + e.Code
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap implements errors.Unwrap.
func (e *Error) Unwrap() error { return e.Err }

// Temporary reports whether trying again may help without anybody doing anything.
func (e *Error) Temporary() bool { return e.Kind == KindPassing }

var (
	errUnreadable = errors.New("its answer is not one of OAuth")
	errNoAnswer   = errors.New("it cannot be reached")
	errSlow       = errors.New("it did not answer in time")
)

const (
	hintSignIn = "sign in again: guichet check --sign-in, as docs/oauth.md says"
	hintClient = "check oauth_client_id, oauth_client_secret_*, oauth_tenant and oauth_scopes against the provider's own console; client secrets expire"
)

// judged turns what the library found into an Error.
func judged(doing string, err error) *Error {
	e := &Error{Kind: KindPassing, Doing: doing}
	var own *Error
	var refused *oauth2.RetrieveError
	switch {
	case errors.As(err, &own):
		return own
	case errors.As(err, &refused):
		e.judge(refused)
	case isTimeout(err):
		e.Err = errSlow
	case errors.Is(err, context.Canceled):
		e.Err = context.Canceled
	case isTransport(err):
		e.Err = unreached(err)
	default:
		e.Err = errUnreadable
	}
	return e
}

// unreached says why no answer came, as far as that is this machine's own words and not a stranger's.
func unreached(err error) error {
	var network *net.OpError
	var name *net.DNSError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.Is(err, errUnreadable):
		return errUnreadable
	case errors.As(err, &certificate):
		return certificate
	case errors.As(err, &name):
		return name
	case errors.As(err, &network):
		return network
	}
	return errNoAnswer
}

// judge reads a refusal (RFC 6749 section 5.2, RFC 8628 section 3.5).
func (e *Error) judge(refused *oauth2.RetrieveError) {
	status := refused.Response.StatusCode
	if !wordlike.MatchString(refused.ErrorCode) {
		e.Err = fmt.Errorf("status %d", status)
		if status/100 == 4 && status != http.StatusTooManyRequests && status != http.StatusRequestTimeout {
			e.Kind, e.Hint = KindClient, hintClient
		}
		return
	}
	e.Code, e.Said = refused.ErrorCode, clipped(refused.ErrorDescription)
	if number := entraCode.FindString(refused.ErrorDescription); number != "" {
		e.Code += " " + number
	}
	switch refused.ErrorCode {
	case "invalid_grant", "interaction_required", "consent_required", "login_required", "access_denied", "expired_token":
		e.Kind, e.Hint = KindSignIn, hintSignIn
	case "temporarily_unavailable", "server_error", "slow_down", "authorization_pending":
	default:
		if status/100 != 5 && status != http.StatusTooManyRequests {
			e.Kind, e.Hint = KindClient, hintClient
		}
	}
}

var (
	wordlike  = regexp.MustCompile(`^[a-z_]{3,40}$`)
	entraCode = regexp.MustCompile(`\bAADSTS[0-9]{4,8}\b`) // Microsoft's, which its documentation explains one by one
)

// clipped is a stranger's text on one short line.
func clipped(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	return strings.ToValidUTF8(s[:min(len(s), 300)], "")
}
