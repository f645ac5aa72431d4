package classify

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A phrase of a rule is written as people say it:
//
//	supprimez mes donnees      words side by side
//	supprim*  *gegevens        a word by its beginning or its end
//	~donnees                   one slip of the keyboard allowed (words of six letters and more)
//	(mes|toutes mes) donnees   any of these, of one word or more, with gaps if need be
//	mes [propres] donnees      a word, or a choice of words, that may be absent
//	@mydata                    any entry of a list
//	supprim* ... @mydata       at most five words between; ..9 at most nine
//	@wish & @erase & @mydata   in any order, in the same sentence, at most fifteen words apart
//	^stop$                     at the beginning, at the end of a sentence
//	avez-vous mes donnees ?    only in a question
//
// Case, accents and typography do not count. A word written with ä, ö or ü also matches the spelling ae, oe, ue.

const (
	defaultGap = 5  // words skipped by "..."
	maxGap     = 15 // largest gap that may be written
	apart      = 15 // words between the parts of "&"
	maxSteps   = 12 // words and lists in one part of a phrase
	maxParts   = 4  // parts joined by "&"
	maxOptions = 4  // optional words in one part: each doubles the work
)

// phrase is a phrase as parsed: parts in any order.
type phrase struct {
	parts    []part
	question bool // only in a sentence that ends in a question mark
}

// part is a run of steps in order.
type part struct {
	steps []step
	head  bool // must begin the sentence
	tail  bool // must end it
}

// step is one element of a part: a choice, preceded by a gap.
type step struct {
	choice   [][]string // alternatives: each a run of "@list" or words with their * and ~ marks, and gaps ("..5") between them
	gap      int        // words that may stand before it
	optional bool
}

// plain reports whether a step is a choice of single words.
func (s step) plain() bool {
	for _, alternative := range s.choice {
		if len(alternative) != 1 || strings.HasPrefix(alternative[0], "@") {
			return false
		}
	}
	return true
}

// parsePhrase reads the notation above.
func parsePhrase(text string) (phrase, error) {
	var out phrase
	rest, question := strings.CutSuffix(strings.TrimSpace(text), "?")
	out.question = question
	for _, piece := range strings.Split(rest, "&") {
		p, err := parsePart(strings.TrimSpace(piece))
		if err != nil {
			return phrase{}, fmt.Errorf("phrase %q: %w", text, err)
		}
		out.parts = append(out.parts, p)
	}
	if len(out.parts) > maxParts {
		return phrase{}, fmt.Errorf("phrase %q: more than %d parts joined by &", text, maxParts)
	}
	return out, nil
}

func parsePart(text string) (part, error) {
	var p part
	text, p.head = strings.CutPrefix(text, "^")
	text, p.tail = strings.CutSuffix(text, "$")
	pieces, err := splitPieces(text)
	if err != nil {
		return part{}, err
	}
	gap, options := 0, 0
	for _, piece := range pieces {
		if n, ok, err := parseGap(piece); err != nil {
			return part{}, err
		} else if ok {
			gap = n
			continue
		}
		steps, err := parseStep(piece)
		if err != nil {
			return part{}, err
		}
		if steps[0].optional {
			options++
		}
		steps[0].gap = gap
		p.steps = append(p.steps, steps...)
		gap = 0
	}
	switch {
	case len(p.steps) == 0:
		return part{}, fmt.Errorf("holds no word")
	case gap > 0:
		return part{}, fmt.Errorf("ends in a gap")
	case p.steps[0].gap > 0:
		return part{}, fmt.Errorf("begins with a gap")
	case len(p.steps) > maxSteps:
		return part{}, fmt.Errorf("more than %d words", maxSteps)
	case options > maxOptions:
		return part{}, fmt.Errorf("more than %d optional words", maxOptions)
	case options == len(p.steps):
		return part{}, fmt.Errorf("every word is optional")
	}
	return p, nil
}

// splitPieces cuts at spaces, but not within brackets.
func splitPieces(text string) ([]string, error) {
	var out []string
	start, closing := -1, byte(0)
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case closing != 0:
			if c == closing {
				closing = 0
			} else if c == '(' || c == '[' {
				return nil, fmt.Errorf("brackets within brackets")
			}
		case c == ' ' || c == '\t' || c == '\n':
			if start >= 0 {
				out = append(out, text[start:i])
			}
			start = -1
			continue
		case c == '(':
			closing = ')'
		case c == '[':
			closing = ']'
		}
		if start < 0 {
			start = i
		}
	}
	if closing != 0 {
		return nil, fmt.Errorf("a bracket is not closed")
	}
	if start >= 0 {
		out = append(out, text[start:])
	}
	return out, nil
}

