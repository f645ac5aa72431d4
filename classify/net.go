package classify

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"guichetdunumerique.be/guichet/cases"
)

// The net lies under the rules. People ask in words that no list of phrases foresees, and a request that nobody hears is
// worse than a mail that somebody looks at in vain. So the words themselves are weighed, singly and with their neighbours:
// in each sentence, and in the mail as a whole, which tells what it is about. What weighs
// like the requests that the weights were learnt from is shown to a person where the rules hear nothing, and what they hear
// is set against it; it never opens a case by itself. docs/net.md says how the weights are learnt and how to switch it off.

// netRule is the id by which Evidence names the net, and by which a rules folder may disable it.
const netRule = "net.words"

const (
	netHeads  = 8    // whether a person asks anything, then one of cases.Rights each
	netScale  = 16.0 // of the weights in the file
	netBias   = 2.5
	netSure   = 0.45 // how likely it must be that a person asks for a right
	netSurer  = 0.7  // the same where there are few words to tell by
	netRight  = 0.25 // how likely a right must be to be named
	netWeight = 0.3  // of how much surer than that it is, in the score
	netCalm   = 0.35 // how likely a request, or any right, must be for rules to open a case
	netDoubt  = 0.05 // how likely a right must be for a rule to file it
	netSays   = 0.6  // how likely a right must be to be filed beside those of rules
	netFew    = 12   // words, of which less tell little, and cannot be weighed against a rule
	netMany   = 150  // words, of which more were hardly ever learnt from
	netMost   = 300  // sentences that are weighed
	netUsual  = 8    // sentences of a mail; among many more one sounds like a request by chance
	netStem   = 6    // bytes of a word that count
	netBits   = 12   // of a key that find its bucket
)

// net holds the weights by the hash of what they weigh, sorted.
type net struct {
	keys    []uint32
	weights [][netHeads]int8
	buckets [1<<netBits + 1]int32 // where the keys with the same first bits begin
}

// hash is FNV-1a.
func hash[T string | []byte](word T) uint32 {
	h := uint32(2166136261)
	for i := range len(word) {
		h = (h ^ uint32(word[i])) * 16777619
	}
	return h
}

// stem is the hash of the beginning of a word.
func stem[T string | []byte](word T) uint32 { return hash(word[:min(len(word), netStem)]) }

// Kinds of what is weighed: a word or a concept, and neighbours, in a sentence or in the mail as a whole.
const (
	aWord uint32 = iota + 1
	neighbours
	mailWord
	mailNeighbours
)

// netAny stands for a language in the keys of concepts: they weigh the same in all.
const netAny = ownLanguages

// weighed is the key of one or two stems in a language, or of a concept.
func weighed(language int, kind, first, second uint32) uint32 {
	h := (kind<<4 | uint32(language)) * 2654435761
	h = (h ^ first) * 2246822519
	h = (h ^ h>>15 ^ second) * 3266489917
	return (h ^ h>>13) | 1
}

// sums are weights added up, one for each head.
type sums [netHeads]int32

// add adds what a key weighs.
func (n *net) add(to *sums, key uint32) {
	for at := n.buckets[key>>(32-netBits)]; n.keys[at] <= key; at++ {
		if n.keys[at] == key {
			for head, w := range n.weights[at] {
				to[head] += int32(w)
			}
			return
		}
	}
}

// weigh adds up a sentence, and what it weighs in the mail.
func (n *net) weigh(language int, s *scratch, now *sentence, mail *sums) (sum sums) {
	s.stems = s.stems[:0]
	for i := range now.tokens {
		s.stems = append(s.stems, stem(now.word(i)))
	}
	n.weighWords(language, s.stems, &sum, mail)
	for _, c := range s.conceive(language, now) {
		key := s.m.concepts[c].key
		n.add(&sum, weighed(netAny, aWord, key, 0))
		n.add(mail, weighed(netAny, mailWord, key, 0))
	}
	return sum
}

// weighWords adds up a run of words.
func (n *net) weighWords(language int, stems []uint32, sentence, mail *sums) {
	for i, s := range stems {
		n.add(sentence, weighed(language, aWord, s, 0))
		n.add(mail, weighed(language, mailWord, s, 0))
		if i > 0 {
			n.add(sentence, weighed(language, neighbours, stems[i-1], s))
			n.add(mail, weighed(language, mailNeighbours, stems[i-1], s))
		}
	}
}

// sentenceLength and mailLength are what the sums of so many words are divided by: the root of how much they can weigh.
func sentenceLength(words int) float64 { return math.Sqrt(float64(3*words + 1)) }
func mailLength(words int) float64     { return math.Sqrt(float64(2*words + 1)) }

// likely is how likely it is that a mail of so many sentences asks for something, by the weight of the heaviest.
func likely(weight float64, sentences int) float64 {
	return 1 / (1 + math.Exp(-weight)*max(1, float64(sentences)/netUsual))
}

