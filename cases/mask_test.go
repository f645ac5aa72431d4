package cases_test

import (
	"fmt"
	"strings"
	"testing"
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
		{"", "", "nothing"},
	} {
		if got := cases.Mask(tt.text); got != tt.want {
			t.Errorf("%s: %q became %q, want %q", tt.why, tt.text, got, tt.want)
		}
	}
}

// nationalNumber draws a valid national number.
func nationalNumber(t *rapid.T) string {
	nine := fmt.Sprintf("%02d%02d%02d%03d", rapid.IntRange(0, 99).Draw(t, "year"), rapid.IntRange(0, 12).Draw(t, "month")+20*rapid.IntRange(0, 2).Draw(t, "bis"),
		rapid.IntRange(0, 31).Draw(t, "day"), rapid.IntRange(1, 998).Draw(t, "counter"))
	n := 0
	fmt.Sscan("1"+nine, &n)
	n -= 1_000_000_000
	if rapid.Bool().Draw(t, "from 2000") {
		n += 2_000_000_000
	}
	return fmt.Sprintf("%s%02d", nine, 97-n%97)
}

func TestEveryNationalNumberIsMaskedHoweverItIsWritten(t *testing.T) {
	words := rapid.StringMatching(`([a-zéû]{1,9}[ ,:;]{1,2}){0,4}`)
	rapid.Check(t, func(t *rapid.T) {
		var number strings.Builder
		for i, d := range nationalNumber(t) {
			if i > 0 {
				number.WriteString(rapid.SampledFrom([]string{"", "", ".", "-", " ", " - ", "\u00a0", "/", "–"}).Draw(t, "gap"))
			}
			number.WriteRune(d)
		}
		before, after := words.Draw(t, "before"), words.Draw(t, "after")
		got := cases.Mask(before + number.String() + " " + after)
		if strings.ContainsAny(got, "0123456789") || !strings.HasPrefix(got, before) || !strings.HasSuffix(got, after) {
			t.Fatalf("%q became %q", before+number.String()+" "+after, got)
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
