//go:build e2e

package e2e

import (
	"encoding/base64"
	"strings"
)

const (
	kilo = 1 << 10
	mega = 1 << 20
)

// hostile is a mail made to cost, to confuse or to hide something, and what must become of it all the same.
type hostile struct {
	name string
	// hides tells that the request lies where the program does not look, or that there is nothing to read:
	// a person must be asked to.
	hides bool
	write func(hostileMail)
}

// family is mails that harm in one way.
type family struct {
	name  string
	mails []hostile
}

// families are the mails of TestFailure16MemoryBlowUp.
func families() []family {
	return []family{
		{"too large", tooLarge}, {"too many parts, levels, addresses, fields", tooMany}, {"header fields that lie", headers},
		{"encodings", encodings}, {"pages of HTML", pages}, {"words that searches go back and forth in", patterns},
		{"files that hold others", shells}, {"hardly a mail", damaged},
	}
}

var tooLarge = []hostile{
	{"200 MB, most of it attached", false, func(w hostileMail) {
		w.mixed(plea)
		w.lines("--b", "Content-Type: application/pdf; name=a.pdf", "Content-Transfer-Encoding: base64", "")
		w.encoded(150*mega, "%PDF-1.7 ")
		w.lines("--b--")
	}},
	{"50 MB of text, the request first", false, func(w hostileMail) {
		w.text(plea)
		w.fill(50*mega, "Lorem ipsum dolor sit amet, consectetur adipiscing elit.\r\n")
	}},
	{"50 MB of text, the request last", true, func(w hostileMail) {
		w.text(empty)
		w.fill(50*mega, "Lorem ipsum dolor sit amet, consectetur adipiscing elit.\r\n")
		w.lines(plea)
	}},
	{"50 MB in one line", true, func(w hostileMail) {
		w.text(empty)
		w.fill(50*mega, "x")
	}},
	{"100 MB of header fields", false, func(w hostileMail) {
		w.head()
		w.fill(100*mega, "X-Filler: Lorem ipsum dolor sit amet, consectetur adipiscing elit\r\n")
		w.lines("", plea)
	}},
	{"100 MB in one header field", false, func(w hostileMail) {
		w.head()
		w.WriteString("X-Filler: ")
		w.fill(100*mega, "x")
		w.lines("", "", plea)
	}},
	{"50 MB folded into one header field", false, func(w hostileMail) {
		w.head()
		w.lines("X-Filler: x")
		w.fill(50*mega, " x\r\n")
		w.lines("", plea)
	}},
}

