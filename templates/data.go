package templates

import "time"

// Acknowledgement is what the letter of that name may speak of. It holds nothing that the client wrote.
type Acknowledgement struct {
	Reference string // the case
	Desk      string // the organisation
	Address   string // where a person of the organisation reads mail

	Received time.Time // in the desk's time zone
	Due      time.Time // the last day to answer: its first instant, in the desk's time zone

	// Rights are keys such as "access" and "consent_withdrawal", named by rights.tmpl. Empty when the
	// message is a request whose right is not clear.
	Rights []string

	// Identity says which line on the proof of identity is due: "" for none, "missing", "announced",
	// "candidate" or "signed".
	Identity string

	// AccessFirst is true when access and erasure are asked for at once: the one must be answered
	// before the other is carried out.
	AccessFirst bool

	PolicyURL string // the published data protection policy, "" for none
}

// Alert is what the letter to staff of that name may speak of.
type Alert struct {
	Kind      string // "not_sent", "gave_up", "unknown", "rate" or "unreadable"
	Reference string // the case, "" when it concerns none
	Desk      string
}

// samples are data for which every branch of a letter is run when it is loaded, so that a mistake shows
// on start and not in front of a client.
func samples(name string) []any {
	if all := append(staffSamples(name), draftSamples(name)...); all != nil {
		return all
	}
	if name == NameAlert {
		var all []any
		for _, kind := range []string{"not_sent", "gave_up", "unknown", "rate", "unreadable"} {
			all = append(all,
				Alert{Kind: kind, Desk: "Desk"},
				Alert{Kind: kind, Desk: "Desk", Reference: "GDN-2026-0007"})
		}
		return all
	}
	full := Acknowledgement{
		Reference: "GDN-2026-0007", Desk: "Desk", Address: "desk@example.org",
		Received: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), Due: time.Date(2026, 12, 23, 0, 0, 0, 0, time.UTC),
		Rights: []string{"access", "rectification", "erasure", "restriction", "objection", "portability",
			"consent_withdrawal"},
		AccessFirst: true, PolicyURL: "https://example.org/policy",
	}
	var all []any
	for _, identity := range []string{"missing", "announced", "candidate", "signed"} {
		full.Identity = identity
		all = append(all, full)
	}
	bare := full
	bare.Identity, bare.AccessFirst, bare.PolicyURL = "", false, ""
	for n := range 2 {
		bare.Rights = full.Rights[:n]
		all = append(all, bare)
	}
	return all
}
