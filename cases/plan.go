package cases

import (
	"slices"
	"strconv"
	"time"
)

// Plan says which reminders staff get. Every length is in days; working days are those that Calendar does
// not close. A length of 0 or less leaves its reminder out.
type Plan struct {
	Calendar   Calendar
	Zone       *time.Location // where days begin and end
	RemindDays []int          // days before the last day, such as 14, 7, 3, 1; the day itself and each working day late come of themselves
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
	Date   Date   // the day it speaks of: until when to act, or, of a case that waits, since when it waits
	Days   int    // days until Date, or since it
	Backup bool   // nobody has acted: those who stand in are told too
}

// urgentDays is how near the last day must be for those who stand in to be told.
const urgentDays = 3

// Tasks are the reminders in force on a day: not only those that begin on it, so that a program which was
// stopped sends the one that matters now, and one that starts again sends nothing twice. A closed case has none
// but for a copy that is to be deleted.
func (p Plan) Tasks(c Case, day Date) []Task {
	var list []Task
	add := func(t Task, inForce bool) {
		if inForce {
			t.Case = c.Reference.String()
			list = append(list, t)
		}
	}
	if c.Status != Closed {
		unanswered := c.FirstReply.IsZero()
		add(p.deadlineTask(c, day))
		add(p.extendTask(c, day))
		if c.Status == Triage {
			add(p.waitTask(c, day, TaskConfirm, p.Confirm))
		} else if c.Hold != "" && unanswered {
			add(p.waitTask(c, day, TaskHeld, p.Held)) // what may be no request is confirmed first
		}
		if c.Prompt() && unanswered {
			add(p.waitTask(c, day, TaskPromptly, p.Promptly))
		}
	}
	add(p.copyTask(c, day))
	return list
}

// Prompt reports whether a case asks for something that stops at once: direct marketing objected to (GDPR art.
// 21(3)), or consent taken back (art. 7(3)).
func (c Case) Prompt() bool {
	return c.Marketing && slices.Contains(c.Rights, Objection) || slices.Contains(c.Rights, ConsentWithdrawal)
}

// LastDay is the last day to answer: the extended one, once staff have extended. Pauses do not move it.
func (c Case) LastDay() Date {
	if c.Extended.IsZero() {
		return c.Due
	}
	return c.Extended
}

// key names a reminder of a case, and the step of its series.
func key(kind TaskKind, c Case, steps ...string) string {
	k := string(kind) + ":" + c.Reference.String()
	for _, s := range steps {
		k += ":" + s
	}
	return k
}

// deadlineTask is the step of the deadline in force: the last that began, or one for each working day late.
func (p Plan) deadlineTask(c Case, day Date) (Task, bool) {
	last := c.LastDay()
	t := Task{Kind: TaskDue, Date: last, Days: last.Sub(day), Backup: c.FirstReply.IsZero()}
	if t.Days < 0 {
		t.Kind, t.Days, t.Since, t.Key = TaskLate, -t.Days, day, key(TaskLate, c, day.String())
		return t, p.Calendar.Working(day)
	}
	step, since := 0, p.Calendar.PreviousWorking(last)
	began := !day.Before(since)
	for _, n := range p.RemindDays {
		if n <= 0 || began && n >= step {
			continue
		}
		if from := p.Calendar.PreviousWorking(last.AddDays(-n)); !day.Before(from) {
			step, since, began = n, from, true
		}
	}
	steps := []string{strconv.Itoa(step)}
	if !c.Extended.IsZero() {
		steps = append(steps, last.String()) // the steps to the first date may have gone out already
	}
	t.Key, t.Since, t.Backup = key(TaskDue, c, steps...), since, t.Backup && step <= urgentDays
	return t, began
}

// extendTask asks for the decision to extend while that is still possible: the client must hear of it within the
// first period (GDPR art. 12(3)).
func (p Plan) extendTask(c Case, day Date) (Task, bool) {
	t := Task{Kind: TaskExtend, Key: key(TaskExtend, c), Date: c.Due, Days: c.Due.Sub(day), Since: p.Calendar.PreviousWorking(c.Due.AddDays(-p.Extend))}
	return t, p.Extend > 0 && c.Extended.IsZero() && c.FirstReply.IsZero() && t.Days >= 0 && !day.Before(t.Since)
}

// waitTask is in force once a case has waited for some working days, and again, for those who stand in too, after
// as many more.
func (p Plan) waitTask(c Case, day Date, kind TaskKind, working int) (Task, bool) {
	if working <= 0 {
		return Task{}, false
	}
	opened := DateOf(c.Opened, p.Zone)
	t := Task{Kind: kind, Key: key(kind, c), Date: opened, Days: day.Sub(opened), Since: p.Calendar.AddWorking(opened, working)}
	if again := p.Calendar.AddWorking(t.Since, working); !day.Before(again) {
		t.Since, t.Key, t.Backup = again, key(kind, c, "2"), true
	}
	return t, !day.Before(t.Since)
}

// copyTask asks for the copy of an identity document to be deleted, once it was looked at or the case ended.
func (p Plan) copyTask(c Case, day Date) (Task, bool) {
	from := c.Received
	switch {
	case p.Copy <= 0 || c.Copy != CopyHeld:
		return Task{}, false
	case c.Status == Closed:
		from = c.Closed
	case c.Identity != IdentityVerified && c.Identity != IdentityNotNeeded:
		return Task{}, false
	}
	since := p.Calendar.AddWorking(DateOf(from, p.Zone), p.Copy)
	return Task{Kind: TaskCopy, Key: key(TaskCopy, c), Since: since, Date: since, Days: day.Sub(since)}, !day.Before(since)
}