// parseGap reads "..." and "..9".
func parseGap(word string) (int, bool, error) {
	if word == "..." || word == "…" {
		return defaultGap, true, nil
	}
	digits, ok := strings.CutPrefix(word, "..")
	if !ok {
		return 0, false, nil
	}
	n, err := strconv.Atoi(digits)
	if err != nil || n < 1 || n > maxGap {
		return 0, false, fmt.Errorf("gap %q is not between ..1 and ..%d", word, maxGap)
	}
	return n, true, nil
}

// parseStep reads one piece of a phrase. A word with hyphens or apostrophes gives a step for each of its
// words.
func parseStep(piece string) ([]step, error) {
	if inner, ok := within(piece, "[", "]"); ok {
		choice, err := parseChoice(inner)
		return []step{{choice: choice, optional: true}}, err
	}
	if inner, ok := within(piece, "(", ")"); ok {
		choice, err := parseChoice(inner)
		return []step{{choice: choice}}, err
	}
	if strings.Contains(piece, "|") || strings.HasPrefix(piece, "@") {
		choice, err := parseChoice(piece)
		return []step{{choice: choice}}, err
	}
	words, err := literal(piece)
	if err != nil {
		return nil, err
	}
	steps := make([]step, len(words))
	for i, spellings := range words {
		for _, w := range spellings {
			steps[i].choice = append(steps[i].choice, []string{w})
		}
	}
	return steps, nil
}

func within(s, open, end string) (string, bool) {
	if strings.HasPrefix(s, open) && strings.HasSuffix(s, end) {
		return s[len(open) : len(s)-len(end)], true
	}
	return "", false
}

// parseChoice reads alternatives parted by bars.
func parseChoice(text string) ([][]string, error) {
	var out [][]string
	for _, alternative := range strings.Split(text, "|") {
		runs := [][]string{nil}
		for _, piece := range strings.Fields(alternative) {
			if gap, ok, err := parseGap(piece); err != nil {
				return nil, err
			} else if ok {
				for i := range runs {
					runs[i] = append(runs[i], ".."+strconv.Itoa(gap))
				}
				continue
			}
			if strings.HasPrefix(piece, "@") {
				for i := range runs {
					runs[i] = append(runs[i], piece)
				}
				continue
			}
			words, err := literal(piece)
			if err != nil {
				return nil, err
			}
			for _, spellings := range words {
				runs = multiply(runs, spellings)
			}
		}
		if len(runs[0]) == 0 {
			return nil, fmt.Errorf("(%s): an alternative is empty", text)
		}
		if strings.HasPrefix(runs[0][0], "..") || strings.HasPrefix(runs[0][len(runs[0])-1], "..") {
			return nil, fmt.Errorf("(%s): an alternative begins or ends with a gap", text)
		}
		out = append(out, runs...)
	}
	return out, nil
}

// multiply continues each run with each spelling of the next word.
func multiply(runs [][]string, spellings []string) [][]string {
	var out [][]string
	for _, r := range runs {
		for _, w := range spellings {
			out = append(out, append(slices.Clone(r), w))
		}
	}
	return out
}

// literal folds a word of a rule: the spellings of each word that it consists of.
func literal(word string) ([][]string, error) {
	body, fuzzy := strings.CutPrefix(word, "~")
	body, prefix := strings.CutSuffix(body, "*")
	body, suffix := strings.CutPrefix(body, "*")
	if strings.ContainsAny(body, "*~@()[]|^$?&") {
		return nil, fmt.Errorf("%q: a mark stands where it means nothing", word)
	}
	var out [][]string
	r := reader{text: body}
	for {
		s, ok := r.next()
		for i := range s.tokens {
			t := s.tokens[i]
			out = append(out, spellings(body[t.from:t.to]))
		}
		if !ok {
			break
		}
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%q holds no letter or digit", word)
	}
	mark(out[len(out)-1], "", prefix, "*")
	mark(out[0], "*", suffix, "")
	if fuzzy {
		if len(out) > 1 || len(out[0][0]) < minFuzzy {
			return nil, fmt.Errorf("%q: ~ needs one word of at least %d letters", word, minFuzzy)
		}
		mark(out[0], "~", true, "")
	}
	return out, nil
}

func mark(words []string, before string, on bool, after string) {
	if !on {
		return
	}
	for i := range words {
		words[i] = before + words[i] + after
	}
}

// umlauts gives the two ways in which people without the key write a German vowel.
var umlauts = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "Ä", "ae", "Ö", "oe", "Ü", "ue")

func spellings(word string) []string {
	out := []string{fold(word)}
	if s := fold(umlauts.Replace(word)); s != out[0] {
		out = append(out, s)
	}
	return slices.Compact(out)
}
