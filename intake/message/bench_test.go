package message_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guichetdunumerique.be/guichet/intake/message"
)

func whole(raw string) message.Source {
	return message.Source{Head: []byte(raw), Size: int64(len(raw))}
}

// BenchmarkParse reads the ordinary mail of the corpus.
func BenchmarkParse(b *testing.B) {
	files, _ := filepath.Glob(filepath.Join(corpora, "corpus", "mime", "*", "*.eml"))
	if len(files) == 0 {
		b.Skip("the corpus is not beside the repository")
	}
	var sources []message.Source
	var size int64
	for _, name := range files {
		raw, err := os.ReadFile(name)
		if err != nil {
			b.Fatal(err)
		}
		sources = append(sources, message.Source{Head: raw, Size: int64(len(raw))})
		size += int64(len(raw))
	}
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		for _, s := range sources {
			message.Parse(s, message.Limits{})
		}
	}
}

// BenchmarkParseLarge reads the first 64 KiB and the structure of a mail with a scan of 30 MB.
func BenchmarkParseLarge(b *testing.B) {
	s := largeMail()
	b.ReportAllocs()
	for b.Loop() {
		message.Parse(s, message.Limits{})
	}
}

// largeMail is a letter with a scan of 30 MB, as the IMAP session hands it over.
func largeMail() message.Source {
	raw := "From: a@example.org\r\nSubject: scan\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" +
		"--b\r\nContent-Type: text/plain\r\n\r\nBonjour, voici ma carte.\r\n" +
		"--b\r\nContent-Type: application/pdf; name=ci.pdf\r\nContent-Disposition: attachment; filename=ci.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
	raw += strings.Repeat(strings.Repeat("A", 76)+"\r\n", 900)
	return message.Source{Head: []byte(raw[:64<<10]), Size: 30 << 20, Parts: []message.Part{
		{Type: "text/plain", Size: 24, Body: []byte("Bonjour, voici ma carte.")},
		{Type: "application/pdf", Name: "ci.pdf", Disposition: "attachment", Encoding: "base64", Size: 30<<20 - 500},
	}}
}

