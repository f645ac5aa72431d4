package templates

import "time"

// Every key that the words for staff know, with one that they do not: those are shown as they are.
var (
	sampleWhys      = []string{"opened", "triage", "message", "to_closed", "taken_back", "proof", "declined", "foreign", "bounced", "changed", "rejected", "?"}
	sampleTasks     = []string{"due", "late", "extend", "confirm", "held", "promptly", "copy", "?"}
	sampleRights    = []string{"access", "rectification", "erasure", "restriction", "objection", "portability", "consent_withdrawal", "?"}
	sampleIdentity  = []string{"not_needed", "missing", "announced", "candidate", "signed", "verified", "refused", "?"}
	sampleOutcomes  = []string{"fulfilled", "partly", "refused", "withdrawn", "not_a_request", "duplicate", "no_identity", "?"}
	sampleFlags     = []string{"representative", "minor", "complaint", "breach", "authority", "date_doubt", "undeliverable", "taken_back", "?"}
	sampleSections  = []string{"late", "soon", "confirm", "held", "undeliverable", "identity", "replied", "other", "?"}
	sampleHealth    = []string{"silent", "login", "signin", "outbox", "unreadable", "full", "flood", "over", "?"}
	sampleLanguages = append(Languages(), "?")
	sampleHolds     = []string{"machine", "list", "no_answer", "robot", "own", "not_addressed", "envelope", "forged", "spam", "program",
		"rate_address", "rate_hour", "rate_nobody", "thread", "no_sender", "unread", "authority", "old", "again", "triage", "no_request", "past", ""}
	sampleWords = []string{"confirm", "dismiss", "close", "withdrawn", "no_identity", "extend", "pause", "resume", "identity_ok",
		"identity_free", "copy", "rights", "draft", "draft_identity", "merge", "note"}
	sampleDo = []string{"late", "soon", "today", "confirm", "held", "undeliverable", "missing", "announced", "look", "refused",
		"replied", "extend", "promptly", "copy", "taken_back", "work"}
	sampleProblems = []string{"no_case", "unknown_case", "closed", "not_open", "not_triage", "too_late", "extended", "no_reason",
		"no_rights", "no_outcome", "paused", "not_paused", "same_case", "other_case", "bad_date", "no_drafts", "no_requester", "draft_there", "no_change", "?"}
)

var sampleDay = time.Date(2026, 12, 23, 0, 0, 0, 0, time.UTC)

// staffSamples are samples of the letters to staff, nil for other letters.
func staffSamples(name string) []any {
	switch name {
	case NameNotice:
		return noticeSamples()
	case NameReminder:
		return reminderSamples()
	case NameDigest:
		return digestSamples()
	case NameReceipt:
		return receiptSamples()
	case NameSummary:
		return summarySamples()
	}
	return nil
}

// sampleFile is the i-th of files that differ in all that a file may say.
func sampleFile(i int) File {
	at := func(keys []string) string { return keys[i%len(keys)] }
	f := File{
		Reference: "GDN-2026-0007", Name: "Jan Peeters", Address: "jan@example.org", Language: at(sampleLanguages),
		Rights: []string{at(sampleRights), "access"}, Status: "open", Identity: at(sampleIdentity), Flags: []string{at(sampleFlags), "minor"},
		Received: sampleDay.AddDate(0, -1, 0), Due: sampleDay, Latest: sampleDay.AddDate(0, 2, 0), Days: 2 - i,
		CopyHeld: true, Marketing: true,
	}
	switch i % 4 {
	case 1:
		f.Name, f.Latest, f.Extended = "", time.Time{}, true
	case 2:
		f.Address, f.Rights, f.Flags, f.CopyHeld, f.Latest = "", nil, nil, false, time.Time{}
	case 3:
		f.Status, f.Outcome = "closed", at(sampleOutcomes)
	}
	return f
}

func samplePlace() Place { return Place{Folder: "INBOX", Received: sampleDay.AddDate(0, -1, 0)} }

