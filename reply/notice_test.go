package reply_test

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"pgregory.net/rapid"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/reply"
	"guichetdunumerique.be/guichet/templates"
)

// staffComposer writes to staff in a language.
func staffComposer(t testing.TB, lang string, random io.Reader) *reply.Composer {
	t.Helper()
	letters, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation("Europe/Brussels")
	if err != nil {
		t.Fatal(err)
	}
	return reply.NewComposer(reply.Config{Name: "Guichet du Numérique", Address: "info@guichetdunumerique.be", Letters: letters,
		StaffLanguage: lang, Zone: zone, Random: random})
}

var (
	morning = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	inbox   = reply.Place{Folder: "INBOX", Received: time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC)} // the 23rd in Brussels
)

// openCase is a case as the desk opens it, changed by the test.
func openCase(number int, change func(k *cases.Case)) cases.Case {
	k := cases.Case{
		Reference: cases.Reference{Prefix: "GDN", Year: 2026, Number: number}, Status: cases.Open, Identity: cases.IdentityMissing,
		Requester: cases.Requester{Address: "jan@post.example", Name: "Jan Peeters"}, Language: "nl",
		Rights:   []cases.Right{cases.Access, cases.Erasure},
		Received: time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC), Due: cases.Date{Year: 2026, Month: 12, Day: 23},
		Latest: cases.Date{Year: 2027, Month: 2, Day: 23},
	}
	if change != nil {
		change(&k)
	}
	return k
}

func notice(why reply.NoticeReason, change func(k *cases.Case)) reply.Notice {
	n := reply.Notice{Case: openCase(7, change), Why: why, Place: inbox, To: "anne@guichetdunumerique.be",
		ParentID: "request.1@post.example", ParentReferences: []string{"first@post.example"}, Sequence: 3, Now: morning}
	if why == reply.NoticeOpened || why == reply.NoticeTriage {
		n.Rules = []string{"nl.access.right", "nl.erasure.data"}
	}
	return n
}

// notices are one of each kind, as they come about.
func notices() []reply.Notice {
	return []reply.Notice{
		notice(reply.NoticeOpened, func(k *cases.Case) { k.Identity = cases.IdentityCandidate; k.Copy = cases.CopyHeld }),
		notice(reply.NoticeTriage, func(k *cases.Case) {
			k.Status, k.Rights, k.Hold = cases.Triage, nil, "to be confirmed by a person; B11 sender not authenticated; B99 a rule to come"
		}),
		notice(reply.NoticeMessage, func(k *cases.Case) { k.Flags = []cases.Flag{cases.Complaint, cases.Representative} }),
		notice(reply.NoticeClosed, func(k *cases.Case) { k.Status, k.Outcome = cases.Closed, cases.Fulfilled }),
		notice(reply.NoticeTakenBack, func(k *cases.Case) { k.Flags = []cases.Flag{cases.TakenBack} }),
		notice(reply.NoticeProof, func(k *cases.Case) { k.Identity = cases.IdentityCandidate; k.Copy = cases.CopyHeld }),
		notice(reply.NoticeDeclined, func(k *cases.Case) { k.Identity = cases.IdentityRefused }),
		notice(reply.NoticeForeign, nil),
		notice(reply.NoticeBounced, func(k *cases.Case) { k.Flags = []cases.Flag{cases.Undeliverable} }),
		notice(reply.NoticeChanged, func(k *cases.Case) { k.Extended = k.Latest }),
		notice(reply.NoticeRejected, nil),
	}
}

// mixed is a mail with an attachment as its reader sees it.
type mixed struct {
	header     netmail.Header
	text, html string
	attached   *multipart.Part
	calendar   []byte
}

// open reads a mail to staff, with its calendar entry or without.
func open(t testing.TB, m reply.Mail) mixed {
	t.Helper()
	raw, err := m.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	msg, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	out := mixed{header: msg.Header}
	kind, params, err := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	body := io.Reader(msg.Body)
	if len(m.Calendar) > 0 {
		if kind != "multipart/mixed" {
			t.Fatalf("Content-Type %q", kind)
		}
		outer := multipart.NewReader(msg.Body, params["boundary"])
		first, err := outer.NextPart()
		if err != nil {
			t.Fatal(err)
		}
		kind, params, _ = mime.ParseMediaType(first.Header.Get("Content-Type"))
		b, err := io.ReadAll(first)
		if err != nil {
			t.Fatal(err)
		}
		body = bytes.NewReader(b)
		if out.attached, err = outer.NextPart(); err != nil {
			t.Fatal(err)
		}
		if out.calendar, err = io.ReadAll(base64.NewDecoder(base64.StdEncoding, out.attached)); err != nil {
			t.Fatal(err)
		}
		if _, err := outer.NextPart(); err != io.EOF {
			t.Errorf("a third part, or no end: %v", err)
		}
	}
	if kind != "multipart/alternative" {
		t.Fatalf("Content-Type %q", kind)
	}
	inner := multipart.NewReader(body, params["boundary"])
	for _, into := range []*string{&out.text, &out.html} {
		part, err := inner.NextPart() // decodes quoted-printable
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(part)
		if err != nil {
			t.Fatal(err)
		}
		*into = strings.ReplaceAll(string(b), "\r\n", "\n")
	}
	if _, err := inner.NextPart(); err != io.EOF {
		t.Errorf("a third alternative, or no end: %v", err)
	}
	return out
}

