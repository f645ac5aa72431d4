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
//	mes|vos                    either word
//	(propres)                  a word that may be absent
//	@mydata                    any entry of a list
//	supprim* ... @mydata       at most five words between; ..9 at most nine
//	@wish & @erase & @mydata   in any order, in the same sentence, at most twelve words apart
//	^stop$                     at the beginning, at the end of a sentence
//
// Case, accents and typography do not count. A word written with ä, ö or ü also matches the spelling ae, oe, ue.

const (
	defaultGap = 5  // words skipped by "..."
	maxGap     = 15 // largest gap that may be written
	apart      = 12 // words between the parts of "&"
	maxSteps   = 12 // words and lists in one part of a phrase
	maxParts   = 4  // parts joined by "&"
	maxOptions = 4  // optional words in one part: each doubles the work
)

// step is one element of a phrase: a choice of words and lists, preceded by a gap.
type step struct {
	choice   []string // "@list", or a word with its * and ~ marks
	gap      int      // words that may stand before it
	optional bool
}

// part is a run of steps in order.
type part struct {
	steps []step
	head  bool // must begin the sentence
	tail  bool // must end it
}

// parsePhrase reads the notation above.
func parsePhrase(text string) ([]part, error) {
	var parts []part
	for _, piece := range strings.Split(text, "&") {
		p, err := parsePart(strings.TrimSpace(piece))
		if err != nil {
			return nil, fmt.Errorf("phrase %q: %w", text, err)
		}
		parts = append(parts, p)
	}
	if len(parts) > maxParts {
		return nil, fmt.Errorf("phrase %q: more than %d parts joined by &", text, maxParts)
	}
	return parts, nil
}

func parsePart(text string) (part, error) {
	var p part
	if rest, ok := strings.CutPrefix(text, "^"); ok {
		p.head, text = true, rest
	}
	if rest, ok := strings.CutSuffix(text, "$"); ok {
		p.tail, text = true, rest
	}
	gap, options := 0, 0
	for _, word := range strings.Fields(text) {
		if n, ok, err := parseGap(word); err != nil {
			return part{}, err
		} else if ok {
			gap = n
			continue
		}
		steps, err := parseStep(word, gap)
		if err != nil {
			return part{}, err
		}
		if steps[0].optional {
			options++
		}
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

// parseStep reads one word of a phrase; a word with hyphens or apostrophes gives a step for each of its words.
func parseStep(word string, gap int) ([]step, error) {
	optional := false
	if strings.HasPrefix(word, "(") && strings.HasSuffix(word, ")") {
		optional, word = true, word[1:len(word)-1]
	}
	if strings.Contains(word, "|") || strings.HasPrefix(word, "@") {
		var choice []string
		for _, w := range strings.Split(word, "|") {
			if strings.HasPrefix(w, "@") {
				choice = append(choice, w)
				continue
			}
			words, err := literal(w)
			if err != nil {
				return nil, err
			}
			if len(words) != 1 {
				return nil, fmt.Errorf("%q: a choice must be of single words; make it a list", word)
			}
			choice = append(choice, words[0]...)
		}
		return []step{{choice: choice, gap: gap, optional: optional}}, nil
	}
	words, err := literal(word)
	if err != nil {
		return nil, err
	}
	if optional && len(words) > 1 {
		return nil, fmt.Errorf("%q: only a single word may be optional", word)
	}
	steps := make([]step, len(words))
	for i, w := range words {
		steps[i] = step{choice: w, optional: optional}
	}
	steps[0].gap = gap
	return steps, nil
}

// literal folds a word of a rule: the spellings of each word that it consists of.
func literal(word string) ([][]string, error) {
	body, fuzzy := strings.CutPrefix(word, "~")
	body, prefix := strings.CutSuffix(body, "*")
	body, suffix := strings.CutPrefix(body, "*")
	if strings.ContainsAny(body, "*~@()|^$") {
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
