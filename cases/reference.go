package cases

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Reference names a case for people: GDN-2026-0007. Numbers of a year have no gaps.
type Reference struct {
	Prefix string
	Year   int
	Number int
}

// String is the reference as written in mails, or "" for the zero Reference.
func (r Reference) String() string {
	if r == (Reference{}) {
		return ""
	}
	return fmt.Sprintf("%s-%04d-%04d", r.Prefix, r.Year, r.Number)
}

// gap stands between the parts of a reference: dashes of all kinds and whatever people, mail programs and
// word processors put in their place, invisible characters included.
const gap = `[\s\p{Z}\p{Pd}\p{Cf}−_/.:]`

// retyped matches a reference as people copy it: any case, any gap, zeros left out.
var retyped = regexp.MustCompile(`([A-Za-z]{2,8})` + gap + `{0,4}(20[0-9]{2})` + gap + `{1,4}([0-9]{1,6})`)

// maxReferences bounds what one text is searched for, so that a hostile subject costs little.
const maxReferences = 10

// FindReferences lists the references in a text, in order, each once and at most ten. A find is no more
// than a shape: whether the case exists, and whose it is, is not looked at.
func FindReferences(text string) []Reference {
	var found []Reference
	for _, at := range retyped.FindAllStringSubmatchIndex(text, maxReferences) {
		before, _ := utf8.DecodeLastRuneInString(text[:at[0]])
		after, _ := utf8.DecodeRuneInString(text[at[1]:])
		r := referenceAt(text, at)
		if r.Number > 0 && !inWord(before) && !inWord(after) && !slices.Contains(found, r) {
			found = append(found, r)
		}
	}
	return found
}

// ParseReference reads one reference and nothing beside it, as people type it: "gdn 2026-7", "[GDN-2026-0007]".
func ParseReference(s string) (Reference, error) {
	bare := strings.Trim(s, " []")
	at := retyped.FindStringSubmatchIndex(bare)
	if at == nil || at[0] != 0 || at[1] != len(bare) || referenceAt(bare, at).Number == 0 {
		return Reference{}, fmt.Errorf("%.40q is not a case reference such as GDN-2026-0007", s)
	}
	return referenceAt(bare, at), nil
}

// referenceAt is the reference that a match of retyped found; at holds the match's indices.
func referenceAt(text string, at []int) Reference {
	year, _ := strconv.Atoi(text[at[4]:at[5]]) // digits, few enough: never an error
	number, _ := strconv.Atoi(text[at[6]:at[7]])
	return Reference{strings.ToUpper(text[at[2]:at[3]]), year, number}
}

// inWord reports whether a letter or digit beside a match makes it part of something longer.
func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
