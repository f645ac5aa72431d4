package main

import (
	"cmp"
	"slices"
	"time"

	"guichetdunumerique.be/guichet/cases"
)

// register is the cases of a year and what they come to.
type register struct {
	Desk    string
	Address string
	Made    time.Time
	Year    string
	Figures figures
	Cases   []registerRow // in the order in which they were received
}

// newRegister puts the lines of a period in order and counts them.
func newRegister(period registerYear, rows []registerRow) register {
	slices.SortStableFunc(rows, func(a, b registerRow) int {
		return cmp.Or(cmp.Compare(a.Received, b.Received), cmp.Compare(len(a.Reference), len(b.Reference)), cmp.Compare(a.Reference, b.Reference))
	})
	return register{Year: period.Year, Figures: newFigures(period.Year, rows), Cases: rows}
}

// figures are what the lines of a register come to. Cases set aside are counted by Total, SetAside, Outcomes and
// Corrections only: whoever closes what is no request answers nobody sooner.
type figures struct {
	Total        int          `json:"total"`
	SetAside     int          `json:"set_aside"`
	Requests     int          `json:"requests"`   // Total without SetAside
	Open         int          `json:"open"`       // of Requests
	Overdue      int          `json:"overdue"`    // of Open
	ToConfirm    int          `json:"to_confirm"` // of Open
	OnTime       int          `json:"closed_on_time"`
	Late         int          `json:"closed_late"`
	Extended     int          `json:"extended"`
	Rights       []tally      `json:"by_right"` // a request counts once for each of its rights
	Languages    []tally      `json:"by_language"`
	Outcomes     []tally      `json:"by_outcome"`
	Months       []monthTally `json:"by_month"`
	Acknowledge  daysTaken    `json:"days_to_acknowledge"`
	Close        daysTaken    `json:"days_to_close"`
	Acknowledged []tally      `json:"acknowledgement"`
	Corrections  []tally      `json:"corrections"`
}

// tally is how many there are of a name.
type tally struct {
	Name  string `json:"name"`
	Count int    `json:"count"`
}

// monthTally is what a month brought.
type monthTally struct {
	Month    string `json:"month"` // YYYY-MM
	Requests int    `json:"requests"`
	Late     int    `json:"late"` // of Requests, closed late or overdue
}

// none names what has no right, no language or no acknowledgement.
const none = "none"

// newFigures counts the lines of a year, which stand in the order in which they were received.
func newFigures(year string, rows []registerRow) figures {
	f := figures{Total: len(rows), Months: monthsOf(year, rows)}
	rights, languages, outcomes := counter{}, counter{}, counter{}
	acknowledged, corrections := counter{}, counter{}
	var acknowledge, closed []int
	for _, r := range rows {
		for _, c := range r.Corrections {
			corrections[string(c)]++
		}
		if r.Outcome != "" {
			outcomes[string(r.Outcome)]++
		}
		if r.Standing == standsSetAside {
			f.SetAside++
			continue
		}
		f.count(r)
		for _, right := range r.Rights {
			rights[string(right)]++
		}
		if len(r.Rights) == 0 {
			rights[none]++
		}
		languages[cmp.Or(r.Language, none)]++
		acknowledged[cmp.Or(r.Acknowledgement, none)]++
		acknowledge = appendDays(acknowledge, r.Acknowledge)
		closed = appendDays(closed, r.Close)
	}
	f.Rights = listed(rights, cases.Rights()...)
	f.Languages = listed[string](languages)
	f.Outcomes = listed(outcomes, cases.Fulfilled, cases.Partly, cases.Refused, cases.NoIdentity, cases.Withdrawn, cases.Duplicate, cases.NotARequest)
	f.Acknowledged = listed(acknowledged, "automatic", "held")
	f.Corrections = listed(corrections, correctedRights, correctedConfirmed, correctedNoRequest)
	f.Acknowledge = newDaysTaken(acknowledge, 0, 1, 3, 7, 14)
	f.Close = newDaysTaken(closed, 7, 14, 31, 62, 92)
	return f
}

// count adds a request to the sums and to its month.
func (f *figures) count(r registerRow) {
	f.Requests++
	switch r.Standing {
	case standsOpen:
		f.Open++
	case standsOverdue:
		f.Open++
		f.Overdue++
	case standsOnTime:
		f.OnTime++
	case standsLate:
		f.Late++
	}
	if r.Status == cases.Triage {
		f.ToConfirm++
	}
	if r.Extended != "" {
		f.Extended++
	}
	at, _ := slices.BinarySearchFunc(f.Months, monthOf(r.Received), func(m monthTally, month string) int { return cmp.Compare(m.Month, month) })
	f.Months[at].Requests++
	if r.Late {
		f.Months[at].Late++
	}
}

// monthOf is the month of a day.
func monthOf(day string) string { return day[:len("2006-01")] }

// monthsOf are the months of a year, or those from the first line to the last.
func monthsOf(year string, rows []registerRow) []monthTally {
	first, last := year+"-01", year+"-12"
	if year == "all" {
		if len(rows) == 0 {
			return []monthTally{}
		}
		first, last = monthOf(rows[0].Received), monthOf(rows[len(rows)-1].Received)
	}
	var list []monthTally
	day, _ := cases.ParseDate(first + "-01") // written by us
	for month := first; month <= last; month = monthOf(day.String()) {
		list = append(list, monthTally{Month: month})
		day = day.AddDays(31)
		day.Day = 1
	}
	return list
}

// counter counts by name.
type counter map[string]int

// listed are the names that are known, in their order and even where there are none, then the others, the most
// frequent first.
func listed[T ~string](c counter, known ...T) []tally {
	list := []tally{}
	for _, name := range known {
		list = append(list, tally{string(name), c[string(name)]})
	}
	for name, n := range c {
		if !slices.Contains(known, T(name)) {
			list = append(list, tally{name, n})
		}
	}
	slices.SortFunc(list[len(known):], func(a, b tally) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Name, b.Name)) })
	return list
}
