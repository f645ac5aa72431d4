package main

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"guichetdunumerique.be/guichet/cases"
)

// registerYear is what a register covers, and the day on which it is drawn up. Days begin and end in Zone.
type registerYear struct {
	Year  string // "2026", or "all"
	Today cases.Date
	Zone  *time.Location
}

// has reports whether a case was received in the year.
func (y registerYear) has(k cases.Case) bool {
	return y.Year == "all" || strconv.Itoa(cases.DateOf(k.Received, y.Zone).Year) == y.Year
}

// standing is how a case stands towards its last day, which is the extended one once staff have extended.
type standing string

const (
	standsOpen     standing = "open"      // not closed, and the last day is not over
	standsOverdue  standing = "overdue"   // not closed, and the last day is over
	standsOnTime   standing = "on_time"   // closed on the last day or before
	standsLate     standing = "late"      // closed after it
	standsSetAside standing = "set_aside" // no request, or counted as another case: no period ran
)

// correction is what staff put right of what the program had made of a message.
type correction string

const (
	correctedRights    correction = "rights"        // other rights are asked for
	correctedNoRequest correction = "not_a_request" // taken for a request, but none
	correctedConfirmed correction = "confirmed"     // in doubt, and a request
)

// history is what happened to a case.
type history struct {
	events  []cases.Event // oldest first
	doubted bool          // the program did not take it for a request by itself, but asked a person
}

// registerRow is a case in the register: no name and no address. All days are of the desk's zone, YYYY-MM-DD or "".
type registerRow struct {
	Reference       string         `json:"reference"`
	Received        string         `json:"received"`
	Rights          []cases.Right  `json:"rights"`
	Language        string         `json:"language"`
	Status          cases.Status   `json:"status"`
	Outcome         cases.Outcome  `json:"outcome"`
	Due             string         `json:"due"`
	Extended        string         `json:"extended_until"`
	Acknowledgement string         `json:"acknowledgement"` // "automatic", "held" for a person, or ""
	FirstReply      string         `json:"first_reply"`
	Closed          string         `json:"closed"`
	Acknowledge     *int           `json:"days_to_acknowledge"` // null while nobody has
	Close           *int           `json:"days_to_close"`       // null while the case is open
	Standing        standing       `json:"standing"`
	Late            bool           `json:"late"` // Standing is late or overdue
	Identity        cases.Identity `json:"identity"`
	Flags           []cases.Flag   `json:"flags"`
	Corrections     []correction   `json:"corrections"`
}

// row is a case's line in the register.
func (y registerYear) row(k cases.Case, h history) registerRow {
	r := registerRow{
		Reference: k.Reference.String(), Received: y.day(k.Received),
		Rights: append([]cases.Right{}, k.Rights...), Language: k.Language,
		Status: k.Status, Outcome: k.Outcome, Due: k.Due.String(), Extended: k.Extended.String(),
		FirstReply: y.day(k.FirstReply), Closed: y.day(k.Closed), Close: y.days(k.Received, k.Closed),
		Standing: y.standing(k), Identity: k.Identity, Flags: append([]cases.Flag{}, k.Flags...),
	}
	r.Late = r.Standing == standsLate || r.Standing == standsOverdue
	r.Acknowledgement = h.acknowledgement()
	acknowledged := h.acknowledged()
	if acknowledged.IsZero() {
		acknowledged = k.FirstReply
	}
	r.Acknowledge = y.days(k.Received, acknowledged)
	r.Corrections = h.corrections(k)
	return r
}

// day is the day of an instant, "" where there is none.
func (y registerYear) day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return cases.DateOf(t, y.Zone).String()
}

// days is the number of days from one instant's day to another's, nil where there is no other.
func (y registerYear) days(from, to time.Time) *int {
	if to.IsZero() {
		return nil
	}
	n := max(cases.DateOf(to, y.Zone).Sub(cases.DateOf(from, y.Zone)), 0) // clocks differ
	return &n
}

func (y registerYear) standing(k cases.Case) standing {
	switch {
	case k.Outcome == cases.NotARequest, k.Outcome == cases.Duplicate:
		return standsSetAside
	case k.Status == cases.Closed && k.LastDay().Before(cases.DateOf(k.Closed, y.Zone)):
		return standsLate
	case k.Status == cases.Closed:
		return standsOnTime
	case k.LastDay().Before(y.Today):
		return standsOverdue
	}
	return standsOpen
}

// acknowledgement is whether the program acknowledged by itself or left it to a person.
func (h history) acknowledgement() string {
	for _, e := range h.events {
		switch e.Kind {
		case cases.EventAckQueued:
			return "automatic"
		case cases.EventAckHeld:
			return "held"
		}
	}
	return ""
}

// acknowledged is when the acknowledgement left, zero when none did.
func (h history) acknowledged() time.Time {
	for _, e := range h.events {
		if e.Kind == cases.EventSent && e.Note == "ack" {
			return e.At
		}
	}
	return time.Time{}
}

// corrections lists what staff put right, each kind once.
func (h history) corrections(k cases.Case) []correction {
	list := []correction{}
	for _, e := range h.events {
		switch {
		case e.Kind == cases.EventRights && othersNow(e.Note):
			list = append(list, correctedRights)
		case e.Kind == cases.EventConfirmed:
			list, h.doubted = append(list, correctedConfirmed), true
		}
	}
	if k.Outcome == cases.NotARequest && !h.doubted {
		list = append(list, correctedNoRequest)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// othersNow reports whether an event changed the rights: whoever confirms a case by naming them changes nothing.
func othersNow(note string) bool {
	before, after, _ := strings.Cut(note, " became ")
	return before != after
}
