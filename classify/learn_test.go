package classify

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"io"
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
	learn   = flag.Bool("learn", false, "learn the weights of the net from testdata and write net.tsv.gz")
	without = flag.String("without", "", "learn from all but the files whose names hold this, and score the net on those; writes nothing")
)

const (
	courses = 4 // of which the mean is taken
	rounds  = 40
	settled = 20 // rounds before those whose mean is taken: the last mail alone decides nothing
	pace    = 8.0
	decay   = 1e-3
	hidden  = 0.2 // how much of a mail is hidden at each step
	rarest  = 3   // mails that must hold a word or pair
	leanest = 16  // sixteenths: what weighs less is left out
)

// lesson is a mail to learn from.
type lesson struct {
	sentences []run // what each of them weighs
	mail      run   // what all of them together weigh
	heads     [netHeads]bool
	text      string
}

// run is what a run of words weighs, by number.
type run struct {
	weighed []int32
	words   int
	length  func(words int) float64
}

// school turns mails into lessons.
type school struct {
	scratch *scratch
	numbers map[string]int32
	names   []string // a language and words, as the file writes them
}

func (s *school) number(language, words string) int32 {
	name := language + "\t" + words
	n, ok := s.numbers[name]
	if !ok {
		n = int32(len(s.names))
		s.numbers[name] = n
		s.names = append(s.names, name)
	}
	return n
}

func (s *school) teach(language string, rights []string, text string) lesson {
	l := lesson{text: text}
	for i, right := range cases.Rights() {
		l.heads[1+i] = slices.Contains(rights, string(right))
		l.heads[0] = l.heads[0] || l.heads[1+i]
	}
	l.mail.length = mailLength
	r := reader{text: text}
	for now, ok := r.next(); ok && len(l.sentences) < netMost; now, ok = r.next() {
		sentence := run{words: len(now.tokens), length: sentenceLength}
		var stems []string
		for i := range now.tokens {
			word := now.word(i)
			w := string(word[:min(len(word), netStem)])
			stems = append(stems, w)
			sentence.weighed = append(sentence.weighed, s.number(language, w))
			l.mail.weighed = append(l.mail.weighed, s.number(language, "* "+w))
			if i > 0 {
				sentence.weighed = append(sentence.weighed, s.number(language, stems[i-1]+" "+w))
				l.mail.weighed = append(l.mail.weighed, s.number(language, "* "+stems[i-1]+" "+w))
			}
		}
		for _, c := range s.scratch.conceive(tongue(language), now) {
			name := s.scratch.m.concepts[c].name
			sentence.weighed = append(sentence.weighed, s.number(shared, name))
			l.mail.weighed = append(l.mail.weighed, s.number(shared, "* "+name))
		}
		l.sentences = append(l.sentences, sentence)
		l.mail.words += sentence.words
	}
	return l
}

// read takes a line of the files: rights, a language, and a subject and a text.
func (s *school) read(line string) lesson {
	c := strings.SplitN(strings.TrimRight(line, "\r\n"), "\t", 3)
	return s.teach(c[1], strings.Fields(c[0]), strings.ReplaceAll(c[2], `\n`, "\n"))
}

// weights are learnt head by head.
type weights [][netHeads]float32

func (w weights) sum(of run, head int) float64 {
	sum := 0.0
	for _, n := range of.weighed {
		sum += float64(w[n][head])
	}
	return sum / of.length(of.words)
}

// best is the weight of a mail, and which of its sentences made it.
func (w weights) best(l lesson, head int) (weight float64, at int) {
	weight = math.Inf(-1)
	for i, sentence := range l.sentences {
		if sum := w.sum(sentence, head); sum > weight {
			weight, at = sum, i
		}
	}
	return weight + w.sum(l.mail, head) - netBias, at
}

// learnFrom is logistic regression by stochastic gradient descent; of each mail the sentence counts that weighs most, for a
// request is made in a sentence or two, whatever stands around it, and beside it the mail as a whole, for what it is about.
// At each step some of the words are hidden, so that the net comes to lean on none of them alone.
func (s *school) learnFrom(lessons []lesson) weights {
	mean := make(weights, len(s.names))
	for course := range courses {
		s.course(lessons, rand.New(rand.NewPCG(1, uint64(course))), mean)
	}
	for n := range mean {
		for head := range mean[n] {
			mean[n][head] *= (1 - hidden) / (courses * (rounds - settled)) // nothing is hidden from a net that listens
		}
	}
	return mean
}

