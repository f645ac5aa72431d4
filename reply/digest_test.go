package reply_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/reply"
	"guichetdunumerique.be/guichet/templates"
)

var today = cases.Date{Year: 2026, Month: 11, Day: 23}

// item is a case of an agenda that was received a month before it is due.
func item(number int, section cases.Section, days int, change func(k *cases.Case), tasks ...cases.TaskKind) cases.AgendaItem {
	k := openCase(number, func(k *cases.Case) {
		k.Due = today.AddDays(days)
		k.Received = k.Due.AddDays(-30).In(time.UTC)
	})
	if change != nil {
		change(&k)
	}
	i := cases.AgendaItem{Case: k, Section: section, Days: days}
	for _, kind := range tasks {
		i.Tasks = append(i.Tasks, cases.Task{Kind: kind, Case: k.Reference.String(), Date: today})
	}
	return i
}

// digest has a case or two of every section.
func digest() reply.Digest {
	named := func(name, address string, rights ...cases.Right) func(k *cases.Case) {
		return func(k *cases.Case) {
			k.Requester, k.Rights = cases.Requester{Name: name, Address: address}, rights
		}
	}
	identity := func(i cases.Identity) func(k *cases.Case) { return func(k *cases.Case) { k.Identity = i } }
	d := reply.Digest{Day: today, To: "anne@guichetdunumerique.be", Now: morning, Places: map[string]reply.Place{}}
	d.Agenda = cases.Agenda{Day: today, Items: []cases.AgendaItem{
		item(3, cases.SectionLate, -2, named("Amélie De Smet", "amelie@post.example", cases.Access), cases.TaskLate),
		item(5, cases.SectionSoon, 0, named("", "winkel@post.example", cases.Erasure), cases.TaskDue),
		item(8, cases.SectionSoon, 3, named("Karl-Heinz Müller", "kh.mueller@post.example", cases.Access, cases.Portability), cases.TaskDue, cases.TaskExtend),
		item(9, cases.SectionSoon, 9, func(k *cases.Case) { k.Rights, k.Marketing = []cases.Right{cases.Objection}, true }, cases.TaskPromptly),
		item(12, cases.SectionConfirm, 25, func(k *cases.Case) { k.Status, k.Rights = cases.Triage, nil }, cases.TaskConfirm),
		item(13, cases.SectionHeld, 22, func(k *cases.Case) { k.Hold = "B18 arrived too long ago" }, cases.TaskHeld),
		item(14, cases.SectionUndeliverable, 18, func(k *cases.Case) { k.Flags = []cases.Flag{cases.Undeliverable} }),
		item(15, cases.SectionIdentity, 20, identity(cases.IdentityCandidate), cases.TaskCopy),
		item(16, cases.SectionIdentity, 21, identity(cases.IdentityMissing)),
		item(17, cases.SectionReplied, 24, identity(cases.IdentityVerified)),
		item(18, cases.SectionOther, 30, identity(cases.IdentityVerified)),
		item(19, cases.SectionOther, 12, func(k *cases.Case) { k.Requester = cases.Requester{}; k.Flags = []cases.Flag{cases.TakenBack} }),
	}}
	for _, i := range d.Agenda.Items {
		d.Places[i.Case.Reference.String()] = reply.Place{Folder: "INBOX", Received: i.Case.Received.Add(9 * time.Hour)}
	}
	d.Health = []reply.Health{
		{Kind: "silent", Folder: "INBOX/Site web", Since: morning.Add(-26 * time.Hour)}, {Kind: "outbox", Count: 3, Since: morning.Add(-5 * time.Hour)},
		{Kind: "unreadable", Count: 1}, {Kind: "full"},
	}
	return d
}

func TestDigestsReadAsReviewed(t *testing.T) {
	for _, lang := range templates.Languages() {
		c := staffComposer(t, lang, sevens{})
		weekly := reply.Digest{Day: today, Weekly: true, To: "anne@guichetdunumerique.be", Now: morning}
		for name, d := range map[string]reply.Digest{"digest": digest(), "digest-weekly": weekly} {
			m, err := c.Digest(d)
			if err != nil {
				t.Fatal(err)
			}
			got := open(t, m)
			golden(t, lang+"/"+name+".txt", got.readable(t))
			golden(t, lang+"/"+name+".html", got.html)
		}
	}
}

