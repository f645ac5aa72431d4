package reply_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/internal/mailtest"
	"guichetdunumerique.be/guichet/reply"
)

func acknowledgement(t *testing.T) reply.Mail {
	t.Helper()
	m, err := newComposer(t, nil).Acknowledge(request("fr", cases.IdentityMissing, cases.Access))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func newSender(t *testing.T, c reply.SMTPConfig) *reply.Sender {
	t.Helper()
	s, err := reply.NewSender(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// towards is a sender for a scripted server, without TLS or login.
func towards(t *testing.T, s *script) *reply.Sender {
	t.Helper()
	return newSender(t, reply.SMTPConfig{Server: "localhost:25", Security: "none", HELO: "desk.example", Dial: s.dial})
}

func password(p string) func(context.Context) (string, error) {
	return func(context.Context) (string, error) { return p, nil }
}

// failed checks that err is a *SendError of a kind and stage.
func failed(t *testing.T, why string, err error, kind reply.Failure, stage string) *reply.SendError {
	t.Helper()
	var e *reply.SendError
	if !errors.As(err, &e) || e.Kind != kind || e.Stage != stage {
		t.Errorf("%s: got %v, want %s at %s", why, err, kind, stage)
		return &reply.SendError{}
	}
	return e
}

func TestMailsArriveByteForByteOverOneConnection(t *testing.T) {
	for _, security := range []mailtest.Security{mailtest.TLS, mailtest.STARTTLS, mailtest.None} {
		t.Run(string(security), func(t *testing.T) {
			server, err := mailtest.StartSMTP(mailtest.Options{Security: security})
			if err != nil {
				t.Fatal(err)
			}
			defer server.Close()
			var dialled atomic.Int32
			s := newSender(t, reply.SMTPConfig{
				Server: server.Addr(), Security: string(security), TLS: server.Certificate.Client(),
				Username: server.Username, Password: password(server.Password),
				Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
					dialled.Add(1)
					return new(net.Dialer).DialContext(ctx, network, address)
				},
			})
			defer s.Close()
			m := acknowledgement(t)
			for range 3 {
				if err := s.Send(t.Context(), m); err != nil {
					t.Fatal(err)
				}
			}
			want, err := m.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			for _, got := range server.Received() {
				if string(got.Data) != string(want) || got.From != m.EnvelopeFrom || !slices.Equal(got.To, []string{m.To}) {
					t.Errorf("got from %q to %q\n%s", got.From, got.To, got.Data)
				}
			}
			if n := len(server.Received()); n != 3 || dialled.Load() != 1 {
				t.Errorf("%d mails over %d connections", n, dialled.Load())
			}
		})
	}
}

func TestABreakBeforeTheEndOfAMailIsToldFromOneAfterIt(t *testing.T) {
	for _, c := range []struct {
		hangUp string
		kind   reply.Failure
		stage  string
	}{
		{"GREETING", reply.Temporary, "connect"},
		{"MAIL", reply.Temporary, "mail"},
		{"RCPT", reply.Temporary, "rcpt"},
		{"DATA", reply.Temporary, "data"},
		{"CONTENT", reply.Temporary, "content"}, // all of it was read but its end
		{".", reply.Unknown, "answer"},
	} {
		synctest.Test(t, func(t *testing.T) {
			server := (&script{hangUp: c.hangUp}).start()
			defer server.stop()
			s := towards(t, server)
			defer s.Close()
			failed(t, "hanging up at "+c.hangUp, s.Send(t.Context(), acknowledgement(t)), c.kind, c.stage)
		})
	}
}

func TestFaultsOfARealServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pipe := mailtest.NewPipe()
		server, err := mailtest.StartSMTP(mailtest.Options{Listener: pipe})
		if err != nil {
			t.Fatal(err)
		}
		s := newSender(t, reply.SMTPConfig{Server: server.Addr(), Security: "tls", TLS: server.Certificate.Client(),
			Username: server.Username, Password: password(server.Password), Dial: pipe.Dial})
		defer server.Close()
		defer s.Close()
		m := acknowledgement(t)
		server.Fail(mailtest.CutInData, mailtest.CutBeforeAnswer, mailtest.CutAfterAnswer, mailtest.NoFault, mailtest.Stall)
		failed(t, "cut in the mail", s.Send(t.Context(), m), reply.Temporary, "content")
		failed(t, "cut before the answer", s.Send(t.Context(), m), reply.Unknown, "answer")
		for _, why := range []string{"the connection ends after the answer", "a new connection is made"} {
			if err := s.Send(t.Context(), m); err != nil {
				t.Errorf("%s: %v", why, err)
			}
		}
		failed(t, "no answer ever", s.Send(t.Context(), m), reply.Unknown, "answer")
		if n := len(server.Received()); n != 3 {
			t.Errorf("%d mails were taken, want 3", n)
		}
	})
}

