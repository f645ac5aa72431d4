//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// kills is how often the daemon is killed in one run of the story.
const kills = 50

// TestNothingIsLostOrDoubledBy50Kills delivers mail while the daemon is killed at random moments: while
// it starts, while it files, and at each stage of handing a mail to SMTP.
func TestNothingIsLostOrDoubledBy50Kills(t *testing.T) {
	random := dice(t)
	d := newDesk(t)
	d.start(t).kill() // the first start has been, so that nothing below is the past

	var letters []letter
	died := map[string]int{}
	for round := range kills {
		batch := several(round*4, round*4+4, request)
		batch = append(batch, ordinary(round), machine(round))
		random.Shuffle(len(batch), func(i, j int) { batch[i], batch[j] = batch[j], batch[i] })
		letters = append(letters, batch...)
		died[killOnce(t, d, batch, random)]++
	}
	t.Logf("killed: %v", died)

	p := d.start(t)
	await(t, 3*time.Minute, "every message is in the ledger", func(context.Context) error { return d.complete(t, len(letters)) })
	d.settled(t)
	p.stop(t)

	d.oneFateEach(t, d.mailbox.look(t))
	oneCaseEach(t, d, letters)
	atMostOneAnswerEach(t, d, letters)
	verified(t, d)
}

// killOnce starts the daemon, delivers a batch while it runs, and kills it at a moment of chance. It
// tells which kind of moment that was.
func killOnce(t *testing.T, d *desk, batch []letter, random *rand.Rand) string {
	t.Helper()
	delay := time.Duration(random.Int64N(int64(600 * time.Millisecond)))
	after := random.Int32N(3) + 1
	want := moment(random.IntN(6)) // half of the kills come at a moment of sending, half at any time
	names := []string{"before the body", "before the answer", "after the answer"}

	p := d.run(t)
	var reached atomic.Int32
	sending := make(chan struct{})
	d.out.watch(func(m moment) error {
		if m == want && reached.Add(1) == after {
			p.cmd.Process.Kill()
			close(sending)
		}
		return nil
	})
	delivered := make(chan error, 1)
	go func() { delivered <- d.mailbox.hand(batch...) }()

	how := "at any time"
	if int(want) < len(names) {
		how, delay = names[want], 5*time.Second
	}
	select {
	case <-sending:
	case <-time.After(delay):
		if int(want) < len(names) {
			how = "with nothing to send"
		}
	case <-p.done:
		t.Errorf("the daemon ended by itself: %v", p.cmd.ProcessState)
	}
	p.kill()
	d.out.watch(nil)
	if err := <-delivered; err != nil {
		t.Fatal(err)
	}
	return how
}

// oneCaseEach checks that each request opened a case of its own and nothing else did, and that the
// references have no gap.
func oneCaseEach(t *testing.T, d *desk, letters []letter) {
	t.Helper()
	opened := map[string][]string{} // Message-ID to cases
	for _, e := range d.entries(t) {
		if e.fate == "case" {
			opened[e.messageID] = append(opened[e.messageID], e.caseRef)
		}
	}
	requests := 0
	for _, l := range letters {
		switch n := len(opened[l.id]); {
		case l.request && n != 1:
			t.Errorf("%s opened %d cases, want one: %v", l.name, n, opened[l.id])
		case !l.request && !l.machine && n != 0:
			t.Errorf("%s asks for nothing and opened %v", l.name, opened[l.id])
		}
		requests += len(opened[l.id])
	}
	references := d.references(t)
	slices.Sort(references)
	if len(references) != requests {
		t.Errorf("%d cases for %d messages that opened one", len(references), requests)
	}
	for i, r := range references {
		if !strings.HasSuffix(r, fmt.Sprintf("-%04d", i+1)) {
			t.Fatalf("the %d. reference is %s: a gap or a double", i+1, r)
		}
	}
}

// atMostOneAnswerEach holds the sink against the outbox: what SMTP took was sent once, and where its
// answer was never seen, the outbox says so, staff are told, and nothing is sent again.
func atMostOneAnswerEach(t *testing.T, d *desk, letters []letter) {
	t.Helper()
	received := map[string]int{} // by Message-ID of the parent
	var told strings.Builder
	for _, m := range d.out.mails() {
		if strings.HasPrefix(m.header.Get("Auto-Submitted"), "auto-replied") {
			received[m.parent()]++
		} else {
			told.WriteString(m.text())
		}
	}
	byCase := map[string]string{}
	for _, e := range d.entries(t) {
		if e.fate == "case" {
			byCase[e.messageID] = e.caseRef
		}
	}
	states := d.outbox(t)
	doubt := 0
	for _, l := range letters {
		if n := received[l.id]; n > 1 {
			t.Errorf("%s was acknowledged %d times", l.name, n)
		}
		if !l.request {
			continue
		}
		ref := byCase[l.id]
		switch state := states["ack:"+ref]; state {
		case "sent":
			if received[l.id] != 1 {
				t.Errorf("%s: the outbox says sent, the server has %d", l.name, received[l.id])
			}
		case "unknown":
			doubt++
			if !strings.Contains(told.String(), ref) {
				t.Errorf("%s: nobody was told that the acknowledgement of %s may not have left", l.name, ref)
			}
		default:
			t.Errorf("%s: the acknowledgement of %s is %q at the end", l.name, ref, state)
		}
	}
	t.Logf("%d acknowledged, of %d the answer was never seen", len(received), doubt)
}
