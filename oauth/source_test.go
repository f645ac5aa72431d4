package oauth_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"guichetdunumerique.be/guichet/internal/mailtest"
	"guichetdunumerique.be/guichet/oauth"
)

// desk is an account at a provider, in a world of its own where waiting costs no time.
type desk struct {
	*testing.T
	provider *mailtest.Tokens
	config   oauth.Config
}

// inBubble runs a test in such a world, with an account that was signed in to.
func inBubble(t *testing.T, test func(d *desk)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		pipe := mailtest.NewPipe()
		provider, err := mailtest.StartTokens(pipe)
		if err != nil {
			t.Fatal(err)
		}
		transport := &http.Transport{DialContext: pipe.Dial}
		d := &desk{T: t, provider: provider, config: oauth.Config{
			ClientID: provider.ClientID, TokenURL: provider.URL("token"), DeviceURL: provider.URL("device"), AuthURL: provider.URL("authorize"),
			Scopes: []string{"mail"}, TokenFile: filepath.Join(t.TempDir(), "token.json"), Transport: transport,
		}}
		d.signIn()
		test(d)
		transport.CloseIdleConnections()
		if err := provider.Close(); err != nil {
			t.Error(err)
		}
	})
}

// signIn writes the file as a person's sign-in does.
func (d *desk) signIn() {
	d.Helper()
	d.write(`{"refresh_token": "` + d.provider.SignIn() + `"}`)
}

func (d *desk) write(content string) {
	d.Helper()
	if err := os.WriteFile(d.config.TokenFile, []byte(content), 0o600); err != nil {
		d.Fatal(err)
	}
}

func (d *desk) source() *oauth.Source {
	d.Helper()
	s, err := oauth.NewSource(d.config)
	if err != nil {
		d.Fatal(err)
	}
	return s
}

// good demands a token that the provider accepts.
func (d *desk) good(s *oauth.Source) string {
	d.Helper()
	token, err := s.Token(d.Context())
	if err != nil {
		d.Fatal(err)
	}
	if !d.provider.Accepts(token) {
		d.Fatal("the provider does not accept the token")
	}
	return token
}

// fails demands an error of a kind, which names no token and nobody.
func (d *desk) fails(s *oauth.Source, kind oauth.Kind) *oauth.Error {
	d.Helper()
	token, err := s.Token(d.Context())
	return d.failed(token, err, kind)
}

func (d *desk) failed(token string, err error, kind oauth.Kind) *oauth.Error {
	d.Helper()
	var e *oauth.Error
	if !errors.As(err, &e) || e.Kind != kind || token != "" {
		d.Fatalf("got %v; want an error of kind %q", err, kind)
	}
	for _, secret := range []string{"refresh-", "access-", "device-", "zoe", "application secret"} {
		if strings.Contains(e.Error()+e.Hint, secret) {
			d.Errorf("%q tells a secret or a name", e.Error()+e.Hint)
		}
	}
	return e
}

func TestATokenIsRenewedBeforeItEndsAndNotSooner(t *testing.T) {
	inBubble(t, func(t *desk) {
		s := t.source()
		first := t.good(s)
		time.Sleep(57 * time.Minute)
		if t.good(s) != first {
			t.Error("it had minutes left, and was not used")
		}
		time.Sleep(2 * time.Minute)
		if t.good(s) == first {
			t.Error("it had a minute left, and was used")
		}
		if n := len(t.provider.Requests()); n != 2 {
			t.Errorf("the provider was asked %d times, want 2", n)
		}
	})
}

// TestFailure14ARotatedTokenIsKeptOverRestarts: a provider that gives a new refresh token at each use, and takes the old
// one no more, is served for a year by programs that start anew each time.
func TestFailure14ARotatedTokenIsKeptOverRestarts(t *testing.T) {
	inBubble(t, func(t *desk) {
		for range 26 {
			t.good(t.source())
			time.Sleep(14 * 24 * time.Hour)
		}
		info, err := os.Stat(t.config.TokenFile)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the token file has mode %v, %v; want 0600", info.Mode(), err)
		}
	})
}

// TestFailure14AJumpOf91DaysIsASignIn: the program stood still for longer than the refresh token lives.
func TestFailure14AJumpOf91DaysIsASignIn(t *testing.T) {
	inBubble(t, func(t *desk) {
		s := t.source()
		t.good(s)
		time.Sleep(91 * 24 * time.Hour)
		if e := t.fails(s, oauth.KindSignIn); e.Temporary() || e.Hint == "" || e.Code != "invalid_grant AADSTS70008" {
			t.Errorf("got %+v", e)
		}
		t.signIn()
		t.good(s) // without a restart
	})
}

