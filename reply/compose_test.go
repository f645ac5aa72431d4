package reply_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/reply"
	"guichetdunumerique.be/guichet/templates"
)

var update = flag.Bool("update", false, "write the golden files anew")

// sevens is randomness that repeats itself.
type sevens struct{}

func (sevens) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 7
	}
	return len(p), nil
}

// loaded are the letters, read once for all tests.
var loaded = sync.OnceValues(func() (*templates.Set, error) { return templates.Load(nil) })

func newComposer(t *testing.T, random io.Reader) *reply.Composer {
	t.Helper()
	letters, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation("Europe/Brussels")
	if err != nil {
		t.Fatal(err)
	}
	return reply.NewComposer(reply.Config{
		Name: "Guichet du Numérique", Address: "info@guichetdunumerique.be", Bounce: "info+retour@guichetdunumerique.be",
		PolicyURL: "https://guichetdunumerique.be/vie-privee", Letters: letters, StaffLanguage: "fr", Zone: zone, Random: random,
	})
}

// request is an acknowledgement as the desk asks for it. The instant of receipt is the next day in Brussels.
func request(lang string, identity cases.Identity, rights ...cases.Right) reply.Acknowledgement {
	return reply.Acknowledgement{
		Case: cases.Case{
			Reference: cases.Reference{Prefix: "GDN", Year: 2026, Number: 7}, Status: cases.Open, Identity: identity,
			Requester: cases.Requester{Address: "jan@post.example", Name: "Jan Canary Peeters"}, Language: lang, Rights: rights,
			Received: time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC), Due: cases.Date{Year: 2026, Month: 12, Day: 23},
		},
		ParentID: "request.1@post.example", ParentReferences: []string{"first@post.example"}, IdentityAsked: true,
		Now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC),
	}
}

// parsed is a mail as its reader sees it.
type parsed struct {
	header     netmail.Header
	text, html string
}

func parse(t *testing.T, m reply.Mail) parsed {
	t.Helper()
	raw, err := m.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	msg, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	kind, params, err := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("Content-Type %q: %v", kind, err)
	}
	p := parsed{header: msg.Header}
	parts := multipart.NewReader(msg.Body, params["boundary"])
	for _, want := range []struct {
		kind string
		into *string
	}{{"text/plain; charset=UTF-8", &p.text}, {"text/html; charset=UTF-8", &p.html}} {
		part, err := parts.NextRawPart()
		if err != nil {
			t.Fatal(err)
		}
		if got := part.Header.Get("Content-Type"); got != want.kind {
			t.Errorf("part of type %q, want %q", got, want.kind)
		}
		if got := part.Header.Get("Content-Transfer-Encoding"); got != "quoted-printable" {
			t.Errorf("part encoded as %q", got)
		}
		content, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		*want.into = strings.ReplaceAll(string(content), "\r\n", "\n")
	}
	if _, err := parts.NextPart(); !errors.Is(err, io.EOF) {
		t.Error("the mail has a third part")
	}
	return p
}

func decoded(t *testing.T, field string) string {
	t.Helper()
	s, err := new(mime.WordDecoder).DecodeHeader(field)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// golden compares with a file of testdata, or writes it with -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs; read it as prose, then run with -update\n%s", path, diff)
	}
}

// readable is a mail for reading: the fields a client program shows, and the text.
func readable(t *testing.T, p parsed) string {
	t.Helper()
	var b strings.Builder
	for _, field := range []string{"From", "To", "Subject", "Date"} {
		fmt.Fprintf(&b, "%s: %s\n", field, decoded(t, p.header.Get(field)))
	}
	return b.String() + "\n" + p.text
}

func TestLettersReadAsReviewed(t *testing.T) {
	c := newComposer(t, sevens{})
	for _, lang := range templates.Languages() {
		for _, l := range []struct {
			name     string
			identity cases.Identity
			rights   []cases.Right
		}{
			{"one-right-identity-missing", cases.IdentityMissing, []cases.Right{cases.Erasure}},
			{"all-rights-identity-candidate", cases.IdentityCandidate, cases.Rights()},
			{"access-and-erasure-identity-announced", cases.IdentityAnnounced, []cases.Right{cases.Access, cases.Erasure}},
			{"one-right-identity-signed", cases.IdentitySigned, []cases.Right{cases.Portability}},
			{"one-right-identity-not-needed", cases.IdentityNotNeeded, []cases.Right{cases.ConsentWithdrawal}},
			{"right-not-clear", cases.IdentityNotNeeded, nil},
		} {
			m, err := c.Acknowledge(request(lang, l.identity, l.rights...))
			if err != nil {
				t.Fatal(err)
			}
			p := parse(t, m)
			golden(t, lang+"/"+l.name+".txt", readable(t, p))
			if l.name == "access-and-erasure-identity-announced" {
				golden(t, lang+"/"+l.name+".html", p.html)
			}
		}
	}
}

