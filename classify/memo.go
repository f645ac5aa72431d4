package classify

import "encoding/binary"

const (
	memoWords = 4096     // a power of two
	memoBytes = 16       // longest word remembered
	memoAtoms = 48 << 10 // atoms remembered, give or take a sentence
)

// meaning is what a word stands for: a run of the atoms of a memo, those that anchor patterns first.
type meaning struct {
	from, others, end int32
	common            [ownLanguages]uint8 // how often it is among the frequent words of each language
	breaks            bool                // it begins a clause
}

// memo remembers what the words seen last stand for: a text says the same hundred words again and again.
// Its size is fixed: a word takes the place of another, and when the atoms are used up it begins anew.
type memo struct {
	words [memoWords]struct {
		word  [memoBytes]byte
		known bool
		meaning
	}
	atoms []atom
	found []atom
}

func (m *memo) all(w *meaning) []atom     { return m.atoms[w.from:w.end] }
func (m *memo) anchors(w *meaning) []atom { return m.atoms[w.from:w.others] }
func (m *memo) others(w *meaning) []atom  { return m.atoms[w.others:w.end] }

// tidy makes room: between sentences, for the words of one must keep their meanings.
func (m *memo) tidy() {
	if len(m.atoms) > memoAtoms {
		clear(m.words[:])
		m.atoms = m.atoms[:0]
	}
}

// lookup is the meaning of a word. It holds until the memo is tidied.
func (m *memo) lookup(by *matcher, word []byte) meaning {
	if len(word) > memoBytes {
		return m.learn(by, word)
	}
	var key [memoBytes]byte
	copy(key[:], word)
	low, high := binary.LittleEndian.Uint64(key[:8]), binary.LittleEndian.Uint64(key[8:])
	at := &m.words[((low^high*0x9E3779B97F4A7C15)*0xD6E8FEB86659FD93)>>(64-12)]
	if !at.known || at.word != key {
		at.word, at.known, at.meaning = key, true, m.learn(by, word)
	}
	return at.meaning
}

// learn looks a word up in the rules.
func (m *memo) learn(by *matcher, word []byte) meaning {
	m.found = by.words.lookup(word, m.found[:0])
	w := meaning{from: int32(len(m.atoms))}
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
		if l := a - by.common[0]; l >= 0 && l < ownLanguages {
			w.common[l]++
		}
		w.breaks = w.breaks || by.breaks.has(a)
	}
	w.end = int32(len(m.atoms))
	return w
}
