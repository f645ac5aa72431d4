package cases

import (
	"fmt"
	"time"
)

// Term is the time a desk has to answer (GDPR art. 12(3)): periods in months from receipt, the calendar
// that moves their end, and the zone whose days count.
type Term struct {
	Months          int // to answer: 1
	ExtensionMonths int // to answer when extended, counted from receipt: 3
	Calendar        Calendar
	Zone            *time.Location
}

// Dates are the statutory dates of one request, each with how it was found, a sentence a step.
type Dates struct {
	Received  Date
	Due       Date
	Why       []string
	Latest    Date // if an extension notice leaves by Due
	LatestWhy []string
}

// Dates are the dates of a request that reached the server at an instant.
func (t Term) Dates(received time.Time) Dates { return t.DatesOn(DateOf(received, t.Zone)) }

// DatesOn are the dates of a request that arrived on a day, whatever the hour.
func (t Term) DatesOn(received Date) Dates {
	d := Dates{Received: received}
	d.Due, d.Why = t.Deadline(received, t.Months)
	d.Latest, d.LatestWhy = t.Deadline(received, t.ExtensionMonths)
	return d
}

// Expires is the last instant of the day of d: a period ends with the last hour of its last day
// (Reg. 1182/71 art. 3(2)(c)).
func (t Term) Expires(d Date) time.Time { return d.AddDays(1).In(t.Zone).Add(-time.Second) }

// Deadline is the last day of a period of months that runs from the day of receipt, by Regulation
// (EEC, Euratom) 1182/71: the day of the event is not counted (art. 3(1)); the period ends on the same
// date of its last month, or on that month's last day where the date does not occur (art. 3(2)(c)); an
// end on a closed day moves to the next working day (art. 3(4)). why tells each step.
func (t Term) Deadline(received Date, months int) (due Date, why []string) {
	due, clamped := addMonths(received, months)
	why = append(why, fmt.Sprintf("received on %s; that day is not counted (Reg. 1182/71 art. 3(1))", written(received)))
	if clamped {
		why = append(why, fmt.Sprintf("%s has no day %d, so the period ends on its last day, %s (art. 3(2)(c))",
			due.Month, received.Day, written(due)))
	} else {
		why = append(why, fmt.Sprintf("%s later is %s (art. 3(2)(c))", plural(months, "month"), written(due)))
	}
	due, why = t.Calendar.roll(due, why)
	return due, append(why, fmt.Sprintf("due on %s, until 23:59:59 in %s", written(due), t.Zone))
}

// roll moves the end of a period off closed days (Reg. 1182/71 art. 3(4)), and adds to why each day passed over.
func (c Calendar) roll(end Date, why []string) (Date, []string) {
	for closed := c.Closed(end); closed != ""; closed = c.Closed(end) {
		why = append(why, fmt.Sprintf("%s is closed (%s), so the end moves to the next day (art. 3(4))", end, closed))
		end = end.AddDays(1)
	}
	return end, why
}

// addMonths is the same day of the month n months later, or that month's last day.
func addMonths(d Date, n int) (end Date, clamped bool) {
	month := DateOf(time.Date(d.Year, d.Month+time.Month(n), 1, 0, 0, 0, 0, time.UTC), time.UTC)
	last := DateOf(time.Date(month.Year, month.Month+1, 0, 0, 0, 0, 0, time.UTC), time.UTC).Day
	if d.Day > last {
		return Date{month.Year, month.Month, last}, true
	}
	return Date{month.Year, month.Month, d.Day}, false
}

// written is a date with its weekday, as people check it against a calendar.
func written(d Date) string { return d.Weekday().String() + " " + d.String() }

func plural(n int, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return fmt.Sprintf("%d %ss", n, unit)
}
