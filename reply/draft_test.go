package reply_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/reply"
	"guichetdunumerique.be/guichet/templates"
)

// toFinish is a draft as the desk asks for it.
func toFinish(kind cases.DraftKind, lang string, rights ...cases.Right) reply.Draft {
	a := request(lang, cases.IdentityMissing, rights...)
	a.Case.Latest = cases.Date{Year: 2027, Month: 2, Day: 23}
	return reply.Draft{
		Case: a.Case, Kind: kind, ParentID: a.ParentID, ParentReferences: a.ParentReferences,
		Now: time.Date(2026, 12, 11, 9, 0, 0, 0, time.UTC),
	}
}

func TestDraftsReadAsReviewed(t *testing.T) {
	c := newComposer(t, sevens{})
	for _, lang := range templates.Languages() {
		for _, l := range []struct {
			name   string
			kind   cases.DraftKind
			rights []cases.Right
			change func(*reply.Draft)
		}{
			{"answer-all-rights", cases.DraftAnswer, cases.Rights(), nil},
			{"answer-marketing", cases.DraftAnswer, []cases.Right{cases.Objection}, stopMarketing},
			{"answer-access-identity-verified", cases.DraftAnswer, []cases.Right{cases.Access},
				func(d *reply.Draft) { d.Case.Identity = cases.IdentityVerified }},
			{"answer-consent", cases.DraftAnswer, []cases.Right{cases.ConsentWithdrawal}, nil},
			{"answer-right-not-clear", cases.DraftAnswer, nil, nil},
			{"identity", cases.DraftIdentity, []cases.Right{cases.Access}, nil},
			{"identity-with-marketing", cases.DraftIdentity, []cases.Right{cases.Access, cases.Objection}, stopMarketing},
			{"identity-declined", cases.DraftIdentity, []cases.Right{cases.Erasure},
				func(d *reply.Draft) { d.Case.Identity = cases.IdentityRefused }},
			{"identity-never-for-consent", cases.DraftIdentity, []cases.Right{cases.ConsentWithdrawal}, nil},
			{"extension", cases.DraftExtension, []cases.Right{cases.Access}, nil},
			{"extension-with-reason-and-marketing", cases.DraftExtension, []cases.Right{cases.Access, cases.Objection},
				func(d *reply.Draft) { stopMarketing(d); d.Reason = "14.000 mails, 3 systemen" }},
			{"extension-too-late", cases.DraftExtension, []cases.Right{cases.Access},
				func(d *reply.Draft) { d.Now = d.Now.AddDate(0, 0, 30) }},
			{"refusal-all-rights", cases.DraftRefusal, cases.Rights(), nil},
			{"refusal-with-reason", cases.DraftRefusal, []cases.Right{cases.Erasure},
				func(d *reply.Draft) { d.Reason = "RGPD 17(3)(b)" }},
			{"refusal-never-of-marketing", cases.DraftRefusal, []cases.Right{cases.Objection}, stopMarketing},
			{"refusal-with-marketing", cases.DraftRefusal, []cases.Right{cases.Erasure, cases.Objection}, stopMarketing},
			{"nothing", cases.DraftNothing, []cases.Right{cases.Access}, nil},
			{"nothing-marketing", cases.DraftNothing, []cases.Right{cases.Objection}, stopMarketing},
			{"closing", cases.DraftClosing, []cases.Right{cases.Rectification, cases.Restriction}, nil},
			{"closing-consent", cases.DraftClosing, []cases.Right{cases.ConsentWithdrawal}, nil},
		} {
			d := toFinish(l.kind, lang, l.rights...)
			if l.change != nil {
				l.change(&d)
			}
			m, err := c.Draft(d)
			if err != nil {
				t.Fatal(err)
			}
			p := parse(t, m)
			golden(t, lang+"/draft-"+l.name+".txt", readable(t, p))
			if l.name == "answer-all-rights" || l.name == "refusal-all-rights" {
				golden(t, lang+"/draft-"+l.name+".html", p.html)
			}
		}
	}
}

func stopMarketing(d *reply.Draft) { d.Case.Marketing = true }

func TestTheReminderOfIdentityReadsAsReviewed(t *testing.T) {
	c := newComposer(t, sevens{})
	for _, lang := range templates.Languages() {
		for _, identity := range []cases.Identity{cases.IdentityMissing, cases.IdentityAnnounced} {
			m, err := c.RemindIdentity(request(lang, identity, cases.Access))
			if err != nil {
				t.Fatal(err)
			}
			golden(t, lang+"/identity-reminder-"+string(identity)+".txt", readable(t, parse(t, m)))
		}
	}
}

