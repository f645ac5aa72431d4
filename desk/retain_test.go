package desk_test

import (
	"errors"
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

func TestFailure21ErasedStaysErased(t *testing.T) {
	o := newOffice(t)
	mail, mailed := erasure(), o.now
	o.arrive(mail)
	address := o.find(first).Requester.Address
	var open *desk.OpenCasesError
	if _, err := o.Forget(t.Context(), address); !errors.As(err, &open) || !slices.Equal(open.Cases, []string{first}) {
		t.Fatalf("forgetting somebody who waits for an answer: %v", err)
	}
	closeFirst(t, o)
	o.now = o.now.Add(time.Hour)
	refs, err := o.Forget(t.Context(), strings.ToUpper(address))
	if err != nil || !slices.Equal(refs, []string{first}) {
		t.Fatalf("forgot %v, %v", refs, err)
	}
	if k := o.find(first); k.Requester != (cases.Requester{}) || len(k.Rights) == 0 || k.Outcome != cases.Fulfilled {
		t.Errorf("after erasure: %+v", k)
	}
	must(t, o.store.Check(t.Context()))

	// The same mail, in another folder, with another body, as a restored mailbox or a lost ledger would bring it.
	again := mail
	again.body += "\nP.S."
	if e := o.take(o.arrivalOf("INBOX", again, mailed)); e.Fate != cases.FateIgnored || e.Case != "" || e.MessageID != "" {
		t.Errorf("a mail from before the erasure: %s of %q, %s", e.Fate, e.Case, e.Reason)
	}
	if n := len(o.allCases()); n != 1 {
		t.Errorf("%d cases, want the one", n)
	}
	// Whoever writes anew is served anew.
	later := mail
	later.body += "\nEncore une fois."
	o.now = o.now.Add(2 * time.Minute)
	if e := o.arrive(later); e.Fate != cases.FateCase {
		t.Errorf("a new request after the erasure: %s, %s", e.Fate, e.Reason)
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
