package reply

import (
	"fmt"
	"slices"
	"strings"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/templates"
)

// Notice composes the mail that tells a colleague of a new or changed case. The requester stands in its
// text and never in its subject, and a calendar entry for the last day is attached.
func (c *Composer) Notice(n Notice) (Mail, error) {
	if n.Case.Reference.String() == "" || n.Case.Due.IsZero() {
		return Mail{}, fmt.Errorf("composing a notice: the case has no reference or due date")
	}
	data := templates.Notice{
		Desk: c.config.Name, Why: string(n.Why), File: c.file(n.Case, cases.DateOf(n.Now, c.config.Zone)), Place: c.place(n.Place),
		Related: shown(n.Case.Related, maxShownLine), Words: noticeWords(n), Entry: "publish",
	}
	for _, id := range n.Rules[:min(len(n.Rules), maxShownRules)] {
		data.Rules = append(data.Rules, shown(id, maxShownName))
	}
	if n.Case.Status == cases.Closed {
		data.Entry = "cancel"
	}
	m, err := c.staffMail(templates.NameNotice, n.To, data.File.Reference, data, n.Now)
	if err != nil {
		return Mail{}, err
	}
	m.InReplyTo, m.References = thread(n.ParentID, n.ParentReferences)
	m.Calendar, err = c.calendar(n)
	return m, err
}

// calendar is the entry for the last day of a notice's case, or its end.
func (c *Composer) calendar(n Notice) ([]byte, error) {
	summary, err := c.config.Letters.Entry(c.config.StaffLanguage, n.Case.Reference.String())
	if err != nil {
		return nil, err
	}
	address, err := wireAddress(c.config.Address)
	if err != nil {
		return nil, fmt.Errorf("composing a calendar entry: the desk's address is %w", err)
	}
	return entry{
		uid:     strings.ToLower(n.Case.Reference.String() + "@" + address.domain()),
		summary: summary, organizer: address, day: due(n.Case), sequence: n.Sequence, stamp: n.Now,
		cancelled: n.Case.Status == cases.Closed,
	}.bytes(), nil
}

// replies are the words that fit each reason for a notice about an open case: keys of staff.tmpl.
var replies = map[NoticeReason][]string{
	NoticeOpened:    {"draft", "rights", "extend", "close", "dismiss"},
	NoticeMessage:   {"draft", "rights", "close", "note"},
	NoticeTakenBack: {"withdrawn", "note"},
	NoticeProof:     {"identity_ok", "copy", "draft_identity", "note"},
	NoticeDeclined:  {"identity_ok", "identity_free", "draft", "no_identity"},
	NoticeForeign:   {"note", "merge"},
	NoticeBounced:   {"note", "draft", "close"},
	NoticeChanged:   {"draft", "extend", "close", "note"},
	NoticeRejected:  {"draft", "close", "note"},
}

// noticeWords are what the colleague may answer: at most five, all of them possible as the case stands.
func noticeWords(n Notice) []string {
	switch n.Case.Status {
	case cases.Closed:
		return []string{"confirm", "note"}
	case cases.Triage:
		return []string{"confirm", "dismiss", "rights", "note"}
	}
	words := slices.Clone(replies[n.Why])
	if n.Why == NoticeOpened && toLookAt(n.Case.Identity) {
		words = slices.Insert(words, 1, "identity_ok")
	}
	if paused(n.Case) {
		words = slices.Insert(words, 0, "resume")
	}
	if !n.Case.Extended.IsZero() {
		words = slices.DeleteFunc(words, func(w string) bool { return w == "extend" })
	}
	return words[:min(len(words), 5)]
}

// toLookAt reports whether a person is to look at what may prove the identity.
func toLookAt(i cases.Identity) bool {
	return i == cases.IdentityCandidate || i == cases.IdentitySigned
}

func paused(k cases.Case) bool {
	return slices.ContainsFunc(k.Pauses, func(p cases.Pause) bool { return p.To.IsZero() })
}
