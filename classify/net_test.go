package classify_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"guichetdunumerique.be/guichet/classify"
)

// netWords is the rule by which the net speaks.
const netWords = "net.words"

// told are the mails that the net was learnt from: whether each asks for a right, and what it says.
type told struct {
	asks bool
	in   classify.Input
}

func learntFrom(t *testing.T) []told {
	t.Helper()
	names, err := filepath.Glob("testdata/learn/*.tsv")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	var out []told
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(b)) {
			c := strings.SplitN(strings.TrimSuffix(line, "\n"), "\t", 3)
			subject, text, ok := strings.Cut(strings.ReplaceAll(c[2], `\n`, "\n"), "\n")
			if !ok {
				subject, text = "", subject // it has none
			}
			out = append(out, told{c[0] != "", classify.Input{Subject: subject, Text: text}})
		}
	}
	return out
}

func TestTheNetShowsAPersonWhatNoRuleHears(t *testing.T) {
	rules, err := classify.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	bare, err := classify.Load(fstest.MapFS{"own.toml": {Data: []byte("language = \"fr\"\ndisable = [\"" + netWords + "\"]\n")}})
	if err != nil {
		t.Fatal(err)
	}
	asked, caught, others, vain := 0, 0, 0, 0
	opened, doubted := map[bool]int{}, map[bool]int{} // cases that the rules open, by whether anything is asked
	for _, m := range learntFrom(t) {
		v, without := rules.Classify(m.in, classify.Options{}), bare.Classify(m.in, classify.Options{})
		if without.Guess {
			t.Fatal("the net is spread though it is disabled")
		}
		switch {
		case without.Request && (!v.Request || v.Guess):
			t.Errorf("%q: the rules say %s, and the net silences them", m.in.Text, without.Decision)
		case v.Decision == classify.OpenCase && without.Decision != classify.OpenCase:
			t.Errorf("%q: the net opens a case", m.in.Text)
		case v.Request && len(without.Rights) > 0 && len(v.Rights) == 0:
			t.Errorf("%q: the rules say %v, the net takes all of it", m.in.Text, without.Rights)
		}
		if without.Decision == classify.OpenCase {
			opened[m.asks]++
			if v.Decision != classify.OpenCase {
				doubted[m.asks]++
			}
		}
		if without.Request {
			continue
		}
		if m.asks {
			asked++
		} else {
			others++
		}
		if !v.Guess {
			continue
		}
		if m.asks {
			caught++
		} else {
			vain++
		}
		if v.Decision != classify.ToTriage || !v.Request || len(v.Evidence) == 0 {
			t.Errorf("%q: a guess is %s, %v", m.in.Text, v.Decision, v.Evidence)
		}
		for _, e := range v.Evidence {
			if e.Rule != netWords {
				continue
			}
			part := map[string]string{"subject": m.in.Subject, "text": m.in.Text}[e.Part]
			if part[e.Start:e.End] != e.Text || e.Text == "" {
				t.Errorf("%+v is not in %q", e, part)
			}
		}
	}
	t.Logf("no rule hears %d requests and %d other mails: the net catches %d, and %d in vain", asked, others, caught, vain)
	t.Logf("the rules open a case for %d requests and %d other mails: the net doubts %d and %d", opened[true], opened[false], doubted[true], doubted[false])
	if doubted[true]*100 > opened[true] || doubted[false]*3 < opened[false] {
		t.Errorf("of %d cases of requests %d are doubted, of %d others %d", opened[true], doubted[true], opened[false], doubted[false])
	}
	if asked < 10 || caught*3 < asked || vain*20 > others {
		t.Errorf("of %d requests %d are caught, of %d others %d", asked, caught, others, vain)
	}
}

// A desk that wants to see less sets a higher threshold.
func TestTheNetKeepsToTheThresholdOfTheDesk(t *testing.T) {
	rules, err := classify.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range learntFrom(t) {
		if v := rules.Classify(m.in, classify.Options{TriageThreshold: 0.5}); v.Guess {
			t.Fatalf("%q: a guess of %.2f is shown to a desk that asked for 0.5", m.in.Text, v.Score)
		}
	}
}

// Ordinary words, a great many of them: among so many sentences one sounds like a request by chance.
func TestTheNetCatchesNoBooks(t *testing.T) {
	rules, err := classify.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, language := range classify.Languages() {
		text, err := os.ReadFile("text/" + language + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		if v := rules.Classify(classify.Input{Text: strings.Repeat(string(text), 20)}, classify.Options{}); v.Guess {
			t.Errorf("%s: %v", language, v.Evidence)
		}
	}
}
