package cases_test

import (
	"testing"
	"time"

	"github.com/rickar/cal/v2"
	"guichetdunumerique.be/guichet/cases"
)

// easter is Easter Sunday by the Gregorian computus in its anonymous form of 1876, an oracle of its own.
func easter(year int) cases.Date {
	a, b, c := year%19, year/100, year%100
	d, e, f := b/4, b%4, (b+8)/25
	g := (b - f + 1) / 3
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return cases.Date{Year: year, Month: time.Month(n / 31), Day: n%31 + 1}
}

// holidays are the legal holidays of a year, computed without the library.
func holidays(year int) map[cases.Date]string {
	e := easter(year)
	on := func(month time.Month, day int) cases.Date { return cases.Date{Year: year, Month: month, Day: day} }
	return map[cases.Date]string{
		on(1, 1): "New Year's Day", e.AddDays(1): "Easter Monday", e.AddDays(50): "Whit Monday",
		e.AddDays(39): "Ascension Day", on(5, 1): "Labour Day", // the same day in 2008
		on(7, 21): "National Day", on(8, 15): "Assumption", on(11, 1): "All Saints' Day",
		on(11, 11): "Armistice Day", on(12, 25): "Christmas Day",
	}
}

// within runs a test as on a machine whose clock stands in a zone: the library computes in that zone.
func within(t *testing.T, zone string, f func(*testing.T)) {
	t.Run(zone, func(t *testing.T) {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		before := cal.DefaultLoc
		t.Cleanup(func() { cal.DefaultLoc = before })
		cal.DefaultLoc = loc
		f(t)
	})
}

func TestHolidaysOfACenturyWhereverTheMachineStands(t *testing.T) {
	for _, zone := range []string{"UTC", "Europe/Brussels", "America/Los_Angeles", "America/Sao_Paulo", "Asia/Beirut", "Pacific/Kiritimati", "Pacific/Pago_Pago"} {
		within(t, zone, func(t *testing.T) {
			calendar := cases.Belgium()
			for year := 2000; year <= 2099; year++ {
				want := holidays(year)
				for d := (cases.Date{Year: year, Month: 1, Day: 1}); d.Year == year; d = d.AddDays(1) {
					if name, ok := calendar.Holiday(d); name != want[d] || ok != (want[d] != "") {
						t.Fatalf("%s is %q, want %q", d, name, want[d])
					}
				}
			}
		})
	}
}

func TestWorkingDaysAroundEaster(t *testing.T) {
	calendar := cases.Belgium()
	for _, tt := range []struct {
		what      string
		got       cases.Date
		want, why string
	}{
		{"next", calendar.NextWorking(date(t, "2026-04-03")), "2026-04-03", "Good Friday is a working day, and stays"},
		{"next", calendar.NextWorking(date(t, "2026-04-04")), "2026-04-07", "Saturday, Easter Sunday, Easter Monday"},
		{"previous", calendar.PreviousWorking(date(t, "2026-04-06")), "2026-04-03", "backwards over the same days"},
		{"previous", calendar.PreviousWorking(date(t, "2026-04-07")), "2026-04-07", "a working day stays"},
		{"add 1", calendar.AddWorking(date(t, "2026-04-03"), 1), "2026-04-07", "the day itself is not counted"},
		{"add 1", calendar.AddWorking(date(t, "2026-04-05"), 1), "2026-04-07", "from a closed day"},
		{"add 5", calendar.AddWorking(date(t, "2026-04-03"), 5), "2026-04-13", "over the weekend after"},
		{"add -1", calendar.AddWorking(date(t, "2026-04-07"), -1), "2026-04-03", "backwards"},
		{"add 0", calendar.AddWorking(date(t, "2026-04-05"), 0), "2026-04-05", "nothing to add"},
	} {
		if tt.got.String() != tt.want {
			t.Errorf("%s: %s, want %s (%s)", tt.what, tt.got, tt.want, tt.why)
		}
	}
}

func TestTheZeroCalendarKnowsWeekendsOnly(t *testing.T) {
	var calendar cases.Calendar
	if calendar.Working(date(t, "2026-12-26")) || !calendar.Working(date(t, "2026-12-25")) {
		t.Error("Saturday 26 December must be closed, Friday 25 December open")
	}
}
