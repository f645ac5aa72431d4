package oauth_test

import (
	"context"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"guichetdunumerique.be/guichet/internal/mailtest"
	"guichetdunumerique.be/guichet/oauth"
)

// device starts a sign-in.
func (d *desk) device() *oauth.Device {
	d.Helper()
	device, err := oauth.StartDevice(d.Context(), d.config)
	if err != nil {
		d.Fatal(err)
	}
	return device
}

// unsigned removes the token file, as before the first sign-in.
func (d *desk) unsigned() {
	d.Helper()
	if err := os.Remove(d.config.TokenFile); err != nil {
		d.Fatal(err)
	}
}

func TestAPersonSignsInOnAnotherDevice(t *testing.T) {
	inBubble(t, func(t *desk) {
		t.unsigned()
		device := t.device()
		if device.UserCode != "ABCD-EFGH" || device.VerificationURL != "https://login.example.org/device" || time.Until(device.Expires) > 15*time.Minute {
			t.Errorf("got %q, %q, %v", device.UserCode, device.VerificationURL, device.Expires)
		}
		time.AfterFunc(2*time.Minute, func() { t.provider.Device("") })
		if err := device.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		t.good(t.source())
	})
}

func TestASignInReplacesATokenThatNobodyElseMayRead(t *testing.T) {
	inBubble(t, func(t *desk) {
		if err := os.Chmod(t.config.TokenFile, 0o644); err != nil {
			t.Fatal(err)
		}
		device := t.device()
		t.provider.Device("")
		if err := device.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		t.good(t.source())
	})
}

func TestPollingSlowsDownWhenAsked(t *testing.T) {
	inBubble(t, func(t *desk) {
		device := t.device()
		t.provider.Device("slow_down")
		start := time.Now()
		time.AfterFunc(70*time.Second, func() { t.provider.Device("") }) // after polls at 5, 15, 30, 50 s
		if err := device.Wait(t.Context()); err != nil || time.Since(start) != 75*time.Second {
			t.Errorf("signed in after %v, %v; want the fifth poll at 75 s", time.Since(start), err)
		}
	})
}

func TestASignInThatDoesNotComeAboutEnds(t *testing.T) {
	for _, c := range []struct {
		name, answer string
		kind         oauth.Kind
		after        time.Duration
	}{
		{"nobody came: the code expires", "authorization_pending", oauth.KindSignIn, 15 * time.Minute},
		{"the person said no", "access_denied", oauth.KindSignIn, 5 * time.Second},
		{"the provider ended it", "expired_token", oauth.KindSignIn, 5 * time.Second},
		{"the application may not do this", "unauthorized_client", oauth.KindClient, 5 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *desk) {
				device := t.device()
				t.provider.Device(c.answer)
				start := time.Now()
				t.failed("", device.Wait(t.Context()), c.kind)
				if took := time.Since(start).Round(time.Second); took != c.after {
					t.Errorf("it ended after %v, want %v", took, c.after)
				}
				t.good(t.source()) // what was signed in before stands
			})
		})
	}
}

func TestASignInOutlastsAProviderThatStumbles(t *testing.T) {
	inBubble(t, func(t *desk) {
		device := t.device()
		t.provider.Next(mailtest.Answer{Status: 502}, mailtest.Answer{Stall: true}, mailtest.Answer{Status: 200, Body: "?"})
		t.provider.Device("")
		if err := device.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		t.good(t.source())
	})
}

func TestASignInEndsWithItsContext(t *testing.T) {
	inBubble(t, func(t *desk) {
		device := t.device()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		t.failed("", device.Wait(ctx), oauth.KindPassing)
	})
}