func TestARefusalIsNotAskedForAgainAtOnce(t *testing.T) {
	inBubble(t, func(t *desk) {
		s := t.source()
		t.provider.Revoke()
		for range 5 {
			t.fails(s, oauth.KindSignIn)
		}
		if n := len(t.provider.Requests()); n != 1 {
			t.Errorf("the provider was asked %d times, want 1", n)
		}
		time.Sleep(11 * time.Minute)
		t.fails(s, oauth.KindSignIn)
		if n := len(t.provider.Requests()); n != 2 {
			t.Errorf("the provider was asked %d times in all, want 2", n)
		}
	})
}

func TestATokenThatAMailServerRefusedIsRenewedOnce(t *testing.T) {
	inBubble(t, func(t *desk) {
		s := t.source()
		first := t.good(s)
		s.Refused(first)
		second := t.good(s)
		s.Refused(first) // of a second connection, which had tried the same token
		if third := t.good(s); second == first || third != second {
			t.Error("want one new token, and that one again")
		}
	})
}

// TestManyShareAFileWithoutARace: a strict provider takes each refresh token once, so that two who asked at the same
// time would lose the account.
func TestManyShareAFileWithoutARace(t *testing.T) {
	inBubble(t, func(t *desk) {
		for range 5 {
			var all sync.WaitGroup
			for range 4 {
				s := t.source()
				for range 3 {
					all.Go(func() { t.good(s) })
				}
			}
			all.Wait()
			time.Sleep(2 * time.Hour)
		}
		if n := len(t.provider.Requests()); n != 5 {
			t.Errorf("the provider was asked %d times, want once in each of 5 rounds", n)
		}
	})
}

func TestAnAnswerOfNoUseIsAPassingFault(t *testing.T) {
	for name, a := range map[string]mailtest.Answer{
		"server error":    {Status: 500, Body: "oops zoe"},
		"unavailable":     {Status: 503, Body: `{"error":"temporarily_unavailable"}`},
		"too many":        {Status: 429, Body: "slow down"},
		"garbage":         {Status: 200, Body: "<html>access-zoe"},
		"empty":           {Status: 200},
		"no token":        {Status: 200, Body: `{"token_type":"Bearer"}`},
		"huge":            {Status: 200, Body: `{"access_token":"` + strings.Repeat("a", 1<<20) + `"}`},
		"long token":      {Status: 200, Body: `{"access_token":"` + strings.Repeat("a", 40<<10) + `"}`},
		"control in it":   {Status: 200, Body: `{"access_token":"access-\u0001auth=Bearer x"}`},
		"redirected":      {Status: 307},
		"stalled":         {Stall: true},
		"form for a JSON": {Status: 200, Body: "access_token=%zz", Type: "text/plain"},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *desk) {
				s := t.source()
				t.provider.Next(a)
				if e := t.fails(s, oauth.KindPassing); !e.Temporary() {
					t.Error("not temporary")
				}
				t.good(s) // the next time
			})
		})
	}
}

func TestARefusalOfTheApplicationIsNoPassingFault(t *testing.T) {
	for name, a := range map[string]mailtest.Answer{
		"invalid client": {Status: 401, Body: `{"error":"invalid_client","error_description":"AADSTS7000222: expired secret of zoe"}`},
		"bad scope":      {Status: 400, Body: `{"error":"invalid_scope"}`},
		"not found":      {Status: 404, Body: "no such tenant"},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *desk) {
				t.provider.Next(a)
				if e := t.fails(t.source(), oauth.KindClient); e.Hint == "" {
					t.Error("no hint")
				}
			})
		})
	}
}

func TestATokenServesOnWhileTheProviderIsAway(t *testing.T) {
	inBubble(t, func(t *desk) {
		s := t.source()
		first := t.good(s)
		time.Sleep(59 * time.Minute)
		t.provider.Next(mailtest.Answer{Status: 502})
		if t.good(s) != first {
			t.Error("the last minute of the token was not used")
		}
	})
}

func TestWhatIsNoPrivateTokenFileIsRefused(t *testing.T) {
	inBubble(t, func(t *desk) {
		s := t.source()
		t.write("not JSON refresh-")
		t.fails(s, oauth.KindFile)
		t.write(`{}`)
		t.fails(s, oauth.KindSignIn)
		t.write(`{"client_id":"another", "refresh_token":"refresh-"}`)
		t.fails(s, oauth.KindFile)
		t.signIn()
		if err := os.Chmod(t.config.TokenFile, 0o640); err != nil {
			t.Fatal(err)
		}
		if e := t.fails(s, oauth.KindFile); !strings.Contains(e.Hint, "chmod 600") {
			t.Errorf("the hint is %q", e.Hint)
		}
		if err := os.Remove(t.config.TokenFile); err != nil {
			t.Fatal(err)
		}
		t.fails(s, oauth.KindSignIn)
		if n := len(t.provider.Requests()); n != 0 {
			t.Errorf("the provider was asked %d times", n)
		}
	})
}

