package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"time"

	"guichetdunumerique.be/guichet/cases"
)

// maxNear is how many of those left alone are shown: the nearest to a request.
const maxNear = 25

// counts are how many messages there are of each kind.
type counts struct {
	Read   int                `json:"read"`
	Missed int                `json:"missed"` // of those that make a case, whose last day is past
	Opened int                `json:"opened"`
	Held   int                `json:"held"`
	Triage int                `json:"triage"`
	Joined int                `json:"joined"`
	Left   int                `json:"left"`
	Why    map[cases.Fate]int `json:"left_because"`
	Known  int                `json:"known"`
	Older  int                `json:"older"`
}

// section is a group of findings, most urgent first. Only their places are in memory.
type section struct {
	Name   string // for the machine
	Title  string
	Says   string
	places []place
}

// place is where a finding stands in the spool, and by what it is sorted.
type place struct {
	due      string
	received time.Time
	offset   int64
	size     int
}

// scanReport is what a scan found, in order.
type scanReport struct {
	*scan
	Today    cases.Date
	Counts   counts
	Sections []*section
	Near     []finding // left alone, the nearest to a request first
	err      error     // of reading a finding again
}

// The sections of a report, in their order.
const (
	inMissed = iota
	inDue
	inTriage
	inHeld
	inJoined
)

// newReport reads the spool through once.
func newReport(ctx context.Context, s *scan) (*scanReport, error) {
	r := &scanReport{
		scan: s, Today: cases.DateOf(s.env.now(), s.config.Desk.Timezone.Location),
		Counts: counts{Why: map[cases.Fate]int{}},
		Sections: []*section{
			{Name: "missed", Title: "Last day past", Says: "Requests, and what may be one, whose last day to answer is over. Whether they were answered, the folder Sent tells."},
			{Name: "due", Title: "To answer", Says: "Requests whose last day is yet to come, and that would have been acknowledged at once."},
			{Name: "triage", Title: "To confirm", Says: "What may be a request: a person confirms or dismisses it. The time runs all the same."},
			{Name: "held", Title: "To acknowledge by hand", Says: "Requests that no automatic mail may answer, for the reason given."},
			{Name: "joined", Title: "Belonging to another", Says: "What follows up one of the requests, or repeats it."},
		},
	}
	for p, err := range s.spool.findings() {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, err
		}
		r.add(p)
	}
	for _, sec := range r.Sections {
		slices.SortStableFunc(sec.places, func(a, b place) int {
			return cmp.Or(cmp.Compare(a.due, b.due), a.received.Compare(b.received))
		})
	}
	return r, nil
}

// add counts a finding and puts it where it belongs.
func (r *scanReport) add(p placed) {
	c := &r.Counts
	c.Read++
	in := inJoined
	switch p.Kind {
	case kindOpened:
		c.Opened++
		in = inDue
	case kindTriage:
		c.Triage++
		in = inTriage
	case kindHeld:
		c.Held++
		in = inHeld
	case kindJoined:
		c.Joined++
	case kindLeft:
		c.Left++
		c.Why[p.Fate]++
		r.near(p.finding)
		return
	case kindKnown:
		c.Known++
		return
	case kindOlder:
		c.Older++
		return
	}
	if days := r.DaysLeft(p.finding); days != nil && *days < 0 {
		c.Missed++
		in = inMissed
	}
	r.Sections[in].places = append(r.Sections[in].places, place{p.Due, p.Received, p.offset, p.size})
}

// near keeps the findings that came nearest to a request.
func (r *scanReport) near(f finding) {
	if len(f.Evidence) == 0 {
		return
	}
	at, _ := slices.BinarySearchFunc(r.Near, f, func(a, b finding) int {
		return cmp.Or(cmp.Compare(b.Confidence, a.Confidence), cmp.Compare(len(b.Evidence), len(a.Evidence)), -1)
	})
	if at < maxNear {
		r.Near = slices.Insert(r.Near, at, f)
		r.Near = r.Near[:min(len(r.Near), maxNear)]
	}
}

// DaysLeft is the number of days until the last one, negative when it is past; nil where there is none.
func (r *scanReport) DaysLeft(f finding) *int {
	due, err := cases.ParseDate(f.Due)
	if err != nil {
		return nil
	}
	days := due.Sub(r.Today)
	return &days
}

// Findings reads a section again, one finding at a time. Whoever has read to the end looks at r.err.
func (r *scanReport) Findings(s *section) iter.Seq[finding] {
	return func(yield func(finding) bool) {
		for _, p := range s.places {
			f, err := r.spool.find(p.offset, p.size)
			if err != nil {
				r.err = err
				return
			}
			if !yield(f) {
				return
			}
		}
	}
}

// report writes what was found in the format that was asked for.
func (s *scan) report(ctx context.Context, w io.Writer) error {
	r, err := newReport(ctx, s)
	if err != nil {
		return err
	}
	switch s.format {
	case "json":
		err = r.writeJSON(w)
	case "html":
		err = r.writeHTML(w)
	default:
		err = r.writeTable(w, s.output == "" && inColour(s.env))
	}
	return errors.Join(err, r.err)
}

// reportFile is where a report goes: standard output, or a file that appears once it is complete.
type reportFile struct {
	io.Writer
	file *os.File
	path string
}

// openReport makes the file before anything is read, so that a wrong path costs nothing.
func openReport(env environment, path string) (*reportFile, error) {
	if path == "" {
		return &reportFile{Writer: env.stdout}, nil
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".guichet-report-*") // mode 0600
	if err != nil {
		return nil, fmt.Errorf("writing the report: %w", err)
	}
	return &reportFile{f, f, path}, nil
}

// keep gives the file its name.
func (r *reportFile) keep() error {
	if r.file == nil {
		return nil
	}
	if err := errors.Join(r.file.Close(), os.Rename(r.file.Name(), r.path)); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	r.file = nil
	return nil
}

// discard removes a file that was not kept.
func (r *reportFile) discard() {
	if r.file != nil {
		_ = r.file.Close()
		_ = os.Remove(r.file.Name())
	}
}
