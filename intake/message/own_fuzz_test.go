package message_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"guichetdunumerique.be/guichet/intake/message"
)

// ownSeeds are texts with all that splitting looks at.
var ownSeeds = []string{
	"Bonjour\n\nLe 2 mars 2026 à 10:11, G <g@g.example> a écrit :\n> Votre compte\n\nOui\n-- \nJean\n\nJe veux une copie.",
	"Ja.\n-----Original Message-----\nFrom: a\nSent: Monday 10:11\nTo: b\nSubject: c\n\n> x\nunten",
	"De : a@b.example\nÀ : c\nObjet : d\n\ntexte", "> > >\n>\n|> x\nJD> y\n>:", "--\n--\n__\n***\n",
	"Je demande :\n> un\n> deux", "Ce message est confidentiel et destiné au destinataire.\n\nPS : non", "Sent from my iPhone",
	"_____\nlist https://a.example/listinfo/b\n_____", "\u200b\n\u00a0*\u00a0\n\ufeff>", "On x wrote:\n<\n>:\n> y",
}

// FuzzOwn demands of any text that no line with words is lost, invented, told twice or moved, and that somebody
// is heard wherever there are words.
func FuzzOwn(f *testing.F) {
	for _, s := range ownSeeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		checkOwn(t, textMail(text))
	})
}

// FuzzHTML demands the same of any HTML.
func FuzzHTML(f *testing.F) {
	for _, s := range []string{
		`<p>a<div class="gmail_quote"><div class="gmail_attr">On Mon, G wrote:</div><blockquote class="gmail_quote">b</blockquote>c</div>d`,
		`<div id="appendonsend"></div>a<blockquote type="cite">b<blockquote>c</blockquote></blockquote>`,
		`<div class="gmail_signature">Je veux<br><br>x</div><ul><li><li><p>y</ul><pre> z </pre>`,
		`<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm">De&nbsp;: a</div>On x wrote:<blockquote>y`,
		strings.Repeat("<div>", 600) + "x<script>y",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, page string) {
		checkOwn(t, pageMail(page))
	})
}

// checkOwn demands what FuzzOwn says.
func checkOwn(t *testing.T, m message.Message) {
	t.Helper()
	if slices.Contains(m.Problems, panicked) {
		t.Fatal("a panic was caught")
	}
	parts := [][]string{wordLines(m.Own), wordLines(m.Quoted), wordLines(m.Signature)}
	if m.OnlyQuote {
		parts[0] = nil // the quotes once more
	}
	for _, s := range []string{m.Own, m.Quoted, m.Signature} {
		if !utf8.ValidString(s) {
			t.Errorf("%q is no valid UTF-8", s)
		}
	}
	if all := wordLines(m.Text); !merges(all, parts) {
		t.Errorf("the lines %q went to own %q, quoted %q, signature %q", all, parts[0], parts[1], parts[2])
	}
	if strings.TrimSpace(m.Own) == "" && strings.ContainsFunc(m.Quoted, unicode.IsLetter) {
		t.Errorf("nothing is own of quoted %q", m.Quoted)
	}
}

// merges reports whether all lines are those of the parts, each part in its order. Which part a line went to is
// told by counting, since the same line may stand in several of them.
func merges(all []string, parts [][]string) bool {
	count := map[string]int{}
	for _, l := range all {
		count[l]++
	}
	for _, part := range parts {
		at := 0
		for _, l := range part {
			count[l]--
			for at < len(all) && all[at] != l {
				at++
			}
			if at == len(all) {
				return false // not in the order of the text
			}
			at++
		}
	}
	for _, n := range count {
		if n != 0 {
			return false
		}
	}
	return true
}

// wordLines are the lines of a text that are not blank, bared of the spaces around them.
func wordLines(s string) (lines []string) {
	for _, l := range strings.Split(s, "\n") {
		if l = strings.TrimFunc(l, isLayout); l != "" {
			lines = append(lines, l)
		}
	}
	return lines
}

// isLayout reports whether a character shows nothing.
func isLayout(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune("\u200b\u200e\u200f\ufeff\u00ad\u2060\u202a\u202c", r)
}
