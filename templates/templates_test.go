package templates_test

import (
	"html"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"guichetdunumerique.be/guichet/templates"
)

func load(t *testing.T) *templates.Set {
	t.Helper()
	set, err := templates.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestEveryBranchOfEveryLetterRuns(t *testing.T) {
	if _, err := templates.Load(fstest.MapFS{}); err != nil {
		t.Error(err)
	}
}

// acknowledgement has every part of the letter.
func acknowledgement() templates.Acknowledgement {
	return templates.Acknowledgement{
		Reference: "GDN-2026-0007", Desk: "Guichet du Numérique", Address: "info@guichetdunumerique.be",
		Received: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), Due: time.Date(2026, 12, 23, 0, 0, 0, 0, time.UTC),
		Rights: []string{"access", "erasure"}, AccessFirst: true, Identity: "missing",
		PolicyURL: "https://guichetdunumerique.be/vie-privee",
	}
}

func TestDatesAreWrittenInTheLanguage(t *testing.T) {
	set := load(t)
	a := acknowledgement()
	a.Received = time.Date(2027, 3, 1, 9, 0, 0, 0, time.UTC)
	for lang, want := range map[string][]string{
		"fr": {"le 1er mars 2027", "le mercredi 23 décembre 2026"},
		"nl": {"op 1 maart 2027", "op woensdag 23 december 2026"},
		"de": {"am 1. März 2027", "am Mittwoch, dem 23. Dezember 2026"},
		"en": {"on 1 March 2027", "by Wednesday 23 December 2026"},
	} {
		l, err := set.Render("acknowledgement", lang, a)
		if err != nil {
			t.Fatal(err)
		}
		for _, date := range want {
			if !strings.Contains(oneLine(l.Text), date) {
				t.Errorf("%s: %q is missing in\n%s", lang, date, l.Text)
			}
		}
	}
}

var (
	style = regexp.MustCompile(`(?s)<(style|title)>.*?</(style|title)>`)
	tag   = regexp.MustCompile(`<[^>]*>`)
)

// oneLine is a text without its line breaks and the dashes of its lists.
func oneLine(s string) string {
	s = strings.ReplaceAll(s, "\n- ", "\n")
	return strings.Join(strings.Fields(s), " ")
}

func words(page string) string {
	return oneLine(html.UnescapeString(tag.ReplaceAllString(style.ReplaceAllString(page, ""), " ")))
}

// spaceless leaves the places of tags out of a comparison: a link may stand before a comma.
func spaceless(s string) string { return strings.ReplaceAll(s, " ", "") }

func TestTextAndHTMLSayTheSame(t *testing.T) {
	set := load(t)
	letters := map[string][]any{}
	for _, identity := range []string{"", "missing", "announced", "candidate", "signed"} {
		a := acknowledgement()
		a.Identity = identity
		letters["acknowledgement"] = append(letters["acknowledgement"], a)
		a.AccessFirst, a.PolicyURL = false, ""
		for n := range 2 {
			a.Rights = a.Rights[:n]
			letters["acknowledgement"] = append(letters["acknowledgement"], a)
		}
	}
	for _, kind := range []string{"not_sent", "gave_up", "unknown", "rate", "unreadable"} {
		letters["alert"] = append(letters["alert"], templates.Alert{Kind: kind, Desk: "Guichet", Reference: "GDN-2026-0007"})
	}
	for _, lang := range templates.Languages() {
		for name, all := range letters {
			for _, data := range all {
				l, err := set.Render(name, lang, data)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(spaceless(oneLine(l.Text)), spaceless(words(l.HTML))); diff != "" {
					t.Errorf("%s/%s %+v: text and HTML differ\n%s", lang, name, data, diff)
				}
			}
		}
	}
}

func TestALanguageWithoutLettersFallsBackToTheFirst(t *testing.T) {
	l, err := load(t).Render("acknowledgement", "it", acknowledgement())
	if err != nil || l.Language != "fr" {
		t.Errorf("got language %q, %v", l.Language, err)
	}
}

func TestNoLetterOfThatName(t *testing.T) {
	if _, err := load(t).Render("farewell", "fr", nil); err == nil {
		t.Error("a letter that does not exist was rendered")
	}
}

