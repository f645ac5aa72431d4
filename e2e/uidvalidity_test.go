//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"
)

// TestFailure22UIDVALIDITYChanges changes UIDVALIDITY while the daemon is down, as a move
// to another server does, with mail from before the first start in the folder and new mail on top.
func TestFailure22UIDVALIDITYChanges(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	lastMonth := time.Now().AddDate(0, -1, 0)
	for n := range 10 {
		d.mailbox.drop(t, n, request(1000+n).raw, lastMonth)
	}
	p := d.start(t)
	letters := slices.Concat(several(0, 40, request), several(0, 20, ordinary))
	d.mailbox.deliver(t, letters...)
	d.answered(t, 40)
	d.settled(t)
	p.stop(t)
	before := d.mailbox.look(t)

	d.mailbox.stop()
	d.mailbox.renumber(t)
	d.mailbox.start(t)
	missed := several(40, 45, request)
	d.mailbox.deliver(t, missed...)
	after := d.mailbox.look(t)
	if before.uidValidity == after.uidValidity {
		t.Fatalf("UIDVALIDITY is %d still", after.uidValidity)
	}

	p = d.start(t)
	letters = append(letters, missed...)
	await(t, time.Minute, "every message is in the ledger", func(context.Context) error { return d.complete(t, 10+len(letters)) })
	d.answered(t, 45)
	d.settled(t)
	p.stop(t)

	d.oneFateEach(t, d.mailbox.look(t))
	oneCaseEach(t, d, letters)
	answersKeepTheRules(t, d, letters)
}

// answered waits until n acknowledgements have left. One too many shows when they are counted by letter.
func (d *desk) answered(t *testing.T, n int) {
	t.Helper()
	await(t, time.Minute, fmt.Sprintf("%d acknowledgements left", n), func(context.Context) error {
		if got := len(d.out.acknowledgements()); got < n {
			return fmt.Errorf("%d did", got)
		}
		return nil
	})
}
