package message

import (
	"strings"
	"unicode/utf16"
)

// decodeUTF7 reads UTF-7 (RFC 2152): "+" opens a run of base64 over UTF-16, "-" or any other character ends it.
// What is no such run stays as it stands.
func decodeUTF7(b []byte) string {
	var out strings.Builder
	out.Grow(len(b))
	for i := 0; i < len(b); {
		if b[i] != '+' {
			out.WriteByte(b[i])
			i++
			continue
		}
		end := i + 1
		for end < len(b) && isUTF7(b[end]) {
			end++
		}
		run := b[i+1 : end]
		closed := end < len(b) && b[end] == '-'
		switch {
		case len(run) == 0 && closed:
			out.WriteByte('+')
		case len(run) < 3:
			out.Write(b[i:end])
			closed = false
		default:
			out.WriteString(bigEndianUTF16(decodeBase64(run, len(run))))
		}
		i = end
		if closed {
			i++
		}
	}
	return lenientUTF8([]byte(out.String()))
}

// isUTF7 reports whether c belongs to a base64 run of UTF-7.
func isUTF7(c byte) bool { return c != '-' && c != '_' && base64Value[c] >= 0 }

func bigEndianUTF16(b []byte) string {
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = uint16(b[2*i])<<8 | uint16(b[2*i+1])
	}
	return string(utf16.Decode(units))
}
