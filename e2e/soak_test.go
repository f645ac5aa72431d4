//go:build e2e

package e2e

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-smtp"

	"guichetdunumerique.be/guichet/internal/wire"
)

// soak is a desk under all that can happen to it.
type soak struct {
	*desk
	p         *daemon
	box, post *wire.Proxy // on the way to the mailbox, and to SMTP
	watch     *gauge
	delivered []letter
	happened  map[trouble]int
}

// TestSoak delivers mail of every kind while the network, the servers, a colleague and the machine do their worst, as
// a seed decides; and then demands that nothing was lost or doubled and that the daemon has not grown.
func TestSoak(t *testing.T) {
	size := sizeOfSoak(t)
	if os.Getenv("GUICHET_E2E_SOAK") == "" {
		t.Parallel()
	}
	seed := seedOfSoak(t)
	s := newSoak(t)
	letters := soakLetters(seed, size.messages, everyLabelled(t))
	plan := planSoak(seed, len(letters)/size.batch)
	pace := time.NewTicker(size.last / time.Duration(len(plan)))
	defer pace.Stop()
	began := time.Now()
	for i, step := range plan {
		s.deliver(t, letters[i*size.batch:(i+1)*size.batch])
		s.suffer(t, step)
		s.watch.look(t, s.p, i >= len(plan)*3/4)
		if len(plan) > 100 && i%(len(plan)/20) == 0 {
			t.Logf("%v: %d delivered, %+v", time.Since(began).Round(time.Second), len(s.delivered), s.watch.last)
		}
		<-pace.C
	}
	t.Logf("%d messages in %v; %v", len(s.delivered), time.Since(began).Round(time.Second), s.happened)
	s.recover(t)
	t.Logf("all made up for after %v in all", time.Since(began).Round(time.Second))
	s.judge(t)
	s.watch.judge(t)
}

func newSoak(t *testing.T) *soak {
	t.Helper()
	d := newDesk(t)
	d.set(t, "imap", "poll_every", `"5s"`)
	d.set(t, "log", "level", `"warn"`) // hours of it are kept in memory
	listen := freeAddress(t)
	d.set(t, "metrics", "listen", quoted(listen))
	s := &soak{desk: d, happened: map[trouble]int{}, watch: &gauge{metrics: "http://" + listen + "/metrics"}}
	s.box, s.post = d.throughProxies(t)
	c := d.mailbox.client(t)
	done(t, c.Create("Treated", nil).Wait(), c.Close())
	s.p = d.start(t)
	return s
}

// deliver hands a batch to the mail server. What that will not have never reaches the mailbox.
func (s *soak) deliver(t *testing.T, letters []letter) {
	t.Helper()
	for len(letters) > 0 {
		taken, err := s.mailbox.handSome(letters)
		s.delivered = append(s.delivered, letters[:taken]...)
		var refused *smtp.SMTPError
		if errors.As(err, &refused) {
			taken++
		} else if err != nil {
			t.Fatal(err)
		}
		letters = letters[taken:]
	}
}

// suffer lets a step's trouble happen.
func (s *soak) suffer(t *testing.T, step step) {
	t.Helper()
	s.happened[step.trouble]++
	random := rand.New(rand.NewPCG(step.seed, 0))
	switch step.trouble {
	case well:
		s.well()
	case badNetwork:
		s.box.Follow(lossy(random))
		s.box.Cut()
	case severed:
		s.box.Cut()
	case swallowed:
		s.box.Hole()
	case badPost:
		s.post.Follow(badWay(random))
	case unwilling:
		s.out.watch(moody(random))
	case killed:
		s.p.kill()
		s.p = s.run(t)
	case marked:
		s.meddle(t, random)
	case renumbered, interrupted:
		s.mailbox.stop()
		if step.trouble == renumbered {
			s.mailbox.renumber(t)
		}
		s.mailbox.start(t)
	}
}

func (s *soak) well() {
	s.box.Follow(wire.Clear)
	s.post.Follow(wire.Clear)
	s.out.watch(nil)
}

// moody makes an SMTP server that refuses some mail and cuts some connections, before or after it has taken a mail.
func moody(random *rand.Rand) func(moment) error {
	answers := []error{
		&smtp.SMTPError{Code: 451, Message: "later"}, &smtp.SMTPError{Code: 421, Message: "closing"}, errCut, nil, nil, nil, nil, nil}
	seed := random.Uint64()
	var n atomic.Uint64
	return func(m moment) error {
		if m == afterAnswer {
			return nil
		}
		return answers[rand.New(rand.NewPCG(seed, n.Add(1))).IntN(len(answers))]
	}
}

