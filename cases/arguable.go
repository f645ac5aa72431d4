package cases

import "fmt"

// Arguable is the last day where the pauses count: the last day moved by the days of each pause, and then on to a
// working day; why tells each step. A pause that still runs counts until today. It is zero for a case without
// pauses. The guidelines speak of a suspension (EDPB Guidelines 01/2022 paragraph 159), the law does not: alarms go
// by LastDay, which is never later.
func (t Term) Arguable(c Case, today Date) (day Date, why []string) {
	if len(c.Pauses) == 0 {
		return Date{}, nil
	}
	day = c.LastDay()
	days := 0
	for _, p := range c.Pauses {
		end := p.To
		if end.IsZero() {
			end = today
		}
		n := max(end.Sub(p.From), 0)
		if reached, _ := t.Calendar.roll(day, nil); reached.Before(p.From) {
			why = append(why, fmt.Sprintf("the pause from %s began after the end of the period and counts nothing", p.From))
			continue
		}
		days, day = days+n, day.AddDays(n)
		why = append(why, fmt.Sprintf("paused from %s to %s, %s", p.From, end, plural(n, "day")))
	}
	why = append(why, fmt.Sprintf("%s later than %s is %s", plural(days, "day"), written(c.LastDay()), written(day)))
	day, why = t.Calendar.roll(day, why)
	return day, append(why, fmt.Sprintf("arguably due on %s", written(day)))
}
