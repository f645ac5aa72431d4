package desk_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/intake"
	"guichetdunumerique.be/guichet/intake/message"
	"guichetdunumerique.be/guichet/reply"
)

// A machine answers each mail that reaches it; n counts the mails it has answered.
type machine func(m reply.Mail, n int) letter

// asks is a request for the n-th right, in words that a rule knows.
func asks(n int) string {
	return []string{
		"Merci de supprimer toutes mes données personnelles de vos fichiers.",
		"Je demande une copie de toutes mes données personnelles, article 15 du RGPD.",
		"Je demande la rectification de mes données personnelles, article 16 du RGPD.",
		"Je m'oppose au traitement de mes données personnelles, article 21 du RGPD.",
		"Je demande la limitation du traitement de mes données, article 18 du RGPD.",
		"Je demande la portabilité de mes données, article 20 du RGPD.",
		"Je retire mon consentement au traitement de mes données personnelles.",
	}[n%7]
}

const robot = "desk@robot.example"

var machines = map[string]machine{
	"an absence notice in other words each time": func(_ reply.Mail, n int) letter {
		return letter{body: fmt.Sprintf("Bonjour,\n\nNous sommes fermés, retour dans %d jours.", n)}
	},
	"one that quotes the whole mail without marks": func(m reply.Mail, n int) letter {
		return letter{subject: "Re: " + m.Subject, body: fmt.Sprintf("Merci %d. Votre message :\n\n%s", n, m.Text)}
	},
	"one that threads and asks for another right each time": func(m reply.Mail, n int) letter {
		return letter{subject: "Re: " + m.Subject, answers: m.MessageID, body: asks(n)}
	},
	"one that quotes a request in full, and our reference": func(m reply.Mail, n int) letter {
		return letter{subject: fmt.Sprintf("Message reçu %d", n), body: "Nous avons bien reçu votre message " + m.Case + " :\n\n" + asks(n)}
	},
	"one that asks for another right each time and nothing else": func(_ reply.Mail, n int) letter {
		return letter{subject: "demande", body: asks(n)}
	},
	"a ticket system with a new number each time": func(m reply.Mail, n int) letter {
		return letter{subject: fmt.Sprintf("[#%d] Votre demande a été enregistrée", 48100+n),
			body: fmt.Sprintf("Le ticket %d est ouvert. Vous nous avez écrit :\n\n%s\n%s", 48100+n, asks(n), m.Text)}
	},
	"a delivery report as it should be": func(m reply.Mail, n int) letter {
		return letter{from: "Mail Delivery System <MAILER-DAEMON@robot.example>", returnPath: "<>", subject: "Undelivered Mail Returned to Sender",
			headers: "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n",
			body: fmt.Sprintf("--b\nContent-Type: text/plain\n\nNot delivered, try %d.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n"+
				"Final-Recipient: rfc822; %s\nAction: failed\nStatus: 5.1.%d\n\n--b\nContent-Type: message/rfc822\n\nMessage-ID: <%s>\nSubject: x\n\n%s\n--b--",
				n, robot, n%9, m.MessageID, asks(n))}
	},
	"a delivery report that is none": func(m reply.Mail, n int) letter {
		return letter{subject: fmt.Sprintf("failure notice %d", n), body: "Hi. This is the mail system. I could not deliver your message:\n\n" + asks(n) + "\n\n" + m.Text}
	},
}

// loop lets a machine and a desk write to each other for some weeks. Each week staff dismiss what is open; each day
// the machine also writes by itself when it has nothing to answer.
func loop(t *testing.T, answer machine) (o *office, got []time.Time) {
	o = newOffice(t)
	o.Profile.NotifyNew, o.Profile.RemindIdentityAfter = true, 7*24*time.Hour
	read, n := 0, 0
	send := func(l letter) {
		if l.from == "" {
			l.from = "Desk <" + robot + ">"
		}
		l.id = fmt.Sprintf("%d.machine@robot.example", n)
		o.arrive(l)
		n++
	}
	send(letter{subject: "demande", body: asks(0)})
	for hour := range 6 * 7 * 24 {
		o.now = o.now.Add(time.Hour)
		for ; read < len(o.post.mails); read++ {
			if m := o.post.mails[read]; m.To == robot {
				got = append(got, m.Date)
				send(answer(m, n))
			}
		}
		if hour%24 == 5 {
			send(letter{subject: fmt.Sprint("demande ", n), body: asks(n)})
			must(t, o.Tick(t.Context()))
			must(t, o.Deliver(t.Context()))
		}
		if hour%(7*24) == 100 {
			for _, k := range o.allCases() {
				_, err := o.Instruct(t.Context(), "anne", cases.Command{Verb: cases.VerbClose, Case: k.Reference.String(), Outcome: cases.NotARequest})
				must(t, err)
			}
		}
	}
	return o, got
}

func TestFailure08AMachineThatAnswersEverythingIsAnsweredThreeTimesAtMost(t *testing.T) {
	for name, answer := range machines {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o, got := loop(t, answer)
			if len(got) > 3 {
				t.Errorf("%d automatic mails in six weeks", len(got))
			}
			if len(got) == 0 {
				t.Error("the first request was not acknowledged")
			}
			for _, k := range o.allCases() {
				if k.Due.IsZero() {
					t.Errorf("%s has no clock", k.Reference)
				}
			}
			t.Logf("%d automatic mails, %d cases", len(got), len(o.allCases()))
		})
	}
}

