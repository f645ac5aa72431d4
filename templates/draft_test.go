package templates_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"guichetdunumerique.be/guichet/templates"
)

var (
	rights = []string{"access", "rectification", "erasure", "restriction", "objection", "portability", "consent_withdrawal"}
	drafts = []string{"draft_answer", "draft_identity", "draft_extension", "draft_refusal", "draft_nothing", "draft_closing"}
	blank  = map[string]string{"fr": "[À\u00a0COMPLÉTER\u00a0: ", "nl": "[AAN\u00a0TE\u00a0VULLEN: ", "de": "[AUSZUFÜLLEN: ", "en": "[TO\u00a0FILL\u00a0IN: "}
	option = map[string]string{"fr": "[AU\u00a0CHOIX]", "nl": "[KEUZE]", "de": "[ZUR\u00a0WAHL]", "en": "[OPTION]"}
)

func draft(rights ...string) templates.Draft {
	return templates.Draft{
		Reference: "GDN-2026-0007", Desk: "Guichet du Numérique", Address: "info@guichetdunumerique.be",
		Received: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), Due: time.Date(2026, 12, 23, 0, 0, 0, 0, time.UTC),
		Latest: time.Date(2027, 2, 23, 0, 0, 0, 0, time.UTC), Today: time.Date(2026, 12, 11, 0, 0, 0, 0, time.UTC),
		Rights: rights, Identity: "missing", PolicyURL: "https://guichetdunumerique.be/vie-privee",
	}
}

func marketing(rights ...string) templates.Draft {
	d := draft(rights...)
	d.Marketing = true
	return d
}

func anyDraft(t *rapid.T) templates.Draft {
	d := draft()
	for _, r := range rights {
		if rapid.Bool().Draw(t, r) {
			d.Rights = append(d.Rights, r)
		}
	}
	d.Marketing = slices.Contains(d.Rights, "objection") && rapid.Bool().Draw(t, "marketing")
	d.AccessFirst = slices.Contains(d.Rights, "access") && slices.Contains(d.Rights, "erasure")
	d.Identity = rapid.SampledFrom([]string{"not_needed", "missing", "announced", "candidate", "signed", "verified", "refused"}).Draw(t, "identity")
	d.Reason = rapid.SampledFrom([]string{"", "une raison"}).Draw(t, "reason")
	d.Extended = rapid.Bool().Draw(t, "extended")
	d.Today = d.Today.AddDate(0, 0, rapid.IntRange(0, 20).Draw(t, "days"))
	if rapid.Bool().Draw(t, "no policy") {
		d.PolicyURL = ""
	}
	return d
}

