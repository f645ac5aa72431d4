//go:build e2e

package e2e

import (
	"context"
	"testing"
	"time"
)

// TestFailure01FirstRunAnswersOldMail starts on a mailbox with years of mail, half of it requests, and
// then receives one more.
func TestFailure01FirstRunAnswersOldMail(t *testing.T) {
	const old = 5000
	d := newDesk(t)
	day := time.Now().AddDate(0, 0, -1)
	for n := range old {
		l := ordinary(n)
		if n%2 == 0 {
			l = request(n)
		}
		d.mailbox.drop(t, n, l.raw, day.Add(-time.Duration(old-n)*time.Hour/4))
	}
	if n := len(d.mailbox.look(t).messages); n != old {
		t.Fatalf("%d old messages, want %d", n, old)
	}

	began := time.Now()
	p := d.start(t)
	t.Logf("%d old messages: watching after %v, %d MB resident", old, time.Since(began).Round(time.Millisecond), p.resident(t)>>20)

	fresh := request(old)
	d.mailbox.deliver(t, fresh)
	d.answered(t, 1)
	await(t, time.Minute, "the new message is in the ledger", func(context.Context) error { return d.complete(t, 1) })
	d.settled(t)
	p.stop(t)

	for _, m := range d.out.acknowledgements() {
		if m.parent() != fresh.id {
			t.Errorf("an old message was acknowledged: %s", m.parent())
		}
	}
	if refs := d.references(t); len(refs) != 1 {
		t.Errorf("%d cases, want only that of the new message", len(refs))
	}
}
