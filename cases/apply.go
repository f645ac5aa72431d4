package cases

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

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

// Apply carries a command out on its case: the case as it is then, and what to write into its history. It is the
// same for mails and the command line. The error is a *CommandProblem.
func Apply(c Case, cmd Command, o Office) (Case, []Event, error) {
	if c.Status == Closed && !slices.Contains([]Verb{VerbClose, VerbConfirm, VerbIdentity, VerbNote, VerbDraft, VerbMerge}, cmd.Verb) {
		return c, nil, problem(ProblemClosed)
	}
	today := DateOf(o.Now, o.Term.Zone)
	switch cmd.Verb {
	case VerbClose:
		return closeAs(c, cmp.Or(cmd.Outcome, Fulfilled), cmd.Reason, o)
	case VerbDismiss:
		return closeAs(c, NotARequest, cmd.Reason, o)
	case VerbMerge:
		if cmd.Other == c.Reference.String() {
			return c, nil, problem(ProblemSameCase)
		}
		c.Related = cmd.Other
		return closeAs(c, Duplicate, "of "+cmd.Other, o)
	case VerbConfirm:
		return confirm(c, o)
	case VerbRights:
		return setRights(c, cmd.Rights, o)
	case VerbExtend:
		return extend(c, cmd.Reason, today, o)
	case VerbPause, VerbResume:
		return pause(c, cmd, today, o)
	case VerbIdentity:
		return identify(c, cmd, o)
	case VerbNote:
		if strings.TrimSpace(cmd.Reason) == "" {
			return c, nil, problem(ProblemNoReason)
		}
		return c, []Event{o.event(EventNote, cmd.Reason)}, nil
	case VerbDraft:
		return c, nil, nil // a draft is no change of the case
	}
	return c, nil, fmt.Errorf("carrying out a command: there is no verb %q", cmd.Verb)
}

func (o Office) event(kind EventKind, note string) Event {
	return Event{At: o.Now, Kind: kind, By: o.By, Note: note[:min(len(note), MaxReason)]}
}

// closeAs ends a case, or corrects how it ended.
func closeAs(c Case, outcome Outcome, reason string, o Office) (Case, []Event, error) {
	if c.Status == Closed && c.Outcome == outcome {
		return c, nil, problem(ProblemNoChange)
	}
	note := string(outcome)
	if c.Status == Closed {
		note += ", corrected from " + string(c.Outcome)
	} else {
		c.Closed = o.Now
	}
	if reason = strings.TrimSpace(reason); reason != "" {
		note += ": " + reason
	}
	c.Status, c.Outcome = Closed, outcome
	return c, []Event{o.event(EventClosed, note)}, nil
}

// confirm makes a triage case a request, or opens a closed case again.
func confirm(c Case, o Office) (Case, []Event, error) {
	switch c.Status {
	case Open:
		return c, nil, problem(ProblemNotTriage)
	case Closed:
		c.Status, c.Outcome, c.Closed = Open, "", Case{}.Closed
		return c, []Event{o.event(EventReopened, "opened again")}, nil
	}
	c.Status = Open
	return c, []Event{o.event(EventConfirmed, "a person says that it is a request")}, nil
}

// setRights corrects what is asked for. Whoever names the rights of a triage case says that it is a request.
func setRights(c Case, rights []Right, o Office) (Case, []Event, error) {
	sorted := inOrder(rights)
	if len(sorted) == 0 {
		return c, nil, problem(ProblemNoRights)
	}
	if slices.Equal(sorted, c.Rights) && c.Status != Triage {
		return c, nil, problem(ProblemNoChange)
	}
	events := []Event{o.event(EventRights, join(c.Rights)+" became "+join(sorted))}
	c.Rights, c.Marketing = sorted, c.Marketing && slices.Contains(sorted, Objection)
	if c.Status == Triage {
		c.Status = Open
		events = append(events, o.event(EventConfirmed, "a person says that it is a request"))
	}
	return c, events, nil
}

func join(rights []Right) string {
	if len(rights) == 0 {
		return "no right"
	}
	names := make([]string, len(rights))
	for i, r := range rights {
		names[i] = string(r)
	}
	return strings.Join(names, ", ")
}

