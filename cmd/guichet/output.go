package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"unicode"

	"golang.org/x/term"
)

// writeJSON writes v on a line of its own, with the letters of mail addresses and tags as they are.
func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return fmt.Errorf("writing: %w", err)
	}
	return nil
}

// printable is text of a stranger, made safe for a terminal: control characters and those that turn the
// direction of writing could move the cursor or hide words. Line ends and tabs become spaces.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\r', r == '\t':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == '\u2028', r == '\u2029':
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

// oneSpaced is a text on one line, with single spaces.
func oneSpaced(s string) string { return strings.Join(strings.Fields(s), " ") }

// tone is how urgent a line of a table is.
type tone int

const (
	calm tone = iota
	soon
	late
	past
)

// colours are the codes of ECMA-48 for each tone.
var colours = map[tone]string{soon: "\x1b[33m", late: "\x1b[31m", past: "\x1b[2m"}

// table gathers rows and writes them in aligned columns.
type table struct {
	rows  [][]string
	tones []tone
}

func (t *table) add(how tone, cells ...string) {
	t.rows, t.tones = append(t.rows, cells), append(t.tones, how)
}

// write aligns the columns and then colours whole lines: codes inside of a line would count as letters.
func (t *table) write(w io.Writer, colour bool) error {
	var aligned bytes.Buffer
	tabs := tabwriter.NewWriter(&aligned, 0, 0, 2, ' ', 0)
	for _, row := range t.rows {
		fmt.Fprintln(tabs, strings.Join(row, "\t"))
	}
	if err := tabs.Flush(); err != nil {
		return fmt.Errorf("aligning a table: %w", err)
	}
	i := 0
	for line := range strings.Lines(aligned.String()) {
		line = strings.TrimRight(line, " \n")
		if code := colours[t.tones[i]]; colour && code != "" {
			line = code + line + "\x1b[0m"
		}
		if _, err := fmt.Fprintln(w, line); err != nil {
			return fmt.Errorf("writing: %w", err)
		}
		i++
	}
	return nil
}

// inColour reports whether a person looks at the output and has not asked to be spared (no-color.org).
func inColour(env environment) bool {
	f, ok := env.stdout.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && env.getenv("NO_COLOR") == "" && env.getenv("TERM") != "dumb"
}
