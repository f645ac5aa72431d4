package classify

import "encoding/binary"

const (
	memoWords = 1024 // a power of two
	memoBytes = 16   // longest word remembered
	memoAtoms = 12   // most atoms remembered of one word
)

// memo remembers what the words seen last stand for: a text says the same hundred words again and again.
// Its size is fixed; a word takes the place of another.
type memo [memoWords]struct {
	word  [memoBytes]byte
	known bool
	n     uint8
	atoms [memoAtoms]atom
}

// lookup is words.lookup.
func (m *memo) lookup(w *words, word []byte, out []atom) []atom {
	if len(word) > memoBytes {
		return w.lookup(word, out)
	}
	var key [memoBytes]byte
	copy(key[:], word)
	low, high := binary.LittleEndian.Uint64(key[:8]), binary.LittleEndian.Uint64(key[8:])
	at := &m[((low^high*0x9E3779B97F4A7C15)*0xD6E8FEB86659FD93)>>(64-10)]
	if at.known && at.word == key {
		return append(out, at.atoms[:at.n]...)
	}
	before := len(out)
	out = w.lookup(word, out)
	if n := copy(at.atoms[:], out[before:]); n == len(out)-before {
		at.word, at.known, at.n = key, true, uint8(n)
	} else {
		at.known = false
	}
	return out
}