// meddle is a colleague who flags some messages and moves some away and back.
func (s *soak) meddle(t *testing.T, random *rand.Rand) {
	t.Helper()
	c := s.mailbox.client(t)
	defer c.Close()
	if _, err := c.Select("INBOX", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	r := &rival{c, random, map[imap.UID]imap.Flag{}, 0}
	uids := r.uids(t)
	r.away(t, r.some(uids, 3))
	uids = r.uids(t)
	for range 5 {
		r.mark(t, s.mailbox, uids[random.IntN(len(uids))])
	}
}

// recover lets all be well and waits until all is done. Only the hours until the next attempt of a mail pass at once.
func (s *soak) recover(t *testing.T) {
	t.Helper()
	s.well()
	box := s.mailbox.look(t)
	last := box.messages[len(box.messages)-1].uid
	await(t, 30*time.Minute, "the folder is read to its end", func(context.Context) error { return s.filed(box, last) })
	for !s.noneWaiting(t) {
		s.p.stop(t)
		s.laterAttemptsNow(t)
		s.p = s.start(t)
		await(t, 30*time.Minute, "no mail is due", func(context.Context) error { return s.noneDue(t) })
	}
	s.watch.look(t, s.p, false)
	s.p.stop(t)
}

// filed reports whether the message of a UID is in the ledger.
func (s *soak) filed(box inbox, uid uint32) error {
	found, err := query(s.desk, one, `SELECT fate FROM entry WHERE folder = 'INBOX' AND uidvalidity = ? AND uid = ?`, box.uidValidity, uid)
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("UID %d of %d messages is not in the ledger", uid, len(box.messages))
	}
	return err
}

// judge demands that each message has one fate, each request one case, and nobody more than one mail of a case.
func (s *soak) judge(t *testing.T) {
	t.Helper()
	box := s.mailbox.look(t)
	if len(box.messages) != len(s.delivered) {
		t.Errorf("%d messages are in the folder of %d that were delivered", len(box.messages), len(s.delivered))
	}
	fates, kinds := map[uint32]int{}, map[string]int{}
	for _, e := range s.entries(t) {
		if e.folder == "INBOX" && e.uidValidity == box.uidValidity && e.fate != "" {
			fates[e.uid]++
			kinds[e.fate]++
		}
	}
	for _, m := range box.messages {
		if fates[m.uid] != 1 {
			t.Errorf("UID %d has %d rows in the ledger", m.uid, fates[m.uid])
		}
	}
	doubled := rows(t, s.desk, one, `SELECT MIN(reference) FROM entry WHERE fate = 'case' GROUP BY fingerprint HAVING COUNT(*) > 1`)
	if len(doubled) > 0 {
		t.Errorf("one message opened two cases: %v", doubled)
	}
	own := slices.DeleteFunc(slices.Clone(s.delivered), func(l letter) bool { return !l.request && !l.machine })
	s.oneCaseOfEachRequest(t, own)
	atMostOneAnswerEach(t, s.desk, own)
	s.oneMailEach(t)
	t.Logf("fates %v, %d cases, %d mails left", kinds, len(s.references(t)), len(s.out.mails()))
}

func (s *soak) oneCaseOfEachRequest(t *testing.T, letters []letter) {
	t.Helper()
	opened := map[string]int{}
	for _, e := range s.entries(t) {
		if e.fate == "case" {
			opened[e.messageID]++
		}
	}
	for _, l := range letters {
		if n := opened[l.id]; l.request && n != 1 {
			t.Errorf("%s opened %d cases", l.name, n)
		}
	}
}

// oneMailEach demands that no mail to a client reached SMTP twice, and that those said to be sent did.
func (s *soak) oneMailEach(t *testing.T) {
	t.Helper()
	taken, robots := map[string]int{}, map[string]bool{}
	for _, l := range s.delivered {
		robots[l.id] = l.machine
	}
	for _, m := range s.out.acknowledgements() {
		taken[m.header.Get("Message-ID")]++
		if id := m.parent(); id != "" && robots[id] {
			t.Errorf("a machine was answered: %s", id)
		}
	}
	for id, n := range taken {
		if n > 1 {
			t.Errorf("%s was sent %d times", id, n)
		}
	}
	for _, id := range rows(t, s.desk, one, `SELECT message_id FROM outgoing WHERE kind = 'ack' AND state = 'sent'`) {
		if taken["<"+id+">"] != 1 {
			t.Errorf("%s is said to be sent; SMTP took it %d times", id, taken["<"+id+">"])
		}
	}
	bad := rows(t, s.desk, one, `SELECT key || ' ' || state FROM outgoing WHERE kind = 'ack' AND state NOT IN ('sent', 'unknown')`)
	if len(bad) > 0 {
		t.Errorf("acknowledgements left undone: %v", bad)
	}
}

// everyLabelled are the messages of the folders beside the repository, none where they are absent.
func everyLabelled(t *testing.T) []letter {
	t.Helper()
	var all []letter
	for _, from := range []struct {
		folder string
		n      int
	}{{ownMessages, 200}, {otherMessages, 1000}} {
		if _, err := os.Stat(from.folder); err != nil {
			t.Logf("without the labelled messages: %v", err)
			continue
		}
		all = append(all, labelled(t, from.folder, from.n)...)
	}
	return all
}
