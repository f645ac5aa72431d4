package message_test

import (
	"fmt"
	"strings"
	"testing"

	"guichetdunumerique.be/guichet/intake/message"
)

// worstOwn are texts and pages of about n bytes that were made to cost.
func worstOwn(n int) map[string]string {
	repeat := func(unit string) string { return strings.Repeat(unit, n/len(unit)+1) }
	const text, page = "Content-Type: text/plain; charset=utf-8\n\n", "Content-Type: text/html; charset=utf-8\n\n"
	return map[string]string{
		"QuoteSigns":     text + repeat(">"),
		"QuoteLines":     text + repeat(">\n") + repeat("--\n"),
		"OneLine":        text + repeat("Le a b c d e "),
		"OneLineOn":      text + "Ce message " + repeat("est confident "),
		"Le":             text + repeat("Le Le Le Le\n"),
		"LeDated":        text + repeat("Le 2 mars à 10:11, a@b.c :\nx\n"),
		"LeWrote":        text + repeat("Le 2 mars a écrit :\n"),
		"LeQuoted":       text + repeat("Le 2 mars a <a@b.c> a écrit :\n> x\n"),
		"Openings":       text + repeat("a@b.c "+strings.Repeat("x", 80)+"\n"),
		"Fields":         text + repeat("De : a\n"),
		"FieldsApart":    text + repeat("De : a\n\nx\n\n"),
		"Dividers":       text + repeat("-- Original Message --\n> x\n"),
		"Delimiters":     text + repeat("-- \n\n"),
		"DelimitersBack": text + "x\n" + repeat("-- \na\n\nJe veux\n\n"),
		"Notices":        text + "x\n\n" + repeat("Ce message est confidentie\n\n"),
		"LongNotices":    text + "x\n\n" + repeat("Ce message "+strings.Repeat("est destin ", 50)+"\n\n"),
		"RealNotices":    text + "x\n\n" + repeat("Ce message est destiné à vous.\n\n"),
		"Footers":        text + "x\n\n" + repeat("_______\nunsubscribe\n\n"),
		"Devices":        text + repeat("Envoyé de mon "+strings.Repeat("x ", 60)+"\n"),
		"Blank":          text + "x\n" + repeat("\n") + "y",
		"Wishes":         text + repeat("Je veux :\n> x\n"),
		"Divs":           page + repeat("<div>"),
		"Marks":          page + repeat(`<blockquote type=cite>x</blockquote>y`),
		"MarksNested":    page + repeat(strings.Repeat(`<blockquote type=cite>x`, 50)+strings.Repeat(`</blockquote>y`, 50)),
		"Signatures":     page + repeat(`<div class=gmail_signature>Je veux<br><br>x</div>`),
		"Containers":     page + repeat(`<div class=gmail_quote>a<blockquote type=cite>x</blockquote>y</div>`),
		"Attributed":     page + repeat(`On 2 Mar 10:11 a@b.c wrote:<blockquote>x</blockquote>`),
		"Names":          page + `<p class="` + repeat("x_") + `">x`,
		"Styles":         page + repeat(`<p style="border:none;border-top:solid">x</p>`),
		"Lists":          page + repeat(`<ul><li>`),
		"Pre":            page + "<pre>" + repeat("> x\n"),
	}
}

// BenchmarkOwn shows bytes a second at two sizes: the same figure at both means linear time.
func BenchmarkOwn(b *testing.B) {
	for _, size := range []int{1 << 20, 10 << 20} {
		for name, raw := range worstOwn(size) {
			b.Run(fmt.Sprintf("%s/%dM", name, size>>20), func(b *testing.B) {
				b.SetBytes(int64(len(raw)))
				for b.Loop() {
					message.Parse(whole(raw), message.Limits{TextBytes: int64(2 * size)})
				}
			})
		}
	}
}
