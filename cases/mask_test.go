package cases_test

import (
	"fmt"
	"math/big"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"guichetdunumerique.be/guichet/cases"
	"pgregory.net/rapid"
)

func TestNumbersThatNameAPersonAreMasked(t *testing.T) {
	for _, tt := range []struct{ text, want, why string }{
		{"n° 85.07.30-033.28", "n° ••.••.••-•••.••", "a national number as it stands on the card"},
		{"85073003328", "•••••••••••", "without separators"},
		{"85 07 30 033 28.", "•• •• •• ••• ••.", "with spaces, before a full stop"},
		{"85-07-30–033–28", "••-••-••–•••–••", "with dashes of two kinds"},
		{"17.07.30-033.84", "••.••.••-•••.••", "born from 2000"},
		{"tel 85 07 30 033 29", "tel 85 07 30 033 29", "wrong check digits"},
		{"85.27.30-033.71 et 85.47.30-033.17", "••.••.••-•••.•• et ••.••.••-•••.••", "bis numbers"},
		{"85.07.32-033.28", "85.07.32-033.28", "no such day"},
		{"185.07.30-033.28", "185.07.30-033.28", "a longer number"},
		{"BE68 5390 0754 7034", "BE•• •••• •••• ••••", "an IBAN"},
		{"compte be68539007547034,", "compte be••••••••••••••,", "an IBAN in small letters"},
		{"BE68-5390-0754-7034 et NL91ABNA0417164300", "BE••-••••-••••-•••• et NL••••••••••••••••", "two of them"},
		{"BE69 5390 0754 7034", "BE69 5390 0754 7034", "wrong check digits"},
		{"BE68 5390 0754 7034 12", "BE•• •••• •••• •••• 12", "digits behind an IBAN"},
		{"4111 1111 1111 1111", "•••• •••• •••• ••••", "a card"},
		{"5500-0000-0000-0004", "••••-••••-••••-••••", "another"},
		{"4111 1111 1111 1112", "4111 1111 1111 1112", "wrong check digit"},
		{"591-1234567-53", "•••-•••••••-••", "an identity card"},
		{"+++090/9337/55493+++", "+++090/9337/55493+++", "a structured communication stays: it is an invoice's"},
		{"facture 2026-000123 du 23/11/2026, 1.234,50 EUR", "facture 2026-000123 du 23/11/2026, 1.234,50 EUR", "an invoice"},
		{"GDN-2026-0007, art. 17(3)(b)", "GDN-2026-0007, art. 17(3)(b)", "a reference"},
		{"+32 475 12 34 56", "+32 475 12 34 56", "a telephone"},
		{"+32470123458 ou 32470123458", "+32470123458 ou •••••••••••", "a telephone that has the check digits, and what no plus tells from a number"},
		{"du 23.11.2026 - 30.11.2029", "du 23.11.2026 - 30.11.2029", "two dates that have the digits of a card"},
		{"12 85.07.30-033.28 3", "12 ••.••.••-•••.•• 3", "other numbers beside it"},
		{"NISS:85073003328", "NISS:•••••••••••", "behind its name"},
		{"RN85073003328", "RN•••••••••••", "grown together with its name"},
		{"85.07.30\n033.28", "••.••.••\n•••.••", "broken by the end of a line"},
		{"378282246310005 3782 822463 10005", "••••••••••••••• •••• •••••• •••••", "a card of fifteen digits"},
		{"4222222222222", "•••••••••••••", "a card of thirteen"},
		{"MT84MALT011000012345MTLCAST001S", "MT" + strings.Repeat("•", 29), "an IBAN with letters"},
		{"", "", "nothing"},
	} {
		if got := cases.Mask(tt.text); got != tt.want {
			t.Errorf("%s: %q became %q, want %q", tt.why, tt.text, got, tt.want)
		}
	}
}

// grouped writes a number in groups of so many digits, the last for what remains, with something between them.
func grouped(t *rapid.T, number string, groups ...int) string {
	gap := rapid.SampledFrom([]string{".", "-", " ", "\u00a0", "\u202f", "\u2009", "/", "–", "‑", " - ", "\u200b", "\n"})
	var b strings.Builder
	for _, n := range groups {
		if n >= len(number) {
			break
		}
		b.WriteString(number[:n] + gap.Draw(t, "gap"))
		number = number[n:]
	}
	return b.String() + number
}

