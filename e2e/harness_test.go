//go:build e2e

package e2e

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// The stories can only be believed if the stage does what they take for granted.

func TestTheServerKeepsWhatIsDeliveredWithItsFlags(t *testing.T) {
	d := startDovecot(t)
	d.deliver(t, several(0, 5, request)...)
	old := time.Now().AddDate(0, -2, 0).Truncate(time.Second)
	d.drop(t, 1, ordinary(1).raw, old)
	c := d.client(t)
	if _, err := c.Select("INBOX", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	d.mark(t, c, 2, imap.FlagFlagged)

	box := d.look(t)
	if len(box.messages) != 6 {
		t.Fatalf("%d messages, want 6", len(box.messages))
	}
	for i, want := range []string{"", `\Flagged`, "", "", "", `\Seen`} {
		if m := box.messages[i]; m.uid != uint32(i+1) || m.flags != want {
			t.Errorf("message %d: UID %d flags %q, want flags %q", i+1, m.uid, m.flags, want)
		}
	}
	date, err := c.Fetch(imap.SeqSetNum(6), &imap.FetchOptions{InternalDate: true}).Collect()
	if err != nil || len(date) != 1 || !date[0].InternalDate.Equal(old) {
		t.Errorf("a dropped message does not bear its own date: %v %v", date, err)
	}
}

func TestTheServerCanBeRenumbered(t *testing.T) {
	d := startDovecot(t)
	d.deliver(t, several(0, 3, request)...)
	before := d.look(t)
	d.stop()
	d.renumber(t)
	d.start(t)
	after := d.look(t)
	if before.uidValidity == after.uidValidity {
		t.Errorf("UIDVALIDITY is %d still", after.uidValidity)
	}
	if len(after.messages) != 3 {
		t.Errorf("%d messages after, want 3", len(after.messages))
	}
}

func TestTheSinkTellsItsMoments(t *testing.T) {
	cert := newCertificate(t)
	s := startSink(t, cert)
	hand := func() error {
		c, err := smtp.DialTLS(s.address, cert.client())
		if err != nil {
			return err
		}
		defer c.Close()
		if err := c.Auth(sasl.NewPlainClient("", account, password)); err != nil {
			return err
		}
		if err := send(c, request(1)); err != nil {
			return err
		}
		return c.Quit()
	}
	var seen []moment
	s.watch(func(m moment) error { seen = append(seen, m); return nil })
	if err := hand(); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(seen); got != "[0 1 2]" {
		t.Errorf("moments %s, want each once and in order", got)
	}
	s.watch(func(m moment) error {
		if m == beforeAnswer {
			return errCut
		}
		return nil
	})
	if err := hand(); err == nil {
		t.Error("a cut connection was not noticed")
	}
	refusal := &smtp.SMTPError{Code: 451, Message: "later"}
	s.watch(func(moment) error { return refusal })
	if err := hand(); !errors.As(err, &refusal) || refusal.Code != 451 {
		t.Errorf("refused with %v, want 451", err)
	}
	await(t, 5*time.Second, "two mails were taken", func(context.Context) error {
		if n := len(s.mails()); n != 2 {
			return fmt.Errorf("%d were", n)
		}
		return nil
	})
}
