//go:build e2e

package e2e

import (
	"bytes"
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

// filedMessage is what the daemon logs when it has committed a message.
const filedMessage = `"msg":"message filed"`

// TestNothingIsLostOrDoubledBy50Kills delivers mail while the daemon is killed at random moments: at any
// time from its start on, while it files, and at each stage of handing a mail to SMTP.
func TestNothingIsLostOrDoubledBy50Kills(t *testing.T) {
	t.Parallel()
	random := dice(t)
	d := newDesk(t)
	d.start(t).kill() // the first start has been, so that nothing below is the past

	var letters []letter
	died := map[occasion]int{}
	for round := range kills {
		batch := several(round*4, round*4+4, request)
		batch = append(batch, ordinary(round), machine(round))
		random.Shuffle(len(batch), func(i, j int) { batch[i], batch[j] = batch[j], batch[i] })
		letters = append(letters, batch...)
		died[killOnce(t, d, batch, occasions[round%len(occasions)], random)]++
	}
	t.Logf("killed: %v", died)

	p := d.start(t)
	await(t, 3*time.Minute, "every message is in the ledger", func(context.Context) error { return d.complete(t, len(letters)) })
	d.settled(t)
	p.stop(t)

	d.oneFateEach(t, d.mailbox.look(t))
	oneCaseEach(t, d, letters)
	atMostOneAnswerEach(t, d, letters)
}

// occasion is a kind of moment to be killed at.
type occasion string

const (
	anyTime      occasion = "at any time"
	filing       occasion = "while filing"
	beforeMail   occasion = "before the body"
	beforeReply  occasion = "before SMTP's answer"
	afterReply   occasion = "after SMTP's answer"
	neverReached occasion = "with nothing left to do"
)

var occasions = []occasion{anyTime, filing, beforeMail, filing, beforeReply, filing, afterReply}

// killOnce starts the daemon, delivers a batch while it runs, and kills it on the occasion. It tells on
// which occasion it was.
func killOnce(t *testing.T, d *desk, batch []letter, when occasion, random *rand.Rand) occasion {
	t.Helper()
	limit := 5 * time.Second
	if when == anyTime {
		limit = time.Duration(random.Int64N(int64(700 * time.Millisecond)))
	}
	n := random.Int32N(5) + 1 // the how manieth time that the occasion comes
	late := time.Duration(random.Int64N(int64(3 * time.Millisecond)))

	var count atomic.Int32
	reached := make(chan struct{})
	happens := func(p *daemon, what occasion) {
		if what != when || count.Add(1) != n {
			return
		}
		kill := func() {
			p.cmd.Process.Kill()
			close(reached)
		}
		if what == filing {
			time.AfterFunc(late, kill) // somewhere in the next message
			return
		}
		kill() // before this returns: the sink has not answered yet
	}
	p := d.runWatched(t, func(p *daemon, logged []byte) {
		for range bytes.Count(logged, []byte(filedMessage)) {
			happens(p, filing)
		}
	})
	moments := map[moment]occasion{beforeBody: beforeMail, beforeAnswer: beforeReply, afterAnswer: afterReply}
	d.out.watch(func(m moment) error { happens(p, moments[m]); return nil })
	delivered := make(chan error, 1)
	go func() { delivered <- d.mailbox.hand(batch...) }()

	select {
	case <-reached:
	case <-time.After(limit):
		if when != anyTime {
			when = neverReached
		}
	case <-p.done:
		if state := p.cmd.ProcessState; state.Exited() {
			t.Errorf("the daemon ended by itself: %v", state)
		}
	}
	p.kill()
	d.out.watch(nil)
	if err := <-delivered; err != nil {
		t.Fatal(err)
	}
	return when
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
		for _, e := range d.entries(t) {
			if e.caseRef != "" && !slices.Contains(opened[e.messageID], e.caseRef) {
				t.Errorf("%s belongs to UID %d of %s, %s, <%s>, whose message opened %v", e.caseRef, e.uid, e.folder, e.fate, e.messageID, opened[e.messageID])
			}
		}
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
		switch {
		case m.refused:
		case strings.HasPrefix(m.header.Get("Auto-Submitted"), "auto-replied"):
			received[m.parent()]++
		default:
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
			// In a rush what staff are to know is gathered for the next hourly summary.
			gathered := states["alert:unknown:ack:"+ref+":1"] == "gathered"
			if !gathered && !strings.Contains(told.String(), ref) {
				t.Errorf("%s: nobody was told that the acknowledgement of %s may not have left", l.name, ref)
			}
		default:
			t.Errorf("%s: the acknowledgement of %s is %q at the end", l.name, ref, state)
		}
	}
	t.Logf("%d acknowledged, of %d the answer was never seen", len(received), doubt)
}
