package classify

// minFuzzy is the length in letters from which a word may be written with one slip.
const minFuzzy = 6

// fuzzyHead is how many letters at the beginning must be right even so: it keeps the candidates few.
const fuzzyHead = 2

// atom names what may stand at a place in a sentence: a word of the rules, or a list.
type atom uint16

// maxAtoms is how many there can be.
const maxAtoms = 1 << 16

// words finds the atoms that a single word of a text stands for. Lookup costs a step a letter, however many
// words there are.
type words struct {
	forward  trie // words and beginnings of words
	backward trie // ends of words, read from the end
	fuzzy    map[[fuzzyHead]byte][]slip
}

// trie is laid out flat: the children of a node lie side by side, as do its atoms.
type trie struct {
	nodes  []node
	labels []byte // the letter that leads to each node
	atoms  []atom
	root   [256]int32 // children of the first node, 0 for none
}

// node is a beginning of words: where its children and its atoms begin. They end where those of the next
// node begin.
type node struct {
	children int32
	prefix   int32 // atoms of every word that begins so, then
	exact    int32 // atoms of the word that ends here
}

// slip is a word that may be written with one letter wrong, missing, doubled or swapped.
type slip struct {
	word   string
	prefix bool
	atoms  []atom
}

// lookup appends the atoms that the word stands for. Slips count only for words unknown as they are written.
func (w *words) lookup(word []byte, out []atom) []atom {
	before := len(out)
	at := w.forward.root[word[0]]
	for i := 1; at != 0; i++ {
		out = append(out, w.forward.prefix(at)...)
		if i == len(word) {
			out = append(out, w.forward.exact(at)...)
			break
		}
		at = w.forward.child(at, word[i])
	}
	at = w.backward.root[word[len(word)-1]]
	for i := len(word) - 2; at != 0; i-- {
		out = append(out, w.backward.prefix(at)...)
		if i < 0 {
			break
		}
		at = w.backward.child(at, word[i])
	}
	if len(out) > before || len(word) < minFuzzy-1 {
		return out
	}
	for _, s := range w.fuzzy[[fuzzyHead]byte{word[0], word[1]}] {
		if oneSlip(word, s.word, s.prefix) {
			out = append(out, s.atoms...)
		}
	}
	return out
}

func (t *trie) prefix(at int32) []atom { return t.atoms[t.nodes[at].prefix:t.nodes[at].exact] }
func (t *trie) exact(at int32) []atom  { return t.atoms[t.nodes[at].exact:t.nodes[at+1].prefix] }

// child is the node that a letter leads to, or 0.
func (t *trie) child(at int32, letter byte) int32 {
	first, last := t.nodes[at].children, t.nodes[at+1].children
	for i, l := range t.labels[first:last] {
		if l == letter {
			return first + int32(i)
		}
	}
	return 0
}

// oneSlip reports whether got is want, or begins with it where prefix is set, but for one letter wrong,
// missing, too many, or two swapped.
func oneSlip(got []byte, want string, prefix bool) bool {
	i := 0
	for i < len(got) && i < len(want) && got[i] == want[i] {
		i++
	}
	return same(got, i+1, want, i+1, prefix) || // wrong
		same(got, i, want, i+1, prefix) || // missing
		same(got, i+1, want, i, prefix) || // too many
		i+1 < len(got) && i+1 < len(want) && got[i] == want[i+1] && got[i+1] == want[i] && same(got, i+2, want, i+2, prefix)
}

func same(got []byte, i int, want string, j int, prefix bool) bool {
	if i > len(got) || j > len(want) {
		return false
	}
	if prefix {
		return len(got)-i >= len(want)-j && string(got[i:i+len(want)-j]) == want[j:]
	}
	return string(got[i:]) == want[j:]
}
