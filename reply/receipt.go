package reply

import (
	"guichetdunumerique.be/guichet/templates"
)

// maxDone bounds what a receipt lists. A mail of more commands was not written by a person.
const maxDone = 100

// Receipt composes the answer to a colleague's commands.
func (c *Composer) Receipt(r Receipt) (Mail, error) {
	data := templates.Receipt{Desk: c.config.Name, Case: r.Case, NotRead: r.NotRead, Unproven: r.Unproven}
	for _, d := range r.Done[:min(len(r.Done), maxDone)] {
		done := templates.Done{
			Line: shown(d.Line, maxShownLine), Case: shown(d.Case, maxShownName), Changed: shown(d.Changed, maxShownLine),
			Problem: shown(d.Problem, maxShownName), Detail: shown(d.Detail, maxShownName),
		}
		if done.Changed != "" && done.Problem == "" {
			data.Changed++
		}
		data.Done = append(data.Done, done)
	}
	if !r.Unproven && (r.NotRead > 0 || len(r.Done) == 0) {
		data.Words = []string{"confirm", "dismiss", "close", "extend", "pause", "resume", "identity_ok", "rights", "draft", "merge", "note"}
	}
	m, err := c.staffMail(templates.NameReceipt, r.To, r.Case, data, r.Now)
	if err != nil {
		return Mail{}, err
	}
	m.InReplyTo, m.References = thread(r.ParentID, r.References)
	return m, nil
}
