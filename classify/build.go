package classify

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// builder turns lists and phrases into the matcher's tables.
type builder struct {
	words    *wordbook
	common   [ownLanguages]atom
	atoms    map[string]atom // "fr.@data", or a word with its marks
	levels   []int           // by atom: 0 for words, else one more than what its entries are made of
	lists    map[string]*list
	patterns []expanded
	written  []written
	origin   map[string]*source
	full     bool // more words and lists than atoms
	errs     []error
}

// list is a named set of entries.
type list struct {
	name     string // "fr.@data"
	language string
	entries  []string
	fault    func(error) error
	state    uint8 // 0 untouched, 1 being resolved, 2 done
}

func newBuilder() *builder {
	b := &builder{words: newWordbook(), atoms: map[string]atom{}, lists: map[string]*list{}, origin: map[string]*source{}}
	for l, language := range Languages() {
		b.common[l] = b.atom(language + ".common")
	}
	return b
}

// addLists takes in the lists of a source, over those of earlier ones.
func (b *builder) addLists(s *source) {
	fault := func(name string) func(error) error {
		return func(err error) error { return &RuleError{File: s.name, Err: fmt.Errorf("list %q: %w", name, err)} }
	}
	for _, name := range slices.Sorted(maps.Keys(s.file.Lists)) {
		key := s.file.Language + ".@" + name
		b.lists[key] = &list{name: key, language: s.file.Language, entries: s.file.Lists[name], fault: fault(name)}
	}
	if l := tongue(s.file.Language); l >= 0 {
		for _, w := range s.file.Common {
			if w = fold(w); w != "" && !strings.ContainsAny(w, "*~ ") {
				b.words.add(w, b.common[l])
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.file.More)) {
		l, ok := b.lists[s.file.Language+".@"+name]
		if !ok {
			b.errs = append(b.errs, fault(name)(errors.New("[more] adds to a list that does not exist")))
			continue
		}
		l.entries = append(slices.Clone(l.entries), s.file.More[name]...)
	}
}

// resolveLists compiles every list, those that others are made of first.
func (b *builder) resolveLists() {
	for _, name := range slices.Sorted(maps.Keys(b.lists)) {
		if err := b.resolveList(b.lists[name]); err != nil {
			b.errs = append(b.errs, err)
		}
	}
}

func (b *builder) resolveList(l *list) error {
	switch l.state {
	case 1:
		return l.fault(errors.New("the list is made of itself"))
	case 2:
		return nil
	}
	l.state = 1
	defer func() { l.state = 2 }()
	self := b.atom(l.name)
	var errs []error
	for _, entry := range l.entries {
		if err := b.addEntry(l, self, entry); err != nil {
			errs = append(errs, l.fault(err))
		}
	}
	return errors.Join(errs...)
}

// addEntry adds one entry: a single word straight to the words, anything longer as a pattern.
func (b *builder) addEntry(l *list, self atom, entry string) error {
	ph, err := parsePhrase(entry)
	if err != nil {
		return err
	}
	if p := ph.parts[0]; len(ph.parts) == 1 && !p.head && !p.tail && !ph.question && len(p.steps) == 1 && p.steps[0].plain() {
		for _, w := range p.steps[0].choice {
			b.words.add(w[0], self)
		}
		return nil
	}
	patterns, err := b.expand(ph, l.language)
	if err != nil {
		return err
	}
	for _, p := range patterns {
		b.addPattern(self, p)
	}
	return nil
}

// addPattern makes a pattern an entry of a list.
func (b *builder) addPattern(self atom, p expanded) {
	p.list, p.rule = self, -1
	for _, a := range p.needs {
		b.levels[self] = max(b.levels[self], b.levels[a]+1)
	}
	b.patterns = append(b.patterns, p)
}

// addPhrases compiles the phrases of a rule.
func (b *builder) addPhrases(w written, index int32) {
	for _, text := range w.say {
		ph, err := parsePhrase(text)
		if err == nil {
			var patterns []expanded
			patterns, err = b.expand(ph, w.language)
			for _, p := range patterns {
				p.rule, p.spoken = index, tonguesOf(w.language)
				b.patterns = append(b.patterns, p)
			}
		}
		if err != nil {
			b.errs = append(b.errs, w.at.because(err))
		}
	}
}

// atom gives a name its number.
func (b *builder) atom(name string) atom {
	a, ok := b.atoms[name]
	if !ok {
		if len(b.levels) == maxAtoms {
			b.full = true
			return 0
		}
		a = atom(len(b.levels))
		b.atoms[name] = a
		b.levels = append(b.levels, 0)
	}
	return a
}

// choice is the atom of one step: a word, a list, or an unnamed list of alternatives.
func (b *builder) choice(st step, language string) (atom, error) {
	if len(st.choice) == 1 && len(st.choice[0]) == 1 && strings.HasPrefix(st.choice[0][0], "@") {
		return b.listAtom(st.choice[0][0], language)
	}
	var names []string
	for _, alternative := range st.choice {
		names = append(names, strings.Join(alternative, " "))
	}
	key := strings.Join(names, "|")
	if strings.Contains(key, "@") {
		key = language + "." + key
	}
	if a, ok := b.atoms[key]; ok {
		return a, nil
	}
	self := b.atom(key)
	for _, alternative := range st.choice {
		if len(alternative) == 1 && !strings.HasPrefix(alternative[0], "@") {
			b.words.add(alternative[0], self)
			continue
		}
		q, gap := sequence{}, 0
		for _, w := range alternative {
			if n, ok, _ := parseGap(w); ok {
				gap = n
				continue
			}
			a, err := b.choice(step{choice: [][]string{{w}}}, language)
			if err != nil {
				return 0, err
			}
			q.atoms, q.gaps, gap = append(q.atoms, a), append(q.gaps, uint8(gap)), 0
		}
		b.addPattern(self, expanded{parts: []sequence{q}, needs: needs([]sequence{q})})
	}
	return self, nil
}

// needs lists the atoms of the parts of a pattern.
func needs(parts []sequence) []atom {
	var out []atom
	for _, q := range parts {
		out = append(out, q.atoms...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// listAtom finds a list, first among those of the language, then among the shared ones.
func (b *builder) listAtom(name, language string) (atom, error) {
	for _, lang := range []string{language, shared} {
		if l, ok := b.lists[lang+"."+name]; ok {
			if err := b.resolveList(l); err != nil {
				return 0, err
			}
			return b.atom(l.name), nil
		}
	}
	return 0, fmt.Errorf("list %s is not defined for %s", name, language)
}

// expand writes out optional words: a pattern for each way of leaving them out.
func (b *builder) expand(ph phrase, language string) ([]expanded, error) {
	out := []expanded{{question: ph.question}}
	for _, p := range ph.parts {
		sequences, err := b.sequences(p, language)
		if err != nil {
			return nil, err
		}
		var next []expanded
		for _, prefix := range out {
			for _, s := range sequences {
				next = append(next, expanded{question: ph.question, parts: append(slices.Clone(prefix.parts), s)})
			}
		}
		out = next
	}
	for i := range out {
		out[i].needs = needs(out[i].parts)
	}
	return out, nil
}

func (b *builder) sequences(p part, language string) ([]sequence, error) {
	out := []sequence{{head: p.head, tail: p.tail}}
	for _, st := range p.steps {
		a, err := b.choice(st, language)
		if err != nil {
			return nil, err
		}
		var without []sequence
		if st.optional {
			without = slices.Clone(out)
		}
		for i := range out {
			out[i].atoms = append(slices.Clone(out[i].atoms), a)
			out[i].gaps = append(slices.Clone(out[i].gaps), uint8(max(st.gap, out[i].carry)))
			out[i].carry = 0
		}
		for i := range without {
			if len(without[i].atoms) > 0 {
				without[i].carry = max(without[i].carry, st.gap)
			}
		}
		out = append(out, without...)
	}
	kept := out[:0]
	for _, s := range out {
		if len(s.atoms) > 0 {
			kept = append(kept, s)
		}
	}
	return kept, nil
}

// expanded is a pattern while the rules are read.
type expanded struct {
	parts    []sequence
	needs    []atom
	question bool
	list     atom
	rule     int32
	spoken   tongues // the languages of a rule's phrase
}

// sequence is a part of it: atoms in order, gaps[i] words allowed before atoms[i].
type sequence struct {
	atoms      []atom
	gaps       []uint8
	carry      int // gap of optional words left out, owed to the next step
	head, tail bool
}
