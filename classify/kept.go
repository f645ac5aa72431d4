package classify

// kept holds the first sentences of a text, which is read twice: for its language, and for what it says in it.
type kept struct {
	sentences []sentence
	folded    []byte
	tokens    []token
	again     int // how many are read again
}

func (k *kept) begin() {
	k.sentences, k.folded, k.tokens, k.again = k.sentences[:0], k.folded[:0], k.tokens[:0], 0
}

// keep copies a sentence. Those kept before stay where they are when there is no more room for it beside them.
func (k *kept) keep(s *sentence) {
	k.folded, k.tokens = append(k.folded, s.folded...), append(k.tokens, s.tokens...)
	k.sentences = append(k.sentences, sentence{
		folded: k.folded[len(k.folded)-len(s.folded):], tokens: k.tokens[len(k.tokens)-len(s.tokens):], question: s.question,
	})
	k.again = len(k.sentences)
}

// rewind goes back to the first sentence.
func (k *kept) rewind() { k.again = 0 }

// next is the next one after a rewind, or nil.
func (k *kept) next() *sentence {
	if k.again == len(k.sentences) {
		return nil
	}
	k.again++
	return &k.sentences[k.again-1]
}
