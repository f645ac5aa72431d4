package main

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/store"
)

// reportDesk is a desk with a past, for its register to be written.
type reportDesk struct {
	t   testing.TB
	dir string
}

func newReportDesk(t testing.TB) reportDesk {
	d := reportDesk{t, t.TempDir()}
	d.must(os.WriteFile(filepath.Join(d.dir, defaultConfig), []byte(`
[desk]
name = "Desk <of> Zoé & co"
address = "info@example.org"
[imap]
server = "mail.example.org"
username = "info"
[smtp]
server = "mail.example.org"
[staff]
addresses = ["dpo@example.org"]
`), 0o600))
	s, err := store.Open(t.Context(), store.Config{Path: filepath.Join(d.dir, "guichet.db"), Now: func() time.Time { return today },
		Log: newLogger(os.Stderr, logConfig{Level: "error"})})
	d.must(err)
	defer s.Close()
	d.must(s.Update(t.Context(), d.fill))
	return d
}

func (d reportDesk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// fill files the four sample cases and two that staff dismissed: one that the program took for a request, and one
// about which it had asked.
func (d reportDesk) fill(tx *store.Tx) error {
	list := sampleCases()
	for _, reason := range []string{"case", "triage"} {
		k := list[3]
		k.Outcome, k.Hold = cases.NotARequest, "B10 not addressed to us"
		k.Reference = cases.Reference{Prefix: reason}
		list = append(list, k)
	}
	for i, k := range list {
		reason := cmp.Or(k.Reference.Prefix, "case")
		k.Reference.Year = 2026
		if err := tx.CreateCase(&k, "GDN"); err != nil {
			return err
		}
		ref := k.Reference.String()
		err := tx.CreateEntry(&store.Entry{Folder: "INBOX", UIDValidity: 7, UID: uint32(i + 1), Fingerprint: ref, Received: k.Received,
			Fate: cases.FateCase, Reason: reason, Case: ref, Recorded: k.Opened})
		if err != nil {
			return err
		}
		events := []cases.Event{{Kind: cases.EventOpened, At: k.Opened}, {Kind: cases.EventAckQueued, At: k.Opened}, {Kind: cases.EventSent, At: k.Opened, Note: "ack"}}
		if k.Hold != "" {
			events = []cases.Event{{Kind: cases.EventOpened, At: k.Opened}, {Kind: cases.EventAckHeld, At: k.Opened, Note: k.Hold}}
		}
		if k.Status == cases.Closed {
			events = append(events, cases.Event{Kind: cases.EventClosed, At: k.Closed, By: "dpo@example.org", Note: string(k.Outcome) + ": called Zoé"})
		}
		for _, e := range events {
			e.Case, e.By = ref, cmp.Or(e.By, "guichet")
			if err := tx.AppendEvent(&e); err != nil {
				return err
			}
		}
	}
	return nil
}

// report runs the command.
func (d reportDesk) report(args ...string) string {
	d.t.Helper()
	var out, talk bytes.Buffer
	env := environment{stdout: &out, stderr: &talk, getenv: func(string) string { return "" }, now: func() time.Time { return today }}
	args = append([]string{"report", "-c", filepath.Join(d.dir, defaultConfig)}, args...)
	if code := run(d.t.Context(), env, args); code != exitDone || talk.Len() > 0 {
		d.t.Fatalf("%q ends with %d: %s", args, code, &talk)
	}
	return out.String()
}

func TestNoFormatNamesAnybody(t *testing.T) {
	d := newReportDesk(t)
	for _, format := range registerFormats {
		out := d.report("--format", format)
		if !strings.Contains(out, "GDN-2026-0006") {
			t.Errorf("%s does not show the last case", format)
		}
		for _, never := range []string{"zoe@", "Zoé Ørsted", "dpo@example.org", "called", "not addressed"} {
			if strings.Contains(out, never) {
				t.Errorf("%s holds %q", format, never)
			}
		}
	}
}

func TestTheFormatsTellTheSame(t *testing.T) {
	d := newReportDesk(t)
	var j struct {
		Desk, Year string
		Figures    figures
		Cases      []registerRow
	}
	d.must(json.Unmarshal([]byte(d.report("--format", "json")), &j))
	rows, err := csv.NewReader(strings.NewReader(d.report("--format", "csv"))).ReadAll()
	d.must(err)
	if len(rows) != 7 || len(j.Cases) != 6 || j.Year != "2026" || j.Desk != "info@example.org" {
		t.Fatalf("%d lines, %d cases of %s, %s", len(rows), len(j.Cases), j.Year, j.Desk)
	}
	for i, r := range j.Cases {
		if !slices.Equal(rows[i+1], r.cells()) {
			t.Errorf("csv %q\njson %q", rows[i+1], r.cells())
		}
	}
	if again := newFigures("2026", j.Cases); !reflect.DeepEqual(again, j.Figures) {
		t.Errorf("the cases come to %+v, not to %+v", again, j.Figures)
	}
	if f := j.Figures; f.Requests != 4 || f.SetAside != 2 || f.Open != 3 || f.Overdue != 1 || f.ToConfirm != 1 || f.Late != 1 ||
		!slices.Contains(f.Corrections, tally{"not_a_request", 1}) {
		t.Errorf("%+v", f)
	}
}

func TestTheRegistersPageNeedsNothingElse(t *testing.T) {
	d := newReportDesk(t)
	page := d.report()
	for _, want := range []string{
		"<title>Register of data-protection requests, 2026</title>", "Desk &lt;of&gt; Zoé &amp; co", `<th scope="row">GDN-2026-0001</th>`,
		`<span class="tag overdue">overdue</span>`, "erasure (art. 17)", "closed: not a request", "to be confirmed", "prefers-color-scheme: dark", "@media print", `lang="en"`,
		`aria-label="Requests by month. 2026-09: 1 request, 1 late; 2026-10: 2 requests, 1 late; 2026-11: 1 request, 0 late"`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q", want)
		}
	}
	for _, never := range []string{"http:", "https:", "//", "src=", "href=", "<script", "<link", "url(", "@import", "<no value>", "ZgotmplZ"} {
		if strings.Contains(page, never) {
			t.Errorf("the page holds %q", never)
		}
	}
	open := regexp.MustCompile(`<(section|div|ul|li|table|thead|tbody|tr|th|td|svg|g|text|h3|p|span|dl|dt|dd)\b`)
	for name, n := range count(open.FindAllStringSubmatch(page, -1)) {
		if closed := strings.Count(page, "</"+name+">"); closed != n {
			t.Errorf("%d of %s are opened, %d closed", n, name, closed)
		}
	}
	if empty := d.report("--year", "2020"); !strings.Contains(empty, "No case was received.") || strings.Contains(empty, "<table class=\"cases\"") {
		t.Error("a year without cases is not told so")
	}
}

// TestEveryColumnHasItsNameOnAPhone keeps the headings and the labels that stand for them in small windows together.
func TestEveryColumnHasItsNameOnAPhone(t *testing.T) {
	_, table, _ := strings.Cut(registerHTML, `<table class="cases"`)
	head, _, _ := strings.Cut(table, "</thead>")
	headings := regexp.MustCompile(`<th scope="col">([^<]+)</th>`).FindAllStringSubmatch(head, -1)
	labels := regexp.MustCompile(`\.cases td:nth-child\((\d+)\)::before \{ content: "([^"]+)"`).FindAllStringSubmatch(registerHTML, -1)
	if len(headings) == 0 || len(labels) != len(headings)-1 {
		t.Fatalf("%d headings, %d labels", len(headings), len(labels))
	}
	for i, l := range labels {
		if heading := strings.ReplaceAll(headings[i+1][1], "&shy;", ""); !strings.EqualFold(heading, l[2]) {
			t.Errorf("%q is called %q on a phone", heading, l[2])
		}
	}
}
