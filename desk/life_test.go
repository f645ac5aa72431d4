package desk_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/store"
)

const first = "GDN-2026-0001"

// noticed is an office where one case is open and Anne has a notice of it.
func noticed(t *testing.T) (o *office, id string) {
	t.Helper()
	o = newOffice(t)
	o.Profile.NotifyNew = true
	o.arrive(erasure())
	mails := o.post.to(anne)
	if len(mails) != 1 {
		t.Fatalf("%d notices of a new case", len(mails))
	}
	return o, mails[0].MessageID
}

// answer is what Anne writes below a notice.
func answer(id, words string) letter {
	return letter{from: "Anne <" + anne + ">", subject: "Re: " + first, id: "anne.1@guichetdunumerique.be", answers: id, body: words}
}

func (o *office) told() []string {
	var subjects []string
	for _, m := range o.post.to(anne) {
		subjects = append(subjects, m.Subject)
	}
	return subjects
}

func TestStaffCommandACaseByAnsweringItsNotice(t *testing.T) {
	o, id := noticed(t)
	e := o.arrive(answer(id, "close"))
	if e.Fate != cases.FateStaff || e.Case != first {
		t.Errorf("fate %s of case %q: %s", e.Fate, e.Case, e.Reason)
	}
	k := o.find(first)
	if k.Status != cases.Closed || k.Outcome != cases.Fulfilled {
		t.Errorf("the case is %s, %s", k.Status, k.Outcome)
	}
	if !slices.Contains(o.events(first), cases.EventClosed) {
		t.Errorf("events %v", o.events(first))
	}
	if n := len(o.outbox(store.OutFilter{Kinds: []string{"receipt"}})); n != 1 {
		t.Errorf("%d receipts, want one", n)
	}
	if n := len(o.post.to("jan@post.example")); n != 1 {
		t.Errorf("%d mails for the client, want only the acknowledgement", n)
	}
}

func TestFailure10ForgedStaffMailChangesNothingAndIsShown(t *testing.T) {
	tests := []struct {
		name   string
		change func(o *office, l *letter)
		told   bool
	}{
		{"no notice is answered", func(_ *office, l *letter) { l.answers, l.body = "", "close "+first }, true},
		{"a guessed id", func(_ *office, l *letter) { l.answers = "notice.aaaa@guichetdunumerique.be" }, true},
		{"another colleague's id", func(o *office, l *letter) {
			o.Profile.Staff = append(o.Profile.Staff, "bob@guichetdunumerique.be")
			l.from = "Bob <bob@guichetdunumerique.be>"
		}, true},
		{"an id after its age", func(o *office, _ *letter) { o.now = o.now.AddDate(0, 0, 100) }, true},
		{"somebody who left", func(o *office, _ *letter) {
			o.Profile.Staff, o.Profile.DigestTo = []string{"bob@guichetdunumerique.be"}, nil
		}, true},
		{"a failed DMARC result", func(o *office, l *letter) {
			o.Profile.TrustedAuthserv = "mx.guichetdunumerique.be"
			l.headers = "Authentication-Results: mx.guichetdunumerique.be; dmarc=fail header.from=guichetdunumerique.be\n"
		}, true},
		{"no result of the trusted server", func(o *office, l *letter) {
			o.Profile.TrustedAuthserv = "mx.guichetdunumerique.be"
			l.headers = "Authentication-Results: mx.evil.example; dmarc=pass header.from=guichetdunumerique.be\n"
		}, true},
		{"a forged result below the real one", func(o *office, l *letter) {
			o.Profile.TrustedAuthserv = "mx.guichetdunumerique.be"
			l.headers = "Authentication-Results: mx.guichetdunumerique.be; dmarc=fail header.from=guichetdunumerique.be\n" +
				"Authentication-Results: mx.guichetdunumerique.be; dmarc=pass header.from=guichetdunumerique.be\n"
		}, true},
		{"a forged result above the real one", func(o *office, l *letter) {
			o.Profile.TrustedAuthserv = "mx.guichetdunumerique.be"
			l.headers = "Authentication-Results: mx.guichetdunumerique.be; dmarc=pass header.from=guichetdunumerique.be\n" +
				"Authentication-Results: mx.guichetdunumerique.be; dmarc=fail header.from=guichetdunumerique.be\n"
		}, true},
		{"two authors", func(_ *office, l *letter) { l.from = "Anne <" + anne + ">, Eve <eve@evil.example>" }, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o, id := noticed(t)
			l := answer(id, "close")
			tt.change(o, &l)
			before := len(o.outbox(store.OutFilter{Kinds: []string{"notice"}}))
			o.arrive(l)
			if k := o.find(first); k.Status != cases.Open {
				t.Errorf("the case is %s", k.Status)
			}
			if told := len(o.outbox(store.OutFilter{Kinds: []string{"notice"}})) > before; told != tt.told {
				t.Errorf("staff were told: %v", told)
			}
			if n := len(o.outbox(store.OutFilter{Kinds: []string{"receipt"}})); n != 0 {
				t.Error("the forger got a receipt")
			}
		})
	}
}

