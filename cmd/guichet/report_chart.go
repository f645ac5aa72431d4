package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"guichetdunumerique.be/guichet/cases"
)

// chart is a list of bars.
type chart []bar

// bar is one of them: its number and its share stand beside it.
type bar struct {
	Name  string
	Count int
	Share string
	Width int    // of the longest bar, in percent
	Tone  string // as the page's style names it, "" for the usual one
}

// newChart draws counts as bars, the longest over the whole width. Shares are of a whole.
func newChart(whole int, list []tally, tones ...string) chart {
	longest := 1
	for _, t := range list {
		longest = max(longest, t.Count)
	}
	var c chart
	for i, t := range list {
		b := bar{Name: spaced(t.Name), Count: t.Count, Share: share(t.Count, whole), Width: (t.Count*100 + longest - 1) / longest}
		if i < len(tones) {
			b.Tone = tones[i]
		}
		c = append(c, b)
	}
	return c
}

// share is a part of a whole in percent, rounded.
func share(part, whole int) string {
	if whole == 0 {
		return ""
	}
	return fmt.Sprintf("%d%%", (part*200+whole)/(2*whole))
}

// sum adds up a list.
func sum(list []tally) int {
	n := 0
	for _, t := range list {
		n += t.Count
	}
	return n
}

// column is a month among the months. Lengths across are in percent, so that no text is stretched; those up in pixels.
type column struct {
	monthTally
	Left, Width, Middle string
	Top, Height         int
	LateTop, LateHeight int // of its late part, at the foot
	Label               string
}

const (
	columnsTop    = 20  // room for the numbers above the columns
	columnsHeight = 120 // of the longest
	fewColumns    = 24  // so many have room for a number each
)

// Columns draws the months.
func (f figures) Columns() []column {
	longest := 1
	for _, m := range f.Months {
		longest = max(longest, m.Requests)
	}
	high := func(n int) int { return (n*columnsHeight + longest - 1) / longest }
	percent := func(x float64) string { return strconv.FormatFloat(x, 'f', 2, 64) + "%" }
	var list []column
	slot := 100 / float64(max(len(f.Months), 1))
	for i, m := range f.Months {
		left := float64(i) * slot
		list = append(list, column{
			monthTally: m, Left: percent(left + slot*0.15), Width: percent(slot * 0.7), Middle: percent(left + slot/2),
			Top: columnsTop + columnsHeight - high(m.Requests), Height: high(m.Requests),
			LateTop: columnsTop + columnsHeight - high(m.Late), LateHeight: high(m.Late),
			Label: monthLabel(m.Month, len(f.Months)),
		})
	}
	return list
}

// Few reports whether the months have room for a number each.
func (f figures) Few() bool { return len(f.Months) <= fewColumns }

// Span is the first month and the last.
func (f figures) Span() string {
	if len(f.Months) == 0 {
		return ""
	}
	return f.Months[0].Month + " to " + f.Months[len(f.Months)-1].Month
}

// monthLabel names a month below its column: every one of a year, else the Januaries by their year, and of many
// years some.
func monthLabel(month string, months int) string {
	t, err := time.Parse("2006-01", month)
	switch every := 1 + months/120; {
	case err != nil:
		return ""
	case months <= 12:
		return t.Format("Jan")
	case t.Month() == time.January && t.Year()%every == 0:
		return t.Format("2006")
	}
	return ""
}

// MonthsSpoken says the chart of the months in words.
func (f figures) MonthsSpoken() string {
	var list []string
	for _, m := range f.Months {
		if m.Requests > 0 {
			list = append(list, fmt.Sprintf("%s: %s, %d late", m.Month, plural(m.Requests, "request"), m.Late))
		}
	}
	return "Requests by month. " + strings.Join(list, "; ")
}

// The charts of the page.

// Standings are the requests by how they stand towards their last day.
func (f figures) Standings() chart {
	return newChart(f.Requests, []tally{
		{"closed in time", f.OnTime}, {"closed late", f.Late}, {"open, last day to come", f.Open - f.Overdue}, {"open, last day over", f.Overdue},
	}, "", "late", "open", "late")
}

// ByRight names each right with its article.
func (f figures) ByRight() chart {
	c := newChart(f.Requests, f.Rights)
	for i, t := range f.Rights {
		if article := cases.Right(t.Name).Article(); article != "" {
			c[i].Name += " (art. " + article + ")"
		}
	}
	return c
}

// ByLanguage names the languages in which requests are answered.
func (f figures) ByLanguage() chart {
	return renamed(newChart(f.Requests, f.Languages), languageNames)
}

// ByOutcome counts what is closed, set aside or not.
func (f figures) ByOutcome() chart { return newChart(sum(f.Outcomes), f.Outcomes) }

// ByAcknowledgement tells who was to acknowledge.
func (f figures) ByAcknowledgement() chart {
	return renamed(newChart(f.Requests, f.Acknowledged), map[string]string{
		"automatic": "by the program", "held": "held, left to a person", none: "none is recorded",
	})
}

// ByCorrection tells what staff put right.
func (f figures) ByCorrection() chart {
	return renamed(newChart(f.Total, f.Corrections), map[string]string{
		string(correctedRights):            "other rights were asked for",
		string(correctedConfirmed):         "was in doubt, is a request",
		spaced(string(correctedNoRequest)): "taken for a request, is none",
	})
}

// Chart is how the days are spread.
func (d daysTaken) Chart() chart {
	c := newChart(d.Count, d.Spread)
	for i, t := range d.Spread {
		switch t.Name {
		case "0":
			c[i].Name = "the same day"
		case "1":
			c[i].Name = "1 day"
		default:
			c[i].Name = strings.ReplaceAll(t.Name, "-", " to ") + " days"
		}
	}
	return c
}

// renamed gives the bars the names that people know them by.
func renamed(c chart, known map[string]string) chart {
	for i, b := range c {
		if name := known[b.Name]; name != "" {
			c[i].Name = name
		}
	}
	return c
}
