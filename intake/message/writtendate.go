package message

import (
	"strconv"
	"strings"
	"time"
)

// writtenDate reads a date as mail programs write it into a text, in our four languages: "dim. 9 févr. 2025 à 22:41",
// "ma 8 sep 2025 om 16:20", "5. Mai 2025 um 10:12:00 MESZ", "May 5, 2025 at 10:12 AM", "05/05/2025 10:12". The day
// stands before the month unless a.m. or p.m. show an American program. A time without a zone is taken for UTC;
// the zero time means that it cannot be read.
func writtenDate(s string) time.Time {
	s = fold(shorten(s, 200))
	var d dateParts
	end := 0
	if m := dayMonthYear.FindStringSubmatchIndex(s); m != nil && monthNamed(s[m[4]:m[5]]) != 0 {
		d.day, d.month, d.year = number(s[m[2]:m[3]]), monthNamed(s[m[4]:m[5]]), fullYear(number(s[m[6]:m[7]]), m[7]-m[6])
		end = m[1]
	} else if m := monthDayYear.FindStringSubmatchIndex(s); m != nil && monthNamed(s[m[2]:m[3]]) != 0 {
		d.day, d.month, d.year = number(s[m[4]:m[5]]), monthNamed(s[m[2]:m[3]]), number(s[m[6]:m[7]])
		end = m[1]
	} else if m := numericDate.FindStringSubmatchIndex(s); m != nil {
		d.setNumeric(s[m[2]:m[3]], s[m[4]:m[5]], s[m[6]:m[7]], halfDay.MatchString(s))
		end = m[1]
	}
	if !d.setClock(s[end:]) {
		d.setClock(s)
	}
	return d.time()
}

var (
	dayMonthYear = compile(`\b(\d{1,2})(?:er|st|nd|rd|th)?[. -]{1,2}(?:of )?([a-z]{3,9})[.,]*[ -](\d{4}|\d{2})\b`)
	monthDayYear = compile(`\b([a-z]{3,9})[.]? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\b`)
	numericDate  = compile(`\b(\d{1,4})[./-](\d{1,2})[./-](\d{2,4})\b`)
	clockOfDay   = compile(`\b(\d{1,2})(?:[:.]| ?h ?)(\d{2})(?:[:.](\d{2}))?(?: ?([ap])\.?m\b)?(?: ?(?:gmt|utc)? ?([+-]\d{1,2}):?(\d{2})?\b| ?\(?(cest|mesz|cet|mez|utc|gmt)\b)?`)
	halfDay      = compile(`\d ?[ap]\.?m\b`)
)

// number reads digits that a pattern has matched.
func number(digits string) int {
	n, _ := strconv.Atoi(digits) // "" is 0
	return n
}

// monthNamed is the month of a folded name or its beginning.
func monthNamed(name string) time.Month {
	if len(name) < 3 {
		return 0
	}
	for m, starts := range [...]string{"jan jän", "feb fev", "mar maa mrt mae", "apr avr", "mai may mei", "juin jun", "juil jul", "aou aug", "sep", "oct okt", "nov", "dec dez"} {
		for _, start := range strings.Fields(starts) {
			if strings.HasPrefix(name, start) {
				return time.Month(m + 1)
			}
		}
	}
	return 0
}

// setNumeric takes a date of three numbers.
func (d *dateParts) setNumeric(first, second, third string, american bool) {
	a, b := number(first), number(second)
	switch {
	case len(first) == 4:
		d.year, d.month, d.day = a, time.Month(b), number(third)
	case len(first) > 2:
	case b > 12 || american && a <= 12:
		d.month, d.day, d.year = time.Month(a), b, fullYear(number(third), len(third))
	default:
		d.day, d.month, d.year = a, time.Month(b), fullYear(number(third), len(third))
	}
}

// setClock takes the time of day out of s and reports whether there is one.
func (d *dateParts) setClock(s string) bool {
	m := clockOfDay.FindStringSubmatch(s)
	if m == nil || number(m[1]) > 23 || number(m[2]) > 59 || number(m[3]) > 60 {
		return false
	}
	hour := number(m[1])
	if m[4] != "" {
		hour %= 12
	}
	if m[4] == "p" {
		hour += 12
	}
	d.clock = time.Duration(hour)*time.Hour + time.Duration(number(m[2]))*time.Minute + time.Duration(number(m[3]))*time.Second
	switch m[7] {
	case "cest", "mesz":
		d.zone = time.FixedZone("CEST", 2*3600)
	case "cet", "mez":
		d.zone = time.FixedZone("CET", 3600)
	}
	if m[5] != "" {
		seconds := number(m[5][1:])*3600 + number(m[6])*60
		if m[5][0] == '-' {
			seconds = -seconds
		}
		d.zone = time.FixedZone("", seconds)
	}
	return true
}
