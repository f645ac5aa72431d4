package classify

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"guichetdunumerique.be/guichet/cases"
)

var (
	learn   = flag.Bool("learn", false, "learn the weights of the net from testdata and write net.tsv")
	without = flag.String("without", "", "learn from all but the files whose names hold this, and score the net on those; writes nothing")
)

const (
	rounds  = 12
	pace    = 4.0
	decay   = 1e-3
	rarest  = 4  // mails that must hold a word or pair
	leanest = 16 // sixteenths: what weighs less is left out
)

// lesson is a mail to learn from: its windows are sentences with the one before each.
type lesson struct {
	language int
	windows  [][]int32 // what is weighed, by number
	words    []int     // of each window
	heads    [netHeads]bool
}

// school turns mails into lessons.
type school struct {
	numbers map[string]int32
	names   []string // a language and words, as the file writes them
}

func (s *school) number(language int, words string) int32 {
	name := Languages()[language] + "\t" + words
	n, ok := s.numbers[name]
	if !ok {
		n = int32(len(s.names))
		s.numbers[name] = n
		s.names = append(s.names, name)
	}
	return n
}

func (s *school) teach(language string, rights []string, text string) lesson {
	l := lesson{language: tongue(language)}
	for i, right := range cases.Rights() {
		l.heads[1+i] = slices.Contains(rights, string(right))
		l.heads[0] = l.heads[0] || l.heads[1+i]
	}
	r := reader{text: text}
	var before, stems []string
	for now, ok := r.next(); ok && len(l.windows) < netMost; now, ok = r.next() {
		stems = slices.Clone(before)
		before = nil
		for i := range now.tokens {
			word := now.word(i)
			before = append(before, string(word[:min(len(word), netStem)]))
		}
		stems = append(stems, before...)
		var window []int32
		for i, w := range stems {
			window = append(window, s.number(l.language, w))
			if i > 0 {
				window = append(window, s.number(l.language, stems[i-1]+" "+w))
			}
			if i > 1 {
				window = append(window, s.number(l.language, stems[i-2]+" _ "+w))
			}
		}
		l.windows, l.words = append(l.windows, window), append(l.words, len(stems))
	}
	return l
}

// weights are learnt head by head.
type weights [][netHeads]float32

func (w weights) best(l lesson, head int) (weight float64, at int) {
	weight = math.Inf(-1)
	for i, window := range l.windows {
		sum := 0.0
		for _, n := range window {
			sum += float64(w[n][head])
		}
		if sum = sum/netLength(l.words[i]) - netBias; sum > weight {
			weight, at = sum, i
		}
	}
	return weight, at
}

// learnFrom is logistic regression by stochastic gradient descent; of each mail the sentence counts that weighs most, for a
// request is made in a sentence or two, whatever stands around it.
func (s *school) learnFrom(lessons []lesson) weights {
	w := make(weights, len(s.names))
	random := rand.New(rand.NewPCG(1, 2))
	for round := range rounds {
		step := pace / (1 + 0.3*float64(round))
		for _, i := range random.Perm(len(lessons)) {
			l := lessons[i]
			for head := range netHeads {
				weight, at := w.best(l, head)
				wrong := -likely(weight, len(l.windows))
				if l.heads[head] {
					wrong++
				}
				wrong *= step / netLength(l.words[at])
				for _, n := range l.windows[at] {
					w[n][head] += float32(wrong - step*decay*float64(w[n][head]))
				}
			}
		}
	}
	return w
}

// forgetRare takes out of all windows what hardly any mail to learn from holds.
func (s *school) forgetRare(learnt, kept []lesson) {
	mails, last := make([]int, len(s.names)), make([]int, len(s.names))
	for i, l := range learnt {
		for _, window := range l.windows {
			for _, n := range window {
				if last[n] != i+1 {
					mails[n], last[n] = mails[n]+1, i+1
				}
			}
		}
	}
	for _, l := range slices.Concat(learnt, kept) {
		for i, window := range l.windows {
			l.windows[i] = slices.DeleteFunc(window, func(n int32) bool { return mails[n] < rarest })
		}
	}
}

