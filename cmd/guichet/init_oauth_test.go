package main

import (
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"guichetdunumerique.be/guichet/internal/mailtest"
)

// newTokenComer is a newcomer whose servers take access tokens.
func newTokenComer(t *testing.T) (*newcomer, *mailtest.Tokens) {
	t.Helper()
	tokens, err := mailtest.StartTokens(nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tokens.Close() })
	return newcomerWith(t, tokens), tokens
}

// signedInAtOnce makes the next sign-in on a device one that a person did before the first question of it.
func signedInAtOnce(tokens *mailtest.Tokens) {
	tokens.Next(mailtest.Answer{Status: http.StatusOK, Body: `{"device_code": "device-1", "user_code": "ABCD-EFGH",
		"verification_uri": "https://login.example.org/device", "expires_in": 900, "interval": 1}`})
}

// tokenAnswers are those of a person whose provider gives access tokens; how are those about the application.
func (n *newcomer) tokenAnswers(tokens *mailtest.Tokens, how ...string) []string {
	return slices.Concat(
		[]string{"info@coop.example", "", "", "", "", "", "", "", n.imap.Addr(), "ca.pem", "", "other",
			tokens.URL("token"), tokens.URL("device"), "", ""},
		how,
		[]string{"", n.smtp.Addr(), ""}, // folders, the way out, the database
	)
}

func TestInitSignsAPersonIn(t *testing.T) {
	n, tokens := newTokenComer(t)
	signedInAtOnce(tokens)
	if code := n.init(t.Context(), piped(n.tokenAnswers(tokens, "guichet", "", "", ""))); code != exitDone {
		t.Fatalf("init ended with %d:\n%s", code, n.talk.String())
	}
	for _, want := range []string{"https://login.example.org/device", "ABCD-EFGH", "Signed in.", "ok     sign-in", "ok     imap", "ok     smtp"} {
		if !strings.Contains(n.talk.String(), want) {
			t.Errorf("no %q in\n%s", want, n.talk.String())
		}
	}
	if strings.Contains(n.talk.String(), "WRONG") || strings.Contains(n.talk.String(), "refresh-") || strings.Contains(n.talk.String(), "access-") {
		t.Errorf("it said:\n%s", n.talk.String())
	}
	if info, err := os.Stat(n.file("oauth-token.json")); err != nil || info.Mode() != 0o600 {
		t.Errorf("the token file: %v, %v", info, err)
	}
	if files := n.files(); !slices.Equal(files, []string{"ca.pem", "coop.toml", "oauth-token.json"}) {
		t.Errorf("the folder holds %q", files)
	}
}

func TestInitLetsAnApplicationSignInByItself(t *testing.T) {
	n, tokens := newTokenComer(t)
	if code := n.init(t.Context(), piped(n.tokenAnswers(tokens, "guichet", "application secret", "application", ""))); code != exitDone {
		t.Fatalf("init ended with %d:\n%s", code, n.talk.String())
	}
	c, err := loadConfig(n.file("coop.toml"), environment{getenv: noEnv})
	if err != nil {
		t.Fatal(err)
	}
	if c.IMAP.Grant != "client_credentials" || c.IMAP.SecretFile != applicationSecret || c.IMAP.TokenFile != "" || !c.inheritsSignIn() {
		t.Errorf("the config is %+v", c.IMAP.oauthConfig)
	}
	if strings.Contains(n.talk.String(), "application secret\n") || !strings.Contains(n.talk.String(), "the application signs in by itself") {
		t.Errorf("it said:\n%s", n.talk.String())
	}
	if info, err := os.Stat(n.file(applicationSecret)); err != nil || info.Mode() != 0o600 {
		t.Errorf("the secret's file: %v, %v", info, err)
	}
}

func TestASignInOfAnInitThatStopsIsRemoved(t *testing.T) {
	n, tokens := newTokenComer(t)
	signedInAtOnce(tokens)
	answers := n.tokenAnswers(tokens, "guichet", "", "", "")
	if code := n.init(t.Context(), piped(answers[:len(answers)-2])); code != exitFailed {
		t.Fatalf("init ended with %d:\n%s", code, n.talk.String())
	}
	if !strings.Contains(n.talk.String(), "Signed in.") {
		t.Fatalf("it did not come so far:\n%s", n.talk.String())
	}
	if files := n.files(); !slices.Equal(files, []string{"ca.pem"}) {
		t.Errorf("left behind: %q", files)
	}
}

func TestASignInThatIsRefusedIsAskedAgain(t *testing.T) {
	n, tokens := newTokenComer(t)
	tokens.Next(mailtest.Answer{Status: http.StatusBadRequest, Body: `{"error": "unauthorized_client"}`})
	signedInAtOnce(tokens) // for the second
	once := n.tokenAnswers(tokens, "guichet", "", "", "")
	answers := slices.Insert(once, 20, slices.Clone(once[10:20])...)
	if code := n.init(t.Context(), piped(answers)); code != exitDone {
		t.Fatalf("init ended with %d:\n%s", code, n.talk.String())
	}
	if !strings.Contains(n.talk.String(), "unauthorized_client") || !strings.Contains(n.talk.String(), "ok     imap") {
		t.Errorf("it said:\n%s", n.talk.String())
	}
}
