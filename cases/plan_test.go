package cases_test

import (
	"slices"
	"testing"
	"time"

	"guichetdunumerique.be/guichet/cases"
)

func brussels(t *testing.T) cases.Term {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Brussels")
	if err != nil {
		t.Fatal(err)
	}
	return cases.Term{Months: 1, ExtensionMonths: 3, Calendar: cases.Belgium(), Zone: zone}
}

// opened is a case that arrived on a day at noon.
func opened(t *testing.T, day string, rights ...cases.Right) (cases.Case, cases.Plan) {
	t.Helper()
	term := brussels(t)
	received, err := cases.ParseDate(day)
	if err != nil {
		t.Fatal(err)
	}
	d := term.DatesOn(received)
	at := received.In(term.Zone).Add(12 * time.Hour)
	return cases.Case{Reference: cases.Reference{Prefix: "GDN", Year: 2026, Number: 7}, Status: cases.Open, Rights: rights,
		Received: at, Opened: at, Due: d.Due, Latest: d.Latest}, cases.DefaultPlan(term)
}

func keysOn(t *testing.T, p cases.Plan, c cases.Case, day string) []string {
	t.Helper()
	d, err := cases.ParseDate(day)
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, task := range p.Tasks(c, d) {
		keys = append(keys, task.Key)
	}
	return keys
}

func TestThePlanOfACase(t *testing.T) {
	plain := func(*cases.Case) {}
	tests := []struct {
		why    string
		change func(*cases.Case)
		day    string
		want   []string
	}{
		{"nothing in the first weeks", plain, "2026-12-08", nil},
		{"fourteen days before", plain, "2026-12-09", []string{"due:GDN-2026-0007:14"}},
		{"it stays in force", plain, "2026-12-10", []string{"due:GDN-2026-0007:14"}},
		{"D-10 is a Sunday: Friday before", plain, "2026-12-11", []string{"due:GDN-2026-0007:14", "extend:GDN-2026-0007"}},
		{"a week before", plain, "2026-12-16", []string{"due:GDN-2026-0007:7", "extend:GDN-2026-0007"}},
		{"D-3 is a Sunday: Friday before", plain, "2026-12-18", []string{"due:GDN-2026-0007:3", "extend:GDN-2026-0007"}},
		{"the day before", plain, "2026-12-22", []string{"due:GDN-2026-0007:1", "extend:GDN-2026-0007"}},
		{"the day", plain, "2026-12-23", []string{"due:GDN-2026-0007:0", "extend:GDN-2026-0007"}},
		{"a day late", plain, "2026-12-24", []string{"late:GDN-2026-0007:2026-12-24"}},
		{"not at Christmas", plain, "2026-12-25", nil},
		{"once extended, the other date counts", func(c *cases.Case) { c.Extended = c.Latest }, "2026-12-24", nil},
		{"with keys of its own", func(c *cases.Case) { c.Extended = c.Latest }, "2027-02-16", []string{"due:GDN-2026-0007:7:2027-02-23"}},
		{"answered: nothing to extend", func(c *cases.Case) { c.FirstReply = c.Opened }, "2026-12-16", []string{"due:GDN-2026-0007:7"}},
		{"closed: nothing", func(c *cases.Case) { c.Status = cases.Closed }, "2026-12-23", nil},
		{"triage waits a working day", func(c *cases.Case) { c.Status = cases.Triage }, "2026-11-24", []string{"confirm:GDN-2026-0007"}},
		{"and two", func(c *cases.Case) { c.Status = cases.Triage }, "2026-11-25", []string{"confirm:GDN-2026-0007:2"}},
		{"nobody acknowledged", func(c *cases.Case) { c.Hold = "B13" }, "2026-11-24", []string{"held:GDN-2026-0007"}},
		{"consent taken back", func(c *cases.Case) { c.Rights = []cases.Right{cases.ConsentWithdrawal} }, "2026-11-25", []string{"promptly:GDN-2026-0007"}},
		{"marketing objected to", func(c *cases.Case) { c.Rights, c.Marketing = []cases.Right{cases.Objection}, true }, "2026-11-25", []string{"promptly:GDN-2026-0007"}},
		{"another objection may be weighed", func(c *cases.Case) { c.Rights = []cases.Right{cases.Objection} }, "2026-11-25", nil},
		{"a copy that was looked at", func(c *cases.Case) { c.Copy, c.Identity = cases.CopyHeld, cases.IdentityVerified }, "2026-11-30", []string{"copy:GDN-2026-0007"}},
		{"a copy yet to be looked at", func(c *cases.Case) { c.Copy, c.Identity = cases.CopyHeld, cases.IdentityCandidate }, "2026-11-30", nil},
		{"a copy left in a closed case", func(c *cases.Case) { c.Copy, c.Status, c.Closed = cases.CopyHeld, cases.Closed, c.Opened }, "2026-11-30", []string{"copy:GDN-2026-0007"}},
	}
	for _, tt := range tests {
		c, p := opened(t, "2026-11-23", cases.Erasure) // due on Wednesday 23 December
		tt.change(&c)
		if got := keysOn(t, p, c, tt.day); !slices.Equal(got, tt.want) {
			t.Errorf("%s, on %s: %q, want %q", tt.why, tt.day, got, tt.want)
		}
	}
}

