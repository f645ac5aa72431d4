package cases_test

import (
	"testing"
	"time"

	"guichetdunumerique.be/guichet/cases"
)

// TestFailure20DeadlineAndTimeZoneErrors compares every deadline of twelve years, and those of a table that was
// verified by hand, with an oracle that shares no code with the program: helpdesks have counted periods from the
// wrong day, in the server's zone, or a day too long.
func TestFailure20DeadlineAndTimeZoneErrors(t *testing.T) {
	t.Run("every day of twelve years", everyDay)
	t.Run("dates verified by hand", verifiedDates)
	t.Run("instants verified by hand", verifiedInstants)
}

// everyDay receives a request in the first and in the last second of each day, as Brussels counts them.
func everyDay(t *testing.T) {
	closed := map[int]map[cases.Date]string{}
	for year := 2024; year <= 2037; year++ {
		closed[year] = holidays(year)
	}
	due := func(received cases.Date, months int) cases.Date {
		d := nominal(received, months)
		for weekend(d) || closed[d.Year][d] != "" {
			d = d.AddDays(1)
		}
		return d
	}
	days := 0
	for d := (cases.Date{Year: 2024, Month: 1, Day: 1}); d.Year < 2036; d = d.AddDays(1) {
		days++
		midnight := time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC)
		for _, at := range []time.Time{
			midnight.Add(-time.Hour * time.Duration(ahead(midnight.Add(-time.Hour)))),
			midnight.Add(24*time.Hour - time.Second - time.Hour*time.Duration(ahead(midnight.Add(22*time.Hour)))),
		} {
			got := term(t).Dates(at)
			if got.Received != d || got.Due != due(d, 1) || got.Latest != due(d, 3) {
				t.Fatalf("%s: received %s, due %s, latest %s; want %s, %s, %s", at, got.Received, got.Due, got.Latest, d, due(d, 1), due(d, 3))
			}
		}
	}
	if days != 4383 {
		t.Errorf("%d days, and twelve years with three leap days have 4383", days)
	}
}

// weekend knows Saturdays and Sundays by counting from a Sunday.
func weekend(d cases.Date) bool {
	sunday := time.Date(2023, time.January, 1, 0, 0, 0, 0, time.UTC)
	days := int(time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Sub(sunday).Hours()) / 24
	return days%7 == 0 || days%7 == 6
}

// ahead is how many hours Brussels is ahead of UTC: two from 01:00 UTC on the last Sunday of March to that of
// October, else one (Directive 2000/84/EC).
func ahead(at time.Time) int {
	change := func(month time.Month) time.Time {
		d := cases.Date{Year: at.Year(), Month: month, Day: 31}
		for !weekend(d) || weekend(d.AddDays(1)) { // the day after a Saturday is a weekend's too
			d = d.AddDays(-1)
		}
		return time.Date(d.Year, d.Month, d.Day, 1, 0, 0, 0, time.UTC)
	}
	if !at.Before(change(time.March)) && at.Before(change(time.October)) {
		return 2
	}
	return 1
}

func verifiedDates(t *testing.T) {
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

func verifiedInstants(t *testing.T) {
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
