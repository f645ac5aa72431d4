package mailtest_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"guichetdunumerique.be/guichet/internal/mailtest"
)

func startSMTP(t *testing.T, o mailtest.Options) *mailtest.SMTP {
	t.Helper()
	s, err := mailtest.StartSMTP(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// submitter connects and logs in.
func submitter(t *testing.T, s *mailtest.SMTP, auth sasl.Client) *smtp.Client {
	t.Helper()
	dial := map[mailtest.Security]func() (*smtp.Client, error){
		mailtest.TLS:      func() (*smtp.Client, error) { return smtp.DialTLS(s.Addr(), s.Certificate.Client()) },
		mailtest.STARTTLS: func() (*smtp.Client, error) { return smtp.DialStartTLS(s.Addr(), s.Certificate.Client()) },
		mailtest.None:     func() (*smtp.Client, error) { return smtp.Dial(s.Addr()) },
	}
	c, err := dial[s.Security]()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if auth == nil {
		return c
	}
	if err := c.Auth(auth); err != nil {
		t.Fatal(err)
	}
	return c
}

func plain(s *mailtest.SMTP) sasl.Client { return sasl.NewPlainClient("", s.Username, s.Password) }

// send hands one mail over and returns the first error on the way.
func send(c *smtp.Client, to ...string) error {
	if err := c.Mail("info@example.org", nil); err != nil {
		return err
	}
	for _, recipient := range to {
		if err := c.Rcpt(recipient, nil); err != nil {
			return err
		}
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write([]byte(mail)); err != nil {
		return err
	}
	return w.Close()
}

func TestASubmittedMailIsKeptWithItsEnvelope(t *testing.T) {
	for _, security := range []mailtest.Security{mailtest.TLS, mailtest.STARTTLS, mailtest.None} {
		t.Run(string(security), func(t *testing.T) {
			s := startSMTP(t, mailtest.Options{Security: security})
			for _, auth := range []sasl.Client{plain(s), sasl.NewLoginClient(s.Username, s.Password)} {
				if err := send(submitter(t, s, auth), "an@example.org", "bo@example.org"); err != nil {
					t.Fatal(err)
				}
			}
			mails, err := s.Wait(t.Context(), 2)
			if err != nil {
				t.Fatal(err)
			}
			if m := mails[1]; m.From != "info@example.org" || len(m.To) != 2 || string(m.Data) != mail {
				t.Errorf("got %+v", m)
			}
		})
	}
}

func TestNobodySubmitsWithoutLoggingIn(t *testing.T) {
	s := startSMTP(t, mailtest.Options{})
	if err := send(submitter(t, s, nil), "an@example.org"); err == nil {
		t.Error("a mail was taken from nobody")
	}
	c := submitter(t, s, nil)
	if err := c.Auth(sasl.NewPlainClient("", s.Username, "guess")); err == nil {
		t.Error("a wrong password was taken")
	}
}

func TestARecipientIsRefusedAsTold(t *testing.T) {
	s := startSMTP(t, mailtest.Options{})
	for _, code := range []int{451, 550} {
		s.Answer("full@example.org", code, "no")
		err := send(submitter(t, s, plain(s)), "Full@example.org")
		var refusal *smtp.SMTPError
		if !errors.As(err, &refusal) || refusal.Code != code {
			t.Errorf("got %v, want code %d", err, code)
		}
	}
	s.Answer("full@example.org", 0, "")
	if err := send(submitter(t, s, plain(s)), "full@example.org"); err != nil {
		t.Errorf("still refused: %v", err)
	}
}

func TestFaultsComeInTheirOrder(t *testing.T) {
	s := startSMTP(t, mailtest.Options{})
	faults := []struct {
		fault      mailtest.Fault
		told, kept bool
	}{
		{mailtest.CutInData, false, false},
		{mailtest.CutBeforeAnswer, false, true},
		{mailtest.CutAfterAnswer, true, true},
		{mailtest.NoFault, true, true},
	}
	for _, f := range faults {
		s.Fail(f.fault)
	}
	for _, f := range faults {
		before := len(s.Received())
		c := submitter(t, s, plain(s))
		err := send(c, "an@example.org")
		if told, kept := err == nil, len(s.Received()) > before; told != f.told || kept != f.kept {
			t.Errorf("fault %d: told %v kept %v (%v), want told %v kept %v", f.fault, told, kept, err, f.told, f.kept)
		}
		if err := c.Noop(); f.fault == mailtest.CutAfterAnswer && err == nil {
			t.Error("the connection outlived its cut")
		}
	}
}

func TestAStalledServerLetsGoWhenTheClientDoes(t *testing.T) {
	s := startSMTP(t, mailtest.Options{})
	s.Fail(mailtest.Stall)
	c := submitter(t, s, plain(s))
	c.SubmissionTimeout = 50 * time.Millisecond
	if err := send(c, "an@example.org"); err == nil {
		t.Error("a stalled mail was acknowledged")
	}
	if n := len(s.Received()); n != 0 {
		t.Errorf("%d mails kept", n)
	}
}

func TestASlowServerStillTakesTheMail(t *testing.T) {
	s := startSMTP(t, mailtest.Options{})
	s.Delay(time.Millisecond)
	if err := send(submitter(t, s, plain(s)), "an@example.org"); err != nil {
		t.Error(err)
	}
}

func TestWaitingEndsWithItsContext(t *testing.T) {
	s := startSMTP(t, mailtest.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Wait(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
