package main

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// checkMonitoringGuide holds the guide to monitoring against what /metrics exposes: the guide's table is all of it, and
// no rule of its alerts asks for what does not exist, since such a rule would never fire.
func checkMonitoringGuide(t *testing.T, exposition string) {
	t.Helper()
	text, err := os.ReadFile("../../docs/monitoring.md")
	if err != nil {
		t.Fatal(err)
	}
	guide := string(text)
	declared := groups(`(?m)^# TYPE (\S+ \S+)$`, exposition)
	if explained := groups("(?m)^\\| `(guichet_[a-z_]+)` \\| ([a-z]+) \\|", guide); !slices.Equal(explained, declared) {
		t.Errorf("the guide explains %q\n/metrics exposes %q", explained, declared)
	}
	samples := groups(`(?m)^(guichet_[a-z_]+)`, exposition)
	asked := 0
	for expr := range strings.Lines(guide) {
		if !strings.Contains(expr, "expr: ") {
			continue
		}
		asked++
		for _, name := range groups(`\b(guichet_[a-z_]+)`, expr) {
			if !slices.Contains(samples, name) {
				t.Errorf("an alert asks for %s, which /metrics does not expose", name)
			}
		}
		for _, m := range regexp.MustCompile(`(guichet_[a-z_]+)\{([^}]*)\}`).FindAllStringSubmatch(expr, -1) {
			if !regexp.MustCompile(m[1] + `\{[^}]*` + m[2]).MatchString(exposition) {
				t.Errorf("an alert asks for %s, which never is", m[0])
			}
		}
	}
	if asked < 3 {
		t.Errorf("found %d alerts in the guide", asked)
	}
}

// groups are the different matches of a pattern in a text, its groups joined by a space, sorted.
func groups(pattern, text string) []string {
	var found []string
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(text, -1) {
		found = append(found, strings.Join(m[1:], " "))
	}
	slices.Sort(found)
	return slices.Compact(found)
}

func TestAHistogramCountsUpToEachBound(t *testing.T) {
	var h histogram
	for _, took := range []time.Duration{0, time.Millisecond, time.Millisecond + 1, 10 * time.Second, time.Minute} {
		h.observe(took)
	}
	var e exposition
	e.histogram("x_seconds", "what", &h, "desk", "GDN")
	text := string(e.bytes())
	for _, want := range []string{ // a bound is part of its bucket, and each bucket of the next
		"# TYPE x_seconds histogram\n",
		`x_seconds_bucket{desk="GDN",le="0.001"} 2` + "\n" + `x_seconds_bucket{desk="GDN",le="0.0025"} 3` + "\n",
		`x_seconds_bucket{desk="GDN",le="5"} 3` + "\n" + `x_seconds_bucket{desk="GDN",le="10"} 4` + "\n" + `x_seconds_bucket{desk="GDN",le="+Inf"} 5` + "\n",
		`x_seconds_sum{desk="GDN"} 70.002000001` + "\n" + `x_seconds_count{desk="GDN"} 5` + "\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