// fieldsOf are the fields of a mail as they are read, but for the type of its body.
func fieldsOf(t *testing.T, m reply.Mail) map[string]string {
	t.Helper()
	header := parse(t, m).header
	got := map[string]string{}
	for name, values := range header {
		if len(values) != 1 {
			t.Errorf("%s stands there %d times", name, len(values))
		}
		got[name] = decoded(t, values[0])
	}
	from, err := netmail.ParseAddress(header.Get("From"))
	if err != nil {
		t.Fatal(err)
	}
	got["From"] = fmt.Sprintf("%q <%s>", from.Name, from.Address)
	delete(got, "Content-Type")
	return got
}

func TestEveryFieldOfADraft(t *testing.T) {
	m, err := newComposer(t, sevens{}).Draft(toFinish(cases.DraftAnswer, "nl", cases.Access))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"From":             `"Guichet du Numérique" <info@guichetdunumerique.be>`,
		"To":               "<jan@post.example>",
		"Date":             "Fri, 11 Dec 2026 09:00:00 +0000",
		"Subject":          "GDN-2026-0007 – antwoord op uw verzoek",
		"In-Reply-To":      "<request.1@post.example>",
		"References":       "<first@post.example> <request.1@post.example>",
		"Message-Id":       "<draft.a4dqobyha4dqobyha4dqobyha4dqobyh@guichetdunumerique.be>",
		"Content-Language": "nl",
		"X-Case-Ref":       "GDN-2026-0007",
		"Mime-Version":     "1.0",
	}
	if diff := cmp.Diff(want, fieldsOf(t, m)); diff != "" {
		t.Error(diff)
	}
}

func TestEveryFieldOfAReminderOfIdentity(t *testing.T) {
	m, err := newComposer(t, sevens{}).RemindIdentity(request("fr", cases.IdentityMissing, cases.Access))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"Auto-Submitted":           "auto-generated",
		"From":                     `"Guichet du Numérique (message automatique)" <info@guichetdunumerique.be>`,
		"To":                       "<jan@post.example>",
		"Date":                     "Mon, 23 Nov 2026 09:00:00 +0000",
		"Subject":                  "Auto: GDN-2026-0007 – preuve d’identité, un simple rappel",
		"In-Reply-To":              "<request.1@post.example>",
		"References":               "<first@post.example> <request.1@post.example>",
		"Message-Id":               "<identity.a4dqobyha4dqobyha4dqobyha4dqobyh@guichetdunumerique.be>",
		"X-Auto-Response-Suppress": "OOF, AutoReply, RN, NRN",
		"Content-Language":         "fr",
		"X-Case-Ref":               "GDN-2026-0007",
		"Mime-Version":             "1.0",
	}
	if diff := cmp.Diff(want, fieldsOf(t, m)); diff != "" {
		t.Error(diff)
	}
}

func TestADraftSurvivesBeingKept(t *testing.T) {
	c := newComposer(t, sevens{})
	for _, kind := range cases.DraftKinds() {
		m, err := c.Draft(toFinish(kind, "de", cases.Rights()...))
		if err != nil {
			t.Fatal(err)
		}
		payload, err := m.Encode()
		if err != nil {
			t.Fatal(err)
		}
		again, err := reply.Decode(payload)
		if err != nil {
			t.Fatal(err)
		}
		first, err := m.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		if second, err := again.Bytes(); err != nil || !bytes.Equal(first, second) {
			t.Errorf("%s: other bytes, %v", kind, err)
		}
	}
}

