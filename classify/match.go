package classify

import "slices"

// The matcher looks at one sentence at a time. A word gives atoms; atoms give entries of lists, which are
// atoms too; atoms give phrases of rules. A pattern is looked at only where its rarest atom stands in the
// sentence, and a sentence has a bounded number of words and of places per atom: so the work for a text
// grows with its length, whatever it says.

const (
	maxSpans = 24 // places kept of one atom, or of one part of a phrase, in a sentence
	maxHits  = 4  // places kept of one phrase in a sentence
)

// span is a run of words: from first to before last.
type span struct{ first, last int16 }

func (s span) contains(o span) bool { return s.first <= o.first && o.last <= s.last }

// pattern is a phrase as the matcher holds it: stretches of words in any order. There are tens of thousands of
// them, for as long as the program runs: so they are small, and lie side by side.
type pattern struct {
	first, last int32 // its stretches
	list        atom  // the list that a match is an entry of, or -1
	rule        int32 // the rule that a match is a phrase of, or -1
	level       uint8
	question    bool // only in a question
}

// stretch is a part of a pattern: steps in order.
type stretch struct {
	first, last int32 // its strides
	head, tail  bool  // begins, ends the sentence
}

// stride is an atom, and how many words may stand before it.
type stride struct {
	atom atom
	gap  uint8
}

type matcher struct {
	words     *words
	spoken    []tongues          // by atom: the languages whose rules ask for it
	common    [ownLanguages]atom // a frequent word of a language
	patterns  []pattern
	stretches []stretch
	strides   []stride
	anchors   []int32    // where in anchored the patterns of an atom begin; they end where the next one's begin
	anchored  []anchored // patterns by their anchor
	anchoring atoms      // those with patterns
	breaks    atoms      // words that begin a clause: mais, maar, aber, but
	article   atom       // the word before an article's number
	law       atom       // a name of the GDPR
	atoms     int
	levels    int
}

// anchored is a pattern beside what decides whether it is looked at.
type anchored struct {
	pattern int32
	also    atom // another atom that it needs, the next rarest, or its anchor again
	level   uint8
	spoken  tongues
}

// waiting is a pattern whose anchor stands in the sentence.
type waiting struct {
	pattern int32
	also    atom
}

// hit is a phrase of a rule found in a sentence.
type hit struct {
	rule int32
	span span
}

// scratch is the working memory of one call. It is reused, so that a call allocates nothing in proportion
// to the number of rules.
//
// Most words mean something to some list, and most of that to no phrase near them. So a word only marks its
// atoms as present; where an atom stands is worked out when a pattern asks.
type scratch struct {
	m       *matcher
	reader  reader
	present atoms    // in this sentence
	placed  atoms    // whose places are worked out
	places  [][]span // by atom
	written []atom   // those with places
	spoken  tongues  // the languages whose rules may speak of this sentence
	found   []atom   // of its words, one after the other
	ends    []int32  // where those of each word end
	memo    memo
	chain   []link  // the places of atoms that words stand for, each with the one before
	last    []int32 // by atom that is present: its last link
	queue   [][]waiting
	hits    []hit
	a, b, c []span
}

func newScratch(m *matcher) *scratch {
	return &scratch{
		m: m, present: newAtoms(m.atoms), placed: newAtoms(m.atoms), places: make([][]span, m.atoms), last: make([]int32, m.atoms),
		queue: make([][]waiting, m.levels+1),
	}
}

// link is a word that stands for an atom, and the link of the word before that does, or -1.
type link struct {
	word   int16
	before int32
}

// atoms is a set of them.
type atoms []uint64

func newAtoms(n int) atoms { return make(atoms, n/64+1) }

func (s atoms) has(a atom) bool { return s[a>>6]&(1<<(a&63)) != 0 }
func (s atoms) add(a atom)      { s[a>>6] |= 1 << (a & 63) }

// match finds the phrases in a sentence of a mail in the language main ("" when it is not known). The result is
// valid until the next call.
func (s *scratch) match(now *sentence, main string) []hit {
	s.begin()
	s.read(now)
	s.spoken = spoken(now, main)
	clauses, from := int16(0), int32(0)
	for i := range now.tokens {
		begins := false
		for _, a := range s.found[from:s.ends[i]] {
			begins = begins || s.m.breaks.has(a)
			if s.m.spoken[a]&s.spoken == 0 {
				continue
			}
			s.mark(a)
			s.chain = append(s.chain, link{int16(i), s.last[a]})
			s.last[a] = int32(len(s.chain) - 1)
		}
		from = s.ends[i]
		if i > 0 && begins {
			clauses++
		}
		now.tokens[i].clause += clauses
	}
	for level := 1; level <= s.m.levels; level++ {
		for i := 0; i < len(s.queue[level]); i++ {
			if w := s.queue[level][i]; s.present.has(w.also) {
				s.try(&s.m.patterns[w.pattern], now)
			}
		}
		s.queue[level] = s.queue[level][:0]
	}
	return s.hits
}

