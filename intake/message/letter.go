package message

import (
	"bytes"
	"strings"
	"unicode"
)

// passage is readable text, with what its HTML said about the ranges of it.
type passage struct {
	text  string
	marks []mark
	html  bool
}

// then is p followed by q, a blank line between.
func (p passage) then(q passage) passage {
	switch {
	case strings.TrimSpace(q.text) == "":
		return p
	case strings.TrimSpace(p.text) == "":
		return q
	}
	text := strings.TrimRight(p.text, "\n") + "\n\n"
	marks := p.marks
	for _, m := range q.marks {
		m.Start, m.End = m.Start+len(text), m.End+len(text)
		marks = append(marks, m)
	}
	for i := range p.marks {
		marks[i].Start, marks[i].End = min(marks[i].Start, len(text)), min(marks[i].End, len(text))
	}
	return passage{text + q.text, marks, p.html || q.html}
}

// reader gathers what a tree of parts holds.
type reader struct {
	left        int // bytes of text that may still be kept
	notes       *notes
	attachments []Attachment
	forwarded   []Forwarded
	spare       []string // text of containers, read when there is no other
	smime       bool
	encrypted   bool
}

// letter is the text of a mail. Where the mail itself has none, its words are sought in the text files attached to
// it, since some people attach their letter, and in Outlook's container.
func (r *reader) letter(root *part) passage {
	text := r.read(root)
	if strings.TrimSpace(text.text) != "" {
		return text
	}
	root.walk(func(p *part) {
		if p.isWords() && p.isAttached() {
			text = text.then(r.words(p))
		}
	})
	for _, s := range r.spare {
		text = text.then(passage{text: shorten(cleanText(s), r.left)})
		r.left = max(0, r.left-len(s))
	}
	r.spare = nil
	return text
}

// read gives the text of p and notes the attachments in it.
func (r *reader) read(p *part) passage {
	switch {
	case p.kind == "multipart/alternative":
		return r.alternative(p)
	case p.kind == "multipart/report":
		return r.reportText(p)
	case p.isMultipart():
		return r.mixed(p)
	case p.isPKCS7() && len(p.parts) == 1:
		r.smime = true
		return r.read(p.parts[0])
	case p.isSealed() && len(p.parts) == 1:
		r.unseal(p.parts[0])
		return passage{}
	case p.isWords() && !p.isAttached():
		return r.words(p)
	case p.kind == "text/x-amp-html", p.kind == "text/watch-html":
		return passage{} // the same words once more, for certain programs
	}
	r.attach(p)
	return passage{}
}

// mixed is the text of all parts, one after the other.
func (r *reader) mixed(p *part) passage {
	if p.kind == "multipart/encrypted" {
		r.encrypted = true
	}
	var text passage
	for _, child := range p.parts {
		text = text.then(r.read(child))
	}
	return text
}

// alternative chooses between the versions of one text. Plain text is what the writer's program thought fit to
// read without layout; it is preferred unless it is missing or only a stub of the HTML.
func (r *reader) alternative(p *part) passage {
	var plain, html passage
	for _, child := range p.parts {
		switch text := r.read(child); {
		case text.html && signsIn(text.text) > signsIn(html.text):
			html = text
		case !text.html && signsIn(text.text) > signsIn(plain.text):
			plain = text
		}
	}
	if p, h := signsIn(plain.text), signsIn(html.text); p == 0 || h > 0 && isStub(plain.text) || h > 2*p+100 {
		return html
	}
	return plain
}

// isStub reports whether a plain version says no more than that the mail must be read as HTML.
func isStub(plain string) bool {
	return len(plain) < 400 && strings.Contains(strings.ToLower(plain), "html")
}

// signsIn counts what is not white space.
func signsIn(s string) (n int) {
	for _, r := range s {
		if !unicode.IsSpace(r) {
			n++
		}
	}
	return n
}

// reportText is what a report says to people: its first part (RFC 6522 section 3). The mail that it returns is not
// the sender's.
func (r *reader) reportText(p *part) passage {
	var text passage
	for _, child := range p.parts {
		switch {
		case strings.HasPrefix(child.kind, "message/"), child.kind == "text/rfc822-headers":
		default:
			text = text.then(r.read(child))
		}
	}
	return text
}

