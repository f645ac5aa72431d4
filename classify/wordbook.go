package classify

import (
	"maps"
	"slices"
)

// wordbook gathers the words of the rules, and is then laid out flat as words.
type wordbook struct {
	nodes  []growing
	suffix map[string][]atom
	fuzzy  map[[fuzzyHead]byte][]slip
}

// growing is a node while words are still added.
type growing struct {
	children map[byte]int32
	exact    []atom
	prefix   []atom
}

func newWordbook() *wordbook {
	return &wordbook{nodes: make([]growing, 1), suffix: map[string][]atom{}, fuzzy: map[[fuzzyHead]byte][]slip{}}
}

// add enters a word with its marks, as literal gives it.
func (b *wordbook) add(mark string, a atom) {
	fuzzy := mark[0] == '~'
	if fuzzy {
		mark = mark[1:]
	}
	if mark[0] == '*' {
		b.suffix[mark[1:]] = append(b.suffix[mark[1:]], a)
		return
	}
	prefix := mark[len(mark)-1] == '*'
	if prefix {
		mark = mark[:len(mark)-1]
	}
	at := b.node(mark)
	if prefix {
		b.nodes[at].prefix = append(b.nodes[at].prefix, a)
	} else {
		b.nodes[at].exact = append(b.nodes[at].exact, a)
	}
	if fuzzy {
		head := [fuzzyHead]byte{mark[0], mark[1]}
		b.fuzzy[head] = append(b.fuzzy[head], slip{mark, prefix, []atom{a}})
	}
}

// node is the node of a beginning of words, made where there is none.
func (b *wordbook) node(beginning string) int32 {
	at := int32(0)
	for i := range len(beginning) {
		next, ok := b.nodes[at].children[beginning[i]]
		if !ok {
			next = int32(len(b.nodes))
			b.nodes = append(b.nodes, growing{})
			if b.nodes[at].children == nil {
				b.nodes[at].children = map[byte]int32{}
			}
			b.nodes[at].children[beginning[i]] = next
		}
		at = next
	}
	return at
}

// layOut is the wordbook as it is looked words up in.
func (b *wordbook) layOut() *words {
	w := &words{suffix: b.suffix, fuzzy: b.fuzzy}
	for at := range b.nodes {
		n := &b.nodes[at]
		w.nodes = append(w.nodes, node{
			children: int32(len(w.labels)), prefix: int32(len(w.atoms)), exact: int32(len(w.atoms) + len(n.prefix)),
		})
		w.atoms = append(append(w.atoms, n.prefix...), n.exact...)
		for _, letter := range slices.Sorted(maps.Keys(n.children)) {
			w.labels = append(w.labels, letter)
			w.targets = append(w.targets, n.children[letter])
		}
	}
	w.nodes = append(w.nodes, node{children: int32(len(w.labels)), prefix: int32(len(w.atoms))})
	w.nodes, w.labels, w.targets, w.atoms = slices.Clip(w.nodes), slices.Clip(w.labels), slices.Clip(w.targets), slices.Clip(w.atoms)
	for i, letter := range w.labels[:w.nodes[1].children] {
		w.root[letter] = w.targets[i]
	}
	lengths := map[int]bool{}
	for s := range b.suffix {
		lengths[len(s)] = true
	}
	w.longs = slices.Sorted(maps.Keys(lengths))
	return w
}
