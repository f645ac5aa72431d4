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
