package desk_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/intake"
	"guichetdunumerique.be/guichet/intake/message"
	"guichetdunumerique.be/guichet/store"
)

func TestARequestOpensACaseAndIsAcknowledged(t *testing.T) {
	o := newOffice(t)
	e := o.arrive(erasure())
	if e.Fate != cases.FateCase || e.Case != "GDN-2026-0001" {
		t.Fatalf("fate %s, case %q, reason %q", e.Fate, e.Case, e.Reason)
	}
	c := o.find(e.Case)
	if c.Status != cases.Open || !slices.Equal(c.Rights, []cases.Right{cases.Erasure}) || c.Language != "fr" {
		t.Errorf("case is %s, rights %v, language %s", c.Status, c.Rights, c.Language)
	}
	if c.Due.String() != "2026-12-23" || c.Latest.String() != "2027-02-23" {
		t.Errorf("due %s, latest %s", c.Due, c.Latest)
	}
	if c.Identity != cases.IdentityMissing {
		t.Errorf("identity %s", c.Identity)
	}
	sent := o.post.to("jan@post.example")
	if len(sent) != 1 || sent[0].AutoSubmitted != "auto-replied" || sent[0].InReplyTo != "jan.1@post.example" {
		t.Fatalf("acknowledgements: %+v", sent)
	}
	want := []cases.EventKind{cases.EventOpened, cases.EventAckQueued, cases.EventSent}
	if got := o.events(e.Case); !slices.Equal(got, want) {
		t.Errorf("events %v, want %v", got, want)
	}
}

func TestTheSameArrivalTwiceIsFiledOnce(t *testing.T) {
	o := newOffice(t)
	o.arrive(erasure())
	raw := erasure().raw()
	again := intake.Arrival{Folder: "INBOX", UIDValidity: 1, UID: 1, InternalDate: o.now,
		Message: message.Parse(message.Source{Head: raw, Size: int64(len(raw))}, message.Limits{})}
	o.take(again)
	if n := len(o.allCases()); n != 1 || len(o.post.mails) != 1 {
		t.Errorf("%d cases, %d mails", n, len(o.post.mails))
	}
}

func TestFates(t *testing.T) {
	bounce := letter{from: "Mail System <mailer-daemon@mx.example>", returnPath: "<>", subject: "Undelivered Mail", id: "b@mx.example",
		headers: "MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n",
		body:    "--b\n\nYour message could not be delivered: please delete my data\n--b\nContent-Type: message/delivery-status\n\nAction: failed\n--b--"}
	list := erasure()
	list.headers = "List-Id: <members.example>\nList-Unsubscribe: <https://members.example/u>\n"
	robot := erasure()
	robot.headers = "Auto-Submitted: auto-generated\n"
	form := letter{from: "Site <info@guichetdunumerique.be>", subject: "Formulaire de contact", id: "f@guichetdunumerique.be",
		headers: "Reply-To: mia@post.example\n",
		body:    "Nom : Mia Maes\nE-mail : mia@post.example\nSujet : mes données\nMessage : Merci de supprimer toutes mes données personnelles de vos fichiers."}
	tests := []struct {
		name   string
		folder string
		l      letter
		fate   cases.Fate
		hold   string // of the case it opened
		why    string
	}{
		{"an order", "INBOX", letter{from: "a@b.example", subject: "Commande", id: "o@b", body: "Bonjour, où en est ma commande de tasses ?"},
			cases.FateIgnored, "", "no right is asked for"},
		{"a bounce that quotes a request", "INBOX", bounce, cases.FateAutomatic, "", "no person can have written it"},
		{"a request through a list", "INBOX", list, cases.FateCase, "B4", "said outright, but never answered by itself"},
		{"a request through a ticket system", "INBOX", robot, cases.FateCase, "B1", "said outright, but never answered by itself"},
		{"a request in the junk folder", "Junk", erasure(), cases.FateCase, "B13", "the clock runs there too"},
		{"a colleague's note", "INBOX", letter{from: "Anne <anne@guichetdunumerique.be>", subject: "réunion", id: "n@g", body: "On se voit à 14h ?"},
			cases.FateStaff, "", "staff address"},
		{"our site's form", "INBOX", form, cases.FateCase, "B9", "it speaks for the client"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newOffice(t)
			e := o.arriveIn(tt.folder, tt.l)
			if e.Fate != tt.fate {
				t.Fatalf("fate %s (%s), want %s: %s", e.Fate, e.Reason, tt.fate, tt.why)
			}
			if tt.fate != cases.FateCase {
				return
			}
			if hold := o.find(e.Case).Hold; tt.hold == "" || !strings.HasPrefix(hold, tt.hold) {
				t.Errorf("held for %q, want %q", hold, tt.hold)
			}
			if len(o.post.mails) != 0 {
				t.Errorf("a held case was answered: %d mails", len(o.post.mails))
			}
		})
	}
}

