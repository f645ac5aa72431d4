package intake_test

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"log/slog"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"guichetdunumerique.be/guichet/intake"
	"guichetdunumerique.be/guichet/internal/mailtest"
)

// failure is the Error in err, which must be of that kind and hold those words.
func failure(t *testing.T, err error, kind intake.Kind, words ...string) {
	t.Helper()
	var e *intake.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want an *intake.Error", err)
	}
	if e.Kind != kind {
		t.Errorf("kind %q, want %q: %v", e.Kind, kind, err)
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("%q does not speak of %q", err, w)
		}
	}
}

func TestEverySecurityLeadsIn(t *testing.T) {
	for _, security := range []mailtest.Security{mailtest.TLS, mailtest.STARTTLS, mailtest.None} {
		t.Run(string(security), func(t *testing.T) {
			s := startIMAP(t, mailtest.Options{Security: security})
			d := newDesk()
			box := intake.New(towards(s), d)
			if err := box.Once(t.Context()); err != nil {
				t.Fatal(err)
			}
			deliver(t, s, "INBOX", "hello")
			if err := box.Once(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := d.subjects(); got != "hello" {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestAFailureToConnectSaysHowToMendIt(t *testing.T) {
	s := startIMAP(t, mailtest.Options{})
	plain := startIMAP(t, mailtest.Options{Security: mailtest.None})
	closed := startIMAP(t, mailtest.Options{})
	_ = closed.Close()
	for name, test := range map[string]struct {
		server *mailtest.IMAP
		change func(*intake.Config)
		kind   intake.Kind
		words  string
	}{
		"wrong password":        {s, func(c *intake.Config) { c.Password = secret("guess") }, intake.KindLogin, "imap.password"},
		"no password":           {s, func(c *intake.Config) { c.Password = noSecret }, intake.KindLogin, "no such file"},
		"unknown authority":     {s, func(c *intake.Config) { c.TLS = nil }, intake.KindTLS, "imap.ca_file"},
		"wrong name":            {s, func(c *intake.Config) { c.TLS.ServerName = "mail.example.org" }, intake.KindTLS, "name that the certificate bears"},
		"no TLS there":          {plain, func(c *intake.Config) { c.Security = intake.SecurityTLS }, intake.KindTLS, "imap.security"},
		"no STARTTLS there":     {plain, func(c *intake.Config) { c.Security = intake.SecuritySTARTTLS }, intake.KindTLS, "refuses STARTTLS"},
		"nobody listens":        {closed, func(*intake.Config) {}, intake.KindDial, "port in imap.server"},
		"unknown host":          {s, func(c *intake.Config) { c.Dial = noHost }, intake.KindDial, "host name in imap.server"},
		"clear to another host": {s, func(c *intake.Config) { c.Security, c.Server = intake.SecurityNone, "192.0.2.1:143" }, intake.KindDial, "imap.security"},
		"missing folder":        {s, func(c *intake.Config) { c.Folders = []string{"Verzoeken"} }, intake.KindFolder, "Drafts, INBOX, Junk, Sent"},
		"missing junk folder":   {s, func(c *intake.Config) { c.Junk = "Ongewenst" }, intake.KindFolder, `"Ongewenst"`},
	} {
		t.Run(name, func(t *testing.T) {
			c := towards(test.server)
			test.change(&c)
			_, err := intake.New(c, newDesk()).Check(t.Context())
			failure(t, err, test.kind, test.words)
			if strings.Contains(err.Error(), "guess") {
				t.Errorf("the password is told: %v", err)
			}
		})
	}
}

func secret(s string) func(context.Context) (string, error) {
	return func(context.Context) (string, error) { return s, nil }
}

func noSecret(context.Context) (string, error) { return "", errors.New("no such file") }

func noHost(context.Context, string, string) (net.Conn, error) {
	return nil, &net.DNSError{Err: "no such host", Name: "imap.example.org", IsNotFound: true}
}

func TestACheckReportsWhatThereIs(t *testing.T) {
	s := startIMAP(t, mailtest.Options{})
	deliver(t, s, "INBOX", "a", "b")
	r, err := intake.New(towards(s), newDesk()).Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !r.Idle || r.Special[`\Sent`] != "Sent" || r.Special[`\Drafts`] != "Drafts" || len(r.Names) != 4 {
		t.Errorf("got %+v", r)
	}
	if len(r.Folders) != 2 || r.Folders[0].Messages != 2 || r.Folders[0].UIDNext != 3 || !r.Folders[1].Junk {
		t.Errorf("got folders %+v", r.Folders)
	}
}

func TestAMissingFolderKeepsNoOtherFromBeingRead(t *testing.T) {
	s := startIMAP(t, mailtest.Options{})
	c := towards(s)
	c.Folders = []string{"Verzoeken", "INBOX"}
	d := newDesk()
	err := intake.New(c, d).Once(t.Context())
	failure(t, err, intake.KindFolder, `"Verzoeken"`)
	if len(d.checks) != 2 {
		t.Errorf("%d folders were read, want INBOX and Junk", len(d.checks))
	}
}

func TestARefusedLoginIsTriedOnceForAllFoldersThenRarely(t *testing.T) {
	inBubble(t, func(t *testing.T, s *mailtest.IMAP) {
		var password atomic.Value
		password.Store("guess")
		c := towards(s)
		c.Folders = []string{"INBOX", "Sent", "Drafts"}
		c.Password = func(context.Context) (string, error) { return password.Load().(string), nil }
		var log strings.Builder
		c.Log = slog.New(slog.NewTextHandler(&log, nil))
		d := newDesk()
		stop := run(t, c, d)
		<-time.After(time.Hour)
		if n := s.Logins(); n < 3 || n > 8 {
			t.Errorf("%d logins in an hour, want one every 10 minutes or so", n)
		}
		password.Store(s.Password)
		looked(d, "INBOX")
		looked(d, "Drafts")
		stop()
		for _, word := range []string{"guess", s.Password, s.Username} {
			if strings.Contains(log.String(), word) {
				t.Errorf("the log tells %q:\n%s", word, log.String())
			}
		}
		if !strings.Contains(log.String(), "level=ERROR") || !strings.Contains(log.String(), "kind=login") {
			t.Errorf("no error was logged:\n%s", log.String())
		}
	})
}

func TestTheServerDecidesHowToLogIn(t *testing.T) {
	ok := func(c *conn, tag, command string) bool {
		if strings.HasPrefix(command, "AUTHENTICATE") {
			c.Send("%s OK", tag)
			return true
		}
		return false
	}
	for name, test := range map[string]struct {
		greeting, capabilities string
		oauth                  bool
		want                   string // the command that logs in; "" for none
	}{
		"plain LOGIN":      {"", "IMAP4rev1", false, `LOGIN "info@example.org" "correct horse"`},
		"AUTHENTICATE":     {"", "IMAP4rev1 SASL-IR AUTH=PLAIN", false, "AUTHENTICATE PLAIN " + encoded("\x00info@example.org\x00correct horse")},
		"LOGIN is off":     {"", "IMAP4rev1 SASL-IR LOGINDISABLED AUTH=PLAIN", false, "AUTHENTICATE PLAIN " + encoded("\x00info@example.org\x00correct horse")},
		"known already":    {"* PREAUTH welcome back", "IMAP4rev1", false, ""},
		"OAuth as Google":  {"", "IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=XOAUTH2", true, "AUTHENTICATE XOAUTH2 " + encoded("user=info@example.org\x01auth=Bearer correct horse\x01\x01")},
		"OAuth as the RFC": {"", "IMAP4rev1 SASL-IR AUTH=OAUTHBEARER", true, "AUTHENTICATE OAUTHBEARER " + encoded("n,a=info@example.org,\x01host=localhost\x01port=1\x01auth=Bearer correct horse\x01\x01")},
	} {
		t.Run(name, func(t *testing.T) {
			s := &mailtest.Script{Greeting: test.greeting, Capabilities: test.capabilities, Play: ok}
			c := scripted(s)
			defer s.Close()
			c.OAuth = test.oauth
			if _, err := intake.New(c, newDesk()).Check(t.Context()); err != nil {
				t.Fatal(err)
			}
			var got string
			for _, command := range s.Commands() {
				if strings.HasPrefix(command, "LOGIN") || strings.HasPrefix(command, "AUTHENTICATE") {
					got = command
				}
			}
			if got != test.want {
				t.Errorf("sent %q, want %q", got, test.want)
			}
		})
	}
}

func encoded(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func TestAServerThatTakesNoPasswordIsNotTried(t *testing.T) {
	s := &mailtest.Script{Capabilities: "IMAP4rev1 LOGINDISABLED"}
	c := scripted(s)
	defer s.Close()
	_, err := intake.New(c, newDesk()).Check(t.Context())
	failure(t, err, intake.KindLogin, "no way to log in")
	for _, command := range s.Commands() {
		if strings.Contains(command, "horse") {
			t.Errorf("sent %q", command)
		}
	}
}

func TestNothingSaidBeforeSTARTTLSIsBelieved(t *testing.T) {
	for name, test := range map[string]struct {
		greeting, answer string
	}{
		"known already":       {"* PREAUTH welcome", "OK"},
		"no visitors":         {"* BYE full", "OK"},
		"refusal":             {"* OK", "NO"},
		"commands slipped in": {"* OK", "OK go on\r\n* OK [CAPABILITY IMAP4rev1]"},
	} {
		t.Run(name, func(t *testing.T) {
			s := &mailtest.Script{Greeting: test.greeting, Play: func(c *conn, tag, command string) bool {
				if command == "STARTTLS" {
					c.Write(tag + " " + test.answer + "\r\n")
				}
				return command == "STARTTLS"
			}}
			c := scripted(s)
			defer s.Close()
			c.Security = intake.SecuritySTARTTLS
			c.TLS = &tls.Config{ServerName: "localhost"}
			_, err := intake.New(c, newDesk()).Check(t.Context())
			failure(t, err, intake.KindTLS, "STARTTLS")
		})
	}
}

func TestAServerThatNeverGreetsIsGivenUp(t *testing.T) {
	for _, security := range []string{intake.SecurityTLS, intake.SecuritySTARTTLS, intake.SecurityNone} {
		synctest.Test(t, func(t *testing.T) {
			pipe := mailtest.NewPipe()
			defer pipe.Close()
			go func() {
				if conn, err := pipe.Accept(); err == nil {
					<-t.Context().Done()
					conn.Close()
				}
			}()
			c := intake.Config{Server: "localhost:1", Security: security, Dial: pipe.Dial, Password: secret("x")}
			_, err := intake.New(c, newDesk()).Check(t.Context())
			failure(t, err, intake.KindTimeout, "did not answer")
		})
	}
}
