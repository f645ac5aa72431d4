package classify

import (
	"unicode"
	"unicode/utf8"
)

// foldTable gives, for letters between U+00C0 and U+017F, the plain letters that rules are written in;
// "" drops the rune and "?" marks what unicode.ToLower must judge. One string a rune, in code order.
var foldTable = [...]string{
	// U+00C0
	"a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i",
	"d", "n", "o", "o", "o", "o", "o", "?", "o", "u", "u", "u", "u", "y", "th", "ss",
	"a", "a", "a", "a", "a", "a", "ae", "c", "e", "e", "e", "e", "i", "i", "i", "i",
	"d", "n", "o", "o", "o", "o", "o", "?", "o", "u", "u", "u", "u", "y", "th", "y",
	// U+0100
	"a", "a", "a", "a", "a", "a", "c", "c", "c", "c", "c", "c", "c", "c", "d", "d",
	"d", "d", "e", "e", "e", "e", "e", "e", "e", "e", "e", "e", "g", "g", "g", "g",
	"g", "g", "g", "g", "h", "h", "h", "h", "i", "i", "i", "i", "i", "i", "i", "i",
	"i", "i", "ij", "ij", "j", "j", "k", "k", "k", "l", "l", "l", "l", "l", "l", "l",
	"l", "l", "l", "n", "n", "n", "n", "n", "n", "n", "n", "n", "o", "o", "o", "o",
	"o", "o", "oe", "oe", "r", "r", "r", "r", "r", "r", "s", "s", "s", "s", "s", "s",
	"s", "s", "t", "t", "t", "t", "t", "t", "u", "u", "u", "u", "u", "u", "u", "u",
	"u", "u", "u", "u", "w", "w", "y", "y", "y", "z", "z", "z", "z", "z", "z", "s",
}

// foldRune appends the folded form of r to dst: lower case, without accents, ligatures opened, every
// apostrophe and hyphen the ASCII one. Invisible runes (soft hyphen, zero-width, combining accents, byte
// order mark) give nothing, so that they never part a word.
func foldRune(dst []byte, r rune) []byte {
	switch {
	case r < utf8.RuneSelf:
		if 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return append(dst, byte(r))
	case r >= 0xC0 && r < 0xC0+rune(len(foldTable)):
		if s := foldTable[r-0xC0]; s != "?" {
			return append(dst, s...)
		}
	case r >= 0x300 && r < 0x370, r == 0xAD, r == 0x034F, r >= 0x200B && r <= 0x200F, r >= 0x2060 && r <= 0x2064, r == 0xFEFF:
		return dst
	case r == 0x2018, r == 0x2019, r == 0x201B, r == 0x02BC, r == 0x2032, r == 0xB4:
		return append(dst, '\'')
	case r >= 0x2010 && r <= 0x2015, r == 0x2212:
		return append(dst, '-')
	case unicode.IsSpace(r):
		return append(dst, ' ')
	case r == 0x218, r == 0x219:
		return append(dst, 's')
	case r == 0x21A, r == 0x21B:
		return append(dst, 't')
	}
	return utf8.AppendRune(dst, foldGreek(unicode.ToLower(r)))
}

// foldGreek takes the accent off a lower-case Greek vowel: letters from Greece and Cyprus cite articles too.
func foldGreek(r rune) rune {
	switch r {
	case 'ά':
		return 'α'
	case 'έ':
		return 'ε'
	case 'ή':
		return 'η'
	case 'ί', 'ϊ', 'ΐ':
		return 'ι'
	case 'ό':
		return 'ο'
	case 'ύ', 'ϋ', 'ΰ':
		return 'υ'
	case 'ώ':
		return 'ω'
	case 'ς':
		return 'σ'
	}
	return r
}

// fold is the folded form of a whole string.
func fold(s string) string {
	dst := make([]byte, 0, len(s))
	for _, r := range s {
		dst = foldRune(dst, r)
	}
	return string(dst)
}
