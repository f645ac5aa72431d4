package cases

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mask hides the numbers in a text that name a person to the state or to a bank: national register numbers and numbers
// of identity cards of Belgium, IBANs, and card numbers. Each must have its own form and check digits, so that the number
// of an invoice or a structured communication stays. Every letter and digit of a number becomes a dot, but for the country of
// an IBAN; what stands between them stays. To keep less is the point, to find every number is not promised.
func Mask(text string) string {
	if !strings.ContainsFunc(text, unicode.IsDigit) {
		return text
	}
	var b strings.Builder
	previous := ' '
	for rest := text; rest != ""; {
		r, size := utf8.DecodeRuneInString(rest)
		if isAlnum(r) && !inWord(previous) {
			if end, keep := secretNumber(rest); end > 0 {
				b.WriteString(dotted(rest[:end], keep))
				previous, _ = utf8.DecodeLastRuneInString(rest[:end])
				rest = rest[end:]
				continue
			}
		}
		b.WriteString(rest[:size])
		previous, rest = r, rest[size:]
	}
	return b.String()
}

// isAlnum reports whether r is an ASCII letter or digit: numbers are written with no other.
func isAlnum(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z'
}

// dotted is a number with its letters and digits as dots, but for the first keep bytes.
func dotted(number string, keep int) string {
	return number[:keep] + strings.Map(func(r rune) rune {
		if isAlnum(r) {
			return '•'
		}
		return r
	}, number[keep:])
}

// longest is how many letters and digits the longest of the numbers has: an IBAN.
const longest = 34

// maxGap is how many separators may stand between two digits of a number.
const maxGap = 3

// secretNumber tells where a number that a text begins with ends, 0 where it begins with none, and how much of it may
// be shown. The longest reading wins.
func secretNumber(text string) (end, keep int) {
	var number []byte // upper case, without separators
	gap := 0
	for i, r := range text {
		switch {
		case isAlnum(r) && len(number) < longest:
			number = append(number, byte(unicode.ToUpper(r)))
			gap = 0
			next, _ := utf8.DecodeRuneInString(text[i+1:])
			if inWord(next) {
				continue
			}
			if kept, secret := isSecret(string(number), text[:i+1]); secret {
				end, keep = i+1, kept
			}
		case isGap(r) && gap < maxGap:
			gap++
		default:
			return end, keep
		}
	}
	return end, keep
}

// isGap reports whether r may stand between the digits of a number.
func isGap(r rune) bool {
	return r == '.' || r == '/' || r == '_' || r == '−' || unicode.Is(unicode.Pd, r) || unicode.Is(unicode.Zs, r)
}

// isSecret judges a number, given without separators and as written; keep is how much of it may be shown.
func isSecret(number, as string) (keep int, secret bool) {
	switch {
	case isIBAN(number):
		return 2, true
	case strings.Trim(number, "0123456789") != "":
		return 0, false
	case isNationalNumber(number), isCardNumber(number):
		return 0, true
	}
	return 0, isIDCard(number, as)
}

// isNationalNumber is true of a national register number, or a bis number for who is not in the register, whose month is
// 20 or 40 higher (royal decree of 8 February 1991; 3 April 1984): the day of birth, a counter, and 97 less the rest of
// the nine digits by 97, with a 2 before them for births from 2000.
func isNationalNumber(n string) bool {
	if len(n) != 11 {
		return false
	}
	if month, day := value(n[2:4])%20, value(n[4:6]); value(n[2:4]) > 52 || month > 12 || day > 31 {
		return false
	}
	check := value(n[9:])
	return check == 97-modulo(n[:9], 97) || check == 97-modulo("2"+n[:9], 97)
}

// isIDCard is true of the number of a Belgian identity card as it stands on the card, 591-1234567-53. Without its dashes
// it could be a structured communication, which has the same check digits.
func isIDCard(n, as string) bool {
	if len(n) != 12 || len(as) != 14 || as[3] != '-' || as[11] != '-' {
		return false
	}
	rest := modulo(n[:10], 97)
	if rest == 0 {
		rest = 97
	}
	return value(n[10:]) == rest
}

// isCardNumber is true of a number of a bank card: digits that an issuer uses, and the check digit of Luhn (ISO/IEC 7812-1).
func isCardNumber(n string) bool {
	if len(n) < 14 || !issued(n) {
		return false
	}
	sum := 0
	for i := range len(n) {
		d := int(n[len(n)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// issued reports whether card numbers begin like that and are of that length: Visa, Mastercard, American Express, Diners,
// Maestro and Bancontact.
func issued(n string) bool {
	two, four := value(n[:2]), value(n[:4])
	switch len(n) {
	case 14:
		return two == 36 || two == 38 || four/10 >= 300 && four/10 <= 305
	case 15:
		return two == 34 || two == 37
	case 16:
		return n[0] == '4' || two >= 50 && two <= 69 || four >= 2221 && four <= 2720
	}
	return len(n) <= 19 && (n[0] == '4' && len(n) == 19 || two >= 56 && two <= 69)
}

// ibanLengths are the lengths of IBANs by country (ISO 13616 registry), those of the payments area in euro.
const ibanLengths = "AD24 AT20 BE16 BG22 CH21 CY28 CZ24 DE22 DK18 EE20 ES24 FI18 FR27 GB22 GI23 GR27 HR21 HU28 IE22 IS26 IT27 LI21 LT20 LU20 LV21 " +
	"MC27 MT31 NL18 NO15 PL28 PT25 RO24 SE24 SI19 SK24 SM27 TR26 MA28 TN24"

// isIBAN is true of an account number of a country above whose check digits are right (ISO 7064, MOD 97-10).
func isIBAN(n string) bool {
	if len(n) < 15 {
		return false
	}
	at := strings.Index(ibanLengths, n[:2])
	if at < 0 || at%5 != 0 || value(ibanLengths[at+2:at+4]) != len(n) || strings.Trim(n[2:4], "0123456789") != "" {
		return false
	}
	var digits strings.Builder
	for _, c := range []byte(n[4:] + n[:4]) {
		if c >= 'A' {
			digits.WriteByte('1' + (c-'A')/10)
			c = '0' + (c-'A')%10
		}
		digits.WriteByte(c)
	}
	return modulo(digits.String(), 97) == 1
}

// value is a short number in decimal digits.
func value(digits string) int { return modulo(digits, 1<<30) }

// modulo is the rest of a number in decimal digits, of any length.
func modulo(digits string, by int) int {
	rest := 0
	for _, d := range []byte(digits) {
		rest = (rest*10 + int(d-'0')) % by
	}
	return rest
}
