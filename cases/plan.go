package cases

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Plan says which reminders staff get. Every length is in days; working days are those that Calendar does
// not close.
type Plan struct {
	Calendar   Calendar
	Zone       *time.Location // where days begin and end
	RemindDays []int          // days before the due date, such as 14, 7, 3, 1; the day itself and each working day late come of themselves
	Extend     int            // days before the due date on which the extension is to be decided: 10
	Confirm    int            // working days that a triage case may wait: 1
	Held       int            // working days that a held acknowledgement may wait: 1
	Promptly   int            // working days for a marketing objection or a withdrawal of consent: 2
	Copy       int            // working days after which a copy of an identity document that was looked at must be gone: 5
}

// DefaultPlan is the plan of a desk that sets nothing.
func DefaultPlan(t Term) Plan {
	return Plan{Calendar: t.Calendar, Zone: t.Zone, RemindDays: []int{14, 7, 3, 1}, Extend: 10, Confirm: 1, Held: 1, Promptly: 2, Copy: 5}
}

// TaskKind names what is to be done.
type TaskKind string

const (
	TaskDue      TaskKind = "due"      // the answer is due in Days days
	TaskLate     TaskKind = "late"     // the answer is Days days late
	TaskExtend   TaskKind = "extend"   // decide now whether the period must be extended
	TaskConfirm  TaskKind = "confirm"  // say whether this is a request
	TaskHeld     TaskKind = "held"     // nobody acknowledged: write to the requester
	TaskPromptly TaskKind = "promptly" // a marketing objection or a withdrawal of consent waits
	TaskCopy     TaskKind = "copy"     // delete the copy of the identity document
)

// Task is one reminder in force on a day. Its Key goes out once, whatever restarts.
type Task struct {
	Key    string // "due:GDN-2026-0007:7"
	Kind   TaskKind
	Case   string // reference
	Since  Date   // the day from which the reminder is in force: a working day
	Date   Date   // the day it speaks of
	Days   int    // days left until Date, or days late
	Backup bool   // nobody has acted: those who stand in are told too
}

// Section is where a case stands in the digest, most urgent first.
type Section string

const (
	SectionLate          Section = "late"          // past its due date
	SectionSoon          Section = "soon"          // due within the first of RemindDays
	SectionConfirm       Section = "confirm"       // triage: is it a request?
	SectionHeld          Section = "held"          // nobody acknowledged
	SectionUndeliverable Section = "undeliverable" // our mail does not reach the requester
	SectionIdentity      Section = "identity"      // proof missing, announced, refused, or to be looked at
	SectionReplied       Section = "replied"       // answered, still open: one word closes it
	SectionOther         Section = "other"         // everything else that is open
)

// Agenda is what a digest shows: each open case once, in its most urgent section, by due date.
type Agenda struct {
	Day   Date
	Items []AgendaItem
}

// AgendaItem is one case of an agenda.
type AgendaItem struct {
	Case    Case
	Section Section
	Days    int    // until the case's last day; negative when late
	Tasks   []Task // in force on the day
}

// urgentDays is how near the last day must be for those who stand in to be told.
const urgentDays = 3

// Tasks are the reminders in force on a day: not only those that begin on it, so that a program which was
// stopped sends the one that matters now, and one that starts again sends nothing twice.
func (p Plan) Tasks(c Case, day Date) []Task {
	var list []Task
	add := func(t Task, ok bool) {
		if ok {
			t.Case = c.Reference.String()
			list = append(list, t)
		}
	}
	if c.Status == Closed {
		add(p.copyTask(c, day))
		return list
	}
	add(p.dueTask(c, day))
	add(p.extendTask(c, day))
	if c.Status == Triage {
		add(p.waitTask(c, day, TaskConfirm, p.Confirm))
	}
	if c.Hold != "" && c.FirstReply.IsZero() {
		add(p.waitTask(c, day, TaskHeld, p.Held))
	}
	if c.Prompt() && c.FirstReply.IsZero() {
		add(p.waitTask(c, day, TaskPromptly, p.Promptly))
	}
	add(p.copyTask(c, day))
	return list
}

// Prompt reports whether a case asks for something that stops at once: direct marketing objected to (GDPR art.
// 21(3)), or consent taken back (art. 7(3)).
func (c Case) Prompt() bool {
	return c.Marketing && slices.Contains(c.Rights, Objection) || slices.Contains(c.Rights, ConsentWithdrawal)
}

// LastDay is the last day to answer: the extended one, once staff have extended.
func (c Case) LastDay() Date {
	if c.Extended.IsZero() {
		return c.Due
	}
	return c.Extended
}

