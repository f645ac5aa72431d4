package cases

import "strings"

// number is one that a text may hold: its letters, in upper case, and digits, without what stands between them.
type number struct {
	digits       []byte
	gaps         uint64 // a bit for each digit that stands behind a gap, the first digit's the lowest
	upper, lower bool   // there are such letters among the digits
}

const (
	longestIBAN      = 34 // letters and digits, ISO 13616
	longestTelephone = 15 // digits, ITU-T E.164
	longestCode      = 3  // digits of a country's code, the same
)

func (n *number) add(c byte, behindGap bool) {
	if behindGap {
		n.gaps |= 1 << len(n.digits)
	}
	switch {
	case c >= 'a':
		n.lower = true
		c -= 'a' - 'A'
	case c >= 'A':
		n.upper = true
	}
	n.digits = append(n.digits, c)
}

// grouped reports whether gaps stand nowhere but behind so many digits, or between all of them, as in the boxes of
// a form. Without it a date beside a telephone number would now and then have the right check digits.
func (n *number) grouped(after ...int) bool {
	all := uint64(1)<<len(n.digits) - 2
	var allowed uint64
	for _, a := range after {
		allowed |= 1 << a
	}
	return n.gaps&^allowed == 0 || n.gaps == all
}

// isNational is true of a national register number, or a bis number for who is not in the register, whose month is
// 20 or 40 higher (royal decree of 8 February 1991; 3 April 1984): the day of birth, a counter, and 97 less the rest of
// the nine digits by 97, with a 2 before them for births from 2000.
func (n *number) isNational() bool {
	if len(n.digits) != 11 || n.upper || n.lower || !n.grouped(2, 4, 6, 9) && !n.grouped(3, 6, 9) {
		return false
	}
	d := string(n.digits)
	if month := value(d[2:4]); month > 52 || month%20 > 12 || value(d[4:6]) > 31 {
		return false
	}
	check := value(d[9:])
	return check == 97-modulo(d[:9], 97) || check == 97-modulo("2"+d[:9], 97)
}

// isIDCard is true of the number of a Belgian identity card as it stands on the card, 591-1234567-53. Written otherwise
// it could be a structured communication, which has the same check digits.
func (n *number) isIDCard() bool {
	if len(n.digits) != 12 || n.upper || n.lower || n.gaps != 1<<3|1<<10 {
		return false
	}
	d := string(n.digits)
	rest := modulo(d[:10], 97)
	if rest == 0 {
		rest = 97
	}
	return value(d[10:]) == rest
}

// isCard is true of a number of a bank card: digits that an issuer uses, and the check digit of Luhn (ISO/IEC 7812-1).
func (n *number) isCard() bool {
	size := len(n.digits)
	if size < 13 || size > 19 || n.upper || n.lower || !n.grouped(4, 8, 12, 16) && !n.grouped(4, 7, 10) || !issued(string(n.digits)) {
		return false
	}
	sum := 0
	for i := range size {
		d := int(n.digits[size-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

// issued reports whether numbers of bank cards begin like that and are of that length: Visa, Mastercard, American Express,
// Diners, JCB, Discover, UnionPay, Maestro and Bancontact.
func issued(card string) bool {
	two, four := value(card[:2]), value(card[:4])
	switch len(card) {
	case 13:
		return card[0] == '4'
	case 14:
		return two == 36 || two == 38 || two == 39 || four/10 >= 300 && four/10 <= 305
	case 15:
		return two == 34 || two == 37
	}
	return card[0] == '4' || two >= 50 && two <= 69 || four >= 2221 && four <= 2720 || four >= 3528 && four <= 3589
}

// ibanLengths are the lengths of IBANs by country: those of the ISO 13616 registry, then those in use without being in it.
const ibanLengths = "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 " +
	"FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 " +
	"MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 " +
	"VG24 XK20 YE30 " +
	"AO25 BF28 BJ28 CF27 CG27 CI28 CM27 CV25 DZ26 GA27 GQ27 GW25 IR26 KM27 MA28 MG27 ML28 MZ25 NE28 SN28 TD27 TG28"

// isIBAN is true of an account number of a country above whose check digits are right (ISO 7064, MOD 97-10). Capital and
// small letters together are a number and a word behind it.
func (n *number) isIBAN() bool {
	if len(n.digits) < 15 || n.upper == n.lower {
		return false
	}
	iban := string(n.digits)
	at := strings.Index(ibanLengths, iban[:2])
	if at < 0 || at%5 != 0 || value(ibanLengths[at+2:at+4]) != len(iban) || strings.Trim(iban[2:4], "0123456789") != "" {
		return false
	}
	var digits strings.Builder
	for _, c := range []byte(iban[4:] + iban[:4]) {
		if c >= 'A' { // A is 10, Z is 35
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
