package cases_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"pgregory.net/rapid"
)

// history is three events, rightly chained.
func history() []cases.Event {
	var list []cases.Event
	previous := ""
	for i, note := range []string{"one", "two", "three"} {
		e := cases.Event{Case: "GDN-2026-0001", Seq: i + 1, At: time.Date(2026, 11, 23, 9, i, 0, 7, time.UTC), Kind: cases.EventLinked, By: "guichet", Note: note}
		e.Hash = cases.Chain(previous, e)
		previous = e.Hash
		list = append(list, e)
	}
	return list
}

func TestAnUntouchedHistoryIsSound(t *testing.T) {
	if err := cases.VerifyChain(history()); err != nil {
		t.Error(err)
	}
	if err := cases.VerifyChain(nil); err != nil {
		t.Errorf("no events: %v", err)
	}
	elsewhere := history()
	for i := range elsewhere {
		elsewhere[i].At = elsewhere[i].At.In(time.FixedZone("", 3600))
	}
	if err := cases.VerifyChain(elsewhere); err != nil {
		t.Errorf("the same instants told in another zone: %v", err)
	}
}

func TestATouchedHistoryNamesTheFirstBadEvent(t *testing.T) {
	for _, tt := range []struct {
		what  string
		touch func([]cases.Event) []cases.Event
		says  string
	}{
		{"note", func(l []cases.Event) []cases.Event { l[1].Note = "other"; return l }, "event 2"},
		{"author", func(l []cases.Event) []cases.Event { l[0].By = "other"; return l }, "event 1"},
		{"kind", func(l []cases.Event) []cases.Event { l[2].Kind = cases.EventStaff; return l }, "event 3"},
		{"case", func(l []cases.Event) []cases.Event { l[1].Case = "GDN-2026-0002"; return l }, "event 2"},
		{"time, by a nanosecond", func(l []cases.Event) []cases.Event { l[1].At = l[1].At.Add(1); return l }, "event 2"},
		{"hash", func(l []cases.Event) []cases.Event { l[0].Hash = ""; return l }, "event 1"},
		{"fields cut elsewhere", func(l []cases.Event) []cases.Event { l[1].By, l[1].Note = "guichett", "wo"; return l }, "event 2"},
		{"one left out", func(l []cases.Event) []cases.Event { return slices.Delete(l, 1, 2) }, "event 2 is missing"},
		{"the first left out", func(l []cases.Event) []cases.Event { return l[1:] }, "event 1 is missing"},
		{"one left out, the rest renumbered", func(l []cases.Event) []cases.Event {
			l = slices.Delete(l, 1, 2)
			l[1].Seq = 2
			return l
		}, "event 2"},
		{"two exchanged", func(l []cases.Event) []cases.Event { l[0], l[1] = l[1], l[0]; return l }, "event 1"},
	} {
		if err := cases.VerifyChain(tt.touch(history())); err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v, want %q", tt.what, err, tt.says)
		}
	}
}

func TestFieldsCannotBeShiftedIntoOneAnother(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		i, j := rapid.IntRange(0, len(text)).Draw(t, "cut"), rapid.IntRange(0, len(text)).Draw(t, "other cut")
		one, other := cases.Event{By: text[:i], Note: text[i:]}, cases.Event{By: text[:j], Note: text[j:]}
		if same := cases.Chain("", one) == cases.Chain("", other); same != (i == j) {
			t.Fatalf("%q cut at %d and at %d: same hash %v", text, i, j, same)
		}
	})
}