func TestAServersAnswerIsJudgedByItsStage(t *testing.T) {
	for _, c := range []struct {
		verb, reply string
		kind        reply.Failure
		stage       string
		recipient   bool
	}{
		{"GREETING", "554 not today", reply.Temporary, "connect", false}, // says nothing about the mail
		{"MAIL", "530 log in first", reply.Temporary, "mail", false},
		{"MAIL", "550 sender rejected", reply.Permanent, "mail", false},
		{"MAIL", "421 too many connections", reply.Temporary, "mail", false},
		{"RCPT", "550 5.1.1 <jan@post.example> unknown", reply.Permanent, "rcpt", true},
		{"RCPT", "451 greylisted", reply.Temporary, "rcpt", true},
		{"RCPT", "421 closing", reply.Temporary, "rcpt", false},
		{"DATA", "554 no valid recipients", reply.Permanent, "data", false},
		{".", "554 jan@post.example does not want this", reply.Permanent, "answer", true},
		{".", "452 disk full", reply.Temporary, "answer", true},
		{".", "not SMTP, jan@post.example", reply.Unknown, "answer", false},
		{".", "354 go on", reply.Unknown, "answer", false},
	} {
		synctest.Test(t, func(t *testing.T) {
			server := (&script{replies: map[string]string{c.verb: c.reply}}).start()
			defer server.stop()
			s := towards(t, server)
			defer s.Close()
			e := failed(t, c.verb+" "+c.reply, s.Send(t.Context(), acknowledgement(t)), c.kind, c.stage)
			if e.Recipient() != c.recipient {
				t.Errorf("%s %s: concerns the recipient: %v", c.verb, c.reply, e.Recipient())
			}
			for _, text := range []string{e.Error(), e.Class()} {
				if text == "" || strings.Contains(text, "jan") || strings.Contains(text, "@") {
					t.Errorf("%s %s: the error says %q", c.verb, c.reply, text)
				}
			}
		})
	}
}

func TestAKeptConnectionThatEndedIsReplacedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := (&script{replies: map[string]string{}}).start()
		defer server.stop()
		s := towards(t, server)
		defer s.Close()
		if err := s.Send(t.Context(), acknowledgement(t)); err != nil {
			t.Fatal(err)
		}
		server.mu.Lock()
		server.replies["MAIL"] = "421 idle too long"
		server.mu.Unlock()
		failed(t, "a server that always says 421", s.Send(t.Context(), acknowledgement(t)), reply.Temporary, "mail")
		if n := server.connections(); n != 2 {
			t.Errorf("%d connections, want 2", n)
		}
	})
}

