package classify_test

import (
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"guichetdunumerique.be/guichet/classify"
)

// Whatever is written, evidence is a piece of it and scores stay within their bounds.
func FuzzClassify(f *testing.F) {
	f.Add("Re: droit d’accès", "Je souhaite exercer mon droit d'accès (art. 15 RGPD).")
	f.Add("", "Löschen Sie meine Daten!\r\n\r\n-- \r\nX")
	f.Add("STOP", "\xff\xfe \u00ad\u200bmes\u200bdonn\u00e9es ..4 & @x ^$")
	f.Add("wis alles", "art. 15-22, 18(1)(d), 999999999999999999999 GDPR članku 20. stavka")
	r := builtin(f)
	f.Fuzz(func(t *testing.T, subject, text string) {
		in := classify.Input{Subject: subject, Text: text, Relayed: text, Attachments: []classify.Attachment{{Name: subject}}}
		v := r.Classify(in, classify.Options{})
		if v.Score < 0 || v.Score > 1 || v.Language == "" {
			t.Fatalf("score %v, language %q", v.Score, v.Language)
		}
		for _, e := range append(v.Evidence, v.Cancelled...) {
			part := map[string]string{"subject": subject, "text": text, "relayed": text}[e.Part]
			if e.Part != "attachment" && part[e.Start:e.End] != e.Text {
				t.Fatalf("%q is not at %d-%d of %q", e.Text, e.Start, e.End, part)
			}
			if utf8.ValidString(part) && !utf8.ValidString(e.Text) {
				t.Fatalf("%q cuts a rune", e.Text)
			}
		}
	})
}

// A file of rules is taken or refused with an error, and what is taken can be used.
func FuzzRules(f *testing.F) {
	f.Add("language = \"fr\"\n[[request]]\nid = \"a\"\nright = \"access\"\nweight = 0.5\nsay = [\"a (b|c d) [e] ..3 @my & ~donnees ?\"]\n")
	f.Add("language = \"any\"\n[lists]\nx = [\"*a\", \"b*\", \"^c$\"]\n[[cancel]]\nid = \"b\"\nwithin = \"words\"\nsay = [\"@x\"]\n")
	f.Add("\xef\xbb\xbflanguage = \"de\"\ncommon = [\"\"]\n[more]\ndata = [\"ä ö\"]\n")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := classify.Load(fstest.MapFS{"x.toml": {Data: []byte(text)}})
		if err == nil {
			r.Classify(classify.Input{Text: "a b c d e mes donnees"}, classify.Options{})
		}
	})
}