var tooMany = []hostile{
	{"50,000 parts, the request first", false, func(w hostileMail) {
		w.mixed(plea)
		w.count(50_000, "--b\r\nContent-Type: application/pdf; name=a%d.pdf\r\n\r\nx\r\n")
		w.lines("--b--")
	}},
	{"5,000 parts, the request last", true, func(w hostileMail) {
		w.mixed(empty)
		w.count(5000, "--b\r\nContent-Type: application/pdf; name=a%d.pdf\r\n\r\nx\r\n")
		w.lines("--b", "", plea, "--b--")
	}},
	{"5,000 parts of text", false, func(w hostileMail) {
		w.mixed(plea)
		w.count(5000, "--b\r\nContent-Type: text/plain\r\n\r\nword %d\r\n")
		w.lines("--b--")
	}},
	{"1,000 levels of one boundary", true, func(w hostileMail) {
		w.head("Content-Type: multipart/mixed; boundary=b")
		w.count(1000, "\r\n--b\r\nContent-Type: multipart/mixed; boundary=b\r\n")
		w.lines("", "--b", "", plea, "--b--")
	}},
	{"1,000 levels with boundaries of their own", true, func(w hostileMail) {
		w.head(`Content-Type: multipart/mixed; boundary="b0"`)
		w.count(1000, "\r\n--b%[1]d\r\nContent-Type: multipart/mixed; boundary=\"b%[1]d\"\r\n")
		w.lines("", plea)
	}},
	{"1,000 mails one in another", true, func(w hostileMail) {
		w.head("Content-Type: message/rfc822")
		w.lines("")
		w.count(1000, "From: a@client.example\r\nSubject: x\r\nContent-Type: message/rfc822\r\n\r\n")
		w.lines("Subject: y", "", plea)
	}},
	{"1,000 mails side by side", false, func(w hostileMail) {
		w.mixed(plea)
		w.count(1000, "--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: a%d@client.example\r\nSubject: x\r\n\r\nwords\r\n")
		w.lines("--b--")
	}},
	{"500,000 addresses in To", false, func(w hostileMail) {
		w.head("To:")
		w.WriteString("To: " + account)
		w.count(500_000, ",\r\n a%d@client.example")
		w.lines("", "", plea)
	}},
	{"500,000 addresses in Cc, in one line", false, func(w hostileMail) {
		w.head()
		w.WriteString("Cc: " + account)
		w.count(500_000, ",a%d@client.example")
		w.lines("", "", plea)
	}},
	{"100,000 addresses in a mail within the mail", false, func(w hostileMail) {
		w.mixed(plea)
		w.WriteString("--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\nTo: a@client.example")
		w.count(100_000, ", a%d@client.example")
		w.lines("", "", "words", "--b--")
	}},
	{"10,000 Received fields", false, func(w hostileMail) {
		w.head()
		w.count(10_000, "Received: from a%d.example by b.example; Mon, 1 Jan 2001 00:00:00 +0000\r\n")
		w.lines("", plea)
	}},
	{"50,000 Authentication-Results", false, func(w hostileMail) {
		w.head()
		w.count(50_000, "Authentication-Results: a%d.example; dmarc=fail header.from=a.example\r\n")
		w.lines("", plea)
	}},
}

var headers = []hostile{
	{"a Message-ID of 8 KB", false, func(w hostileMail) {
		w.head("Message-ID: <" + strings.Repeat("x", 8*kilo) + "@id.example>")
		w.lines("", plea)
	}},
	{"no Message-ID", false, func(w hostileMail) { w.text(plea, "Message-ID:") }},
	{"no Message-ID, two writers", false, func(w hostileMail) {
		w.text(plea, "Message-ID:", "From: "+w.from+"\r\nFrom: victim@example.org")
	}},
	{"a blank Message-ID", false, func(w hostileMail) { w.text(plea, "Message-ID: <>") }},
	{"a Message-ID used before", false, func(w hostileMail) { w.text(plea, "Message-ID: <request-0000@client.example>") }},
	{"References of 1 MB", false, func(w hostileMail) {
		w.head()
		w.WriteString("References:")
		w.count(20_000, "\r\n <a%d.bcdefghijklmnopqrstuvwxyz0123456789@id.example>")
		w.lines("", "", plea)
	}},
	{"In-Reply-To of 1 MB without an end", false, func(w hostileMail) {
		w.head()
		w.WriteString("In-Reply-To: <")
		w.fill(mega, "<x")
		w.lines("", "", plea)
	}},
	{"NUL in every field", false, func(w hostileMail) {
		w.lines("From: a\x00b <"+w.from+"\x00>", "To: \x00"+account, "Subject: \x00Demande\x00", "Message-ID: <\x00nul@id.example>",
			"References: <\x00@id.example>", "\x00: x", "Content-Type: text/plain\x00; charset=\x00", "", plea, "\x00\x00")
	}},
	{"CR alone in every field", false, func(w hostileMail) {
		w.lines("Return-Path: <"+w.from+">", "From: a\rBcc: victim@example.org\r <"+w.from+">", "To: "+account,
			"Subject: Demande\rBcc: victim@example.org", "Message-ID: <a\rBcc: victim@example.org\r@id.example>",
			"References: <b@id.example>\rBcc: victim@example.org", "X: \r\r\r", "", plea)
	}},
	{"line ends in encoded words", false, func(w hostileMail) {
		evil := "=?utf-8?b?" + base64.StdEncoding.EncodeToString([]byte("a\r\nBcc: victim@example.org\r\n\r\nwords")) + "?="
		w.head("From: "+evil+" <"+w.from+">", "Reply-To: "+evil+" <victim@example.org>", "Subject: "+evil, "Message-ID: <"+evil+"@id.example>",
			"References: <"+evil+"@id.example>")
		w.lines("", plea)
	}},
	{"100,000 encoded words", false, func(w hostileMail) {
		w.head("Subject:")
		w.WriteString("Subject: =?utf-8?q?Demande?=")
		w.count(100_000, "\r\n =?utf-8?q?=C3=A9%d?=")
		w.lines("", "", plea)
	}},
	{"100,000 encoded words without an end", false, func(w hostileMail) {
		w.head("Subject:")
		w.WriteString("Subject: ")
		w.count(100_000, "=?utf-8?q?")
		w.lines("", "", plea)
	}},
	{"50,000 pieces of one parameter", false, func(w hostileMail) {
		w.mixed(plea)
		w.WriteString("--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment")
		w.count(50_000, ";\r\n filename*%d*=%%41")
		w.lines("", "", "x", "--b--")
	}},
	{"100,000 brackets in Content-Type", true, func(w hostileMail) {
		w.head("Content-Type:")
		w.WriteString("Content-Type: text/plain ")
		w.count(100_000, "(")
		w.lines("", "", plea)
	}},
	{"bytes beyond ASCII in every field", false, func(w hostileMail) {
		w.lines("Return-Path: <"+w.from+">", "From: J\xe9r\xf4me \xff <"+w.from+">", "To: "+account, "Subject: Demande d'acc\xe8s \xff\xfe",
			"Message-ID: <\xe9@id.example>", "References: <\xff@id.example>", "D\xe9: x", "", plea)
	}},
}

