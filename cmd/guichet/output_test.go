package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"pgregory.net/rapid"
)

func TestTextOfStrangersCannotMoveTheCursor(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"a\x1b[2Jb", "a\ufffd[2Jb"},
		{"a\u009b2Jb", "a\ufffd2Jb"},
		{"invoice\u202etxt.exe", "invoice\ufffdtxt.exe"},
		{"a\r\nb\tc", "a  b c"},
		{"Zoé Ørsted, ぞえ", "Zoé Ørsted, ぞえ"},
	} {
		if got := printable(c.text); got != c.want {
			t.Errorf("%q becomes %q, want %q", c.text, got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		for _, r := range printable(rapid.String().Draw(t, "text")) {
			if unicode.IsControl(r) {
				t.Fatalf("%U is left", r)
			}
		}
	})
}

func TestColoursDoNotMoveColumns(t *testing.T) {
	var table table
	table.add(calm, "NAME", "DUE", "NOTE")
	table.add(late, "été", "2026-11-16", "")
	table.add(past, "a longer name", "-", "fulfilled")
	var plain, coloured bytes.Buffer
	if err := errors.Join(table.write(&plain, false), table.write(&coloured, true)); err != nil {
		t.Fatal(err)
	}
	if want := "NAME           DUE         NOTE\nété            2026-11-16\na longer name  -           fulfilled\n"; plain.String() != want {
		t.Errorf("got:\n%swant:\n%s", plain.String(), want)
	}
	codes := regexp.MustCompile("\x1b\\[[0-9]*m")
	if got := codes.ReplaceAllString(coloured.String(), ""); got != plain.String() || !codes.MatchString(coloured.String()) {
		t.Errorf("in colour:\n%q", coloured.String())
	}
}

func TestErrorsAreLinesForAPerson(t *testing.T) {
	base := withHint(fs.ErrNotExist, "look elsewhere")
	many := make([]error, 15)
	for i := range many {
		many[i] = fmt.Errorf("problem %d", i)
	}
	for _, c := range []struct {
		name string
		err  error
		want string
	}{
		{"one error", errors.New("it broke"), "guichet: error: it broke\n"},
		{"an error with a hint inside", fmt.Errorf("opening: %w", base), "guichet: error: opening: file does not exist\nguichet: hint: look elsewhere\n"},
		{"several, with the same hint", errors.Join(fmt.Errorf("a: %w", base), fmt.Errorf("b: %w", base)),
			"guichet: error: a: file does not exist\nguichet: error: b: file does not exist\nguichet: hint: look elsewhere\n"},
		{"the same twice", errors.Join(errors.New("a"), errors.New("a"), errors.New("b")), "guichet: error: a\nguichet: error: b\n"},
		{"lines of others", errors.New("first\nsecond"), "guichet: error: first; second\n"},
		{"told before", fmt.Errorf("classify: %w", errTold), ""},
		{"a stranger's bytes", errors.New("reading \x1b[2J"), "guichet: error: reading \ufffd[2J\n"},
	} {
		var b strings.Builder
		if complain(&b, c.err); b.String() != c.want {
			t.Errorf("%s:\n%swant:\n%s", c.name, b.String(), c.want)
		}
	}
	var b strings.Builder
	complain(&b, errors.Join(many...))
	if lines := strings.Count(b.String(), "\n"); lines != maxErrorLines+1 || !strings.Contains(b.String(), "and 5 more problems") {
		t.Errorf("15 problems are told as:\n%s", b.String())
	}
}

func TestTheLogIsWrittenAsConfigured(t *testing.T) {
	at := time.Date(2026, time.July, 1, 12, 0, 0, 0, time.FixedZone("CEST", 2*60*60))
	for _, c := range []struct {
		config logConfig
		want   string
	}{
		{logConfig{"info", "text"}, `level=INFO msg=told at=2026-07-01T10:00:00.000Z`},
		{logConfig{"info", "json"}, `"level":"INFO","msg":"told","at":"2026-07-01T10:00:00Z"`},
		{logConfig{"warn", "text"}, ""},
	} {
		var b strings.Builder
		newLogger(&b, c.config).Info("told", slog.Time("at", at))
		if !strings.Contains(b.String(), c.want) || c.want == "" && b.Len() > 0 {
			t.Errorf("%+v writes %q, want %q", c.config, b.String(), c.want)
		}
	}
}