func TestADraftIsNeverSentByTheProgram(t *testing.T) {
	s, err := reply.NewSender(reply.SMTPConfig{Server: "localhost:1", Security: "none"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	m, err := newComposer(t, sevens{}).Draft(toFinish(cases.DraftClosing, "en", cases.Access))
	if err != nil {
		t.Fatal(err)
	}
	var failed *reply.SendError
	if err := s.Send(context.Background(), m); !errors.As(err, &failed) || failed.Kind != reply.Permanent || failed.Stage != "compose" {
		t.Errorf("got %v", err)
	}
	m.AutoSubmitted = "auto-replied"
	if _, err := m.Bytes(); err == nil {
		t.Error("a letter of a person says that it is automatic")
	}
}

func TestWhatAMachineSendsSaysSo(t *testing.T) {
	m, err := newComposer(t, sevens{}).RemindIdentity(request("fr", cases.IdentityMissing, cases.Access))
	if err != nil {
		t.Fatal(err)
	}
	m.AutoSubmitted = ""
	if _, err := m.Bytes(); err == nil {
		t.Error("an automatic mail was written that does not say so")
	}
}

// TestADraftRepeatsNothingOfTheSender does for drafts what TestNothingOfTheSenderIsRepeated does for the
// acknowledgement.
func TestADraftRepeatsNothingOfTheSender(t *testing.T) {
	c := newComposer(t, sevens{})
	var all []reply.Mail
	for _, kind := range cases.DraftKinds() {
		d := toFinish(kind, "fr", cases.Rights()...)
		d.Case.Requester = cases.Requester{Address: "canary@canary.example", Name: "Canary"}
		d.Case.Hold, d.Case.Related, d.Case.DueWhy = "canary", "canary", []string{"canary"}
		d.Case.Pauses = []cases.Pause{{Why: "canary"}}
		d.ParentID, d.ParentReferences = "canary.1@canary.example", []string{"canary.0@canary.example", "canary"}
		m, err := c.Draft(d)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, m)
	}
	a := request("fr", cases.IdentityAnnounced, cases.Access)
	a.Case.Requester = cases.Requester{Address: "canary@canary.example", Name: "Canary"}
	m, err := c.RemindIdentity(a)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range append(all, m) {
		p := parse(t, m)
		for _, field := range []string{"To", "In-Reply-To", "References"} {
			delete(p.header, field)
		}
		if out := fmt.Sprint(p); strings.Contains(strings.ToLower(out), "canary") {
			t.Errorf("the sender's words went out again: %s", out)
		}
	}
}

func TestTheLastDayIsTheOneInForce(t *testing.T) {
	c := newComposer(t, sevens{})
	for _, l := range []struct {
		why      string
		kind     cases.DraftKind
		extended cases.Date
		want     []string
	}{
		{"a question counts to the first month", cases.DraftIdentity, cases.Date{}, []string{"Wednesday 23 December 2026"}},
		{"or to the end of the extension", cases.DraftIdentity, cases.Date{Year: 2027, Month: 2, Day: 22}, []string{"Monday 22 February 2027"}},
		{"an extension names both", cases.DraftExtension, cases.Date{}, []string{"Wednesday 23 December 2026", "Tuesday 23 February 2027"}},
		{"and the day that staff set", cases.DraftExtension, cases.Date{Year: 2027, Month: 2, Day: 22}, []string{"Wednesday 23 December 2026", "Monday 22 February 2027"}},
	} {
		d := toFinish(l.kind, "en", cases.Access)
		d.Case.Extended = l.extended
		m, err := c.Draft(d)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range l.want {
			if !strings.Contains(strings.Join(strings.Fields(m.Text), " "), want) {
				t.Errorf("%s: %q is missing in\n%s", l.why, want, m.Text)
			}
		}
	}
	a := request("en", cases.IdentityMissing, cases.Access)
	a.Case.Extended = cases.Date{Year: 2027, Month: 2, Day: 22}
	m, err := c.RemindIdentity(a)
	if err != nil || !strings.Contains(m.Text, "Monday 22 February 2027") || strings.Contains(m.Text, "December") {
		t.Errorf("the reminder names another day: %v\n%s", err, m.Text)
	}
}

func TestWhatCannotBeDraftedIsAnError(t *testing.T) {
	c := newComposer(t, sevens{})
	for _, l := range []struct {
		why    string
		change func(*reply.Draft)
	}{
		{"a kind that does not exist", func(d *reply.Draft) { d.Kind = "farewell" }},
		{"the kind of another letter", func(d *reply.Draft) { d.Kind = "../acknowledgement" }},
		{"no reference", func(d *reply.Draft) { d.Case.Reference = cases.Reference{} }},
		{"no day of receipt", func(d *reply.Draft) { d.Case.Received = time.Time{} }},
		{"no last day", func(d *reply.Draft) { d.Case.Due = cases.Date{} }},
		{"no last day of an extension", func(d *reply.Draft) { d.Case.Latest = cases.Date{} }},
		{"the person was forgotten", func(d *reply.Draft) { d.Case.Requester = cases.Requester{} }},
	} {
		d := toFinish(cases.DraftAnswer, "fr", cases.Access)
		l.change(&d)
		if _, err := c.Draft(d); err == nil {
			t.Errorf("%s: a draft was written", l.why)
		}
	}
}

func TestNobodyIsRemindedWhoSentDeclinesOrNeedsNoProof(t *testing.T) {
	c := newComposer(t, sevens{})
	for _, identity := range []cases.Identity{cases.IdentityNotNeeded, cases.IdentityCandidate, cases.IdentitySigned, cases.IdentityVerified,
		cases.IdentityRefused} {
		if _, err := c.RemindIdentity(request("fr", identity, cases.Access)); err == nil {
			t.Errorf("%s: a reminder was written", identity)
		}
	}
	a := request("fr", cases.IdentityMissing, cases.Access)
	a.Case.Requester = cases.Requester{}
	if _, err := c.RemindIdentity(a); err == nil {
		t.Error("nobody was reminded by mail")
	}
}
