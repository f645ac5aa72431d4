package classify

import (
	"maps"
	"slices"
)

// wordbook gathers the words of the rules, and is then laid out flat as words.
type wordbook struct {
	forward  book
	backward book
	fuzzy    map[[fuzzyHead]byte][]slip
}

// book is a trie while words are still added.
type book []growing

type growing struct {
	children map[byte]int32
	exact    []atom
	prefix   []atom
}

func newWordbook() *wordbook {
	return &wordbook{forward: make(book, 1), backward: make(book, 1), fuzzy: map[[fuzzyHead]byte][]slip{}}
}

// add enters a word with its marks, as literal gives it.
func (b *wordbook) add(mark string, a atom) {
	fuzzy := mark[0] == '~'
	if fuzzy {
		mark = mark[1:]
	}
	if mark[0] == '*' {
		end := []byte(mark[1:])
		slices.Reverse(end)
		n := b.backward.node(string(end))
		n.prefix = append(n.prefix, a)
		return
	}
	prefix := mark[len(mark)-1] == '*'
	if prefix {
		mark = mark[:len(mark)-1]
	}
	n := b.forward.node(mark)
	if prefix {
		n.prefix = append(n.prefix, a)
	} else {
		n.exact = append(n.exact, a)
	}
	if fuzzy {
		head := [fuzzyHead]byte{mark[0], mark[1]}
		b.fuzzy[head] = append(b.fuzzy[head], slip{mark, prefix, []atom{a}})
	}
}

// node is the node of a beginning of words, made where there is none. It holds until the next call.
func (b *book) node(beginning string) *growing {
	at := int32(0)
	for i := range len(beginning) {
		next, ok := (*b)[at].children[beginning[i]]
		if !ok {
			next = int32(len(*b))
			*b = append(*b, growing{})
			if (*b)[at].children == nil {
				(*b)[at].children = map[byte]int32{}
			}
			(*b)[at].children[beginning[i]] = next
		}
		at = next
	}
	return &(*b)[at]
}

// layOut is the wordbook as it is looked words up in.
func (b *wordbook) layOut() *words {
	return &words{forward: b.forward.layOut(), backward: b.backward.layOut(), fuzzy: b.fuzzy}
}

func (b book) layOut() trie {
	t := trie{nodes: make([]node, 0, len(b)+1), labels: make([]byte, 1, len(b))}
	order := make([]int32, 1, len(b)) // level by level, so that children lie side by side
	for i := 0; i < len(order); i++ {
		n := &b[order[i]]
		t.nodes = append(t.nodes, node{
			children: int32(len(order)), prefix: int32(len(t.atoms)), exact: int32(len(t.atoms) + len(n.prefix)),
		})
		t.atoms = append(append(t.atoms, n.prefix...), n.exact...)
		for _, letter := range slices.Sorted(maps.Keys(n.children)) {
			if i == 0 {
				t.root[letter] = int32(len(order))
			}
			t.labels, order = append(t.labels, letter), append(order, n.children[letter])
		}
	}
	t.nodes = append(t.nodes, node{children: int32(len(order)), prefix: int32(len(t.atoms))})
	t.atoms = slices.Clip(t.atoms)
	return t
}