func TestPagesAreSelfContainedAndSmall(t *testing.T) {
	set := load(t)
	for _, lang := range templates.Languages() {
		l, err := set.Render("acknowledgement", lang, acknowledgement())
		if err != nil {
			t.Fatal(err)
		}
		for _, remote := range []string{"<img", "<link", "<script", "url(", "@import", "<iframe", "src="} {
			if strings.Contains(l.HTML, remote) {
				t.Errorf("%s: the page holds %q", lang, remote)
			}
		}
		if !strings.Contains(l.HTML, `<html lang="`+lang+`">`) {
			t.Errorf("%s: the page does not name its language", lang)
		}
		if n := len(l.HTML) + len(l.Text); n > 20_000 {
			t.Errorf("%s: %d bytes", lang, n)
		}
		for line := range strings.Lines(l.Text) {
			if n := len([]rune(strings.TrimSpace(line))); n > 78 && strings.Contains(line, " ") {
				t.Errorf("%s: a line of %d characters: %s", lang, n, line)
			}
		}
	}
}

func TestDataIsEscapedInHTML(t *testing.T) {
	a := acknowledgement()
	a.Desk, a.PolicyURL = `<b>"Desk"`, "javascript:alert(1)"
	l, err := load(t).Render("acknowledgement", "en", a)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(l.HTML, "<b>") || strings.Contains(l.HTML, `href="javascript:`) {
		t.Error("data became markup")
	}
}

func TestTheOperatorsFileReplacesTheEmbeddedOne(t *testing.T) {
	override := fstest.MapFS{
		"fr/acknowledgement.txt": {Data: []byte("Subject: Auto: {{.Reference}}\r\nFrom: {{.Desk}}\r\n\r\nReçu le {{date .Received}}.\r\n")},
		"README":                 {Data: []byte("{{ not a template")},
	}
	set, err := templates.Load(override)
	if err != nil {
		t.Fatal(err)
	}
	got, err := set.Render("acknowledgement", "fr", acknowledgement())
	if err != nil {
		t.Fatal(err)
	}
	if got.Subject != "Auto: GDN-2026-0007" || got.From != "Guichet du Numérique" || got.Text != "Reçu le 23 novembre 2026.\n" {
		t.Errorf("got %+v", got)
	}
	if nl, err := set.Render("acknowledgement", "nl", acknowledgement()); err != nil || !strings.Contains(nl.Text, "Geachte") {
		t.Errorf("the other languages changed: %v", err)
	}
}

func TestABrokenTemplateIsFoundOnLoadingWithItsFileAndLine(t *testing.T) {
	head := "Subject: a\nFrom: b\n\n"
	for _, c := range []struct{ why, path, src, want string }{
		{"an action without end", "nl/acknowledgement.txt", head + "{{if .Desk}}", "nl/acknowledgement.txt:4"},
		{"an unknown function", "en/alert.txt", head + "\n{{shout .Desk}}", "en/alert.txt:5"},
		{"a misspelt field", "de/acknowledgement.txt", head + "{{.Refernce}}", "de/acknowledgement.txt:4"},
		{"a misspelt field in a branch seldom taken", "de/acknowledgement.txt",
			head + `{{if eq .Identity "signed"}}` + "\n{{.Refernce}}{{end}}", "de/acknowledgement.txt:5"},
		{"a misspelt field in HTML", "fr/alert.html", "{{define \"title\"}}{{end}}{{define \"content\"}}\n{{.Rights}}{{end}}", "fr/alert.html:2"},
		{"no content", "fr/alert.html", "<p>hello</p>", "layout.html:"},
		{"an attribute left open", "layout.html", "<p title=\"{{if lang}}\n\"{{end}}>", "layout.html:1"},
		{"no subject", "fr/acknowledgement.txt", "Madame,\n\n", "fr/acknowledgement.txt:1"},
		{"an empty subject", "fr/acknowledgement.txt", "Subject:  \nFrom: b\n\nhello", "fr/acknowledgement.txt:1"},
		{"no sender", "fr/acknowledgement.txt", "Subject: a\nTo: b\n\nhello", "fr/acknowledgement.txt:2"},
		{"a misspelt path", "fr/aknowledgement.txt", head, "fr/aknowledgement.txt replaces nothing"},
	} {
		_, err := templates.Load(fstest.MapFS{c.path: {Data: []byte(c.src)}})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q in it", c.why, err, c.want)
		}
	}
}

func TestAFolderThatCannotBeReadIsAnError(t *testing.T) {
	if _, err := templates.Load(os.DirFS(t.TempDir() + "/absent")); err == nil {
		t.Error("an absent folder was taken for an empty one")
	}
}