// read looks up the words of a sentence, and counts the frequent ones of each language.
func (s *scratch) read(now *sentence) {
	s.found, s.ends = s.found[:0], s.ends[:0]
	now.common = [ownLanguages]int{}
	for i := range now.tokens {
		from := len(s.found)
		s.found = s.memo.lookup(s.m.words, now.word(i), s.found)
		for _, a := range s.found[from:] {
			if l := a - s.m.common[0]; l >= 0 && l < ownLanguages {
				now.common[l]++
			}
		}
		s.ends = append(s.ends, int32(len(s.found)))
	}
}

// begin forgets the sentence before.
func (s *scratch) begin() {
	clear(s.present)
	clear(s.placed)
	for _, a := range s.written {
		s.places[a] = s.places[a][:0]
	}
	s.written, s.chain, s.hits = s.written[:0], s.chain[:0], s.hits[:0]
}

// mark notes that an atom is present; at its first place the patterns that it anchors are queued.
func (s *scratch) mark(a atom) {
	if s.present.has(a) {
		return
	}
	s.present.add(a)
	s.last[a] = -1
	if !s.m.anchoring.has(a) {
		return
	}
	for _, p := range s.m.anchored[s.m.anchors[a]:s.m.anchors[a+1]] {
		if p.spoken&s.spoken == 0 {
			continue
		}
		s.queue[p.level] = append(s.queue[p.level], waiting{p.pattern, p.also})
	}
}

// spans are the places of an atom.
func (s *scratch) spans(a atom) []span {
	if !s.present.has(a) {
		return nil
	}
	if s.placed.has(a) {
		return s.places[a]
	}
	s.placed.add(a)
	s.written = append(s.written, a)
	list := s.places[a]
	for i := s.last[a]; i >= 0; i = s.chain[i].before {
		at := span{s.chain[i].word, s.chain[i].word + 1}
		if n := len(list); n == 0 || list[n-1] != at {
			list = append(list, at)
		}
	}
	slices.Reverse(list)
	list = list[:min(len(list), maxSpans)]
	s.places[a] = list
	return list
}

// put notes a place of a list.
func (s *scratch) put(a atom, at span) {
	s.mark(a)
	if list := s.spans(a); len(list) < maxSpans && !slices.Contains(list, at) {
		s.places[a] = append(list, at)
	}
}

func (s *scratch) try(p *pattern, now *sentence) {
	if p.question && !now.question {
		return
	}
	parts := s.m.stretches[p.first:p.last]
	for _, step := range s.m.strides[parts[0].first:parts[len(parts)-1].last] {
		if !s.present.has(step.atom) {
			return
		}
	}
	found := s.stretch(parts[0], len(now.tokens), s.a[:0])
	s.a = found
	for i := 1; i < len(parts) && len(found) > 0; i++ {
		s.b = s.stretch(parts[i], len(now.tokens), s.b[:0])
		s.c = join(found, s.b, s.c[:0])
		found = append(found[:0], s.c...)
		s.a = found
	}
	if p.rule < 0 {
		for _, at := range found {
			s.put(p.list, at)
		}
		return
	}
	for i, at := range found {
		if i == maxHits {
			break
		}
		s.hits = append(s.hits, hit{p.rule, at})
	}
}

// stretch finds the places of a part of a pattern.
func (s *scratch) stretch(q stretch, length int, out []span) []span {
	steps := s.m.strides[q.first:q.last]
	for _, at := range s.spans(steps[0].atom) {
		if !q.head || at.first == 0 {
			out = append(out, at)
		}
	}
	for i := 1; i < len(steps) && len(out) > 0; i++ {
		n := len(out)
		for _, next := range s.spans(steps[i].atom) {
			if at, ok := follow(out[:n], next, int(steps[i].gap)); ok && len(out)-n < maxSpans {
				out = append(out, at)
			}
		}
		out = append(out[:0], out[n:]...)
	}
	if q.tail {
		out = slices.DeleteFunc(out, func(at span) bool { return int(at.last) != length })
	}
	return out
}

// follow finds the nearest of the places before next that lies at most gap words away.
func follow(before []span, next span, gap int) (span, bool) {
	best, ok := span{}, false
	for _, b := range before {
		d := int(next.first) - int(b.last)
		if d >= 0 && d <= gap && (!ok || b.first > best.first) {
			best, ok = span{b.first, next.last}, true
		}
	}
	return best, ok
}

// join pairs places of two parts that stand near one another, in either order, or one within the other.
func join(left, right, out []span) []span {
	for _, l := range left {
		for _, r := range right {
			d := max(int(r.first)-int(l.last), int(l.first)-int(r.last))
			if d <= apart && (d >= 0 || l.contains(r) || r.contains(l)) && len(out) < maxSpans {
				out = append(out, span{min(l.first, r.first), max(l.last, r.last)})
			}
		}
	}
	return out
}
