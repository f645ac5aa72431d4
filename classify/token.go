package classify

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxSentence bounds a sentence, in words: a longer one is cut, so that the work for a text grows with
// its length alone.
const maxSentence = 120

// maxQuotes bounds the quotations of a sentence that are told apart.
const maxQuotes = 100

// wrapped is the length in bytes from which a line is taken for one that a mail program broke.
const wrapped = 45

// token is one word: a run of letters and digits. Apostrophes and hyphens part words (l'accès is two), in
// texts and in rules alike.
type token struct {
	lo, hi   int32 // in the folded bytes of the sentence
	from, to int32 // byte offsets in the original text
	clause   int16 // number of the clause within the sentence
	quote    int8  // number of the quotation within the sentence that it stands in, 0 for none
	sep      rune  // the most telling rune before it: one of § ( . - or 0
}

// sentence is the unit in which rules match.
type sentence struct {
	folded []byte
	tokens []token
	words  []meaning // what each token stands for, once it is looked up
	// question says that the sentence ends in a question mark.
	question bool
	// common counts the frequent words of each of Languages.
	common [ownLanguages]int
}

func (s *sentence) word(i int) []byte { return s.folded[s.tokens[i].lo:s.tokens[i].hi] }

// reader cuts a text into sentences, reusing its buffers from one to the next.
type reader struct {
	text   string
	pos    int
	now    sentence
	clause int16
	quote  int8 // of the quotation that is open, or 0
	quotes int8 // how many were opened
	sep    rune
	kept   kept
}

// begin sets the reader to the beginning of a text.
func (r *reader) begin(text string) *reader {
	r.text, r.pos = text, 0
	r.kept.begin()
	return r
}

// next reads the next sentence that holds a word. It reports false at the end of the text. The sentence is
// valid until the next call.
func (r *reader) next() (*sentence, bool) {
	if s := r.kept.next(); s != nil {
		return s, true
	}
	r.now.folded = r.now.folded[:0]
	r.now.tokens, r.now.words = r.now.tokens[:0], r.now.words[:0]
	r.now.question = false
	r.clause, r.sep, r.quote, r.quotes = 0, 0, 0, 0
	for r.pos < len(r.text) {
		c, size := rune(r.text[r.pos]), 1
		if c == ' ' {
			r.pos++
			continue
		}
		if c >= utf8.RuneSelf {
			c, size = utf8.DecodeRuneInString(r.text[r.pos:])
		}
		if isWord(c) {
			if (c == 'h' || c == 'w') && r.skipAddress() {
				continue
			}
			r.readWord()
			if len(r.now.tokens) == maxSentence {
				return &r.now, true
			}
			continue
		}
		end := r.boundary(c, size)
		r.pos += size
		if end && len(r.now.tokens) > 0 {
			r.now.question = c == '?'
			return &r.now, true
		}
	}
	return &r.now, len(r.now.tokens) > 0
}

// skipAddress passes over a web address: its words are nobody's.
func (r *reader) skipAddress() bool {
	rest := r.text[r.pos:]
	if !strings.HasPrefix(rest, "http://") && !strings.HasPrefix(rest, "https://") && !strings.HasPrefix(rest, "www.") {
		return false
	}
	if end := strings.IndexAny(rest, " \t\r\n<>\"()"); end >= 0 {
		r.pos += end
	} else {
		r.pos = len(r.text)
	}
	r.clause++
	return true
}

// readWord reads the word at the current position. Runes that fold to nothing are part of it.
func (r *reader) readWord() {
	t := token{lo: int32(len(r.now.folded)), from: int32(r.pos), clause: r.clause, quote: r.quote, sep: r.sep}
	r.sep = 0
	folded, pos := r.now.folded, r.pos
	for {
		from, start := pos, len(folded)
		for pos < len(r.text) && plain[r.text[pos]] != 0 {
			pos++
		}
		folded = append(folded, r.text[from:pos]...)
		for i := start; i < len(folded); i++ {
			folded[i] = plain[folded[i]]
		}
		if pos == len(r.text) || r.text[pos] < utf8.RuneSelf {
			break
		}
		c, size := utf8.DecodeRuneInString(r.text[pos:])
		if !isWord(c) && !isSilent(c) {
			break
		}
		folded = foldRune(folded, c)
		pos += size
	}
	r.now.folded, r.pos = folded, pos
	t.hi, t.to = int32(len(r.now.folded)), int32(r.pos)
	if t.hi > t.lo {
		r.now.tokens = append(r.now.tokens, t)
	}
}

// boundary judges a rune between words: it counts clauses and reports whether the sentence ends here.
func (r *reader) boundary(c rune, size int) bool {
	after := r.text[r.pos+size:]
	switch c {
	case '!', '?', '…', '•', '·', '‣', '●', '|', '☐', '☑', '☒', '□', '■', '✓', '✔', '✅', '▢', '▣':
		return true
	case '.':
		return r.fullStop(after)
	case '\n':
		return r.lineEnd(after)
	case '§':
		r.sep = c
	case ',', ';', ':', '(', ')', '–', '—', '"', '«', '»', '“', '”', '„', '/':
		r.clause++
		r.mark(c)
		if c == '(' && r.sep == 0 {
			r.sep = c
		}
		if c == '–' {
			r.sep = '-'
		}
	case '-', '‐', '‑', '‒':
		r.sep = '-'
		if r.pos > 0 && r.text[r.pos-1] == ' ' && strings.HasPrefix(after, " ") {
			r.clause++
		}
	}
	return false
}

