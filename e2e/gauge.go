//go:build e2e

package e2e

import (
	"bufio"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// gauge watches what the daemon holds of the machine.
type gauge struct {
	metrics string // where the daemon tells of itself
	samples []sample
	last    sample
}

// sample is what the daemon held at one moment.
type sample struct {
	resident   int64 // bytes
	files      int   // open ones, connections among them
	goroutines int   // -1 where the daemon did not tell
}

// look takes a sample, kept for the judgement where the daemon has lived for a while.
func (g *gauge) look(t *testing.T, p *daemon, keep bool) {
	t.Helper()
	files, err := os.ReadDir(p.proc("fd"))
	if err != nil {
		return // it was killed just now
	}
	g.last = sample{p.resident(t), len(files), g.goroutines()}
	if keep {
		g.samples = append(g.samples, g.last)
	}
}

func (g *gauge) goroutines() int {
	client := http.Client{Timeout: 2 * time.Second}
	answer, err := client.Get(g.metrics)
	if err != nil {
		return -1 // it has only just started
	}
	defer answer.Body.Close()
	for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
		if text, found := strings.CutPrefix(lines.Text(), "guichet_goroutines "); found {
			n, err := strconv.ParseFloat(text, 64)
			if err != nil {
				return -1
			}
			return int(n)
		}
	}
	return -1
}

// judge compares the first third of the samples with the last: what is lost by and by would show. Single samples
// mean nothing, as the collector works when it likes.
func (g *gauge) judge(t *testing.T) {
	t.Helper()
	const (
		memory = 10 << 20
		few    = 8 // goroutines and files that may be busy at one moment and not at another
	)
	third := len(g.samples) / 3
	if third == 0 {
		t.Fatal("nothing was measured")
	}
	middle := func(of func(sample) int64) (first, last, most int64) {
		var all []int64
		for _, s := range g.samples {
			all = append(all, of(s))
		}
		median := func(part []int64) int64 { part = slices.Sorted(slices.Values(part)); return part[len(part)/2] }
		return median(all[:third]), median(all[2*third:]), slices.Max(all)
	}
	for name, m := range map[string]struct {
		of    func(sample) int64
		grown int64
	}{
		"bytes resident": {func(s sample) int64 { return s.resident }, memory},
		"open files":     {func(s sample) int64 { return int64(s.files) }, few},
		"goroutines":     {func(s sample) int64 { return int64(s.goroutines) }, few},
	} {
		first, last, most := middle(m.of)
		t.Logf("%s: %d at first, %d at last, %d at most, of %d samples; %+v at rest", name, first, last, most, len(g.samples), g.last)
		if last > first+m.grown {
			t.Errorf("%s grew from %d to %d", name, first, last)
		}
	}
}
