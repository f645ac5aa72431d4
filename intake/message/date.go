package message

import (
	"strconv"
	"strings"
	"time"
)

// parseDate reads the date of a header field (RFC 5322 sections 3.3 and 4.3) as mailers write it: with or without
// weekday, seconds and zone, with comments, full month names, two-digit years, ISO 8601. The zero time means
// that it cannot be read.
func parseDate(s string) time.Time {
	s = strings.TrimSpace(withoutComments(s[:min(len(s), 200)]))
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return plausible(t)
	}
	var d dateParts
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" \t,", r) }) {
		d.take(word)
	}
	return d.time()
}

// plausible is t, or the zero time when it lies outside what a four-digit year can say.
func plausible(t time.Time) time.Time {
	if y := t.UTC().Year(); y < 1970 || y > 9998 {
		return time.Time{}
	}
	return t
}

// dateParts gathers the words of a date in whatever order they come.
type dateParts struct {
	day, year int
	month     time.Month
	clock     time.Duration
	hasClock  bool
	zone      *time.Location
}

func (d *dateParts) take(word string) {
	if clock, ok := parseClock(word); ok && !d.hasClock {
		d.clock, d.hasClock = clock, true
		return
	}
	if m := parseMonth(word); m != 0 && d.month == 0 {
		d.month = m
		return
	}
	if parts := strings.Split(word, "-"); len(parts) == 3 { // 02-Jan-2026, 2026-01-02
		if len(parts[0]) == 4 {
			parts[0], parts[2] = parts[2], parts[0]
		}
		for _, p := range parts {
			d.take(p)
		}
		return
	}
	if zone := parseZone(word); zone != nil && d.hasClock {
		d.zone = zone
		return
	}
	n, err := strconv.Atoi(word)
	switch {
	case err != nil || n < 0:
	case d.day == 0 && len(word) <= 2:
		d.day = n
	case d.month == 0 && len(word) <= 2:
		d.month = time.Month(n)
	case d.year == 0:
		d.year = fullYear(n, len(word))
	}
}

// fullYear gives the years of two and three digits their century (RFC 5322 section 4.3).
func fullYear(n, digits int) int {
	switch {
	case digits == 2 && n < 50:
		return n + 2000
	case digits <= 3:
		return n + 1900
	}
	return n
}

func (d *dateParts) time() time.Time {
	if d.year == 0 || d.month < 1 || d.month > 12 || d.day < 1 || d.day > 31 {
		return time.Time{}
	}
	zone := d.zone
	if zone == nil {
		zone = time.UTC
	}
	t := time.Date(d.year, d.month, d.day, 0, 0, 0, 0, zone)
	if t.Day() != d.day {
		return time.Time{} // 31 February
	}
	return plausible(t.Add(d.clock))
}

// parseClock reads 15:04 and 15:04:05, with dots in place of colons too, and a fraction of a second.
func parseClock(word string) (time.Duration, bool) {
	fields := strings.Split(strings.ReplaceAll(word, ".", ":"), ":")
	if len(fields) < 2 || len(fields) > 4 {
		return 0, false
	}
	var clock time.Duration
	for i, unit := range []time.Duration{time.Hour, time.Minute, time.Second} {
		if i == len(fields) {
			break
		}
		n, err := strconv.Atoi(fields[i])
		if err != nil || n < 0 || n > 60 || i == 0 && n > 23 {
			return 0, false
		}
		clock += time.Duration(n) * unit
	}
	return clock, true
}

func parseMonth(word string) time.Month {
	if len(word) < 3 {
		return 0
	}
	const names = "janfebmaraprmayjunjulaugsepoctnovdec"
	i := strings.Index(names, strings.ToLower(word[:3]))
	if i < 0 || i%3 != 0 {
		return 0
	}
	return time.Month(i/3 + 1)
}

// parseZone reads +0100, GMT+0100 and the names of zones in RFC 5322 and of Europe; nil when word is no zone.
func parseZone(word string) *time.Location {
	if at := strings.IndexAny(word, "+-"); at >= 0 && len(word)-at >= 5 {
		digits := strings.ReplaceAll(word[at+1:], ":", "")
		n, err := strconv.Atoi(digits)
		if err != nil || len(digits) != 4 || n > 1500 || n < 0 {
			return nil
		}
		seconds := n/100*3600 + n%100*60
		if word[at] == '-' {
			seconds = -seconds
		}
		return time.FixedZone("", seconds)
	}
	hours, ok := map[string]int{
		"UT": 0, "GMT": 0, "UTC": 0, "Z": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "MET": 1, "CEST": 2, "MEST": 2, "EET": 2, "EEST": 3,
		"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
	}[strings.ToUpper(word)]
	if !ok {
		return nil
	}
	return time.FixedZone(strings.ToUpper(word), hours*3600)
}

// withoutComments drops the parenthesised parts of s.
func withoutComments(s string) string {
	if !strings.Contains(s, "(") {
		return s
	}
	var out strings.Builder
	depth := 0
	for i := range len(s) {
		switch {
		case s[i] == '(':
			depth++
		case s[i] == ')' && depth > 0:
			depth--
		case depth == 0:
			out.WriteByte(s[i])
		}
	}
	return out.String()
}