// worst are mails made to cost. Each is about n bytes long.
func worst(n int) map[string]string {
	repeat := func(unit string) string { return strings.Repeat(unit, n/len(unit)+1) }
	numbered := func(format string) string {
		var out strings.Builder
		for i := 0; out.Len() < n; i++ {
			fmt.Fprintf(&out, format, i)
		}
		return out.String()
	}
	base64of := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	const mixed = "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
	return map[string]string{
		"OpenLevels":        numbered("Content-Type: multipart/mixed; boundary=b%[1]d\n\n--b%[1]d\n"),
		"OpenLevelsSame":    mixed + repeat("--b\nContent-Type: multipart/mixed; boundary=b\n\n"),
		"SealedLevels":      repeat("Content-Type: message/rfc822\n\n"),
		"Parts":             mixed + repeat("--b\n\nx\n"),
		"FalseDelimiters":   mixed + repeat("--b"),
		"FalseLines":        mixed + repeat("--bc\n"),
		"HeaderFields":      repeat("X: y\n") + "\nx",
		"HeaderLine":        "Subject: " + repeat("x") + "\n\nx",
		"HeaderFolds":       "Subject: x\n" + repeat(" x\n") + "\nx",
		"HeaderBadLines":    repeat("x\n") + "From: a@example.org\n\nx",
		"AddressFields":     repeat("To: a@example.org\n") + "\nx",
		"Addresses":         "To: " + repeat("a@example.org, ") + "\n\nx",
		"AddressCommas":     "To: x" + repeat(",") + "\n\nx",
		"AddressNames":      "To: " + repeat("x, ") + "\n\nx",
		"AddressColons":     "To: " + repeat("x@y:") + "\n\nx",
		"AddressQuotes":     "To: " + repeat(`"\`) + "\n\nx",
		"AddressBrackets":   "To: " + repeat("<a") + "\n\nx",
		"AddressComments":   "To: " + repeat("(") + "\n\nx",
		"AddressWords":      "To: " + repeat("=?a?q?x") + "\n\nx",
		"EncodedWords":      "Subject: " + repeat("=?utf-8?q?=C3=A9?= ") + "\n\nx",
		"OpenEncodedWords":  "Subject: " + repeat("=?utf-8?q?") + "\n\nx",
		"References":        "References: " + repeat("<a@b> ") + "\n\nx",
		"OpenReferences":    "References: " + repeat("<") + "\n\nx",
		"Parameters":        "Content-Type: text/plain" + numbered("; a*%d*=x") + "\n\nx",
		"ParameterBrackets": "Content-Type: text/plain; a=" + repeat("(") + "\n\nx",
		"AuthResults":       repeat("Authentication-Results: a; b=c d=e\n") + "\nx",
		"AuthSpaces":        "Authentication-Results: a; " + repeat("b= ") + "\n\nx",
		"Base64":            "Content-Transfer-Encoding: base64\n\n" + base64of(repeat("x")),
		"Base64HTML":        "Content-Type: text/html\nContent-Transfer-Encoding: base64\n\n" + base64of(repeat("<div>")),
		"HTMLBlockquotes":   "Content-Type: text/html\n\n" + repeat("<blockquote>"),
		"HTMLAttributes":    "Content-Type: text/html\n\n<p " + repeat("a=b "),
		"HTMLOpenTags":      "Content-Type: text/html\n\n" + repeat("<"),
		"HTMLTables":        "Content-Type: text/html\n\n" + repeat("<table><tr><td>"),
		"HTMLFormatting":    "Content-Type: text/html\n\n" + repeat("<b><p></b>"),
		"HTMLFoster":        "Content-Type: text/html\n\n<table>" + repeat("x<b>"),
		"HTMLLists":         "Content-Type: text/html\n\n" + repeat("<li><a>"),
		"HTMLComments":      "Content-Type: text/html\n\n" + repeat("<!--"),
		"HTMLEntities":      "Content-Type: text/html\n\n" + repeat("&amp"),
		"Quotes":            "Subject: x\n\n" + repeat("> > > x\n"),
		"QuoteSigns":        "Subject: x\n\n" + repeat(">"),
		"Flowed":            "Content-Type: text/plain; format=flowed\n\n" + repeat("> x \n"),
		"FlowedDepth":       "Content-Type: text/plain; format=flowed\n\n" + repeat(strings.Repeat(">", 1000)+"\n"),
		"UU":                "Subject: x\n\n" + repeat("begin 644 a\n#86%A\n"),
		"UUFalse":           "Subject: x\n\n" + repeat("begin 644 a\n"),
		"UTF7":              "Content-Type: text/plain; charset=utf-7\n\n" + repeat("+AOk"),
		"Combining":         "Content-Type: text/plain; charset=utf-8\n\n" + repeat("\u0301"),
		"Attributions":      "Subject: x\n\n" + repeat("On Monday a wrote:\n"),
		"HeaderBlocks":      "Subject: x\n\n" + repeat("From: a\nSent: b\nTo: c\nSubject: d\n\n"),
		"Blanks":            "Subject: x\n\n" + repeat("\n"),
		"Spaces":            "Subject: x\n\n" + repeat(" "),
		"FormLines":         "Subject: x\n\n" + repeat("Name: a\n"),
		"LongLine":          "Subject: x\n\n" + repeat("Le a b, c "),
		"Received":          repeat("Received: from a by b; Mon, 1 Jan 2001 00:00:00 +0000\n") + "\nx",
		"DatesBad":          repeat("Received: ; (((((((\n") + "\nx",
		"AddressNested":     "To: " + repeat("(a") + repeat(")") + " a@example.org\n\nx",
		"AddressGroups":     "To: " + repeat("a:b@c,d@e;") + "\n\nx",
		"AddressRoutes":     "To: <" + repeat("@a,") + ":b@c>\n\nx",
		"ParametersLarge":   "Content-Type: text/plain" + numbered("; a*%d*=%%41%%42%%43%%44%%45%%46%%47") + "\n\nx",
		"ParametersTwice":   "Content-Type: text/plain" + repeat("; a*1=x; a*0=y") + "\n\nx",
		"SoftBreaks":        "Content-Transfer-Encoding: quoted-printable\n\n" + repeat("=\n"),
		"QPSpaces":          "Content-Transfer-Encoding: quoted-printable\n\n" + repeat(" =20"),
		"Base64Lines":       "Content-Transfer-Encoding: base64\n\n" + repeat("eA\n"),
		"Base64Noise":       "Content-Transfer-Encoding: base64\n\n" + repeat("====!"),
		"HTMLJoined":        "Content-Type: text/html\n\n" + repeat("x</y>"),
		"HTMLHidden":        "Content-Type: text/html\n\n" + repeat(`<i style="display:none">x`),
		"HTMLTiny":          "Content-Type: text/html\n\n" + repeat(`<i style="font-size:0">x</i>`),
		"HTMLTinyOpen":      "Content-Type: text/html\n\n" + repeat(`<i style="font-size:0">x`),
		"HTMLDeepEnds":      "Content-Type: text/html\n\n" + strings.Repeat("<div>", 600) + repeat("</p>"),
		"HTMLDeepFinds":     "Content-Type: text/html\n\n" + strings.Repeat("<span>", 600) + repeat("<li>x"),
		"HTMLDeepFormats":   "Content-Type: text/html\n\n" + strings.Repeat("<div>", 500) + repeat("<b><p></b></p>"),
		"HTMLSelects":       "Content-Type: text/html\n\n" + repeat("<select><option>"),
		"HTMLDrawings":      "Content-Type: text/html\n\n" + repeat("<svg><b>"),
		"HTMLStyles":        "Content-Type: text/html\n\n" + repeat(`<p style="`+strings.Repeat("font-size: display :", 50)+`">`),
		"Forwards":          "Subject: x\n\n" + repeat("---------- Forwarded message ---------\nFrom: a@b.c\nDate: Mon, 2 Mar 2026 10:11\nSubject: x\nTo: c@d.e\n\nwords\n\n"),
		"ForwardsDeeper":    "Subject: x\n\n" + repeat("> ---------- Forwarded message ---------\n> From: a@b.c\n>> Date: Mon, 2 Mar 2026\n"),
		"ForwardsCut":       "Subject: x\n\n" + repeat("Begin forwarded message:\n\n"),
		"FromLines":         "Subject: x\n\n" + repeat("From: a@b.c\n"),
		"Rules":             "Subject: x\n\n" + repeat("-----\n"),
		"OneQuote":          "Subject: x\n\n> " + repeat("On a, b wrote: "),
		"TNEF":              "Content-Type: application/ms-tnef; name=winmail.dat\n\n" + "\x78\x9f\x3e\x22\x01\x00" + repeat("\x01\x02\x90\x06\x00\x00\x00\x00\x00\x00\x00"),
		"Report":            "Content-Type: message/delivery-status\n\n" + repeat("Action: failed\n\n"),
	}
}

// BenchmarkWorst shows bytes a second for each of the worst mails at two sizes: the same figure at both means
// linear time.
func BenchmarkWorst(b *testing.B) {
	for _, size := range []int{128 << 10, 512 << 10, 2 << 20} {
		for name, raw := range worst(size) {
			b.Run(fmt.Sprintf("%s/%dK", name, size>>10), func(b *testing.B) {
				b.SetBytes(int64(len(raw)))
				s := whole(raw)
				for b.Loop() {
					message.Parse(s, message.Limits{HeaderBytes: size})
				}
			})
		}
	}
}

// BenchmarkReadMbox reads an mbox of a thousand mails.
func BenchmarkReadMbox(b *testing.B) {
	box := bytes.Repeat([]byte("From a@example.org Mon Jan  5 10:00:00 2026\nSubject: x\n\n"+strings.Repeat("some words of a letter\n", 200)+"\n"), 1000)
	b.SetBytes(int64(len(box)))
	for b.Loop() {
		if err := message.ReadMbox(bytes.NewReader(box), 1<<20, func([]byte) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}