func TestAFormIsAnsweredToTheClient(t *testing.T) {
	o := newOffice(t)
	e := o.arrive(letter{from: "Site <info@guichetdunumerique.be>", subject: "Formulaire de contact", id: "f@g",
		body: "Nom : Mia Maes\nE-mail : mia@post.example\nMessage : Merci de supprimer toutes mes données personnelles de vos fichiers."})
	if got := o.find(e.Case).Requester; got.Address != "mia@post.example" || got.Name != "Mia Maes" {
		t.Errorf("requester %+v", got)
	}
}

func TestFollowUpsJoinTheirCase(t *testing.T) {
	chaser := letter{from: "Jan Peeters <jan@post.example>", subject: "Re: mes données", id: "jan.9@post.example",
		body: "Bonjour, avez-vous bien reçu mon message ?"}
	tests := []struct {
		name   string
		change func(l *letter, ack string)
	}{
		{"by answering our acknowledgement", func(l *letter, ack string) { l.answers = ack }},
		{"by answering his own mail", func(l *letter, _ string) { l.answers = "jan.1@post.example" }},
		{"by our reference in the subject", func(l *letter, _ string) { l.subject = "Re: GDN-2026-0001" }},
		{"by asking the same again", func(l *letter, _ string) { l.body = erasure().body }},
		{"from another address that has our acknowledgement", func(l *letter, ack string) { l.answers, l.from = ack, "Jan <jan@werk.example>" }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newOffice(t)
			o.arrive(erasure())
			l := chaser
			tt.change(&l, o.post.mails[0].MessageID)
			e := o.arrive(l)
			if e.Fate != cases.FateLinked || e.Case != "GDN-2026-0001" {
				t.Errorf("fate %s, case %q, reason %q", e.Fate, e.Case, e.Reason)
			}
			if n := len(o.post.to("jan@post.example")) + len(o.post.to("jan@werk.example")); n != 1 {
				t.Errorf("%d mails left for clients, want only the first acknowledgement", n)
			}
			if n := len(o.post.to(anne)); n != 1 {
				t.Errorf("%d notices, want one of the further message", n)
			}
		})
	}
}

// soundsLike is a mail in which no rule hears a request, but whose words sound like one.
func soundsLike() letter {
	return letter{from: "Jan Peeters <jan@post.example>", subject: "account weg", id: "jan.8@post.example",
		body: "Dag, ik gebruik mijn account al twee jaar niet meer. Mag helemaal weg, met alles erop en eraan. Groeten, Jan"}
}

func TestWhatSoundsLikeARequestIsShownToAPerson(t *testing.T) {
	o := newOffice(t)
	e := o.arrive(soundsLike())
	if e.Fate != cases.FateCase || o.find(e.Case).Status != cases.Triage {
		t.Fatalf("fate %s, case %q, reason %q", e.Fate, e.Case, e.Reason)
	}
	if n := len(o.post.to("jan@post.example")); n != 0 {
		t.Errorf("%d mails left for the client, want none before a person has looked", n)
	}
}

func TestWhatSoundsLikeARequestIsReadWithTheOpenCaseOfItsWriter(t *testing.T) {
	for name, answers := range map[string]string{"a mail of its own": "", "an answer in the thread": "jan.1@post.example"} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			o.arrive(erasure())
			l := soundsLike()
			l.answers = answers
			if e := o.arrive(l); e.Fate != cases.FateLinked || e.Case != "GDN-2026-0001" {
				t.Errorf("fate %s, case %q, reason %q", e.Fate, e.Case, e.Reason)
			}
		})
	}
}

func TestAFurtherRightIsANewRequestWithItsOwnClock(t *testing.T) {
	o := newOffice(t)
	o.arrive(erasure())
	o.now = o.now.AddDate(0, 0, 10)
	l := access()
	l.answers = "jan.1@post.example"
	e := o.arrive(l)
	if e.Fate != cases.FateCase || e.Case != "GDN-2026-0002" {
		t.Fatalf("fate %s, case %q", e.Fate, e.Case)
	}
	c := o.find(e.Case)
	if c.Related != "GDN-2026-0001" || c.Due.String() != "2027-01-04" {
		t.Errorf("related to %q, due %s", c.Related, c.Due)
	}
}

