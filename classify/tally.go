package classify

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"guichetdunumerique.be/guichet/cases"
)

// What a signRule may note beside the flags of a case.
const (
	signAnnounced = "announced" // the words speak of an enclosed proof of identity
	signMentioned = "mentioned" // a proof of identity is spoken of
	signDeclined  = "declined"  // the writer will not send one
	signPasted    = "pasted"    // the words speak of a picture that stands in the mail
	signESigned   = "esigned"   // the writer says that he signed with his eID or itsme
	signProof     = "proof"     // of a file's name: a proof of identity
	signNeutral   = "neutral"   // of a file's name: a scan or a photo of anything
	signNoProof   = "no_proof"  // of a file's name: something else
	signMarketing = "marketing" // direct marketing is the subject
	signWish      = "wish"      // the sentence asks or demands
	signBehalf    = "behalf"    // the writer tells what a person asked, or asks for himself
)

// tally gathers what was found in a message.
type tally struct {
	rules     []rule
	rights    []cases.Right // all there are
	found     []finding
	undone    []Evidence
	whole     []finding       // cancels that hold for the whole message
	signs     map[string]bool // signs seen in the writer's words
	files     []fileSigns
	takenBack bool
	law       bool   // the GDPR was named
	part      string // the part that is read
	words     int    // words of text and relayed text
	sentences int
	lang      guess
}

// finding is an uncancelled match.
type finding struct {
	Evidence
	rule     int32
	sentence int
	weight   float64
}

// fileSigns is what the name of an attachment says.
type fileSigns struct{ proof, neutral, noProof bool }

// read matches one text and weighs what is found, sentence by sentence.
func (r *Rules) read(from *reader, s *scratch, t *tally, p passage) {
	t.part = p.name
	s.repeats.begin(len(p.text))
	for {
		now, ok := from.next()
		if !ok {
			return
		}
		t.sentences++
		if p.name == partText || p.name == partRelayed {
			t.words += len(now.tokens)
		}
		hits, known := s.repeats.find(now)
		if !known {
			hits = r.cite(s, now, s.match(now, t), t.law)
			s.repeats.note(now, hits)
			if !t.law && s.possible.has(r.matcher.law) {
				t.law = true
				s.repeats.forget() // a bare article means more from here on
			}
		}
		wish := now.question
		for _, h := range hits {
			if rule := &r.rules[h.rule]; rule.kind == isSign {
				wish = wish || rule.sign == signWish
				t.sign(rule.sign, p.name)
			}
		}
		t.weigh(now, p, hits, wish)
	}
}

// sign notes a sign: one in a file's name speaks of that file, which is the last one.
func (t *tally) sign(sign, part string) {
	if part == partAttachment {
		f := &t.files[len(t.files)-1]
		f.proof = f.proof || sign == signProof
		f.neutral = f.neutral || sign == signNeutral
		f.noProof = f.noProof || sign == signNoProof
		return
	}
	if t.signs == nil {
		t.signs = map[string]bool{}
	}
	t.signs[sign] = true
}

// weigh sets the requests of a sentence against its cancels.
func (t *tally) weigh(now *sentence, p passage, hits []hit, wish bool) {
	for _, h := range hits {
		rule := &t.rules[h.rule]
		t.takenBack = t.takenBack || rule.takesBack && p.name != partAttachment
		if rule.kind == isCancel && rule.scope == withinMessage && len(t.whole) < maxEvidence && p.name != partAttachment {
			t.whole = append(t.whole, finding{rule: h.rule, Evidence: t.evidence(now, p, h)})
		}
		if rule.kind != isRequest {
			continue
		}
		f := finding{Evidence: t.evidence(now, p, h), rule: h.rule, sentence: t.sentences, weight: rule.weight * p.factor}
		if rule.named && !wish && !isTitle(now, h.span) {
			f.weight *= namedOnly
		}
		if rule.language != "" && t.strange(now, rule.language) {
			f.weight *= strangeFactor
		}
		left := 1.0
		for _, c := range hits {
			cancel := &t.rules[c.rule]
			if cancel.kind == isCancel && cancel.scope != withinMessage && cancel.leaves < left &&
				t.undoes(cancel, rule) && touches(now, cancel.scope, c.span, h.span) {
				left, f.By = cancel.leaves, cancel.id
			}
		}
		f.weight *= left
		if isQuoted(now, h.span) {
			f.weight *= quotedFactor
			f.By = cmp.Or(f.By, quotedRule)
		}
		t.keep(f)
	}
}

