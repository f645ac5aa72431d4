package main

import (
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// foundJSON is a finding with what depends on the day of the report.
type foundJSON struct {
	Section  string `json:"section"`
	DaysLeft *int   `json:"days_left"` // negative when the last day is past
	finding
}

// writeJSON writes one object. Its findings are written one by one: there may be many.
func (r *scanReport) writeJSON(w io.Writer) error {
	head, err := json.Marshal(struct {
		Desk   string `json:"desk"`
		Since  string `json:"since"`
		Made   string `json:"made"`
		Rules  string `json:"rules"`
		Opened bool   `json:"cases_opened"`
		Counts counts `json:"counts"`
	}{r.config.Desk.Address, r.since.String(), r.env.now().UTC().Format(time.RFC3339), r.desk.Rules.Version(), r.open, r.Counts})
	if err != nil {
		return err
	}
	j := jsonList{w: w}
	j.print("%s,\n\"found\":[", head[:len(head)-1])
	for _, s := range r.Sections {
		for f := range r.Findings(s) {
			j.item(foundJSON{s.Name, r.DaysLeft(f), f})
		}
	}
	j.print("],\n\"near\":[")
	j.some = false
	for _, f := range r.Near {
		j.item(f)
	}
	j.print("]}\n")
	if j.err != nil {
		return fmt.Errorf("writing: %w", j.err)
	}
	return nil
}

// jsonList writes the items of a list, and remembers the first error.
type jsonList struct {
	w    io.Writer
	some bool
	err  error
}

func (j *jsonList) print(format string, args ...any) {
	if j.err == nil {
		_, j.err = fmt.Fprintf(j.w, format, args...)
	}
}

func (j *jsonList) item(v any) {
	comma := ""
	if j.some {
		comma = ","
	}
	j.some = true
	j.print("%s\n", comma)
	if j.err == nil {
		j.err = writeJSON(j.w, v)
	}
}
