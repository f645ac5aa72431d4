package message_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"guichetdunumerique.be/guichet/intake/message"
)

// corpora are folders of mail beside the repository.
const corpora = "../../../shared"

// Floors of what is measured below. Raise them when the code gets better.
const (
	namedOtherwise  = 3 // forwarded mails with a file name: the files in them are listed instead
	zammadRecall    = 0.895
	pythonRecall    = 0.975
	machinesMissed  = 2 // one of them is a person's forward of a bounce
	personsMistaken = 1 // a service writing from no-reply for a person
)

// label is one line of a corpus's labels.jsonl.
type label struct {
	File        string   `json:"file"`
	Task        string   `json:"task"`
	Auto        *bool    `json:"auto"`
	ExpectAuto  *bool    `json:"expect_auto"`
	Subject     *string  `json:"expect_subject"`
	FromEmail   *string  `json:"expect_from_email"`
	FromName    *string  `json:"expect_from_name"`
	Text        string   `json:"expect_text"`
	Attachments []string `json:"expect_attachments"`
	RefSubject  *string  `json:"ref_subject"`
	RefText     string   `json:"ref_text"`
	RefAttach   []string `json:"ref_attachments"`
}

func readLabels(t *testing.T, folder string) []label {
	t.Helper()
	f, err := os.Open(filepath.Join(corpora, folder, "labels.jsonl"))
	if err != nil {
		t.Skip("the corpus is not beside the repository")
	}
	defer f.Close()
	var labels []label
	for in := json.NewDecoder(bufio.NewReader(f)); in.More(); {
		var l label
		if err := in.Decode(&l); err != nil {
			t.Fatal(err)
		}
		labels = append(labels, l)
	}
	return labels
}

func parseFile(t *testing.T, name string) message.Message {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(corpora, name))
	if err != nil {
		t.Fatal(err)
	}
	return message.Parse(message.Source{Head: raw, Size: int64(len(raw))}, message.Limits{})
}

