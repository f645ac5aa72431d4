package desk_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/desk"
	"guichetdunumerique.be/guichet/intake"
	"guichetdunumerique.be/guichet/reply"
	"guichetdunumerique.be/guichet/store"
)

const jan = "jan@post.example"

// forgets erases jan, as the command does.
func (o *office) forgets(force string) desk.Forgotten {
	o.t.Helper()
	done, err := o.Forget(o.t.Context(), desk.Forgetting{Address: strings.ToUpper(jan), By: anne, Force: force})
	must(o.t, err)
	return done
}

// looked records a complete look at every folder.
func (o *office) looked() {
	o.t.Helper()
	for _, folder := range []string{"INBOX", "Junk", "Sent"} {
		must(o.t, o.Checked(o.t.Context(), folder, o.now))
	}
}

// erased is an office that dealt with jan's request and forgot him two hours later, and when his mail came.
func erased(t *testing.T) (o *office, mailed time.Time) {
	t.Helper()
	o = newOffice(t)
	mailed = o.now
	o.arrive(erasure())
	closeFirst(t, o)
	must(t, o.Deliver(t.Context()))
	o.now = o.now.Add(2 * time.Hour)
	o.looked()
	if done := o.forgets(""); !slices.Equal(done.Cases, []string{first}) {
		t.Fatalf("forgot %v", done)
	}
	return o, mailed
}

func TestFailure21ErasedStaysErased(t *testing.T) {
	restored := erasure()
	restored.body += "\nP.S." // another content: the ledger does not know it
	for what, comesBack := range map[string]func(*office, time.Time) store.Entry{
		"the mailbox was restored": func(o *office, mailed time.Time) store.Entry {
			return o.take(o.arrivalOf("INBOX", restored, mailed))
		},
		"somebody moved it to another folder": func(o *office, mailed time.Time) store.Entry {
			return o.take(o.arrivalOf("Junk", restored, mailed))
		},
		"the same mail again": func(o *office, mailed time.Time) store.Entry {
			return o.take(o.arrivalOf("INBOX", erasure(), mailed))
		},
		"the server numbered all anew": func(o *office, mailed time.Time) store.Entry {
			must(o.t, o.Renumbered(o.t.Context(), "INBOX", intake.Position{UIDValidity: 2, Reread: 100}))
			a := o.arrivalOf("INBOX", erasure(), mailed)
			a.UIDValidity, a.UID, a.Reread = 2, 77, true
			return o.take(a)
		},
		"the database was restored": func(o *office, mailed time.Time) store.Entry {
			must(o.t, o.store.Update(o.t.Context(), func(tx *store.Tx) error { return tx.SetMoment(store.MomentRestored, tx.Now) }))
			return o.take(o.arrivalOf("INBOX", restored, o.now.Add(-time.Minute)))
		},
		"a scan of the past finds it": func(o *office, mailed time.Time) store.Entry {
			s, err := o.Scan(o.t.Context(), o.arrivalOf("Archive", restored, mailed))
			must(o.t, err)
			return s.Entry
		},
	} {
		t.Run(what, func(t *testing.T) {
			o, mailed := erased(t)
			before := len(o.post.to(jan))
			e := comesBack(o, mailed)
			if e.MessageID != "" && e.Reason != "copy of a message already filed" {
				t.Errorf("its Message-ID is kept: %+v", e)
			}
			for _, k := range o.allCases() {
				if k.Requester != (cases.Requester{}) {
					t.Errorf("%s names %v", k.Reference, k.Requester)
				}
			}
			if n := len(o.allCases()); n != 1 || len(o.post.to(jan)) != before {
				t.Errorf("%d cases, want the one; %d mails to him before, %d after", n, before, len(o.post.to(jan)))
			}
			must(t, o.store.Check(t.Context()))
		})
	}
}

func TestForgettingKeepsWhatTheRegisterNeeds(t *testing.T) {
	o, _ := erased(t)
	if k := o.find(first); k.Requester != (cases.Requester{}) || len(k.Rights) == 0 || k.Outcome != cases.Fulfilled || k.Due.IsZero() {
		t.Errorf("after erasure: %+v", k)
	}
	if kinds := o.events(first); kinds[0] != cases.EventOpened || kinds[len(kinds)-1] != cases.EventErased {
		t.Errorf("history %v", kinds)
	}
	must(t, o.store.Check(t.Context()))
}

