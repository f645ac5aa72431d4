package message_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"guichetdunumerique.be/guichet/intake/message"
)

// panicked is what Parse says where it had to catch a panic.
const panicked = "the mail could not be read in full"

// FuzzParse throws any bytes at Parse, as a whole mail and as the beginning of one whose parts the server
// described, and demands what the rest of the program relies on.
func FuzzParse(f *testing.F) {
	for _, raw := range []string{
		"From: \"Dupont, Jean\" <j@example.org>\r\nTo: info@example.org\r\nSubject: =?utf-8?Q?Acc=C3=A8s?=\r\nMessage-ID: <a@b>\r\n\r\nmes données\r\n",
		mail("Content-Type: multipart/alternative; boundary=b", "", "--b", "", "plain", "--b", "Content-Type: text/html", "", "<p>html<blockquote>q</blockquote>", "--b--"),
		mail("Content-Type: message/rfc822", "", "From: a@b", "Content-Type: multipart/mixed; boundary=c", "", "--c", "Content-Disposition: attachment; filename*0*=utf-8''%C3; filename*1*=%A9", "", "x"),
		mail("Content-Type: multipart/report; report-type=delivery-status; boundary=b", "Return-Path: <>", "", "--b", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; x", "", "Action: failed", "Status: 5.1.1", "--b--"),
		"Content-Type: text/plain; charset=utf-7; format=flowed; delsp=yes\n\n> +AOk-a \n> b\n-- \nc",
		"Content-Type: application/ms-tnef\nContent-Transfer-Encoding: base64\n\neJ8+IgEAAgKQBgAAAAAAAAA=",
		"Authentication-Results: mx; dkim=pass header.d=\"a b\" (x) header.i=@a; spf=fail\nReceived: by x; Thu, 5 Mar 2026 10:11:12 +0100\n\nbegin 644 a\n#86%A\n`\nend\n",
		"From a@b Thu Mar  5 10:11:12 2026\nX: y\nbad line\nSubject : z\r\r\n\xef\xbb\xbf\x00\xff\n",
	} {
		f.Add([]byte(raw), []byte("<p>texte=20"), "text/html")
	}
	limits := message.Limits{Parts: 20, Depth: 5, HeaderBytes: 4 << 10, TextBytes: 8 << 10}
	f.Fuzz(func(t *testing.T, head, body []byte, kind string) {
		size := int64(len(head))
		check(t, limits, message.Parse(message.Source{Head: head, Size: size}, limits))
		check(t, limits, message.Parse(message.Source{Head: head, Size: 2 * size, Parts: []message.Part{
			{Type: kind, Name: string(body), Encoding: kind, Size: size, Body: body, Params: map[string]string{"charset": kind}},
			{Type: "text/plain", Size: size, Body: head},
		}}, limits))
	})
}

// check demands that a message is bounded, valid UTF-8, and free of line ends where one line is expected.
func check(t *testing.T, l message.Limits, m message.Message) {
	t.Helper()
	if slices.Contains(m.Problems, panicked) {
		t.Error("a panic was caught")
	}
	if _, err := json.Marshal(m); err != nil {
		t.Errorf("the message cannot be written as JSON: %v", err)
	}
	if max := int(l.TextBytes); len(m.Text) > max || len(m.Own)+len(m.Quoted)+len(m.Signature) > 2*max {
		t.Errorf("text of %d bytes, own %d, quoted %d", len(m.Text), len(m.Own), len(m.Quoted))
	}
	if len(m.Attachments) > 100*l.Parts || len(m.Forwarded) > 10*l.Parts || len(m.Authentication) > 10 || len(m.Problems) > 25 {
		t.Errorf("%d attachments, %d forwarded, %d results, %d problems", len(m.Attachments), len(m.Forwarded), len(m.Authentication), len(m.Problems))
	}
	texts := []string{m.Text, m.Own, m.Quoted, m.Signature}
	lines := []string{m.Subject, m.MessageID, m.ReturnPath.Address, string(m.Auto.Kind), m.Auto.Reason}
	lines = append(lines, slices.Concat(m.InReplyTo, m.References, m.Problems)...)
	for _, a := range slices.Concat(m.From, m.Sender, m.ReplyTo, m.To, m.Cc) {
		lines = append(lines, a.Name, a.Address)
		if at := strings.LastIndexByte(a.Address, '@'); at < 1 || a.Address[at:] != strings.ToLower(a.Address[at:]) {
			t.Errorf("address %q", a.Address)
		}
	}
	for _, a := range m.Attachments {
		lines = append(lines, a.Name, a.Type)
		if a.Size < 0 {
			t.Errorf("an attachment of %d bytes", a.Size)
		}
	}
	for _, f := range m.Forwarded {
		texts = append(texts, f.Text)
		lines = append(lines, f.Subject, f.From.Name, f.From.Address)
	}
	if m.Form != nil {
		texts = append(texts, m.Form.Text)
		lines = append(lines, m.Form.Name, m.Form.Address, m.Form.Subject)
	}
	if m.Report != nil {
		lines = append(lines, m.Report.Action, m.Report.Status)
		lines = append(lines, m.Report.Returned...)
	}
	for _, r := range m.Authentication {
		lines = append(lines, r.Server)
		for _, method := range r.Methods {
			lines = append(lines, method.Name, method.Result)
			for k, v := range method.Props {
				lines = append(lines, k, v)
			}
		}
	}
	for _, s := range lines {
		if !utf8.ValidString(s) || strings.IndexFunc(s, unicode.IsControl) >= 0 {
			t.Errorf("%q is not one clean line", s)
		}
	}
	for _, s := range texts {
		if !utf8.ValidString(s) || strings.ContainsAny(s, "\x00\r") {
			t.Errorf("%q is not clean text", s)
		}
	}
}