func TestAnOddStartOfASignInIsBorne(t *testing.T) {
	for name, c := range map[string]struct {
		body string
		fine bool
	}{
		"negative interval": {`{"device_code":"device-1","user_code":"A","verification_uri":"https://a.example/","expires_in":900,"interval":-9}`, true},
		"absurd interval":   {`{"device_code":"device-1","user_code":"A","verification_uri":"https://a.example/","expires_in":900,"interval":9223372036854775807}`, true},
		"endless":           {`{"device_code":"device-1","user_code":"A","verification_uri":"https://a.example/","expires_in":9223372036854775807}`, true},
		"no end":            {`{"device_code":"device-1","user_code":"A","verification_uri":"https://a.example/"}`, true},
		"no code":           {`{"device_code":"device-1","verification_uri":"https://a.example/","expires_in":900}`, false},
		"unsafe address":    {`{"device_code":"device-1","user_code":"A","verification_uri":"http://a.example/","expires_in":900}`, false},
		"terminal controls": {`{"device_code":"device-1","user_code":"A\u001b[2J","verification_uri":"https://a.example/","expires_in":900}`, false},
		"garbage":           {`device-`, false},
		"null":              {`null`, false},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *desk) {
				t.provider.Next(mailtest.Answer{Status: 200, Body: c.body})
				device, err := oauth.StartDevice(t.Context(), t.config)
				if !c.fine {
					t.failed("", err, oauth.KindPassing)
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				start := time.Now()
				if err := device.Wait(t.Context()); err != nil && time.Since(start) > time.Hour+time.Minute {
					t.Errorf("%v after %v", err, time.Since(start))
				}
			})
		})
	}
}

func TestNobodyIsAskedToSignInForATokenThatCannotBeKept(t *testing.T) {
	inBubble(t, func(t *desk) {
		t.config.TokenFile += "/no/such/folder/token.json"
		_, err := oauth.StartDevice(t.Context(), t.config)
		t.failed("", err, oauth.KindFile)
	})
}

func TestAPersonSignsInWithABrowser(t *testing.T) {
	inBubble(t, func(t *desk) {
		t.unsigned()
		browser, err := oauth.StartBrowser(t.Context(), t.config)
		if err != nil {
			t.Fatal(err)
		}
		link, err := url.Parse(browser.URL)
		if err != nil {
			t.Fatal(err)
		}
		asked := link.Query()
		if asked.Get("code_challenge_method") != "S256" || asked.Get("redirect_uri") != "http://localhost" {
			t.Errorf("the link is %s", browser.URL)
		}
		state := asked.Get("state")
		for _, wrong := range []string{
			"http://localhost/?code=good&state=another",
			"http://localhost/?state=" + state,
			"http://localhost/?error=access_denied&error_description=zoe&state=" + state,
			"http://localhost/?code=bad&state=" + state,
			"http://[localhost/?code=refresh-&state=" + state,
			"",
		} {
			t.failed("", browser.Finish(t.Context(), wrong), oauth.KindSignIn)
		}
		if err := browser.Finish(t.Context(), " http://localhost/?code=good&state="+state+"\n"); err != nil {
			t.Fatal(err)
		}
		t.good(t.source())
	})
}

func TestTokensGoOnlyWhereNobodyListens(t *testing.T) {
	for address, fine := range map[string]bool{
		"https://login.example.org/token": true,
		"http://127.0.0.1:8080/token":     true,
		"http://[::1]:8080/token":         true,
		"http://localhost/token":          true,
		"http://login.example.org/token":  false,
		"http://localhost.example.org/":   false,
		"https://user:pw@example.org/":    false,
		"ftp://example.org/":              false,
		"login.example.org":               false,
		"":                                false,
		"https://":                        false,
		"http://127.0.0.1.example.org/":   false,
	} {
		if err := oauth.CheckURL(address); (err == nil) != fine {
			t.Errorf("%q: got %v", address, err)
		}
	}
	c := oauth.Config{ClientID: "x", TokenFile: "y", TokenURL: "http://login.example.org/"}
	if _, err := oauth.NewSource(c); err == nil || !strings.Contains(err.Error(), "https") {
		t.Errorf("got %v", err)
	}
}
