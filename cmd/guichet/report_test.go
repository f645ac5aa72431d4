package main

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guichetdunumerique.be/guichet/cases"
)

// brussels is the year 2026 as seen on the day of every story.
func brussels() registerYear {
	zone := lawfulTerm().Zone
	return registerYear{Year: "2026", Today: cases.DateOf(today, zone), Zone: zone}
}

// utc reads an instant.
func utc(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02 15:04", s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func date(t testing.TB, s string) cases.Date {
	t.Helper()
	d, err := cases.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestACaseBelongsToTheYearOfItsReceiptWhereTheDeskIs(t *testing.T) {
	for _, c := range []struct {
		received, year string
		want           bool
		why            string
	}{
		{"2026-06-01 12:00", "2026", true, "in the middle"},
		{"2025-12-31 23:30", "2026", true, "New Year's Day in Brussels"},
		{"2025-12-31 22:30", "2026", false, "the eve of it"},
		{"2026-12-31 23:30", "2026", false, "the next New Year's Day"},
		{"1999-06-01 12:00", "all", true, "all years"},
	} {
		y := brussels()
		y.Year = c.year
		if got := y.has(cases.Case{Received: utc(t, c.received)}); got != c.want {
			t.Errorf("%s: received %s belongs to %s: %v", c.why, c.received, c.year, got)
		}
	}
}

func TestACaseIsLateAfterItsLastDayOnly(t *testing.T) {
	const due = "2026-11-20"
	for _, c := range []struct {
		closed, extended string
		outcome          cases.Outcome
		due              string
		want             standing
		why              string
	}{
		{"2026-11-20 22:59", "", cases.Fulfilled, due, standsOnTime, "the last minute of the last day in Brussels"},
		{"2026-11-20 23:00", "", cases.Fulfilled, due, standsLate, "midnight in Brussels"},
		{"2026-11-20 23:00", "2027-01-20", cases.Refused, due, standsOnTime, "the extended date counts"},
		{"2027-01-21 08:00", "2027-01-20", cases.Partly, due, standsLate, "and ends as well"},
		{"", "", "", "2026-11-23", standsOpen, "today is the last day"},
		{"", "", "", "2026-11-22", standsOverdue, "yesterday was"},
		{"", "2026-11-23", "", "2026-10-01", standsOpen, "extended until today"},
		{"2026-12-24 08:00", "", cases.NotARequest, due, standsSetAside, "no request, so that no period ran"},
		{"2026-12-24 08:00", "", cases.Duplicate, due, standsSetAside, "answered in another case"},
	} {
		k := cases.Case{Status: cases.Open, Outcome: c.outcome, Received: utc(t, "2026-10-01 08:00"), Due: date(t, c.due)}
		if c.closed != "" {
			k.Status, k.Closed = cases.Closed, utc(t, c.closed)
		}
		if c.extended != "" {
			k.Extended = date(t, c.extended)
		}
		r := brussels().row(k, history{})
		if late := c.want == standsLate || c.want == standsOverdue; r.Standing != c.want || r.Late != late {
			t.Errorf("%s: stands %s, late %v", c.why, r.Standing, r.Late)
		}
	}
}

func TestAnAcknowledgementIsTheOneThatLeftElseTheFirstReply(t *testing.T) {
	k := cases.Case{Received: utc(t, "2026-03-01 22:30"), FirstReply: utc(t, "2026-03-11 09:00")} // 23:30 in Brussels
	queued := cases.Event{Kind: cases.EventAckQueued}
	held := cases.Event{Kind: cases.EventAckHeld}
	sent := cases.Event{Kind: cases.EventSent, Note: "ack", At: utc(t, "2026-03-01 23:10")} // 0:10 in Brussels
	notice := cases.Event{Kind: cases.EventSent, Note: "notice", At: utc(t, "2026-03-01 22:31")}
	for _, c := range []struct {
		events []cases.Event
		days   int
		by     string
		why    string
	}{
		{[]cases.Event{queued, notice, sent, {Kind: cases.EventSent, Note: "ack", At: utc(t, "2026-03-05 08:00")}}, 1, "automatic", "it left the next day"},
		{[]cases.Event{queued, {Kind: cases.EventNotSent, Note: "ack: refused"}}, 10, "automatic", "it did not leave"},
		{[]cases.Event{held, notice}, 10, "held", "a person wrote"},
		{nil, 10, "", "an old case"},
	} {
		r := brussels().row(k, history{events: c.events})
		if r.Acknowledge == nil || *r.Acknowledge != c.days || r.Acknowledgement != c.by {
			t.Errorf("%s: %q days, %q", c.why, number(r.Acknowledge), r.Acknowledgement)
		}
	}
	k.FirstReply = time.Time{}
	if r := brussels().row(k, history{events: []cases.Event{held, notice}}); r.Acknowledge != nil {
		t.Errorf("nobody wrote: %d days", *r.Acknowledge)
	}
	k.FirstReply = k.Received.Add(-48 * time.Hour)
	if r := brussels().row(k, history{}); *r.Acknowledge != 0 {
		t.Errorf("clocks differ: %d days", *r.Acknowledge)
	}
}

func TestACorrectionIsWhatStaffPutRight(t *testing.T) {
	rights := cases.Event{Kind: cases.EventRights, Note: "access became erasure"}
	same := cases.Event{Kind: cases.EventRights, Note: "access became access"}
	confirmed := cases.Event{Kind: cases.EventConfirmed}
	for _, c := range []struct {
		events  []cases.Event
		doubted bool
		outcome cases.Outcome
		want    []correction
		why     string
	}{
		{nil, false, cases.Fulfilled, nil, "all was right"},
		{[]cases.Event{rights, rights}, false, "", []correction{correctedRights}, "the rights, twice"},
		{[]cases.Event{same, confirmed}, true, "", []correction{correctedConfirmed}, "confirmed by naming the rights that it had"},
		{[]cases.Event{confirmed, rights}, true, "", []correction{correctedConfirmed, correctedRights}, "both"},
		{nil, false, cases.NotARequest, []correction{correctedNoRequest}, "taken for a request"},
		{nil, true, cases.NotARequest, nil, "the program had asked, and was told no"},
		{[]cases.Event{confirmed}, true, cases.NotARequest, []correction{correctedConfirmed}, "staff corrected themselves"},
		{nil, false, cases.Duplicate, nil, "the same request twice is one all the same"},
	} {
		got := history{c.events, c.doubted}.corrections(cases.Case{Outcome: c.outcome})
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.why, got, c.want)
		}
	}
}

