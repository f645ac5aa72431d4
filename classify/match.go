package classify

import "slices"

// The matcher looks at one sentence at a time. A word gives atoms; atoms give entries of lists, which are
// atoms too; atoms give phrases of rules. A pattern is looked at only where its rarest atom, the anchor, stands in the
// sentence, and only after sifting (sift.go); and a sentence has a bounded number of words and of places per atom: so
// the work for a text grows with its length, whatever it says.

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
	stretches int32 // where its stretches begin; they end where those of the next one begin
	strides   int32 // where the strides of all of them begin
	rule      int32 // the rule that a match is a phrase of, or -1:
	list      atom  // then it is an entry of this list
	question  bool  // only in a question
	more      bool  // it needs more than its anchor, and the word that is asked for beside it
}

// stretch is a part of a pattern: steps in order.
type stretch struct {
	strides    int32 // where its strides begin; they end where those of the next one begin
	head, tail bool  // begins, ends the sentence
}

// stride is an atom, and how many words may stand before it.
type stride struct {
	atom atom
	gap  uint8
}

type matcher struct {
	words     *words
	frequent  map[string]uint16  // of the detector: it reads with the same memo
	spoken    []tongues          // by atom: the languages whose rules ask for it
	common    [ownLanguages]atom // a frequent word of a language
	patterns  []pattern          // and one behind the last
	stretches []stretch          // likewise
	strides   []stride
	anchors   []int32            // where in anchored the patterns of an atom begin; they end where the next one's begin
	anchored  []anchored         // patterns by their anchor
	anchoring atoms              // those with patterns
	breaks    [ownLanguages]atom // a word that begins a clause in a language: mais, maar, aber, but
	article   atom               // the word before an article's number
	law       atom               // a name of the GDPR
	concepts  []concept
	conceptOf []uint16 // by atom: its place in concepts, 0 for none
	atoms     int
	levels    int
}

// anchored is a pattern beside what decides whether it is looked at.
type anchored struct {
	pattern int32
	also    atom // a word that it needs, the next rarest, or its anchor again
	level   uint8
	spoken  tongues
}

// hit is a phrase of a rule found in a sentence.
type hit struct {
	rule int32
	span span
}

// scratch is the working memory of one call. It is reused, so that a call allocates nothing in proportion
// to the number of rules.
type scratch struct {
	m        *matcher
	reader   reader // of the writer's words
	aside    reader // of the rest
	memo     memo
	repeats  repeats
	spoken   tongues      // the languages whose rules may speak of the sentence
	possible marks[atom]  // those that stand in it, and the lists that may
	queued   marks[atom]  // those whose patterns are queued
	asked    marks[atom]  // those that a pattern asks for whose match would count
	wanted   marks[int32] // patterns whose match would count
	queue    [][]int32    // patterns to look at, by level
	straight []int        // how many of them words anchor
	places   [][]span     // by atom: where those asked for stand
	placed   []atom       // those with places
	hits     []hit
	a, b, c  []span
	stems    []uint32 // of the words that the net weighs
	concepts []uint16 // that they stand for
}

func newScratch(m *matcher) *scratch {
	return &scratch{
		m: m, memo: newMemo(), repeats: repeats{from: repeatText}, places: make([][]span, m.atoms), queue: make([][]int32, m.levels+1), straight: make([]int, m.levels+1),
		possible: newMarks[atom](m.atoms), queued: newMarks[atom](m.atoms), asked: newMarks[atom](m.atoms), wanted: newMarks[int32](len(m.patterns)),
	}
}

// anchoredBy are the patterns that an atom anchors.
func (m *matcher) anchoredBy(a atom) []anchored { return m.anchored[m.anchors[a]:m.anchors[a+1]] }

// steps are all strides of a pattern.
func (m *matcher) steps(p int32) []stride {
	return m.strides[m.patterns[p].strides:m.patterns[p+1].strides]
}

// atoms is a set of them.
type atoms []uint64

func newAtoms(n int) atoms { return make(atoms, n/64+1) }

func (s atoms) has(a atom) bool { return s[a>>6]&(1<<(a&63)) != 0 }
func (s atoms) add(a atom)      { s[a>>6] |= 1 << (a & 63) }

