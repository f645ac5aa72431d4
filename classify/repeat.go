package classify

import "hash/maphash"

const (
	repeatText      = 16 << 10 // bytes from which the sentences of a text are remembered
	repeatSentences = 1 << 10  // a power of two
	repeatWords     = 16 << 10 // remembered in all, give or take a sentence
)

// repeats remembers the sentences of a long text and what was found in them: what is that long says the same things over
// and over. Its size is fixed: a sentence takes the place of another, and when the words are used up it begins anew.
type repeats struct {
	from      int // bytes of a text from which it is worth while
	on        bool
	seed      maphash.Seed
	sentences []judged
	last      *judged // the one that is being judged
	folded    []byte  // of all of them, as are those that follow
	tokens    []token
	clauses   []int16
	hits      []hit
}

// judged is a sentence and what was found in it.
type judged struct {
	hash     uint64 // 0 for none
	sentence        // as it was read
	clauses  []int16
	hits     []hit
}

// begin forgets all, for a text of so many bytes.
func (r *repeats) begin(length int) {
	if r.on = length >= r.from; !r.on {
		return
	}
	if r.sentences == nil {
		r.seed, r.sentences = maphash.MakeSeed(), make([]judged, repeatSentences)
	}
	r.forget()
}

func (r *repeats) forget() {
	clear(r.sentences)
	r.folded, r.tokens, r.clauses, r.hits = r.folded[:0], r.tokens[:0], r.clauses[:0], r.hits[:0]
}

// find is what was found in the same sentence before; now is then as if it had been matched.
func (r *repeats) find(now *sentence) (hits []hit, ok bool) {
	if !r.on {
		return nil, false
	}
	hash := maphash.Bytes(r.seed, now.folded) | 1
	r.last = &r.sentences[hash>>1%repeatSentences]
	if r.last.hash == hash && r.last.same(now) {
		for i, clause := range r.last.clauses {
			now.tokens[i].clause = clause
		}
		now.common = r.last.common
		return r.last.hits, true
	}
	if len(r.tokens) > repeatWords {
		r.forget()
	}
	r.folded, r.tokens = append(r.folded, now.folded...), append(r.tokens, now.tokens...)
	r.last.hash, r.last.question = hash, now.question
	r.last.folded, r.last.tokens = tail(r.folded, len(now.folded)), tail(r.tokens, len(now.tokens))
	return nil, false
}

// note completes the sentence that find did not know, now that it is judged.
func (r *repeats) note(now *sentence, hits []hit) {
	if !r.on {
		return
	}
	for _, t := range now.tokens {
		r.clauses = append(r.clauses, t.clause)
	}
	r.hits = append(r.hits, hits...)
	r.last.common, r.last.clauses, r.last.hits = now.common, tail(r.clauses, len(now.tokens)), tail(r.hits, len(hits))
}

// tail is the last n of a slice.
func tail[T any](s []T, n int) []T { return s[len(s)-n:] }

// same reports whether two sentences are the same words, parted in the same way.
func (s *sentence) same(o *sentence) bool {
	if len(s.tokens) != len(o.tokens) || s.question != o.question || string(s.folded) != string(o.folded) {
		return false
	}
	for i, t := range s.tokens {
		if u := o.tokens[i]; t.hi != u.hi || t.clause != u.clause || t.quote != u.quote || t.sep != u.sep {
			return false
		}
	}
	return true
}
