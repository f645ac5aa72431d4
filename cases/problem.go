package cases

import "strings"

// ProblemKind says why a command cannot be carried out.
type ProblemKind string

const (
	ProblemNoCase      ProblemKind = "no_case"      // no reference was given, and the mail answered is about no case
	ProblemUnknownCase ProblemKind = "unknown_case" // there is no case of this reference; Detail is it
	ProblemClosed      ProblemKind = "closed"       // the case has ended
	ProblemNotTriage   ProblemKind = "not_triage"   // nobody has to confirm the case
	ProblemTooLate     ProblemKind = "too_late"     // the first month is over; Detail is its last day
	ProblemExtended    ProblemKind = "extended"     // it was extended before; Detail is the last day
	ProblemNoReason    ProblemKind = "no_reason"    // the law or the history wants a reason
	ProblemNoRights    ProblemKind = "no_rights"    // no right was given
	ProblemPaused      ProblemKind = "paused"       // a pause is running
	ProblemNotPaused   ProblemKind = "not_paused"   // no pause is running
	ProblemSameCase    ProblemKind = "same_case"    // a case cannot be merged into itself
	ProblemOtherCase   ProblemKind = "other_case"   // the mail answered is about another case; Detail is that
	ProblemBadDate     ProblemKind = "bad_date"     // the day lies in the future, or before the case or the pause began
	ProblemNoChange    ProblemKind = "no_change"    // it is so already
	ProblemNoDrafts    ProblemKind = "no_drafts"    // the desk has no drafts folder
	ProblemNoRequester ProblemKind = "no_requester" // nobody is known to whom to write
	ProblemDraftThere  ProblemKind = "draft_there"  // that draft lies in the drafts already; Detail is its kind
)

// CommandProblem is why a command was not carried out. Nothing has changed.
type CommandProblem struct {
	Kind   ProblemKind
	Detail string
}

// Error implements error.
func (p *CommandProblem) Error() string {
	return strings.TrimSpace(strings.ReplaceAll(string(p.Kind), "_", " ") + " " + p.Detail)
}

func problem(kind ProblemKind, detail ...string) error {
	return &CommandProblem{Kind: kind, Detail: strings.Join(detail, " ")}
}
