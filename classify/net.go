package classify

import (
	"cmp"
	_ "embed"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"guichetdunumerique.be/guichet/cases"
)

// The net lies under the rules. People ask in words that no list of phrases foresees, and a request that nobody hears is
// worse than a mail that somebody looks at in vain. So where the rules hear nothing at all, the words themselves are weighed,
// each sentence with the one before it: single words, pairs of neighbours, and pairs with a word between. What weighs
// like the requests that the weights were learnt from is shown to a person; it never opens a case by itself. And a case that
// no sentence of the mail sounds like is shown to a person before it is opened. docs/net.md says how the weights are learnt and how to switch the net off.

// netRule is the id by which Evidence names the net, and by which a rules folder may disable it.
const netRule = "net.words"

const (
	netHeads = 8    // whether a person asks anything, then one of cases.Rights each
	netScale = 16.0 // of the weights in the file
	netBias  = 3.0
	netSure  = 0.82 // how likely it must be that a person asks anything
	netRight = 0.15 // how likely a right must be to be named
	netDoubt = 0.35 // how likely it must be that a person asks anything for a rule to open a case alone
	netFew   = 12   // words, of which less cannot be weighed against a rule
	netMost  = 300  // sentences that are weighed
	netUsual = 8    // sentences of a mail; among many more one sounds like a request by chance
	netStem  = 6    // bytes of a word that count
)

//go:embed net.tsv
var netFile string

// net holds the weights by the hash of what they weigh, in a table with room between.
type net struct {
	keys    []uint32 // 0 for none
	weights [][netHeads]int8
}

// stem is the hash of the beginning of a word.
func stem[T string | []byte](word T) uint32 {
	h := uint32(2166136261)
	for i := range min(len(word), netStem) {
		h = (h ^ uint32(word[i])) * 16777619
	}
	return h
}

// Kinds of what is weighed: a word, neighbours, and words with one between.
const (
	aWord uint32 = iota + 1
	neighbours
	apartByOne
)

// weighed is the key of one or two stems in a language.
func weighed(language int, kind, first, second uint32) uint32 {
	h := (kind<<4 | uint32(language)) * 2654435761
	h = (h ^ first) * 2246822519
	h = (h ^ h>>15 ^ second) * 3266489917
	return (h ^ h>>13) | 1
}

// eachWeighed calls f for all that is weighed in a run of words, with repetitions.
func eachWeighed(language int, stems []uint32, f func(key uint32)) {
	for i, s := range stems {
		f(weighed(language, aWord, s, 0))
		if i > 0 {
			f(weighed(language, neighbours, stems[i-1], s))
		}
		if i > 1 {
			f(weighed(language, apartByOne, stems[i-2], s))
		}
	}
}

// netLength is what the sum of a run of words is divided by.
func netLength(words int) float64 { return math.Sqrt(float64(3*words + 1)) }

// learnt is the net that comes with the program. It is read when the first mail asks for it: most rules never do, and the
// daemon stays small.
func learnt() *net {
	n, err := readNet(netFile)
	if err != nil {
		panic(err) // it is part of the program, and a test reads it
	}
	return n
}

// netHead is the first line of the file: from how many mails it was learnt, and the checksum of the rest.
func netHead() string {
	head, _, _ := strings.Cut(netFile, "\n")
	return head
}

// readNet reads lines of a language, what is weighed, and its weights. "a b" are neighbours, "a _ b" have a word between.
func readNet(text string) (*net, error) {
	lines := strings.Count(text, "\n")
	size := 1
	for 3*size < 4*lines {
		size *= 2
	}
	n := &net{keys: make([]uint32, size), weights: make([][netHeads]int8, size)}
	number := 0
	for line := range strings.Lines(text) {
		number++
		if strings.HasPrefix(line, "#") {
			continue
		}
		if err := n.enter(strings.TrimSuffix(line, "\n")); err != nil {
			return nil, fmt.Errorf("net.tsv:%d: %w", number, err)
		}
	}
	return n, nil
}

// enter takes in a line. It allocates nothing: there are many, and the daemon stays small.
func (n *net) enter(line string) error {
	language, rest, _ := strings.Cut(line, "\t")
	words, rest, _ := strings.Cut(rest, "\t")
	if tongue(language) < 0 || words == "" || strings.Count(rest, "\t") != netHeads-1 {
		return fmt.Errorf("a line holds a language, words and %d weights", netHeads)
	}
	key := netKey(tongue(language), words)
	at := n.slot(key)
	n.keys[at] = key
	for i := range netHeads {
		var weight string
		weight, rest, _ = strings.Cut(rest, "\t")
		v, err := strconv.ParseInt(weight, 10, 8)
		if err != nil {
			return fmt.Errorf("weight %q is no whole number from -128 to 127", weight)
		}
		n.weights[at][i] = int8(v)
	}
	return nil
}