func render(t rapid.TB, set *templates.Set, name, lang string, data any) templates.Letter {
	t.Helper()
	l, err := set.Render(name, lang, data)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestDraftsSayTheSameInTextAndHTMLWhateverTheCase(t *testing.T) {
	set := load(t)
	slip := regexp.MustCompile(`  |\n\n\n| [.,;:]|\.\.|<no value>`)
	indent := regexp.MustCompile(`(?m)^  `)
	rapid.Check(t, func(t *rapid.T) {
		name, lang := rapid.SampledFrom(drafts).Draw(t, "name"), rapid.SampledFrom(templates.Languages()).Draw(t, "lang")
		d := anyDraft(t)
		l := render(t, set, name, lang, d)
		if diff := cmp.Diff(spaceless(oneLine(l.Text)), spaceless(words(l.HTML))); diff != "" {
			t.Fatalf("%s/%s: text and HTML differ\n%s", lang, name, diff)
		}
		if found := slip.FindString(indent.ReplaceAllString(l.Text, "")); found != "" {
			t.Fatalf("%s/%s: %q in\n%s", lang, name, found, l.Text)
		}
		if text, page := strings.Count(oneLine(l.Text), oneLine(blank[lang])), strings.Count(tag.ReplaceAllString(l.HTML, ""), blank[lang]); text < 2 || text != page {
			t.Fatalf("%s/%s: %d blanks in the text and %d in HTML", lang, name, text, page)
		}
	})
}

func TestBlanksAndAlternativesAreMarkedInTheLanguageOfTheLetterAlone(t *testing.T) {
	set := load(t)
	for _, lang := range templates.Languages() {
		for _, name := range drafts {
			l := render(t, set, name, lang, draft(rights...))
			for other := range blank {
				for _, mark := range []string{blank[other], option[other]} {
					inText, inPage := strings.Contains(l.Text, strings.TrimSpace(mark)), strings.Contains(tag.ReplaceAllString(l.HTML, ""), mark)
					if want := other == lang && (mark == blank[other] || name != "draft_nothing"); inText != want || inPage != want {
						t.Errorf("%s/%s: %q in text %v, in HTML %v, want %v", lang, name, mark, inText, inPage, want)
					}
				}
			}
			word := strings.Trim(blank[lang], "[: \u00a0")
			if !strings.Contains(l.HTML, `;">`+word+`</span>`) {
				t.Errorf("%s/%s: the blanks have no colour", lang, name)
			}
		}
	}
}

func TestTheReminderOfIdentityIsFinished(t *testing.T) {
	set := load(t)
	for _, lang := range templates.Languages() {
		for _, identity := range []string{"missing", "announced"} {
			a := acknowledgement()
			a.Identity = identity
			l := render(t, set, "identity_reminder", lang, a)
			if strings.Contains(l.Text, "[") || !strings.HasPrefix(l.Subject, "Auto: GDN-2026-0007 ") {
				t.Errorf("%s: it leaves something to a person, or does not say that it is automatic:\n%s\n%s", lang, l.Subject, l.Text)
			}
			if diff := cmp.Diff(spaceless(oneLine(l.Text)), spaceless(words(l.HTML))); diff != "" {
				t.Errorf("%s: text and HTML differ\n%s", lang, diff)
			}
		}
	}
}

// TestComplaintAndRemedyAreNamed follows GDPR art. 12(4) for what is refused or not acted on, and names
// them elsewhere too, as the EDPB advises.
func TestComplaintAndRemedyAreNamed(t *testing.T) {
	set := load(t)
	authority := map[string]string{"fr": "Autorité de protection des données", "nl": "Gegevensbeschermingsautoriteit", "de": "Datenschutzbehörde",
		"en": "Data Protection Authority"}
	court := map[string]string{"fr": "tribunal de première instance", "nl": "rechtbank van eerste aanleg", "de": "Gerichts Erster Instanz",
		"en": "court of first instance"}
	for _, lang := range templates.Languages() {
		for _, name := range drafts {
			for _, d := range []templates.Draft{draft(rights...), marketing("objection"), draft()} {
				l := render(t, set, name, lang, d)
				text := oneLine(l.Text)
				want := []string{authority[lang], " 77 "}
				if name != "draft_identity" { // it decides nothing that a court could review
					want = append(want, court[lang], " 79 ", " 209 ")
				}
				for _, w := range want {
					if !strings.Contains(strings.ReplaceAll(text, ")", " "), w) || !strings.Contains(words(l.HTML), strings.TrimSpace(w)) {
						t.Errorf("%s/%s %v: %q is missing", lang, name, d.Rights, w)
					}
				}
			}
		}
	}
}

var compelling = regexp.MustCompile(`(?i)impérieux|dwingende|zwingende|compelling|overrid|l’emportent|zwaarder wegen|überwiegen`)

func TestNoLetterSetsCompellingGroundsAgainstAnObjectionToMarketing(t *testing.T) {
	set := load(t)
	for _, lang := range templates.Languages() {
		for _, name := range drafts {
			for _, d := range []templates.Draft{marketing("objection"), marketing(rights...)} {
				if found := compelling.FindString(render(t, set, name, lang, d).Text); found != "" {
					t.Errorf("%s/%s: %q", lang, name, found)
				}
			}
		}
		for _, name := range []string{"draft_answer", "draft_refusal"} { // the expression does find them
			if l := render(t, set, name, lang, draft("objection")); !compelling.MatchString(l.Text) {
				t.Errorf("%s/%s: another objection is not weighed", lang, name)
			}
		}
	}
}

func TestWhatIsUnconditionalIsNeverOfferedForRefusal(t *testing.T) {
	set := load(t)
	for _, lang := range templates.Languages() {
		consent := map[string]string{"fr": "retirer votre", "nl": "in te trekken", "de": "Widerruf der", "en": "to withdraw"}[lang]
		objection := map[string]string{"fr": "droit d’opposition", "nl": "recht van bezwaar", "de": "Widerspruchsrecht", "en": "right to object"}[lang]
		offered := func(d templates.Draft) (lines string) {
			text := strings.ReplaceAll(render(t, set, "draft_refusal", lang, d).Text, "\n  ", " ")
			for line := range strings.Lines(text) {
				if strings.HasPrefix(line, "- "+option[lang]) {
					lines += line
				}
			}
			return lines
		}
		for _, c := range []struct {
			why                string
			data               templates.Draft
			consent, objection bool
		}{
			{"an objection that must be weighed", draft("objection"), false, true},
			{"all rights, marketing", marketing(rights...), false, false},
			{"all rights", draft(rights...), false, true},
		} {
			lines := offered(c.data)
			if strings.Contains(lines, consent) != c.consent || strings.Contains(lines, objection) != c.objection {
				t.Errorf("%s, %s:\n%s", lang, c.why, lines)
			}
		}
		for _, d := range []templates.Draft{marketing("objection"), draft("consent_withdrawal"), marketing("objection", "consent_withdrawal"), marketing()} {
			if lines := offered(d); lines != "" {
				t.Errorf("%s, %v: nothing can be refused, but the letter offers\n%s", lang, d.Rights, lines)
			}
		}
	}
}

func TestNoProofIsAskedForWhatNeedsNone(t *testing.T) {
	set := load(t)
	for _, lang := range templates.Languages() {
		card := map[string]string{"fr": "carte", "nl": "kaart", "de": "Personalausweis", "en": "card"}[lang]
		for _, c := range []struct {
			why   string
			data  templates.Draft
			asked bool
		}{
			{"marketing", marketing("objection"), false},
			{"consent", draft("consent_withdrawal"), false},
			{"another objection", draft("objection"), true},
			{"access with marketing", marketing("access", "objection"), true},
			{"a right that is not clear", draft(), true},
		} {
			if asked := strings.Contains(render(t, set, "draft_identity", lang, c.data).Text, card); asked != c.asked {
				t.Errorf("%s, %s: asked %v", lang, c.why, asked)
			}
		}
		d := draft("access")
		d.Identity = "refused"
		number := map[string]string{"fr": "registre national", "nl": "rijksregister", "de": "Nationalregister", "en": "national register"}[lang]
		if l := render(t, set, "draft_identity", lang, d); strings.Contains(oneLine(l.Text), number) {
			t.Errorf("%s: who declines is asked for a copy again", lang)
		}
	}
}

func TestAnAnswerSpeaksOfEachRightAskedForAndNoOther(t *testing.T) {
	set := load(t)
	articles := map[string]string{"access": "15", "rectification": "16", "erasure": "17", "restriction": "18", "objection": "21", "portability": "20"}
	for _, lang := range templates.Languages() {
		for _, asked := range rights {
			page := render(t, set, "draft_answer", lang, draft(asked)).HTML
			headings := regexp.MustCompile(`<h2[^>]*>[^<]*</h2>`).FindAllString(page, -1)
			if len(headings) != 1 || !strings.Contains(headings[0], articles[asked]) {
				t.Errorf("%s, %s: sections %q", lang, asked, headings)
			}
		}
	}
}

func TestAReasonOfStaffTakesThePlaceOfTheBlankAndIsEscaped(t *testing.T) {
	set := load(t)
	for _, lang := range templates.Languages() {
		for _, name := range []string{"draft_extension", "draft_refusal"} {
			d := draft("access")
			d.Reason = `1,200 mails & <b>annexes</b>`
			l := render(t, set, name, lang, d)
			if !strings.Contains(oneLine(l.Text), d.Reason) {
				t.Errorf("%s/%s: the reason is missing", lang, name)
			}
			if strings.Contains(l.HTML, "<b>") || !strings.Contains(l.HTML, "1,200 mails &amp; &lt;b&gt;annexes&lt;/b&gt;") {
				t.Errorf("%s/%s: the reason is not escaped", lang, name)
			}
		}
	}
}

func TestAnExtensionAnnouncedTooLateIsSaidToStaff(t *testing.T) {
	set := load(t)
	for _, c := range []struct {
		why   string
		today time.Time
		want  bool
	}{
		{"before the last day", time.Date(2026, 12, 11, 0, 0, 0, 0, time.UTC), false},
		{"on the last day", time.Date(2026, 12, 23, 0, 0, 0, 0, time.UTC), false},
		{"the day after", time.Date(2026, 12, 24, 0, 0, 0, 0, time.UTC), true},
	} {
		d := draft("access")
		d.Today = c.today
		for _, lang := range templates.Languages() {
			ended := map[string]string{"fr": "s’est terminé le 23 décembre", "nl": "verstreken op 23 december", "de": "am 23. Dezember 2026 abgelaufen",
				"en": "ended on 23 December"}[lang]
			if got := strings.Contains(oneLine(render(t, set, "draft_extension", lang, d).Text), ended); got != c.want {
				t.Errorf("%s, %s: warned %v", lang, c.why, got)
			}
		}
	}
}
