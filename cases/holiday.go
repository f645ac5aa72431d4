package cases

import (
	"time"

	"github.com/rickar/cal/v2"
	"github.com/rickar/cal/v2/be"
)

// Calendar knows the closed days of a country: Saturdays, Sundays and its legal public holidays
// (Reg. 1182/71 art. 2).
type Calendar struct {
	holidays []holiday
}

type holiday struct {
	rule *cal.Holiday
	name string
}

// Belgium is the calendar of the ten legal public holidays of Belgium (law of 4 January 1974).
func Belgium() Calendar {
	return Calendar{[]holiday{
		{be.Nieuwjaar, "New Year's Day"},
		{be.Paasmaandag, "Easter Monday"},
		{be.DagVanDeArbeid, "Labour Day"},
		{be.OnzeLieveHeerHemelvaart, "Ascension Day"},
		{be.Pinkstermaandag, "Whit Monday"},
		{be.NationaleFeestdag, "National Day"},
		{be.OnzeLieveVrouwHemelvaart, "Assumption"},
		{be.Allerheiligen, "All Saints' Day"},
		{be.Wapenstilstand, "Armistice Day"},
		{be.Kerstmis, "Christmas Day"},
	}}
}

// Holiday is the name of the public holiday on d. ok is false on any other day, weekends included.
func (c Calendar) Holiday(d Date) (name string, ok bool) {
	for _, h := range c.holidays {
		if day, _ := h.rule.Calc(d.Year); dayOf(day) == d {
			return h.name, true
		}
	}
	return "", false
}

// dayOf is the day that a rule means by an instant: midnight in the zone of the machine, which is not the
// zone of d and need not be UTC. Noon stands clear of nights in which a clock jumps over midnight.
func dayOf(midnight time.Time) Date {
	noon := midnight.Add(12 * time.Hour)
	return DateOf(noon, noon.Location())
}

// Closed names why d is not a working day: "Saturday", "Sunday" or a public holiday. "" on a working day.
func (c Calendar) Closed(d Date) string {
	if name, ok := c.Holiday(d); ok {
		return name
	}
	if day := d.Weekday(); day == time.Saturday || day == time.Sunday {
		return day.String()
	}
	return ""
}

// Working reports whether d is neither a Saturday, a Sunday nor a public holiday.
func (c Calendar) Working(d Date) bool {
	if day := d.Weekday(); day == time.Saturday || day == time.Sunday {
		return false // without looking for Easter
	}
	_, holiday := c.Holiday(d)
	return !holiday
}

// NextWorking is d, or the first working day after it.
func (c Calendar) NextWorking(d Date) Date {
	for !c.Working(d) {
		d = d.AddDays(1)
	}
	return d
}

// PreviousWorking is d, or the last working day before it. Reminders move this way: the rule that moves
// the end of a period forward is not for periods counted backwards.
func (c Calendar) PreviousWorking(d Date) Date {
	for !c.Working(d) {
		d = d.AddDays(-1)
	}
	return d
}

// AddWorking is the nth working day after d, d itself not counted; before d when n is negative. With n = 0
// it is d, working day or not.
func (c Calendar) AddWorking(d Date, n int) Date {
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	for n > 0 {
		if d = d.AddDays(step); c.Working(d) {
			n--
		}
	}
	return d
}