func TestTheRightServerVouches(t *testing.T) {
	o, id := noticed(t)
	o.Profile.TrustedAuthserv = "mx.guichetdunumerique.be"
	l := answer(id, "close")
	l.headers = "Authentication-Results: mx.guichetdunumerique.be; dkim=pass header.d=guichetdunumerique.be; dmarc=pass header.from=guichetdunumerique.be\n"
	if o.arrive(l); o.find(first).Status != cases.Closed {
		t.Error("a proven command was not obeyed")
	}
}

func TestAClientCommandsNothing(t *testing.T) {
	o, id := noticed(t)
	o.arrive(letter{from: "Jan <jan@post.example>", subject: "Re: " + first, id: "jan.7@post.example", answers: o.post.mails[0].MessageID, body: "close"})
	o.arrive(letter{from: "Eve <eve@evil.example>", subject: "x", id: "eve@evil.example", answers: id, body: "close"})
	o.arrive(letter{from: "Anne <" + anne + ">", subject: "Re: x", id: "anne.3@guichetdunumerique.be", answers: id,
		body: "Merci, bien vu.\n\nLe 23/11/2026, Jan Peeters a écrit :\n> close\n> " + first + " close"})
	if k := o.find(first); k.Status != cases.Open {
		t.Errorf("the case is %s", k.Status)
	}
}

func TestFailure23AnAbsenceNoticeOfStaffOrdersNothing(t *testing.T) {
	o, id := noticed(t)
	l := answer(id, "close")
	l.headers = "Auto-Submitted: auto-replied\n"
	if e := o.arrive(l); e.Fate != cases.FateAutomatic || o.find(first).Status != cases.Open {
		t.Errorf("fate %s, case %s", e.Fate, o.find(first).Status)
	}
}

func TestStaffAnswersAreSeen(t *testing.T) {
	sent := letter{from: "Guichet <" + info + ">", to: "jan@post.example", subject: "Re: mes données", id: "s1@guichetdunumerique.be",
		answers: "jan.1@post.example", body: "Bonjour, vos données sont supprimées."}
	t.Run("in the Sent folder", func(t *testing.T) {
		o, _ := noticed(t)
		o.now = o.now.Add(time.Hour)
		if e := o.arriveIn("Sent", sent); e.Fate != cases.FateStaff || e.Case != first {
			t.Errorf("fate %s of %q: %s", e.Fate, e.Case, e.Reason)
		}
		if k := o.find(first); !k.FirstReply.Equal(o.now) || k.Status != cases.Open {
			t.Errorf("first reply %v, %s", k.FirstReply, k.Status)
		}
	})
	t.Run("in copy from a colleague", func(t *testing.T) {
		o, _ := noticed(t)
		l := sent
		l.from, l.cc = "Anne <"+anne+">", info
		if e := o.arrive(l); e.Fate != cases.FateStaff || o.find(first).FirstReply.IsZero() {
			t.Errorf("fate %s, first reply %v", e.Fate, o.find(first).FirstReply)
		}
	})
	t.Run("a mail about the case to somebody else is no answer", func(t *testing.T) {
		o, _ := noticed(t)
		l := sent
		l.to = "it@supplier.example"
		o.arriveIn("Sent", l)
		if !o.find(first).FirstReply.IsZero() {
			t.Error("counted as an answer")
		}
	})
	t.Run("an absence notice is no answer", func(t *testing.T) {
		o, _ := noticed(t)
		l := sent
		l.headers = "Auto-Submitted: auto-replied\n"
		o.arriveIn("Sent", l)
		if !o.find(first).FirstReply.IsZero() {
			t.Error("counted as an answer")
		}
	})
}