func TestDaysTaken(t *testing.T) {
	for _, c := range []struct {
		days   []int
		median float64
		p90    int
		spread string
	}{
		{[]int{4}, 4, 4, "0:0 1:0 2-3:0 over 3:1"},
		{[]int{3, 0}, 1.5, 3, "0:1 1:0 2-3:1 over 3:0"},
		{[]int{10, 1, 2, 1, 3, 2, 0, 0, 1, 9}, 1.5, 9, "0:2 1:3 2-3:3 over 3:2"},
		{[]int{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 30}, 0, 0, "0:10 1:0 2-3:0 over 3:1"},
	} {
		d := newDaysTaken(slices.Clone(c.days), 0, 1, 3)
		var spread []string
		for _, s := range d.Spread {
			spread = append(spread, s.Name+":"+thousands(s.Count))
		}
		if d.Count != len(c.days) || *d.Median != c.median || *d.P90 != c.p90 || strings.Join(spread, " ") != c.spread {
			t.Errorf("%v: median %v, ninth tenth %d, spread %v", c.days, *d.Median, *d.P90, spread)
		}
	}
	if d := newDaysTaken(nil, 0); d.Median != nil || d.P90 != nil || d.Typical() != "None yet." {
		t.Errorf("nothing took %v", d)
	}
}

