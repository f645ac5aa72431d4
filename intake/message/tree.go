package message

import (
	"bytes"
	"fmt"
	"strings"
)

// treeBuilder cuts a mail into its parts, within limits. Each level of nesting looks at each byte a constant number
// of times, and levels are limited: the time is linear whatever the boundaries say.
type treeBuilder struct {
	limits Limits
	count  int // parts seen
	notes  *notes
}

// build reads the part that raw holds, header and body. open tells that raw may go on beyond what was read.
func (t *treeBuilder) build(raw []byte, kind string, depth int, open bool) *part {
	h, body, cut := splitHeader(raw, t.limits.HeaderBytes)
	if cut {
		t.notes.add("a header is too long: the rest of it was left out")
	}
	return t.grow(h, body, kind, depth, open)
}

// grow makes the part with that header and body, and what is in it.
func (t *treeBuilder) grow(h header, body []byte, kind string, depth int, open bool) *part {
	p := newPart(h, kind)
	p.body, p.open = body, open
	t.count++
	switch {
	case p.isPKCS7():
		t.open(p, depth)
	case !p.isMultipart() && !p.isSealed():
	case depth >= t.limits.Depth:
		t.notes.cut(fmt.Sprintf("parts nested deeper than %d levels were not read", t.limits.Depth))
	case p.isSealed():
		t.unseal(p, depth)
	default:
		t.split(p, depth)
	}
	return p
}

// unseal reads the mail within a message/rfc822 part. Some programs encode it, which RFC 2046 section 5.2.1 forbids.
func (t *treeBuilder) unseal(p *part, depth int) {
	raw := tidyStart(p.body)
	if line, _ := cutLine(raw); !knownEncoding(p.encoding) && bytes.IndexByte(line, ':') < 0 {
		raw, _ = decodeTransfer(p.body, p.encoding, len(p.body))
		raw = tidyStart(raw)
	}
	if len(raw) > 0 {
		p.parts = []*part{t.build(raw, "text/plain", depth+1, p.open)}
	}
}

// open reads the mail within an opaque S/MIME signature. What is encrypted stays as it is.
func (t *treeBuilder) open(p *part, depth int) {
	raw, _ := decodeTransfer(p.body, p.encoding, len(p.body))
	if content := signedContent(raw); content != nil && depth < t.limits.Depth {
		p.parts = []*part{t.build(content, "text/plain", depth+1, p.open)}
	}
}

// split cuts a multipart. One without any delimiter is read as text: better too many words than none.
func (t *treeBuilder) split(p *part, depth int) {
	raws, closed := t.cutParts(p)
	if len(raws) == 0 {
		if len(bytes.TrimSpace(p.body)) > 0 {
			t.notes.add("a multipart has no parts: it was read as text")
		}
		p.parts = []*part{{kind: "text/plain", params: p.params, encoding: p.encoding, body: p.body, open: p.open}}
		return
	}
	p.open = p.open && !closed
	if !closed && !p.open {
		t.notes.add("a multipart has no end")
	}
	kind := "text/plain"
	if p.kind == "multipart/digest" {
		kind = "message/rfc822"
	}
	for i, raw := range raws {
		if t.count >= t.limits.Parts {
			t.tooMany()
			return
		}
		last := i == len(raws)-1
		p.parts = append(p.parts, t.build(raw, kind, depth+1, p.open && last))
	}
}

func (t *treeBuilder) tooMany() {
	t.notes.cut(fmt.Sprintf("parts beyond the first %d were not read", t.limits.Parts))
}

// cutParts finds the parts of a multipart by its declared boundary, or by one that its body shows. A multipart must
// not be encoded (RFC 2045 section 6.4), but some are.
func (t *treeBuilder) cutParts(p *part) (raws [][]byte, closed bool) {
	max := t.limits.Parts - t.count + 1 // one more, to see that there are too many
	bodies := [][]byte{p.body}
	if !knownEncoding(p.encoding) {
		decoded, _ := decodeTransfer(p.body, p.encoding, len(p.body))
		bodies = append(bodies, decoded)
	}
	for _, body := range bodies {
		for _, boundary := range []string{strings.TrimRight(p.params["boundary"], " "), guessBoundary(body)} {
			if boundary == "" {
				continue
			}
			if raws, closed = splitMultipart(body, boundary, max); len(raws) > 0 {
				return raws, closed
			}
		}
	}
	return nil, false
}

// splitMultipart gives at most limit of the parts between the delimiter lines of a boundary (RFC 2046 section 5.1.1).
// closed tells that the last delimiter was seen, or that there were more parts.
func splitMultipart(body []byte, boundary string, limit int) (parts [][]byte, closed bool) {
	delimiter := []byte("--" + boundary)
	start := -1 // of the part being read
	for at := 0; at < len(body); {
		i := bytes.Index(body[at:], delimiter)
		if i < 0 {
			break
		}
		i += at
		at = i + len(delimiter)
		if i > 0 && body[i-1] != '\n' {
			continue
		}
		line, size := cutLine(body[i:])
		tail := line[min(len(delimiter), len(line)):]
		last := bytes.HasPrefix(tail, []byte("--"))
		if !last && len(bytes.Trim(tail, " \t")) > 0 {
			continue
		}
		if start >= 0 {
			parts = append(parts, trimLineEnd(body[start:i]))
		}
		if last || len(parts) >= limit {
			return parts, true
		}
		start = i + size
		at = start
	}
	if start >= 0 {
		parts = append(parts, body[min(start, len(body)):])
	}
	return parts, false
}

// trimLineEnd drops the one line end that belongs to the delimiter after it.
func trimLineEnd(b []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(b, []byte("\n")), []byte("\r"))
}

// guessBoundary is the boundary of a body whose first line of text is a delimiter, for a header that lost it.
func guessBoundary(body []byte) string {
	body = bytes.TrimLeft(body[:min(len(body), 64<<10)], "\r\n \t")
	for range 20 { // a preamble may come first
		line, size := cutLine(body)
		line = bytes.TrimRight(line, " \t")
		if len(line) > 2 && len(line) <= 200 && bytes.HasPrefix(line, []byte("--")) && !bytes.ContainsAny(line, " \t") {
			if name, _ := fieldName(firstFull(body[size:])); strings.HasPrefix(name, "content-") {
				return string(line[2:])
			}
		}
		body = body[size:]
	}
	return ""
}

// firstFull is the first line of b.
func firstFull(b []byte) []byte {
	line, _ := cutLine(b)
	return line
}