func TestADraftIsMadeOnceAndNoticedWhenSent(t *testing.T) {
	o, id := noticed(t)
	o.arrive(answer(id, "draft answer"))
	if len(o.files.kept) != 1 || o.files.kept[0].To != "jan@post.example" || !strings.Contains(o.files.kept[0].Subject, first) {
		t.Fatalf("drafts %+v", o.files.kept)
	}
	again := answer(id, "draft answer")
	again.id = "anne.2@guichetdunumerique.be"
	if o.arrive(again); len(o.files.kept) != 1 {
		t.Errorf("%d drafts of one letter", len(o.files.kept))
	}
	sent := letter{from: "Guichet <" + info + ">", to: "jan@post.example", subject: o.files.kept[0].Subject, id: o.files.kept[0].MessageID,
		answers: "jan.1@post.example", body: "Bonjour, vos données sont supprimées."}
	if e := o.arriveIn("Sent", sent); e.Fate != cases.FateStaff {
		t.Errorf("fate %s: %s", e.Fate, e.Reason)
	}
	if got := o.events(first); !slices.Contains(got, cases.EventDraftSent) || !slices.Contains(got, cases.EventReplied) {
		t.Errorf("events %v", got)
	}
}

func TestADraftUnderAnotherMessageIDIsNoticed(t *testing.T) {
	o, id := noticed(t)
	o.arrive(answer(id, "draft answer"))
	sent := letter{from: "Guichet <" + info + ">", to: "jan@post.example", subject: o.files.kept[0].Subject, id: "outlook.1@guichetdunumerique.be",
		answers: "jan.1@post.example", body: "Bonjour, vos données sont supprimées."}
	o.arriveIn("Sent", sent)
	again := sent
	again.id, again.body = "outlook.2@guichetdunumerique.be", "Bonjour, une précision."
	o.arriveIn("Sent", again)
	n := 0
	for _, kind := range o.events(first) {
		if kind == cases.EventDraftSent {
			n++
		}
	}
	if n != 1 || o.find(first).FirstReply.IsZero() {
		t.Errorf("noticed %d times, first reply %v", n, o.find(first).FirstReply)
	}
}

func TestFailure13ABounceMarksACaseOnlyIfOurMailCameBack(t *testing.T) {
	o, _ := noticed(t)
	ack := o.post.to("jan@post.example")[0].MessageID
	o.arrive(report("forged@guichetdunumerique.be", "5.1.1"))
	if k := o.find(first); len(k.Flags) != 0 {
		t.Errorf("a forged bounce set %v", k.Flags)
	}
	real := report(ack, "5.1.1")
	real.id = "b2@mx.example"
	if e := o.arrive(real); e.Fate != cases.FateAutomatic || e.Case != first {
		t.Errorf("fate %s of %q: %s", e.Fate, e.Case, e.Reason)
	}
	if k := o.find(first); !slices.Contains(k.Flags, cases.Undeliverable) {
		t.Errorf("flags %v", k.Flags)
	}
	if n := len(o.post.to("jan@post.example")); n != 1 {
		t.Errorf("%d mails to an address that does not take them", n)
	}
}

func TestSecondThoughtsReachStaff(t *testing.T) {
	tests := []struct {
		name, body string
		want       cases.EventKind
	}{
		{"a request taken back", "Bonjour, finalement je retire ma demande. Merci.", cases.EventTakenBack},
		{"a proof declined", "Je refuse de vous envoyer une copie de ma carte d'identité.", cases.EventIdentity},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o, _ := noticed(t)
			before := len(o.told())
			o.arrive(letter{from: "Jan Peeters <jan@post.example>", subject: "Re: mes données", id: "jan.5@post.example", answers: "jan.1@post.example", body: tt.body})
			if !slices.Contains(o.events(first), tt.want) {
				t.Errorf("events %v", o.events(first))
			}
			if len(o.told()) != before+1 {
				t.Errorf("%d notices", len(o.told())-before)
			}
			if o.find(first).Status != cases.Open {
				t.Error("a program closed the case")
			}
		})
	}
}

