package templates

import (
	"slices"
	"time"
)

// The letters that a person finishes, and the one reminder of a proof of identity.
const (
	NameDraftAnswer      = "draft_answer"      // data of all drafts is a Draft
	NameDraftIdentity    = "draft_identity"    // asks for what is needed to know the requester
	NameDraftExtension   = "draft_extension"   // announces more time
	NameDraftRefusal     = "draft_refusal"     // wholly or in part
	NameDraftNothing     = "draft_nothing"     // no data of the person are held
	NameDraftClosing     = "draft_closing"     // what was asked is done
	NameIdentityReminder = "identity_reminder" // to a client, automatic; data is an Acknowledgement
)

// draftNames lists them.
func draftNames() []string {
	return []string{NameDraftAnswer, NameDraftIdentity, NameDraftExtension, NameDraftRefusal, NameDraftNothing,
		NameDraftClosing, NameIdentityReminder}
}

// What a draft leaves to a person is marked, so that it catches the eye and can be searched for: in text
// by capitals in square brackets, in HTML by a colour as well. The colour leaves the brackets out, since
// mail programs give what is typed over a selection the look of its first character.
const (
	plainMarks = `{{define "mark"}}{{.}}{{end}}{{define "choice"}}{{.}}{{end}}{{define "link"}}{{.}}{{end}}`
	pageMarks  = `{{define "mark"}}<span style="background-color: #ffe08a; color: #3d2f00;">{{.}}</span>{{end}}` +
		`{{define "choice"}}<span style="background-color: #cfe3f7; color: #12304d;">{{.}}</span>{{end}}` +
		`{{define "link"}}<a href="{{.}}" style="color: #1f5f99;">{{.}}</a>{{end}}`
)

// Draft is what a letter that a person finishes may speak of. It holds nothing that the client wrote.
type Draft struct {
	Reference string // the case
	Desk      string // the organisation
	Address   string // where a person of the organisation reads mail

	// Days are given as their first instant, in the desk's time zone.
	Received time.Time
	Due      time.Time // the last day to answer, extension apart
	Latest   time.Time // the last day to answer once extended
	Extended bool      // staff extended the period: Latest counts
	Today    time.Time

	Rights    []string // keys, as in Acknowledgement
	Marketing bool     // the objection is one to direct marketing
	Identity  string   // what is known of it: a key of package cases
	Reason    string   // staff's reason for an extension or a refusal, "" leaves a blank

	AccessFirst bool // as in Acknowledgement
	PolicyURL   string
}

// Asks reports whether a right is among those asked for.
func (d Draft) Asks(right string) bool { return slices.Contains(d.Rights, right) }

// unconditional reports whether a right is granted as soon as it is asked for: an objection to direct
// marketing (GDPR art. 21(3)) and a withdrawal of consent (art. 7(3)) can be neither refused nor made to
// wait, nor do they need a proof of identity.
func (d Draft) unconditional(right string) bool {
	return right == "consent_withdrawal" || right == "objection" && d.Marketing
}

// Unconditional reports whether a right of that kind is asked for.
func (d Draft) Unconditional() bool { return d.Marketing || d.Asks("consent_withdrawal") }

// Conditional lists the other rights.
func (d Draft) Conditional() []string {
	return slices.DeleteFunc(slices.Clone(d.Rights), d.unconditional)
}

// OnlyUnconditional reports whether nothing else is asked for.
func (d Draft) OnlyUnconditional() bool { return d.Unconditional() && len(d.Conditional()) == 0 }

// Notifies reports whether recipients of the data must be told (art. 19).
func (d Draft) Notifies() bool {
	return d.Asks("rectification") || d.Asks("erasure") || d.Asks("restriction")
}

// Unproven reports whether the answer may hold data, and nobody has said that the requester is known.
func (d Draft) Unproven() bool {
	return (d.Asks("access") || d.Asks("portability")) && d.Identity != "verified" && d.Identity != "not_needed"
}

// TooLate reports whether the time to announce an extension is over (art. 12(3)).
func (d Draft) TooLate() bool { return d.Today.After(d.Due) }

// LastDay is the last day to answer that is in force.
func (d Draft) LastDay() time.Time {
	if d.Extended {
		return d.Latest
	}
	return d.Due
}

// draftSamples are samples of these letters, nil for others.
func draftSamples(name string) []any {
	if !slices.Contains(draftNames(), name) {
		return nil
	}
	if name == NameIdentityReminder {
		return samples(NameAcknowledgement)
	}
	full := Draft{
		Reference: "GDN-2026-0007", Desk: "Desk", Address: "desk@example.org",
		Received: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), Due: time.Date(2026, 12, 23, 0, 0, 0, 0, time.UTC),
		Latest: time.Date(2027, 2, 23, 0, 0, 0, 0, time.UTC), Today: time.Date(2026, 12, 24, 0, 0, 0, 0, time.UTC),
		Rights: []string{"access", "rectification", "erasure", "restriction", "objection", "portability",
			"consent_withdrawal"},
		Identity: "missing", Reason: "reason", Extended: true, AccessFirst: true, PolicyURL: "https://example.org/policy",
	}
	all := []any{full}
	for _, identity := range []string{"verified", "candidate", "refused"} {
		d := full
		d.Identity, d.Reason, d.Marketing = identity, "", true
		all = append(all, d)
	}
	marketing := full
	marketing.Rights, marketing.Marketing, marketing.AccessFirst = []string{"objection"}, true, false
	objection := marketing
	objection.Marketing, objection.Reason = false, ""
	unclear := objection
	unclear.Rights, unclear.Reason, unclear.PolicyURL, unclear.Today = nil, "", "", full.Received
	return append(all, marketing, objection, unclear)
}
