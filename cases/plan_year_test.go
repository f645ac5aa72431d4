package cases_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guichetdunumerique.be/guichet/cases"
)

// life is a case and the days on which people act on it; never is a day beyond the year.
type life struct {
	of                                          cases.Case
	opened                                      cases.Date
	confirmed, replied, extended, looked, ended cases.Date
}

var never = cases.Date{Year: 2100, Month: 1, Day: 1}

// drawLife draws a case of a year and what becomes of it.
func drawLife(t *rapid.T, term cases.Term, number int) life {
	received := cases.Date{Year: 2026, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 364).Draw(t, "received"))
	l := life{opened: received, confirmed: never, replied: never, extended: never, looked: never, ended: never}
	if rapid.IntRange(0, 5).Draw(t, "scanned") == 0 {
		l.opened = received.AddDays(rapid.IntRange(1, 60).Draw(t, "found after"))
	}
	acts := func(name string) cases.Date {
		if rapid.IntRange(0, 2).Draw(t, name+" at all") == 0 {
			return never
		}
		return l.opened.AddDays(rapid.IntRange(0, 120).Draw(t, name))
	}
	d := term.DatesOn(received)
	l.of = cases.Case{Reference: cases.Reference{Prefix: "GDN", Year: 2026, Number: number}, Status: cases.Open, Due: d.Due, Latest: d.Latest,
		Received: received.In(term.Zone).Add(23 * time.Hour), Opened: l.opened.In(term.Zone).Add(time.Minute), Identity: cases.IdentityCandidate}
	if l.of.Marketing = rapid.Bool().Draw(t, "marketing"); l.of.Marketing {
		l.of.Rights = []cases.Right{cases.Objection}
	}
	if rapid.Bool().Draw(t, "triage") {
		l.of.Status, l.confirmed = cases.Triage, acts("confirmed")
	}
	l.of.Hold = rapid.SampledFrom([]string{"", "B13"}).Draw(t, "hold")
	l.of.Copy = rapid.SampledFrom([]cases.Copy{cases.CopyNone, cases.CopyHeld}).Draw(t, "copy")
	l.replied, l.looked, l.ended = acts("replied"), acts("looked"), acts("ended")
	if at := acts("extended"); !d.Due.Before(at) && at.Before(l.ended) {
		l.extended = at
	}
	return l
}

// on is the case as it stands from the morning of a day on.
func (l life) on(day cases.Date, zone *time.Location) cases.Case {
	c := l.of
	since := func(act cases.Date) bool { return !day.Before(act) }
	if since(l.confirmed) {
		c.Status = cases.Open
	}
	if since(l.replied) {
		c.FirstReply = l.replied.In(zone)
	}
	if since(l.extended) {
		c.Extended = c.Latest
	}
	if since(l.looked) {
		c.Identity = cases.IdentityVerified
	}
	if since(l.ended) {
		c.Status, c.Closed = cases.Closed, l.ended.In(zone)
	}
	return c
}

// window is a reminder and the days on which it is right to send it, the last not included.
type window struct {
	key      string
	from, to cases.Date
}