// plainWords are the words of s in lower case.
func plainWords(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// recall is the share of want's words that got has.
func recall(want, got string) float64 {
	words := plainWords(want)
	if len(words) == 0 {
		return 1
	}
	have := plainWords(got)
	slices.Sort(have)
	hits := 0
	for _, w := range words {
		if _, ok := slices.BinarySearch(have, w); ok {
			hits++
		}
	}
	return float64(hits) / float64(len(words))
}

// TestEveryMailOfTheCorporaIsRead demands of each mail what the rest of the program relies on, and tells which took
// longest.
func TestEveryMailOfTheCorporaIsRead(t *testing.T) {
	limits := message.Limits{TextBytes: 2 << 20, Parts: 200}
	var slowest time.Duration
	var slow string
	for _, folder := range []string{"corpus", "messages"} {
		for _, l := range readLabels(t, folder) {
			start := time.Now()
			m := parseFile(t, folder+"/"+l.File)
			if took := time.Since(start); took > slowest {
				slowest, slow = took, l.File
			}
			check(t, limits, m)
			if m.Truncated {
				t.Errorf("%s was not read in full: %q", l.File, m.Problems)
			}
			if t.Failed() {
				t.Fatalf("in %s/%s", folder, l.File)
			}
		}
	}
	t.Logf("%s took longest: %v", slow, slowest)
}

// otherwise are the mails that we read otherwise than Zammad's tests expect, each with the reason.
var otherwise = map[string]string{
	"mime/zammad/mail019.eml": "sender: From has an empty address, Zammad takes Reply-To in its place; we keep them apart",
	"mime/zammad/mail053.eml": "sender: MAILER-DAEMON without a domain is no mailbox",
	"mime/zammad/mail087.eml": "sender: Zammad gives the whole broken field as address, we find the address in it",
	"mime/zammad/mail093.eml": "subject: raw Shift_JIS that is declared nowhere; here windows-1252 is the likelier guess",
	"mime/zammad/mail069.eml": "attachments: a forwarded mail is no file to us, the files in it are",
}

func TestSubjectsAndSendersAreAsOthersExpect(t *testing.T) {
	for _, l := range readLabels(t, "corpus") {
		if l.Subject == nil && l.FromEmail == nil {
			continue
		}
		if _, known := otherwise[l.File]; known {
			continue
		}
		m := parseFile(t, "corpus/"+l.File)
		if l.Subject != nil && m.Subject != *l.Subject {
			t.Errorf("%s: subject %q, want %q", l.File, m.Subject, *l.Subject)
		}
		var from message.Address
		if len(m.From) > 0 {
			from = m.From[0]
		}
		if l.FromEmail != nil && !strings.EqualFold(from.Address, *l.FromEmail) {
			t.Errorf("%s: sender %q, want %q", l.File, from.Address, *l.FromEmail)
		}
		if l.FromName != nil && from.Name != strings.Join(strings.Fields(*l.FromName), " ") {
			t.Errorf("%s: sender's name %q, want %q", l.File, from.Name, *l.FromName)
		}
	}
}

func TestAttachmentsAreAsOthersExpect(t *testing.T) {
	for _, l := range readLabels(t, "corpus") {
		// Zammad keeps the HTML version of a mail as a file of this name.
		want := slices.DeleteFunc(l.Attachments, func(name string) bool { return name == "message.html" })
		if _, known := otherwise[l.File]; known || len(want) == 0 {
			continue
		}
		if m := parseFile(t, "corpus/"+l.File); !slices.Equal(names(m), want) {
			t.Errorf("%s: attachments %q, want %q", l.File, names(m), want)
		}
	}
}

// TestNamedFilesAreNeverLost compares with Python's email library, where it finds files with a name.
func TestNamedFilesAreNeverLost(t *testing.T) {
	lost, all := 0, 0
	for _, l := range readLabels(t, "corpus") {
		if !strings.HasPrefix(l.File, "mime/") {
			continue
		}
		m := parseFile(t, "corpus/"+l.File)
		for _, want := range l.RefAttach {
			if want == "" || strings.Contains(want, "\ufffd") {
				continue
			}
			all++
			want = strings.Join(strings.Fields(norm.NFC.String(want)), " ")
			if !slices.Contains(names(m), want) {
				lost++
				t.Logf("%s: %q is not among %q", l.File, want, names(m))
			}
		}
	}
	if lost > namedOtherwise {
		t.Errorf("%d of %d named files are lost", lost, all)
	}
}

// TestWordsAreKept holds the recall of words against Zammad's expectation and Python's reading.
func TestWordsAreKept(t *testing.T) {
	var expected, referred, n, refs float64
	for _, l := range readLabels(t, "corpus") {
		m := parseFile(t, "corpus/"+l.File)
		if l.Text != "" {
			n++
			r := recall(l.Text, m.Text)
			expected += r
			if r < 0.9 {
				t.Logf("%s: %.2f of Zammad's words", l.File, r)
			}
		}
		if l.RefText != "" {
			refs++
			r := recall(l.RefText, m.Text)
			referred += r
			if r < 0.9 {
				t.Logf("%s: %.2f of Python's words", l.File, r)
			}
		}
	}
	t.Logf("recall %.4f of Zammad's words, %.4f of Python's", expected/n, referred/refs)
	if expected/n < zammadRecall {
		t.Errorf("recall of Zammad's words is %.4f", expected/n)
	}
	if referred/refs < pythonRecall {
		t.Errorf("recall of Python's words is %.4f", referred/refs)
	}
}

// TestMachinesAreSeen counts automatic mail that is taken for a person's, and persons' taken for a machine's.
func TestMachinesAreSeen(t *testing.T) {
	missed, wrong, machines := 0, 0, 0
	for _, folder := range []string{"corpus", "messages"} {
		for _, l := range readLabels(t, folder) {
			want := l.Auto
			if want == nil {
				want = l.ExpectAuto
			}
			if want == nil {
				continue
			}
			got := parseFile(t, folder+"/"+l.File).Auto
			switch {
			case *want && got.Kind == message.AutoNone:
				missed++
				t.Logf("%s is taken for a person's", l.File)
			case !*want && got.Certain:
				t.Errorf("%s is said to be a machine's for certain: %+v", l.File, got)
			case !*want && got.Kind != message.AutoNone:
				wrong++
				t.Logf("%s is taken for a machine's: %+v", l.File, got)
			}
			if *want {
				machines++
			}
		}
	}
	t.Logf("%d of %d machines missed, %d persons taken for one", missed, machines, wrong)
	if missed > machinesMissed || wrong > personsMistaken {
		t.Errorf("%d of %d machines missed, %d persons taken for one", missed, machines, wrong)
	}
}