func (m mixed) readable(t *testing.T) string {
	t.Helper()
	return readable(t, parsed{header: m.header, text: m.text})
}

func TestNoticesReadAsReviewed(t *testing.T) {
	for _, lang := range templates.Languages() {
		c := staffComposer(t, lang, sevens{})
		for _, n := range notices() {
			m, err := c.Notice(n)
			if err != nil {
				t.Fatal(err)
			}
			got := open(t, m)
			name := lang + "/notice-" + strings.ReplaceAll(string(n.Why), "_", "-")
			golden(t, name+".txt", got.readable(t))
			if n.Why == reply.NoticeOpened {
				golden(t, name+".html", got.html)
			}
		}
	}
}

func TestEveryFieldOfANotice(t *testing.T) {
	m, err := staffComposer(t, "fr", sevens{}).Notice(notice(reply.NoticeOpened, nil))
	if err != nil {
		t.Fatal(err)
	}
	got := open(t, m)
	for field, want := range map[string]string{
		"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All", "To": "<anne@guichetdunumerique.be>",
		"Subject":     "GDN-2026-0007 – nouvelle demande – répondre pour le 23 décembre 2026",
		"In-Reply-To": "<request.1@post.example>", "References": "<first@post.example> <request.1@post.example>",
		"Message-Id": "<notice.a4dqobyha4dqobyha4dqobyha4dqobyh@guichetdunumerique.be>", "Content-Language": "fr", "X-Case-Ref": "GDN-2026-0007",
	} {
		if got := decoded(t, got.header.Get(field)); got != want {
			t.Errorf("%s: %q, want %q", field, got, want)
		}
	}
	if got := got.attached.Header.Get("Content-Type"); got != `text/calendar; charset=UTF-8; method=PUBLISH; name="GDN-2026-0007.ics"` {
		t.Errorf("attached as %q", got)
	}
	if got.attached.FileName() != "GDN-2026-0007.ics" || !bytes.Equal(got.calendar, m.Calendar) {
		t.Errorf("attached %q:\n%s", got.attached.FileName(), got.calendar)
	}
}

func TestTheWordsToAnswerWithFitTheCase(t *testing.T) {
	c := staffComposer(t, "en", sevens{})
	for _, w := range []struct {
		why          string
		n            reply.Notice
		want, wanted string // "" for none
	}{
		{"a candidate is to be looked at", notice(reply.NoticeOpened, func(k *cases.Case) { k.Identity = cases.IdentityCandidate }), "identity ok", ""},
		{"nothing to look at", notice(reply.NoticeOpened, nil), "extend: reason", "identity ok"},
		{"an extension happens once", notice(reply.NoticeChanged, func(k *cases.Case) { k.Extended = k.Latest }), "close", "extend: reason"},
		{"a pause can end", notice(reply.NoticeChanged, func(k *cases.Case) { k.Pauses = []cases.Pause{{From: k.Due}} }), "resume", ""},
		{"a pause that ended cannot", notice(reply.NoticeChanged, func(k *cases.Case) { k.Pauses = []cases.Pause{{From: k.Due, To: k.Due}} }), "close", "resume"},
		{"triage is confirmed", notice(reply.NoticeMessage, func(k *cases.Case) { k.Status = cases.Triage }), "not a request", "close"},
		{"a closed case is not closed", notice(reply.NoticeChanged, func(k *cases.Case) { k.Status = cases.Closed }), "note: text", "close"},
	} {
		m, err := c.Notice(w.n)
		if err != nil {
			t.Fatal(err)
		}
		words := regexp.MustCompile(`(?m)^- (.+?) – `).FindAllStringSubmatch(m.Text, -1)
		var got []string
		for _, found := range words {
			got = append(got, found[1])
		}
		if !slices.Contains(got, w.want) || w.wanted != "" && slices.Contains(got, w.wanted) || len(got) < 2 || len(got) > 5 {
			t.Errorf("%s: %q", w.why, got)
		}
	}
}

