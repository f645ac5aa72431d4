package message

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"
)

// decodeCharset turns bytes of a declared character set into UTF-8. Declarations are often wrong: a byte order
// mark outranks them, text that can only be UTF-8 is read as UTF-8 where ASCII or Latin was declared, and bytes
// that are not UTF-8 are read one by one as windows-1252. known is false when the label means nothing to us and
// the text is not plainly UTF-8 either.
func decodeCharset(b []byte, label string) (text string, known bool) {
	label = normalCharset(label)
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		return lenientUTF8(b[3:]), true
	case bytes.HasPrefix(b, []byte("\xff\xfe")):
		return decodeWith(unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM), b), true
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		return decodeWith(unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM), b), true
	}
	switch label {
	case "utf-8":
		return lenientUTF8(b), true
	case "utf-7":
		return decodeUTF7(b), true
	case "iso-2022-kr":
		return decodeISO2022KR(b), true
	}
	if label == "iso-2022-jp" && !isASCII(string(b)) {
		label = "shift_jis" // ISO-2022-JP has seven bits; Japanese mailers mislabel the other
	}
	enc, known := findEncoding(label)
	switch {
	case !known:
		return lenientUTF8(b), label == "" || utf8.Valid(b)
	case enc == charmap.Windows1252:
		return lenientUTF8(b), true
	case strings.HasPrefix(label, "utf-16") && bytes.IndexByte(b, 0) < 0 && utf8.Valid(b):
		return string(b), true
	}
	return decodeWith(enc, b), true
}

// normalCharset strips what mailers put around a label and maps names that no registry has.
func normalCharset(label string) string {
	label = strings.ToLower(strings.Trim(label, " \t\"'`;,.<>="))
	label = strings.TrimPrefix(label, "charset=")
	label, _, _ = strings.Cut(label, ";")
	label = strings.Trim(strings.TrimPrefix(label, "x-mime-"), " \t\"'")
	switch label {
	case "utf8", "utf_8", "unicode-1-1-utf-8", "utf-8mb4", "utf8mb4", "x-utf-8", "al32utf8", "65001", "cp65001":
		return "utf-8"
	case "utf7", "unicode-1-1-utf-7", "x-unicode-2-0-utf-7", "csunicode11utf7":
		return "utf-7"
	case "utf16", "unicode", "ucs-2", "iso-10646-ucs-2":
		return "utf-16"
	case "unknown", "x-unknown", "unknown-8bit", "x-user-defined", "default", "default_charset", "none", "binary",
		"8bit", "7bit", "_autodetect", "_autodetect_all":
		return "" // a declaration that declares nothing
	case "iso", "iso8859", "iso-8859", "latin", "latin-1", "ansi", "8859_1", "cp1252", "cp-1252", "win-1252", "ms-ansi":
		return "windows-1252"
	case "gb-2312", "cn-gb", "cp936", "ms936", "x-gb2312":
		return "gbk"
	case "cp932", "ms932", "windows-932", "shift-jis", "sjis", "cp943c":
		return "shift_jis"
	case "cp949", "ms949", "windows-949", "ks_c_5601", "ks_c_5601-1989":
		return "euc-kr"
	case "cp950", "ms950", "cn-big5":
		return "big5"
	case "iso-2022-jp-ms", "cp50220", "cp50221", "iso-2022-jp-1", "iso-2022-jp-2":
		return "iso-2022-jp"
	}
	return label
}

// findEncoding looks a label up among those of the WHATWG standard, then among IANA's, then with the spellings
// that people invent for them ("cp-850", "iso8859_15", "win1250").
func findEncoding(label string) (encoding.Encoding, bool) {
	tries := []string{label}
	for _, rename := range [][2]string{
		{"cp-", "ibm"}, {"cp", "ibm"}, {"cp", "windows-"}, {"cp-", "windows-"}, {"win-", "windows-"}, {"win", "windows-"},
		{"ms-", "windows-"}, {"iso8859_", "iso-8859-"}, {"iso_8859_", "iso-8859-"}, {"iso-8859_", "iso-8859-"}, {"8859-", "iso-8859-"},
	} {
		if rest, ok := strings.CutPrefix(label, rename[0]); ok {
			tries = append(tries, rename[1]+rest)
		}
	}
	for _, try := range tries {
		if enc, err := htmlindex.Get(try); err == nil && enc != encoding.Replacement {
			return enc, true
		}
		if enc, err := ianaindex.MIME.Encoding(try); err == nil && enc != nil {
			return enc, true
		}
	}
	return nil, false
}

// decodeWith decodes b; what it cannot becomes U+FFFD.
func decodeWith(enc encoding.Encoding, b []byte) string {
	out, err := enc.NewDecoder().Bytes(b)
	if err != nil {
		return strings.ToValidUTF8(string(out), "\ufffd")
	}
	return string(out)
}

// lenientUTF8 reads UTF-8, and each byte that is not UTF-8 as windows-1252: so text in that character set is read
// right under a wrong declaration, and so is UTF-8 with a Latin footer.
func lenientUTF8(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	var out strings.Builder
	out.Grow(len(b) + len(b)/8)
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		if r == utf8.RuneError && size == 1 {
			r = charmap.Windows1252.DecodeByte(b[0])
		}
		out.WriteRune(r)
		b = b[size:]
	}
	return out.String()
}

// withoutCutCharacter drops the beginning of a UTF-8 character at the end of text that was cut short.
func withoutCutCharacter(b []byte) []byte {
	for i := len(b) - 1; i >= 0 && i >= len(b)-3; i-- {
		if !utf8.RuneStart(b[i]) {
			continue
		}
		if !utf8.FullRune(b[i:]) {
			return b[:i]
		}
		break
	}
	return b
}

// decodeISO2022KR reads RFC 1557: shift characters select between ASCII and KS X 1001.
func decodeISO2022KR(b []byte) string {
	b = bytes.ReplaceAll(b, []byte("\x1b$)C"), nil)
	euc := make([]byte, 0, len(b))
	var shift byte
	for _, c := range b {
		switch {
		case c == 0x0e:
			shift = 0x80
		case c == 0x0f, c == '\n':
			shift = 0
			if c == '\n' {
				euc = append(euc, c)
			}
		case c > ' ':
			euc = append(euc, c|shift)
		default:
			euc = append(euc, c)
		}
	}
	return decodeWith(korean.EUCKR, euc)
}

// metaCharset is the character set that an HTML text declares in its first kilobyte, "" when it does not.
func metaCharset(html []byte) string {
	head := bytes.ToLower(html[:min(len(html), 1024)])
	at := bytes.Index(head, []byte("charset="))
	if at < 0 || !bytes.Contains(head[:at], []byte("<meta")) {
		return ""
	}
	label := bytes.TrimLeft(head[at+len("charset="):], "\"' ")
	if end := bytes.IndexAny(label, "\"' />;"); end >= 0 {
		label = label[:end]
	}
	return string(label)
}

// cleanText makes text of several lines: LF line ends, valid UTF-8 in NFC, no control characters but tab and LF.
func cleanText(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t':
			return r
		case r == '\r', r == '\f', r == '\v', r == '\u0085', r == '\u2028', r == '\u2029':
			return '\n'
		case r < ' ', 0x7f <= r && r < 0xa0:
			return -1
		}
		return r
	}, s)
	return norm.NFC.String(strings.TrimPrefix(strings.ToValidUTF8(s, "\ufffd"), "\ufeff"))
}
