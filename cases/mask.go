package cases

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mask hides the numbers in a text that name a person to the state or to a bank: national register numbers and numbers
// of identity cards of Belgium, IBANs of any country, and card numbers. Each must have its own form, a usual grouping
// and its check digits, so that references, dates, telephones, invoices and structured communications stay. Every letter
// and digit of a number becomes a dot, but for the country of an IBAN; what stands between them stays.
func Mask(text string) string {
	if !strings.ContainsFunc(text, unicode.IsDigit) {
		return text
	}
	var b strings.Builder
	shown, hidden := 0, 0                   // the end of a country that may be seen, and of what is hidden
	previous, code := ' ', longestTelephone // code counts the digits since a plus
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		if isAlnum(r) && beginsNumber(previous, r) {
			if end, keep := secretNumber(text[i:], code <= longestCode); i+end > hidden {
				if i >= hidden {
					shown = i + keep
				}
				hidden = i + end
			}
		}
		if isAlnum(r) && shown <= i && i < hidden {
			b.WriteRune('•')
		} else {
			b.WriteString(text[i : i+size])
		}
		switch {
		case r == '+':
			code = 0
		case isAlnum(r):
			code++
		case !isGap(r):
			code = longestTelephone
		}
		previous, i = r, i+size
	}
	return b.String()
}

// isAlnum reports whether r is an ASCII letter or digit: numbers are written with no other.
func isAlnum(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
}

// beginsNumber reports whether a number may begin with r: at the begin of a word, or behind letters, as in "RN85073003328".
func beginsNumber(previous, r rune) bool {
	return !inWord(previous) || unicode.IsLetter(previous) && r <= '9'
}

// maxGap is how many separators may stand between two digits of a number.
const maxGap = 3

// secretNumber tells where a number that a text begins with ends, 0 where it begins with none, and how much of it may
// be shown. The longest reading wins. What stands behind a plus, or behind a country's code with one, is a telephone number
// if it is no longer than those are.
func secretNumber(text string, dialled bool) (end, keep int) {
	var n number
	gap := 0
	for i, r := range text {
		switch {
		case isAlnum(r) && len(n.digits) < longestIBAN:
			n.add(byte(r), gap > 0)
			gap = 0
			next, _ := utf8.DecodeRuneInString(text[i+1:])
			if inWord(next) {
				continue
			}
			switch {
			case n.isIBAN():
				end, keep = i+1, 2
			case dialled && len(n.digits) <= longestTelephone:
			case n.isNational(), n.isCard(), n.isIDCard():
				end, keep = i+1, 0
			}
		case isGap(r) && gap < maxGap:
			gap++
		default:
			return end, keep
		}
	}
	return end, keep
}

// isGap reports whether r may stand between the digits of a number: also what a copied page leaves there unseen.
func isGap(r rune) bool {
	return r == '.' || r == '/' || r == '_' || r == '−' || unicode.IsSpace(r) || unicode.In(r, unicode.Pd, unicode.Cf)
}
