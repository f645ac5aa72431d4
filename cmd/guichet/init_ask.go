package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// maxAnswer bounds what is read as one answer, in bytes.
const maxAnswer = 8 << 10

// question is one thing to ask a person.
type question struct {
	text     string
	standard string // what Enter means; "" where that has no meaning of its own
	hidden   bool   // the answer is a password: it is not shown while it is typed
	// take uses the answer, or says what is wrong with it; it is then asked again.
	take func(answer string) error
}

// asker asks questions on a terminal, or takes the answers that are piped in, one a line.
type asker struct {
	out   io.Writer
	lines *bufio.Reader
	typed *os.File // standard input where it is a terminal, else nil
}

func newAsker(env environment) *asker {
	a := &asker{out: env.stderr, lines: bufio.NewReaderSize(env.stdin, maxAnswer)}
	if f, ok := env.stdin.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		a.typed = f
	}
	return a
}

// say tells the person something on a line of its own.
func (a *asker) say(format string, args ...any) {
	fmt.Fprintln(a.out, printable(fmt.Sprintf(format, args...)))
}

// title begins a group of questions.
func (a *asker) title(text string) { fmt.Fprintf(a.out, "\n%s\n", text) }

// ask asks until an answer is taken. The error is of the asking itself: the end of the answers, or of ctx.
func (a *asker) ask(ctx context.Context, q question) error {
	for {
		fmt.Fprint(a.out, "  ", q.text)
		if q.standard != "" {
			fmt.Fprintf(a.out, " [%s]", q.standard)
		}
		fmt.Fprint(a.out, ": ")
		answer, err := a.read(ctx, q.hidden)
		if err != nil {
			return fmt.Errorf("asking for %q: %w", q.text, err)
		}
		if !q.hidden {
			answer = strings.TrimSpace(answer)
		}
		if answer == "" {
			answer = q.standard
		}
		err = q.take(answer)
		if err == nil || ctx.Err() != nil {
			return ctx.Err()
		}
		for _, line := range errorLines(err) {
			a.say("    no: %s", line)
		}
		for _, hint := range hints(err) {
			a.say("    hint: %s", hint)
		}
	}
}

// errAnswersEnd is the end of standard input where an answer is needed.
var errAnswersEnd = errors.New("no more answers on standard input")

// read takes one answer. It returns at once when ctx ends, leaving the terminal as it was found.
func (a *asker) read(ctx context.Context, hidden bool) (string, error) {
	type line struct {
		text string
		err  error
	}
	got := make(chan line, 1)
	restore := func() {}
	if hidden && a.typed != nil {
		fd := int(a.typed.Fd())
		if state, err := term.GetState(fd); err == nil {
			restore = func() { _ = term.Restore(fd, state) }
		}
		go func() {
			password, err := term.ReadPassword(fd)
			got <- line{string(password), err}
		}()
	} else {
		go func() {
			text, err := a.lines.ReadSlice('\n')
			got <- line{string(text), err}
		}()
	}
	select {
	case <-ctx.Done():
		restore()
		fmt.Fprintln(a.out)
		return "", ctx.Err()
	case l := <-got:
		if hidden || a.typed == nil {
			fmt.Fprintln(a.out) // nothing that was typed has moved the cursor
		}
		return cleaned(l.text, l.err)
	}
}

// cleaned is a line as it was meant. A last one may lack its end.
func cleaned(text string, err error) (string, error) {
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		return "", fmt.Errorf("an answer is longer than %d bytes", maxAnswer)
	case errors.Is(err, io.EOF) && text == "":
		return "", errAnswersEnd
	case err != nil && !errors.Is(err, io.EOF):
		return "", err
	}
	return strings.TrimRight(text, "\r\n"), nil
}