func TestFailure11AStrangerWithTheReferenceJoinsNothing(t *testing.T) {
	o := newOffice(t)
	o.arrive(erasure())
	e := o.arrive(letter{from: "Eve <eve@else.example>", subject: "GDN-2026-0001", id: "eve@else", body: "Bonjour, où en est le dossier ?"})
	if e.Fate != cases.FateForeign || e.Case != "" {
		t.Errorf("fate %s, case %q", e.Fate, e.Case)
	}
	if got := o.events("GDN-2026-0001"); !slices.Contains(got, cases.EventForeign) {
		t.Errorf("the case does not show it: %v", got)
	}
	guessed := letter{from: "Eve <eve@else.example>", subject: "Re: mes données", id: "eve2@else", answers: "jan.1@post.example", body: "Des nouvelles ?"}
	if e := o.arrive(guessed); e.Fate != cases.FateForeign {
		t.Errorf("answering a client's guessed Message-ID: fate %s", e.Fate)
	}
	own := access()
	own.from, own.subject = "Eve <eve@else.example>", "GDN-2026-0001"
	if e := o.arrive(own); e.Fate != cases.FateCase || e.Case != "GDN-2026-0002" {
		t.Errorf("a stranger's own request: fate %s, case %q", e.Fate, e.Case)
	}
	if len(o.post.to("eve@else.example")) != 1 {
		t.Errorf("the stranger got %d mails, want the one for his own case", len(o.post.to("eve@else.example")))
	}
}

func TestFailure24OurOwnMailComingBackOpensNothing(t *testing.T) {
	o := newOffice(t)
	o.arrive(erasure())
	back := letter{from: "Guichet <" + info + ">", subject: "Auto", id: o.post.mails[0].MessageID, body: o.post.mails[0].Text}
	if e := o.arrive(back); e.Fate != cases.FateAutomatic || len(o.allCases()) != 1 {
		t.Errorf("fate %s, %d cases", e.Fate, len(o.allCases()))
	}
}

func TestACopyInAnotherFolderSharesTheCase(t *testing.T) {
	o := newOffice(t)
	o.arriveIn("Junk", erasure())
	e := o.arriveIn("INBOX", erasure())
	if e.Fate != cases.FateLinked || e.Case != "GDN-2026-0001" || len(o.allCases()) != 1 {
		t.Errorf("fate %s, case %q, %d cases", e.Fate, e.Case, len(o.allCases()))
	}
}

func TestFailure07AReusedMessageIDHidesNoRequest(t *testing.T) {
	o := newOffice(t)
	first := letter{from: "Shop <shop@post.example>", subject: "colis", id: "same@post.example", body: "Votre colis est en route."}
	o.arrive(first)
	second := erasure()
	second.id = "same@post.example"
	if e := o.arrive(second); e.Fate != cases.FateCase {
		t.Errorf("fate %s (%s)", e.Fate, e.Reason)
	}
}

func TestFailure22RenumberedFolderKeepsItsLedger(t *testing.T) {
	o := newOffice(t)
	letters := []letter{erasure(), {from: "a@b.example", subject: "Commande", id: "o@b", body: "Où en est ma commande ?"}}
	for _, l := range letters {
		o.arrive(l)
	}
	must(t, o.Renumbered(t.Context(), "INBOX", intake.Position{UIDValidity: 7}))
	old := letter{from: "Old <old@post.example>", subject: "ancien", id: "old@post", body: "Supprimez toutes mes données personnelles."}
	for i, l := range append([]letter{old}, letters...) {
		raw := l.raw()
		at := o.now
		if i == 0 {
			at = o.now.AddDate(0, -6, 0) // lay there before the first start
		}
		must(t, o.Take(t.Context(), intake.Arrival{Folder: "INBOX", UIDValidity: 7, UID: uint32(i + 1), InternalDate: at, Reread: true,
			Message: message.Parse(message.Source{Head: raw, Size: int64(len(raw))}, message.Limits{})}))
	}
	must(t, o.Deliver(t.Context()))
	if n := len(o.allCases()); n != 1 || len(o.post.mails) != 1 {
		t.Errorf("%d cases and %d mails after the second reading", n, len(o.post.mails))
	}
	must(t, o.store.View(t.Context(), func(tx *store.Tx) error {
		all, err := tx.FindEntries(store.EntryFilter{Folder: "INBOX"})
		if len(all) != 3 {
			t.Errorf("%d rows for 3 messages", len(all))
		}
		for _, e := range all {
			if e.UIDValidity != 7 {
				t.Errorf("message %d still has UIDVALIDITY %d", e.UID, e.UIDValidity)
			}
		}
		return err
	}))
}

