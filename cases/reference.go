package cases

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
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

// retyped matches a reference as people copy it: any case, spaces or any dash between the parts, zeros
// left out.
var retyped = regexp.MustCompile(`(?i)\b([a-z]{2,8})[\s\p{Pd}_/.]{1,3}(20\d\d)[\s\p{Pd}_/.]{1,3}(\d{1,6})\b`)

// most references that one text is searched for, so that a hostile subject costs little.
const maxReferences = 10

// FindReferences lists the references in a text, in order, each once and at most ten. A find is no more
// than a shape: whether the case exists, and whose it is, is not looked at.
func FindReferences(text string) []Reference {
	var found []Reference
	seen := map[Reference]bool{}
	for _, m := range retyped.FindAllStringSubmatch(text, maxReferences) {
		year, _ := strconv.Atoi(m[2])
		number, _ := strconv.Atoi(m[3])
		r := Reference{strings.ToUpper(m[1]), year, number}
		if number > 0 && !seen[r] {
			seen[r] = true
			found = append(found, r)
		}
	}
	return found
}

// ParseReference reads one reference, as people type it.
func ParseReference(s string) (Reference, error) {
	found := FindReferences(s)
	if len(found) != 1 || len(strings.TrimSpace(s)) > 30 {
		return Reference{}, fmt.Errorf("%q is not a case reference such as GDN-2026-0007", s)
	}
	return found[0], nil
}
