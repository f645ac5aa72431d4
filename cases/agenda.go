package cases

import (
	"cmp"
	"slices"
)

// Section is where a case stands in the digest, most urgent first.
type Section string

const (
	SectionLate          Section = "late"          // past its due date
	SectionSoon          Section = "soon"          // due within the first of RemindDays
	SectionConfirm       Section = "confirm"       // triage: is it a request?
	SectionHeld          Section = "held"          // nobody acknowledged
	SectionUndeliverable Section = "undeliverable" // our mail does not reach the requester
	SectionIdentity      Section = "identity"      // proof missing, announced, refused, or to be looked at
	SectionReplied       Section = "replied"       // answered, still open: one word closes it
	SectionOther         Section = "other"         // everything else that is open
)

// Agenda is what a digest shows: each open case once, in its most urgent section, by due date.
type Agenda struct {
	Day   Date
	Items []AgendaItem
}

// AgendaItem is one case of an agenda.
type AgendaItem struct {
	Case    Case
	Section Section
	Days    int    // until the case's last day; negative when late
	Tasks   []Task // in force on the day
}

// sections are in the order of their urgency.
var sections = []Section{
	SectionLate, SectionSoon, SectionConfirm, SectionHeld, SectionUndeliverable, SectionIdentity, SectionReplied, SectionOther,
}

// Agenda sorts the open cases of a day for a digest.
func (p Plan) Agenda(open []Case, day Date) Agenda {
	a := Agenda{Day: day, Items: make([]AgendaItem, 0, len(open))}
	for _, c := range open {
		item := AgendaItem{Case: c, Days: c.LastDay().Sub(day), Tasks: p.Tasks(c, day)}
		item.Section = p.section(c, item.Days)
		a.Items = append(a.Items, item)
	}
	slices.SortStableFunc(a.Items, func(x, y AgendaItem) int {
		return cmp.Or(cmp.Compare(slices.Index(sections, x.Section), slices.Index(sections, y.Section)), cmp.Compare(x.Days, y.Days),
			cmp.Compare(x.Case.Reference.Year, y.Case.Reference.Year), cmp.Compare(x.Case.Reference.Number, y.Case.Reference.Number))
	})
	return a
}

// section is the most urgent one that a case belongs to.
func (p Plan) section(c Case, days int) Section {
	soon := 0
	for _, n := range p.RemindDays {
		soon = max(soon, n)
	}
	unknown := c.Identity == IdentityMissing || c.Identity == IdentityAnnounced || c.Identity == IdentityCandidate ||
		c.Identity == IdentitySigned || c.Identity == IdentityRefused
	switch {
	case days < 0:
		return SectionLate
	case days <= soon && c.FirstReply.IsZero():
		return SectionSoon
	case c.Status == Triage:
		return SectionConfirm
	case c.Hold != "" && c.FirstReply.IsZero():
		return SectionHeld
	case slices.Contains(c.Flags, Undeliverable):
		return SectionUndeliverable
	case !c.FirstReply.IsZero():
		return SectionReplied
	case unknown:
		return SectionIdentity
	}
	return SectionOther
}
