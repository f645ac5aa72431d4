package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// How the program talks to the person at the terminal, always on standard error:
//
//   - An error is one line, "guichet: error: " and what is wrong, most exact place first. Several problems
//     are several lines; a line a person cannot act on is not written.
//   - What to do about it is a line of its own, "guichet: hint: ", after the error, each hint once.
//   - Sentences start with a small letter and end without a full stop. No stack, no type name, no advice
//     to read the source.
//   - Nothing from a mail and no secret is repeated; a value from the config may be.

// Exit codes.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2 // the command line itself is wrong
)

// maxErrorLines is how many problems are told at once; the first ones usually make the others.
const maxErrorLines = 10

// usageError is a wrong command line.
type usageError struct{ err error }

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

// hinted is an error with what to do about it.
type hinted struct {
	err  error
	hint string
}

func (e hinted) Error() string { return e.err.Error() }
func (e hinted) Unwrap() error { return e.err }

// withHint says what to do about err.
func withHint(err error, format string, args ...any) error {
	return hinted{err, fmt.Sprintf(format, args...)}
}

// errTold ends a command with exitFailed whose problems were told while it ran.
var errTold = errors.New("problems were told already")

// complain tells a person what went wrong.
func complain(w io.Writer, err error) {
	lines := errorLines(err)
	for i, line := range lines {
		if i == maxErrorLines && len(lines) > maxErrorLines+1 {
			fmt.Fprintf(w, "guichet: error: and %d more problems\n", len(lines)-i)
			break
		}
		fmt.Fprintf(w, "guichet: error: %s\n", printable(line))
	}
	for _, hint := range hints(err) {
		fmt.Fprintf(w, "guichet: hint: %s\n", printable(hint))
	}
}

// errorLines is one line for each error that was joined, and no line twice.
func errorLines(err error) []string {
	if errors.Is(err, errTold) {
		return nil
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok && strings.Contains(err.Error(), "\n") {
		var lines []string
		for _, e := range joined.Unwrap() {
			for _, line := range errorLines(e) {
				if !slices.Contains(lines, line) {
					lines = append(lines, line)
				}
			}
		}
		return lines
	}
	return []string{strings.ReplaceAll(strings.TrimSpace(err.Error()), "\n", "; ")}
}

// hints collects what to do about an error and about those it wraps, each once.
func hints(err error) []string {
	var list []string
	if h, ok := err.(hinted); ok {
		list = append(list, h.hint)
	}
	var inner []error
	switch e := err.(type) {
	case interface{ Unwrap() []error }:
		inner = e.Unwrap()
	case interface{ Unwrap() error }:
		if next := e.Unwrap(); next != nil {
			inner = []error{next}
		}
	}
	for _, e := range inner {
		for _, hint := range hints(e) {
			if !slices.Contains(list, hint) {
				list = append(list, hint)
			}
		}
	}
	return list
}
