package reply

import (
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/templates"
)

// MaxSummary is how many lines a summary lists.
const MaxSummary = 50

// Summary tells one colleague at once what a rush of mail left no room to tell in single notices and alerts.
type Summary struct {
	Lines []SummaryLine // at most MaxSummary
	Count int           // notices and alerts that it stands for
	More  int           // lines left out
	To    string
	Now   time.Time
}

// SummaryLine is what happened to one case.
type SummaryLine struct {
	Case  cases.Case // the zero Case where it concerns none
	Why   string     // a NoticeReason or an AlertKind
	Count int        // how often
}

// Summarize composes a summary. Like a digest it is answered with commands that name their case.
func (c *Composer) Summarize(s Summary) (Mail, error) {
	data := templates.Summary{Desk: c.config.Name, Count: s.Count, More: s.More}
	today := cases.DateOf(s.Now, c.config.Zone)
	asked := map[cases.Section]bool{}
	for _, l := range s.Lines[:min(len(s.Lines), MaxSummary)] {
		line := templates.SummaryLine{Why: l.Why, Count: l.Count}
		if l.Case.Reference != (cases.Reference{}) {
			line.File = c.file(l.Case, today)
			if kind := summarySection(l.Case); kind != "" && !asked[kind] {
				asked[kind] = true
				data.Words = append(data.Words, orders(kind, l.Case)...)
			}
		}
		data.Lines = append(data.Lines, line)
	}
	return c.staffMail(templates.NameSummary, s.To, "", data, s.Now)
}

// summarySection chooses the words that fit a case, "" for none.
func summarySection(k cases.Case) cases.Section {
	switch k.Status {
	case cases.Triage:
		return cases.SectionConfirm
	case cases.Open:
		return cases.SectionOther
	}
	return ""
}
