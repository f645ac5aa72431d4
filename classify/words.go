package classify

// minFuzzy is the length in letters from which a word may be written with one slip.
const minFuzzy = 6

// fuzzyHead is how many letters at the beginning must be right even so: it keeps the candidates few.
const fuzzyHead = 2

// atom names what may stand at a place in a sentence: a word of the rules, or a list.
type atom int32

// words finds the atoms that a single word of a text stands for. Lookup costs a step a letter, however many
// words there are.
type words struct {
	nodes  []node
	edges  map[edge]int32
	suffix map[string][]atom
	longs  []int // lengths of the suffixes, ascending
	fuzzy  map[[fuzzyHead]byte][]slip
}

type edge struct {
	from int32
	by   byte
}

type node struct {
	exact  []atom
	prefix []atom
}

// slip is a word that may be written with one letter wrong, missing, doubled or swapped.
type slip struct {
	word   string
	prefix bool
	atoms  []atom
}

func newWords() *words {
	return &words{
		nodes:  make([]node, 1),
		edges:  map[edge]int32{},
		suffix: map[string][]atom{},
		fuzzy:  map[[fuzzyHead]byte][]slip{},
	}
}

// add enters a word with its marks, as literal gives it.
func (w *words) add(mark string, a atom) {
	fuzzy := mark[0] == '~'
	if fuzzy {
		mark = mark[1:]
	}
	if mark[0] == '*' {
		w.addSuffix(mark[1:], a)
		return
	}
	prefix := mark[len(mark)-1] == '*'
	if prefix {
		mark = mark[:len(mark)-1]
	}
	at := int32(0)
	for i := range len(mark) {
		e := edge{at, mark[i]}
		next, ok := w.edges[e]
		if !ok {
			next = int32(len(w.nodes))
			w.nodes = append(w.nodes, node{})
			w.edges[e] = next
		}
		at = next
	}
	if prefix {
		w.nodes[at].prefix = append(w.nodes[at].prefix, a)
	} else {
		w.nodes[at].exact = append(w.nodes[at].exact, a)
	}
	if fuzzy {
		head := [fuzzyHead]byte{mark[0], mark[1]}
		w.fuzzy[head] = append(w.fuzzy[head], slip{mark, prefix, []atom{a}})
	}
}

func (w *words) addSuffix(s string, a atom) {
	if _, ok := w.suffix[s]; !ok {
		i := 0
		for i < len(w.longs) && w.longs[i] < len(s) {
			i++
		}
		if i == len(w.longs) || w.longs[i] != len(s) {
			w.longs = append(w.longs, 0)
			copy(w.longs[i+1:], w.longs[i:])
			w.longs[i] = len(s)
		}
	}
	w.suffix[s] = append(w.suffix[s], a)
}

// lookup calls found for each atom that the word stands for. Slips count only for words unknown as they
// are written.
func (w *words) lookup(word []byte, found func(atom)) {
	at, known := int32(0), false
	for _, c := range word {
		next, ok := w.edges[edge{at, c}]
		if !ok {
			at = -1
			break
		}
		at = next
		for _, a := range w.nodes[at].prefix {
			known = true
			found(a)
		}
	}
	if at > 0 {
		for _, a := range w.nodes[at].exact {
			known = true
			found(a)
		}
	}
	for _, n := range w.longs {
		if n > len(word) {
			break
		}
		for _, a := range w.suffix[string(word[len(word)-n:])] {
			known = true
			found(a)
		}
	}
	if known || len(word) < minFuzzy-1 {
		return
	}
	for _, s := range w.fuzzy[[fuzzyHead]byte{word[0], word[1]}] {
		if oneSlip(word, s.word, s.prefix) {
			for _, a := range s.atoms {
				found(a)
			}
		}
	}
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
