package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestProgressTellsRateAndTimeLeft(t *testing.T) {
	var out bytes.Buffer
	now := today
	p := &progress{out: &out, shown: true, now: func() time.Time { return now }}
	p.start(1000, 3000) // an earlier run did the first thousand, and says nothing of the rate
	for range 1000 {
		now = now.Add(10 * time.Millisecond)
		p.step()
	}
	fmt.Fprintln(p, "a warning")
	last := strings.Split(out.String(), clearLine)
	if got, want := last[len(last)-2], "[============            ] 2,000 of 4,000, 100/s, 20s left"; got != want {
		t.Errorf("drew %q, want %q", got, want)
	}
	if got := last[len(last)-1]; got != "a warning\n" {
		t.Errorf("wrote %q over the bar", got)
	}
	if n := len(last); n > 110 {
		t.Errorf("drawn %d times in ten seconds", n)
	}
}

func TestProgressIsForTerminals(t *testing.T) {
	var out bytes.Buffer
	p := newProgress(environment{stderr: &out, now: time.Now})
	p.start(0, 2)
	p.step()
	p.clear()
	p.step()
	if out.Len() != 0 {
		t.Errorf("wrote %q", out.String())
	}
}
