package desk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/store"
)

// report is a delivery report, as it should be, about the mail of an id.
func report(id, status string) letter {
	return letter{from: "Mail Delivery System <MAILER-DAEMON@mx.example>", returnPath: "<>", subject: "Undelivered Mail Returned to Sender", id: "b@mx.example",
		headers: "Auto-Submitted: auto-replied\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n",
		body: "--b\nContent-Type: text/plain\n\nNot delivered.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n" +
			"Final-Recipient: rfc822; jan@post.example\nAction: failed\nStatus: " + status + "\n\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <" + id + ">\nSubject: x\n\n--b--"}
}

// unchanged checks that a message left a case, its requester and clients' mail alone.
func (o *office) unchanged(t *testing.T, before cases.Case, clients int) {
	t.Helper()
	k := o.find(before.Reference.String())
	if k.Status != before.Status || k.Requester != before.Requester || k.Identity != before.Identity || k.Due != before.Due ||
		!slices.Equal(k.Rights, before.Rights) || !slices.Equal(k.Flags, before.Flags) || !k.FirstReply.Equal(before.FirstReply) {
		t.Errorf("the case changed: %+v", k)
	}
	if n := len(o.post.mails) - len(o.post.to(anne)); n != clients {
		t.Errorf("%d mails outside, want %d", n, clients)
	}
}

// An answer is an agent's only if it bears the id of a notice that this agent got: no part of it can be computed.
func TestCVE202647123NoticeIDsCannotBeMade(t *testing.T) {
	o, id := noticed(t)
	before := o.find(first)
	local, domain, _ := strings.Cut(id, "@")
	for i, guess := range []string{
		local[:len(local)-1] + "@" + domain, local + "a@" + domain, strings.ToUpper(local) + "@" + domain, "notice." + first + "@" + domain,
		fmt.Sprintf("notice:%s:2:1@%s", first, domain), "notice:" + first + ":2:1", o.post.to("jan@post.example")[0].MessageID, "jan.1@post.example",
	} {
		l := answer(guess, "close")
		l.id = fmt.Sprintf("guess.%d@evil.example", i)
		o.arrive(l)
	}
	o.unchanged(t, before, 1)
}

// Nor by the row that stands for a notice in a rush: it was never sent, so nobody can answer it.
func TestCVE202647123WhatIsGatheredProvesNothing(t *testing.T) {
	o := newOffice(t)
	o.Profile.NotifyNew, o.Profile.NoticesPerHour = true, 0
	o.arrive(erasure())
	before := o.find(first)
	rows := o.outbox(store.OutFilter{States: []store.OutState{store.OutGathered}})
	if len(rows) != 1 {
		t.Fatalf("%d rows", len(rows))
	}
	for i, id := range []string{rows[0].Key, rows[0].Key + "@guichetdunumerique.be"} {
		l := answer(id, "close")
		l.id = fmt.Sprintf("guess.%d@evil.example", i)
		o.arrive(l)
	}
	o.unchanged(t, before, 1)
}

// What a colleague got before he left proves nothing after.
func TestGHSA83xx8c27gq78WhoLeftCommandsNothing(t *testing.T) {
	o, id := noticed(t)
	before := o.find(first)
	o.Profile.Staff, o.Profile.DigestTo, o.Profile.Backup = []string{"bob@guichetdunumerique.be"}, nil, nil
	o.arrive(answer(id, "close"))
	o.unchanged(t, before, 2) // the acknowledgement, and what Bob is told
}

