package main

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strconv"

	"guichetdunumerique.be/guichet/cases"
)

//go:embed report.html
var registerHTML string

// writeHTML writes one page that needs nothing else: no script, no font, no picture.
func (r *register) writeHTML(w io.Writer) error {
	page, err := template.New("register").Funcs(template.FuncMap{
		"number": thousands, "rights": spacedList[cases.Right], "flags": spacedList[cases.Flag], "corrections": spacedList[correction],
	}).Parse(registerHTML)
	if err != nil {
		return fmt.Errorf("reading the page of the register: %w", err)
	}
	if err := page.Execute(w, r); err != nil {
		return fmt.Errorf("writing: %w", err)
	}
	return nil
}

// What the page shows of the register.

// Period is the time that the register covers.
func (r *register) Period() string {
	if r.Year == "all" {
		return "all years"
	}
	return r.Year
}

// MadeOn is when the register was drawn up.
func (r *register) MadeOn() string { return r.Made.Format("2006-01-02 15:04 MST") }

// Judged is how many requests can be said to be in time or late: those closed, and those whose last day is over.
func (f figures) Judged() int { return f.OnTime + f.Late + f.Overdue }

// InTime is the share of those judged that were closed in time, "" where there are none.
func (f figures) InTime() string { return share(f.OnTime, f.Judged()) }

// Typical tells the median and the ninth tenth.
func (d daysTaken) Typical() string {
	if d.Count == 0 {
		return "None yet."
	}
	return fmt.Sprintf("Median: %s. Nine in ten within %s.", d.Half(), plural(*d.P90, "day"))
}

// Half is the median with its unit, a dash where there is none.
func (d daysTaken) Half() string {
	switch {
	case d.Median == nil:
		return "–"
	case *d.Median == 0:
		return "same day"
	case *d.Median == 1:
		return "1 day"
	}
	return strconv.FormatFloat(*d.Median, 'f', -1, 64) + " days"
}

// State is the status of a case with its outcome.
func (r registerRow) State() string {
	switch {
	case r.Outcome != "":
		return string(r.Status) + ": " + spaced(string(r.Outcome))
	case r.Status == cases.Triage:
		return "to be confirmed"
	}
	return string(r.Status)
}

// Stands is how the case stands towards its last day, for people.
func (r registerRow) Stands() string {
	return map[standing]string{
		standsOpen: "open", standsOverdue: "overdue", standsOnTime: "in time", standsLate: "late", standsSetAside: "set aside",
	}[r.Standing]
}

// Identified is what is known of the identity, for people.
func (r registerRow) Identified() string { return spaced(string(r.Identity)) }

// Days to acknowledge and to close, for people.
func (r registerRow) AcknowledgeDays() string { return number(r.Acknowledge) }
func (r registerRow) CloseDays() string       { return number(r.Close) }

// spacedList writes names of the program as people write them.
func spacedList[T ~string](list []T) string { return spaced(joined(list, ", ")) }
