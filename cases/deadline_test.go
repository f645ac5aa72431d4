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
		{"2026-12-01", "2027-01-04", "2027-03-01", "New Year on a Friday, the next year"},
		{"2025-02-28", "2025-03-28", "2025-05-28", "the last day of a month does not stretch to the end of the next"},
	} {
		got := term(t).DatesOn(date(t, row.received))
		if got.Due.String() != row.due || got.Latest.String() != row.latest {
			t.Errorf("received %s: due %s, latest %s; want %s, %s (%s)", row.received, got.Due, got.Latest, row.due, row.latest, row.why)
		}
	}
}

func TestTheDayOfReceiptIsThatOfBrussels(t *testing.T) {
	for _, row := range []struct{ at, received, due, expires, why string }{
		{"2026-11-23T22:59:59Z", "2026-11-23", "2026-12-23", "2026-12-23T22:59:59Z", "the last second of a winter's day"},
		{"2026-11-23T23:00:00Z", "2026-11-24", "2026-12-24", "2026-12-24T22:59:59Z", "midnight in winter"},
		{"2026-06-10T21:59:59Z", "2026-06-10", "2026-07-10", "2026-07-10T21:59:59Z", "the last second of a summer's day"},
		{"2026-06-10T22:00:00Z", "2026-06-11", "2026-07-13", "2026-07-13T21:59:59Z", "midnight in summer; then a Saturday"},
		{"2027-03-28T00:59:59Z", "2027-03-28", "2027-04-28", "2027-04-28T21:59:59Z", "the second before the clock goes forward"},
		{"2027-03-28T01:00:00Z", "2027-03-28", "2027-04-28", "2027-04-28T21:59:59Z", "the second after it"},
		{"2026-09-25T12:00:00Z", "2026-09-25", "2026-10-26", "2026-10-26T22:59:59Z", "due on the first working day of winter time"},
		{"2026-10-25T00:30:00Z", "2026-10-25", "2026-11-25", "2026-11-25T22:59:59Z", "02:30, the first time"},
		{"2026-10-25T01:30:00Z", "2026-10-25", "2026-11-25", "2026-11-25T22:59:59Z", "02:30, the second time"},
		{"2028-02-28T23:30:00Z", "2028-02-29", "2028-03-29", "2028-03-29T21:59:59Z", "already the leap day, and due in summer time"},
		{"2026-12-31T23:59:00-05:00", "2027-01-01", "2027-02-01", "2027-02-01T22:59:59Z", "written in another zone: the next year here"},
	} {
		at, err := time.Parse(time.RFC3339, row.at)
		if err != nil {
			t.Fatal(err)
		}
		got := term(t).Dates(at)
		expires := term(t).Expires(got.Due).UTC().Format(time.RFC3339)
		if got.Received.String() != row.received || got.Due.String() != row.due || expires != row.expires {
			t.Errorf("%s: received %s, due %s, until %s; want %s, %s, %s (%s)",
				row.at, got.Received, got.Due, expires, row.received, row.due, row.expires, row.why)
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
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		rows = append(rows, strings.Split(lines.Text(), "\t"))
	}
	if lines.Err() != nil || len(rows) < 2 {
		t.Fatalf("%d lines, %v", len(rows), lines.Err())
	}
	return rows[1:]
}

func TestExplanationNamesEachSkippedDay(t *testing.T) {
	_, why := term(t).Deadline(date(t, "2025-06-19"), 1)
	text := strings.Join(why, "\n")
	for _, want := range []string{"art. 3(1)", "art. 3(2)(c)", "2025-07-19 is closed (Saturday)", "(Sunday)", "(National Day)", "art. 3(4)", "Tuesday 2025-07-22", "23:59:59"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not explained in\n%s", want, text)
		}
	}
	if len(why) != 6 {
		t.Errorf("%d steps: a receipt, a month, three closed days and an end make six\n%s", len(why), text)
	}
}

func TestExplanationNamesAMonthThatIsTooShort(t *testing.T) {
	_, why := term(t).Deadline(date(t, "2025-01-31"), 1)
	if text := strings.Join(why, "\n"); !strings.Contains(text, "February has no day 31") || strings.Contains(text, "closed") {
		t.Errorf("explained as\n%s", text)
	}
}

// nominal walks day by day to the end of a period of months before closed days are looked at: the same
// day of the last month, or that month's last.
func nominal(received cases.Date, months int) cases.Date {
	d := received
	for begun := 0; begun < months; {
		if d = d.AddDays(1); d.Day == 1 {
			begun++
		}
	}
	for d.Day < received.Day && d.AddDays(1).Month == d.Month {
		d = d.AddDays(1)
	}
	return d
}

func TestAPeriodEndsOnItsNominalDayOrTheFirstWorkingDayAfter(t *testing.T) {
	zoned := term(t)
	rapid.Check(t, func(t *rapid.T) {
		received := cases.Date{Year: 2000, Month: 1, Day: 1}.AddDays(rapid.IntRange(0, 36000).Draw(t, "day"))
		d := zoned.DatesOn(received)
		for months, due := range map[int]cases.Date{1: d.Due, 3: d.Latest} {
			if !zoned.Calendar.Working(due) {
				t.Fatalf("received %s: %s is a closed day", received, due)
			}
			end := nominal(received, months)
			if due.Before(end) {
				t.Fatalf("received %s: %s is before %s, the end of %d months", received, due, end, months)
			}
			for ; end.Before(due); end = end.AddDays(1) {
				if zoned.Calendar.Working(end) {
					t.Fatalf("received %s: the end moved to %s over %s, a working day", received, due, end)
				}
			}
		}
		if !d.Due.Before(d.Latest) {
			t.Fatalf("received %s: extension ends on %s, not after %s", received, d.Latest, d.Due)
		}
		next := zoned.DatesOn(received.AddDays(1))
		if next.Due.Before(d.Due) || next.Latest.Before(d.Latest) {
			t.Fatalf("received a day later than %s, due earlier: %s, %s", received, next.Due, next.Latest)
		}
		last := zoned.Expires(d.Due)
		if last.Format(time.TimeOnly) != "23:59:59" || cases.DateOf(last, zoned.Zone) != d.Due {
			t.Fatalf("the last second of %s is %s", d.Due, last)
		}
	})
}
