//go:build e2e

package e2e

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"
)

// await looks again and again until look returns nil, and fails the test with its last error when that
// takes longer than limit.
func await(t *testing.T, limit time.Duration, what string, look func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for {
		err := look(ctx)
		if err == nil {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("waited %v until %s: %v", limit, what, err)
		case <-ticker.C:
		}
	}
}

// span lets an amount of time pass, for what can only be measured over a while.
func span(t *testing.T, d time.Duration) {
	t.Helper()
	select {
	case <-time.After(d):
	case <-t.Context().Done():
	}
}

// tail is the last n lines of a text.
func tail(text string, n int) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

// errorsOf is the lines of a log that tell of an error.
func errorsOf(log string) string {
	lines := slices.DeleteFunc(strings.SplitAfter(log, "\n"), func(l string) bool { return !strings.Contains(l, `"level":"ERROR"`) })
	return strings.Join(lines, "")
}
