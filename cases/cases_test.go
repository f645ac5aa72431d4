package cases_test

import (
	"bufio"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
	"time"

	_ "time/tzdata"

	"guichetdunumerique.be/guichet/cases"
	"pgregory.net/rapid"
)

func term(t testing.TB) cases.Term {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Brussels")
	if err != nil {
		t.Fatal(err)
	}
	return cases.Term{Months: 1, ExtensionMonths: 3, Calendar: cases.Belgium(), Zone: zone}
}

func date(t testing.TB, s string) cases.Date {
	t.Helper()
	d, err := cases.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDeadlines(t *testing.T) {
	for _, row := range []struct{ received, due, latest, why string }{
		{"2026-11-23", "2026-12-23", "2027-02-23", "plain"},
		{"2026-01-31", "2026-03-02", "2026-04-30", "February has no 31, its last day is a Saturday"},
		{"2024-01-30", "2024-02-29", "2024-04-30", "leap year"},
		{"2026-03-05", "2026-04-07", "2026-06-05", "Easter Sunday, then Easter Monday"},
		{"2025-11-26", "2025-12-26", "2026-02-26", "26 December is a working day"},
		{"2024-04-18", "2024-05-21", "2024-07-18", "Whit weekend"},
		{"2026-04-15", "2026-05-15", "2026-07-15", "the bridge day after Ascension is a working day"},
	} {
		got := term(t).DatesOn(date(t, row.received))
		if got.Due.String() != row.due || got.Latest.String() != row.latest {
			t.Errorf("received %s: due %s, latest %s; want %s, %s (%s)", row.received, got.Due, got.Latest, row.due, row.latest, row.why)
		}
	}
}

// table reads a tab-separated file of the shared reference, its heading left out.
func table(t *testing.T, name string) [][]string {
	t.Helper()
	f, err := os.Open("../../shared/domain/" + name)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("the folder shared/domain with its table of verified dates is not beside the project")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var rows [][]string
	for s := bufio.NewScanner(f); s.Scan(); {
		rows = append(rows, strings.Split(s.Text(), "\t"))
	}
	return rows[1:]
}

func TestAllVerifiedDates(t *testing.T) {
	rows := table(t, "deadlines.tsv")
	if len(rows) != 89 {
		t.Errorf("%d rows, expected 89", len(rows))
	}
	for _, row := range rows {
		got := term(t).DatesOn(date(t, row[0]))
		if got.Due.String() != row[1] || got.Latest.String() != row[2] {
			t.Errorf("received %s: due %s, latest %s; want %s, %s (%s)", row[0], got.Due, got.Latest, row[1], row[2], row[3])
		}
	}
}

func TestAllVerifiedInstants(t *testing.T) {
	for _, row := range table(t, "deadline_instants.tsv") {
		at, err := time.Parse(time.RFC3339, row[0])
		if err != nil {
			t.Fatal(err)
		}
		got := term(t).Dates(at)
		if got.Received.String() != row[1] || got.Due.String() != row[2] || got.Latest.String() != row[3] {
			t.Errorf("%s: received %s, due %s, latest %s; want %v", row[0], got.Received, got.Due, got.Latest, row[1:])
		}
	}
}

func TestExplanationNamesEachSkippedDay(t *testing.T) {
	_, why := term(t).Deadline(date(t, "2025-06-19"), 1)
	text := strings.Join(why, "\n")
	for _, want := range []string{"art. 3(1)", "art. 3(2)(c)", "2025-07-19 is closed (Saturday)", "(Sunday)", "(National Day)", "Tuesday 2025-07-22", "23:59:59"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not explained in\n%s", want, text)
		}
	}
}

func TestDeadlineProperties(t *testing.T) {
	zoned := term(t)
	rapid.Check(t, func(t *rapid.T) {
		received := cases.Date{Year: 2000, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 36000).Draw(t, "day"))
		d := zoned.DatesOn(received)
		if !zoned.Calendar.Working(d.Due) || !zoned.Calendar.Working(d.Latest) {
			t.Fatalf("received %s: due %s or latest %s is a closed day", received, d.Due, d.Latest)
		}
		if days := d.Due.Sub(received); days < 28 || days > 31+4 {
			t.Fatalf("received %s: %d days to answer", received, days)
		}
		if !d.Due.Before(d.Latest) {
			t.Fatalf("received %s: extension ends on %s, not after %s", received, d.Latest, d.Due)
		}
		if next := zoned.DatesOn(received.AddDays(1)); next.Due.Before(d.Due) {
			t.Fatalf("received a day later than %s, due earlier: %s", received, next.Due)
		}
		if day := cases.DateOf(zoned.Expires(d.Due), zoned.Zone); day != d.Due {
			t.Fatalf("the last second of %s lies on %s", d.Due, day)
		}
	})
}

