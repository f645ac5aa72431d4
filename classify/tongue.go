package classify

import "slices"

// ownLanguages is how many languages have rules.
const ownLanguages = 4

// tongues is a set of languages, a bit for each of Languages.
type tongues uint8

// anyTongue is all of them: the languages of rules that hold in every language.
const anyTongue tongues = 1<<ownLanguages - 1

// tongue is a language's place among Languages, or -1.
func tongue(language string) int { return slices.Index(Languages(), language) }

// tonguesOf is the set of one language, or of all for the shared one.
func tonguesOf(language string) tongues {
	if i := tongue(language); i >= 0 {
		return 1 << i
	}
	return anyTongue
}

// spoken are the languages whose rules may speak of a sentence: that of the mail, and those that the sentence looks
// like at least as much. A mail in French that holds a sentence in Dutch is read in both; the rest of it is not.
func spoken(now *sentence, main string) tongues {
	at := tongue(main)
	if at < 0 {
		return anyTongue
	}
	set := tongues(1) << at
	most := slices.Max(now.common[:])
	for l, n := range now.common {
		if n >= now.common[at] && (n > 0 || most == 0) {
			set |= 1 << l
		}
	}
	return set
}