func TestAnIdleConnectionIsClosedWithQuit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := (&script{}).start()
		defer server.stop()
		s := towards(t, server)
		for range 2 {
			if err := s.Send(t.Context(), acknowledgement(t)); err != nil {
				t.Fatal(err)
			}
			time.Sleep(15 * time.Second) // in the bubble's time
		}
		if n := len(server.said("QUIT")); n != 0 || server.connections() != 1 {
			t.Errorf("%d QUIT over %d connections while mails came", n, server.connections())
		}
		time.Sleep(15 * time.Second)
		if n := len(server.said("QUIT")); n != 1 {
			t.Errorf("%d QUIT after half a minute", n)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestFailuresAreReportedToTheEnvelopeSenderWhereTheServerCan(t *testing.T) {
	for _, c := range []struct {
		offers     []string
		mail, rcpt string
	}{
		{[]string{"DSN", "SMTPUTF8"}, "MAIL FROM:<info+retour@guichetdunumerique.be> RET=HDRS", "RCPT TO:<jan@post.example> NOTIFY=FAILURE"},
		{nil, "MAIL FROM:<info+retour@guichetdunumerique.be>", "RCPT TO:<jan@post.example>"},
	} {
		synctest.Test(t, func(t *testing.T) {
			server := (&script{offers: c.offers}).start()
			defer server.stop()
			s := towards(t, server)
			defer s.Close()
			if err := s.Send(t.Context(), acknowledgement(t)); err != nil {
				t.Fatal(err)
			}
			if got := append(server.said("MAIL"), server.said("RCPT")...); !slices.Equal(got, []string{c.mail, c.rcpt}) {
				t.Errorf("said %q", got)
			}
		})
	}
}

func TestAnAddressBeyondASCII(t *testing.T) {
	for _, c := range []struct {
		why, to string
		offers  []string
		want    string // RCPT, "" for a refusal
	}{
		{"a domain is sent in ASCII", "jan@bücher.example", nil, "RCPT TO:<jan@xn--bcher-kva.example>"},
		{"a local part needs SMTPUTF8", "jörg@post.example", []string{"SMTPUTF8"}, "RCPT TO:<jörg@post.example>"},
		{"and cannot do without", "jörg@post.example", nil, ""},
	} {
		synctest.Test(t, func(t *testing.T) {
			server := (&script{offers: c.offers}).start()
			defer server.stop()
			s := towards(t, server)
			defer s.Close()
			m := acknowledgement(t)
			m.To = c.to
			err := s.Send(t.Context(), m)
			if c.want == "" {
				failed(t, c.why, err, reply.Permanent, "compose")
				return
			}
			if got := server.said("RCPT"); err != nil || !slices.Equal(got, []string{c.want}) {
				t.Errorf("%s: said %q, %v", c.why, got, err)
			}
		})
	}
}

func TestAMailThatCannotBeSentConnectsToNobody(t *testing.T) {
	s := newSender(t, reply.SMTPConfig{Server: "localhost:25", Security: "none",
		Dial: func(context.Context, string, string) (net.Conn, error) {
			t.Error("somebody was dialled")
			return nil, errors.New("no")
		}})
	for _, to := range []string{"", "jan", "jan@", "@post.example", "jan@post.example\r\nBcc: eve@post.example", "jan@post.example, eve@post.example",
		"Jan <jan@post.example>", "jan@post.example\nRCPT TO:<eve@post.example>", "jan@[192.0.2.1]", "ja n@post.example", "jan@post.example>",
		"jan@post..example", "jan\x00@post.example", "jan@\xff.example", strings.Repeat("j", 300) + "@post.example"} {
		m := acknowledgement(t)
		m.To = to
		e := failed(t, to, s.Send(t.Context(), m), reply.Permanent, "compose")
		if to != "" && strings.Contains(e.Error(), to) {
			t.Errorf("the error quotes the address: %v", e)
		}
		m = acknowledgement(t)
		m.EnvelopeFrom = to
		if to != "" {
			failed(t, "from "+to, s.Send(t.Context(), m), reply.Permanent, "compose")
		}
	}
}

func TestAServerThatCannotBeTrustedGetsNothing(t *testing.T) {
	for _, security := range []mailtest.Security{mailtest.TLS, mailtest.STARTTLS} {
		server, err := mailtest.StartSMTP(mailtest.Options{Security: security})
		if err != nil {
			t.Fatal(err)
		}
		defer server.Close()
		for why, config := range map[string]*tls.Config{
			"unknown authority": nil,
			"another name":      {RootCAs: server.Certificate.Pool(), ServerName: "mail.example"},
		} {
			s := newSender(t, reply.SMTPConfig{Server: server.Addr(), Security: string(security), TLS: config,
				Username: server.Username, Password: password(server.Password)})
			failed(t, why, s.Send(t.Context(), acknowledgement(t)), reply.Temporary, "connect")
		}
		if n := len(server.Received()); n != 0 {
			t.Errorf("%d mails went to a server that nobody vouched for", n)
		}
	}
	plain, err := mailtest.StartSMTP(mailtest.Options{Security: mailtest.None})
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	s := newSender(t, reply.SMTPConfig{Server: plain.Addr(), Security: "starttls", Username: plain.Username, Password: password(plain.Password)})
	failed(t, "no STARTTLS offered", s.Send(t.Context(), acknowledgement(t)), reply.Temporary, "connect")
}

func TestARefusedLoginIsNotTheMailsFault(t *testing.T) {
	server, err := mailtest.StartSMTP(mailtest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	secret := "guess"
	s := newSender(t, reply.SMTPConfig{Server: server.Addr(), Security: "tls", TLS: server.Certificate.Client(), Username: server.Username,
		Password: func(context.Context) (string, error) { return secret, nil }})
	defer s.Close()
	e := failed(t, "wrong password", s.Send(t.Context(), acknowledgement(t)), reply.Temporary, "connect")
	if e.Code != 535 || strings.Contains(e.Error(), secret) {
		t.Errorf("got code %d, %v", e.Code, e)
	}
	secret = server.Password
	if err := s.Send(t.Context(), acknowledgement(t)); err != nil {
		t.Errorf("the mended password was not taken up: %v", err)
	}
}

func TestAnAccessTokenLogsIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := (&script{offers: []string{"AUTH PLAIN XOAUTH2"}}).start()
		defer server.stop()
		s := newSender(t, reply.SMTPConfig{Server: "localhost:25", Security: "none", Dial: server.dial, OAuth: true, Username: "info", Password: password("token")})
		defer s.Close()
		if err := s.Send(t.Context(), acknowledgement(t)); err != nil {
			t.Fatal(err)
		}
		if got := server.said("AUTH XOAUTH2 "); len(got) != 1 {
			t.Errorf("said %q", server.said(""))
		}
	})
}