func TestANewRequestOfAnErasedPersonIsServed(t *testing.T) {
	again := erasure()
	again.id, again.body = "jan.7@post.example", again.body+"\nEncore une fois."
	t.Run("that came after", func(t *testing.T) {
		o, _ := erased(t)
		o.now = o.now.Add(time.Minute)
		if e := o.arrive(again); e.Fate != cases.FateCase {
			t.Errorf("%s, %s", e.Fate, e.Reason)
		}
	})
	t.Run("that had come but was not read yet", func(t *testing.T) { // the server was away for three days
		o, _ := erased(t)
		came := o.now.Add(time.Hour)
		o.now = o.now.AddDate(0, 0, 3)
		o.forgets("")
		if e := o.take(o.arrivalOf("INBOX", again, came)); e.Fate != cases.FateCase {
			t.Errorf("%s, %s", e.Fate, e.Reason)
		}
	})
}

func TestWhoWaitsForAnAnswerIsForgottenByForceOnly(t *testing.T) {
	o := newOffice(t)
	o.arrive(erasure())
	var open *desk.OpenCasesError
	if _, err := o.Forget(t.Context(), desk.Forgetting{Address: jan, By: anne}); !errors.As(err, &open) || !slices.Equal(open.Cases, []string{first}) {
		t.Fatalf("forgetting somebody who waits for an answer: %v", err)
	}
	if o.find(first).Requester.Address != jan {
		t.Error("he is gone all the same")
	}
	o.forgets("took it back by telephone, 85.07.30-033.28")
	if k := o.find(first); k.Status != cases.Closed || k.Outcome != cases.Withdrawn || k.Requester != (cases.Requester{}) {
		t.Errorf("after force: %+v", k)
	}
	told := len(o.post.to(anne))
	must(t, o.Deliver(t.Context()))
	mails := o.post.to(anne)[told:]
	if len(mails) != 1 {
		t.Fatalf("%d notices, want one that takes the day out of the calendars", len(mails))
	}
	if m := mails[0]; strings.Contains(m.Text+m.HTML+m.Subject, "jan@") || strings.Contains(m.Text, "Peeters") || !strings.Contains(string(m.Calendar), "CANCELLED") {
		t.Errorf("the notice: %s", m.Text)
	}
	must(t, o.store.View(t.Context(), func(tx *store.Tx) error {
		events, err := tx.FindEvents(first)
		if last := events[len(events)-1]; !strings.Contains(last.Note, "took it back") || strings.Contains(last.Note, "033") || last.Kind != cases.EventErased {
			t.Errorf("the last event: %+v", last)
		}
		return err
	}))
	must(t, o.store.Check(t.Context()))
}

// postmanWith does something while a mail is on its way.
type postmanWith struct {
	meanwhile func()
	answer    error
}

func (p *postmanWith) Send(context.Context, reply.Mail) error {
	p.meanwhile()
	return p.answer
}

func TestAMailOnItsWayBringsNobodyBack(t *testing.T) {
	for what, answer := range map[string]error{
		"taken":         nil,
		"later, please": &reply.SendError{Kind: reply.Temporary, Stage: "send", Err: errors.New("451")},
		"refused":       &reply.SendError{Kind: reply.Permanent, Stage: "send", Err: errors.New("550")},
		"no answer":     &reply.SendError{Kind: reply.Unknown, Stage: "send", Err: errors.New("cut")},
	} {
		t.Run(what, func(t *testing.T) {
			o := newOffice(t)
			once := true
			o.Sender = &postmanWith{answer: answer, meanwhile: func() {
				if once {
					once = false
					o.forgets("meanwhile")
				}
			}}
			must(t, o.Take(t.Context(), o.arrivalOf("INBOX", erasure(), o.now)))
			must(t, o.Deliver(t.Context()))
			for _, m := range o.outbox(store.OutFilter{Case: first}) {
				if m.Recipient == jan || strings.Contains(string(m.Payload), "jan@") {
					t.Errorf("%s, %s: to %q, %d bytes", m.Key, m.State, m.Recipient, len(m.Payload))
				}
			}
			must(t, o.store.Check(t.Context()))
		})
	}
}
