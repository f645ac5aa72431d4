//go:build e2e

package e2e

import (
	"context"
	"testing"
	"time"

	"guichetdunumerique.be/guichet/internal/wire"
)

// TestFailure04RescanningTheWindow counts what the server sends for one new mail beside 20,000 old ones, after a
// restart, and for a time in which nothing comes.
func TestFailure04RescanningTheWindow(t *testing.T) {
	t.Parallel()
	const (
		old    = 20000
		spared = 64 << 10 // beside the mail itself
		day    = 5 << 20
		cycles = 10
	)
	d := newDesk(t)
	d.set(t, "imap", "poll_every", `"2s"`)
	for n := range old {
		d.mailbox.drop(t, n, ordinary(n).raw, time.Now().AddDate(0, -1, 0))
	}
	d.mailbox.look(t) // the server numbers them
	box, _ := d.throughProxies(t)
	d.start(t).stop(t)

	before := box.Traffic()
	fresh := request(old)
	d.mailbox.deliver(t, fresh)
	p := d.start(t)
	await(t, time.Minute, "the new message is in the ledger", func(context.Context) error { return d.complete(t, 1) })
	d.answered(t, 1)
	cost := box.Traffic().Down - before.Down - int64(len(fresh.raw))
	t.Logf("one new mail of %d bytes beside %d: the server sent %d bytes more, logins included", len(fresh.raw), old, cost)
	if cost > spared {
		t.Errorf("%d bytes beside the mail itself, want at most %d", cost, spared)
	}

	idle := idleCost(t, box, cycles, 2*time.Second)
	a := idle * int64(24*time.Hour/(2*time.Minute))
	t.Logf("one look at the folders with nothing new: %d bytes; a day of looks every 2 minutes: %d", idle, a)
	if a > day {
		t.Errorf("an idle day would cost %d bytes, want at most %d", a, day)
	}
	p.stop(t)
}

// idleCost is what the server sends for one look at all folders, measured over several.
func idleCost(t *testing.T, box *wire.Proxy, cycles int, every time.Duration) int64 {
	t.Helper()
	span(t, every)
	before := box.Traffic().Down
	span(t, time.Duration(cycles)*every)
	return (box.Traffic().Down - before) / int64(cycles)
}