func TestTheDigestGoesOutOnceEachWorkingDay(t *testing.T) {
	o := newOffice(t)
	o.arrive(erasure())
	digests := func() int { return len(o.outbox(store.OutFilter{Kinds: []string{"digest"}})) }
	at := func(day, hour, minute int) {
		o.now = time.Date(2026, 11, day, hour, minute, 0, 0, time.FixedZone("", 3600))
		for _, f := range []string{"INBOX", "Junk", "Sent"} {
			must(t, o.Checked(t.Context(), f, o.now))
		}
		must(t, o.Tick(t.Context()))
		must(t, o.Deliver(t.Context()))
	}
	at(23, 15, 0)
	if digests() != 0 {
		t.Error("a digest of before the desk opened")
	}
	at(24, 7, 59)
	at(24, 8, 0)
	at(24, 8, 5)
	if digests() != 1 {
		t.Errorf("%d digests on the first morning", digests())
	}
	at(26, 14, 0) // down for two days
	if digests() != 2 {
		t.Errorf("%d digests after a stop", digests())
	}
	at(27, 8, 0)
	at(28, 8, 0) // Saturday
	at(29, 8, 0)
	if digests() != 3 {
		t.Errorf("%d digests at the week's end", digests())
	}
	must(t, o.Deliver(t.Context()))
	mails := o.post.to(anne)
	if m := mails[len(mails)-1]; !strings.Contains(m.Text, first) || strings.Contains(m.Subject, "Peeters") || strings.Contains(m.Text, "mes données") {
		t.Errorf("digest %q:\n%s", m.Subject, m.Text)
	}
}

func TestNothingToSayIsSaidOnceAWeek(t *testing.T) {
	o := newOffice(t)
	for day := range 21 {
		o.now = time.Date(2026, 11, 24+day, 9, 0, 0, 0, time.UTC)
		for _, f := range []string{"INBOX", "Junk", "Sent"} {
			must(t, o.Checked(t.Context(), f, o.now))
		}
		must(t, o.Tick(t.Context()))
		must(t, o.Deliver(t.Context()))
	}
	if n := len(o.outbox(store.OutFilter{Kinds: []string{"digest"}})); n != 3 {
		t.Errorf("%d signs of life in three weeks", n)
	}
}

func TestRemindersGoOutOnceAndEndWithTheCase(t *testing.T) {
	o, _ := noticed(t)
	seen := map[string]int{}
	for day := range 45 {
		o.now = time.Date(2026, 11, 24+day, 9, 0, 0, 0, time.UTC)
		must(t, o.Tick(t.Context()))
		must(t, o.Tick(t.Context()))
		must(t, o.Deliver(t.Context()))
		if day == 40 {
			_, err := o.Instruct(t.Context(), "anne", cases.Command{Verb: cases.VerbClose, Case: first, Outcome: cases.Fulfilled})
			must(t, err)
		}
	}
	for _, m := range o.outbox(store.OutFilter{Kinds: []string{string(cases.TaskDue), string(cases.TaskLate)}}) {
		seen[m.Kind]++
	}
	// due on 23 December; Christmas and the week's ends are closed: the 24th, 28th to 31st, and 1 January is closed.
	if seen["due"] != 5 || seen["late"] != 5 {
		t.Errorf("reminders %v, want the five steps and each working day until 3 January", seen)
	}
}

func TestHealthStandsInTheDigest(t *testing.T) {
	o := newOffice(t)
	o.now = time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC) // nobody has looked for two days
	m, err := o.Digest(t.Context(), cases.Date{Year: 2026, Month: 11, Day: 25})
	must(t, err)
	if !strings.Contains(m.Text, "INBOX") {
		t.Errorf("the digest says nothing of a silent folder:\n%s", m.Text)
	}
}

func TestAMissingProofIsAskedForOnceWhereTheDeskWantsIt(t *testing.T) {
	o := newOffice(t)
	o.Profile.RemindIdentityAfter = 7 * 24 * time.Hour
	o.arrive(erasure())
	for day := range 20 {
		o.now = time.Date(2026, 11, 24+day, 9, 0, 0, 0, time.UTC)
		must(t, o.Tick(t.Context()))
	}
	must(t, o.Deliver(t.Context()))
	if n := len(o.post.to("jan@post.example")); n != 2 {
		t.Errorf("%d mails to the client, want the acknowledgement and one reminder", n)
	}
}

func TestACopyOfWhatWeSendGoesToSentWhereWanted(t *testing.T) {
	o := newOffice(t)
	o.Profile.CopyToSent = true
	o.arrive(erasure())
	ack := o.post.to("jan@post.example")[0]
	if len(o.files.raw) != 1 || o.files.raw["sent "+ack.MessageID] == nil {
		t.Errorf("kept %v", o.files.raw)
	}
	if e := o.arriveIn("Sent", letter{from: info, to: "jan@post.example", id: ack.MessageID, body: "x"}); e.Fate != cases.FateAutomatic {
		t.Errorf("our own copy is %s", e.Fate)
	}
	if !o.find(first).FirstReply.IsZero() {
		t.Error("the program's copy counts as staff's answer")
	}
}
