package cases

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// afterEnd are the verbs that a closed case still obeys: its outcome can be corrected, it can be opened again, a
// copy of a document can be deleted, and a letter or a note can follow.
var afterEnd = []Verb{VerbClose, VerbDismiss, VerbMerge, VerbConfirm, VerbIdentity, VerbNote, VerbDraft}

// Apply carries a command out on its case: the case as it is then, and what to write into its history. It is the
// same for mails and the command line. c is not changed. What staff can mend is a *CommandProblem; a verb that
// does not exist is another error.
func Apply(c Case, cmd Command, o Office) (Case, []Event, error) {
	if c.Status == Closed && !slices.Contains(afterEnd, cmd.Verb) {
		return c, nil, problem(ProblemClosed)
	}
	reason := OneLine(cmd.Reason)
	switch cmd.Verb {
	case VerbClose:
		return closeAs(c, cmp.Or(cmd.Outcome, Fulfilled), reason, o)
	case VerbDismiss:
		if cmd.Bare && c.Status != Triage {
			return c, nil, problem(ProblemNotTriage)
		}
		return closeAs(c, NotARequest, reason, o)
	case VerbMerge:
		return merge(c, cmd.Other, reason, o)
	case VerbConfirm:
		return confirm(c, cmd.Bare, reason, o)
	case VerbRights:
		return setRights(c, cmd.Rights, reason, o)
	case VerbExtend:
		return extend(c, reason, o)
	case VerbPause:
		return pause(c, cmd.On, reason, o)
	case VerbResume:
		return resume(c, cmd.On, reason, o)
	case VerbIdentity:
		return identify(c, cmd, reason, o)
	case VerbNote:
		if reason == "" {
			return c, nil, problem(ProblemNoReason)
		}
		return c, []Event{o.event(EventNote, reason, "")}, nil
	case VerbDraft:
		return c, nil, nil // a draft is no change of the case
	}
	return c, nil, fmt.Errorf("carrying out a command: there is no verb %q", cmd.Verb)
}

// event is a line of history: a fact, and staff's words for it where they gave some.
func (o Office) event(kind EventKind, fact, reason string) Event {
	if reason != "" {
		fact += ": " + reason
	}
	return Event{At: o.Now, Kind: kind, By: o.By, Note: OneLine(fact)}
}

func (o Office) today() Date { return DateOf(o.Now, o.Term.Zone) }

// closeAs ends a case with an outcome, or corrects the one that it ended with.
func closeAs(c Case, outcome Outcome, reason string, o Office) (Case, []Event, error) {
	if c.Status == Closed && c.Outcome == outcome {
		return c, nil, problem(ProblemNoChange)
	}
	return end(c, outcome, string(outcome), reason, o)
}

// merge ends a case as the duplicate of another. What becomes of the other is not looked at.
func merge(c Case, other, reason string, o Office) (Case, []Event, error) {
	ref, err := ParseReference(other)
	switch {
	case err != nil:
		return c, nil, problem(ProblemUnknownCase, OneLine(other))
	case ref == c.Reference:
		return c, nil, problem(ProblemSameCase)
	case c.Status == Closed && c.Outcome == Duplicate && c.Related == ref.String():
		return c, nil, problem(ProblemNoChange)
	}
	c.Related = ref.String()
	return end(c, Duplicate, "duplicate of "+c.Related, reason, o)
}

// end closes a case. A case keeps the day on which it was first closed.
func end(c Case, outcome Outcome, fact, reason string, o Office) (Case, []Event, error) {
	if c.Status == Closed {
		fact += ", corrected from " + string(c.Outcome)
	} else {
		c.Closed = o.Now
	}
	c.Status, c.Outcome = Closed, outcome
	return c, []Event{o.event(EventClosed, fact, reason)}, nil
}

// confirm makes a triage case a request, or opens a closed case again. A mere yes does only the first.
func confirm(c Case, bare bool, reason string, o Office) (Case, []Event, error) {
	switch {
	case c.Status == Triage:
		c.Status = Open
		return c, []Event{o.event(EventConfirmed, "a person says that it is a request", reason)}, nil
	case c.Status == Closed && !bare:
		was := c.Outcome
		c.Status, c.Outcome, c.Closed = Open, "", time.Time{}
		return c, []Event{o.event(EventReopened, "was "+string(was), reason)}, nil
	}
	return c, nil, problem(ProblemNotTriage)
}

