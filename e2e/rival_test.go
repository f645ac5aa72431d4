//go:build e2e

package e2e

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// rival is a colleague's mail program, at work in the same mailbox and in a hurry.
type rival struct {
	*imapclient.Client
	random *rand.Rand
	flags  map[imap.UID]imap.Flag // what it marked a message with
	moves  int
}

func (d *dovecot) rival(t *testing.T, random *rand.Rand) *rival {
	t.Helper()
	c := d.client(t)
	if err := errors.Join(c.Create("Archive", nil).Wait(), c.Create("Treated", nil).Wait()); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Select("INBOX", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	return &rival{c, random, map[imap.UID]imap.Flag{}, 0}
}

// uids are the messages of the INBOX.
func (r *rival) uids(t *testing.T) []imap.UID {
	t.Helper()
	found, err := r.UIDSearch(&imap.SearchCriteria{}, nil).Wait()
	if err != nil {
		t.Fatal(err)
	}
	return found.AllUIDs()
}

// some chooses up to n of the messages.
func (r *rival) some(uids []imap.UID, n int) imap.UIDSet {
	var set imap.UIDSet
	for range min(n, len(uids)) {
		set.AddNum(uids[r.random.IntN(len(uids))])
	}
	return set
}

func (r *rival) delete(t *testing.T, set imap.UIDSet) {
	t.Helper()
	mark := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Flags: []imap.Flag{imap.FlagDeleted}, Silent: true}
	if err := r.Store(set, mark, nil).Close(); err != nil {
		t.Fatal(err)
	}
	if err := r.UIDExpunge(set).Close(); err != nil {
		t.Fatal(err)
	}
}

// away moves messages out of the INBOX, and back.
func (r *rival) away(t *testing.T, set imap.UIDSet) {
	t.Helper()
	_, err := r.Move(set, "Treated").Wait()
	if err == nil {
		_, err = r.Select("Treated", nil).Wait()
	}
	if err == nil {
		_, err = r.Move(imap.UIDSet{{Start: 1, Stop: 0}}, "INBOX").Wait()
	}
	if err == nil {
		_, err = r.Select("INBOX", nil).Wait()
	}
	if err != nil {
		t.Fatal(err)
	}
	r.moves++
}

// mark sets a flag of its choice on a message that bears none yet.
func (r *rival) mark(t *testing.T, d *dovecot, uid imap.UID) {
	t.Helper()
	if r.flags[uid] == "" {
		kinds := []imap.Flag{imap.FlagSeen, imap.FlagFlagged, imap.FlagAnswered, "$Label3"}
		r.flags[uid] = kinds[r.random.IntN(len(kinds))]
		d.mark(t, r.Client, uint32(uid), r.flags[uid])
	}
}

// A colleague deletes and moves old messages while new ones come: every number in the folder changes all the time.
func TestFailure02SequenceNumbersMove(t *testing.T) {
	t.Parallel()
	const old = 400
	random := dice(t)
	d := newDesk(t)
	for n := range old {
		d.mailbox.drop(t, n, ordinary(10000+n).raw, time.Now().AddDate(0, -1, 0))
	}
	p := d.start(t)
	letters := slices.Concat(several(0, 150, request), several(0, 150, ordinary))
	delivered := make(chan error, 1)
	go func() { delivered <- d.mailbox.hand(letters...) }()

	r := d.mailbox.rival(t, random)
	await(t, 3*time.Minute, "the old messages are gone and the new ones are there", func(context.Context) error {
		past := slices.DeleteFunc(r.uids(t), func(uid imap.UID) bool { return uid > old })
		set := r.some(past, 8)
		switch {
		case len(past) == 0:
		case random.IntN(2) == 0:
			r.delete(t, set)
		default:
			if _, err := r.Move(set, "Archive").Wait(); err != nil {
				t.Fatal(err)
			}
		}
		if n := len(r.uids(t)); len(past) > 0 || n != len(letters) {
			return fmt.Errorf("%d old messages and %d in all are in the folder", len(past), n)
		}
		return nil
	})
	if err := <-delivered; err != nil {
		t.Fatal(err)
	}
	await(t, time.Minute, "every message is in the ledger", func(context.Context) error { return d.complete(t, len(letters)) })
	d.settled(t)
	p.stop(t)
	d.oneFateEach(t, d.mailbox.look(t))
	oneCaseEach(t, d, letters)
	answersKeepTheRules(t, d, letters)
}

// A colleague opens, flags and moves new messages, out of the folder and back, often before we have seen them.
func TestFailure25SomebodyElseOpenedTheMailFirst(t *testing.T) {
	t.Parallel()
	random := dice(t)
	d := newDesk(t)
	p := d.start(t)
	letters := slices.Concat(several(0, 200, request), several(0, 100, ordinary), several(0, 50, machine))
	shuffle(t, letters)
	delivered := make(chan error, 1)
	go func() { delivered <- d.mailbox.hand(letters...) }()

	r := d.mailbox.rival(t, random)
	await(t, 3*time.Minute, "all is delivered", func(context.Context) error {
		uids := r.uids(t)
		free := slices.DeleteFunc(slices.Clone(uids), func(uid imap.UID) bool { return uid%3 == 0 || r.flags[uid] != "" })
		if len(free) > 0 && random.IntN(3) == 0 {
			r.away(t, r.some(free, 3))
		}
		for range min(10, len(uids)) {
			if uid := uids[random.IntN(len(uids))]; uid%3 == 0 {
				r.mark(t, d.mailbox, uid)
			}
		}
		if n := len(r.uids(t)); n < len(letters) {
			return fmt.Errorf("%d of %d are in the folder", n, len(letters))
		}
		return nil
	})
	if err := <-delivered; err != nil {
		t.Fatal(err)
	}
	box := d.mailbox.look(t)
	last := box.messages[len(box.messages)-1].uid
	await(t, time.Minute, "the folder is read to its end", func(context.Context) error { return d.readTo(t, last) })
	d.settled(t)
	p.stop(t)

	fates := map[uint32]int{}
	for _, e := range d.entries(t) {
		fates[e.uid]++
	}
	for _, m := range d.mailbox.look(t).messages {
		if want := string(r.flags[imap.UID(m.uid)]); m.flags != want {
			t.Errorf("UID %d has flags %q, the colleague left it with %q", m.uid, m.flags, want)
		}
		if fates[m.uid] != 1 {
			t.Errorf("UID %d has %d rows in the ledger", m.uid, fates[m.uid])
		}
	}
	t.Logf("%d messages marked, %d times some moved away and back", len(r.flags), r.moves)
	oneCaseEach(t, d, letters)
	answersKeepTheRules(t, d, letters)
}

// readTo reports whether the INBOX was read up to a UID.
func (d *desk) readTo(t *testing.T, uid uint32) error {
	t.Helper()
	for _, e := range d.entries(t) {
		if e.folder == "INBOX" && e.uid >= uid {
			return nil
		}
	}
	return fmt.Errorf("UID %d is not in the ledger", uid)
}
