package cases_test

import (
	"errors"
	"testing"
	"time"

	"guichetdunumerique.be/guichet/cases"
)

func TestCommandsChangeACaseByTheRules(t *testing.T) {
	day := func(s string) cases.Date { d, _ := cases.ParseDate(s); return d }
	tests := []struct {
		why    string
		change func(*cases.Case)
		cmd    cases.Command
		on     string
		want   cases.ProblemKind
		check  func(cases.Case) bool
	}{
		{"closing", nil, cases.Command{Verb: cases.VerbClose}, "2026-12-01", "", func(c cases.Case) bool {
			return c.Status == cases.Closed && c.Outcome == cases.Fulfilled && !c.Closed.IsZero()
		}},
		{"closing again the same way", func(c *cases.Case) { c.Status, c.Outcome = cases.Closed, cases.Fulfilled }, cases.Command{Verb: cases.VerbClose}, "2026-12-01", cases.ProblemNoChange, nil},
		{"correcting an outcome", func(c *cases.Case) { c.Status, c.Outcome = cases.Closed, cases.Fulfilled }, cases.Command{Verb: cases.VerbClose, Outcome: cases.Refused}, "2026-12-01", "", func(c cases.Case) bool { return c.Outcome == cases.Refused }},
		{"extending in time", nil, cases.Command{Verb: cases.VerbExtend, Reason: "x"}, "2026-12-23", "", func(c cases.Case) bool { return c.Extended == c.Latest }},
		{"extending too late", nil, cases.Command{Verb: cases.VerbExtend, Reason: "x"}, "2026-12-24", cases.ProblemTooLate, nil},
		{"extending without a reason", nil, cases.Command{Verb: cases.VerbExtend}, "2026-12-01", cases.ProblemNoReason, nil},
		{"extending twice", func(c *cases.Case) { c.Extended = c.Latest }, cases.Command{Verb: cases.VerbExtend, Reason: "x"}, "2026-12-01", cases.ProblemExtended, nil},
		{"confirming", func(c *cases.Case) { c.Status = cases.Triage }, cases.Command{Verb: cases.VerbConfirm}, "2026-12-01", "", func(c cases.Case) bool { return c.Status == cases.Open }},
		{"confirming what is open", nil, cases.Command{Verb: cases.VerbConfirm}, "2026-12-01", cases.ProblemNotTriage, nil},
		{"opening again", func(c *cases.Case) { c.Status, c.Outcome = cases.Closed, cases.Refused }, cases.Command{Verb: cases.VerbConfirm}, "2026-12-01", "", func(c cases.Case) bool { return c.Status == cases.Open && c.Outcome == "" }},
		{"dismissing", nil, cases.Command{Verb: cases.VerbDismiss}, "2026-12-01", "", func(c cases.Case) bool { return c.Outcome == cases.NotARequest }},
		{"merging", nil, cases.Command{Verb: cases.VerbMerge, Other: "GDN-2026-0003"}, "2026-12-01", "", func(c cases.Case) bool { return c.Outcome == cases.Duplicate && c.Related == "GDN-2026-0003" }},
		{"merging into itself", nil, cases.Command{Verb: cases.VerbMerge, Other: "GDN-2026-0007"}, "2026-12-01", cases.ProblemSameCase, nil},
		{"naming rights confirms", func(c *cases.Case) { c.Status = cases.Triage }, cases.Command{Verb: cases.VerbRights, Rights: []cases.Right{cases.Portability, cases.Access}}, "2026-12-01", "", func(c cases.Case) bool {
			return c.Status == cases.Open && len(c.Rights) == 2 && c.Rights[0] == cases.Access
		}},
		{"naming no right", nil, cases.Command{Verb: cases.VerbRights}, "2026-12-01", cases.ProblemNoRights, nil},
		{"pausing", nil, cases.Command{Verb: cases.VerbPause, Reason: "x"}, "2026-12-01", "", func(c cases.Case) bool { return len(c.Pauses) == 1 && c.Pauses[0].To.IsZero() }},
		{"pausing twice", func(c *cases.Case) { c.Pauses = []cases.Pause{{From: day("2026-11-25")}} }, cases.Command{Verb: cases.VerbPause, Reason: "x"}, "2026-12-01", cases.ProblemPaused, nil},
		{"pausing in the future", nil, cases.Command{Verb: cases.VerbPause, Reason: "x", On: day("2026-12-02")}, "2026-12-01", cases.ProblemBadDate, nil},
		{"pausing before the request", nil, cases.Command{Verb: cases.VerbPause, Reason: "x", On: day("2026-11-22")}, "2026-12-01", cases.ProblemBadDate, nil},
		{"resuming", func(c *cases.Case) { c.Pauses = []cases.Pause{{From: day("2026-11-25")}} }, cases.Command{Verb: cases.VerbResume}, "2026-12-01", "", func(c cases.Case) bool { return c.Pauses[0].To == day("2026-12-01") }},
		{"resuming what runs", nil, cases.Command{Verb: cases.VerbResume}, "2026-12-01", cases.ProblemNotPaused, nil},
		{"identity checked", nil, cases.Command{Verb: cases.VerbIdentity, Identity: cases.IdentityVerified}, "2026-12-01", "", func(c cases.Case) bool { return c.Identity == cases.IdentityVerified }},
		{"copy deleted", func(c *cases.Case) { c.Copy = cases.CopyHeld }, cases.Command{Verb: cases.VerbIdentity, Copy: cases.CopyDeleted}, "2026-12-01", "", func(c cases.Case) bool { return c.Copy == cases.CopyDeleted }},
		{"a note", nil, cases.Command{Verb: cases.VerbNote, Reason: "called"}, "2026-12-01", "", func(c cases.Case) bool { return c.Status == cases.Open }},
		{"an empty note", nil, cases.Command{Verb: cases.VerbNote}, "2026-12-01", cases.ProblemNoReason, nil},
		{"extending what is closed", func(c *cases.Case) { c.Status = cases.Closed }, cases.Command{Verb: cases.VerbExtend, Reason: "x"}, "2026-12-01", cases.ProblemClosed, nil},
	}
	for _, tt := range tests {
		c, _ := opened(t, "2026-11-23", cases.Erasure)
		if tt.change != nil {
			tt.change(&c)
		}
		term := brussels(t)
		after, events, err := cases.Apply(c, tt.cmd, cases.Office{By: "anne", Now: day(tt.on).In(term.Zone).Add(9 * time.Hour), Term: term})
		var problem *cases.CommandProblem
		switch {
		case errors.As(err, &problem):
			if problem.Kind != tt.want {
				t.Errorf("%s: %v, want %q", tt.why, problem, tt.want)
			}
		case err != nil || tt.want != "":
			t.Errorf("%s: %v, want %q", tt.why, err, tt.want)
		case !tt.check(after) || len(events) == 0 || events[0].By != "anne":
			t.Errorf("%s: %+v, events %+v", tt.why, after, events)
		}
	}
}