// person is data that must be in the text of a mail to staff and in no field but where it is a thread's.
func person(k *cases.Case) {
	k.Requester = cases.Requester{Name: "Canary Zwartkop", Address: "canary@canary.example"}
}

func TestNoSubjectNamesAPerson(t *testing.T) {
	for _, lang := range templates.Languages() {
		c := staffComposer(t, lang, nil)
		var mails []reply.Mail
		add := func(m reply.Mail, err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(strings.Join(strings.Fields(m.Text), " "), "Canary Zwartkop <canary@canary.example>") {
				t.Errorf("%s: the mail does not name the requester:\n%s", lang, m.Text)
			}
			mails = append(mails, m)
		}
		for _, n := range notices() {
			person(&n.Case)
			add(c.Notice(n))
		}
		for _, r := range reminders() {
			person(&r.Case)
			add(c.Remind(r))
		}
		d := digest()
		for i := range d.Agenda.Items {
			person(&d.Agenda.Items[i].Case)
		}
		add(c.Digest(d))
		for _, m := range mails {
			got := open(t, m)
			all := strings.ToLower(decoded(t, got.header.Get("Subject")) + decoded(t, got.header.Get("From")) + string(got.calendar))
			if strings.Contains(all, "canary") || strings.Contains(all, "zwartkop") {
				t.Errorf("%s: %s", lang, all)
			}
			if at := strings.Index(got.html, "<title>"); strings.Contains(got.html[at:at+200], "Canary") {
				t.Errorf("%s: the title of the page names the requester", lang)
			}
		}
	}
}

func TestNothingAStrangerWroteIsMoreThanText(t *testing.T) {
	c := staffComposer(t, "fr", nil)
	tags := regexp.MustCompile(`<[a-zA-Z/][^>]*>`)
	plain, err := c.Notice(notice(reply.NoticeOpened, nil))
	if err != nil {
		t.Fatal(err)
	}
	want := tags.FindAllString(plain.HTML, -1)
	evil := rapid.OneOf(hostile(), rapid.SampledFrom([]string{
		"<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "{{.Desk}}", "a\u202Egpj.exe", "\u200Bx\u2066y\u2069", "</td></table>", "&lt;b&gt;",
		"Jan\r\nGDN-2026-0001 clôturer", "- clôturer", strings.Repeat("Z\u0301", 300), "x\u00ADy", "\uFEFFx", "\U000E0041",
	}))
	rapid.Check(t, func(t *rapid.T) {
		n := notice(reply.NoticeOpened, func(k *cases.Case) {
			k.Requester = cases.Requester{Name: evil.Draw(t, "name"), Address: "x" + evil.Draw(t, "address")}
		})
		n.Place.Folder, n.Rules[0] = "x"+evil.Draw(t, "folder"), evil.Draw(t, "rule")
		m, err := c.Notice(n)
		if err != nil {
			t.Fatal(err)
		}
		if got := tags.FindAllString(m.HTML, -1); !slices.Equal(got, want) {
			t.Fatalf("the page has other tags: %q", got)
		}
		if m.Subject != plain.Subject || !bytes.Equal(m.Calendar, plain.Calendar) {
			t.Fatalf("the subject is %q", m.Subject)
		}
		for _, r := range m.Text + m.HTML {
			if r != '\n' && unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
				t.Fatalf("%U in\n%s", r, m.Text)
			}
		}
		if len(m.Text) > 6000 || strings.Count(m.Text, "\n") > 60 {
			t.Fatalf("%d bytes, %d lines", len(m.Text), strings.Count(m.Text, "\n"))
		}
		if _, err := m.Bytes(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestAnAddressOfADeletedPersonIsSaidToBeDeleted(t *testing.T) {
	m, err := staffComposer(t, "en", sevens{}).Notice(notice(reply.NoticeChanged, func(k *cases.Case) { k.Requester = cases.Requester{} }))
	if err != nil || !strings.Contains(m.Text, "Requester: erased from the case") {
		t.Errorf("%v\n%s", err, m.Text)
	}
}

func TestMailsToStaffWithoutACaseOrADateAreErrors(t *testing.T) {
	c := staffComposer(t, "en", sevens{})
	for why, compose := range map[string]func() (reply.Mail, error){
		"a notice without a case":   func() (reply.Mail, error) { return c.Notice(reply.Notice{Now: morning}) },
		"a reminder without a case": func() (reply.Mail, error) { return c.Remind(reply.Reminder{Now: morning}) },
		"a reminder without a date": func() (reply.Mail, error) { return c.Remind(reply.Reminder{Case: openCase(7, nil), Now: morning}) },
		"a digest of no day":        func() (reply.Mail, error) { return c.Digest(reply.Digest{Now: morning}) },
	} {
		if _, err := compose(); err == nil {
			t.Errorf("%s was composed", why)
		}
	}
}