func TestAlertsReadAsReviewed(t *testing.T) {
	letters, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range templates.Languages() {
		c := reply.NewComposer(reply.Config{Name: "Guichet du Numérique", Address: "info@guichetdunumerique.be", Letters: letters,
			StaffLanguage: lang, Random: sevens{}})
		for _, kind := range []reply.AlertKind{reply.AlertNotSent, reply.AlertGaveUp, reply.AlertUnknown, reply.AlertRate, reply.AlertUnreadable} {
			a := reply.Alert{Kind: kind, Case: "GDN-2026-0007", To: "anne@guichetdunumerique.be", Now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}
			if kind == reply.AlertRate {
				a.Case = ""
			}
			m, err := c.Alert(a)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, lang+"/alert-"+strings.ReplaceAll(string(kind), "_", "-")+".txt", readable(t, parse(t, m)))
		}
	}
}

// TestEveryFieldOfAnAcknowledgement follows RFC 3834 section 3.1, which names the fields of a response.
func TestEveryFieldOfAnAcknowledgement(t *testing.T) {
	m, err := newComposer(t, sevens{}).Acknowledge(request("fr", cases.IdentityMissing, cases.Access))
	if err != nil {
		t.Fatal(err)
	}
	header := parse(t, m).header
	want := map[string]string{
		"Auto-Submitted":           "auto-replied",
		"From":                     `"Guichet du Numérique (réponse automatique)" <info@guichetdunumerique.be>`,
		"To":                       "<jan@post.example>",
		"Date":                     "Mon, 23 Nov 2026 09:00:00 +0000",
		"Subject":                  "Auto: GDN-2026-0007 – accusé de réception",
		"In-Reply-To":              "<request.1@post.example>",
		"References":               "<first@post.example> <request.1@post.example>",
		"Message-Id":               "<ack.a4dqobyha4dqobyha4dqobyha4dqobyh@guichetdunumerique.be>",
		"X-Auto-Response-Suppress": "OOF, AutoReply, RN, NRN",
		"Content-Language":         "fr",
		"X-Case-Ref":               "GDN-2026-0007",
		"Mime-Version":             "1.0",
	}
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
	delete(got, "Content-Type") // looked at by parse
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if m.EnvelopeFrom != "info+retour@guichetdunumerique.be" {
		t.Errorf("bounces go to %q", m.EnvelopeFrom)
	}
}

func TestTheSenderNameIsInTheLanguageOfTheLetter(t *testing.T) {
	c := newComposer(t, sevens{})
	for lang, want := range map[string]string{"fr": "(réponse automatique)", "nl": "(automatisch antwoord)", "de": "(automatische Antwort)",
		"en": "(automatic reply)", "it": "(réponse automatique)"} {
		m, err := c.Acknowledge(request(lang, cases.IdentityMissing, cases.Access))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(m.FromName, want) {
			t.Errorf("%s: %q", lang, m.FromName)
		}
	}
}

