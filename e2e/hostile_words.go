//go:build e2e

package e2e

import (
	"encoding/base64"
	"strings"
)

// pages are mails of HTML.
var pages = []hostile{
	{"100,000 levels of HTML", false, markup("<div>", 100_000)},
	{"100,000 tags of formatting", false, markup("<b><p></b>", 100_000)},
	{"100,000 links not closed", false, markup("<a href=x><li>", 100_000)},
	{"100,000 tables one in another", false, markup("<table><tr><td>", 100_000)},
	{"100,000 words outside of their table", false, markup("<table>x<b>", 100_000)},
	{"400 formats opened again in 100,000 paragraphs", false, func(w hostileMail) {
		w.page(plea + "<p>")
		w.count(400, "<b a=%d>")
		w.count(100_000, "<p>x")
	}},
	{"200,000 words joined into one", false, func(w hostileMail) {
		w.page(plea)
		w.fill(mega, "x")
		w.count(200_000, "</y>x")
	}},
	{"700,000 paragraphs", false, markup("<p>", 700_000)},
	{"300,000 quotes", false, markup("<blockquote>", 300_000)},
	{"1,000,000 opening brackets", false, markup("<", 1_000_000)},
	{"500,000 entities", false, markup("&nbsp;&#x1F4A9;", 250_000)},
	{"500,000 comments without an end", false, markup("<!--", 500_000)},
	{"500,000 attributes", false, func(w hostileMail) {
		w.page(plea)
		w.WriteString("<p ")
		w.count(500_000, "a%d=b ")
		w.lines(">")
	}},
	{"a style of 10 MB", false, func(w hostileMail) {
		w.page(plea)
		w.WriteString("<style>")
		w.fill(10*mega, "p{color:red}")
		w.lines("</style>")
	}},
	{"a style of 10 MB before the request", true, func(w hostileMail) {
		w.head("Content-Type: text/html; charset=utf-8")
		w.WriteString("\r\n<style>")
		w.fill(10*mega, "p{color:red}")
		w.lines("</style>", plea)
	}},
	{"an attribute of 10 MB", false, func(w hostileMail) {
		w.page(plea)
		w.WriteString(`<p style="`)
		w.fill(10*mega, "display:none ; ")
		w.lines(`">x`)
	}},
	{"an image of 3 MB within the HTML", false, func(w hostileMail) {
		w.page(plea)
		w.WriteString(`<img src="data:image/png;base64,`)
		w.fill(3*mega, "iVBORw0KGgo")
		w.lines(`">`)
	}},
}

// markup is a page with a request, then a tag n times.
func markup(tag string, n int) func(hostileMail) {
	return func(w hostileMail) {
		w.page(plea)
		w.count(n, tag)
	}
}

// patterns are mails that make a careless search go back and forth.
var patterns = []hostile{
	{"an address of 1 MB in the text", false, words("http://a.b/?", mega, "a&a=%25")},
	{"1 MB of at signs", false, words("", mega, "a@")},
	{"1 MB of quote marks", false, words("", mega, "> ")},
	{"1 MB of quoted lines", false, words("", mega, ">>>> > x\r\n")},
	{"1 MB of blanks", false, words("", mega, " \t")},
	{"1 MB of beginnings of a quote", false, words("", mega, "Le 1 a écrit Le lundi On Monday wrote ")},
	{"1 MB of names of fields", false, words("", mega, "De : a\r\n")},
	{"1 MB of what rules wait for", false, words("", mega, "je veux mes données sur moi supprimer gegevens wissen mijn ")},
	{"1 MB of near misses", false, words("", mega, "supprimre donneees verwijderne gegevesn loschne ")},
	{"1 MB of one word", false, words("", mega, "donnees")},
	{"1 MB of articles of law", false, words("", mega, "art 15 16 17 GDPR ")},
	{"1 MB of case references", false, words("", mega, "GDN-2026-0001 ")},
	{"100 KB of case references in the subject", false, func(w hostileMail) {
		w.head("Subject:")
		w.WriteString("Subject: ")
		w.fill(50*kilo, "GDN-2026-0001 ")
		w.lines("", "", plea)
	}},
}

// words is a mail of text with a request, then a piece again and again.
func words(before string, size int, piece string) func(hostileMail) {
	return func(w hostileMail) {
		w.text(plea + "\r\n")
		w.WriteString(before)
		w.fill(size, piece)
	}
}