var encodings = []hostile{
	{"50 MB of base64 as text", true, func(w hostileMail) {
		w.head("Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64")
		w.lines("")
		w.encoded(37*mega, "Lorem ipsum dolor ")
	}},
	{"20 MB of quoted-printable", true, func(w hostileMail) {
		w.head("Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: quoted-printable")
		w.lines("", empty)
		w.fill(20*mega, "=41=42=43=\r\n")
	}},
	{"4 MB of soft line ends", false, func(w hostileMail) {
		w.head("Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: quoted-printable")
		w.lines("", strings.NewReplacer("é", "=C3=A9", "à", "=C3=A0").Replace(plea))
		w.fill(3*mega, "=\r\n")
	}},
	{"4 MB of UTF-7", true, charset("utf-7", "+AOk-+")},
	{"4 MB of ISO-2022-JP escapes", true, charset("iso-2022-jp", "\x1b$B\x1b(B\x1b$B!")},
	{"4 MB of HZ escapes", true, charset("hz-gb-2312", "~{~}~")},
	{"4 MB of GB18030", true, charset("gb18030", "\x81\x30\x81\x30\x84\x31")},
	{"4 MB of UTF-16", true, charset("utf-16", "\xd8\x00\xdc")},
	{"a character set with a name of 32 KB", false, func(w hostileMail) {
		w.head("Content-Type: text/plain; charset=" + strings.Repeat("x", 32*kilo))
		w.lines("", plea)
	}},
	{"4 MB of combining marks", true, charset("utf-8", "\u0301")},
	{"4 MB of unseen marks", true, charset("utf-8", "\u202e\u200b")},
}

// charset is a mail of 4 MB of one piece in a character set.
func charset(name, piece string) func(hostileMail) {
	return func(w hostileMail) {
		w.head("Content-Type: text/plain; charset=" + name)
		w.lines("")
		w.fill(4*mega, piece)
	}
}
