package desk_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/desk"
	"guichetdunumerique.be/guichet/intake/message"
	"guichetdunumerique.be/guichet/store"
)

// closeFirst ends the first case, as staff do.
func closeFirst(t *testing.T, o *office) {
	t.Helper()
	if _, err := o.Instruct(t.Context(), anne, cases.Command{Case: first, Verb: cases.VerbClose, Outcome: cases.Fulfilled}); err != nil {
		t.Fatal(err)
	}
}

func TestRetentionRemovesThePersonThenTheFacts(t *testing.T) {
	o := newOffice(t)
	o.Profile.PersonAfter, o.Profile.FactsAfter = 100*24*time.Hour, 400*24*time.Hour
	o.arrive(erasure())
	must(t, o.Deliver(t.Context()))
	closeFirst(t, o)
	for _, step := range []struct {
		days          int
		person, there bool
	}{{99, true, true}, {2, false, true}, {300, false, false}} {
		o.now = o.now.AddDate(0, 0, step.days)
		must(t, o.Tick(t.Context()))
		k := o.find(first)
		if got := k.Requester.Address != ""; got != step.person {
			t.Errorf("after %d more days the person is kept: %v", step.days, got)
		}
		if got := len(k.Rights) > 0; got != step.there {
			t.Errorf("after %d more days the facts are kept: %v", step.days, got)
		}
		must(t, o.store.Check(t.Context()))
	}
	for _, m := range o.outbox(store.OutFilter{}) {
		if strings.Contains(m.Recipient, "post.example") || strings.Contains(string(m.Payload), "post.example") {
			t.Errorf("the outbox keeps the person in %s", m.Key)
		}
	}
}

func TestAnOpenCaseIsNeverStripped(t *testing.T) {
	o := newOffice(t)
	o.Profile.PersonAfter, o.Profile.FactsAfter = 24*time.Hour, 24*time.Hour
	o.arrive(erasure())
	o.now = o.now.AddDate(3, 0, 0)
	must(t, o.Tick(t.Context()))
	if o.find(first).Requester.Address == "" {
		t.Error("somebody who still waits for an answer was removed")
	}
}

func TestRetentionTakesSomeCasesAtATimeAndEachDayAnew(t *testing.T) {
	o := newOffice(t)
	o.Profile.PersonAfter = 100 * 24 * time.Hour
	must(t, o.store.Update(t.Context(), func(tx *store.Tx) error {
		for range 120 {
			c := cases.Case{Reference: cases.Reference{Year: 2026}, Status: cases.Closed, Closed: o.now, Requester: cases.Requester{Address: "jan@post.example"}}
			if err := errors.Join(tx.CreateCase(&c, "GDN"), tx.AppendEvent(&cases.Event{Case: c.Reference.String(), Kind: cases.EventOpened})); err != nil {
				return err
			}
		}
		return nil
	}))
	withPerson := func() (n int) {
		for _, c := range o.allCases() {
			if c.Requester.Address != "" {
				n++
			}
		}
		return n
	}
	o.now = o.now.AddDate(0, 0, 101)
	for look, want := range []int{70, 20, 0} {
		must(t, o.Retain(t.Context()))
		if got := withPerson(); got != want {
			t.Errorf("after look %d, %d cases have a person, want %d", look+1, got, want)
		}
	}
	must(t, o.store.Check(t.Context()))
}

func TestWhatBelongsToNoCaseIsNotKeptEither(t *testing.T) {
	o := newOffice(t)
	o.Profile.PersonAfter = 100 * 24 * time.Hour
	mail := letter{from: "Eva <eva@post.example>", subject: "Horaires", id: "eva.1@post.example", body: "Bonjour, quels sont vos horaires ?"}
	if e := o.arrive(mail); e.Fate != cases.FateIgnored || e.MessageID == "" {
		t.Fatalf("fate %s, id %q", e.Fate, e.MessageID)
	}
	o.arrive(erasure()) // and a notice to staff
	for _, days := range []int{99, 2} {
		o.now = o.now.AddDate(0, 0, days)
		must(t, o.Retain(t.Context()))
	}
	must(t, o.store.View(t.Context(), func(tx *store.Tx) error {
		e, err := tx.FindEntry("INBOX", 1, 1)
		if e.MessageID != "" {
			t.Errorf("the Message-ID of an ordinary mail is kept")
		}
		return err
	}))
	for _, m := range o.outbox(store.OutFilter{Case: first}) {
		if client := m.Kind == "ack"; client != (m.Recipient != "") {
			t.Errorf("%s went to %q", m.Key, m.Recipient)
		}
	}
}

func TestMailFromBeforeARestoreIsAcknowledgedByAPerson(t *testing.T) {
	o := newOffice(t)
	must(t, o.store.Update(t.Context(), func(tx *store.Tx) error {
		return tx.SetMoment(store.MomentRestored, tx.Now.Add(time.Hour))
	}))
	o.arrive(erasure())
	if k := o.find(first); !strings.HasPrefix(k.Hold, "B18 from before") {
		t.Errorf("hold %q", k.Hold)
	}
}

func TestAnUnreadableMessageIsReadAgain(t *testing.T) {
	o := newOffice(t)
	a := o.arrivalOf("INBOX", erasure(), o.now)
	broken := a
	broken.Unreadable, broken.Message = "the server left its content out", message.Message{}
	if e := o.take(broken); e.Fate != cases.FateUnreadable {
		t.Fatalf("fate %s", e.Fate)
	}
	if said, err := o.Reread(t.Context(), broken); err != nil || !strings.HasPrefix(said, "still cannot be read") {
		t.Errorf("still broken: %q, %v", said, err)
	}
	said, err := o.Reread(t.Context(), a)
	if err != nil || !strings.Contains(said, "erasure") {
		t.Fatalf("%q, %v", said, err)
	}
	must(t, o.Deliver(t.Context()))
	k := o.find(first)
	if k.Status != cases.Triage || !slices.Equal(k.Rights, []cases.Right{cases.Erasure}) || k.Requester.Address != "jan@post.example" {
		t.Errorf("the case: %+v", k)
	}
	if n := len(o.post.to("jan@post.example")); n > 0 {
		t.Errorf("%d mails left for the client", n)
	}
	if _, err := o.Reread(t.Context(), a); !errors.Is(err, desk.ErrWasRead) {
		t.Errorf("a second time: %v", err)
	}
	must(t, o.store.Check(t.Context()))
}

func TestCopiesOfTheDatabaseGoAfterThirtyDays(t *testing.T) {
	o := newOffice(t) // no retention is set: a copy is no record that anybody asked for
	path := filepath.Join(t.TempDir(), "guichet.db")
	s, err := store.Open(t.Context(), store.Config{Path: path, Now: func() time.Time { return o.now }, Log: o.Log})
	must(t, err)
	defer s.Close()
	o.Store = s
	copied := path + ".before-version-2"
	must(t, errors.Join(os.WriteFile(copied, []byte("Jan Peeters"), 0o600), os.Chtimes(copied, o.now, o.now)))
	for _, step := range []struct {
		days int
		kept bool
	}{{29, true}, {2, false}} {
		o.now = o.now.AddDate(0, 0, step.days)
		must(t, o.Tick(t.Context()))
		if _, err := os.Stat(copied); (err == nil) != step.kept {
			t.Errorf("after %d more days: %v, want it kept: %v", step.days, err, step.kept)
		}
	}
}
