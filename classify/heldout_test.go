package classify

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"guichetdunumerique.be/guichet/cases"
)

// Mail that the net is never to learn from, nor the rules (but for fr.talk.rate, which came of it): what to expect.
func TestMailThatNothingWasLearntFrom(t *testing.T) {
	files, err := filepath.Glob("testdata/heldout/*.tsv")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	rules, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	s := school{numbers: map[string]int32{}, scratch: newScratch(rules.matcher)}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var mails []lesson
		for line := range strings.Lines(string(b)) {
			mails = append(mails, s.read(line))
		}
		got := together(rules, mails)
		t.Log(name, got)
		if got.exact < 0.9*float64(got.mails) || got.missed > got.asked/20 || got.opened > got.others/20 {
			t.Errorf("%s: worse than it was", name)
		}
	}
}

// outcome is how the program does on labelled mail.
type outcome struct {
	mails  int
	exact  float64 // whose rights are exactly those asked for
	asked  int     // that ask for a right
	missed int     // of them, not heard
	shown  int     // of them, not opened but shown to a person
	others int
	opened int // of them, in vain
	vain   int // of them, shown to a person in vain
}

func (o outcome) String() string {
	return fmt.Sprintf("exact %.3f; of %d requests %d missed, %d only shown; of %d others %d opened in vain, %d shown in vain",
		o.exact/float64(max(1, o.mails)), o.asked, o.missed, o.shown, o.others, o.opened, o.vain)
}

// together is how rules and net do. They may know the mails.
func together(rules *Rules, mails []lesson) (out outcome) {
	out.mails = len(mails)
	for _, l := range mails {
		subject, text, ok := strings.Cut(l.text, "\n")
		if !ok {
			subject, text = "", subject // it has none
		}
		v := rules.Classify(Input{Subject: subject, Text: text}, Options{})
		same := true
		for i, right := range cases.Rights() {
			same = same && l.heads[1+i] == slices.Contains(v.Rights, right)
		}
		if same {
			out.exact++
		}
		out.count(l.heads[0], v.Decision)
	}
	return out
}

func (o *outcome) count(asks bool, decision Decision) {
	switch {
	case asks:
		o.asked++
		if decision == Ignore {
			o.missed++
		} else if decision == ToTriage {
			o.shown++
		}
	default:
		o.others++
		if decision == OpenCase {
			o.opened++
		} else if decision == ToTriage {
			o.vain++
		}
	}
}
