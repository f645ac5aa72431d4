//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"testing"
	"time"

	"guichetdunumerique.be/guichet/internal/wire"
)

// TestNoFaultOfTheNetworkLosesOrDoublesMail lets each kind of fault befall most connections to the mailbox, at a
// random byte, while mail arrives; then the network is well again, and nobody does anything.
func TestNoFaultOfTheNetworkLosesOrDoublesMail(t *testing.T) {
	t.Parallel()
	for _, kind := range everyKind {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel() // they mostly wait
			random := dice(t)
			d := newDesk(t)
			d.set(t, "imap", "poll_every", `"5s"`)
			box, _ := d.throughProxies(t)
			p, sent := d.start(t), 0
			box.Follow(wire.Random(random.Uint64(), wire.Menu{Kinds: []wire.Kind{kind}, Share: 1, Within: 100 << 10, Wait: 20 * time.Second}))
			box.Cut()

			letters := several(0, 40, request)
			letters = append(letters, withAttachments(request(40), 1, 100<<10), withAttachments(request(41), 2, 1<<20))
			for ill := time.Now(); time.Since(ill) < 20*time.Second && box.Traffic().Connections < 15; {
				if n := len(letters); sent < n {
					d.mailbox.deliver(t, letters[sent])
					sent++
				}
				span(t, 100*time.Millisecond)
			}
			d.mailbox.deliver(t, letters[sent:]...)
			faults := box.Traffic().Connections
			box.Follow(wire.Clear)
			well := time.Now()
			await(t, 4*time.Minute, "every message is in the ledger", func(context.Context) error { return d.complete(t, len(letters)) })
			t.Logf("%d connections; all filed %v after the network was well", faults, time.Since(well).Round(time.Second))
			d.answered(t, len(letters))
			d.settled(t)
			p.stop(t)
			d.oneFateEach(t, d.mailbox.look(t))
			oneCaseEach(t, d, letters)
			answersKeepTheRules(t, d, letters)
		})
	}
}

// TestAnAnswerLostAfterDATAIsNeverASecondMail breaks connections to SMTP at random bytes, many of them in the
// answer to a mail: then its state is unknown, staff are told, and no client is mailed twice.
func TestAnAnswerLostAfterDATAIsNeverASecondMail(t *testing.T) {
	t.Parallel()
	random := dice(t)
	d := newDesk(t)
	_, out := d.throughProxies(t)
	p := d.start(t)
	letters := several(0, 1, request)
	d.mailbox.deliver(t, letters...)
	d.answered(t, 1)
	p.stop(t)
	session := out.Traffic().Down // what a server says while it takes one mail

	const rounds = 20
	connections := 0
	for round := 0; round <= rounds || !d.noneWaiting(t); round++ { // between two rounds the hours until the next attempt pass
		var some []letter
		out.Follow(wire.Clear)
		if round < rounds {
			some = several(len(letters), len(letters)+4, request)
			anywhere := wire.Menu{Kinds: []wire.Kind{wire.Refuse, wire.Cut, wire.Reset, wire.Split}, Share: 1, From: session / 2, Within: session * 2}
			atTheEnd := wire.Menu{Kinds: []wire.Kind{wire.Cut, wire.Reset}, Share: 1, From: session - 200, Within: session}
			out.Follow(wire.Random(random.Uint64(), []wire.Menu{anywhere, atTheEnd}[round%2]))
		}
		letters = append(letters, some...)
		d.mailbox.deliver(t, some...)
		d.laterAttemptsNow(t)
		p := d.start(t)
		await(t, time.Minute, "every message is in the ledger", func(context.Context) error { return d.complete(t, len(letters)) })
		if round >= rounds {
			await(t, time.Minute, "no mail is due", func(context.Context) error { return d.noneDue(t) })
		}
		p.stop(t)
		connections += out.Traffic().Connections
	}
	oneCaseEach(t, d, letters)
	atMostOneAnswerEach(t, d, letters)
	t.Logf("%d connections to SMTP", connections)
}

// laterAttemptsNow lets the time until the next attempt of every waiting mail have passed. The daemon must be
// stopped.
func (d *desk) laterAttemptsNow(t *testing.T) {
	t.Helper()
	d.change(t, `UPDATE outgoing SET next_attempt = created WHERE state = 'queued'`)
}

func (d *desk) noneWaiting(t *testing.T) bool {
	t.Helper()
	for _, state := range d.outbox(t) {
		if state == "queued" || state == "sending" {
			return false
		}
	}
	return true
}

// noneDue reports whether every mail has been tried that was to be tried by now.
func (d *desk) noneDue(t *testing.T) error {
	t.Helper()
	due := rows(t, d, one, `SELECT key FROM outgoing WHERE state = 'sending' OR state = 'queued' AND next_attempt <= ?`, stamp(time.Now()))
	if len(due) > 0 {
		return fmt.Errorf("%d mails are due", len(due))
	}
	return nil
}