func noticeSamples() (all []any) {
	var holds []Hold
	for _, key := range sampleHolds {
		holds = append(holds, Hold{Key: key, Rule: "B1", Note: "B1 a reason"})
	}
	for i, why := range sampleWhys {
		all = append(all, Notice{Desk: "Desk", Why: why, File: sampleFile(i)}, Notice{Desk: "Desk", Why: why, File: sampleFile(2)})
	}
	for i := range sampleOutcomes {
		all = append(all, Notice{Desk: "Desk", Why: "changed", File: sampleFile(4*i + 3), Entry: "cancel"})
	}
	full := Notice{Desk: "Desk", Why: "opened", File: sampleFile(0), Place: samplePlace(), Rules: []string{"fr.access.right", "fr.erasure.data"},
		Related: "GDN-2026-0003", Words: sampleWords, Entry: "publish"}
	full.File.Holds = holds
	return append(all, full)
}

func reminderSamples() (all []any) {
	for i, kind := range sampleTasks {
		for days := range 3 {
			all = append(all, Reminder{Desk: "Desk", Kind: kind, Days: days, Date: sampleDay, File: sampleFile(i)})
		}
	}
	full := Reminder{Desk: "Desk", Kind: "due", Date: sampleDay, File: sampleFile(0), Place: samplePlace(), Words: sampleWords, StandsIn: true}
	full.File.Holds = []Hold{{Note: "a reason"}}
	return append(all, full)
}

func digestSamples() (all []any) {
	for bits := range 16 { // each count by itself and beside others
		d := Digest{Desk: "Desk", Day: sampleDay, Count: map[string]int{"late": bits & 1, "soon": bits & 2, "confirm": bits & 4}}
		if bits&8 != 0 {
			d.Health = []Health{{Kind: "full"}}
		}
		all = append(all, d)
		d.Open = 2
		all = append(all, d)
	}
	full := Digest{Desk: "Desk", Day: sampleDay, Open: 300, More: 100}
	for i, kind := range sampleSections {
		full.Sections = append(full.Sections, Section{Kind: kind, Count: i + 1, Lines: []Line{
			{File: sampleFile(i), Place: samplePlace(), Do: sampleDo[:2], Bar: Bar{Level: []string{"late", "soon", "calm"}[i%3], Left: i}},
			{File: sampleFile(2), Do: sampleDo[:1], Bar: Bar{Left: 10}},
		}})
	}
	full.Sections[0].Lines[0].Do = sampleDo
	for i, kind := range sampleHealth {
		full.Health = append(full.Health, Health{Kind: kind, Folder: "INBOX", Since: sampleDay, Count: i}, Health{Kind: kind, Count: 2})
	}
	for _, key := range sampleWords {
		full.Words = append(full.Words, Order{"GDN-2026-0007", key})
	}
	return append(all, full, Digest{Desk: "Desk", Day: sampleDay, Weekly: true}, Digest{Desk: "Desk", Day: sampleDay, Weekly: true, Open: 1})
}

func receiptSamples() []any {
	full := Receipt{Desk: "Desk", Case: "GDN-2026-0007", NotRead: 2, Words: sampleWords, Changed: 1,
		Done: []Done{{Line: "close GDN-2026-0007", Case: "GDN-2026-0007", Changed: "closed"}, {Line: "note GDN-2026-0007", Case: "GDN-2026-0007"}}}
	for _, problem := range sampleProblems {
		full.Done = append(full.Done, Done{Line: "extend GDN-2026-0007", Problem: problem},
			Done{Line: "extend GDN-2026-0007", Problem: problem, Detail: "2026-12-23"})
	}
	one := full
	one.NotRead, one.Words, one.Done = 0, nil, full.Done[:1]
	unread := Receipt{Desk: "Desk", NotRead: 1, Words: sampleWords}
	return []any{full, one, unread, Receipt{Desk: "Desk"}, Receipt{Desk: "Desk", Unproven: true}}
}

func summarySamples() []any {
	full := Summary{Desk: "Desk", Count: 400, More: 3, Words: []Order{{"GDN-2026-0007", "confirm"}}}
	for i, why := range append([]string{"not_sent", "gave_up", "unknown"}, sampleWhys...) {
		full.Lines = append(full.Lines, SummaryLine{File: sampleFile(i), Why: why, Count: i}, SummaryLine{Why: why, Count: 1})
	}
	return []any{full, Summary{Desk: "Desk", Count: 1, More: 1, Lines: full.Lines[:1]}}
}