// extend takes the longer period, which the law gives only to those who tell the client, with reasons, within the
// first (GDPR art. 12(3)).
func extend(c Case, reason string, today Date, o Office) (Case, []Event, error) {
	switch {
	case !c.Extended.IsZero():
		return c, nil, problem(ProblemExtended, c.Extended.String())
	case c.Due.Before(today):
		return c, nil, problem(ProblemTooLate, c.Due.String())
	case strings.TrimSpace(reason) == "":
		return c, nil, problem(ProblemNoReason)
	}
	c.Extended = c.Latest
	return c, []Event{o.event(EventExtended, "until "+c.Latest.String()+": "+strings.TrimSpace(reason))}, nil
}

// pause begins or ends a pause.
func pause(c Case, cmd Command, today Date, o Office) (Case, []Event, error) {
	on := cmd.On
	if on.IsZero() {
		on = today
	}
	running := len(c.Pauses) > 0 && c.Pauses[len(c.Pauses)-1].To.IsZero()
	earliest := DateOf(c.Received, o.Term.Zone)
	if len(c.Pauses) > 0 {
		earliest = cmp.Or(c.Pauses[len(c.Pauses)-1].To, c.Pauses[len(c.Pauses)-1].From)
	}
	reason := strings.TrimSpace(cmd.Reason)
	switch {
	case today.Before(on) || on.Before(earliest):
		return c, nil, problem(ProblemBadDate, on.String())
	case cmd.Verb == VerbPause && running:
		return c, nil, problem(ProblemPaused)
	case cmd.Verb == VerbPause && reason == "":
		return c, nil, problem(ProblemNoReason)
	case cmd.Verb == VerbResume && !running:
		return c, nil, problem(ProblemNotPaused)
	}
	c.Pauses = slices.Clone(c.Pauses)
	if cmd.Verb == VerbPause {
		c.Pauses = append(c.Pauses, Pause{From: on, Why: reason[:min(len(reason), MaxReason)]})
		return c, []Event{o.event(EventPaused, "from "+on.String()+": "+reason)}, nil
	}
	c.Pauses[len(c.Pauses)-1].To = on
	return c, []Event{o.event(EventResumed, "on "+on.String())}, nil
}

// identify records what a person found of the identity, or that the copy of a document is gone.
func identify(c Case, cmd Command, o Office) (Case, []Event, error) {
	var notes []string
	if cmd.Identity != "" && cmd.Identity != c.Identity {
		notes = append(notes, fmt.Sprintf("%s became %s", c.Identity, cmd.Identity))
		c.Identity = cmd.Identity
	}
	if cmd.Copy != CopyNone && cmd.Copy != c.Copy {
		notes = append(notes, "the copy of the document is "+string(cmd.Copy))
		c.Copy = cmd.Copy
	}
	if len(notes) == 0 {
		return c, nil, problem(ProblemNoChange)
	}
	return c, []Event{o.event(EventIdentity, strings.Join(notes, "; "))}, nil
}

// Arguable is the last day where the pauses count: the last day moved by the days of every pause, and then on to
// a working day. It is zero for a case without pauses. The law does not say so clearly (EDPB Guidelines 01/2022
// paragraph 159): alarms go by LastDay.
func (t Term) Arguable(c Case, today Date) (day Date, why []string) {
	if len(c.Pauses) == 0 {
		return Date{}, nil
	}
	days := 0
	for _, p := range c.Pauses {
		end := p.To
		if end.IsZero() {
			end = today
		}
		n := max(end.Sub(p.From), 0)
		days += n
		why = append(why, fmt.Sprintf("paused from %s to %s, %s", p.From, end, plural(n, "day")))
	}
	day = c.LastDay().AddDays(days)
	why = append(why, fmt.Sprintf("%s later than %s is %s", plural(days, "day"), written(c.LastDay()), written(day)))
	for closed := t.Calendar.Closed(day); closed != ""; closed = t.Calendar.Closed(day) {
		why = append(why, fmt.Sprintf("%s is closed (%s), so the end moves to the next day (art. 3(4))", day, closed))
		day = day.AddDays(1)
	}
	return day, append(why, fmt.Sprintf("arguably due on %s", written(day)))
}