// strangeFactor is what is left to a phrase of one language in a sentence of another: "wissen" erases in Dutch
// and knows in German.
const strangeFactor = 0.4

// strange reports whether a sentence of a mail in another language does not look more like the rule's. Where it
// looks less so, the rule was not asked.
func (t *tally) strange(now *sentence, language string) bool {
	main := t.main()
	return main != "" && language != main && now.common[tongue(language)] <= now.common[tongue(main)]
}

// main is the language of the mail, "" when it is not known or none of ours.
func (t *tally) main() string {
	if t == nil || t.lang.foreign {
		return ""
	}
	return t.lang.name
}

// namedOnly is the share left to a named right where nothing is asked: newsletters and contracts name them.
const namedOnly = 0.6

// quotedRule is the id by which Evidence names what is only quoted, quotedFactor the share left to it. A few words in
// quotation marks are what the writer calls a thing; more of them within a sentence are what somebody else said.
const (
	quotedRule   = "quoted.words"
	quotedFactor = 0.5
	fewQuoted    = 4
	fewAround    = 3
)

// isQuoted reports whether a match lies within a quotation that is part of a longer sentence.
func isQuoted(now *sentence, at span) bool {
	quote := now.tokens[at.first].quote
	if quote == 0 || now.tokens[at.last-1].quote != quote {
		return false
	}
	within, around := 0, 0
	for _, t := range now.tokens {
		switch t.quote {
		case quote:
			within++
		case 0:
			around++
		}
	}
	return within > fewQuoted && around >= fewAround
}

// isTitle reports whether a few words begin with the match, as the subject of a request or an item of a list
// of requests does.
func isTitle(now *sentence, at span) bool { return at.first <= 1 && len(now.tokens) <= 16 }

// undoes reports whether a cancel speaks to a request's rule. What one language takes back is not taken back in
// another: only the cancels of the message's own language reach the rules of all, whose words it may borrow.
func (t *tally) undoes(c, request *rule) bool {
	if c.language != "" && c.language != request.language && t.lang.name != "" && c.language != t.lang.name {
		return false
	}
	if len(c.rights) > 0 && !slices.Contains(c.rights, request.right) {
		return false
	}
	return !slices.ContainsFunc(c.spares, func(pattern string) bool { return matchID(pattern, request.id) })
}

// matchID reports whether an id is the one named, or begins with it where the name ends in a star.
func matchID(name, id string) bool {
	if head, ok := strings.CutSuffix(name, "*"); ok {
		return strings.HasPrefix(id, head)
	}
	return name == id
}

// touches reports whether a cancel reaches a request of the same sentence.
func touches(now *sentence, s scope, cancel, request span) bool {
	if s == withinSentence {
		return true
	}
	clause := now.tokens[cancel.first].clause
	if clause != now.tokens[cancel.last-1].clause {
		return false // what is denied before a comma is not what follows it
	}
	if s == withinWords {
		return cancel.first <= request.last && request.first <= cancel.last
	}
	return now.tokens[request.first].clause <= clause && clause <= now.tokens[request.last-1].clause
}

// keep notes a finding, the heaviest of each rule and sentence, up to a bound.
func (t *tally) keep(f finding) {
	if f.weight == 0 {
		if len(t.undone) < maxEvidence {
			t.undone = append(t.undone, f.Evidence)
		}
		return
	}
	for i := len(t.found) - 1; i >= 0; i-- {
		if g := &t.found[i]; g.rule == f.rule && (g.sentence == f.sentence || len(t.found) >= maxEvidence) {
			if f.weight > g.weight {
				*g = f
			}
			return
		}
	}
	if len(t.found) < 4*maxEvidence {
		t.found = append(t.found, f)
	}
}