func TestWhoStandsInIsToldWhenNobodyActs(t *testing.T) {
	c, p := opened(t, "2026-11-23", cases.Erasure)
	backup := func(day string) bool {
		d, _ := cases.ParseDate(day)
		return slices.ContainsFunc(p.Tasks(c, d), func(t cases.Task) bool { return t.Backup })
	}
	if backup("2026-12-16") || !backup("2026-12-18") || !backup("2026-12-24") {
		t.Error("those who stand in are told from three days before")
	}
	c.FirstReply = c.Opened
	if backup("2026-12-24") {
		t.Error("somebody has acted")
	}
}

func TestTheAgendaBeginsWithWhatIsLate(t *testing.T) {
	late, p := opened(t, "2026-10-01", cases.Access)
	soon, _ := opened(t, "2026-11-05", cases.Access)
	triage, _ := opened(t, "2026-11-20")
	triage.Status = cases.Triage
	replied, _ := opened(t, "2026-11-10", cases.Access)
	replied.FirstReply = replied.Opened
	missing, _ := opened(t, "2026-11-21", cases.Access)
	missing.Identity = cases.IdentityMissing
	other, _ := opened(t, "2026-11-21", cases.Objection)
	day := cases.Date{Year: 2026, Month: 11, Day: 23}
	var got []cases.Section
	for _, item := range p.Agenda([]cases.Case{other, replied, missing, triage, soon, late}, day).Items {
		got = append(got, item.Section)
	}
	want := []cases.Section{cases.SectionLate, cases.SectionSoon, cases.SectionConfirm, cases.SectionIdentity, cases.SectionReplied, cases.SectionOther}
	if !slices.Equal(got, want) {
		t.Errorf("sections %v", got)
	}
}

func TestAPauseMakesAnArguableDate(t *testing.T) {
	c, _ := opened(t, "2026-11-23", cases.Access)
	term := brussels(t)
	if d, _ := term.Arguable(c, c.Due); !d.IsZero() {
		t.Errorf("without a pause: %s", d)
	}
	c.Pauses = []cases.Pause{{From: cases.Date{Year: 2026, Month: 11, Day: 24}, To: cases.Date{Year: 2026, Month: 12, Day: 3}}}
	got, why := term.Arguable(c, c.Due)
	if want := (cases.Date{Year: 2027, Month: 1, Day: 4}); got != want || len(why) < 4 {
		t.Errorf("arguable on %s, want %s: %q", got, want, why)
	}
	if c.LastDay() != c.Due {
		t.Error("a pause moved the last day")
	}
}
