package classify

import (
	"strconv"

	"guichetdunumerique.be/guichet/cases"
)

// Citations of the GDPR need no knowledge of the language around them: "article 15" beside RGPD, AVG, DSGVO
// or GDPR names the right of access in any of them.

const (
	articleWeight = 0.75 // an article of a right cited where something is asked
	foreignCited  = 0.8  // weight in a language without rules, where the citation must carry the request
	maxNumbers    = 12   // articles in one list
	lawReach      = 25   // words between an article and the law that it belongs to
)

// articleRules are the rules behind citations: one a right, then one for ranges such as "articles 15 à 22",
// which name no right in particular.
func articleRules() []rule {
	var out []rule
	for _, right := range cases.Rights() {
		out = append(out, rule{id: "article." + right.Article(), kind: isRequest, right: right, weight: articleWeight, article: true, named: true})
	}
	return append(out, rule{id: "article.range", kind: isRequest, weight: articleWeight, article: true, named: true})
}

// cite adds the citations of a sentence to its hits. The law may have been named before: then an article without any law
// beside it is the GDPR's.
func (r *Rules) cite(s *scratch, now *sentence, hits []hit, named bool) []hit {
	for _, at := range s.places[r.matcher.article] {
		near := r.nearLaw(s, at)
		if !near && !named {
			continue
		}
		c := citation{now: now, pos: int(at.last)}
		numbers := c.numbers(make([]int, 0, maxNumbers))
		if !near && c.ofAnother() {
			continue
		}
		for _, n := range numbers {
			if i := r.cited[n]; i >= 0 && !c.subsidiary(n, int(at.last)) {
				hits = append(hits, hit{r.articles + int32(i), span{at.first, int16(c.pos)}})
			}
		}
		if c.isRange {
			hits = append(hits, hit{r.articles + int32(len(r.rights)), span{at.first, int16(c.pos)}})
		}
	}
	return hits
}

func (r *Rules) nearLaw(s *scratch, at span) bool {
	for _, law := range s.places[r.matcher.law] {
		if d := int(law.first) - int(at.last); d >= 0 && d <= lawReach {
			return true
		}
		if d := int(at.first) - int(law.last); d >= 0 && d <= lawReach {
			return true
		}
	}
	return false
}

// cited finds for each article the place of its rule in articleRules, or -1.
func cited() [100]int8 {
	var out [100]int8
	for n := range out {
		out[n] = -1
		for i, right := range cases.Rights() {
			if right.Article() == strconv.Itoa(n) || n == 7 && right == cases.ConsentWithdrawal {
				out[n] = int8(i)
			}
		}
	}
	return out
}

// citation reads the numbers after the word "article".
type citation struct {
	now     *sentence
	pos     int
	isRange bool
}

// joiners stand between the numbers of a list; ranges between the ends of a range; a number after one of
// the details is a paragraph or letter of the article.
var (
	joiners = map[string]bool{"et": true, "en": true, "und": true, "and": true, "ou": true, "of": true, "oder": true, "or": true,
		"y": true, "e": true, "i": true, "article": true, "art": true, "artikel": true, "du": true, "le": true, "l": true}
	ranges  = map[string]bool{"a": true, "bis": true, "to": true, "tot": true, "tem": true, "through": true, "au": true, "t": true, "m": true, "al": true, "do": true}
	details = map[string]bool{"par": true, "paragraphe": true, "paragraaf": true, "paragraph": true, "abs": true, "absatz": true,
		"lid": true, "leden": true, "alinea": true, "al": true, "nr": true, "no": true, "lit": true, "point": true, "punt": true,
		"buchstabe": true, "letter": true, "odst": true, "stavka": true, "stavke": true, "ust": true, "section": true, "alineas": true}
)

// subsidiary reports whether the citation is of art. 18(1)(d): the restriction that holds while an objection
// is weighed asks for nothing by itself.
func (c *citation) subsidiary(n, first int) bool {
	if n != 18 {
		return false
	}
	for i := first; i < min(c.pos+1, len(c.now.tokens)); i++ {
		if string(c.now.word(i)) == "d" {
			return true
		}
	}
	return false
}

// genitives lead from an article to what it is part of; regulations is how a letter calls the GDPR once it has named it.
var (
	genitives   = map[string]bool{"de": true, "du": true, "des": true, "d": true, "van": true, "uit": true, "der": true, "vom": true, "of": true, "from": true, "in": true}
	regulations = map[string]bool{"reglement": true, "verordening": true, "verordnung": true, "regulation": true, "celui": true, "meme": true, "deze": true, "dezelfde": true, "dieser": true, "genannten": true, "this": true, "same": true, "that": true}
)

// ofAnother reports whether the citation goes on to say what the article is part of, and that is not what the letter calls
// the regulation: art. 5 du contrat.
func (c *citation) ofAnother() bool {
	at := c.pos
	if genitives[string(c.now.word(at-1))] {
		at-- // taken for what joins two numbers
	}
	if at >= len(c.now.tokens) || !genitives[string(c.now.word(at))] {
		return false
	}
	for i := at + 1; i < min(at+4, len(c.now.tokens)); i++ {
		if regulations[string(c.now.word(i))] {
			return false
		}
	}
	return true
}

// number reads a word as the number of an article.
func number(word []byte) (n int, ok bool) {
	for _, digit := range word {
		if digit < '0' || digit > '9' || len(word) > 2 {
			return 0, false
		}
		n = 10*n + int(digit-'0')
	}
	return n, true
}

// numbers appends the articles of a list; of a range it tells only that there is one.
func (c *citation) numbers(out []int) []int {
	detail, open := false, false
	for start := c.pos; c.pos < len(c.now.tokens) && len(out) < maxNumbers; c.pos++ {
		word := c.now.word(c.pos)
		n, isNumber := number(word)
		sep := c.now.tokens[c.pos].sep
		switch {
		case isNumber:
			if detail || sep == '§' || c.pos > start && (sep == '(' || sep == '.') {
				detail = false // a paragraph: 15.3, 15(3), § 1
				continue
			}
			if len(out) > 0 && (open || sep == '-') && n > out[len(out)-1] {
				c.isRange = true
				return out[:len(out)-1]
			}
			out = append(out, n)
		case details[string(word)]:
			detail = true
		case ranges[string(word)]:
			open = len(out) > 0
		case joiners[string(word)], len(word) == 1:
			open = false
		default:
			return out
		}
	}
	return out
}