func TestTheSubjectOfADigestCounts(t *testing.T) {
	c := staffComposer(t, "fr", sevens{})
	confirm := item(3, cases.SectionConfirm, 20, nil)
	other := item(4, cases.SectionOther, 20, nil)
	late, soon := item(1, cases.SectionLate, -2, nil), item(2, cases.SectionSoon, 3, nil)
	ill := []reply.Health{{Kind: "full"}}
	for _, s := range []struct {
		items  []cases.AgendaItem
		health []reply.Health
		want   string
	}{
		{[]cases.AgendaItem{late, late, soon, soon, soon, confirm}, nil, "guichet 23/11 : 2 en retard, 3 bientôt, 1 à confirmer"},
		{[]cases.AgendaItem{soon, other}, nil, "guichet 23/11 : 1 bientôt"},
		{[]cases.AgendaItem{confirm}, ill, "guichet 23/11 : 1 à confirmer, 1 souci technique"},
		{[]cases.AgendaItem{other}, nil, "guichet 23/11 : 1 dossier ouvert"},
		{[]cases.AgendaItem{other, other}, ill, "guichet 23/11 : 2 dossiers ouverts, 1 souci technique"},
		{nil, ill, "guichet 23/11 : 1 souci technique"},
		{nil, nil, "guichet 23/11 : rien à signaler"},
	} {
		m, err := c.Digest(reply.Digest{Day: today, Agenda: cases.Agenda{Items: s.items}, Health: s.health, Now: morning})
		if got := strings.ReplaceAll(m.Subject, "\u00a0", " "); err != nil || got != s.want {
			t.Errorf("%q, %v, want %q", got, err, s.want)
		}
	}
}

func TestTheBarShowsWhatRemainsOfThePeriod(t *testing.T) {
	c := staffComposer(t, "en", sevens{})
	for _, b := range []struct {
		days int
		want string
	}{
		{30, "██████████ 30"}, {29, "██████████ 29"}, {27, "█████████░ 27"}, {15, "█████░░░░░ 15"}, {3, "█░░░░░░░░░ 3"}, {1, "█░░░░░░░░░ 1"},
		{0, "░░░░░░░░░░ today"}, {-1, "░░░░░░░░░░ 1"}, {-400, "░░░░░░░░░░ 400"}, {400, "██████████ 400"},
	} {
		i := item(1, cases.SectionOther, min(b.days, 30), nil)
		i.Days = b.days
		m, err := c.Digest(reply.Digest{Day: today, Agenda: cases.Agenda{Items: []cases.AgendaItem{i}}, Now: morning})
		if text := strings.ReplaceAll(m.Text, "\u00a0", " "); err != nil || !strings.Contains(text, b.want) {
			t.Errorf("%d days: %v\n%s", b.days, err, text)
		}
	}
}

func TestNoCaseIsLeftOutForItsSection(t *testing.T) {
	i := item(42, "a section to come", 5, nil)
	m, err := staffComposer(t, "en", sevens{}).Digest(reply.Digest{Day: today, Agenda: cases.Agenda{Items: []cases.AgendaItem{i}}, Now: morning})
	if err != nil || !strings.Contains(m.Text, "GDN-2026-0042") {
		t.Errorf("%v\n%s", err, m.Text)
	}
}

// many is a digest of n cases, each with all that a case may have.
func many(n int) reply.Digest {
	d := reply.Digest{Day: today, To: "anne@guichetdunumerique.be", Now: morning, Places: map[string]reply.Place{}}
	for i := range n {
		section := []cases.Section{cases.SectionLate, cases.SectionSoon, cases.SectionConfirm, cases.SectionOther}[i*4/n]
		one := item(i+1, section, i%30-1, func(k *cases.Case) { k.Rights = cases.Rights() }, cases.TaskExtend, cases.TaskCopy)
		d.Agenda.Items = append(d.Agenda.Items, one)
		d.Places[one.Case.Reference.String()] = inbox
	}
	return d
}

func TestALongDigestSaysHowManyCasesItLeavesOut(t *testing.T) {
	m, err := staffComposer(t, "en", sevens{}).Digest(many(1000))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(m.Text, "\u00a0", " ")
	if n := strings.Count(text, "░ ") + strings.Count(text, "█ "); n != 200 {
		t.Errorf("%d lines", n)
	}
	for _, want := range []string{"Late (250)", "… (+ 95)", "Due soon (250)", "In hand (250)", "… (+ 235)", "and 800 more cases, less urgent"} {
		if !strings.Contains(strings.Join(strings.Fields(text), " "), want) {
			t.Errorf("%q is missing", want)
		}
	}
	if !strings.Contains(m.Subject, "250 late, 250 due soon, 250 to confirm") {
		t.Errorf("subject %q", m.Subject)
	}
	raw, err := m.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if len(raw) > 512<<10 {
		t.Errorf("%d bytes", len(raw))
	}
}