// unseal reads a mail that came within this one.
func (r *reader) unseal(inner *part) {
	f := Forwarded{
		Subject: decodeLine(inner.header.first("subject")),
		Date:    parseDate(inner.header.first("date")),
		Sealed:  true,
	}
	if from := parseAddresses(inner.header.all("from")...); len(from) > 0 {
		f.From = from[0]
	}
	at := len(r.forwarded)
	r.forwarded = append(r.forwarded, f) // before those within it
	r.forwarded[at].Text = r.letter(inner).text
}

// attach notes p as a file.
func (r *reader) attach(p *part) {
	a := p.attachment()
	switch a.Type {
	case "application/pkcs7-signature", "application/x-pkcs7-signature":
		r.smime = true
	case "application/pkcs7-mime", "application/x-pkcs7-mime":
		switch strings.ToLower(p.params["smime-type"]) {
		case "certs-only":
			r.smime = true
		case "signed-data":
			r.smime = true
			r.notes.add("what a signature holds could not be read")
		default:
			r.encrypted = true
		}
	}
	r.attachments = append(r.attachments, a)
	if a.Type == typeTNEF || strings.EqualFold(a.Name, "winmail.dat") {
		r.attachments = append(r.attachments, r.openTNEF(p)...)
	}
}

// words decodes a text part.
func (r *reader) words(p *part) passage {
	limit := r.left
	if limit <= 0 {
		r.notes.cut("the text is too long: the rest of it was left out")
		return passage{}
	}
	raw := r.decode(p, limit)
	label, isHTML := p.params["charset"], p.kind == "text/html" || p.kind == "application/xhtml+xml"
	if label == "" && isHTML {
		label = metaCharset(raw)
	}
	decoded, known := decodeCharset(raw, label)
	if !known {
		r.notes.add("the character set is unknown: the text was guessed")
	}
	text := passage{text: cleanText(decoded), html: isHTML}
	switch {
	case isHTML:
		var problem string
		text.text, text.marks, problem = htmlToText([]byte(text.text), limit)
		r.notes.add(problem)
	case p.kind == "text/enriched", p.kind == "text/richtext":
		text.text = plainOfEnriched(text.text)
	default:
		if strings.EqualFold(p.params["format"], "flowed") {
			text.text = unflow(text.text, strings.EqualFold(p.params["delsp"], "yes"))
		}
		var files []Attachment
		text.text, files = cutUU(withoutArmor(text.text))
		r.attachments = append(r.attachments, files...)
		r.encrypted = r.encrypted || strings.Contains(text.text, armorEncrypted)
	}
	if len(text.text) > limit {
		text.text = shorten(text.text, limit)
		text.marks = nil
		r.notes.cut("the text is too long: the rest of it was left out")
	}
	r.left -= len(text.text)
	return text
}

// decode undoes the transfer encoding of a text part, up to limit bytes, and says what went wrong.
func (r *reader) decode(p *part, limit int) []byte {
	encoding := p.encoding
	if encoding == "base64" && !looksBase64(p.body) {
		encoding = ""
		r.notes.add("a part is not encoded as it says")
	}
	raw, known := decodeTransfer(p.body, encoding, limit+1)
	whole := len(raw) <= limit && p.missing == 0
	if !known {
		r.notes.add("a part has an unknown transfer encoding: it was read as it stands")
	}
	if len(raw) > limit {
		raw = raw[:limit]
		r.notes.cut("the text is too long: the rest of it was left out")
	}
	if p.missing > 0 {
		r.notes.cut("the text was not fetched in full")
	}
	if !whole {
		raw = withoutCutCharacter(raw)
	}
	return raw
}

// looksBase64 reports whether a body declared as base64 can be that: plain text under a wrong declaration has
// spaces and signs within its lines.
func looksBase64(b []byte) bool {
	b = bytes.TrimSpace(b[:min(len(b), 4<<10)])
	strange := 0
	for _, c := range b {
		if base64Value[c] < 0 && c != '=' && c != '\r' && c != '\n' {
			strange++
		}
	}
	return strange*20 <= len(b)
}
