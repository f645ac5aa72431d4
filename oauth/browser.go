package oauth

import (
	"context"
	"crypto/rand"
	"errors"
	"net/url"
	"strings"

	"golang.org/x/oauth2"
)

// Browser is a sign-in for providers whose device flow gives no access to mail, as Google's. A person opens URL in any
// browser and allows what is asked. The browser is then sent to an address on the person's own machine, where nothing
// answers; that address, copied from the browser, is what Finish wants.
type Browser struct {
	URL string

	config   Config
	flow     *oauth2.Config
	state    string
	verifier string
}

// StartBrowser begins a sign-in by authorization code with PKCE (RFC 6749 section 4.1, RFC 7636, RFC 8252 section 7.3).
// c.TokenFile need not exist, but must be writable.
func StartBrowser(ctx context.Context, c Config) (*Browser, error) {
	c, err := c.forSignIn("authorization")
	if err != nil {
		return nil, err
	}
	flow, err := c.settings(ctx)
	if err != nil {
		return nil, err
	}
	flow.RedirectURL = "http://localhost"
	b := &Browser{config: c, flow: flow, state: rand.Text(), verifier: oauth2.GenerateVerifier()}
	b.URL = flow.AuthCodeURL(b.state, oauth2.S256ChallengeOption(b.verifier))
	return b, nil
}

// Finish takes the address that the browser was sent to, and writes the token file.
func (b *Browser) Finish(ctx context.Context, address string) error {
	const doing = "signing in"
	fail := func(text string) error {
		return &Error{Kind: KindSignIn, Doing: doing, Err: errors.New(text), Hint: "open the link again, and copy the whole address that the browser ends at"}
	}
	u, err := url.Parse(strings.TrimSpace(address))
	if err != nil {
		return fail("that is no web address") // not quoted: it holds the code
	}
	answer := u.Query()
	switch code := answer.Get("error"); {
	case wordlike.MatchString(code):
		return &Error{Kind: KindSignIn, Doing: doing, Code: code, Said: clipped(answer.Get("error_description")), Hint: "open the link again and allow what it asks"}
	case answer.Get("state") != b.state:
		return fail("that address does not belong to this sign-in")
	case answer.Get("code") == "":
		return fail("that address holds no code")
	}
	found, err := b.flow.Exchange(b.config.detached(ctx), answer.Get("code"), oauth2.VerifierOption(b.verifier))
	if err != nil {
		return judged(doing, err)
	}
	return b.config.save(ctx, found)
}
