package main

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"strings"

	"guichetdunumerique.be/guichet/cases"
)

//go:embed scan.html
var scanHTML string

// writeHTML writes one page that needs nothing else: no script, no font, no picture.
func (r *scanReport) writeHTML(w io.Writer) error {
	page, err := template.New("scan").Funcs(template.FuncMap{
		"number": thousands, "articles": articles,
		"flag": func(f cases.Flag) string { return spaced(string(f)) },
	}).Parse(scanHTML)
	if err != nil {
		return fmt.Errorf("reading the page of the report: %w", err)
	}
	if err := page.Execute(w, r); err != nil {
		return fmt.Errorf("writing: %w", err)
	}
	return nil
}

// What the page shows of the scan.

func (r *scanReport) Desk() string  { return r.config.Desk.Address }
func (r *scanReport) Since() string { return r.since.String() }
func (r *scanReport) Rules() string { return r.desk.Rules.Version() }
func (r *scanReport) Opens() bool   { return r.open }
func (r *scanReport) Made() string {
	return r.env.now().In(r.config.Desk.Timezone.Location).Format("2006-01-02 15:04")
}

// Urgency is how near the last day of a finding is, as the page's style names it.
func (r *scanReport) Urgency(f finding) string {
	return map[tone]string{late: "late", soon: "soon"}[r.tone(f)]
}

// Left is how near the last day is, for people.
func (r *scanReport) Left(f finding) string {
	if days := r.DaysLeft(f); days != nil {
		return daysLeft(*days)
	}
	return ""
}

// Len is how many findings a section has.
func (s *section) Len() int { return len(s.places) }

// articles are the rights of a finding with their articles.
func articles(f finding) string {
	var list []string
	for _, right := range f.Rights {
		list = append(list, fmt.Sprintf("%s (art. %s)", spaced(string(right)), right.Article()))
	}
	return strings.Join(list, ", ")
}

// spaced is a name of the program as people write it.
func spaced(name string) string { return strings.ReplaceAll(name, "_", " ") }
