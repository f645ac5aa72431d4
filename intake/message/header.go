package message

import (
	"bytes"
	"strings"
)

// maxFields is how many fields of one header block are kept. Real mail has under 100; floods of fields have
// cost other programs minutes (CVE-2024-23184).
const maxFields = 1000

// field is one header field: its name in lower case, its value unfolded but not decoded.
type field struct{ name, value string }

// header is a header block in its own order.
type header []field

// first is the value of the topmost field of that name, "" when there is none.
func (h header) first(name string) string {
	for _, f := range h {
		if f.name == name {
			return f.value
		}
	}
	return ""
}

// has reports whether a field of that name is there.
func (h header) has(name string) bool {
	for _, f := range h {
		if f.name == name {
			return true
		}
	}
	return false
}

// all are the values of every field of that name, topmost first.
func (h header) all(names ...string) []string {
	var values []string
	for _, f := range h {
		for _, n := range names {
			if f.name == n {
				values = append(values, f.value)
			}
		}
	}
	return values
}

// splitHeader cuts a mail or part into its header block and its body. It reads what strict parsers refuse:
// mbox From_ lines, lines without a colon, white space before the colon, NUL, bare CR, and a body that
// begins without an empty line. Of the block no more than max bytes are kept; cut tells that there was more.
func splitHeader(b []byte, max int) (h header, body []byte, cut bool) {
	var name string
	var start, end int // the current field's value is b[start:end]
	keep := func() {
		if name != "" {
			h = append(h, field{name, unfold(b[start:end])})
		}
		name = ""
	}
	for at := 0; at < len(b); {
		line, size := cutLine(b[at:])
		next := at + size
		if len(line) == 0 {
			keep()
			return h, b[next:], false
		}
		if at >= max || len(h) >= maxFields {
			keep()
			return h, afterHeader(b[at:]), true
		}
		n, valueAt := fieldName(line)
		switch {
		case line[0] == ' ' || line[0] == '\t':
			end = at + len(line)
			if name == "" && len(h) == 0 { // an indented first line
				name, start = n, at+valueAt
			}
		case n != "":
			keep()
			name, start, end = n, at+valueAt, at+len(line)
		case at == 0 && isFromLine(line):
		case bodyBegins(b[at:]):
			keep()
			return h, b[at:], false
		default:
			keep() // a damaged line, dropped with what continues it
		}
		end = min(end, max)
		start = min(start, end)
		at = next
	}
	keep()
	return h, nil, false
}

// cutLine is the first line of b without its end, and its size with it.
func cutLine(b []byte) (line []byte, size int) {
	i := bytes.IndexByte(b, '\n')
	if i < 0 {
		return bytes.TrimRight(b, "\r"), len(b)
	}
	return bytes.TrimRight(b[:i], "\r"), i + 1
}

// fieldName is the lower-case name of a header field's first line and where its value begins, or "" when
// the line is none.
func fieldName(line []byte) (name string, valueAt int) {
	colon := bytes.IndexByte(line[:min(len(line), 200)], ':')
	if colon < 1 {
		return "", 0
	}
	n := bytes.Trim(line[:colon], " \t")
	if len(n) == 0 {
		return "", 0
	}
	for _, c := range n {
		if c <= ' ' || c >= 0x7f {
			return "", 0
		}
	}
	return strings.ToLower(string(n)), colon + 1
}

// bodyBegins reports whether b, whose first line is no header field, is the body already: no field that
// every mail has stands between it and the next empty line.
func bodyBegins(b []byte) bool {
	b = b[:min(len(b), 4<<10)]
	for range 20 {
		line, size := cutLine(b)
		if len(line) == 0 {
			return true
		}
		if name, _ := fieldName(line); wellKnown(name) {
			return false
		}
		b = b[size:]
	}
	return true
}

// wellKnown reports whether name is a field that mail or its parts commonly have.
func wellKnown(name string) bool {
	switch name {
	case "from", "to", "cc", "subject", "date", "message-id", "received", "mime-version", "reply-to", "sender",
		"return-path", "in-reply-to", "references", "delivered-to", "dkim-signature", "auto-submitted":
		return true
	}
	return strings.HasPrefix(name, "content-") || strings.HasPrefix(name, "x-")
}

// afterHeader is what follows the first empty line of b.
func afterHeader(b []byte) []byte {
	for {
		i := bytes.IndexByte(b, '\n')
		if i < 0 {
			return nil
		}
		b = b[i+1:]
		if line, size := cutLine(b[:min(len(b), 4)]); len(line) == 0 && size > 0 {
			return b[size:]
		}
	}
}

// unfold joins the lines of a field's value (RFC 5322 section 2.2.3). A bare CR becomes a space, so that no
// value can bring forth a line; NUL goes.
func unfold(b []byte) string {
	v := make([]byte, 0, len(b))
	for i, c := range b {
		switch {
		case c == '\n' || c == 0:
		case c == '\r' && i+1 < len(b) && (b[i+1] == '\n' || b[i+1] == '\r'):
		case c == '\r':
			v = append(v, ' ')
		default:
			v = append(v, c)
		}
	}
	return string(bytes.Trim(v, " \t"))
}

// isFromLine reports whether line is the separator line of the mbox format, perhaps quoted.
func isFromLine(line []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(line, ">"), []byte("From "))
}

// tidyStart drops what some programs leave before the first header line, and gives mail that ends its lines
// with CR alone the line ends that it was meant to have.
func tidyStart(b []byte) []byte {
	b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	b = bytes.TrimLeft(b, "\r\n")
	if bytes.IndexByte(b, '\n') < 0 && bytes.IndexByte(b, '\r') >= 0 {
		b = bytes.ReplaceAll(b, []byte("\r"), []byte("\n"))
	}
	return b
}