// mark opens a quotation or closes it. German ones close with what opens French and English ones.
func (r *reader) mark(c rune) {
	switch c {
	case '"', '«', '»', '“', '”', '„':
	default:
		return
	}
	if r.quote > 0 {
		r.quote = 0
	} else if r.quotes < maxQuotes {
		r.quotes++
		r.quote = r.quotes
	}
}

// abbreviations end in a full stop that ends no sentence.
var abbreviations = map[string]bool{
	"art": true, "abs": true, "al": true, "nr": true, "no": true, "lit": true, "mme": true, "mr": true, "mrs": true,
	"dr": true, "st": true, "par": true, "ref": true, "tel": true, "resp": true, "bzw": true, "bv": true, "ca": true,
	"etc": true, "ex": true, "cf": true, "adv": true,
	"cl": true, "odst": true, "ust": true, "mevr": true, "dhr": true, "geb": true, "inkl": true, "evtl": true, "tlf": true, "lid": true,
}

func (r *reader) fullStop(after string) bool {
	if after == "" {
		return true
	}
	c, _ := utf8.DecodeRuneInString(after)
	if !unicode.IsSpace(c) {
		r.sep = '.'
		return c == '.' // an ellipsis ends a sentence; 15.3 and www.example do not
	}
	n := len(r.now.tokens)
	if n == 0 {
		return true
	}
	last := r.now.word(n - 1)
	if len(last) == 1 && !isDigit(last) || abbreviations[string(last)] {
		return false
	}
	if !isDigit(last) {
		return true
	}
	// An ordinal: "članku 20. stavka", "am 3. des Monats", "ab dem 1. Mai", "stavka 1. GDPR-a".
	next, _ := utf8.DecodeRuneInString(strings.TrimLeft(after, " \t"))
	return !unicode.IsLower(next) && !beginsMonth(after) && !(n > 1 && details[string(r.now.word(n-2))])
}

// months of German: nouns, whose capital begins no sentence.
var months = []string{"Januar", "Jänner", "Februar", "Feber", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"}

// beginsMonth reports whether the next word is the name of a month.
func beginsMonth(after string) bool {
	rest := strings.TrimLeft(after, " \t\r\n")
	return slices.ContainsFunc(months, func(month string) bool {
		tail, ok := strings.CutPrefix(rest, month)
		next, _ := utf8.DecodeRuneInString(tail)
		return ok && !unicode.IsLetter(next)
	})
}

// lineEnd judges a line break: an empty line, a list item or a short line above a capital end a sentence;
// a line wrapped by the mail program does not.
func (r *reader) lineEnd(after string) bool {
	rest := strings.TrimLeft(after, " \t\r")
	if rest == "" || rest[0] == '\n' {
		return true
	}
	if isItem(rest) {
		return true
	}
	start := strings.LastIndexByte(r.text[:r.pos], '\n') + 1
	line := strings.TrimRight(r.text[start:r.pos], " \t\r")
	if len(line) >= wrapped {
		return false
	}
	r.clause++
	c, _ := utf8.DecodeRuneInString(rest)
	return unicode.IsUpper(c) && !strings.HasSuffix(line, ",")
}

// isItem reports whether a line begins a list item: "- x", "* x", "1. x", "2) x", "a) x".
func isItem(line string) bool {
	if len(line) < 3 {
		return false
	}
	switch line[0] {
	case '-', '*', '+', '>':
		return line[1] == ' ' || line[1] == '\t'
	case '(':
		return line[2] == ')'
	case '[':
		return line[1] == ']' || line[2] == ']'
	}
	i := 0
	for i < len(line) && i < 2 && '0' <= line[i] && line[i] <= '9' {
		i++
	}
	if i == 0 && 'a' <= line[0] && line[0] <= 'z' && line[1] == ')' {
		return true
	}
	return i > 0 && i+1 < len(line) && (line[i] == ')' || line[i] == '.') && line[i+1] == ' '
}

func isDigit(word []byte) bool { return '0' <= word[0] && word[0] <= '9' }

// plain gives the folded form of the ASCII letters and digits, and 0 for what parts words or is not ASCII.
var plain = func() (table [256]byte) {
	for c := range table {
		switch c := byte(c); {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
			table[c] = c
		case 'A' <= c && c <= 'Z':
			table[c] = c - 'A' + 'a'
		}
	}
	return table
}()

func isWord(c rune) bool {
	if c < utf8.RuneSelf {
		return c >= 0 && plain[c] != 0
	}
	return c != utf8.RuneError && (unicode.IsLetter(c) || unicode.IsDigit(c))
}

// isSilent reports whether a rune within a word folds to nothing.
func isSilent(c rune) bool {
	return c == 0xAD || c >= 0x300 && c < 0x370 || c >= 0x200B && c <= 0x200F || c >= 0x2060 && c <= 0x2064 || c == 0xFEFF || c == 0x034F
}