func BenchmarkDigestOf1000Cases(b *testing.B) {
	c, d := staffComposer(b, "fr", nil), many(1000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Digest(d); err != nil {
			b.Fatal(err)
		}
	}
}

func reminders() (all []reply.Reminder) {
	for _, r := range []struct {
		kind cases.TaskKind
		days int
	}{
		{cases.TaskDue, 7}, {cases.TaskDue, 0}, {cases.TaskLate, 2}, {cases.TaskExtend, 10}, {cases.TaskConfirm, 0}, {cases.TaskHeld, 0},
		{cases.TaskPromptly, 0}, {cases.TaskCopy, 0},
	} {
		date := today
		switch r.kind {
		case cases.TaskDue, cases.TaskExtend:
			date = today.AddDays(r.days)
		case cases.TaskLate:
			date = today.AddDays(-r.days)
		}
		k := openCase(7, func(k *cases.Case) {
			switch r.kind {
			case cases.TaskDue, cases.TaskExtend, cases.TaskLate:
				k.Due = date
			case cases.TaskConfirm:
				k.Status = cases.Triage
			case cases.TaskHeld:
				k.Hold = "B6 sender wants no automatic answer"
			case cases.TaskPromptly:
				k.Rights, k.Marketing, k.Identity = []cases.Right{cases.Objection}, true, cases.IdentityNotNeeded
			case cases.TaskCopy:
				k.Copy, k.Identity = cases.CopyHeld, cases.IdentityVerified
			}
		})
		all = append(all, reply.Reminder{Case: k, Task: cases.Task{Kind: r.kind, Case: "GDN-2026-0007", Date: date, Days: r.days}, Place: inbox,
			To: "anne@guichetdunumerique.be", StandsIn: r.kind == cases.TaskLate, ParentID: "request.1@post.example", Now: morning})
	}
	return all
}

func TestRemindersReadAsReviewed(t *testing.T) {
	for _, lang := range templates.Languages() {
		c := staffComposer(t, lang, sevens{})
		for _, r := range reminders() {
			m, err := c.Remind(r)
			if err != nil {
				t.Fatal(err)
			}
			if m.InReplyTo != r.ParentID || m.Case != "GDN-2026-0007" || m.Suppress != "All" {
				t.Errorf("%+v", m)
			}
			golden(t, fmt.Sprintf("%s/reminder-%s-%d.txt", lang, r.Task.Kind, r.Task.Days), open(t, m).readable(t))
		}
	}
}

func TestReceiptsReadAsReviewed(t *testing.T) {
	about := reply.Receipt{To: "anne@guichetdunumerique.be", Case: "GDN-2026-0007", ParentID: "staff.1@guichetdunumerique.be",
		References: []string{"notice.1@guichetdunumerique.be"}, Now: morning}
	done, mixed, unproven, nothing := about, about, about, about
	done.Done = []reply.Done{{Line: "close GDN-2026-0007 fulfilled", Case: "GDN-2026-0007", Changed: "closed"}}
	mixed.Case, mixed.NotRead = "", 2
	mixed.Done = append(done.Done, reply.Done{Line: "extend GDN-2026-0008", Case: "GDN-2026-0008", Problem: "too_late", Detail: "2026-11-20"},
		reply.Done{Line: "identity GDN-2026-0009 verified", Case: "GDN-2026-0009"})
	unproven.Unproven = true
	nothing.NotRead = 1
	for _, lang := range templates.Languages() {
		c := staffComposer(t, lang, sevens{})
		for name, r := range map[string]reply.Receipt{"done": done, "mixed": mixed, "unproven": unproven, "nothing": nothing} {
			m, err := c.Receipt(r)
			if err != nil {
				t.Fatal(err)
			}
			if m.InReplyTo != r.ParentID || len(m.References) != 2 {
				t.Errorf("the receipt is not threaded: %+v", m)
			}
			golden(t, lang+"/receipt-"+name+".txt", open(t, m).readable(t))
		}
	}
}
