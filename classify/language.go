package classify

import (
	_ "embed"
	"math"
	"slices"
	"unicode"
	"unicode/utf8"
)

// detectWords bounds how many words are looked at to tell the language.
const detectWords = 1500

// spellWords bounds how many words are spelled to break a tie.
const spellWords = 200

// detector tells the languages with rules from one another, and from those without. Frequent words decide
// first; letters in threes break a tie.
type detector struct {
	common   map[string]uint16 // frequent words, by their place in owners
	owners   [][]int16         // the languages of each of them, by their place in names; none for the first
	names    []string          // Languages first, then foreign ones
	trigrams map[trigram]logs
}

// logs are the logarithms of how likely three letters are in each of our languages.
type logs [4]float32

// guess is what a detector found.
type guess struct {
	name    string // "" when the words are too few or say nothing
	foreign bool
}

// choose makes a guess into the language to answer in.
func (g guess) choose(known string, o Options) (language string, other bool) {
	switch {
	case g.foreign:
		return o.Default, true
	case g.name == "" && slices.Contains(o.Languages, known):
		return known, false
	case g.name == "":
		return o.Default, false
	case slices.Contains(o.Languages, g.name):
		return g.name, false
	}
	return o.Default, true
}

func newDetector(sources []*source) *detector {
	d := &detector{common: map[string]uint16{}, owners: make([][]int16, 1), names: Languages()}
	learn := func(name string, list []string) {
		at := slices.Index(d.names, name)
		if at < 0 {
			at = len(d.names)
			d.names = append(d.names, name)
		}
		for _, w := range list {
			i, known := d.common[fold(w)]
			if !known && len(d.owners) <= math.MaxUint16 {
				i = uint16(len(d.owners))
				d.common[fold(w)], d.owners = i, append(d.owners, nil)
			}
			if i > 0 && !slices.Contains(d.owners[i], int16(at)) {
				d.owners[i] = append(d.owners[i], int16(at))
			}
		}
	}
	for _, s := range sources {
		learn(s.file.Language, s.file.Common)
		for name, list := range s.file.Foreign {
			learn(name, list)
		}
	}
	d.trigrams = train()
	return d
}

// detect tells the language of the writer's words; the subject helps where they are few. The sentences of the text that it
// looks at are kept for s to read again.
func (d *detector) detect(in Input, s *scratch) guess {
	s.memo.tidy()
	c := count{d: d, s: s, texts: [3]string{in.Text, in.Relayed}, hits: make([]float64, len(d.names))}
	s.reader.begin(in.Text)
	for c.words < detectWords {
		now, ok := s.reader.next()
		if !ok {
			break
		}
		c.add(now)
		s.reader.kept.keep(now)
	}
	s.reader.kept.rewind()
	c.read(in.Relayed)
	if c.words < 12 {
		c.texts[2] = in.Subject
		c.read(in.Subject)
	}
	return c.guess()
}

// count gathers the signs of each language.
type count struct {
	d      *detector
	s      *scratch
	texts  [3]string
	hits   []float64
	words  int
	latin  int
	script int // letters of scripts that none of our languages uses
}

func (c *count) read(text string) {
	r := &c.s.aside
	r.begin(text)
	for c.words < detectWords {
		now, ok := r.next()
		if !ok {
			return
		}
		c.add(now)
	}
}

func (c *count) add(now *sentence) {
	c.s.lookUp(now)
	for i := range now.tokens {
		word := now.word(i)
		if first, _ := utf8.DecodeRune(word); first >= 0x370 && unicode.IsLetter(first) {
			c.script += len(word)
		} else {
			c.latin += len(word)
		}
		if isDigit(word) {
			continue
		}
		c.words++
		languages := c.d.owners[now.words[i].common]
		for _, l := range languages {
			c.hits[l] += 1 / float64(len(languages))
		}
	}
}

// spelled adds up, for each of our languages, how likely the letters of the first words are.
func (c *count) spelled() (sum [4]float64) {
	words := 0
	for _, text := range c.texts {
		r := &c.s.aside
		r.begin(text)
		for now, ok := r.next(); ok && words < spellWords; now, ok = r.next() {
			words += len(now.tokens)
			for i := range now.tokens {
				if !isDigit(now.word(i)) {
					c.spell(now.word(i), &sum)
				}
			}
		}
	}
	return sum
}

func (c *count) spell(word []byte, sum *[4]float64) {
	eachTrigram(word, func(t trigram) {
		likely, ok := c.d.trigrams[t]
		for l := range sum {
			if !ok {
				sum[l] += unseen
				continue
			}
			sum[l] += float64(likely[l])
		}
	})
}

func (c *count) guess() guess {
	if c.script > c.latin {
		return guess{foreign: true}
	}
	own := len(Languages())
	best, second := 0, -1
	for l := 1; l < own; l++ {
		if c.hits[l] > c.hits[best] {
			best, second = l, best
		} else if second < 0 || c.hits[l] > c.hits[second] {
			second = l
		}
	}
	if c.words < 3 && c.hits[best] == 0 {
		return guess{}
	}
	for l := own; l < len(c.d.names); l++ {
		if c.hits[l] >= 2 && c.hits[l] > 1.25*c.hits[best] {
			return guess{foreign: true}
		}
	}
	if c.words >= 15 && c.hits[best] < 0.06*float64(c.words) {
		return guess{foreign: true}
	}
	if c.hits[best]-c.hits[second] >= 2 || c.hits[best] > 2*c.hits[second] && c.hits[best] >= 1.5 {
		return guess{name: c.d.names[best]}
	}
	letters, likeliest := c.spelled(), 0
	for l := range letters {
		if letters[l]+2*c.hits[l] > letters[likeliest]+2*c.hits[likeliest] {
			likeliest = l
		}
	}
	return guess{name: c.d.names[likeliest]}
}

// unseen is the log-probability given to three letters that the training text does not hold.
const unseen = -11

// train counts the letters in threes of the training texts.
func train() map[trigram]logs {
	all := map[trigram]logs{}
	for l, text := range []string{trainFR, trainNL, trainDE, trainEN} {
		counts, total := map[trigram]float64{}, 0.0
		r := reader{text: text}
		for now, ok := r.next(); ok; now, ok = r.next() {
			for i := range now.tokens {
				eachTrigram(now.word(i), func(t trigram) { counts[t]++; total++ })
			}
		}
		for t, n := range counts {
			likely, ok := all[t]
			if !ok {
				likely = logs{unseen, unseen, unseen, unseen}
			}
			likely[l] = float32(math.Log(n / total))
			all[t] = likely
		}
	}
	return all
}

// trigram is three letters, the last one lowest.
type trigram uint32

// eachTrigram calls f for the letters of a word in threes, with a space at either end.
func eachTrigram(word []byte, f func(trigram)) {
	t := trigram(' ')<<8 | ' '
	for _, c := range word {
		t = t<<8&0xFFFFFF | trigram(c)
		f(t)
	}
	f(t<<8&0xFFFFFF | ' ')
}

// The training texts are ours: ordinary mail, written for this.
var (
	//go:embed text/fr.txt
	trainFR string
	//go:embed text/nl.txt
	trainNL string
	//go:embed text/de.txt
	trainDE string
	//go:embed text/en.txt
	trainEN string
)
