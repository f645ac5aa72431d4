package classify

import "encoding/binary"

const (
	memoWords = 2048     // a power of two
	memoBytes = 16       // longest word remembered
	memoAtoms = 16 << 10 // atoms remembered in all
)

// memo remembers what the words seen last stand for: a text says the same hundred words again and again.
// Its size is fixed: a word takes the place of another, and when the atoms are used up it begins anew.
type memo struct {
	words [memoWords]struct {
		word  [memoBytes]byte
		known bool
		n     uint16
		from  int32
	}
	atoms []atom
}

// lookup is words.lookup.
func (m *memo) lookup(w *words, word []byte, out []atom) []atom {
	if len(word) > memoBytes {
		return w.lookup(word, out)
	}
	var key [memoBytes]byte
	copy(key[:], word)
	low, high := binary.LittleEndian.Uint64(key[:8]), binary.LittleEndian.Uint64(key[8:])
	at := &m.words[((low^high*0x9E3779B97F4A7C15)*0xD6E8FEB86659FD93)>>(64-11)]
	if at.known && at.word == key {
		return append(out, m.atoms[at.from:at.from+int32(at.n)]...)
	}
	before := len(out)
	out = w.lookup(word, out)
	found := out[before:]
	if len(m.atoms)+len(found) > memoAtoms {
		clear(m.words[:])
		m.atoms = m.atoms[:0]
	}
	if len(found) <= memoAtoms {
		at.word, at.known, at.n, at.from = key, true, uint16(len(found)), int32(len(m.atoms))
		m.atoms = append(m.atoms, found...)
	}
	return out
}
