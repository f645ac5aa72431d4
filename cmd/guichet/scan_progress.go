package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"
)

// progress draws how far a long work is, on a terminal only. What else goes to the terminal meanwhile is written
// through it, so that neither spoils the other.
type progress struct {
	out         io.Writer
	shown       bool // on a terminal
	now         func() time.Time
	began       time.Time
	drawn       time.Time
	before      int // done by an earlier run, which says nothing of the rate
	done, total int
}

func newProgress(env environment) *progress {
	f, ok := env.stderr.(*os.File)
	shown := ok && term.IsTerminal(int(f.Fd())) && env.getenv("TERM") != "dumb"
	return &progress{out: env.stderr, shown: shown, now: env.now}
}

// start begins anew, with so much done before and so much to do.
func (p *progress) start(before, left int) {
	p.before, p.done, p.total, p.began = before, before, before+left, p.now()
	p.draw()
}

// step counts one thing done, and draws some times a second.
func (p *progress) step() {
	p.done++
	p.total = max(p.total, p.done)
	if p.now().Sub(p.drawn) >= 100*time.Millisecond || p.done == p.total {
		p.draw()
	}
}

const (
	barWidth  = 24
	clearLine = "\r\x1b[2K"
)

func (p *progress) draw() {
	if !p.shown {
		return
	}
	p.drawn = p.now()
	full := barWidth
	if p.total > 0 {
		full = barWidth * p.done / p.total
	}
	fmt.Fprintf(p.out, "%s[%s%s] %s of %s%s", clearLine, strings.Repeat("=", full), strings.Repeat(" ", barWidth-full),
		thousands(p.done), thousands(p.total), p.speed())
}

// speed is the rate and the time left, once there is something to tell them by.
func (p *progress) speed() string {
	spent, done := p.now().Sub(p.began), p.done-p.before
	if spent < time.Second || done == 0 {
		return ""
	}
	rate := float64(done) / spent.Seconds()
	left := time.Duration(float64(p.total-p.done) / rate * float64(time.Second))
	return fmt.Sprintf(", %.0f/s, %s left", rate, left.Round(time.Second))
}

// Write writes between two drawings.
func (p *progress) Write(b []byte) (int, error) {
	p.clear()
	return p.out.Write(b)
}

// clear takes the bar away.
func (p *progress) clear() {
	if p.shown {
		fmt.Fprint(p.out, clearLine)
	}
}

// thousands writes a number as people read it.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