// match finds the phrases in a sentence, of the rules that matter to t; all of them where t is nil. The result is valid
// until the next call.
func (s *scratch) match(now *sentence, t *tally) []hit {
	s.begin()
	s.read(now)
	s.spoken = spoken(now, t.main())
	s.part(now)
	s.mark(now)
	s.suppose(now)
	if s.ask(t) {
		s.find(now)
	}
	return s.hits
}

// release lets go of the texts.
func (s *scratch) release() {
	s.reader.begin("")
	s.aside.begin("")
}

// begin forgets the sentence before.
func (s *scratch) begin() {
	s.possible.clear()
	s.queued.clear()
	s.asked.clear()
	s.wanted.clear()
	for _, a := range s.placed {
		s.places[a] = s.places[a][:0]
	}
	s.placed, s.hits = s.placed[:0], s.hits[:0]
	for level := range s.queue {
		s.queue[level] = s.queue[level][:0]
	}
}

// read looks up the words of a sentence, and counts the frequent ones of each language.
func (s *scratch) read(now *sentence) {
	if len(now.words) == 0 {
		s.memo.tidy()
		s.lookUp(now)
	}
	now.common = [ownLanguages]int{}
	for i := range now.words {
		for l, n := range now.words[i].counts {
			now.common[l] += int(n)
		}
	}
}

// part counts the clauses that words begin in the languages of the sentence: "want" does in Dutch, not in English.
func (s *scratch) part(now *sentence) {
	clauses := int16(0)
	for i := range now.words {
		if i > 0 && now.words[i].breaks&s.spoken != 0 {
			clauses++
		}
		now.tokens[i].clause += clauses
	}
}

// lookUp finds what the words of a sentence stand for. It holds until the memo is tidied.
func (s *scratch) lookUp(now *sentence) {
	for i := range now.tokens {
		now.words = append(now.words, s.memo.lookup(s.m, now.word(i)))
	}
}

// find looks at the wanted patterns, level by level: those that words anchor, and behind them, as they are found, those
// that lists do.
func (s *scratch) find(now *sentence) {
	for i := range now.words {
		for _, a := range s.memo.all(&now.words[i]) {
			if s.asked.has(a) {
				s.put(a, span{int16(i), int16(i) + 1})
			}
		}
	}
	for level := 1; level <= s.m.levels; level++ {
		for i := 0; i < len(s.queue[level]); i++ {
			s.try(s.queue[level][i], now)
		}
	}
}

// list notes a place of a list; at the first one the wanted patterns that it anchors are queued.
func (s *scratch) list(a atom, at span) {
	if len(s.places[a]) == 0 {
		for _, p := range s.m.anchoredBy(a) {
			if s.wanted.has(p.pattern) {
				s.queue[p.level] = append(s.queue[p.level], p.pattern)
			}
		}
	}
	s.put(a, at)
}

// put notes a place of an atom.
func (s *scratch) put(a atom, at span) {
	list := s.places[a]
	if len(list) == 0 {
		s.placed = append(s.placed, a)
	}
	if len(list) < maxSpans && !slices.Contains(list, at) {
		s.places[a] = append(list, at)
	}
}

func (s *scratch) try(at int32, now *sentence) {
	p, next := &s.m.patterns[at], &s.m.patterns[at+1]
	s.a = s.stretch(p.stretches, len(now.tokens), s.a[:0])
	for i := p.stretches + 1; i < next.stretches && len(s.a) > 0; i++ {
		s.b = s.stretch(i, len(now.tokens), s.b[:0])
		s.c = join(s.a, s.b, s.c[:0])
		s.a, s.c = s.c, s.a
	}
	if p.rule < 0 {
		for _, at := range s.a {
			s.list(p.list, at)
		}
		return
	}
	for _, at := range s.a[:min(len(s.a), maxHits)] {
		s.hits = append(s.hits, hit{p.rule, at})
	}
}

// stretch finds the places of a part of a pattern.
func (s *scratch) stretch(at int32, length int, out []span) []span {
	q := s.m.stretches[at]
	steps := s.m.strides[q.strides:s.m.stretches[at+1].strides]
	for _, at := range s.places[steps[0].atom] {
		if !q.head || at.first == 0 {
			out = append(out, at)
		}
	}
	for i := 1; i < len(steps) && len(out) > 0; i++ {
		n := len(out)
		for _, next := range s.places[steps[i].atom] {
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
