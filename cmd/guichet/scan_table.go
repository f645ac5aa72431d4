package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"guichetdunumerique.be/guichet/cases"
)

// writeTable tells a person at the terminal: the findings, most urgent first, then what was nearly one, then the sum.
func (r *scanReport) writeTable(w io.Writer, colour bool) error {
	var t table
	t.add(calm, "DUE", "DAYS", "WHAT", "RIGHTS", "RECEIVED", "FROM", "WHERE", "CASE", "WORDS AND NOTES")
	for _, s := range r.Sections {
		for f := range r.Findings(s) {
			t.add(r.tone(f), dash(f.Due), r.days(f), string(f.Kind), joined(f.Rights, ", "), r.Day(f), dash(f.From), f.Where(), r.CaseName(f),
				tableNotes(f))
		}
	}
	if len(t.rows) > 1 {
		if err := t.write(w, colour); err != nil {
			return err
		}
	}
	if err := r.writeNear(w); err != nil {
		return err
	}
	return r.writeSum(w)
}

// writeNear shows what was left alone although a rule spoke.
func (r *scanReport) writeNear(w io.Writer) error {
	if len(r.Near) == 0 {
		return nil
	}
	var t table
	t.add(calm, "SCORE", "RECEIVED", "FROM", "WHERE", "WHY", "WORDS")
	for _, f := range r.Near {
		t.add(calm, f.Score(), r.Day(f), dash(f.From), f.Where(), f.Reason, tableWords(f))
	}
	if _, err := fmt.Fprint(w, "\nLeft alone, the nearest to a request:\n"); err != nil {
		return fmt.Errorf("writing: %w", err)
	}
	return t.write(w, false)
}

// writeSum counts what was read.
func (r *scanReport) writeSum(w io.Writer) error {
	c := r.Counts
	var s sheet
	fmt.Fprintf(&s, "\n%s since %s\n", plural(c.Read-c.Older, "message"), r.since)
	sum := func(name string, n int, format string, args ...any) {
		if n > 0 {
			s.line(name, "%7s  %s", thousands(n), fmt.Sprintf(format, args...))
		}
	}
	sum("opened", c.Opened, "requests")
	sum("held", c.Held, "requests to be acknowledged by hand")
	sum("triage", c.Triage, "to be confirmed by a person")
	sum("joined", c.Joined, "belonging to one of these")
	sum("left", c.Left, "left alone: %s", r.WhyLeft())
	sum("known", c.Known, "in the ledger already, or about to be read by the desk")
	sum("missed", c.Missed, "of the cases are past their last day, unless they were answered")
	if r.open && c.Opened+c.Held+c.Triage > 0 {
		s.WriteString("The cases are open; nobody was mailed.\n")
	}
	if _, err := io.WriteString(w, s.String()); err != nil {
		return fmt.Errorf("writing: %w", err)
	}
	return nil
}

// WhyLeft counts those left alone by their fate.
func (r *scanReport) WhyLeft() string {
	says := []struct {
		fate cases.Fate
		text string
	}{
		{cases.FateIgnored, "no request"}, {cases.FateAutomatic, "from machines"}, {cases.FateStaff, "from staff"},
		{cases.FateForeign, "quoting a stranger's reference"},
	}
	var parts []string
	for _, s := range says {
		if n := r.Counts.Why[s.fate]; n > 0 {
			parts = append(parts, thousands(n)+" "+s.text)
		}
	}
	return strings.Join(parts, ", ")
}

func (r *scanReport) tone(f finding) tone {
	days := r.DaysLeft(f)
	switch {
	case days == nil:
		return past
	case *days < 0:
		return late
	case *days <= soonDays:
		return soon
	}
	return calm
}

func (r *scanReport) days(f finding) string {
	if days := r.DaysLeft(f); days != nil {
		return strconv.Itoa(*days)
	}
	return "-"
}

// Day is the day on which a message was received.
func (r *scanReport) Day(f finding) string {
	return cases.DateOf(f.Received, r.config.Desk.Timezone.Location).String()
}

// CaseName is the case of a finding: its reference, or while no case is open its number in the report.
func (r *scanReport) CaseName(f finding) string {
	ref, err := cases.ParseReference(f.Case)
	switch {
	case err != nil:
		return "-"
	case r.open:
		return ref.String()
	}
	return fmt.Sprintf("no. %d", ref.Number)
}

// Where is the place of a message in the mailbox.
func (f finding) Where() string { return fmt.Sprintf("%s/%d", printable(f.Folder), f.UID) }

// Score is the confidence that a message is a request.
func (f finding) Score() string { return fmt.Sprintf("%.2f", f.Confidence) }

// Notes are what a person must know of a finding beside its dates, rights and flags.
func (f finding) Notes() []string {
	var list []string
	if f.Kind == kindJoined {
		list = append(list, f.Reason)
	}
	if f.Hold != "" && f.Kind != kindTriage {
		list = append(list, "not acknowledged: "+f.Hold)
	}
	if f.Fate == cases.FateUnreadable {
		list = append(list, "could not be read: "+f.Reason)
	}
	if f.Requester != "" {
		list = append(list, "written for "+f.Requester)
	}
	return list
}

func tableNotes(f finding) string {
	var list []string
	if words := tableWords(f); words != "" {
		list = append(list, words)
	}
	list = append(list, f.Notes()...)
	for _, flag := range f.Flags {
		list = append(list, string(flag))
	}
	return strings.Join(list, "; ")
}

// tableWords are the strongest words, short enough for a line.
func tableWords(f finding) string {
	var words []string
	for _, q := range f.Evidence[:min(len(f.Evidence), 2)] {
		text := fmt.Sprintf("%q", clip(strings.TrimSpace(q.Text), 48))
		if q.Undone != "" {
			text += " (but " + q.Undone + ")"
		}
		words = append(words, text)
	}
	return strings.Join(words, ", ")
}

// dash stands for nothing in a table.
func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
