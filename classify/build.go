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
	words    *words
	atoms    map[string]atom // "fr.@data", or a word with its marks
	levels   []int           // by atom: 0 for words, else one more than what its entries are made of
	lists    map[string]*list
	patterns []pattern
	written  []written
	origin   map[string]*source
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
	return &builder{words: newWords(), atoms: map[string]atom{}, lists: map[string]*list{}, origin: map[string]*source{}}
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
	parts, err := parsePhrase(entry)
	if err != nil {
		return err
	}
	if len(parts) == 1 && !parts[0].head && !parts[0].tail && len(parts[0].steps) == 1 && !strings.HasPrefix(parts[0].steps[0].choice[0], "@") {
		for _, w := range parts[0].steps[0].choice {
			if strings.HasPrefix(w, "@") {
				return fmt.Errorf("entry %q mixes a list with words", entry)
			}
			b.words.add(w, self)
		}
		return nil
	}
	patterns, err := b.expand(parts, l.language)
	if err != nil {
		return err
	}
	for _, p := range patterns {
		p.list, p.rule = self, -1
		p.level = 1
		for _, a := range p.needs {
			p.level = max(p.level, b.levels[a]+1)
		}
		b.levels[self] = max(b.levels[self], p.level)
		b.patterns = append(b.patterns, p)
	}
	return nil
}

// addPhrases compiles the phrases of a rule.
func (b *builder) addPhrases(w written, index int32) {
	for _, phrase := range w.say {
		parts, err := parsePhrase(phrase)
		if err == nil {
			var patterns []pattern
			patterns, err = b.expand(parts, w.language)
			for _, p := range patterns {
				p.list, p.rule = -1, index
				b.patterns = append(b.patterns, p)
			}
		}
		if err != nil {
			b.errs = append(b.errs, w.fault(err))
		}
	}
}

// atom gives a name its number.
func (b *builder) atom(name string) atom {
	a, ok := b.atoms[name]
	if !ok {
		a = atom(len(b.levels))
		b.atoms[name] = a
		b.levels = append(b.levels, 0)
	}
	return a
}

// choice is the atom of one step: a word, a list, or an unnamed list of both.
func (b *builder) choice(c []string, language string) (atom, error) {
	if len(c) == 1 && strings.HasPrefix(c[0], "@") {
		return b.listAtom(c[0], language)
	}
	key := strings.Join(c, "|")
	if strings.Contains(key, "@") {
		key = language + "." + key
	}
	if a, ok := b.atoms[key]; ok {
		return a, nil
	}
	self := b.atom(key)
	for _, w := range c {
		if !strings.HasPrefix(w, "@") {
			b.words.add(w, self)
			continue
		}
		a, err := b.listAtom(w, language)
		if err != nil {
			return 0, err
		}
		b.levels[self] = max(b.levels[self], b.levels[a]+1)
		b.patterns = append(b.patterns, pattern{parts: []sequence{{atoms: []atom{a}, gaps: []int{0}}}, needs: []atom{a}, list: self, rule: -1})
	}
	for i := range b.patterns {
		if b.patterns[i].list == self {
			b.patterns[i].level = b.levels[self]
		}
	}
	return self, nil
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
func (b *builder) expand(parts []part, language string) ([]pattern, error) {
	out := []pattern{{}}
	for _, p := range parts {
		sequences, err := b.sequences(p, language)
		if err != nil {
			return nil, err
		}
		var next []pattern
		for _, prefix := range out {
			for _, s := range sequences {
				next = append(next, pattern{parts: append(slices.Clone(prefix.parts), s)})
			}
		}
		out = next
	}
	for i := range out {
		for _, s := range out[i].parts {
			out[i].needs = append(out[i].needs, s.atoms...)
		}
		slices.Sort(out[i].needs)
		out[i].needs = slices.Compact(out[i].needs)
	}
	return out, nil
}

func (b *builder) sequences(p part, language string) ([]sequence, error) {
	out := []sequence{{head: p.head, tail: p.tail}}
	for _, st := range p.steps {
		a, err := b.choice(st.choice, language)
		if err != nil {
			return nil, err
		}
		var without []sequence
		if st.optional {
			without = slices.Clone(out)
		}
		for i := range out {
			out[i].atoms = append(slices.Clone(out[i].atoms), a)
			out[i].gaps = append(slices.Clone(out[i].gaps), max(st.gap, out[i].carry))
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

// finish indexes each pattern by its rarest atom: the one that the fewest patterns ask for.
func (b *builder) finish() *matcher {
	m := &matcher{words: b.words, patterns: b.patterns}
	m.article, m.law = b.atom(shared+".@article"), b.atom(shared+".@law")
	m.atoms = len(b.levels)
	uses := make([]int, len(b.levels))
	for _, p := range b.patterns {
		for _, a := range p.needs {
			uses[a]++
		}
	}
	for i := range m.patterns {
		p := &m.patterns[i]
		m.levels = max(m.levels, p.level)
		p.anchor = slices.MinFunc(p.needs, func(x, y atom) int { return uses[x] - uses[y] })
	}
	m.levels++ // rules come after the last list
	m.byAnchor = make([][]int32, len(b.levels))
	for i := range m.patterns {
		p := &m.patterns[i]
		if p.rule >= 0 {
			p.level = m.levels
		}
		m.byAnchor[p.anchor] = append(m.byAnchor[p.anchor], int32(i))
	}
	for _, lang := range Languages() {
		if a, ok := b.atoms[lang+".@breaks"]; ok {
			m.breaks = append(m.breaks, a)
		}
	}
	return m
}