// setRights corrects what is asked for. Whoever names the rights of a triage case says that it is a request.
func setRights(c Case, rights []Right, reason string, o Office) (Case, []Event, error) {
	rights = inOrder(rights)
	if len(rights) == 0 {
		return c, nil, problem(ProblemNoRights)
	}
	var events []Event
	if !slices.Equal(rights, c.Rights) {
		before := cmp.Or(strings.Join(names(c.Rights), ", "), "no right")
		events = append(events, o.event(EventRights, before+" became "+strings.Join(names(rights), ", "), reason))
	}
	c.Rights, c.Marketing = rights, c.Marketing && slices.Contains(rights, Objection)
	if c.Status == Triage {
		c.Status = Open
		events = append(events, o.event(EventConfirmed, "a person names its rights", ""))
	}
	if len(events) == 0 {
		return c, nil, problem(ProblemNoChange)
	}
	return c, events, nil
}

// inOrder is each of the rights once, in their own order.
func inOrder(rights []Right) []Right {
	return slices.DeleteFunc(Rights(), func(r Right) bool { return !slices.Contains(rights, r) })
}

func names(rights []Right) []string {
	list := make([]string, len(rights))
	for i, r := range rights {
		list[i] = string(r)
	}
	return list
}

// extend takes the longer period, which the law gives only to those who tell the client, with reasons, within the
// first (GDPR art. 12(3)).
func extend(c Case, reason string, o Office) (Case, []Event, error) {
	switch {
	case !c.Extended.IsZero():
		return c, nil, problem(ProblemExtended, c.Extended.String())
	case c.Due.Before(o.today()):
		return c, nil, problem(ProblemTooLate, c.Due.String())
	case reason == "":
		return c, nil, problem(ProblemNoReason)
	}
	c.Extended = c.Latest
	return c, []Event{o.event(EventExtended, "until "+c.Latest.String(), reason)}, nil
}

// running is the pause that lasts, if one does.
func (c Case) running() (p Pause, ok bool) {
	if len(c.Pauses) == 0 {
		return p, false
	}
	p = c.Pauses[len(c.Pauses)-1]
	return p, p.To.IsZero()
}

// pause begins a pause on a day, or today. Pauses do not overlap.
func pause(c Case, on Date, reason string, o Office) (Case, []Event, error) {
	on = cmp.Or(on, o.today())
	from := DateOf(c.Received, o.Term.Zone)
	last, runs := c.running()
	if !last.To.IsZero() {
		from = last.To
	}
	switch {
	case runs:
		return c, nil, problem(ProblemPaused, last.From.String())
	case on.Before(from) || o.today().Before(on):
		return c, nil, problem(ProblemBadDate, on.String())
	case reason == "":
		return c, nil, problem(ProblemNoReason)
	}
	c.Pauses = append(slices.Clone(c.Pauses), Pause{From: on, Why: reason})
	return c, []Event{o.event(EventPaused, "from "+on.String(), reason)}, nil
}

// resume ends the pause that lasts, on a day, or today.
func resume(c Case, on Date, reason string, o Office) (Case, []Event, error) {
	on = cmp.Or(on, o.today())
	last, runs := c.running()
	switch {
	case !runs:
		return c, nil, problem(ProblemNotPaused)
	case on.Before(last.From) || o.today().Before(on):
		return c, nil, problem(ProblemBadDate, on.String())
	}
	c.Pauses = slices.Clone(c.Pauses)
	c.Pauses[len(c.Pauses)-1].To = on
	return c, []Event{o.event(EventResumed, "on "+on.String(), reason)}, nil
}

// identify records what a person found of the identity, or that the copy of a document is gone.
func identify(c Case, cmd Command, reason string, o Office) (Case, []Event, error) {
	var facts []string
	if cmd.Identity != "" && cmd.Identity != c.Identity {
		facts = append(facts, fmt.Sprintf("%s became %s", cmp.Or(c.Identity, IdentityMissing), cmd.Identity))
		c.Identity = cmd.Identity
	}
	if cmd.Copy != CopyNone && cmd.Copy != c.Copy {
		facts = append(facts, "the copy of the document is "+string(cmd.Copy))
		c.Copy = cmd.Copy
	}
	if len(facts) == 0 {
		return c, nil, problem(ProblemNoChange)
	}
	return c, []Event{o.event(EventIdentity, strings.Join(facts, "; "), reason)}, nil
}
