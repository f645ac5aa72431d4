package classify

// Most of what the words of a sentence could be part of is of no use: an entry of a list that no phrase near it asks for,
// a phrase whose other words are missing, a denial where nothing is requested. So before any place is worked out, a
// sentence is sifted twice: upwards from its words to the patterns of which every word, or list, may be there; and downwards
// from the rules that matter in it to the lists that these ask for.

// mark notes the atoms of the words as present, and queues the patterns that they anchor.
func (s *scratch) mark(now *sentence) {
	for i := range now.words {
		s.possible.addAll(s.memo.all(&now.words[i]))
	}
	for i := range now.words {
		for _, a := range s.memo.anchors(&now.words[i]) {
			if !s.queued.has(a) {
				s.queued.add(a)
				s.enqueue(a)
			}
		}
	}
	for level := range s.queue {
		s.straight[level] = len(s.queue[level])
	}
}

// enqueue queues the patterns that an atom anchors.
func (s *scratch) enqueue(a atom) {
	for _, p := range s.m.anchoredBy(a) {
		if p.spoken&s.spoken != 0 && s.possible.has(p.also) {
			s.queue[p.level] = append(s.queue[p.level], p.pattern)
		}
	}
}

// suppose goes upwards: it keeps the patterns that may match, taking every list for present of which an entry may.
func (s *scratch) suppose(now *sentence) {
	for level := 1; level <= s.m.levels; level++ {
		kept, straight := s.queue[level][:0], 0
		for i, at := range s.queue[level] {
			p := &s.m.patterns[at]
			if p.question && !now.question || p.more && !s.may(at) {
				continue
			}
			kept = append(kept, at)
			if i < s.straight[level] {
				straight++
			}
			if p.rule < 0 && !s.possible.has(p.list) {
				s.possible.add(p.list)
				s.enqueue(p.list)
			}
		}
		s.queue[level], s.straight[level] = kept, straight
	}
}

// may reports whether all that a pattern needs may be there.
func (s *scratch) may(at int32) bool {
	for _, step := range s.m.steps(at) {
		if !s.possible.has(step.atom) {
			return false
		}
	}
	return true
}

// ask goes downwards, from the rules that t is interested in to the lists that they ask for; a nil t is interested in
// everything. It reports whether anything is asked for, and leaves in the queue what of that words anchor.
func (s *scratch) ask(t *tally) bool {
	cites := s.possible.has(s.m.article) && (s.possible.has(s.m.law) || t != nil && t.law)
	if t != nil && !cites && len(s.queue[s.m.levels]) == 0 {
		return false
	}
	if cites {
		s.asked.add(s.m.article)
		s.asked.add(s.m.law)
	}
	if t == nil {
		for a := range s.m.atoms {
			s.asked.add(atom(a))
		}
	}
	any := cites || t == nil
	outlook := t.outlook(s.m, s.queue[s.m.levels], cites)
	for level := s.m.levels; level > 0; level-- {
		kept := s.queue[level][:0]
		for i, at := range s.queue[level] {
			p := &s.m.patterns[at]
			if p.rule >= 0 && !outlook.wants(p.rule) || p.rule < 0 && !s.asked.has(p.list) {
				continue
			}
			any = true
			s.wanted.add(at)
			for _, step := range s.m.steps(at) {
				s.asked.add(step.atom)
			}
			if i < s.straight[level] {
				kept = append(kept, at)
			}
		}
		s.queue[level] = kept
	}
	return any
}
