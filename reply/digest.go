package reply

import (
	"fmt"
	"slices"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/templates"
)

// maxLines bounds a digest: nobody reads more, and mail programs cut longer mails. Of these, minLines are kept for
// each section, so that a flood in one of them hides no other.
const (
	maxLines = 200
	minLines = 15
)

// sections is the order of urgency.
var sections = []cases.Section{
	cases.SectionLate, cases.SectionSoon, cases.SectionConfirm, cases.SectionHeld, cases.SectionUndeliverable,
	cases.SectionIdentity, cases.SectionReplied, cases.SectionOther,
}

// Digest composes the daily mail to a colleague. Its subject holds numbers only.
func (c *Composer) Digest(d Digest) (Mail, error) {
	if d.Day.IsZero() {
		return Mail{}, fmt.Errorf("composing a digest: it is of no day")
	}
	data := templates.Digest{
		Desk: c.config.Name, Day: d.Day.In(c.config.Zone), Count: map[string]int{}, Open: len(d.Agenda.Items), Weekly: d.Weekly, Alarm: d.Alarm,
	}
	bySection := map[cases.Section][]*cases.AgendaItem{}
	for i := range d.Agenda.Items {
		item := &d.Agenda.Items[i]
		kind := item.Section
		if !slices.Contains(sections, kind) {
			kind = cases.SectionOther // never left out
		}
		bySection[kind] = append(bySection[kind], item)
	}
	room := maxLines // beyond what is kept for the sections
	for _, kind := range sections {
		room -= min(len(bySection[kind]), minLines)
	}
	for _, kind := range sections {
		items := bySection[kind]
		data.Count[string(kind)] = len(items)
		listed := items[:min(len(items), minLines+room)]
		room -= max(0, len(listed)-minLines)
		data.More += len(items) - len(listed)
		if len(listed) > 0 {
			data.Sections = append(data.Sections, c.section(kind, len(items), listed, d))
			data.Words = append(data.Words, orders(kind, listed[0].Case)...)
		}
	}
	data.Words = data.Words[:min(len(data.Words), 5)]
	for _, h := range d.Health {
		data.Health = append(data.Health, c.health(h))
		if h.Kind != healthOver {
			data.Count["trouble"]++
		}
	}
	return c.staffMail(templates.NameDigest, d.To, "", data, d.Now)
}

func (c *Composer) section(kind cases.Section, count int, items []*cases.AgendaItem, d Digest) templates.Section {
	s := templates.Section{Kind: string(kind), Count: count}
	for _, item := range items {
		line := templates.Line{File: c.file(item.Case, d.Day), Bar: c.bar(item), Do: todo(item)}
		line.File.Days = item.Days
		line.Place = c.place(d.Places[line.File.Reference])
		s.Lines = append(s.Lines, line)
	}
	return s
}

func (c *Composer) health(h Health) templates.Health {
	out := templates.Health{Kind: h.Kind, Folder: shown(h.Folder, maxShownFolder), Count: h.Count}
	if !h.Since.IsZero() {
		out.Since = h.Since.In(c.config.Zone)
	}
	return out
}

// bar is what remains of a case's period, rounded up to tenths: only the last day shows none.
func (c *Composer) bar(item *cases.AgendaItem) templates.Bar {
	if item.Days < 0 {
		return templates.Bar{Level: "late"}
	}
	all := max(1, due(item.Case).Sub(cases.DateOf(item.Case.Received, c.config.Zone)))
	b := templates.Bar{Level: "calm", Left: min(10, (10*item.Days+all-1)/all)}
	if item.Section == cases.SectionSoon || item.Days <= 7 {
		b.Level = "soon"
	}
	return b
}

// todo is what a case of an agenda asks of people, most urgent first: keys of staff.tmpl, three at most.
func todo(item *cases.AgendaItem) (all []string) {
	add := func(key string) {
		if len(all) < 3 && !slices.Contains(all, key) {
			all = append(all, key)
		}
	}
	if slices.Contains(item.Case.Flags, cases.TakenBack) {
		add("taken_back")
	} else {
		add(task(item))
	}
	for _, t := range item.Tasks {
		switch t.Kind {
		case cases.TaskExtend, cases.TaskConfirm, cases.TaskHeld, cases.TaskPromptly, cases.TaskCopy:
			add(string(t.Kind))
		}
	}
	return all
}

// task is what the section of a case asks for.
func task(item *cases.AgendaItem) string {
	switch item.Section {
	case cases.SectionSoon:
		if item.Days == 0 {
			return "today"
		}
	case cases.SectionIdentity:
		switch {
		case toLookAt(item.Case.Identity):
			return "look"
		case item.Case.Identity == cases.IdentityMissing, item.Case.Identity == cases.IdentityAnnounced, item.Case.Identity == cases.IdentityRefused:
			return string(item.Case.Identity)
		}
		return "work"
	case cases.SectionOther:
		return "work"
	}
	return string(item.Section)
}

// orders are examples of what a reply may say about the first case of a section.
func orders(kind cases.Section, k cases.Case) (all []templates.Order) {
	words := map[cases.Section][]string{
		cases.SectionLate: {"close"}, cases.SectionSoon: {"extend"}, cases.SectionConfirm: {"confirm", "dismiss"},
		cases.SectionUndeliverable: {"note"}, cases.SectionIdentity: {"identity_ok"}, cases.SectionReplied: {"close"}, cases.SectionOther: {"draft"},
	}[kind]
	for _, word := range words {
		if word == "extend" && !k.Extended.IsZero() {
			word = "close"
		}
		all = append(all, templates.Order{Reference: k.Reference.String(), Key: word})
	}
	return all
}
