package classify

// kept holds the first sentences of a text, which is read twice: for its language, and for what it says in it.
type kept struct {
	sentences []sentence
	folded    []byte
	tokens    []token
	words     []meaning
	again     int // how many are read again
}

func (k *kept) begin() {
	k.sentences, k.folded, k.tokens, k.words, k.again = k.sentences[:0], k.folded[:0], k.tokens[:0], k.words[:0], 0
}

// keep copies a sentence. Those kept before stay where they are when there is no more room for it beside them.
func (k *kept) keep(s *sentence) {
	k.folded, k.tokens, k.words = append(k.folded, s.folded...), append(k.tokens, s.tokens...), append(k.words, s.words...)
	k.sentences = append(k.sentences, sentence{
		folded: tail(k.folded, len(s.folded)), tokens: tail(k.tokens, len(s.tokens)), words: tail(k.words, len(s.words)), question: s.question,
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