// netKey is the key of words as the file writes them.
func netKey(language int, words string) uint32 {
	first, second, two := strings.Cut(words, " ")
	kind := aWord
	if two {
		kind = neighbours
		if rest, ok := strings.CutPrefix(second, "_ "); ok {
			kind, second = apartByOne, rest
		}
		return weighed(language, kind, stem(first), stem(second))
	}
	return weighed(language, kind, stem(first), 0)
}

// slot is where a key stands, or would.
func (n *net) slot(key uint32) int {
	mask := uint32(len(n.keys) - 1)
	at := key * 2654435761 >> 7 & mask
	for n.keys[at] != 0 && n.keys[at] != key {
		at = (at + 1) & mask
	}
	return int(at)
}

// weigh is how much a run of words sounds like a request, and like each right.
func (n *net) weigh(language int, stems []uint32) (sum [netHeads]float64) {
	var total [netHeads]int32
	eachWeighed(language, stems, func(key uint32) {
		if at := n.slot(key); n.keys[at] != 0 {
			for i, w := range n.weights[at] {
				total[i] += int32(w)
			}
		}
	})
	for i := range sum {
		sum[i] = float64(total[i])/netScale/netLength(len(stems)) - netBias
	}
	return sum
}

// likely is how likely it is that a mail of so many sentences asks for something, by the weight of the heaviest.
func likely(weight float64, sentences int) float64 {
	return 1 / (1 + math.Exp(-weight)*max(1, float64(sentences)/netUsual))
}

// catch is the run of words in a message that weighs most for one head.
type catch struct {
	weight   float64
	part     string
	text     string
	from, to int
}

// spread weighs the sentences of a message, and tells how many there are. Among them is the heaviest for each head.
func (n *net) spread(language int, s *scratch, passages []passage) (best [netHeads]catch, sentences int) {
	for i := range best {
		best[i].weight = math.Inf(-1)
	}
	before := 0
	s.stems = s.stems[:0]
	for _, p := range passages {
		if p.factor < 1 {
			continue // the subject of a thread was chosen for an earlier mail
		}
		from, begins := s.aside.begin(p.text), -1
		for now, ok := from.next(); ok && sentences < netMost; now, ok = from.next() {
			sentences++
			s.stems = append(s.stems[:0], s.stems[before:]...)
			before = len(s.stems)
			for i := range now.tokens {
				s.stems = append(s.stems, stem(now.word(i)))
			}
			first, last := int(now.tokens[0].from), int(now.tokens[len(now.tokens)-1].to)
			if begins < 0 {
				begins = first
			}
			for head, w := range n.weigh(language, s.stems) {
				if w > best[head].weight {
					best[head] = catch{w, p.name, p.text[begins:last], begins + p.offset, last + p.offset}
				}
			}
			begins = first
		}
	}
	return best, sentences
}

// cast spreads the net under a verdict that says nothing, and shows what it catches to a person.
func (n *net) cast(v *Verdict, s *scratch, o Options, passages []passage) {
	at := tongue(v.Language)
	if at < 0 || v.Other {
		return
	}
	caught, sentences := n.spread(at, s, passages)
	sure := likely(caught[0].weight, sentences)
	score := DefaultTriageThreshold + (sure - netSure)
	if sure < netSure || score < o.TriageThreshold {
		return
	}
	v.Decision, v.Request, v.Guess, v.Score = ToTriage, true, true, math.Round(score*1000)/1000
	for i, right := range cases.Rights() {
		if c := caught[1+i]; likely(c.weight, sentences) >= netRight {
			v.Rights = append(v.Rights, right)
			v.Evidence = append(v.Evidence, c.evidence(right))
		}
	}
	if len(v.Rights) == 0 {
		v.Evidence = append(v.Evidence, caught[0].evidence(""))
	}
}

// doubt lets a person look at a case that no sentence sounds like: a phrase stands in many a mail that asks for nothing. Who
// cites the law means it.
func (n *net) doubt(v *Verdict, s *scratch, passages []passage) {
	at := tongue(v.Language)
	if at < 0 || v.Other || slices.ContainsFunc(v.Evidence, func(e Evidence) bool { return strings.HasPrefix(e.Rule, "article.") }) {
		return
	}
	caught, sentences := n.spread(at, s, passages)
	if likely(caught[0].weight, sentences) >= netDoubt {
		return
	}
	v.Decision = ToTriage
	for i := range v.Evidence {
		v.Evidence[i].By = cmp.Or(v.Evidence[i].By, netRule)
	}
}

func (c catch) evidence(right cases.Right) Evidence {
	return Evidence{Right: right, Rule: netRule, Text: c.text, Part: c.part, Start: c.from, End: c.to}
}