func TestReferencesAsPeopleRetypeThem(t *testing.T) {
	want := cases.Reference{Prefix: "GDN", Year: 2026, Number: 7}
	for _, text := range []string{"GDN-2026-0007", "Re: Auto: [GDN-2026-0007] x", "gdn 2026-7", "GDN–2026–0007.", "Gdn/2026/007", "GDN - 2026 - 0007"} {
		got := cases.FindReferences(text)
		if len(got) != 1 || got[0] != want {
			t.Errorf("%q: found %v", text, got)
		}
	}
	for _, text := range []string{"", "GDN-2026", "GDN-2026-0000", "2026-0007", "order 12-2026-7"} {
		if got := cases.FindReferences(text); len(got) != 0 {
			t.Errorf("%q: found %v", text, got)
		}
	}
}

func TestAReferenceReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := cases.Reference{
			Prefix: rapid.StringMatching(`[A-Z]{2,8}`).Draw(t, "prefix"),
			Year:   rapid.IntRange(2000, 2099).Draw(t, "year"), Number: rapid.IntRange(1, 999999).Draw(t, "number"),
		}
		if got, err := cases.ParseReference(r.String()); err != nil || got != r {
			t.Fatalf("%s reads back as %v, %v", r, got, err)
		}
	})
}

func FuzzFindReferences(f *testing.F) {
	f.Add("GDN-2026-0007")
	f.Add("gdn 2026-7 GDN–2026–9999999")
	f.Fuzz(func(t *testing.T, text string) {
		for _, r := range cases.FindReferences(text) {
			if got, err := cases.ParseReference(r.String()); err != nil || got != r {
				t.Errorf("%v does not read back: %v %v", r, got, err)
			}
		}
	})
}

func TestAChangedHistoryShows(t *testing.T) {
	history := func() []cases.Event {
		var list []cases.Event
		previous := ""
		for i, note := range []string{"one", "two", "three"} {
			e := cases.Event{Case: "GDN-2026-0001", Seq: i + 1, At: time.Date(2026, 11, 23, 9, i, 0, 0, time.UTC), Kind: cases.EventLinked, By: "guichet", Note: note}
			e.Hash = cases.Chain(previous, e)
			previous = e.Hash
			list = append(list, e)
		}
		return list
	}
	if err := cases.VerifyChain(history()); err != nil {
		t.Fatalf("an untouched history: %v", err)
	}
	changed := history()
	changed[1].Note = "other"
	missing := append(history()[:1], history()[2])
	moved := history()
	moved[1].By, moved[1].Note = "guichett", "wo" // the same bytes, cut elsewhere
	for name, list := range map[string][]cases.Event{"changed": changed, "missing": missing, "moved": moved} {
		if cases.VerifyChain(list) == nil {
			t.Errorf("%s event: not noticed", name)
		}
	}
}

func TestWhoMustProveIdentity(t *testing.T) {
	policy := cases.Rights()[:6]
	for _, tt := range []struct {
		rights    []cases.Right
		marketing bool
		want      bool
		why       string
	}{
		{[]cases.Right{cases.Access}, false, true, "the published policy asks"},
		{[]cases.Right{cases.ConsentWithdrawal}, false, false, "as easy as giving it"},
		{[]cases.Right{cases.Objection}, true, false, "a marketing objection"},
		{[]cases.Right{cases.Objection}, false, true, "another objection"},
		{[]cases.Right{cases.Erasure, cases.ConsentWithdrawal}, false, true, "one of them needs it"},
		{nil, false, false, "nothing is asked"},
	} {
		if got := cases.IdentityRequired(tt.rights, policy, tt.marketing); got != tt.want {
			t.Errorf("%v: %v, want %v (%s)", tt.rights, got, tt.want, tt.why)
		}
	}
}
