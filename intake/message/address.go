package message

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxAddresses     = 500      // kept of one field, whatever the number of its copies (CVE-2024-23184)
	maxAddressBytes  = 64 << 10 // read of one field
	maxAddressLength = 512      // RFC 5321 allows 64 + 1 + 255 bytes, relays that rewrite senders take somewhat more
)

// parseAddresses reads the mailboxes of address fields (RFC 5322 section 3.4) the way people's programs write
// them: names with commas and without quotes, comments, groups, missing or doubled brackets. Mailboxes without
// an address are left out, those above maxAddresses too.
func parseAddresses(values ...string) []Address {
	var list []Address
	for _, v := range values {
		if len(list) >= maxAddresses {
			break
		}
		s := addressScanner{list: list}
		s.scan(v[:min(len(v), maxAddressBytes)])
		list = s.list
	}
	return list
}

// addressScanner reads one field in a single pass.
type addressScanner struct {
	list    []Address
	phrase  strings.Builder // words outside brackets, quotes taken off
	comment strings.Builder
	angle   string
	hasAddr bool // angle was seen
	sawAt   bool // phrase has an at sign
}

func (s *addressScanner) scan(v string) {
	for i := 0; i < len(v) && len(s.list) < maxAddresses; {
		switch c := v[i]; c {
		case '"':
			i += s.quoted(v[i:])
		case '(':
			i += s.parenthesis(v[i:])
		case '<':
			i += s.bracket(v[i:])
		case ',', ';':
			s.flush(c == ';')
			i++
		case ':':
			s.colon()
			i++
		default:
			i += s.plain(v[i:])
		}
	}
	s.flush(true)
}

// plain takes characters up to the next one with a meaning. An encoded word is taken whole: commas within its text
// separate nothing.
func (s *addressScanner) plain(v string) int {
	if strings.HasPrefix(v, "=?") {
		if _, size := readEncodedWord(v); size > 0 {
			s.phrase.WriteString(v[:size])
			return size
		}
	}
	end := strings.IndexAny(v[1:], "\"(<,;:=") + 1
	if end == 0 {
		end = len(v)
	}
	s.phrase.WriteString(v[:end])
	s.sawAt = s.sawAt || strings.Contains(v[:end], "@")
	return end
}

// quoted takes a quoted string; one that does not end soon is taken as if the quote were not there.
func (s *addressScanner) quoted(v string) int {
	for i := 1; i < min(len(v), 2*maxAddressLength); i++ {
		switch v[i] {
		case '\\':
			i++
		case '"':
			if i+1 < len(v) && v[i+1] == '@' { // "local part"@example.org
				s.phrase.WriteString(strings.ReplaceAll(v[:i+1], " ", "\x01"))
				return i + 1
			}
			s.phrase.WriteString(" " + unquote(v[:i+1]) + " ")
			s.sawAt = s.sawAt || strings.Contains(v[:i], "@")
			return i + 1
		}
	}
	return 1
}