// Whatever answers our mail, with or without a header, gets no second one that day.
func TestFailure08WhatAnswersAnAcknowledgementGetsNoneThatDay(t *testing.T) {
	for name, answer := range machines {
		if name == "one that asks for another right each time and nothing else" {
			continue // that cannot be told from a person; three in all bound it
		}
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			o.arrive(letter{from: "Desk <" + robot + ">", subject: "demande", body: asks(0), id: "0@robot.example"})
			for n := range 20 {
				o.now = o.now.Add(time.Minute)
				l := answer(o.post.to(robot)[0], n+1)
				l.id = fmt.Sprintf("%d@robot.example", n+1)
				if l.from == "" {
					l.from = "Desk <" + robot + ">"
				}
				o.arrive(l)
			}
			if n := len(o.post.to(robot)); n != 1 {
				t.Errorf("%d automatic mails in a day", n)
			}
		})
	}
}

func TestFailure08TwoDesksEndTheirExchange(t *testing.T) {
	const other = "privacy@autre.example"
	a, b := newOffice(t), newOffice(t)
	b.Profile.Address, b.Profile.Prefix, b.Profile.Staff, b.Profile.DigestTo = other, "AUT", []string{"bob@autre.example"}, nil
	b.Composer = reply.NewComposer(reply.Config{Name: "Autre", Address: other, Letters: letters(t), StaffLanguage: "fr"})
	for _, o := range []*office{a, b} {
		o.Profile.NotifyNew, o.Profile.RemindIdentityAfter = true, 7*24*time.Hour
	}
	start := erasure() // somebody writes to one desk in the name of the other
	start.from = "Autre <" + other + ">"
	a.arrive(start)
	carried := map[*office]int{}
	for range 4 * 7 * 24 {
		for _, way := range [][2]*office{{a, b}, {b, a}} {
			from, to := way[0], way[1]
			from.now = from.now.Add(time.Hour)
			must(t, from.Tick(t.Context()))
			must(t, from.Deliver(t.Context()))
			for ; carried[from] < len(from.post.mails); carried[from]++ {
				if m := from.post.mails[carried[from]]; m.To == to.Profile.Address {
					to.receive(m)
				}
			}
		}
	}
	if n := len(a.post.to(other)); n == 0 || n > 2 { // the acknowledgement, and the reminder this desk was told to send
		t.Errorf("the first desk wrote %d times", n)
	}
	if n := len(b.post.to(info)); n != 0 {
		t.Errorf("the second desk answered %d times", n)
	}
}

// receive delivers a mail of another desk as its server would.
func (o *office) receive(m reply.Mail) {
	o.t.Helper()
	raw, err := m.Bytes()
	must(o.t, err)
	raw = append([]byte("Return-Path: <"+m.From+">\r\n"), raw...)
	o.uid["INBOX"]++
	o.take(intake.Arrival{Folder: "INBOX", UIDValidity: 1, UID: o.uid["INBOX"], InternalDate: o.now,
		Message: message.Parse(message.Source{Head: raw, Size: int64(len(raw))}, message.Limits{})})
}

func TestAPersonWhomStaffAnswerIsNeverSilenced(t *testing.T) {
	o := newOffice(t)
	for n := range 12 { // a request a month, each answered
		l := letter{from: "Jan <jan@post.example>", subject: "demande", id: fmt.Sprintf("%d@post.example", n), body: asks(n)}
		e := o.arrive(l)
		if k := o.find(e.Case); k.Hold != "" {
			t.Fatalf("request %d is held: %s", n+1, k.Hold)
		}
		o.now = o.now.AddDate(0, 0, 3)
		o.arriveIn("Sent", letter{from: info, to: "jan@post.example", subject: "Re: demande", id: fmt.Sprintf("s%d@guichetdunumerique.be", n), answers: l.id, body: "Voici."})
		_, err := o.Instruct(t.Context(), "anne", cases.Command{Verb: cases.VerbClose, Case: e.Case, Outcome: cases.Fulfilled})
		must(t, err)
		o.now = o.now.AddDate(0, 0, 27)
	}
	if n := len(o.post.to("jan@post.example")); n != 12 {
		t.Errorf("%d acknowledgements of 12 requests", n)
	}
}

func TestAPersonWhomNobodyAnswersIsLeftToStaff(t *testing.T) {
	o := newOffice(t)
	var last cases.Case
	for n := range 4 {
		last = o.find(o.arrive(letter{from: "Jan <jan@post.example>", subject: "demande", id: fmt.Sprintf("%d@post.example", n), body: asks(n)}).Case)
		o.now = o.now.AddDate(0, 0, 8)
	}
	if !strings.HasPrefix(last.Hold, "B14") || len(o.post.to("jan@post.example")) != 3 {
		t.Errorf("held for %q after %d mails", last.Hold, len(o.post.to("jan@post.example")))
	}
	day := cases.DateOf(o.now, time.UTC)
	if !slices.ContainsFunc(o.Plan.Tasks(last, day), func(t cases.Task) bool { return t.Kind == cases.TaskHeld }) {
		t.Error("staff are not reminded to acknowledge")
	}
	if o.find(last.Reference.String()).Due.IsZero() {
		t.Error("no clock")
	}
}
