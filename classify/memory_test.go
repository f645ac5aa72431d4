package classify

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// What is remembered of a long text must change nothing: the same text is judged with and without it.
func TestARepeatedSentenceIsJudgedAsTheFirstTime(t *testing.T) {
	var pool []string
	files, err := filepath.Glob("testdata/mails*.tsv")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(b)) {
			if c := strings.SplitN(strings.TrimSpace(line), "\t", 3); len(c) == 3 {
				pool = append(pool, strings.ReplaceAll(c[2], `\n`, "\n"))
			}
		}
	}
	rules, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	forgetful, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	forgetful.scratch.New = func() any {
		s := newScratch(forgetful.matcher)
		s.repeats.from = math.MaxInt
		return s
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 40 {
		some := make([]string, 1+random.IntN(60))
		for i := range some {
			some[i] = pool[random.IntN(len(pool))]
		}
		var text strings.Builder
		for text.Len() < 2*repeatText {
			// The same words, parted in another way, are another sentence.
			punctuation := strings.NewReplacer([]string{"?", "?", ",", ",", "?", ".", ",", "", "?", "?", ",", " ("}[4*random.IntN(3):][:4]...)
			text.WriteString(punctuation.Replace(some[random.IntN(len(some))]))
			text.WriteString([]string{" ", "\n", "\n\n", ", "}[random.IntN(4)])
		}
		in := Input{Text: text.String(), Relayed: text.String()}
		if got, want := rules.Classify(in, Options{}), forgetful.Classify(in, Options{}); !reflect.DeepEqual(got, want) {
			t.Fatalf("remembering: %+v\nforgetting: %+v\n%s", got, want, in.Text)
		}
	}
}

func TestMarksStayClearedHoweverOftenTheyAre(t *testing.T) {
	m := newMarks[atom](3)
	m.add(1)
	for i := range 3 << 16 {
		m.clear()
		if m.has(1) || m.has(2) {
			t.Fatalf("there after clearing %d times", i+1)
		}
	}
}

// A verdict allocates its own evidence and little else; nothing in proportion to the rules.
func TestAVerdictAllocatesLittle(t *testing.T) {
	rules, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	in := Input{Text: "Bonjour, pourriez-vous m'envoyer une copie de toutes les données que vous avez sur moi ? Merci."}
	s := newScratch(rules.matcher)
	rules.scratch.New = func() any { return s }
	if n := testing.AllocsPerRun(100, func() { rules.Classify(in, Options{}) }); n > 20 {
		t.Errorf("%v allocations", n)
	}
}
