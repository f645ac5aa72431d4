package desk

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/reply"
	"guichetdunumerique.be/guichet/store"
)

// urgency is the order in which reminders go out, since a day has room for so many.
var urgency = []cases.TaskKind{
	cases.TaskLate, cases.TaskDue, cases.TaskPromptly, cases.TaskExtend, cases.TaskHeld, cases.TaskConfirm, cases.TaskCopy,
}

// duty is a reminder in force and its case.
type duty struct {
	of   cases.Case
	task cases.Task
}

// remind queues the reminders in force: of the open cases, and of closed ones with a copy to be deleted. The most
// urgent come first, as many as a colleague gets on a day; what has to wait stands in the digest all the same.
func (t *ticker) remind(open []cases.Case, today cases.Date) error {
	copies, err := t.tx.FindCases(store.CaseFilter{Copy: cases.CopyHeld})
	if err != nil {
		return err
	}
	copies = slices.DeleteFunc(copies, func(k cases.Case) bool { return k.Status != cases.Closed })
	var duties []duty
	for _, k := range slices.Concat(open, copies) {
		for _, task := range t.Plan.Tasks(k, today) {
			duties = append(duties, duty{k, task})
		}
	}
	slices.SortStableFunc(duties, func(a, b duty) int {
		return cmp.Or(cmp.Compare(slices.Index(urgency, a.task.Kind), slices.Index(urgency, b.task.Kind)), a.of.LastDay().Compare(b.of.LastDay()))
	})
	room := &room{ticker: t, since: today.In(t.Profile.zone()), left: map[string]int{}}
	for _, d := range duties {
		if err := t.remindOf(d, room); err != nil {
			return err
		}
	}
	return nil
}

// room is how many reminders each colleague still gets on a day.
type room struct {
	*ticker
	since time.Time
	left  map[string]int
}

// has reports whether there is room for one more to an address.
func (r *room) has(to string) (bool, error) {
	left, known := r.left[to]
	if !known {
		n, err := r.tx.CountOutgoing(store.OutFilter{Recipient: to, Kinds: taskKinds, Since: r.since})
		if err != nil {
			return false, err
		}
		left = r.Profile.RemindersPerDay - n
		r.left[to] = left
	}
	return left > 0, nil
}

// remindOf queues one reminder for each colleague whom it concerns and who has room for it.
func (t *ticker) remindOf(d duty, room *room) error {
	to := slices.Clone(t.Profile.Staff)
	standIns := len(to)
	if d.task.Backup {
		to = append(to, without(t.Profile.Backup, to)...)
	}
	for i, address := range to {
		if free, err := room.has(address); err != nil {
			return err
		} else if !free {
			continue
		}
		key := fmt.Sprintf("%s:%d", d.task.Key, i+1)
		if known, err := t.tx.KnowsOutgoing(key); err != nil {
			return err
		} else if known {
			continue
		}
		if err := t.remindOne(d, key, address, i >= standIns); err != nil {
			return err
		}
		room.left[address]--
	}
	return nil
}

// remindOne queues a reminder for one colleague.
func (t *ticker) remindOne(d duty, key, to string, standsIn bool) error {
	place, id, err := origin(t.tx, d.task.Case)
	if err != nil {
		return err
	}
	m, err := t.Composer.Remind(reply.Reminder{
		Case: d.of, Task: d.task, Place: place, To: to, StandsIn: standsIn, ParentID: id, Now: t.tx.Now,
	})
	if err != nil {
		return fmt.Errorf("composing a reminder of %s: %w", d.task.Case, err)
	}
	return enqueue(t.tx, key, d.task.Case, m)
}
