package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// registerColumns are the columns of the CSV. They bear the names of the JSON.
var registerColumns = []string{
	"reference", "received", "rights", "language", "status", "outcome", "due", "extended_until", "acknowledgement", "first_reply", "closed",
	"days_to_acknowledge", "days_to_close", "standing", "late", "identity", "flags", "corrections",
}

// cells are a line's values in the order of registerColumns.
func (r registerRow) cells() []string {
	return []string{
		r.Reference, r.Received, joined(r.Rights, " "), r.Language, string(r.Status), string(r.Outcome), r.Due, r.Extended, r.Acknowledgement,
		r.FirstReply, r.Closed, number(r.Acknowledge), number(r.Close), string(r.Standing), strconv.FormatBool(r.Late), string(r.Identity),
		joined(r.Flags, " "), joined(r.Corrections, " "),
	}
}

// number is a number of days, or nothing.
func number(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}

// writeCSV writes a header and a line a case.
func (r *register) writeCSV(out io.Writer) error {
	w := csv.NewWriter(out)
	w.Write(registerColumns)
	for _, row := range r.Cases {
		cells := row.cells()
		for i, cell := range cells {
			cells[i] = safeCell(cell)
		}
		w.Write(cells)
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return fmt.Errorf("writing: %w", err)
	}
	return nil
}

// safeCell keeps a spreadsheet from taking a text for a formula: an apostrophe makes it a text (OWASP, CSV injection).
func safeCell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n|", rune(s[0])) {
		return "'" + s
	}
	return s
}

// writeJSON writes one object. Its cases are written one by one: there may be many.
func (r *register) writeJSON(w io.Writer) error {
	head, err := json.Marshal(struct {
		Desk    string  `json:"desk"`
		Made    string  `json:"made"`
		Year    string  `json:"year"` // or "all"
		Figures figures `json:"figures"`
	}{r.Address, r.Made.UTC().Format(time.RFC3339), r.Year, r.Figures})
	if err != nil {
		return err
	}
	j := jsonList{w: w}
	j.print("%s,\n\"cases\":[", head[:len(head)-1])
	for _, row := range r.Cases {
		j.item(row)
	}
	j.print("]}\n")
	if j.err != nil {
		return fmt.Errorf("writing: %w", j.err)
	}
	return nil
}
