package reply

import (
	"fmt"
	"slices"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/templates"
)

// Remind composes the mail that tells a colleague of a task in force.
func (c *Composer) Remind(r Reminder) (Mail, error) {
	if r.Case.Reference.String() == "" || r.Case.Due.IsZero() || r.Task.Date.IsZero() {
		return Mail{}, fmt.Errorf("composing a reminder: the case has no reference or the task no date")
	}
	data := templates.Reminder{
		Desk: c.config.Name, Kind: string(r.Task.Kind), Days: r.Task.Days, Date: r.Task.Date.In(c.config.Zone),
		File: c.file(r.Case, cases.DateOf(r.Now, c.config.Zone)), Place: c.place(r.Place), StandsIn: r.StandsIn,
		Words: reminderWords(r),
	}
	m, err := c.staffMail(templates.NameReminder, r.To, data.File.Reference, data, r.Now)
	if err != nil {
		return Mail{}, err
	}
	m.InReplyTo, m.References = thread(r.ParentID, nil)
	return m, nil
}

// answers are the words that fit each task: keys of staff.tmpl.
var answers = map[cases.TaskKind][]string{
	cases.TaskDue:      {"draft", "extend", "close", "note"},
	cases.TaskLate:     {"draft", "close", "note"},
	cases.TaskExtend:   {"extend", "draft", "close"},
	cases.TaskConfirm:  {"confirm", "dismiss"},
	cases.TaskHeld:     {"draft", "note"},
	cases.TaskPromptly: {"close", "note"},
	cases.TaskCopy:     {"copy", "identity_ok"},
}

func reminderWords(r Reminder) []string {
	if r.Case.Status == cases.Triage {
		return answers[cases.TaskConfirm]
	}
	words := slices.Clone(answers[r.Task.Kind])
	if !r.Case.Extended.IsZero() {
		words = slices.DeleteFunc(words, func(w string) bool { return w == "extend" })
	}
	return words
}
