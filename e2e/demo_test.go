//go:build e2e

package e2e

import (
	"os"
	"regexp"
	"testing"
)

var anyReference = regexp.MustCompile(`\b[A-Z]{2,5}-\d{4}-\d{4}\b`)

// TestTheDemoTellsItsStoryInAMinute runs the demo in an empty folder, as whoever has just cloned the
// repository would.
func TestTheDemoTellsItsStoryInAMinute(t *testing.T) {
	dir := t.TempDir()
	r := runIn(t, dir, "demo")
	if r.code != 0 {
		t.Fatalf("the demo ended with %d:\n%s", r.code, tail(r.err, 20))
	}
	if r.took.Minutes() >= 1 {
		t.Errorf("the demo took %v, want less than a minute", r.took)
	}
	references := map[string]bool{}
	for _, ref := range anyReference.FindAllString(r.out, -1) {
		references[ref] = true
	}
	if len(references) < 5 {
		t.Errorf("the demo shows %d cases, want at least five:\n%s", len(references), r.out)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("the demo left %v behind, %v", left, err)
	}
	t.Logf("%d cases in %v", len(references), r.took)
}