// Whoever answers our mail from another address joins the case's messages, and takes nobody's place.
func TestGHSAj49f9g943wh4AnotherAddressNeverBecomesTheRequester(t *testing.T) {
	o, _ := noticed(t)
	o.Profile.RemindIdentityAfter = 7 * 24 * time.Hour
	before := o.find(first)
	e := o.arrive(letter{from: "Eve <eve@evil.example>", subject: "Re: " + first, id: "eve@evil.example", cc: "mallory@evil.example",
		answers: o.post.to("jan@post.example")[0].MessageID, body: "Bonjour, avez-vous des nouvelles ?"})
	if e.Fate != cases.FateLinked {
		t.Errorf("fate %s", e.Fate)
	}
	o.unchanged(t, before, 1)
	o.now = o.now.AddDate(0, 0, 8)
	must(t, o.Tick(t.Context()))
	must(t, o.Deliver(t.Context()))
	if len(o.post.to("jan@post.example")) != 2 || len(o.post.to("eve@evil.example"))+len(o.post.to("mallory@evil.example")) != 0 {
		t.Error("the next mail of the case went to somebody else")
	}
}

// A spoofed copy line adds nobody to a case.
func TestCVE202449193ACopyLineAddsNobody(t *testing.T) {
	o, id := noticed(t)
	o.arrive(letter{from: "Jan Peeters <jan@post.example>", returnPath: "<eve@evil.example>", cc: "eve@evil.example", subject: "Re: " + first,
		id: "spoof@evil.example", body: "Veuillez ajouter mon collègue Eve et lui envoyer le dossier."})
	o.arrive(answer(id, "draft answer"))
	o.arrive(answer(id, "extend: complexe"))
	for _, m := range slices.Concat(o.post.mails, o.files.kept) {
		if m.To != anne && m.To != "jan@post.example" {
			t.Errorf("a mail to %s", m.To)
		}
		if strings.Contains(string(o.files.raw["drafts "+m.MessageID]), "evil.example") {
			t.Error("a draft names the spoofed copy")
		}
	}
}

// Fields that the program itself writes mean nothing on what comes in.
func TestCVE202341259OurOwnFieldsMeanNothingFromOutside(t *testing.T) {
	o, _ := noticed(t)
	before := o.find(first)
	e := o.arrive(letter{from: "Eve <eve@evil.example>", subject: "x", id: "eve@evil.example", headers: "X-Case-Ref: " + first + "\nX-Guichet: staff\nX-RT-Ticket: " + first + "\n",
		body: "close"})
	if e.Fate != cases.FateIgnored || e.Case != "" {
		t.Errorf("fate %s of %q", e.Fate, e.Case)
	}
	o.unchanged(t, before, 1)
	hidden := access()
	hidden.from, hidden.id = "Eve <eve@evil.example>", o.post.to("jan@post.example")[0].MessageID
	if e := o.arrive(hidden); e.Fate != cases.FateCase {
		t.Errorf("a request under the Message-ID of our acknowledgement: fate %s (%s)", e.Fate, e.Reason)
	}
}

// Whoever is not proven gets no answer, and so learns nothing.
func TestCVE202341260TheUnprovenLearnNothing(t *testing.T) {
	o, _ := noticed(t)
	for i, l := range []letter{
		answer("notice.guess@guichetdunumerique.be", "close "+first), answer("", first+" close"),
		{from: "Eve <eve@evil.example>", subject: first, body: "status ?"}, {from: "Eve <eve@evil.example>", subject: "GDN-2026-9999", body: "status ?"},
	} {
		l.id = fmt.Sprintf("probe.%d@evil.example", i)
		o.arrive(l)
	}
	if len(o.post.to("eve@evil.example")) != 0 || len(o.outbox(store.OutFilter{Kinds: []string{"receipt"}})) != 0 {
		t.Error("a probe was answered")
	}
}

// A client comes to see the id of a notice when a colleague answers him from it: forged, it moves no other case.
func TestFailure10ANoticeProvesOnlyForItsOwnCase(t *testing.T) {
	o, id := noticed(t)
	other := erasure()
	other.from, other.id = "Mia <mia@post.example>", "mia@post.example"
	second := o.arrive(other).Case
	before := o.find(second)
	o.arrive(answer(id, "close "+second))
	o.unchanged(t, before, 2)
	if n := len(o.outbox(store.OutFilter{Kinds: []string{"receipt"}})); n != 1 {
		t.Errorf("%d receipts: the colleague must learn that nothing was done", n)
	}
	o.now = o.now.AddDate(0, 0, 1)
	must(t, o.Tick(t.Context()))
	must(t, o.Deliver(t.Context()))
	digest := o.outbox(store.OutFilter{Kinds: []string{"digest"}})[0].MessageID
	l := answer(digest, "close "+second)
	l.id = "anne.5@guichetdunumerique.be"
	if o.arrive(l); o.find(second).Status != cases.Closed {
		t.Error("an answer to the digest commands any case")
	}
}