// dueTask is the step of the deadline in force: the last that began, or one for each working day late.
func (p Plan) dueTask(c Case, day Date) (Task, bool) {
	last := c.LastDay()
	t := Task{Date: last, Days: last.Sub(day)}
	if t.Days < 0 {
		if !p.Calendar.Working(day) {
			return t, false
		}
		t.Kind, t.Days, t.Since, t.Backup = TaskLate, -t.Days, day, c.FirstReply.IsZero()
		t.Key = fmt.Sprintf("%s:%s:%s", TaskLate, c.Reference, day)
		return t, true
	}
	step, found := 0, false
	for _, n := range append(slices.Clone(p.RemindDays), 0) {
		if since := p.before(last, n); !day.Before(since) && (!found || n < step) {
			step, found, t.Since = n, true, since
		}
	}
	if !found {
		return t, false
	}
	t.Kind, t.Backup = TaskDue, step <= urgentDays && c.FirstReply.IsZero()
	t.Key = fmt.Sprintf("%s:%s:%d", TaskDue, c.Reference, step)
	if !c.Extended.IsZero() {
		t.Key += ":" + last.String() // the steps of the first date went out already
	}
	return t, true
}

// before is the day n days earlier, or the working day before it: a period counted backwards is never moved
// forward.
func (p Plan) before(d Date, n int) Date {
	d = d.AddDays(-n)
	for !p.Calendar.Working(d) {
		d = d.AddDays(-1)
	}
	return d
}

// extendTask asks for the decision to extend while that is still possible.
func (p Plan) extendTask(c Case, day Date) (Task, bool) {
	since := p.before(c.Due, p.Extend)
	t := Task{Kind: TaskExtend, Since: since, Date: c.Due, Days: c.Due.Sub(day), Key: fmt.Sprintf("%s:%s", TaskExtend, c.Reference)}
	return t, p.Extend > 0 && c.Status == Open && c.Extended.IsZero() && c.FirstReply.IsZero() && !day.Before(since) && !c.Due.Before(day)
}

// waitTask is in force once a case has waited for some working days, and again, for those who stand in too, after
// as many more.
func (p Plan) waitTask(c Case, day Date, kind TaskKind, working int) (Task, bool) {
	opened := DateOf(c.Opened, p.Zone)
	t := Task{Kind: kind, Date: c.LastDay(), Days: c.LastDay().Sub(day), Key: fmt.Sprintf("%s:%s", kind, c.Reference)}
	t.Since = p.Calendar.AddWorking(opened, working)
	if again := p.Calendar.AddWorking(opened, 2*working); !day.Before(again) {
		t.Since, t.Backup = again, true
		t.Key += ":2"
	}
	return t, !day.Before(t.Since)
}

// copyTask asks for the copy of an identity document to be deleted, once it was looked at or the case ended.
func (p Plan) copyTask(c Case, day Date) (Task, bool) {
	seen := c.Identity == IdentityVerified || c.Identity == IdentityNotNeeded
	if c.Copy != CopyHeld || c.Status != Closed && !seen {
		return Task{}, false
	}
	from := DateOf(c.Received, p.Zone)
	if c.Status == Closed {
		from = DateOf(c.Closed, p.Zone)
	}
	since := p.Calendar.AddWorking(from, p.Copy)
	t := Task{Kind: TaskCopy, Since: since, Date: since, Days: since.Sub(day), Key: fmt.Sprintf("%s:%s", TaskCopy, c.Reference)}
	return t, !day.Before(since)
}

// sections are in the order of their urgency.
var sections = []Section{
	SectionLate, SectionSoon, SectionConfirm, SectionHeld, SectionUndeliverable, SectionIdentity, SectionReplied, SectionOther,
}

// Agenda sorts the open cases of a day for a digest.
func (p Plan) Agenda(open []Case, day Date) Agenda {
	a := Agenda{Day: day, Items: make([]AgendaItem, 0, len(open))}
	for _, c := range open {
		item := AgendaItem{Case: c, Days: c.LastDay().Sub(day), Tasks: p.Tasks(c, day)}
		item.Section = p.section(c, item.Days)
		a.Items = append(a.Items, item)
	}
	slices.SortStableFunc(a.Items, func(x, y AgendaItem) int {
		return cmp.Or(cmp.Compare(slices.Index(sections, x.Section), slices.Index(sections, y.Section)), cmp.Compare(x.Days, y.Days),
			cmp.Compare(x.Case.Reference.Year, y.Case.Reference.Year), cmp.Compare(x.Case.Reference.Number, y.Case.Reference.Number))
	})
	return a
}

// section is the most urgent one that a case belongs to.
func (p Plan) section(c Case, days int) Section {
	soon := 0
	for _, n := range p.RemindDays {
		soon = max(soon, n)
	}
	unknown := c.Identity == IdentityMissing || c.Identity == IdentityAnnounced || c.Identity == IdentityCandidate ||
		c.Identity == IdentitySigned || c.Identity == IdentityRefused
	switch {
	case days < 0:
		return SectionLate
	case days <= soon && c.FirstReply.IsZero():
		return SectionSoon
	case c.Status == Triage:
		return SectionConfirm
	case c.Hold != "" && c.FirstReply.IsZero():
		return SectionHeld
	case slices.Contains(c.Flags, Undeliverable):
		return SectionUndeliverable
	case !c.FirstReply.IsZero():
		return SectionReplied
	case unknown:
		return SectionIdentity
	}
	return SectionOther
}
