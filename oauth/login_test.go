package oauth_test

import (
	"slices"
	"strings"
	"testing"

	"guichetdunumerique.be/guichet/oauth"
)

func newLogin(t *testing.T, user string, offered ...string) *oauth.Login {
	t.Helper()
	offers := func(m string) bool { return slices.Contains(offered, m) }
	l, ok := oauth.NewLogin(offers, user, "token", "imap.example.org:993")
	if !ok {
		t.Fatal("no way to log in")
	}
	return l
}

func TestALoginShowsTheTokenAsTheServerWantsIt(t *testing.T) {
	for _, c := range []struct {
		user    string
		offered []string
		mech    string
		first   string
		answer  string // to the reason of a refusal
	}{
		{"info@example.org", []string{"PLAIN", "OAUTHBEARER", "XOAUTH2"}, "XOAUTH2", "user=info@example.org\x01auth=Bearer token\x01\x01", ""},
		{"info@example.org", []string{"OAUTHBEARER"}, "OAUTHBEARER", "n,a=info@example.org,\x01host=imap.example.org\x01port=993\x01auth=Bearer token\x01\x01", "\x01"},
		{"a=b,c@example.org", []string{"OAUTHBEARER"}, "OAUTHBEARER", "n,a=a=3Db=2Cc@example.org,\x01host=imap.example.org\x01port=993\x01auth=Bearer token\x01\x01", "\x01"},
	} {
		l := newLogin(t, c.user, c.offered...)
		mech, first, err := l.Start()
		if mech != c.mech || string(first) != c.first || err != nil {
			t.Errorf("got %s %q, %v; want %s %q", mech, first, err, c.mech, c.first)
		}
		if answer, err := l.Next([]byte(`{"status":"401"}`)); string(answer) != c.answer || answer == nil || err != nil {
			t.Errorf("a refusal was answered %q, %v; want %q", answer, err, c.answer)
		}
	}
	if _, ok := oauth.NewLogin(func(m string) bool { return m == "PLAIN" }, "a", "b", "c:1"); ok {
		t.Error("PLAIN would show the token as a password")
	}
}

func TestTheReasonOfARefusalIsAWordOrNothing(t *testing.T) {
	for reason, want := range map[string]string{
		`{"status":"invalid_token","scope":"mail"}`:       "invalid_token",
		`{"status":"401","schemes":"bearer","scope":"x"}`: "401",
		`{"status":400}`:            "400",
		`{"status":"zoe@example"}`:  "",
		`{"status":"no <script>"}`:  "",
		`{"status":null}`:           "",
		`[]`:                        "",
		``:                          "",
		strings.Repeat(" ", 10_000): "",
	} {
		l := newLogin(t, "a", oauth.XOAUTH2)
		if _, err := l.Next([]byte(reason)); err != nil {
			t.Fatal(err)
		}
		if got := l.Refusal(); got != want || l.Hint() == "" {
			t.Errorf("%.40q: got %q, want %q; hint %q", reason, got, want, l.Hint())
		}
	}
}