// heard is what the net makes of a mail: how likely each head is, and the sentence that weighs most for it.
type heard struct {
	likely [netHeads]float64
	best   [netHeads]catch
}

// catch is a sentence of a message.
type catch struct {
	weight   float64
	part     string
	text     string
	from, to int
}

func (c catch) evidence(right cases.Right) Evidence {
	return Evidence{Right: right, Rule: netRule, Text: c.text, Part: c.part, Start: c.from, End: c.to}
}

// listen weighs the sentences of a message.
func (n *net) listen(language int, s *scratch, passages []passage) (h heard) {
	for i := range h.best {
		h.best[i].weight = math.Inf(-1)
	}
	var mail sums
	words, sentences := 0, 0
	for _, p := range passages {
		if p.factor < 1 {
			continue // the subject of a thread was chosen for an earlier mail
		}
		from := s.aside.begin(p.text)
		for now, ok := from.next(); ok && sentences < netMost; now, ok = from.next() {
			first, last := int(now.tokens[0].from), int(now.tokens[len(now.tokens)-1].to)
			length := netScale * sentenceLength(len(now.tokens))
			for head, sum := range n.weigh(language, s, now, &mail) {
				if w := float64(sum) / length; w > h.best[head].weight {
					h.best[head] = catch{w, p.name, p.written[first:last], first + p.offset, last + p.offset}
				}
			}
			words, sentences = words+len(now.tokens), sentences+1
		}
	}
	for head, sum := range mail {
		h.likely[head] = likely(h.best[head].weight+float64(sum)/(netScale*mailLength(words))-netBias, sentences)
	}
	return h
}

// takenBack are the rights of which the rules heard something and took it back: "I do not ask you to delete anything".
func (v *Verdict) takenBack() []cases.Right {
	var out []cases.Right
	for _, e := range v.Cancelled {
		out = append(out, e.Right)
	}
	for _, e := range v.Evidence {
		if e.By != "" {
			out = append(out, e.Right)
		}
	}
	return slices.DeleteFunc(out, func(right cases.Right) bool { return slices.Contains(v.Rights, right) })
}

// asks is how likely it is that the mail asks for a right: halfway between how much it sounds like a request and how much
// like one for its likeliest right.
func (h heard) asks() float64 {
	odds := func(p float64) float64 { return p / max(1-p, 1e-9) }
	mean := math.Sqrt(odds(h.likely[0]) * odds(slices.Max(h.likely[1:])))
	return mean / (1 + mean)
}

// cast spreads the net under a verdict that hears no request, and shows what it catches to a person.
func (v *Verdict) cast(h heard, words int, o Options) {
	asks, sure := h.asks(), netSure
	if words < netFew {
		sure = netSurer
	}
	score := DefaultTriageThreshold + netWeight*(asks-sure)
	if asks < sure || score < o.TriageThreshold {
		return
	}
	v.Decision, v.Request, v.Guess, v.Score = ToTriage, true, true, math.Round(score*1000)/1000
	likeliest := slices.Max(h.likely[1:])
	for i, right := range cases.Rights() {
		if p := h.likely[1+i]; p >= netRight || p == likeliest {
			v.Rights = append(v.Rights, right)
			v.Evidence = append(v.Evidence, h.best[1+i].evidence(right))
		}
	}
}

// weighAgainst sets what the net makes of a mail against what the rules found. A phrase stands in many a mail that asks for
// nothing, or for something else: a right that nothing else in the mail sounds like is not filed, and where that was all, or
// the mail sounds like no request, a person looks first. Who cites the law means it.
func (v *Verdict) weighAgainst(h heard) {
	cited := func(right cases.Right) bool {
		return slices.ContainsFunc(v.Evidence, func(e Evidence) bool { return e.Right == right && strings.HasPrefix(e.Rule, "article.") })
	}
	denied := v.takenBack()
	var kept, doubted []cases.Right
	for i, right := range cases.Rights() {
		switch filed := slices.Contains(v.Rights, right); {
		case filed && h.likely[1+i] < netDoubt && !cited(right):
			doubted = append(doubted, right)
		case filed:
			kept = append(kept, right)
		case h.likely[1+i] >= netSays && !slices.Contains(denied, right):
			kept = append(kept, right)
			v.Evidence = append(v.Evidence, h.best[1+i].evidence(right))
		}
	}
	calm := slices.Max(h.likely[:]) < netCalm
	if len(kept) == 0 || calm && !slices.ContainsFunc(kept, cited) {
		v.Decision = ToTriage
	}
	if len(kept) > 0 {
		v.Rights = kept
	}
	for i := range v.Evidence {
		if e := &v.Evidence[i]; e.Rule != netRule && (calm || slices.Contains(doubted, e.Right)) {
			e.By = cmp.Or(e.By, netRule)
		}
	}
}