func TestFailure19ReceiptIsWhenItReachedOurServer(t *testing.T) {
	o := newOffice(t)
	l := erasure()
	l.headers = "Received: from x by mx1.guichetdunumerique.be; Fri, 20 Nov 2026 23:30:00 +0100\nDate: Mon, 1 Jan 2035 00:00:00 +0000\n"
	e := o.arrive(l)
	c := o.find(e.Case)
	if got := c.Received.UTC(); !got.Equal(time.Date(2026, 11, 20, 22, 30, 0, 0, time.UTC)) {
		t.Errorf("received %s", got)
	}
	if c.Due.String() != "2026-12-21" { // 20 December 2026 is a Sunday
		t.Errorf("due %s", c.Due)
	}
	if !slices.Contains(c.Flags, cases.DateDoubt) {
		t.Errorf("the two receipt dates lie two days apart, flags %v", c.Flags)
	}
}

func TestOldMailOpensACaseButIsNotAnswered(t *testing.T) {
	o := newOffice(t)
	raw := erasure().raw()
	e := o.take(intake.Arrival{Folder: "INBOX", UIDValidity: 1, UID: 1, InternalDate: o.now.AddDate(0, 0, -10),
		Message: message.Parse(message.Source{Head: raw, Size: int64(len(raw))}, message.Limits{})})
	c := o.find(e.Case)
	if !strings.HasPrefix(c.Hold, "B18") || len(o.post.mails) != 0 {
		t.Errorf("hold %q, %d mails", c.Hold, len(o.post.mails))
	}
	if c.Due.String() != "2026-12-14" { // 13 December 2026 is a Sunday
		t.Errorf("due %s: the clock runs from receipt", c.Due)
	}
}

func TestAMessageThatCannotBeReadIsShownToAPerson(t *testing.T) {
	o := newOffice(t)
	arrival := intake.Arrival{Folder: "INBOX", UIDValidity: 1, UID: 1, InternalDate: o.now, Unreadable: "the server's answer could not be parsed"}
	e := o.take(arrival)
	if e.Fate != cases.FateUnreadable || o.find(e.Case).Status != cases.Triage || len(o.post.to("jan@post.example")) != 0 {
		t.Errorf("fate %s, case %q", e.Fate, e.Case)
	}
	must(t, o.Renumbered(t.Context(), "INBOX", intake.Position{UIDValidity: 7}))
	arrival.UIDValidity, arrival.UID, arrival.Reread = 7, 4, true
	o.take(arrival)
	if n := len(o.allCases()); n != 1 {
		t.Errorf("%d cases after reading the same message again", n)
	}
}

func TestAServerRestoredFromABackupHidesNoRequest(t *testing.T) {
	o := newOffice(t)
	o.arrive(letter{from: "a@b.example", subject: "Commande", id: "o@b", body: "Où en est ma commande ?"})
	must(t, o.Renumbered(t.Context(), "INBOX", intake.Position{UIDValidity: 1})) // the same UIDVALIDITY, UIDs used again
	raw := erasure().raw()
	e := o.take(intake.Arrival{Folder: "INBOX", UIDValidity: 1, UID: 1, InternalDate: o.now, Reread: true,
		Message: message.Parse(message.Source{Head: raw, Size: int64(len(raw))}, message.Limits{})})
	if e.Fate != cases.FateCase {
		t.Errorf("another message under a known UID: fate %s (%s)", e.Fate, e.Reason)
	}
}

// Mail servers tell dates in whole seconds: what came in the second of the first start seems to have come before it.
func TestMailOfTheSecondOfTheFirstStartIsNotThePast(t *testing.T) {
	o := newOffice(t)
	o.now = o.now.Add(700 * time.Millisecond)
	must(t, o.Begin(t.Context(), "Support", intake.Position{UIDValidity: 1}))
	must(t, o.Renumbered(t.Context(), "Support", intake.Position{UIDValidity: 2, Reread: 1})) // before it was read
	raw := erasure().raw()
	e := o.take(intake.Arrival{Folder: "Support", UIDValidity: 2, UID: 1, InternalDate: o.now.Truncate(time.Second), Reread: true,
		Message: message.Parse(message.Source{Head: raw, Size: int64(len(raw))}, message.Limits{})})
	if e.Fate != cases.FateCase {
		t.Errorf("fate %s (%s)", e.Fate, e.Reason)
	}
}

func TestASecondReadingGoesOnAfterARestart(t *testing.T) {
	o := newOffice(t)
	want := intake.Position{UIDValidity: 7, Reread: 12}
	must(t, o.Renumbered(t.Context(), "INBOX", want))
	if p, known, err := o.Position(t.Context(), "INBOX"); err != nil || !known || p != want {
		t.Errorf("position %+v, known %v, %v", p, known, err)
	}
}
