package message

import "strings"

// decodeTransfer undoes a Content-Transfer-Encoding (RFC 2045 section 6) and gives at most max bytes. Nothing
// that can be read is given up for what cannot: strange characters are passed over, missing padding is let
// pass. known is false for an encoding that does not exist; the bytes are then as they came.
func decodeTransfer(b []byte, encoding string, max int) (out []byte, known bool) {
	switch encoding {
	case "base64":
		return decodeBase64(b, max), true
	case "quoted-printable":
		return decodeQuotedPrintable(b, max), true
	case "x-uuencode", "x-uue", "uuencode", "uue":
		_, out = decodeUU(b, max)
		return out, true
	}
	return b[:min(len(b), max)], knownEncoding(encoding)
}

// knownEncoding reports whether encoding leaves the bytes as they are.
func knownEncoding(encoding string) bool {
	switch encoding {
	case "", "7bit", "8bit", "binary":
		return true
	}
	return false
}

// normalEncoding is the name of an encoding as decodeTransfer takes it. Mailers write "8-bit", "base-64", add
// comments and quotes.
func normalEncoding(s string) string {
	s, _, _ = strings.Cut(s, ";")
	s, _, _ = strings.Cut(s, "(")
	s = strings.ToLower(strings.Trim(s, " \t\"'."))
	switch s {
	case "7-bit", "7bits", "us-ascii", "ascii":
		return "7bit"
	case "8-bit", "8bits", "utf-8", "utf8":
		return "8bit"
	case "base-64", "b":
		return "base64"
	case "quotedprintable", "quoted printable", "q", "qp":
		return "quoted-printable"
	}
	return s
}

// base64Value is the value of each character of base64, the variant for addresses too (RFC 4648 sections 4, 5).
var base64Value = func() (t [256]int8) {
	for i := range t {
		t[i] = -1
	}
	for i, c := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/" {
		t[c] = int8(i)
	}
	t['-'], t['_'] = 62, 63
	return t
}()

// decodeBase64 gives at most max bytes. Padding ends a group, not the text: some programs join encoded pieces.
func decodeBase64(b []byte, max int) []byte {
	out := make([]byte, 0, min(len(b)/4*3+3, max))
	var group uint32
	n := 0
	for _, c := range b {
		v := base64Value[c]
		if v < 0 {
			if c == '=' {
				out = appendGroup(out, group, n)
				group, n = 0, 0
			}
			continue
		}
		group, n = group<<6|uint32(v), n+1
		if n == 4 {
			if len(out)+3 > max {
				break
			}
			out = append(out, byte(group>>16), byte(group>>8), byte(group))
			group, n = 0, 0
		}
	}
	out = appendGroup(out, group, n)
	return out[:min(len(out), max)]
}

// appendGroup appends the whole bytes of a group of n characters that was not filled.
func appendGroup(out []byte, group uint32, n int) []byte {
	switch n {
	case 2:
		out = append(out, byte(group>>4))
	case 3:
		out = append(out, byte(group>>10), byte(group>>2))
	}
	return out
}

// decodeQuotedPrintable gives at most max bytes. An equals sign that begins neither a hexadecimal pair nor a soft
// line break stays as it stands; white space before a line end goes (RFC 2045 section 6.7).
func decodeQuotedPrintable(b []byte, max int) []byte {
	out := make([]byte, 0, min(len(b), max))
	for len(b) > 0 && len(out) < max {
		line, size := cutLine(b)
		ends := size > len(line) && b[size-1] == '\n'
		b = b[size:]
		end := len(line)
		for end > 0 && (line[end-1] == ' ' || line[end-1] == '\t') {
			end--
		}
		line = line[:end]
		soft := end > 0 && line[end-1] == '='
		if soft {
			line = line[:end-1]
		}
		for i := 0; i < len(line); i++ {
			if line[i] == '=' && i+2 < len(line) && isHex(line[i+1]) && isHex(line[i+2]) {
				out = append(out, unhex(line[i+1])<<4|unhex(line[i+2]))
				i += 2
				continue
			}
			out = append(out, line[i])
		}
		if ends && !soft {
			out = append(out, '\n')
		}
	}
	return out[:min(len(out), max)]
}

// decodedSize is how many bytes b holds once decoded, found without decoding.
func decodedSize(b []byte, encoding string) int64 {
	switch encoding {
	case "base64":
		n := 0
		for _, c := range b {
			if base64Value[c] >= 0 {
				n++
			}
		}
		return int64(n) * 3 / 4
	case "quoted-printable":
		n := len(b)
		for i := 0; i < len(b); i++ {
			if b[i] != '=' {
				continue
			}
			if i+2 < len(b) && b[i+1] == '\r' && b[i+2] == '\n' {
				n, i = n-3, i+2
			} else if i+1 < len(b) && b[i+1] == '\n' {
				n, i = n-2, i+1
			} else if i+2 < len(b) && isHex(b[i+1]) && isHex(b[i+2]) {
				n, i = n-2, i+2
			}
		}
		return int64(n)
	}
	return int64(len(b))
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func unhex(c byte) byte {
	switch {
	case c >= 'a':
		return c - 'a' + 10
	case c >= 'A':
		return c - 'A' + 10
	}
	return c - '0'
}