// course learns once, from nothing, and adds up what was learnt after each of the later rounds.
func (s *school) course(lessons []lesson, random *rand.Rand, sum weights) {
	w := make(weights, len(s.names))
	for round := range rounds {
		step := pace / (1 + 0.3*float64(round))
		for _, i := range random.Perm(len(lessons)) {
			l := lessons[i].hide(random)
			for head := range netHeads {
				w.learn(l, head, step)
			}
		}
		if round >= settled {
			sum.add(w)
		}
	}
}

// learn moves the weights of what a lesson holds towards what it says of a head.
func (w weights) learn(l lesson, head int, step float64) {
	weight, at := w.best(l, head)
	wrong := -likely(weight, len(l.sentences))
	if l.heads[head] {
		wrong++
	}
	for _, of := range []run{l.sentences[at], l.mail} {
		wrong := step * wrong / of.length(of.words)
		for _, n := range of.weighed {
			w[n][head] += float32(wrong - step*decay*float64(w[n][head]))
		}
	}
}

func (w weights) add(v weights) {
	for n := range w {
		for head := range w[n] {
			w[n][head] += v[n][head]
		}
	}
}

// hide is a lesson without some of its words.
func (l lesson) hide(random *rand.Rand) lesson {
	some := func(of run) run {
		of.weighed = slices.DeleteFunc(slices.Clone(of.weighed), func(int32) bool { return random.Float64() < hidden })
		return of
	}
	l.mail = some(l.mail)
	sentences := make([]run, len(l.sentences))
	for i, s := range l.sentences {
		sentences[i] = some(s)
	}
	l.sentences = sentences
	return l
}

// forgetRare takes out of all lessons what hardly any mail to learn from holds.
func (s *school) forgetRare(learnt, kept []lesson) {
	mails, last := make([]int, len(s.names)), make([]int, len(s.names))
	for i, l := range learnt {
		for _, of := range append(l.sentences, l.mail) {
			for _, n := range of.weighed {
				if last[n] != i+1 {
					mails[n], last[n] = mails[n]+1, i+1
				}
			}
		}
	}
	rare := func(n int32) bool { return mails[n] < rarest }
	for _, lessons := range [][]lesson{learnt, kept} {
		for i := range lessons {
			l := &lessons[i]
			l.mail.weighed = slices.DeleteFunc(l.mail.weighed, rare)
			for j := range l.sentences {
				l.sentences[j].weighed = slices.DeleteFunc(l.sentences[j].weighed, rare)
			}
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

// pack is the file as the program holds it.
func pack(file string) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := io.WriteString(w, file); err != nil {
		return nil, err
	}
	err = w.Close()
	return b.Bytes(), err
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
			l := s.read(line)
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
			if l := s.teach(ordinary[name], nil, paragraph); len(l.sentences) > 0 {
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
	rules, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	s := school{numbers: map[string]int32{}, scratch: newScratch(rules.matcher)}
	learnt, kept := s.attend(t)
	s.forgetRare(learnt, kept)
	w := s.learnFrom(learnt)
	w.round()
	file := s.write(w)
	t.Logf("%d mails, %d words and pairs, of which %d weigh anything: %d bytes", len(learnt), len(s.names), strings.Count(file, "\n"), len(file))
	if *without == "" {
		packed, err := pack(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("net.tsv.gz", packed, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	s.mark(t, w, kept)
	from, err := readNet(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	rules.net = func() *net { return from }
	t.Log("with the rules: ", together(rules, kept))
}

// mark tells how the net alone does on mails that it did not learn from.
func (s *school) mark(t *testing.T, w weights, kept []lesson) {
	var asked, caught, vain, named, right, missed int
	others := 0
	for _, l := range kept {
		weight, _ := w.best(l, 0)
		sure := likely(weight, len(l.sentences)) >= netSure
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
			switch said := likely(weight, len(l.sentences)) >= netRight; {
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
