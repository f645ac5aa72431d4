package reply_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/reply"
)

// property is a content line of RFC 5545, unfolded; name bears its parameters.
type property struct{ name, value string }

// properties reads a calendar object as a calendar program does.
func properties(t testing.TB, b []byte) (all []property) {
	t.Helper()
	if !utf8.Valid(b) || !bytes.HasSuffix(b, []byte("\r\n")) || bytes.Count(b, []byte("\n")) != bytes.Count(b, []byte("\r\n")) {
		t.Fatalf("not lines of UTF-8: %q", b)
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(string(b), "\r\n"), "\r\n") {
		if len(line) > 75 {
			t.Errorf("a line of %d octets: %q", len(line), line)
		}
		if rest, folded := strings.CutPrefix(line, " "); folded {
			all[len(all)-1].value += rest
			continue
		}
		name, value, found := strings.Cut(line, ":")
		if !found {
			t.Fatalf("no property: %q", line)
		}
		all = append(all, property{name, value})
	}
	return all
}

// unescape reads a value of type TEXT (section 3.3.11).
func unescape(s string) string {
	return strings.NewReplacer(`\\`, `\`, `\;`, ";", `\,`, ",", `\n`, "\n", `\N`, "\n").Replace(s)
}

func TestTheLastDayIsAnEventOfTheCalendar(t *testing.T) {
	m, err := staffComposer(t, "fr", sevens{}).Notice(notice(reply.NoticeOpened, nil))
	if err != nil {
		t.Fatal(err)
	}
	want := []property{
		{"BEGIN", "VCALENDAR"}, {"VERSION", "2.0"}, {"PRODID", "-//guichet//guichet//EN"}, {"CALSCALE", "GREGORIAN"}, {"METHOD", "PUBLISH"},
		{"BEGIN", "VEVENT"}, {"UID", "gdn-2026-0007@guichetdunumerique.be"}, {"DTSTAMP", "20261123T080000Z"}, {"SEQUENCE", "3"},
		{"ORGANIZER", "mailto:info@guichetdunumerique.be"}, {"DTSTART;VALUE=DATE", "20261223"}, {"DTEND;VALUE=DATE", "20261224"},
		{"SUMMARY", "GDN-2026-0007 – réponse due"}, {"STATUS", "CONFIRMED"}, {"TRANSP", "TRANSPARENT"}, {"X-MICROSOFT-CDO-BUSYSTATUS", "FREE"},
		{"BEGIN", "VALARM"}, {"ACTION", "DISPLAY"}, {"DESCRIPTION", "GDN-2026-0007 – réponse due"}, {"TRIGGER", "-P1DT15H"}, {"END", "VALARM"},
		{"END", "VEVENT"}, {"END", "VCALENDAR"},
	}
	if diff := cmp.Diff(want, properties(t, m.Calendar), cmp.AllowUnexported(property{})); diff != "" {
		t.Error(diff)
	}
}

// value is that of the first property of a name.
func value(t testing.TB, b []byte, name string) string {
	t.Helper()
	for _, p := range properties(t, b) {
		if p.name == name {
			return p.value
		}
	}
	return ""
}

func TestTheAlarmRingsAtNineTwoDaysBefore(t *testing.T) {
	m, err := staffComposer(t, "fr", sevens{}).Notice(notice(reply.NoticeOpened, nil))
	if err != nil {
		t.Fatal(err)
	}
	var days, hours int
	if _, err := fmt.Sscanf(value(t, m.Calendar, "TRIGGER"), "-P%dDT%dH", &days, &hours); err != nil {
		t.Fatal(err)
	}
	day, err := time.Parse("20060102", value(t, m.Calendar, "DTSTART;VALUE=DATE"))
	if err != nil {
		t.Fatal(err)
	}
	got := day.AddDate(0, 0, -days).Add(-time.Duration(hours) * time.Hour)
	if want := time.Date(2026, 12, 21, 9, 0, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("it rings at %v", got)
	}
}

func TestTheEntryFollowsTheCase(t *testing.T) {
	c := staffComposer(t, "nl", sevens{})
	for _, step := range []struct {
		why                                string
		change                             func(k *cases.Case)
		sequence                           int
		method, status, day, trigger, file string
	}{
		{"opened", nil, 0, "PUBLISH", "CONFIRMED", "20261223", "-P1DT15H", "method=PUBLISH"},
		{"extended: the entry moves", func(k *cases.Case) { k.Extended = k.Latest }, 1, "PUBLISH", "CONFIRMED", "20270223", "-P1DT15H", "method=PUBLISH"},
		{"closed: the entry goes", func(k *cases.Case) { k.Status = cases.Closed }, 2, "CANCEL", "CANCELLED", "20261223", "", "method=CANCEL"},
	} {
		n := notice(reply.NoticeChanged, step.change)
		n.Sequence = step.sequence
		m, err := c.Notice(n)
		if err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]string{"METHOD": step.method, "STATUS": step.status, "DTSTART;VALUE=DATE": step.day,
			"TRIGGER": step.trigger, "UID": "gdn-2026-0007@guichetdunumerique.be"} {
			if got := value(t, m.Calendar, name); got != want {
				t.Errorf("%s: %s %q, want %q", step.why, name, got, want)
			}
		}
		if got := open(t, m).attached.Header.Get("Content-Type"); !strings.Contains(got, step.file) {
			t.Errorf("%s: attached as %q", step.why, got)
		}
	}
}

func TestADamagedCalendarEntryIsNotSent(t *testing.T) {
	m, err := staffComposer(t, "nl", sevens{}).Notice(notice(reply.NoticeChanged, nil))
	if err != nil {
		t.Fatal(err)
	}
	for why, change := range map[string]func(m *reply.Mail){
		"not a calendar":  func(m *reply.Mail) { m.Calendar = []byte("MZ") },
		"another method":  func(m *reply.Mail) { m.Calendar = bytes.Replace(m.Calendar, []byte("PUBLISH"), []byte("REQUEST"), 1) },
		"no case":         func(m *reply.Mail) { m.Case = "" },
		"no page with it": func(m *reply.Mail) { m.HTML = "" },
	} {
		damaged := m
		change(&damaged)
		if _, err := damaged.Bytes(); err == nil {
			t.Errorf("%s was sent", why)
		}
	}
}

// FuzzCalendarText puts any text through the writer of content lines and reads it back.
func FuzzCalendarText(f *testing.F) {
	for _, seed := range []string{"", "réponse due", "a;b,c\\d\ne\r\nf", strings.Repeat("é", 200), "x\r\nBEGIN:VALARM", "a\x00b\xff", `\n`, "\u2028"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		b := reply.ContentLine("SUMMARY", s)
		got := properties(t, b)
		if len(got) != 1 || got[0].name != "SUMMARY" {
			t.Fatalf("read back as %q", got)
		}
		want := strings.Map(func(r rune) rune {
			if r != '\n' && r != '\t' && (r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029') {
				return -1
			}
			return r
		}, strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\r\n", "\n"))
		if got := unescape(got[0].value); got != want {
			t.Fatalf("%q was read back as %q", want, got)
		}
	})
}