// drawOf draws one of several writings.
func drawOf(t *rapid.T, writings ...func() string) string {
	return rapid.SampledFrom(writings).Draw(t, "writing")()
}

// national draws a valid national register number or bis number in a usual writing.
func national(t *rapid.T) string {
	nine := fmt.Sprintf("%02d%02d%02d%03d", rapid.IntRange(0, 99).Draw(t, "year"), rapid.IntRange(0, 12).Draw(t, "month")+20*rapid.IntRange(0, 2).Draw(t, "bis"),
		rapid.IntRange(0, 31).Draw(t, "day"), rapid.IntRange(1, 998).Draw(t, "counter"))
	counted := nine
	if rapid.Bool().Draw(t, "from 2000") {
		counted = "2" + nine
	}
	n, _ := new(big.Int).SetString(counted, 10)
	number := fmt.Sprintf("%s%02d", nine, 97-new(big.Int).Mod(n, big.NewInt(97)).Int64())
	return drawOf(t,
		func() string { return number },
		func() string { return grouped(t, number, 2, 2, 2, 3) },
		func() string { return grouped(t, number, 6, 3) },
		func() string { return grouped(t, number, 6) },
		func() string { return grouped(t, number, 3, 3, 3) },
		func() string { return grouped(t, number, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1) },
		func() string {
			return number[:2] + "." + number[2:4] + "." + number[4:6] + "-" + number[6:9] + "." + number[9:]
		},
		func() string { return "RN" + number },
	)
}

// iban draws a valid IBAN of a country, without its country.
func iban(t *rapid.T) (country, rest string) {
	form := rapid.SampledFrom([]string{"BE16", "NL18", "FR27", "DE22", "LU20", "NO15", "MT31", "LC32", "RU33", "MA28", "SC31"}).Draw(t, "country")
	var size int
	fmt.Sscan(form[2:], &size)
	country = form[:2]
	bban := rapid.StringOfN(rapid.RuneFrom([]rune("0123456789ABCXYZ")), size-4, size-4, -1).Draw(t, "account")
	var digits strings.Builder
	for _, r := range bban + country {
		fmt.Fprint(&digits, strings.IndexRune("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", r))
	}
	n, _ := new(big.Int).SetString(digits.String()+"00", 10)
	whole := fmt.Sprintf("%s%02d%s", country, 98-new(big.Int).Mod(n, big.NewInt(97)).Int64(), bban)
	if rapid.Bool().Draw(t, "small letters") {
		country, whole = strings.ToLower(country), strings.ToLower(whole)
	}
	return country, drawOf(t,
		func() string { return whole },
		func() string { return grouped(t, whole, 4, 4, 4, 4, 4, 4, 4, 4) },
		func() string { return grouped(t, whole, 2, 2, 5, 5, 11, 2) },
	)[2:]
}

// card draws a valid number of a bank card.
func card(t *rapid.T) string {
	begin := rapid.SampledFrom([]string{"4", "51", "55", "2221", "2720", "34", "37", "36", "300", "3528", "6011", "6703", "6304", "62"}).Draw(t, "issuer")
	size := 16
	switch begin {
	case "4":
		size = rapid.SampledFrom([]int{13, 16, 19}).Draw(t, "digits")
	case "34", "37":
		size = 15
	case "36", "300":
		size = 14
	case "6703", "6304", "62":
		size = rapid.IntRange(16, 19).Draw(t, "digits")
	}
	n := begin + rapid.StringOfN(rapid.RuneFrom([]rune("0123456789")), size-1-len(begin), size-1-len(begin), -1).Draw(t, "account")
	for check := range 10 {
		if whole := n + fmt.Sprint(check); luhn(whole) {
			n = whole
			break
		}
	}
	return drawOf(t,
		func() string { return n },
		func() string { return grouped(t, n, 4, 4, 4, 4) },
		func() string { return grouped(t, n, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1) },
		func() string {
			if size == 14 || size == 15 {
				return grouped(t, n, 4, 6)
			}
			return n
		},
	)
}

// luhn adds the digits, each second from the right twice over.
func luhn(number string) bool {
	twice := []int{0, 2, 4, 6, 8, 1, 3, 5, 7, 9}
	sum := 0
	for i, r := range number {
		if d := int(r - '0'); (len(number)-i)%2 == 0 {
			sum += twice[d]
		} else {
			sum += d
		}
	}
	return sum%10 == 0
}