// parenthesis takes a comment; one that never ends is taken to the end.
func (s *addressScanner) parenthesis(v string) int {
	depth := 0
	for i := range len(v) {
		switch v[i] {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth == 0 {
			s.comment.WriteString(v[1:i])
			s.comment.WriteByte(' ')
			return i + 1
		}
	}
	s.comment.WriteString(v[1:])
	return len(v)
}

// bracket takes <address>. A bracket that never closes ends at the next separator.
func (s *addressScanner) bracket(v string) int {
	v = v[:min(len(v), 2*maxAddressLength)] // more is no address, and looking further would cost
	end := strings.IndexByte(v, '>')
	size := end + 1
	if next := strings.IndexByte(v[1:], '<') + 1; end < 0 || next > 1 && next < end {
		if end = strings.IndexAny(v, ",;\n"); end < 0 {
			end = len(v)
		}
		if next > 1 && next < end {
			end = next
		}
		size = end
	}
	if addr := strings.TrimLeft(v[:end], "<"); !s.hasAddr || !strings.Contains(s.angle, "@") {
		s.angle, s.hasAddr = addr, true
	}
	return size
}

// colon ends the name of a group; the colon of mailto: likewise. Elsewhere it is a character like others.
func (s *addressScanner) colon() {
	if s.hasAddr || s.sawAt {
		s.phrase.WriteByte(':')
		return
	}
	s.reset()
}

func (s *addressScanner) reset() {
	s.phrase.Reset()
	s.comment.Reset()
	s.angle, s.hasAddr, s.sawAt = "", false, false
}

// flush ends a mailbox. A phrase without an address is kept as the beginning of the next name, for
// "Dupont, Jean <jean@example.be>", unless final.
func (s *addressScanner) flush(final bool) {
	phrase := s.phrase.String()
	encoded := strings.Contains(phrase, "=?")
	if !s.hasAddr && !s.sawAt && !encoded {
		if name := strings.TrimSpace(phrase); final || len(name) > 100 {
			s.reset()
		} else if name != "" {
			s.phrase.WriteString(", ")
		}
		return
	}
	var a Address
	if s.hasAddr {
		a = Address{decodeName(phrase), cleanAddress(s.angle)}
	}
	if a.Address == "" && s.sawAt {
		name, addr := findAddress(phrase)
		a = Address{decodeName(name), cleanAddress(addr)}
	}
	if a.Address == "" && encoded {
		name, addr := findAddress(decodeLine(phrase))
		a = Address{cleanName(name), cleanAddress(addr)}
	}
	if a.Name == "" {
		a.Name = decodeName(s.comment.String())
	}
	if a.Address != "" {
		s.list = append(s.list, a)
	}
	s.reset()
}

// findAddress takes the first word with an at sign out of a phrase without brackets.
func findAddress(phrase string) (name, addr string) {
	at := strings.IndexByte(phrase, '@')
	if at < 0 {
		return phrase, ""
	}
	start := strings.LastIndexAny(strings.TrimRight(phrase[:at], " \t"), " \t[") + 1
	tail := phrase[at+1:]
	tail = tail[len(tail)-len(strings.TrimLeft(tail, " \t")):]
	end := strings.IndexAny(tail, " \t]>")
	switch {
	case end < 0:
		end = len(tail)
	case tail[0] == '[' && tail[end] == ']': // an address literal
		end++
	}
	return phrase[:start] + " " + tail[end:], phrase[start:at] + "@" + tail[:end]
}

// cleanAddress is an address fit for comparing: no white space or control characters, no route, its domain in
// lower case. "" when it is none.
func cleanAddress(s string) string {
	if strings.Contains(s, "=?") {
		s = decodeLine(s)
	}
	s = decodeRaw(s)
	if route, rest, ok := strings.Cut(s, ":"); ok && (strings.HasPrefix(route, "@") || strings.EqualFold(route, "mailto")) {
		s = rest
	}
	quoted := strings.HasPrefix(s, `"`)
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\x01' || quoted && r == ' ':
			return ' '
		case unicode.IsSpace(r), unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == '<', r == '>', r == utf8.RuneError:
			return -1
		}
		return r
	}, s)
	s = strings.Trim(s, " ',;.()")
	if !strings.Contains(s, "@[") { // an address literal keeps its brackets
		s = strings.Trim(s, "[]")
	}
	at := strings.LastIndexByte(s, '@')
	if at < 1 || at == len(s)-1 || len(s) > maxAddressLength {
		return ""
	}
	return s[:at+1] + strings.ToLower(s[at+1:])
}

// decodeName decodes the name before an address.
func decodeName(s string) string {
	return cleanName(decodeLine(strings.ReplaceAll(s, "\x01", " ")))
}

// cleanName takes the quotes from around a name and drops one without any letter or digit.
func cleanName(s string) string {
	s = strings.Trim(cleanLine(s), " \t\"',;<>")
	if strings.IndexFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) < 0 {
		return ""
	}
	return s
}
