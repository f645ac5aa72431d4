//go:build e2e

package e2e

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"guichetdunumerique.be/guichet/internal/wire"
)

// TestFailure15IdleInABlackHole loses every connection to the mailbox without a sign while the daemon idles: mail
// that comes then is answered after the next look and the time that a living server would have answered in.
func TestFailure15IdleInABlackHole(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.set(t, "imap", "poll_every", `"10s"`)
	box, _ := d.throughProxies(t)
	p := d.start(t)
	d.mailbox.deliver(t, request(0))
	d.answered(t, 1)
	box.Hole()
	lost := time.Now()
	letters := several(0, 4, request)
	d.mailbox.deliver(t, letters[1:]...)
	d.answered(t, len(letters))
	t.Logf("looks every 10 s: answered %v after the connection was lost unseen", time.Since(lost).Round(100*time.Millisecond))
	d.settled(t)
	p.stop(t)
	oneCaseEach(t, d, letters)
	atMostOneAnswerEach(t, d, letters)
}

// TestFailure15ServersThatRefuseCostLittle lets both servers refuse for a while: the daemon tries less and less
// often, uses next to no processor, and goes on by itself.
func TestFailure15ServersThatRefuseCostLittle(t *testing.T) {
	t.Parallel()
	const (
		watch = 30 * time.Second
		busy  = watch / 100
	)
	d := newDesk(t)
	box, out := d.throughProxies(t)
	p := d.start(t)
	out.Follow(wire.Always(wire.Trip{Up: wire.Fault{Kind: wire.Refuse}}))
	d.mailbox.deliver(t, request(0))
	await(t, time.Minute, "SMTP has refused", func(context.Context) error {
		if !strings.Contains(p.log.String(), "mail not taken") {
			return errors.New("it has not")
		}
		return nil
	})
	box.Follow(wire.Always(wire.Trip{Up: wire.Fault{Kind: wire.Refuse}}))
	box.Cut()
	span(t, 2*time.Second)

	cpu, tries := p.cpu(t), box.Traffic().Connections
	span(t, watch)
	used, more := p.cpu(t)-cpu, box.Traffic().Connections-tries
	t.Logf("%v of processor time and %d connections tried in %v of refusals", used, more, watch)
	if used > busy {
		t.Errorf("%v of processor time in %v, want less than %v", used, watch, busy)
	}
	const folders = 3 // INBOX, Junk, Sent
	if more < folders || more > folders*int(watch/(2*time.Second)) {
		t.Errorf("%d connections tried", more)
	}
	box.Follow(wire.Clear)
	out.Follow(wire.Clear)
	d.mailbox.deliver(t, request(1))
	d.answered(t, 2)
	d.settled(t)
	p.stop(t)
	oneCaseEach(t, d, several(0, 2, request))
}