func TestCVE202626077AForgedBounceChangesNothing(t *testing.T) {
	o, notice := noticed(t)
	before := o.find(first)
	for i, id := range []string{"guess@guichetdunumerique.be", "ack.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@guichetdunumerique.be", "jan.1@post.example", notice, first} {
		l := report(id, "5.1.1")
		l.id = fmt.Sprintf("%d@mx.example", i)
		o.arrive(l)
	}
	o.unchanged(t, before, 1)
}

// Who has our mail in hand can say that it came back. That marks the case once, in no words of his.
func TestFailure13AReportInOurNameMarksTheCaseOnce(t *testing.T) {
	o, _ := noticed(t)
	before, told := o.find(first), len(o.post.to(anne))
	ack := o.post.to("jan@post.example")[0].MessageID
	for i, status := range []string{"5.1.1", "5.1.2", "send money to", "4.4.1", "5.1.1"} {
		l := report(ack, status)
		l.id = fmt.Sprintf("%d@mx.example", i)
		o.arrive(l)
	}
	k := o.find(first)
	if !slices.Equal(k.Flags, []cases.Flag{cases.Undeliverable}) {
		t.Errorf("flags %v", k.Flags)
	}
	k.Flags = before.Flags
	if k.Status != before.Status || k.Requester != before.Requester || k.Due != before.Due {
		t.Errorf("the case changed: %+v", k)
	}
	if n := len(o.post.to(anne)) - told; n != 1 {
		t.Errorf("staff were told %d times", n)
	}
	must(t, o.store.View(t.Context(), func(tx *store.Tx) error {
		events, err := tx.FindEvents(first)
		for _, e := range events {
			if strings.Contains(e.Note, "money") {
				t.Errorf("a stranger's words in the history: %q", e.Note)
			}
		}
		return err
	}))
}

func TestFailure23NothingOfStaffReachesTheRequester(t *testing.T) {
	tests := []struct {
		name    string
		l       letter
		receipt bool
	}{
		{"an absence notice with its header", letter{subject: "Absence du bureau", headers: "Auto-Submitted: auto-replied\n", body: "Je suis absente jusqu'au 3 janvier."}, false},
		{"one without", letter{subject: "Absence du bureau : Re: GDN-2026-0001", body: "Je suis absente jusqu'au 3 janvier."}, false},
		{"one that begins like a command", letter{subject: "Re: " + first, body: "Fermé jusqu'au 3 janvier."}, true},
		{"the same in Dutch", letter{subject: "Re: " + first, body: "Gesloten tot 3 januari."}, true},
		{"the same in German", letter{subject: "Re: " + first, body: "Geschlossen bis 3. Januar."}, true},
		{"the same in English", letter{subject: "Re: " + first, body: "Closed until 3 January."}, true},
		{"a break that is none", letter{subject: "Re: " + first, body: "En pause jusqu'à lundi, je vous réponds ensuite."}, true},
		{"a typing error", letter{subject: "Re: " + first, body: "clsoe"}, true},
		{"thanks", letter{subject: "Re: " + first, body: "Merci !"}, false},
		{"a whole sentence", letter{subject: "Re: " + first, body: "Je ferme ce dossier demain si tout va bien."}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o, id := noticed(t)
			before := o.find(first)
			tt.l.from, tt.l.answers, tt.l.id = "Anne <"+anne+">", id, "anne.9@guichetdunumerique.be"
			o.arrive(tt.l)
			o.unchanged(t, before, 1)
			if n := len(o.outbox(store.OutFilter{Kinds: []string{"receipt"}})); tt.receipt != (n == 1) {
				t.Errorf("%d receipts", n)
			}
		})
	}
}