func TestAnAlertIsGeneratedAndWantsNoAnswerOfAnyMachine(t *testing.T) {
	m, err := newComposer(t, sevens{}).Alert(reply.Alert{Kind: reply.AlertUnknown, Case: "GDN-2026-0007", To: "anne@guichetdunumerique.be",
		Now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatal(err)
	}
	h := parse(t, m).header
	if h.Get("Auto-Submitted") != "auto-generated" || h.Get("X-Auto-Response-Suppress") != "All" || !strings.HasPrefix(m.MessageID, "alert.") ||
		!strings.Contains(decoded(t, h.Get("Subject")), "GDN-2026-0007") {
		t.Errorf("got %v", h)
	}
}

func TestIdentityIsSpokenOfOnlyWhereTheLetterMust(t *testing.T) {
	c := newComposer(t, sevens{})
	for _, l := range []struct {
		why      string
		identity cases.Identity
		asked    bool
		want     string // words of the paragraph, "" for no paragraph
	}{
		{"no proof was seen", cases.IdentityMissing, true, "aucune preuve d’identité n’a été repérée"},
		{"announced, not there", cases.IdentityAnnounced, true, "annonce une pièce jointe que nous n’avons pas trouvée"},
		{"an attachment came", cases.IdentityCandidate, true, "Une pièce jointe a été reçue. Elle sera examinée par une personne"},
		{"a signature came", cases.IdentitySigned, true, "signature électronique"},
		{"not needed", cases.IdentityNotNeeded, true, ""},
		{"declined: a person decides", cases.IdentityRefused, true, ""},
		{"verified by a person", cases.IdentityVerified, true, ""},
		{"the policy does not ask", cases.IdentityMissing, false, ""},
	} {
		a := request("fr", l.identity, cases.Access)
		a.IdentityAsked = l.asked
		m, err := c.Acknowledge(a)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.Join(strings.Fields(m.Text), " ")
		if l.want == "" && strings.Contains(text, "identité") || !strings.Contains(text, l.want) {
			t.Errorf("%s: %s", l.why, m.Text)
		}
	}
}

func TestMessageIDsAreNeverTheSame(t *testing.T) {
	c := newComposer(t, nil)
	seen := map[string]bool{}
	for range 100 {
		m, err := c.Acknowledge(request("nl", cases.IdentityMissing, cases.Access))
		if err != nil {
			t.Fatal(err)
		}
		seen[m.MessageID] = true
	}
	if len(seen) != 100 {
		t.Errorf("%d ids for 100 mails", len(seen))
	}
}

func TestWithoutRandomnessThereIsNoMail(t *testing.T) {
	if _, err := newComposer(t, strings.NewReader("short")).Acknowledge(request("nl", cases.IdentityMissing, cases.Access)); err == nil {
		t.Error("a Message-ID was made of five bytes")
	}
}

func TestACaseWithoutDatesIsNotAcknowledged(t *testing.T) {
	a := request("nl", cases.IdentityMissing, cases.Access)
	a.Case.Due = cases.Date{}
	if _, err := newComposer(t, sevens{}).Acknowledge(a); err == nil {
		t.Error("a letter was written that names no date")
	}
}

// TestNothingOfTheSenderIsRepeated puts a word wherever a case or a request holds the sender's, and looks
// for it beside the recipient and the thread.
func TestNothingOfTheSenderIsRepeated(t *testing.T) {
	a := request("fr", cases.IdentityMissing, cases.Access)
	a.Case.Requester = cases.Requester{Address: "canary@canary.example", Name: "Canary"}
	a.Case.Hold, a.Case.Related, a.Case.DueWhy = "canary", "canary", []string{"canary"}
	a.ParentID, a.ParentReferences = "canary.1@canary.example", []string{"canary.0@canary.example", "canary"}
	m, err := newComposer(t, sevens{}).Acknowledge(a)
	if err != nil {
		t.Fatal(err)
	}
	p := parse(t, m)
	for _, field := range []string{"To", "In-Reply-To", "References"} {
		delete(p.header, field)
	}
	if all := fmt.Sprint(p); strings.Contains(strings.ToLower(all), "canary") {
		t.Errorf("the sender's words went out again: %s", all)
	}
}

func TestALetterPromisesNothingAndConfirmsNothing(t *testing.T) {
	c := newComposer(t, sevens{})
	forbidden := regexp.MustCompile(`(?i)nous (détenons|effacerons)|vos données seront|wij bewaren uw gegevens|uw gegevens worden (gewist|verwijderd)|Ihre Daten werden gelöscht|we hold|will be erased`)
	for _, lang := range templates.Languages() {
		m, err := c.Acknowledge(request(lang, cases.IdentityMissing, cases.Rights()...))
		if err != nil {
			t.Fatal(err)
		}
		if found := forbidden.FindString(m.Text); found != "" {
			t.Errorf("%s: %q", lang, found)
		}
		if strings.Contains(m.Text, "Peeters") || strings.Contains(m.Text, "@post.example") {
			t.Errorf("%s: the letter names the person", lang)
		}
	}
}
