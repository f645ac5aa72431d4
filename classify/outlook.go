package classify

// outlook is what a sentence may hold, before its phrases are found.
type outlook struct {
	t       *tally
	request bool // a request that a cancel may undo
	named   bool // one that counts in full only where something is asked
}

// outlook judges a sentence by the patterns of rules that may match in it, and whether it may cite the law.
func (t *tally) outlook(m *matcher, patterns []int32, cites bool) outlook {
	o := outlook{t: t, request: cites, named: cites}
	if t == nil {
		return o
	}
	for _, p := range patterns {
		rule := &t.rules[m.patterns[p].rule]
		o.request = o.request || rule.kind == isRequest
		o.named = o.named || rule.kind == isRequest && rule.named
	}
	return o
}

// wants reports whether a match of the rule would change anything: a denial where nothing is requested does not, nor does
// a sign that was seen before, or one that is for the names of files elsewhere. A nil tally wants all.
func (o outlook) wants(index int32) bool {
	if o.t == nil {
		return true
	}
	rule := &o.t.rules[index]
	switch {
	case rule.kind == isCancel:
		return o.request || rule.scope == withinMessage || rule.takesBack
	case rule.kind == isRequest, rule.sign == signWish && o.named:
		return true
	case o.t.part == partAttachment:
		return rule.ofFile
	}
	return !o.t.signs[rule.sign] && !(rule.ofFile && rule.unneeded)
}