// TestATokenIsKeptBeforeItIsUsed: where the file cannot be written the provider is not even asked, since its answer would
// void the only token that is kept.
func TestATokenIsKeptBeforeItIsUsed(t *testing.T) {
	inBubble(t, func(t *desk) {
		s := t.source()
		if err := os.Mkdir(t.config.TokenFile+".new", 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(t.config.TokenFile+".new", "x"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		t.fails(s, oauth.KindFile)
		if n := len(t.provider.Requests()); n != 0 {
			t.Errorf("the provider was asked %d times", n)
		}
		if err := os.RemoveAll(t.config.TokenFile + ".new"); err != nil {
			t.Fatal(err)
		}
		token := t.good(s)
		var kept struct {
			Access string `json:"access_token"`
		}
		data, err := os.ReadFile(t.config.TokenFile)
		if err != nil || json.Unmarshal(data, &kept) != nil || kept.Access != token {
			t.Error("the token in use is not the one that is kept")
		}
	})
}

// TestATokenIsNotLostByACancelledWish: whoever asked may go away, but what the provider gave is kept.
func TestATokenIsNotLostByACancelledWish(t *testing.T) {
	inBubble(t, func(t *desk) {
		ctx, cancel := context.WithCancel(t.Context())
		t.config.Transport = cancelling{t.config.Transport, cancel}
		_, _ = t.source().Token(ctx) // whether it returns the token is of no matter
		t.good(t.source())
	})
}

// cancelling cancels a context as soon as a request is on its way.
type cancelling struct {
	http.RoundTripper
	cancel func()
}

func (c cancelling) RoundTrip(r *http.Request) (*http.Response, error) {
	c.cancel()
	return c.RoundTripper.RoundTrip(r)
}

func TestAnApplicationSignsInByItself(t *testing.T) {
	inBubble(t, func(t *desk) {
		secret := "application secret"
		t.config.Grant, t.config.TokenFile = oauth.ClientCredentials, ""
		t.config.ClientSecret = func(context.Context) (string, error) { return secret, nil }
		s := t.source()
		first := t.good(s)
		if t.good(s) != first {
			t.Error("the token was not used twice")
		}
		time.Sleep(time.Hour)
		secret = "expired"
		t.fails(s, oauth.KindClient)
		secret = "application secret"
		time.Sleep(11 * time.Minute)
		t.good(s)
	})
}

// TestFailure14ADeadSignInIsKnownWhileTheLastTokenStillServes: there is time to tell people by mail.
func TestFailure14ADeadSignInIsKnownWhileTheLastTokenStillServes(t *testing.T) {
	inBubble(t, func(t *desk) {
		s := t.source()
		token := t.good(s)
		t.provider.Revoke()
		if _, err := s.Keep(t.Context()); err != nil {
			t.Fatalf("the token has an hour left: %v", err)
		}
		time.Sleep(46 * time.Minute)
		lease, err := s.Keep(t.Context())
		t.failed("", err, oauth.KindSignIn)
		if left := time.Until(lease.Access); left != 14*time.Minute {
			t.Errorf("the token there is has %v left, want 14 minutes", left)
		}
		time.Sleep(13 * time.Minute)
		if t.good(s) != token {
			t.Error("it had a minute left, and nothing better was to be had, and it was not used")
		}
		time.Sleep(time.Minute)
		t.fails(s, oauth.KindSignIn)
	})
}

func TestAShortLivedTokenIsNotRenewedAtEachLook(t *testing.T) {
	inBubble(t, func(t *desk) {
		t.provider.Life = 8 * time.Minute
		s := t.source()
		for range 60 {
			if _, err := s.Keep(t.Context()); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Minute)
		}
		if n := len(t.provider.Requests()); n > 11 {
			t.Errorf("the provider was asked %d times in an hour for tokens of 8 minutes", n)
		}
	})
}

// TestTheEndOfASignInIsToldWhereTheProviderTellsIt: Google's test applications end after seven days.
func TestTheEndOfASignInIsToldWhereTheProviderTellsIt(t *testing.T) {
	inBubble(t, func(t *desk) {
		t.provider.Next(mailtest.Answer{Status: 200, Body: `{"access_token": "a", "expires_in": 3600, "refresh_token_expires_in": 604799}`})
		want := time.Now().Add(604799 * time.Second)
		s := t.source()
		for range 2 { // the second answer does not tell, nor does it bring another refresh token
			lease, err := s.Keep(t.Context())
			if err != nil || !lease.SignIn.Equal(want) {
				t.Fatalf("ends at %v, %v; want %v", lease.SignIn, err, want)
			}
			time.Sleep(50 * time.Minute)
			t.provider.Next(mailtest.Answer{Status: 200, Body: `{"access_token": "b", "expires_in": 3600}`})
		}
	})
}
