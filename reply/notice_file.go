package reply

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/templates"
)

// Lengths in characters beyond which staff are shown an ellipsis.
const (
	maxShownName    = 80
	maxShownAddress = 120
	maxShownFolder  = 80
	maxShownLine    = 200
	maxShownRules   = 12
)

// shown cleans what a stranger or a server wrote for the eyes of staff: one line of bounded length,
// without controls and without the invisible characters that turn text around or hide it.
func shown(s string, limit int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.IsControl(r):
			return ' '
		case unicode.In(r, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp, unicode.Variation_Selector):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	return string([]rune(s)[:limit-1]) + "…"
}

// due is the last day in force.
func due(k cases.Case) cases.Date {
	if !k.Extended.IsZero() {
		return k.Extended
	}
	return k.Due
}

// file is a case as the letters to staff show it on a day.
func (c *Composer) file(k cases.Case, today cases.Date) templates.File {
	f := templates.File{
		Reference: k.Reference.String(), Status: string(k.Status), Outcome: string(k.Outcome), Identity: string(k.Identity),
		Name: shown(k.Requester.Name, maxShownName), Address: shown(k.Requester.Address, maxShownAddress), Language: k.Language,
		Marketing: k.Marketing, CopyHeld: k.Copy == cases.CopyHeld,
		Received: k.Received.In(c.config.Zone), Due: due(k).In(c.config.Zone), Extended: !k.Extended.IsZero(), Days: due(k).Sub(today),
	}
	for _, r := range k.Rights {
		f.Rights = append(f.Rights, string(r))
	}
	for _, flag := range k.Flags {
		f.Flags = append(f.Flags, string(flag))
	}
	if k.FirstReply.IsZero() { // whoever was answered by a person needs no acknowledgement
		f.Holds = holds(k.Hold)
	}
	if k.Status == cases.Open && !f.Extended && !k.Latest.IsZero() && !k.Due.Before(today) {
		f.Latest = k.Latest.In(c.config.Zone)
	}
	return f
}

// place is a message's place for a letter.
func (c *Composer) place(p Place) templates.Place {
	if p.Folder == "" || p.Received.IsZero() {
		return templates.Place{}
	}
	return templates.Place{Folder: shown(p.Folder, maxShownFolder), Received: p.Received.In(c.config.Zone)}
}

// holdKeys are the words for the reasons that hold an acknowledgement back (docs/decisions.md), by how
// the reason begins; the first that fits.
var holdKeys = []struct{ prefix, key string }{
	{"B1 ", "machine"}, {"B2 ", "machine"}, {"B3 ", "machine"}, {"B4 ", "list"}, {"B5 ", "list"}, {"B6 ", "no_answer"},
	{"B7 ", "machine"}, {"B8 ", "robot"}, {"B9 ", "own"}, {"B10 ", "not_addressed"}, {"B11 sender not", "forged"}, {"B11 ", "envelope"},
	{"B12 ", "envelope"}, {"B13 a program", "program"}, {"B13 ", "spam"}, {"B14 enough automatic mails this hour", "rate_hour"},
	{"B14 automatic mails that nobody", "rate_nobody"}, {"B14 ", "rate_address"}, {"B15 ", "thread"}, {"B16 no usable", "no_sender"},
	{"B16 ", "unread"}, {"B17 ", "authority"}, {"B18 ", "old"}, {"B19 ", "again"}, {"to be confirmed", "triage"}, {"not a request", "no_request"}, {"opened by scan", "past"},
}

// holds takes a case's reasons apart.
func holds(reasons string) (all []templates.Hold) {
	for reason := range strings.SplitSeq(reasons, ";") {
		h := templates.Hold{Note: shown(reason, maxShownLine)}
		if h.Note == "" {
			continue
		}
		if i := slices.IndexFunc(holdKeys, func(k struct{ prefix, key string }) bool {
			return strings.HasPrefix(h.Note+" ", k.prefix)
		}); i >= 0 {
			h.Key = holdKeys[i].key
		}
		if h.Note[0] == 'B' {
			h.Rule, _, _ = strings.Cut(h.Note, " ")
		}
		all = append(all, h)
	}
	return all
}

// staffMail renders a letter to one colleague.
func (c *Composer) staffMail(name, to, reference string, data any, now time.Time) (Mail, error) {
	m, err := c.compose(name, c.config.StaffLanguage, data)
	if err != nil {
		return Mail{}, err
	}
	m.To, m.Date, m.Case = to, now.UTC(), reference
	m.AutoSubmitted, m.Suppress = "auto-generated", "All"
	m.MessageID, err = c.messageID(name)
	return m, err
}
