package message

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold makes words comparable however they were typed: lower case, no accents, plain apostrophes and spaces.
// Lines stay lines.
func fold(s string) string {
	if isASCII(s) {
		return asciiSpaces.Replace(strings.ToLower(s))
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Cf, r):
			return -1
		case r == '’', r == '‘', r == '´', r == '`':
			return '\''
		case r != '\n' && unicode.IsSpace(r):
			return ' '
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(s))
	return ligatures.Replace(s)
}

var (
	asciiSpaces = strings.NewReplacer("\t", " ", "\r", " ", "\f", " ", "\v", " ", "`", "'")
	ligatures   = strings.NewReplacer("ß", "ss", "œ", "oe", "æ", "ae")
)