// round leaves what the file can hold, and nothing of what weighs little.
func (w weights) round() {
	for n := range w {
		heaviest := 0.0
		for head, v := range w[n] {
			v := max(-127, min(127, math.Round(float64(v)*netScale)))
			w[n][head] = float32(v / netScale)
			heaviest = max(heaviest, math.Abs(v))
		}
		if heaviest < leanest {
			w[n] = [netHeads]float32{}
		}
	}
}

// write gives the lines of net.tsv.
func (s *school) write(w weights) string {
	var out []string
	for n, name := range s.names {
		if w[n] == [netHeads]float32{} {
			continue
		}
		line := name
		for _, v := range w[n] {
			line += fmt.Sprintf("\t%d", int(math.Round(float64(v)*netScale)))
		}
		out = append(out, line+"\n")
	}
	slices.Sort(out)
	return strings.Join(out, "")
}

// headOf is the first line of net.tsv: what the rest was learnt from, and its checksum.
func headOf(rest string, mails int) string {
	sum := sha256.Sum256([]byte(rest))
	return fmt.Sprintf("# learnt from %d mails and paragraphs, sha256 %x\n", mails, sum[:8])
}

// attend reads the mails of testdata, and ordinary text: the project's own.
func (s *school) attend(t *testing.T) (learnt, kept []lesson) {
	var files []string
	for _, pattern := range []string{"testdata/mails*.tsv", "testdata/learn/*.tsv"} {
		more, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, more...)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(b)) {
			c := strings.SplitN(strings.TrimRight(line, "\r\n"), "\t", 3)
			l := s.teach(c[1], strings.Fields(c[0]), strings.ReplaceAll(c[2], `\n`, "\n"))
			if *without != "" && strings.Contains(name, *without) {
				kept = append(kept, l)
			} else {
				learnt = append(learnt, l)
			}
		}
	}
	ordinary := map[string]string{}
	for _, language := range Languages() {
		ordinary["text/"+language+".txt"] = language
	}
	docs, err := filepath.Glob("../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range docs {
		ordinary[name] = "en"
	}
	for _, name := range slices.Sorted(maps.Keys(ordinary)) {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, paragraph := range strings.Split(string(b), "\n\n") {
			if l := s.teach(ordinary[name], nil, paragraph); len(l.windows) > 0 {
				learnt = append(learnt, l)
			}
		}
	}
	return learnt, kept
}

// TestLearnTheNet learns the weights anew: go test ./classify -run LearnTheNet -learn
func TestLearnTheNet(t *testing.T) {
	if !*learn && *without == "" {
		t.Skip("learns only when asked: -learn")
	}
	s := school{numbers: map[string]int32{}}
	learnt, kept := s.attend(t)
	s.forgetRare(learnt, kept)
	w := s.learnFrom(learnt)
	w.round()
	file := s.write(w)
	t.Logf("%d mails, %d words and pairs, of which %d weigh anything: %d bytes", len(learnt), len(s.names), strings.Count(file, "\n"), len(file))
	if *without == "" {
		if err := os.WriteFile("net.tsv", []byte(headOf(file, len(learnt))+file), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	s.mark(t, w, kept)
}

// mark tells how the net alone does on mails that it did not learn from.
func (s *school) mark(t *testing.T, w weights, kept []lesson) {
	var asked, caught, vain, named, right, missed int
	others := 0
	for _, l := range kept {
		weight, _ := w.best(l, 0)
		sure := likely(weight, len(l.windows)) >= netSure
		switch {
		case l.heads[0] && sure:
			asked, caught = asked+1, caught+1
		case l.heads[0]:
			asked++
		case sure:
			vain++
		}
		if !l.heads[0] {
			others++
			continue
		}
		for head := 1; head < netHeads; head++ {
			weight, _ := w.best(l, head)
			switch said := likely(weight, len(l.windows)) >= netRight; {
			case said && l.heads[head]:
				named, right = named+1, right+1
			case said:
				named++
			case l.heads[head]:
				missed++
			}
		}
	}
	t.Logf("%d mails: %d of %d requests caught, %d of %d others in vain; rights of requests F1 %.3f", len(kept), caught, asked, vain, others, 2*float64(right)/float64(max(1, named+right+missed)))
}