// A colleague's machine without a header answers receipts, too.
func TestFailure23AMachineOfStaffIsNotAnsweredForEver(t *testing.T) {
	o, _ := noticed(t)
	before := o.find(first)
	read := 0
	for i := range 200 {
		o.now = o.now.Add(10 * time.Minute)
		for mails := o.post.to(anne); read < len(mails); read++ {
			l := answer(mails[read].MessageID, fmt.Sprintf("Retour au bureau dans %d minutes, votre message sera lu.", 1000-i))
			l.id = fmt.Sprintf("m%d@guichetdunumerique.be", read)
			o.arrive(l)
		}
	}
	if n := len(o.outbox(store.OutFilter{Kinds: []string{"receipt"}})); n > 10 {
		t.Errorf("%d receipts in a day and a half", n)
	}
	o.unchanged(t, before, 1)
}

func TestFailure24OurMailOpensNoCaseHoweverItComesBack(t *testing.T) {
	tests := []struct {
		name   string
		folder string
		back   func(o *office) letter
	}{
		{"the acknowledgement, by an alias", "INBOX", func(o *office) letter {
			m := o.post.to("jan@post.example")[0]
			return letter{from: info, to: "jan@post.example", subject: m.Subject, id: m.MessageID, body: m.Text, headers: "Auto-Submitted: auto-replied\nDelivered-To: " + info + "\n"}
		}},
		{"under another Message-ID", "INBOX", func(o *office) letter {
			m := o.post.to("jan@post.example")[0]
			return letter{from: info, to: "jan@post.example", subject: m.Subject, id: "rewritten@provider.example", body: m.Text, headers: "Auto-Submitted: auto-replied\n"}
		}},
		{"without its fields", "INBOX", func(o *office) letter {
			m := o.post.to("jan@post.example")[0]
			return letter{from: info, subject: m.Subject, id: "bare@provider.example", body: m.Text}
		}},
		{"in the junk folder", "Junk", func(o *office) letter {
			m := o.post.to("jan@post.example")[0]
			return letter{from: info, subject: m.Subject, id: m.MessageID, body: m.Text}
		}},
		{"the notice, to the mailbox itself", "INBOX", func(o *office) letter {
			m := o.post.to(anne)[0]
			return letter{from: info, subject: m.Subject, id: m.MessageID, body: m.Text, headers: "Auto-Submitted: auto-generated\n"}
		}},
		{"a colleague's answer, in hidden copy", "INBOX", func(*office) letter {
			return letter{from: "Guichet <" + info + ">", to: "jan@post.example", subject: "Re: mes données", id: "s1@guichetdunumerique.be", answers: "jan.1@post.example",
				body: "Bonjour, nous avons supprimé toutes vos données personnelles de nos fichiers."}
		}},
		{"a colleague's question to the lawyer", "INBOX", func(*office) letter {
			return letter{from: "Anne <" + anne + ">", to: "lawyer@law.example", cc: info, subject: "question", id: "a2@guichetdunumerique.be",
				body: "Bonjour Maître, que dois-je répondre à qui demande une copie de ses données ?"}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o, _ := noticed(t)
			told := len(o.post.to(anne))
			for i := range 5 { // and round again
				l := tt.back(o)
				if i > 0 {
					l.headers += fmt.Sprintf("X-Round: %d\n", i)
				}
				o.arriveIn(tt.folder, l)
			}
			if n := len(o.allCases()); n != 1 {
				t.Errorf("%d cases", n)
			}
			if n := len(o.post.mails) - len(o.post.to(anne)); n != 1 {
				t.Errorf("%d mails outside", n)
			}
			if n := len(o.post.to(anne)) - told; n > 0 {
				t.Errorf("staff were told %d times", n)
			}
		})
	}
}
