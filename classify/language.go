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

// detector tells the languages with rules from one another, and from those without. Frequent words decide
// first; letters in threes break a tie.
type detector struct {
	common   map[string][]int16 // word to indexes of languages
	names    []string           // Languages first, then foreign ones
	trigrams [4]map[[3]byte]float64
}

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
	d := &detector{common: map[string][]int16{}, names: Languages()}
	learn := func(name string, list []string) {
		at := slices.Index(d.names, name)
		if at < 0 {
			at = len(d.names)
			d.names = append(d.names, name)
		}
		for _, w := range list {
			if f := fold(w); !slices.Contains(d.common[f], int16(at)) {
				d.common[f] = append(d.common[f], int16(at))
			}
		}
	}
	for _, s := range sources {
		learn(s.file.Language, s.file.Common)
		for name, list := range s.file.Foreign {
			learn(name, list)
		}
	}
	for i, text := range []string{trainFR, trainNL, trainDE, trainEN} {
		d.trigrams[i] = train(text)
	}
	return d
}

// hits counts the frequent words of a language in a sentence.
func (d *detector) hits(now *sentence, language string) int {
	at, n := int16(slices.Index(d.names, language)), 0
	for i := range now.tokens {
		if slices.Contains(d.common[string(now.word(i))], at) {
			n++
		}
	}
	return n
}

// detect tells the language of the writer's words; the subject helps where they are few.
func (d *detector) detect(in Input) guess {
	c := newCount(d)
	c.read(in.Text)
	c.read(in.Relayed)
	if c.words < 12 {
		c.read(in.Subject)
	}
	return c.guess()
}

// count gathers the signs of each language.
type count struct {
	d       *detector
	hits    []float64
	letters [4]float64
	words   int
	latin   int
	script  int // letters of scripts that none of our languages uses
}

func newCount(d *detector) *count { return &count{d: d, hits: make([]float64, len(d.names))} }

func (c *count) read(text string) {
	r := reader{text: text}
	for c.words < detectWords {
		now, ok := r.next()
		if !ok {
			return
		}
		for i := range now.tokens {
			word := now.word(i)
			if first, _ := utf8.DecodeRune(word); first >= 0x370 && unicode.IsLetter(first) {
				c.script += len(word)
			} else {
				c.latin += len(word)
			}
			if word[0] >= '0' && word[0] <= '9' {
				continue
			}
			c.words++
			languages := c.d.common[string(word)]
			for _, l := range languages {
				c.hits[l] += 1 / float64(len(languages))
			}
			c.spell(word)
		}
	}
}

// spell adds the log-likelihood of a word's letters in each of our languages.
func (c *count) spell(word []byte) {
	for l := range c.letters {
		eachTrigram(word, func(t [3]byte) {
			p, ok := c.d.trigrams[l][t]
			if !ok {
				p = unseen
			}
			c.letters[l] += p
		})
	}
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
	spelled := 0
	for l := range c.letters {
		if c.letters[l]+2*c.hits[l] > c.letters[spelled]+2*c.hits[spelled] {
			spelled = l
		}
	}
	return guess{name: c.d.names[spelled]}
}

// unseen is the log-probability given to three letters that the training text does not hold.
const unseen = -11

// train counts the letters in threes of a text.
func train(text string) map[[3]byte]float64 {
	counts, total := map[[3]byte]float64{}, 0.0
	r := reader{text: text}
	for {
		now, ok := r.next()
		if !ok {
			break
		}
		for i := range now.tokens {
			eachTrigram(now.word(i), func(t [3]byte) { counts[t]++; total++ })
		}
	}
	for t, n := range counts {
		counts[t] = math.Log(n / total)
	}
	return counts
}

// eachTrigram calls f for the letters of a word in threes, with a space at either end.
func eachTrigram(word []byte, f func([3]byte)) {
	t := [3]byte{' ', ' ', ' '}
	for _, c := range word {
		t = [3]byte{t[1], t[2], c}
		f(t)
	}
	f([3]byte{t[1], t[2], ' '})
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