func TestStoppingTheProgramLeavesNoMailInDoubt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		pipe := mailtest.NewPipe() // nobody accepts
		s := newSender(t, reply.SMTPConfig{Server: "localhost:25", Security: "none", Dial: pipe.Dial})
		time.AfterFunc(time.Second, cancel)
		failed(t, "stopped while connecting", s.Send(ctx, acknowledgement(t)), reply.Temporary, "connect")
	})
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		pipe := mailtest.NewPipe()
		server, err := mailtest.StartSMTP(mailtest.Options{Listener: pipe})
		if err != nil {
			t.Fatal(err)
		}
		defer server.Close()
		s := newSender(t, reply.SMTPConfig{Server: server.Addr(), Security: "tls", TLS: server.Certificate.Client(), Timeout: time.Minute,
			Username: server.Username, Password: password(server.Password), Dial: pipe.Dial})
		defer s.Close()
		server.Delay(10 * time.Second) // before the answers to MAIL, RCPT and the mail
		time.AfterFunc(15*time.Second, cancel)
		failed(t, "stopped at RCPT", s.Send(ctx, acknowledgement(t)), reply.Temporary, "rcpt")
		ctx, cancel = context.WithCancel(t.Context())
		time.AfterFunc(25*time.Second, cancel)
		if err := s.Send(ctx, acknowledgement(t)); err != nil {
			t.Errorf("stopped once the mail was on its way: %v", err)
		}
	})
}

func TestConfigurationsThatAreRefused(t *testing.T) {
	for why, c := range map[string]reply.SMTPConfig{
		"none beyond loopback":  {Server: "mail.example:25", Security: "none"},
		"none to a public IP":   {Server: "192.0.2.1:25", Security: "none"},
		"no security":           {Server: "localhost:25"},
		"no port":               {Server: "localhost", Security: "tls"},
		"a port of no number":   {Server: "localhost:smtp", Security: "tls"},
		"no verification":       {Server: "localhost:25", Security: "tls", TLS: &tls.Config{InsecureSkipVerify: true}},
		"no password":           {Server: "localhost:25", Security: "tls", Username: "info"},
		"a name like localhost": {Server: "localhost.example:25", Security: "none"},
	} {
		if _, err := reply.NewSender(c); err == nil {
			t.Errorf("%s was accepted", why)
		}
	}
	for _, server := range []string{"localhost:25", "127.0.0.1:25", "[::1]:25"} {
		if _, err := reply.NewSender(reply.SMTPConfig{Server: server, Security: "none"}); err != nil {
			t.Errorf("%s: %v", server, err)
		}
	}
}

func TestPausesGrowAndEndAfterAboutThreeDays(t *testing.T) {
	var sum time.Duration
	for attempt := 1; attempt < reply.MaxAttempts; attempt++ {
		if reply.Backoff(attempt) < reply.Backoff(attempt-1) {
			t.Errorf("the pause after attempt %d shrinks", attempt)
		}
		sum += reply.Backoff(attempt)
	}
	if reply.Backoff(1) != time.Minute || sum < 66*time.Hour || sum > 78*time.Hour {
		t.Errorf("from %v, %v in all", reply.Backoff(1), sum)
	}
}