func TestEveryNumberThatNamesAPersonIsMaskedHoweverItIsWritten(t *testing.T) {
	words := rapid.StringMatching(`([a-zéû]{1,9}[ ,:;]{1,2}|[0-9]{1,4} |\(){0,4}`)
	rapid.Check(t, func(t *rapid.T) {
		before, after, seen, number := words.Draw(t, "before"), words.Draw(t, "after"), "", ""
		switch rapid.IntRange(0, 2).Draw(t, "kind") {
		case 0:
			number = national(t)
		case 1:
			number = card(t)
		default:
			seen, number = iban(t)
		}
		text := before + seen + number + ", " + after
		got := []rune(cases.Mask(text))
		from := utf8.RuneCountInString(before + seen)
		hidden := string(got[from : from+utf8.RuneCountInString(number)])
		if strings.ContainsFunc(strings.ReplaceAll(hidden, "RN", ""), func(r rune) bool { return r < utf8.RuneSelf && (unicode.IsDigit(r) || unicode.IsLetter(r)) }) {
			t.Fatalf("%q became %q", text, string(got))
		}
	})
}

func TestATextWithoutSuchANumberStays(t *testing.T) {
	digits := func(n int) string { return fmt.Sprintf(`[0-9]{%d}`, n) }
	harmless := rapid.OneOf(
		rapid.StringMatching(`GDN-20[0-9]{2}-[0-9]{4}`),
		rapid.StringMatching(`(0[1-9]|[12][0-9]|3[01])[./-](0[1-9]|1[0-2])[./-]20[0-9]{2}`),
		rapid.StringMatching(`20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])( [0-2][0-9]:[0-5][0-9])?`),
		rapid.StringMatching(`(0[1-9]|[12][0-9]|3[01])\.(0[1-9]|1[0-2])\.20[0-9]{2} ?[-–] ?(0[1-9]|[12][0-9]|3[01])\.(0[1-9]|1[0-2])\.20[0-9]{2}`),
		rapid.StringMatching(`\+32 ?4[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2}`),
		rapid.StringMatching(`\+(49 ?1[0-9]{2} ?[0-9]{8}|33 ?[1-9]( ?[0-9]{2}){4}|31 ?6 ?[0-9]{8})`),
		rapid.StringMatching(`0032 ?4[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2}`),
		rapid.StringMatching(`0(4[0-9]{2}[ /][0-9]{2}[ .][0-9]{2}[ .][0-9]{2}|2[ /][0-9]{3}[ .][0-9]{2}[ .][0-9]{2})`),
		rapid.StringMatching(`\+\+\+[0-9]{3}/[0-9]{4}/[0-9]{5}\+\+\+`),
		rapid.StringMatching(`BE ?0[0-9]{3}\.[0-9]{3}\.[0-9]{3}`),
		rapid.StringMatching(`art\. [0-9]{1,2}\([0-9]\)`),
		rapid.StringMatching(digits(4)+`|`+digits(1)),
	)
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(harmless, 1, 4).Draw(t, "parts")
		text := strings.Join(parts, rapid.SampledFrom([]string{", ", " en ", "; ", " (", "\t: "}).Draw(t, "between"))
		if got := cases.Mask(text); got != text {
			t.Fatalf("%q became %q", text, got)
		}
	})
}

func TestMaskingChangesNoOtherLetter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[BEbe0-9 ./-]{0,60}`)).Draw(t, "text")
		got := cases.Mask(text)
		if utf8.RuneCountInString(got) != utf8.RuneCountInString(text) {
			t.Fatalf("%q became %q", text, got)
		}
		old, masked := []rune(text), []rune(got)
		for i := range masked {
			if masked[i] != '•' && utf8.ValidString(text) && masked[i] != old[i] {
				t.Fatalf("%q became %q", text, got)
			}
		}
		if again := cases.Mask(got); again != got {
			t.Fatalf("masked again, %q became %q", got, again)
		}
	})
}

func FuzzMask(f *testing.F) {
	for _, seed := range []string{"85.07.30-033.28", "BE68 5390 0754 7034", "4111 1111 1111 1111", "\xff85073003328"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if got := cases.Mask(text); utf8.RuneCountInString(got) != utf8.RuneCountInString(text) {
			t.Errorf("%q became %q", text, got)
		}
	})
}