// shells are files that hold others.
var shells = []hostile{
	{"a signature around nothing", true, func(w hostileMail) {
		w.head("Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m", "Content-Transfer-Encoding: base64")
		w.lines("")
		w.encoded(mega, "\x30\x80")
	}},
	{"signatures one in another", true, func(w hostileMail) {
		w.head("Content-Type: application/pkcs7-mime; smime-type=signed-data", "Content-Transfer-Encoding: base64")
		w.lines("")
		w.encoded(mega, "\x30\x84\x00\x10\x00\x00")
	}},
	{"an encrypted mail", true, func(w hostileMail) {
		w.head("Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", "Content-Transfer-Encoding: base64")
		w.lines("")
		w.encoded(10*kilo, "\x30\x80")
	}},
	{"an armour without an end", true, func(w hostileMail) {
		w.text("-----BEGIN PGP MESSAGE-----")
		w.fill(mega, "hQEMA0\r\n")
	}},
	{"10,000 armours", true, func(w hostileMail) {
		w.text("")
		w.fill(mega, "-----BEGIN PGP MESSAGE-----\r\n-----BEGIN PGP SIGNED MESSAGE-----\r\n")
	}},
	{"a winmail.dat of lengths that lie", false, func(w hostileMail) {
		w.mixed(plea)
		w.lines("--b", "Content-Type: application/ms-tnef; name=winmail.dat", "Content-Transfer-Encoding: base64", "")
		w.lines(base64.StdEncoding.EncodeToString([]byte("\x78\x9f\x3e\x22\x01\x00" + strings.Repeat("\x02\x02\x90\x06\x00\xff\xff\xff\x7f\x00\x00\x00", 2000))))
		w.lines("--b--")
	}},
	{"a winmail.dat with 20,000 files", false, func(w hostileMail) {
		w.mixed(plea)
		w.lines("--b", "Content-Type: application/ms-tnef; name=winmail.dat", "Content-Transfer-Encoding: base64", "")
		w.lines(base64.StdEncoding.EncodeToString([]byte("\x78\x9f\x3e\x22\x01\x00" + strings.Repeat("\x02\x02\x90\x06\x00\x00\x00\x00\x00\x00\x00", 3000))))
		w.lines("--b--")
	}},
	{"a mail within a mail within base64", false, func(w hostileMail) {
		inner := "From: " + w.from + "\r\nSubject: x\r\n\r\n" + plea
		for range 15 {
			inner = "From: " + w.from + "\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.StdEncoding.EncodeToString([]byte(inner))
		}
		w.head("Content-Type: message/rfc822", "Content-Transfer-Encoding: base64")
		w.lines("", base64.StdEncoding.EncodeToString([]byte(inner)))
	}},
	{"a zip that would unfold without end", false, func(w hostileMail) {
		w.mixed(plea)
		w.lines("--b", "Content-Type: application/zip; name=a.zip", "Content-Transfer-Encoding: base64", "")
		w.encoded(5*mega, "PK\x03\x04\xff\xff\xff\xff")
		w.lines("--b--")
	}},
	{"20,000 uuencoded files", false, words("", mega, "begin 644 a\r\n#86%A\r\n`\r\nend\r\n")},
}

// damaged are mails that are hardly mails.
var damaged = []hostile{
	{"no byte at all", true, func(hostileMail) {}},
	{"nothing but an empty line", true, func(w hostileMail) { w.lines("") }},
	{"1 MB of NUL", true, func(w hostileMail) { w.fill(mega, "\x00") }},
	{"1 MB of noise", true, func(w hostileMail) { w.fill(mega, "\xff\xd8\xff\xe0\x00\x10JFIF\r\x00\n\x80") }},
	{"no header", false, func(w hostileMail) { w.lines("", plea) }},
	{"lines that end with CR alone", false, func(w hostileMail) {
		w.WriteString("Return-Path: <" + w.from + ">\rFrom: " + w.from + "\rTo: " + account + "\rSubject: Demande\r\r" + plea + "\r")
	}},
	{"a boundary of 60 KB", false, func(w hostileMail) {
		boundary := strings.Repeat("b", 60*kilo)
		w.head("Content-Type: multipart/mixed; boundary=" + boundary)
		w.lines("", "--"+boundary, "", plea)
		w.fill(mega, "--"+strings.Repeat("b", 60*kilo-1)+"\r\n")
	}},
	{"a multipart without a boundary", false, func(w hostileMail) {
		w.head("Content-Type: multipart/mixed")
		w.lines("", plea)
	}},
	{"a date in the year 2099", false, func(w hostileMail) { w.text(plea, "Date: Thu, 1 Jan 2099 00:00:00 +0000") }},
}