// anyCase draws a case of 2026 as it may stand.
func anyCase(t *rapid.T) cases.Case {
	term := lawfulTerm()
	received := time.Date(2026, time.January, 1, 8, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 326*24).Draw(t, "hours")) * time.Hour)
	d := term.Dates(received)
	k := cases.Case{
		Reference: cases.Reference{Prefix: "GDN", Year: 2026, Number: rapid.IntRange(1, 99999).Draw(t, "number")},
		Status:    rapid.SampledFrom([]cases.Status{cases.Triage, cases.Open, cases.Closed}).Draw(t, "status"),
		Language:  rapid.SampledFrom([]string{"fr", "nl", "de", "en", ""}).Draw(t, "language"),
		Rights:    rapid.SliceOfNDistinct(rapid.SampledFrom(cases.Rights()), 0, 3, rapid.ID[cases.Right]).Draw(t, "rights"),
		Received:  received, Due: d.Due,
	}
	if rapid.Bool().Draw(t, "extended") {
		k.Extended = d.Latest
	}
	if k.Status == cases.Closed {
		k.Outcome = rapid.SampledFrom([]cases.Outcome{cases.Fulfilled, cases.Refused, cases.Duplicate, cases.NotARequest}).Draw(t, "outcome")
		k.Closed = received.Add(time.Duration(rapid.IntRange(0, 3000).Draw(t, "open for")) * time.Hour)
	}
	return k
}

func TestFiguresAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var rows []registerRow
		for _, k := range rapid.SliceOfN(rapid.Custom(anyCase), 0, 40).Draw(t, "cases") {
			rows = append(rows, brussels().row(k, history{}))
		}
		y := brussels()
		y.Year = rapid.SampledFrom([]string{"2026", "all"}).Draw(t, "year")
		r := newRegister(y, slices.Clone(rows))
		f := r.Figures
		late, months := 0, 0
		for _, m := range f.Months {
			late, months = late+m.Late, months+m.Requests
		}
		for _, c := range []struct {
			what      string
			got, want int
		}{
			{"requests and those set aside", f.Requests + f.SetAside, len(rows)},
			{"standings", barSum(f.Standings()), f.Requests},
			{"months", months, f.Requests},
			{"late by month", late, f.Late + f.Overdue},
			{"languages", sum(f.Languages), f.Requests},
			{"acknowledgements", sum(f.Acknowledged), f.Requests},
			{"outcomes", sum(f.Outcomes), f.OnTime + f.Late + f.SetAside},
			{"days to close", sum(f.Close.Spread), f.OnTime + f.Late},
		} {
			if c.got != c.want {
				t.Fatalf("%s: %d, want %d", c.what, c.got, c.want)
			}
		}
		if !slices.IsSortedFunc(r.Cases, func(a, b registerRow) int { return cmp.Compare(a.Received, b.Received) }) {
			t.Fatal("not in the order of receipt")
		}
		if len(f.Months) != len(f.Columns()) || y.Year == "2026" && len(f.Months) != 12 {
			t.Fatalf("%d months, %d columns", len(f.Months), len(f.Columns()))
		}
	})
}

// barSum adds up the bars of a chart.
func barSum(c chart) int {
	n := 0
	for _, b := range c {
		n += b.Count
	}
	return n
}

func TestEveryMonthBetweenTheFirstAndTheLastIsThere(t *testing.T) {
	months := monthsOf("all", []registerRow{{Received: "2024-12-31"}, {Received: "2025-01-01"}, {Received: "2026-03-31"}})
	if len(months) != 16 || months[1].Month != "2025-01" || months[3].Month != "2025-03" || months[15].Month != "2026-03" {
		t.Errorf("%v", months)
	}
}

func TestACellIsNoFormula(t *testing.T) {
	for cell, want := range map[string]string{
		"=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "\r=1": "'\r=1",
		"": "", "GDN-2026-0001": "GDN-2026-0001", "2026-01-01": "2026-01-01", "7": "7", "a=b": "a=b",
	} {
		if got := safeCell(cell); got != want {
			t.Errorf("%q becomes %q", cell, got)
		}
	}
	var out bytes.Buffer
	r := register{Cases: []registerRow{{Reference: "GDN-2026-0001", Language: "=HYPERLINK(1)"}}}
	if err := r.writeCSV(&out); err != nil || !strings.Contains(out.String(), ",'=HYPERLINK(1),") {
		t.Errorf("%v: %s", err, &out)
	}
}
