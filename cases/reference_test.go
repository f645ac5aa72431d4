package cases_test

import (
	"slices"
	"strings"
	"testing"

	"guichetdunumerique.be/guichet/cases"
	"pgregory.net/rapid"
)

var seven = cases.Reference{Prefix: "GDN", Year: 2026, Number: 7}

func TestReferencesAsPeopleRetypeThem(t *testing.T) {
	for _, tt := range []struct{ text, why string }{
		{"GDN-2026-0007", "as written"},
		{"Re: Auto: [GDN-2026-0007] x", "in a subject"},
		{"gdn 2026-7", "lower case, a space, no zeros"},
		{"GDN–2026–0007.", "en dashes, end of a sentence"},
		{"GDN—2026—0007", "em dashes"},
		{"GDN\u20112026\u20110007", "hyphens that do not break"},
		{"GDN−2026−0007", "minus signs"},
		{"GDN\u00a02026\u00a00007", "spaces that do not break"},
		{"GDN\u00ad-2026\u200b-0007", "invisible characters of a word processor"},
		{"Gdn/2026/007", "slashes"},
		{"GDN - 2026 - 0007", "dashes with spaces"},
		{"GDN\r\n -2026-0007", "a subject folded in the middle"},
		{"GDN2026-0007", "the first dash left out"},
		{"Fwd_GDN-2026-0007_answer", "underscores, as in the name of a file"},
		{"votre réf.:GDN-2026-0007, merci", "punctuation on both sides"},
		{"GDN-2026-0007 and gdn 2026 7", "twice the same"},
	} {
		if got := cases.FindReferences(tt.text); len(got) != 1 || got[0] != seven {
			t.Errorf("%q: found %v (%s)", tt.text, got, tt.why)
		}
	}
}

func TestWhatIsNoReference(t *testing.T) {
	for _, tt := range []struct{ text, why string }{
		{"", "nothing"},
		{"GDN-2026", "no number"},
		{"GDN-2026-0000", "numbers begin at one"},
		{"2026-0007", "no prefix"},
		{"order 12-2026-7", "a number before the year"},
		{"GDN-2026-0007b", "part of something longer"},
		{"GDN-2026-00000007", "too many digits"},
		{"ABCDEFGHI-2026-0007", "too many letters"},
		{"été2026-7", "a word of letters outside ASCII"},
		{"GDN-1999-0007", "another century"},
		{"\u212aGDN-2026-0007", "the sign of the kelvin is a letter, but none of a prefix"},
	} {
		if got := cases.FindReferences(tt.text); len(got) != 0 {
			t.Errorf("%q: found %v (%s)", tt.text, got, tt.why)
		}
	}
}

func TestReferencesComeInOrderEachOnceAndAtMostTen(t *testing.T) {
	got := cases.FindReferences("AB-2026-2 (CD-2025-1) ab 2026 2, AB-2026-3")
	want := []cases.Reference{{Prefix: "AB", Year: 2026, Number: 2}, {Prefix: "CD", Year: 2025, Number: 1}, {Prefix: "AB", Year: 2026, Number: 3}}
	if !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
	var many strings.Builder
	for n := range 1000 {
		many.WriteString(cases.Reference{Prefix: "AB", Year: 2026, Number: n + 1}.String() + " ")
	}
	if got := cases.FindReferences(many.String()); len(got) != 10 {
		t.Errorf("found %d references in a text of a thousand", len(got))
	}
}

func TestOneReferenceIsReadAndNothingBeside(t *testing.T) {
	for _, text := range []string{"GDN-2026-0007", " gdn 2026-7 ", "[GDN-2026-0007]"} {
		if got, err := cases.ParseReference(text); err != nil || got != seven {
			t.Errorf("%q is read as %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "GDN", "x GDN-2026-0007", "GDN-2026-0007 x", "GDN-2026-0000", "GDN-2026-1 GDN-2026-2", "GDN-2026-0000007"} {
		if got, err := cases.ParseReference(text); err == nil {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}

func TestAReferenceReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := cases.Reference{
			Prefix: rapid.StringMatching(`[A-Z]{2,8}`).Draw(t, "prefix"),
			Year:   rapid.IntRange(2000, 2099).Draw(t, "year"), Number: rapid.IntRange(1, 999999).Draw(t, "number"),
		}
		if got, err := cases.ParseReference(r.String()); err != nil || got != r {
			t.Fatalf("%s reads back as %v, %v", r, got, err)
		}
	})
}

func FuzzFindReferences(f *testing.F) {
	for _, seed := range []string{"GDN-2026-0007", "gdn 2026-7 GDN–2026–9999999", "\xff\xfeGDN\u00ad2026\x007", "AB20261 AB2026:1:1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		found := cases.FindReferences(text)
		if len(found) > 10 {
			t.Errorf("%d references found", len(found))
		}
		for i, r := range found {
			if got, err := cases.ParseReference(r.String()); err != nil || got != r {
				t.Errorf("%v does not read back: %v %v", r, got, err)
			}
			if slices.Contains(found[:i], r) {
				t.Errorf("%v was found twice", r)
			}
		}
		if r, err := cases.ParseReference(text); err == nil && !slices.Equal(found, []cases.Reference{r}) {
			t.Errorf("%q is read as %v, but the text holds %v", text, r, found)
		}
	})
}