func (t *tally) evidence(now *sentence, p passage, h hit) Evidence {
	first, last := now.tokens[h.span.first], now.tokens[h.span.last-1]
	return Evidence{
		Right: t.rules[h.rule].right,
		Rule:  t.rules[h.rule].id,
		Text:  p.written[first.from:last.to],
		Part:  p.name,
		Start: int(first.from) + p.offset,
		End:   int(last.to) + p.offset,
	}
}

// settle turns the findings into rights, score and decision.
func (t *tally) settle(v *Verdict, o Options) {
	kept := t.found[:0]
	for _, f := range t.found {
		rule := &t.rules[f.rule]
		switch {
		case rule.short > 0 && t.words > rule.short, rule.needs != "" && !t.signs[rule.needs]:
			continue
		case rule.article && t.lang.foreign:
			f.weight = max(f.weight, foreignCited)
		}
		left := 1.0
		for _, c := range t.whole {
			cancel := &t.rules[c.rule]
			if cancel.leaves < left && t.undoes(cancel, rule) && (cancel.unless == "" || !t.signs[cancel.unless]) {
				left = cancel.leaves
				f.By = cmp.Or(f.By, cancel.id)
			}
		}
		f.weight *= left
		if f.weight < 0.05 {
			t.undone = append(t.undone, f.Evidence)
			continue
		}
		kept = append(kept, f)
	}
	v.Score = combine(kept, "")
	scores := make([]float64, 0, 8)
	for _, right := range t.rights {
		scores = append(scores, combine(kept, right))
	}
	v.Score = max(v.Score, slices.Max(scores))
	limit := o.TriageThreshold
	v.Decision = Ignore
	if v.Score >= o.TriageThreshold {
		v.Decision = ToTriage
	}
	if slices.Max(scores) >= o.Threshold {
		v.Decision, limit = OpenCase, o.Threshold
	}
	v.Request = v.Decision != Ignore
	for i, right := range t.rights {
		if scores[i] >= limit {
			v.Rights = append(v.Rights, right)
		}
	}
	v.Score = math.Round(v.Score*1000) / 1000
	v.Evidence, v.Cancelled = strongest(kept), t.undone[:min(len(t.undone), maxEvidence)]
}

// combine is the confidence in one right: the best finding of each sentence, the sentences taken as
// independent signs. Weak signs do not add up: many a newsletter holds a dozen.
func combine(found []finding, right cases.Right) float64 {
	type sign struct {
		sentence int
		weight   float64
	}
	best, top := make([]sign, 0, 16), 0.0
	for _, f := range found {
		if f.Right != right {
			continue
		}
		top = max(top, f.weight)
		if i := slices.IndexFunc(best, func(s sign) bool { return s.sentence == f.sentence }); i < 0 {
			best = append(best, sign{f.sentence, f.weight})
		} else {
			best[i].weight = max(best[i].weight, f.weight)
		}
	}
	slices.SortFunc(best, func(a, b sign) int { return a.sentence - b.sentence })
	doubt := 1.0
	for _, s := range best {
		if s.weight >= 0.5 {
			doubt *= 1 - s.weight
		}
	}
	return max(top, 1-doubt)
}

func strongest(found []finding) []Evidence {
	slices.SortStableFunc(found, func(a, b finding) int { return cmp.Compare(b.weight, a.weight) })
	out := make([]Evidence, 0, min(len(found), maxEvidence))
	for _, f := range found[:min(len(found), maxEvidence)] {
		out = append(out, f.Evidence)
	}
	return out
}

// flags lists the flags of the case, sorted.
func (t *tally) flags() []cases.Flag {
	var out []cases.Flag
	for _, f := range []cases.Flag{cases.Authority, cases.Breach, cases.Complaint, cases.Minor, cases.Representative} {
		if t.signs[string(f)] {
			out = append(out, f)
		}
	}
	return out
}
