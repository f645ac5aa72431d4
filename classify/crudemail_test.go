package classify_test

import (
	"bytes"
	"encoding/base64"
	"html"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"guichetdunumerique.be/guichet/classify"
)

type crude struct {
	text, htm string
	files     []classify.Attachment
	signed    bool
}

var tag = regexp.MustCompile(`(?s)<style.*?</style>|<head.*?</head>|<[^>]*>`)
var brk = regexp.MustCompile(`(?i)<(br|/p|/div|/li|/tr|p)[^>]*>`)
var quoteHead = regexp.MustCompile(`(?m)^(\s*(Le|Op|Am|On) .{5,80}(\n.{0,60})?(a écrit|schreef|schrieb|wrote).*:?\s*$|_{10,}|-{5,}.*-{3,}\s*$|(De|Van|Von|From) ?: .*@|Begin forwarded|-- ?\r?$)`)

func parseCrude(t *testing.T, raw []byte) classify.Input {
	raw = bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return classify.Input{Text: string(raw)}
	}
	c := &crude{}
	c.walk(map[string][]string(m.Header), m.Body)
	dec := &mime.WordDecoder{CharsetReader: func(cs string, r io.Reader) (io.Reader, error) {
		b, err := io.ReadAll(r)
		return strings.NewReader(toUTF8(b)), err
	}}
	subj, err := dec.DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		subj = m.Header.Get("Subject")
	}
	text := c.text
	if strings.TrimSpace(text) == "" {
		text = html.UnescapeString(tag.ReplaceAllString(brk.ReplaceAllString(c.htm, "\n"), ""))
	}
	from := m.Header.Get("From")
	if !strings.Contains(from, "@guichetdunumerique.be") {
		text = cutCrude(text)
	}
	return classify.Input{Subject: subj, Text: text, Attachments: c.files, Signed: c.signed}
}

func cutCrude(text string) string {
	if i := quoteHead.FindStringIndex(text); i != nil && strings.TrimSpace(text[:i[0]]) != "" {
		text = text[:i[0]]
	}
	var out []string
	for _, l := range strings.Split(text, "\n") {
		if !strings.HasPrefix(l, ">") {
			out = append(out, l)
		}
	}
	return strings.Join(out, "\n")
}

func toUTF8(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	r := make([]rune, len(b))
	for i, c := range b {
		r[i] = rune(c)
	}
	return string(r)
}

func (c *crude) walk(h map[string][]string, body io.Reader) {
	get := func(k string) string {
		if v := h[k]; len(v) > 0 {
			return v[0]
		}
		return ""
	}
	ct, params, err := mime.ParseMediaType(get("Content-Type"))
	if err != nil {
		ct = "text/plain"
	}
	if strings.HasPrefix(ct, "multipart/") {
		c.signed = c.signed || ct == "multipart/signed"
		mr := multipart.NewReader(body, params["boundary"])
		for {
			p, err := mr.NextRawPart()
			if err != nil {
				return
			}
			c.walk(map[string][]string(p.Header), p)
		}
	}
	switch strings.ToLower(get("Content-Transfer-Encoding")) {
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	}
	b, _ := io.ReadAll(body)
	disp, dp, _ := mime.ParseMediaType(get("Content-Disposition"))
	name := dp["filename"]
	if name == "" {
		name = params["name"]
	}
	dec := &mime.WordDecoder{}
	if n, err := dec.DecodeHeader(name); err == nil {
		name = n
	}
	switch {
	case ct == "text/plain" && name == "" && disp != "attachment":
		if c.text == "" {
			c.text = toUTF8(b)
		}
	case ct == "text/html" && name == "":
		c.htm += toUTF8(b)
	case ct == "message/rfc822":
	default:
		c.files = append(c.files, classify.Attachment{Name: name, Type: ct, Size: int64(len(b)), Inline: disp == "inline" || get("Content-Id") != ""})
	}
}
