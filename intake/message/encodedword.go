package message

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxLine bounds a decoded subject or name, in bytes.
const maxLine = 2000

// encodedWord is one word of RFC 2047: =?charset?encoding?text?=
type encodedWord struct {
	charset string
	bytes   []byte
}

// decodeLine decodes an unstructured header value to one clean line: encoded words (RFC 2047), broken ones
// too, and raw 8-bit text. Neighbouring words of one charset are joined before decoding, since some mailers
// split a character between them.
func decodeLine(s string) string {
	if len(s) > 4*maxLine {
		s = s[:4*maxLine]
	}
	if !strings.Contains(s, "=?") {
		return cleanLine(decodeRaw(s))
	}
	var out strings.Builder
	var run encodedWord // words read and not yet written
	flush := func() {
		if len(run.bytes) > 0 {
			text, _ := decodeCharset(run.bytes, run.charset)
			out.WriteString(text)
		}
		run = encodedWord{}
	}
	for s != "" {
		at := strings.Index(s, "=?")
		if at < 0 {
			break
		}
		word, size := readEncodedWord(s[at:])
		if size == 0 {
			flush()
			out.WriteString(decodeRaw(s[:at+2]))
			s = s[at+2:]
			continue
		}
		if between := s[:at]; strings.Trim(between, " \t") != "" || run.charset == "" {
			flush()
			out.WriteString(decodeRaw(between))
		}
		if !strings.EqualFold(run.charset, word.charset) {
			flush()
			run.charset = word.charset
		}
		run.bytes = append(run.bytes, word.bytes...)
		s = s[at+size:]
	}
	flush()
	out.WriteString(decodeRaw(s))
	return cleanLine(out.String())
}

// readEncodedWord reads the encoded word at the start of s, which begins with "=?"; size is 0 when there is
// none. Spaces within the text are let pass, and an end that is missing because the field was cut.
func readEncodedWord(s string) (w encodedWord, size int) {
	s = s[:min(len(s), 2*maxLine)]
	charset, rest, ok := cutAt(s[2:], '?', 60)
	if !ok || charset == "" || strings.ContainsAny(charset, " \t=<>\"") {
		return w, 0
	}
	encoding, text, ok := cutAt(rest, '?', 3)
	if !ok {
		return w, 0
	}
	end := strings.Index(text, "?=")
	next := strings.Index(text, "=?")
	tail := 2
	switch {
	case end < 0 && next < 0 && !strings.ContainsAny(text, " \t<>"):
		end, tail = len(text), 0
	case end < 0, next >= 0 && next+1 < end:
		return w, 0
	}
	w.charset, _, _ = strings.Cut(charset, "*") // a language may follow, RFC 2231 section 5
	switch strings.TrimSpace(encoding) {
	case "Q", "q":
		w.bytes = decodeQ(text[:end])
	case "B", "b":
		w.bytes = decodeBase64([]byte(text[:end]), len(text))
	default:
		return w, 0
	}
	return w, len(s) - len(text) + end + tail
}

// cutAt cuts s at the first sep within its first max bytes.
func cutAt(s string, sep byte, max int) (before, after string, ok bool) {
	i := strings.IndexByte(s[:min(len(s), max)], sep)
	if i < 0 {
		return "", s, false
	}
	return s[:i], s[i+1:], true
}

// decodeQ decodes the "Q" encoding (RFC 2047 section 4.2). What is no hexadecimal pair stays as it stands.
func decodeQ(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '_':
			out = append(out, ' ')
		case c == '=' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			out = append(out, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 2
		default:
			out = append(out, c)
		}
	}
	return out
}

// decodeRaw reads header text that is not encoded: ASCII, UTF-8 (RFC 6532) or, from old mailers, windows-1252.
func decodeRaw(s string) string {
	if isASCII(s) {
		return s
	}
	text, _ := decodeCharset([]byte(s), "")
	return text
}

// cleanLine makes one line of s: valid UTF-8 in NFC, white space single, no control characters, none that turn
// the direction of writing (they make "fdp.exe" read "exe.pdf"), at most maxLine bytes.
func cleanLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == '\ufeff':
			return -1
		}
		return r
	}, s)
	s = norm.NFC.String(strings.ToValidUTF8(s, "\ufffd"))
	return shorten(collapse(s), maxLine)
}

// collapse makes each run of ASCII spaces one and trims both ends.
func collapse(s string) string {
	if !strings.Contains(s, "  ") {
		return strings.TrimSpace(s)
	}
	var out strings.Builder
	out.Grow(len(s))
	space := true
	for i := range len(s) {
		if s[i] != ' ' || !space {
			out.WriteByte(s[i])
		}
		space = s[i] == ' '
	}
	return strings.TrimSpace(out.String())
}

// shorten cuts s to at most max bytes without cutting a character.
func shorten(s string, max int) string {
	if len(s) <= max {
		return s
	}
	for max > 0 && !utf8.RuneStart(s[max]) {
		max--
	}
	return s[:max]
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
