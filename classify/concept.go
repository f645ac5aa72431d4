package classify

import (
	"maps"
	"slices"
	"strings"
)

// A concept is what a list of the rules stands for, whatever the language: @erase holds "effacer" in French and "löschen" in
// German. The net weighs concepts beside the words themselves, so that what it learnt in one language serves it in all.
type concept struct {
	name   string // "@erase"
	key    uint32 // of the name, for the net
	spoken tongues
}

// asking is the concept of a question mark; it is the first of them, and no word stands for it.
const asking = "?"

// conceive numbers the lists of the rules as concepts.
func (b *builder) conceive(m *matcher) {
	m.concepts, m.conceptOf = []concept{{asking, hash(asking), anyTongue}}, make([]uint16, m.atoms)
	for _, name := range slices.Sorted(maps.Keys(b.lists)) {
		language, bare, _ := strings.Cut(name, ".")
		m.conceptOf[b.atoms[name]] = uint16(len(m.concepts))
		m.concepts = append(m.concepts, concept{bare, hash(bare), tonguesOf(language)})
	}
}

// conceive finds the concepts of a sentence, in the lists of one language and in those of all: each once for every word
// that stands for it. The result is valid until the next call.
func (s *scratch) conceive(language int, now *sentence) []uint16 {
	if len(now.words) == 0 {
		s.memo.tidy()
		s.lookUp(now)
	}
	s.concepts = s.concepts[:0]
	if now.question {
		s.concepts = append(s.concepts, 0)
	}
	for i := range now.words {
		before := len(s.concepts)
		for _, a := range s.memo.all(&now.words[i]) {
			c := s.m.conceptOf[a]
			if c > 0 && s.m.concepts[c].spoken&(1<<language) != 0 && !slices.Contains(s.concepts[before:], c) {
				s.concepts = append(s.concepts, c)
			}
		}
	}
	return s.concepts
}
