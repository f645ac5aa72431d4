package templates

import (
	"fmt"
	"time"
)

// calendar writes days in one language.
type calendar struct {
	months [12]string
	days   [7]string // from Sunday
	first  string    // the number of the first day of a month
	point  string    // follows the number of a day
	joint  string    // stands between the day of the week and the date
}

// calendars holds the calendar of each language.
var calendars = map[string]calendar{
	"fr": {
		months: [12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
		days:   [7]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
		first:  "1er", joint: " ",
	},
	"nl": {
		months: [12]string{"januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"},
		days:   [7]string{"zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"},
		first:  "1", joint: " ",
	},
	"de": {
		months: [12]string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"},
		days:   [7]string{"Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"},
		first:  "1", point: ".", joint: ", dem ", // after "am", in the dative
	},
	"en": {
		months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
		days:   [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		first:  "1", joint: " ",
	},
}

// date is a day as in "23 décembre 2026".
func (c calendar) date(t time.Time) string {
	day := c.first
	if t.Day() != 1 {
		day = fmt.Sprint(t.Day())
	}
	return fmt.Sprintf("%s%s %s %d", day, c.point, c.months[t.Month()-1], t.Year())
}

// weekday is a day as in "mercredi 23 décembre 2026".
func (c calendar) weekday(t time.Time) string { return c.days[t.Weekday()] + c.joint + c.date(t) }
