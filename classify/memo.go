package classify

import (
	"hash/maphash"
	"slices"
)

const (
	memoWords = 8192      // a power of two
	memoAtoms = 96 << 10  // atoms remembered, give or take a sentence
	memoBytes = 128 << 10 // bytes of words remembered, likewise
)

// meaning is what a word stands for: a run of the atoms of a memo, those that anchor patterns first.
type meaning struct {
	from, others, end int32
	counts            [ownLanguages]uint8 // how often it is among the frequent words of each language
	common            uint16              // its place among those of the detector, 0 for none
	breaks            tongues             // the languages in which it begins a clause
}

// memo remembers what the words seen last stand for: a text says the same hundred words again and again.
// Its size is fixed: a word takes the place of another, and when the atoms are used up it begins anew.
type memo struct {
	seed  maphash.Seed
	words []remembered
	text  []byte // of the words
	atoms []atom
	found []atom
}

// remembered is a word, a run of the text of a memo, and its meaning.
type remembered struct {
	hash     uint64 // 0 for none
	from, to int32
	meaning
}

func newMemo() memo { return memo{seed: maphash.MakeSeed(), words: make([]remembered, memoWords)} }

func (m *memo) all(w *meaning) []atom     { return m.atoms[w.from:w.end] }
func (m *memo) anchors(w *meaning) []atom { return m.atoms[w.from:w.others] }

// tidy makes room: between sentences, for the words of one must keep their meanings.
func (m *memo) tidy() {
	if len(m.atoms) > memoAtoms || len(m.text) > memoBytes {
		clear(m.words)
		m.atoms, m.text = m.atoms[:0], m.text[:0]
	}
}

// lookup is the meaning of a word. It holds until the memo is tidied. A word has two places: a new one takes the first,
// and what it finds there the second.
func (m *memo) lookup(by *matcher, word []byte) meaning {
	hash := maphash.Bytes(m.seed, word) | 1
	first, second := &m.words[hash%memoWords|1], &m.words[hash%memoWords&^1]
	if m.is(first, hash, word) {
		return first.meaning
	}
	if !m.is(second, hash, word) {
		*second = remembered{hash: hash, from: int32(len(m.text)), to: int32(len(m.text) + len(word)), meaning: m.learn(by, word)}
		m.text = append(m.text, word...)
	}
	*first, *second = *second, *first
	return first.meaning
}

func (m *memo) is(r *remembered, hash uint64, word []byte) bool {
	return r.hash == hash && string(m.text[r.from:r.to]) == string(word)
}

// learn looks a word up in the rules.
func (m *memo) learn(by *matcher, word []byte) meaning {
	m.found = by.words.lookup(word, m.found[:0])
	w := meaning{from: int32(len(m.atoms)), common: by.frequent[string(word)]}
	for _, a := range m.found {
		if by.anchoring.has(a) {
			m.atoms = append(m.atoms, a)
		}
	}
	w.others = int32(len(m.atoms))
	for _, a := range m.found {
		if !by.anchoring.has(a) {
			m.atoms = append(m.atoms, a)
		}
		if l := a - by.common[0]; l < ownLanguages {
			w.counts[l]++
		}
		if l := slices.Index(by.breaks[:], a); l >= 0 {
			w.breaks |= 1 << l
		}
	}
	w.end = int32(len(m.atoms))
	return w
}
