package classify

import "slices"

// finish is the matcher. Each pattern is looked at only where its anchor stands: the one of its atoms that
// is rarest in ordinary mail.
func (b *builder) finish() *matcher {
	m := &matcher{words: b.words.layOut(), common: b.common, article: b.atom(shared + ".@article"), law: b.atom(shared + ".@law")}
	m.atoms = len(b.levels)
	b.listen(m)
	b.conceive(m)
	for _, level := range b.levels {
		m.levels = max(m.levels, level)
	}
	m.levels++ // rules come after the last list
	b.layOut(m)
	for l, language := range Languages() {
		m.breaks[l] = b.atoms[language+".@breaks"]
	}
	uses := make([]int, m.atoms)
	for _, p := range b.patterns {
		for _, a := range p.needs {
			uses[a]++
		}
	}
	b.anchor(m, uses)
	seen := m.census()
	for a := range uses {
		uses[a] += seen[a] * len(b.patterns)
	}
	b.anchor(m, uses)
	return m
}

// listen works out which languages ask for each atom: those of the rules that it stands in, straight or through lists.
func (b *builder) listen(m *matcher) {
	m.spoken = make([]tongues, m.atoms)
	m.spoken[m.article], m.spoken[m.law] = anyTongue, anyTongue
	for again := true; again; {
		again = false
		for i := range b.patterns {
			p := &b.patterns[i]
			if p.rule < 0 {
				p.spoken = m.spoken[p.list]
			}
			for _, a := range p.needs {
				again = again || m.spoken[a]|p.spoken != m.spoken[a]
				m.spoken[a] |= p.spoken
			}
		}
	}
}

// layOut copies the patterns side by side.
func (b *builder) layOut(m *matcher) {
	var parts, steps int
	for _, p := range b.patterns {
		parts += len(p.parts)
		for _, q := range p.parts {
			steps += len(q.atoms)
		}
	}
	m.patterns, m.stretches, m.strides = make([]pattern, 0, len(b.patterns)+1), make([]stretch, 0, parts+1), make([]stride, 0, steps)
	for _, p := range b.patterns {
		laid := pattern{stretches: int32(len(m.stretches)), strides: int32(len(m.strides)), list: p.list, rule: p.rule, question: p.question}
		for _, q := range p.parts {
			m.stretches = append(m.stretches, stretch{strides: int32(len(m.strides)), head: q.head, tail: q.tail})
			for i, a := range q.atoms {
				m.strides = append(m.strides, stride{a, q.gaps[i]})
			}
		}
		m.patterns = append(m.patterns, laid)
	}
	m.patterns = append(m.patterns, pattern{stretches: int32(len(m.stretches)), strides: int32(len(m.strides))})
	m.stretches = append(m.stretches, stretch{strides: int32(len(m.strides))})
}

// anchor hangs each pattern on the one of its atoms that counts least.
func (b *builder) anchor(m *matcher, counts []int) {
	byAnchor := make([][]anchored, m.atoms)
	for i, p := range b.patterns {
		rarest := slices.SortedFunc(slices.Values(p.needs), func(x, y atom) int { return counts[x] - counts[y] })
		also := rarest[0]
		if i := slices.IndexFunc(rarest[1:], func(a atom) bool { return b.levels[a] == 0 }); i >= 0 {
			also = rarest[1+i]
		}
		m.patterns[i].more = slices.ContainsFunc(p.needs, func(a atom) bool { return a != rarest[0] && a != also })
		level := m.levels
		if p.rule < 0 {
			level = b.levels[p.list]
		}
		byAnchor[rarest[0]] = append(byAnchor[rarest[0]], anchored{int32(i), also, uint8(level), p.spoken})
	}
	m.anchored, m.anchors, m.anchoring = make([]anchored, 0, len(b.patterns)), make([]int32, 1, m.atoms+1), newAtoms(m.atoms)
	for a, patterns := range byAnchor {
		if len(patterns) > 0 {
			m.anchoring.add(atom(a))
		}
		m.anchored = append(m.anchored, patterns...)
		m.anchors = append(m.anchors, int32(len(m.anchored)))
	}
}

// census counts the sentences of ordinary mail that each atom stands in.
func (m *matcher) census() []int {
	counts, s := make([]int, m.atoms), newScratch(m)
	for _, text := range []string{trainFR, trainNL, trainDE, trainEN} {
		s.reader.begin(text)
		for now, ok := s.reader.next(); ok; now, ok = s.reader.next() {
			s.match(now, nil)
			for a := range counts {
				if len(s.places[a]) > 0 {
					counts[a]++
				}
			}
		}
	}
	return counts
}
