package templates

import (
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var (
	unread = regexp.MustCompile(`(?s)<(style|title)>.*?</(style|title)>|<!--.*?-->`)
	markup = regexp.MustCompile(`<[^>]*>`)
	// What only one of text and page needs: bars, and dashes between what a page puts into columns.
	drawn = regexp.MustCompile(`[█░–\s\x{a0}]|(?m)^- `)
)

func TestTextAndHTMLOfLettersToStaffSayTheSame(t *testing.T) {
	set, err := Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range Languages() {
		for _, name := range []string{NameNotice, NameReminder, NameDigest, NameReceipt, NameSummary} {
			for _, data := range staffSamples(name) {
				l, err := set.Render(name, lang, data)
				if err != nil {
					t.Fatal(err)
				}
				text := drawn.ReplaceAllString(l.Text, "")
				page := drawn.ReplaceAllString(html.UnescapeString(markup.ReplaceAllString(unread.ReplaceAllString(l.HTML, ""), "")), "")
				if diff := cmp.Diff(text, page); diff != "" {
					t.Fatalf("%s/%s %+v\n%s", lang, name, data, diff)
				}
			}
		}
	}
}

// TestEveryKeyHasWordsInEveryLanguage looks for words that a language lacks: it would show the key, or
// the words of the last branch.
func TestEveryKeyHasWordsInEveryLanguage(t *testing.T) {
	for _, lang := range Languages() {
		words, err := parseWords(overlay{}, lang)
		if err != nil {
			t.Fatal(err)
		}
		for block, keys := range map[string][]string{
			"right.short": sampleRights, "identity": sampleIdentity, "flag": sampleFlags, "outcome": sampleOutcomes, "tongue": sampleLanguages,
			"word": sampleWords, "meaning": sampleWords, "do": sampleDo, "section": sampleSections, "notice.what": sampleWhys, "notice.lead": sampleWhys,
		} {
			said := map[string]string{}
			for _, key := range keys {
				var b strings.Builder
				if err := words.text.ExecuteTemplate(&b, block, key); err != nil {
					t.Fatal(err)
				}
				phrase := strings.TrimSpace(b.String())
				if other, twice := said[phrase]; twice || phrase == "" || key != "?" && len(key) > 2 && strings.Contains(phrase, "_") {
					t.Errorf("%s: %s says %q for %q as for %q", lang, block, phrase, key, other)
				}
				said[phrase] = key
			}
		}
		holds, problems := map[string]bool{}, map[string]bool{}
		for _, key := range sampleHolds {
			var b strings.Builder
			if err := words.text.ExecuteTemplate(&b, "hold", Hold{Key: key, Note: "as recorded"}); err != nil {
				t.Fatal(err)
			}
			holds[b.String()] = true
		}
		for _, key := range sampleProblems {
			var b strings.Builder
			if err := words.text.ExecuteTemplate(&b, "problem", Done{Problem: key}); err != nil {
				t.Fatal(err)
			}
			problems[b.String()] = true
		}
		if len(holds) != len(sampleHolds) || !holds["as recorded"] || len(problems) != len(sampleProblems) || !problems["?"] {
			t.Errorf("%s: %d of %d reasons and %d of %d problems have words", lang, len(holds), len(sampleHolds), len(problems), len(sampleProblems))
		}
	}
}

func TestACalendarEntryIsNamedInTheLanguage(t *testing.T) {
	set, err := Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[string]string{"fr": "réponse due", "nl": "antwoord", "de": "Antwort fällig", "en": "answer due", "it": "réponse due"} {
		if got, err := set.Entry(lang, "GDN-2026-0007"); err != nil || !strings.HasPrefix(got, "GDN-2026-0007 – "+want) {
			t.Errorf("%s: %q, %v", lang, got, err)
		}
	}
}