// windows are all reminders of a life, told from the promises and not from a day.
func (l life) windows(p cases.Plan) (all []window) {
	ref := l.of.Reference.String()
	add := func(key string, from, to cases.Date, until ...cases.Date) {
		for _, u := range until {
			to = earlier(to, u)
		}
		all = append(all, window{key, later(from, l.opened), to})
	}
	deadline := func(last, from, to cases.Date, suffix string) {
		next := last.AddDays(1)
		for _, n := range []int{0, 1, 3, 7, 14} {
			begins := p.Calendar.PreviousWorking(last.AddDays(-n))
			add(fmt.Sprintf("due:%s:%d%s", ref, n, suffix), later(begins, from), to, next)
			next = earlier(next, begins)
		}
		for day := last.AddDays(1); day.Year < 2028; day = day.AddDays(1) {
			if p.Calendar.Working(day) {
				add(fmt.Sprintf("late:%s:%s", ref, day), later(day, from), to, day.AddDays(1))
			}
		}
	}
	deadline(l.of.Due, l.opened, earlier(l.ended, l.extended), "")
	if l.extended != never {
		deadline(l.of.Latest, l.extended, l.ended, ":"+l.of.Latest.String())
	}
	add("extend:"+ref, p.Calendar.PreviousWorking(l.of.Due.AddDays(-10)), l.of.Due.AddDays(1), l.extended, l.replied, l.ended)
	waits := func(kind string, working int, from, to cases.Date) {
		once, twice := p.Calendar.AddWorking(l.opened, working), p.Calendar.AddWorking(l.opened, 2*working)
		add(kind+":"+ref, later(once, from), to, twice, l.ended)
		add(kind+":"+ref+":2", later(twice, from), to, l.ended)
	}
	open := l.opened
	if l.of.Status == cases.Triage {
		open = l.confirmed
		waits("confirm", 1, l.opened, l.confirmed)
	}
	if l.of.Hold != "" {
		waits("held", 1, open, l.replied)
	}
	if l.of.Marketing {
		waits("promptly", 2, l.opened, l.replied)
	}
	if l.of.Copy == cases.CopyHeld {
		received := cases.DateOf(l.of.Received, p.Zone)
		add("copy:"+ref, later(p.Calendar.AddWorking(received, 5), l.looked), l.ended)
		add("copy:"+ref, p.Calendar.AddWorking(l.ended, 5), never)
	}
	return all
}

func earlier(a, b cases.Date) cases.Date {
	if a.Before(b) {
		return a
	}
	return b
}

func later(a, b cases.Date) cases.Date {
	if a.Before(b) {
		return b
	}
	return a
}

// TestAYearOfRemindersNeitherLosesNorDoublesOne lives a year day by day with an outbox that knows its keys, on
// a machine that stands still for days and weeks, and starts more than once a day when it does not.
func TestAYearOfRemindersNeitherLosesNorDoublesOne(t *testing.T) {
	term := brussels(t)
	plan := cases.DefaultPlan(term)
	rapid.Check(t, func(t *rapid.T) {
		lives := make([]life, rapid.IntRange(1, 3).Draw(t, "cases"))
		windows := make([][]window, len(lives))
		for i := range lives {
			lives[i] = drawLife(t, term, i+1)
			windows[i] = lives[i].windows(plan)
		}
		outbox, want := map[string]cases.Task{}, map[string]bool{}
		up, left := true, 0
		for day := (cases.Date{Year: 2026, Month: 1, Day: 1}); day.Year < 2027 || day.Month < 6; day = day.AddDays(1) {
			if left--; left < 0 {
				up, left = !up, rapid.IntRange(0, 20).Draw(t, "days until the machine stops or starts")
			}
			if !up {
				continue
			}
			for i, l := range lives {
				for _, w := range windows[i] {
					if !day.Before(w.from) && day.Before(w.to) {
						want[w.key] = true
					}
				}
				if day.Before(l.opened) {
					continue
				}
				sendOnce(t, outbox, plan.Tasks(l.on(day, term.Zone), day), day, plan)
			}
		}
		for key := range want {
			if _, sent := outbox[key]; !sent {
				t.Errorf("%s never went out", key)
			}
		}
		for key := range outbox {
			if !want[key] {
				t.Errorf("%s went out", key)
			}
		}
	})
}

// sendOnce puts into the outbox what it does not know yet.
func sendOnce(t *rapid.T, outbox map[string]cases.Task, tasks []cases.Task, day cases.Date, plan cases.Plan) {
	var keys []string
	for _, task := range tasks {
		switch {
		case slices.Contains(keys, task.Key):
			t.Errorf("%s stands twice in one day's list", task.Key)
		case day.Before(task.Since) || !plan.Calendar.Working(task.Since):
			t.Errorf("%s on %s is in force since %s", task.Key, day, task.Since)
		case task.Days < 0:
			t.Errorf("%s counts %d days", task.Key, task.Days)
		}
		keys = append(keys, task.Key)
		if _, known := outbox[task.Key]; !known {
			outbox[task.Key] = task
		}
	}
}
