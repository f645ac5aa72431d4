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

// sequence is a part of a phrase: atoms in order, gaps[i] words allowed before atoms[i].
type sequence struct {
	atoms      []atom
	gaps       []int
	carry      int // gap of optional words left out, owed to the next step
	head, tail bool
}

type pattern struct {
	parts    []sequence
	needs    []atom
	question bool // only in a question
	anchor   atom
	level    int
	list     atom  // the list that a match is an entry of, or -1
	rule     int32 // the rule that a match is a phrase of, or -1
}

type matcher struct {
	words    *words
	patterns []pattern
	byAnchor [][]int32
	breaks   []atom // words that begin a clause: mais, maar, aber, but
	article  atom   // the word before an article's number
	law      atom   // a name of the GDPR
	atoms    int
	levels   int
}

// hit is a phrase of a rule found in a sentence.
type hit struct {
	rule int32
	span span
}

// scratch is the working memory of one call. It is reused, so that a call allocates nothing in proportion
// to the number of rules.
type scratch struct {
	m       *matcher
	reader  reader
	spans   [][]span // by atom
	present []atom
	queue   [][]int32 // by level
	hits    []hit
	a, b, c []span
}

func newScratch(m *matcher) *scratch {
	return &scratch{m: m, spans: make([][]span, m.atoms), queue: make([][]int32, m.levels+1)}
}

// match finds the phrases in a sentence. The result is valid until the next call.
func (s *scratch) match(now *sentence) []hit {
	for _, a := range s.present {
		s.spans[a] = s.spans[a][:0]
	}
	s.present, s.hits = s.present[:0], s.hits[:0]
	clauses := int16(0)
	for i := range now.tokens {
		s.m.words.lookup(now.word(i), func(a atom) { s.put(a, span{int16(i), int16(i + 1)}) })
		if i > 0 && s.isBreak(int16(i)) {
			clauses++
		}
		now.tokens[i].clause += clauses
	}
	for level := 1; level <= s.m.levels; level++ {
		for i := 0; i < len(s.queue[level]); i++ {
			s.try(&s.m.patterns[s.queue[level][i]], now)
		}
		s.queue[level] = s.queue[level][:0]
	}
	return s.hits
}

func (s *scratch) isBreak(i int16) bool {
	for _, a := range s.m.breaks {
		if n := len(s.spans[a]); n > 0 && s.spans[a][n-1].first == i {
			return true
		}
	}
	return false
}

// put notes that an atom stands at a place; at its first place the patterns that it anchors are queued.
func (s *scratch) put(a atom, at span) {
	spans := s.spans[a]
	if len(spans) == 0 {
		s.present = append(s.present, a)
		for _, p := range s.m.byAnchor[a] {
			level := s.m.patterns[p].level
			s.queue[level] = append(s.queue[level], p)
		}
	}
	if len(spans) < maxSpans && !slices.Contains(spans, at) {
		s.spans[a] = append(spans, at)
	}
}

func (s *scratch) try(p *pattern, now *sentence) {
	if p.question && !now.question {
		return
	}
	for _, a := range p.needs {
		if len(s.spans[a]) == 0 {
			return
		}
	}
	found := s.sequence(&p.parts[0], len(now.tokens), s.a[:0])
	s.a = found
	for i := 1; i < len(p.parts) && len(found) > 0; i++ {
		s.b = s.sequence(&p.parts[i], len(now.tokens), s.b[:0])
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

// sequence finds the places of a part of a phrase.
func (s *scratch) sequence(q *sequence, length int, out []span) []span {
	for _, at := range s.spans[q.atoms[0]] {
		if !q.head || at.first == 0 {
			out = append(out, at)
		}
	}
	for i := 1; i < len(q.atoms) && len(out) > 0; i++ {
		n := len(out)
		for _, next := range s.spans[q.atoms[i]] {
			if at, ok := follow(out[:n], next, q.gaps[i]); ok && len(out)-n < maxSpans {
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
