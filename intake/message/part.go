package message

import "strings"

// part is a node of the MIME tree. Its body is encoded as it came.
type part struct {
	header      header
	kind        string // media type as declared, lower case; the default of its place when none is
	params      map[string]string
	disposition string
	name        string // decoded file name
	contentID   string
	encoding    string
	body        []byte
	missing     int64   // bytes of the body that were not read
	parts       []*part // of a multipart; of a message/rfc822 the one mail in it
	open        bool    // its end was not seen
}

// newPart reads the MIME fields of a header. kind is the media type where none is declared.
func newPart(h header, kind string) *part {
	p := &part{header: h, kind: kind, encoding: normalEncoding(h.first("content-transfer-encoding"))}
	declared, params := parseParams(h.first("content-type"))
	p.params = params
	var named map[string]string
	p.disposition, named = parseParams(h.first("content-disposition"))
	for _, name := range []string{named["filename"], params["name"], named["name"], params["filename"]} {
		if p.name == "" {
			p.name = cleanFileName(name)
		}
	}
	p.contentID = parseID(h.first("content-id"))
	switch {
	case isMediaType(declared):
		p.kind = declared
	case p.isAttached():
		p.kind = mediaTypeOf(p.name, "")
	case strings.Contains(declared, "html"):
		p.kind = "text/html"
	}
	return p
}

// isMediaType reports whether s is a type and a subtype.
func isMediaType(s string) bool {
	kind, subtype, ok := strings.Cut(s, "/")
	strange := func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune(`<>@,;:\"[]?=`, r) }
	return ok && kind != "" && subtype != "" && len(s) < 128 && !strings.Contains(subtype, "/") && strings.IndexFunc(s, strange) < 0
}

// isMultipart reports whether p is made of parts.
func (p *part) isMultipart() bool { return strings.HasPrefix(p.kind, "multipart/") }

// isSealed reports whether p is a whole mail.
func (p *part) isSealed() bool {
	return p.kind == "message/rfc822" || p.kind == "message/global" || p.kind == "message/news"
}

// isWords reports whether p is text to be read, unless it is attached.
func (p *part) isWords() bool {
	switch p.kind {
	case "text/plain", "text/html", "text/enriched", "text/richtext", "application/xhtml+xml", "text/markdown":
		return true
	}
	return false
}

// isAttached reports whether p was attached as a file.
func (p *part) isAttached() bool { return p.disposition == "attachment" || p.name != "" }

// attachment is what is known of p as a file.
func (p *part) attachment() Attachment {
	return Attachment{
		Name:   p.name,
		Type:   mediaTypeOf(p.name, p.kind),
		Size:   p.size(),
		Inline: p.disposition == "inline" || p.contentID != "" && p.disposition != "attachment",
	}
}

// size is how many bytes p holds when decoded. What was not read is estimated; base64 is then taken to have lines
// of 76 characters.
func (p *part) size() int64 {
	missing := p.missing
	if p.encoding == "base64" {
		missing = missing * 57 / 78
	}
	return decodedSize(p.body, p.encoding) + missing
}

// walk calls visit for p and what is in it, in order, but does not enter a sealed mail.
func (p *part) walk(visit func(*part)) {
	visit(p)
	if p.isSealed() {
		return
	}
	for _, child := range p.parts {
		child.walk(visit)
	}
}
