package message

import (
	"sort"
	"strconv"
	"strings"
)

const (
	maxParams     = 100      // parameters read of one field
	maxStructured = 32 << 10 // bytes read of one structured field
)

// parseParams reads a structured value such as those of Content-Type and Content-Disposition: a word in lower
// case, and parameters with their values decoded. It takes RFC 2231 (continuations, character sets), encoded
// words where they do not belong, values without quotes, missing semicolons and quotes that never end.
func parseParams(s string) (word string, params map[string]string) {
	segments := splitSegments(s[:min(len(s), maxStructured)], false)
	word, rest, _ := strings.Cut(strings.TrimSpace(segments[0]), " ")
	if strings.Contains(word, "=") {
		word, rest = "", segments[0]
	}
	segments[0] = rest
	word = strings.ToLower(strings.Trim(word, " \t\"'"))

	params = make(map[string]string)
	extended := make(map[string][]paramPiece)
	for _, segment := range segments[:min(len(segments), maxParams)] {
		key, value, ok := strings.Cut(segment, "=")
		key = strings.ToLower(strings.TrimSpace(key))
		if !ok || key == "" {
			continue
		}
		value = unquote(strings.TrimSpace(value))
		if name, piece, ok := readPiece(key, value); ok {
			extended[name] = append(extended[name], piece)
		} else if _, seen := params[key]; !seen {
			params[key] = decodeLine(value)
		}
	}
	for name, pieces := range extended {
		params[name] = joinPieces(pieces)
	}
	return word, params
}

// splitSegments cuts at the semicolons outside quotes and comments; comments go. There is always one segment.
// Within a value without quotes a parenthesis opens no comment unless inValues, for files called scan (2).pdf.
func splitSegments(s string, inValues bool) []string {
	var segments []string
	var current strings.Builder
	quoted, value, depth := false, false, 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '\\' && (quoted || depth > 0) && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\' || depth > 0):
			i++
			if depth == 0 {
				current.WriteByte(c)
				current.WriteByte(s[i])
			}
			continue
		case c == '"' && depth == 0:
			quoted = !quoted
		case c == '(' && !quoted && (depth > 0 || !value || inValues):
			depth++
			continue
		case c == ')' && depth > 0:
			depth--
			continue
		case c == ';' && !quoted && depth == 0:
			segments = append(segments, current.String())
			current.Reset()
			value = false
			continue
		case c == '=':
			value = true
		}
		if depth == 0 {
			current.WriteByte(c)
		}
	}
	return append(segments, current.String())
}

// unquote takes the quotes and their escapes from a value. Windows paths keep their backslashes.
func unquote(s string) string {
	body, ok := strings.CutPrefix(s, `"`)
	if !ok {
		return s
	}
	var out strings.Builder
	for i := 0; i < len(body); i++ {
		if body[i] == '"' {
			break
		}
		if body[i] == '\\' && i+1 < len(body) && (body[i+1] == '"' || body[i+1] == '\\') {
			i++
		}
		out.WriteByte(body[i])
	}
	return out.String()
}

// paramPiece is one piece of a parameter of RFC 2231: name*3* has number 3 and is encoded.
type paramPiece struct {
	number  int
	encoded bool
	value   string
}

// readPiece splits a key such as "filename*0*". ok is false for a plain key.
func readPiece(key, value string) (name string, p paramPiece, ok bool) {
	name, section, ok := strings.Cut(key, "*")
	if !ok || name == "" {
		return "", p, false
	}
	p.value = value
	section, p.encoded = strings.CutSuffix(section, "*")
	if section == "" {
		p.encoded = true // name*=...
		return name, p, true
	}
	n, err := strconv.Atoi(section)
	p.number = n
	return name, p, err == nil && n >= 0
}

// joinPieces decodes the pieces of one parameter in the order of their numbers.
func joinPieces(pieces []paramPiece) string {
	sort.SliceStable(pieces, func(i, j int) bool { return pieces[i].number < pieces[j].number })
	charset, encoded := "", false
	var raw []byte
	for i, p := range pieces {
		if !p.encoded {
			raw = append(raw, p.value...)
			continue
		}
		encoded = true
		value := p.value
		if i == 0 {
			if c, rest, ok := strings.Cut(value, "'"); ok {
				if _, v, ok := strings.Cut(rest, "'"); ok {
					charset, value = c, v
				}
			}
		}
		raw = append(raw, percentDecode(value)...)
	}
	if !encoded {
		return decodeLine(string(raw))
	}
	text, _ := decodeCharset(raw, charset)
	return cleanLine(text)
}

// percentDecode undoes %XX; what is no hexadecimal pair stays as it stands.
func percentDecode(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]) {
			out = append(out, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 2
			continue
		}
		out = append(out, s[i])
	}
	return out
}
