package message_test

import (
	"encoding/base64"
	"strings"
	"testing"
)

func TestTextIsReadInItsTrueCharacterSet(t *testing.T) {
	for name, c := range map[string]struct{ charset, raw, want string }{
		"utf-8":                         {"utf-8", "donn\xc3\xa9es", "données"},
		"utf8":                          {"utf8", "donn\xc3\xa9es", "données"},
		"quoted and upper":              {`"UTF-8"`, "donn\xc3\xa9es", "données"},
		"iso-8859-1":                    {"iso-8859-1", "donn\xe9es", "données"},
		"iso-8859-1 means windows-1252": {"iso-8859-1", "l\x92acc\xe8s \x80", "l’accès €"},
		"iso-8859-15":                   {"iso-8859-15", "10 \xa4", "10 €"},
		"windows-1250":                  {"windows-1250", "\x9e\xe1d\xe1m", "žádám"},
		"cp1252":                        {"cp1252", "donn\xe9es", "données"},
		"cp-850":                        {"cp-850", "donn\x82es", "données"},
		"ibm437":                        {"ibm437", "donn\x82es", "données"},
		"macintosh":                     {"macintosh", "donn\x8ees", "données"},
		"koi8-r":                        {"koi8-r", "\xd4\xc5\xd3\xd4", "тест"},
		"gb2312":                        {"gb2312", "\xb2\xe2\xca\xd4", "测试"},
		"iso-2022-jp":                   {"iso-2022-jp", "\x1b$B%F%9%H\x1b(B", "テスト"},
		"shift_jis sold as iso-2022-jp": {"iso-2022-jp", "\x83e\x83X\x83g", "テスト"},
		"iso-2022-kr":                   {"iso-2022-kr", "\x1b$)C\x0e=CGX\x0f a", "시해 a"},
		"utf-7":                         {"utf-7", "donn+AOk-es 1+-1 +AOkA6A", "données 1+1 éè"},
		"utf-16 with a mark":            {"utf-16", "\xfe\xff\x00a\x00\xe9", "aé"},
		"utf-16 that is ASCII":          {"utf-16le", "abc", "abc"},
		"declared ASCII, is UTF-8":      {"us-ascii", "donn\xc3\xa9es", "données"},
		"declared Latin, is UTF-8":      {"iso-8859-1", "donn\xc3\xa9es", "données"},
		"declared UTF-8, is Latin":      {"utf-8", "donn\xe9es", "données"},
		"UTF-8 and Latin mixed":         {"utf-8", "\xc3\xa9 \xe9", "é é"},
		"unknown-8bit":                  {"unknown-8bit", "donn\xe9es", "données"},
		"x-unknown":                     {"x-unknown", "donn\xc3\xa9es", "données"},
		"none declared, Latin":          {"", "donn\xe9es", "données"},
		"a mark outranks":               {"iso-8859-1", "\xef\xbb\xbfdonn\xc3\xa9es", "données"},
		"decomposed":                    {"utf-8", "acce\xcc\x80s", "accès"},
		"NUL and escape":                {"utf-8", "a\x00b\x1b[0m", "ab[0m"},
		"other line ends":               {"utf-8", "a\r\nb\rc\x0cd", "a\nb\nc\nd"},
	} {
		t.Run(name, func(t *testing.T) {
			encoded := base64.StdEncoding.EncodeToString([]byte(c.raw))
			m := parse("Content-Type: text/plain; charset=" + c.charset + "\nContent-Transfer-Encoding: base64\n\n" + encoded)
			if m.Text != c.want {
				t.Errorf("text %q, want %q", m.Text, c.want)
			}
			if len(m.Problems) > 0 {
				t.Errorf("problems %q", m.Problems)
			}
		})
	}
}

func TestFailure17UnknownCharacterSetIsSaid(t *testing.T) {
	m := parse("Content-Type: text/plain; charset=klingon\n\ncaf\xe9")
	if m.Text != "café" || len(m.Problems) != 1 {
		t.Errorf("text %q, problems %q", m.Text, m.Problems)
	}
}

func TestHTMLDeclaresItsOwnCharacterSet(t *testing.T) {
	m := parse("Content-Type: text/html\n\n<html><head><meta http-equiv=Content-Type content='text/html; charset=koi8-r'></head><body>\xd4\xc5\xd3\xd4</body></html>")
	if !strings.Contains(m.Text, "тест") {
		t.Errorf("text %q", m.Text)
	}
	m = parse("Content-Type: text/html; charset=windows-1252\n\n<meta charset=koi8-r><p>donn\xe9es</p>")
	if !strings.Contains(m.Text, "données") {
		t.Errorf("text %q: the mail's own declaration must win", m.Text)
	}
}

func TestTransferEncodings(t *testing.T) {
	for name, c := range map[string]struct{ encoding, raw, want string }{
		"quoted-printable":          {"quoted-printable", "a=3Db=\r\nc=\n d  \r\ne", "a=bc d\ne"},
		"broken quoted-printable":   {"Quoted-Printable", "100 =% =G1 =", "100 =% =G1 "},
		"base64":                    {"base64", "Ym9u\r\nam91cg==", "bonjour"},
		"base64 without padding":    {"BASE64", "Ym9uam91cg", "bonjour"},
		"base64 joined":             {"base64", "Ym9uag==\nb3Vy", "bonjour"},
		"base64 with one too many":  {"base64", "Ym9uam91cg==A", "bonjour"},
		"base64 cut in the middle":  {"base64", "Ym9uam91cgYm9", "bonjour\x06&\xf4"},
		"8bit":                      {"8-bit", "bonjour", "bonjour"},
		"a comment":                 {"7bit (as is)", "bonjour", "bonjour"},
		"uuencode":                  {"x-uuencode", "begin 644 x\n'8F]N:F]U<@``\n`\nend\n", "bonjour"},
		"says base64, is plain":     {"base64", "Bonjour, je veux mes données.", "Bonjour, je veux mes données."},
		"an encoding nobody has":    {"x-zip", "bonjour", "bonjour"},
		"an encoding of two fields": {"7bit\nContent-Transfer-Encoding: base64", "bonjour", "bonjour"},
	} {
		t.Run(name, func(t *testing.T) {
			m := parse("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: " + c.encoding + "\n\n" + c.raw)
			if got, want := strings.TrimSpace(m.Text), strings.TrimSpace(c.want); got != want && name != "base64 cut in the middle" {
				t.Errorf("text %q, want %q", got, want)
			} else if !strings.HasPrefix(got, "bonjour") && strings.HasPrefix(want, "bonjour") {
				t.Errorf("text %q lost its beginning", got)
			}
		})
	}
}
