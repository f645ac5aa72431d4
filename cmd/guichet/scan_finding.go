package main

import (
	"math"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/classify"
	"guichetdunumerique.be/guichet/desk"
	"guichetdunumerique.be/guichet/intake"
	"guichetdunumerique.be/guichet/intake/message"
)

// kind is what a scan makes of a message.
type kind string

const (
	kindOpened kind = "opened" // a case that would be acknowledged
	kindHeld   kind = "held"   // a case whose acknowledgement is left to a person, for the reason in Hold
	kindTriage kind = "triage" // a case that a person must confirm or dismiss
	kindJoined kind = "joined" // belongs to the case of another message
	kindLeft   kind = "left"   // left alone, for the reason in Reason
	kindKnown  kind = "known"  // in the ledger already, or the desk will read it by itself
	kindOlder  kind = "older"  // reached the server before the first day of the scan
)

// finding is one message of a scan: a line of the spool, and of the report in JSON. Of what is left alone only the
// place and the reason are kept, unless a rule spoke.
type finding struct {
	Folder      string     `json:"folder"`
	UIDValidity uint32     `json:"uidvalidity"`
	UID         uint32     `json:"uid"`
	Kind        kind       `json:"kind"`
	Fate        cases.Fate `json:"fate,omitempty"`
	Reason      string     `json:"reason,omitempty"`

	Received   time.Time      `json:"received,omitzero"`
	From       string         `json:"from,omitempty"`
	Name       string         `json:"name,omitempty"`
	Requester  string         `json:"requester,omitempty"` // whom to answer, where that is not From
	Case       string         `json:"case,omitempty"`
	Rights     []cases.Right  `json:"rights,omitempty"`
	Flags      []cases.Flag   `json:"flags,omitempty"`
	Identity   cases.Identity `json:"identity,omitempty"`
	Language   string         `json:"lang,omitempty"`
	Confidence float64        `json:"confidence,omitempty"`
	Due        string         `json:"due,omitempty"`    // YYYY-MM-DD
	Latest     string         `json:"latest,omitempty"` // if an extension notice had left in time
	Hold       string         `json:"hold,omitempty"`
	Evidence   []quote        `json:"evidence,omitempty"`
}

// quote is a piece of evidence between the words around it.
type quote struct {
	Right  cases.Right `json:"right,omitempty"`
	Rule   string      `json:"rule"`
	Part   string      `json:"part"`
	Before string      `json:"before,omitempty"`
	Text   string      `json:"text"`
	After  string      `json:"after,omitempty"`
	Undone string      `json:"undone,omitempty"` // the rule that weakened it or undid it
}

// What a finding may hold of a mail that is made to be long.
const (
	maxQuotes    = 8
	maxQuoted    = 160 // bytes of a piece of evidence
	maxAround    = 60  // bytes before it, and after it
	maxNameBytes = 254
)

// placeOf is a finding that tells no more than where the message lies.
func placeOf(a intake.Arrival, k kind) finding {
	return finding{Folder: a.Folder, UIDValidity: a.UIDValidity, UID: a.UID, Kind: k}
}

// newFinding tells what became of a message.
func newFinding(a intake.Arrival, s desk.Scanned) finding {
	f := placeOf(a, scannedKind(s))
	f.Fate, f.Reason = s.Entry.Fate, clip(s.Entry.Reason, maxQuoted)
	if f.Kind == kindLeft && !isNear(a.Message, s) {
		return f
	}
	j := s.Judgement
	if len(a.Message.From) > 0 {
		f.From, f.Name = clip(a.Message.From[0].Address, maxNameBytes), clip(cases.Mask(a.Message.From[0].Name), maxNameBytes)
	}
	if j.Requester.Address != f.From {
		f.Requester = clip(j.Requester.Address, maxNameBytes)
	}
	f.Received, f.Case = s.Entry.Received, s.Entry.Case
	f.Rights, f.Flags, f.Language = j.Verdict.Rights, j.Flags, j.Verdict.Language
	f.Confidence = math.Round(j.Verdict.Score*1000) / 1000
	f.Evidence = quotes(a.Message, j)
	if c := s.Opened; c.Status != "" {
		f.Rights, f.Flags, f.Identity = c.Rights, c.Flags, c.Identity
		f.Due, f.Latest, f.Hold = c.Due.String(), c.Latest.String(), j.Hold
	}
	return f
}

func scannedKind(s desk.Scanned) kind {
	switch {
	case s.Opened.Status == cases.Triage:
		return kindTriage
	case s.Opened.Status != "" && s.Judgement.Hold != "":
		return kindHeld
	case s.Opened.Status != "":
		return kindOpened
	case s.Entry.Fate == cases.FateLinked:
		return kindJoined
	}
	return kindLeft
}

// isNear reports whether a person may want to judge that a message was left alone: somebody outside wrote it, and
// a rule found something.
func isNear(m message.Message, s desk.Scanned) bool {
	v := s.Judgement.Verdict
	return s.Judgement.Writer == desk.Client && !m.Auto.Certain && len(v.Evidence)+len(v.Cancelled) > 0
}

// quotes are the evidence and then what was undone, the strongest first. Words that several rules found for the
// same right, such as those of two languages, are shown once.
func quotes(m message.Message, j desk.Judgement) []quote {
	type words struct {
		right cases.Right
		part  string
		start int
	}
	shown := map[words]bool{}
	var list []quote
	for _, pieces := range [][]classify.Evidence{j.Verdict.Evidence, j.Verdict.Cancelled} {
		for _, e := range pieces {
			if len(list) == maxQuotes {
				return list
			}
			at := words{e.Right, e.Part, e.Start}
			if shown[at] {
				continue
			}
			shown[at] = true
			q := quote{Right: e.Right, Rule: e.Rule, Part: e.Part, Text: clip(cases.Mask(flat(e.Text)), maxQuoted), Undone: e.By}
			before, after := j.Around(e, maxAround)
			q.Before, q.After = flat(before), flat(after)
			list = append(list, q)
		}
	}
	return list
}

var blanks = regexp.MustCompile(`\s+`)

// flat is a piece of text on one line, still with a space at an end that had one.
func flat(s string) string { return printable(blanks.ReplaceAllString(s, " ")) }

// clip is the beginning of a text that may be too long, on one line.
func clip(s string, most int) string {
	s = printable(strings.ToValidUTF8(s, "\uFFFD"))
	if len(s) <= most {
		return s
	}
	s = s[:most]
	for !utf8.ValidString(s) {
		s = s[:len(s)-1]
	}
	return s + "…"
}
