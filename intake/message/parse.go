package message

import (
	"strings"
	"time"
)

// Parse reads a mail. It never fails: what could not be read is said in Problems. Time and memory are bounded by
// the limits and linear in the bytes of the source.
func Parse(s Source, l Limits) (m Message) {
	defer func() {
		// The parsers of others (HTML, character sets) stand in the way too. A panic of theirs must cost one mail
		// its details, never the mailbox its reader.
		if recover() != nil {
			m.Problems = append(m.Problems, "the mail could not be read in full")
			m.Truncated = true
		}
	}()
	l = l.orDefaults()
	m.Size = s.Size
	m.Fingerprint = fingerprint(s.Head)

	var n notes
	h, body := readTop(tidyStart(s.Head), l, &n)
	readHeader(&m, h)

	short := int64(len(s.Head)) < s.Size
	if short && body == nil {
		n.add("the header is longer than what was read of it")
	}
	tree := treeBuilder{limits: l, notes: &n}
	root := tree.grow(h, body, "text/plain", 0, short)
	switch {
	case short && s.Parts != nil:
		root = tree.complete(root, s.Parts)
	case short:
		lastLeaf(root).missing = s.Size - int64(len(s.Head))
		n.cut("only the beginning of the mail was read")
	}
	readBody(&m, root, l, &n)
	m.Report = readReport(root)
	judge(&m, h, root)

	m.Problems, m.Truncated = n.problems, n.truncated
	return m
}

// readTop cuts the mail into header and body.
func readTop(b []byte, l Limits, n *notes) (header, []byte) {
	h, body, cut := splitHeader(b, l.HeaderBytes)
	if cut {
		n.add("a header is too long: the rest of it was left out")
	}
	if len(h) == 0 {
		n.add("the mail has no header")
	}
	return h, body
}

// readHeader fills in what the header says.
func readHeader(m *Message, h header) {
	m.MessageID = parseID(h.first("message-id"))
	m.InReplyTo = parseIDs(h.all("in-reply-to")...)
	m.References = parseIDs(h.all("references")...)

	m.From = parseAddresses(h.all("from")...)
	m.Sender = parseAddresses(h.all("sender")...)
	m.ReplyTo = parseAddresses(h.all("reply-to")...)
	m.To = parseAddresses(h.all("to", "resent-to")...)
	m.Cc = parseAddresses(h.all("cc", "resent-cc")...)
	m.ReturnPath = parseReturnPath(h)

	m.Subject = decodeLine(h.first("subject"))
	m.Date = parseDate(h.first("date"))
	m.Received = receivedDate(h)
	m.AutoSuppress = suppressesAnswers(h)
	m.Junk = isJunk(h)
	m.Authentication = parseAuthentication(h.all("authentication-results"))
}

// parseReturnPath reads the topmost Return-Path, the one that our own server wrote.
func parseReturnPath(h header) ReturnPath {
	v := strings.TrimSpace(withoutComments(h.first("return-path")))
	if v == "" {
		return ReturnPath{}
	}
	if strings.ReplaceAll(v, " ", "") == "<>" {
		return ReturnPath{Present: true, Null: true}
	}
	rp := ReturnPath{Present: true}
	if list := parseAddresses(v); len(list) > 0 {
		rp.Address = list[0].Address
	}
	return rp
}

// receivedDate is the date at the end of the topmost Received field (RFC 5321 section 4.4).
func receivedDate(h header) time.Time {
	v := h.first("received")
	return parseDate(v[strings.LastIndexByte(v, ';')+1:])
}

// readBody fills in what the parts hold.
func readBody(m *Message, root *part, l Limits, n *notes) {
	r := reader{left: int(l.TextBytes), notes: n}
	letter := r.letter(root)
	m.Text = letter.text
	w := splitOwn(letter.text, letter.marks)
	m.Own, m.Quoted, m.Signature, m.OnlyQuote = w.Own, w.Quoted, w.Signature, w.OnlyQuote
	m.Forwarded = append(r.forwarded, forwardedText(m.Subject, letter.text)...)
	if m.Form = readForm(letter.text); m.Form == nil && len(m.Forwarded) > 0 {
		m.Form = readForm(m.Forwarded[0].Text) // a colleague hands the form on
	}
	m.Attachments = r.attachments
	m.SMIME = r.smime
	m.Encrypted = r.encrypted
}

// lastLeaf is the part that the end of what was read lies in.
func lastLeaf(p *part) *part {
	for len(p.parts) > 0 {
		p = p.parts[len(p.parts)-1]
	}
	return p
}
