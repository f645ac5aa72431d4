package reply_test

import (
	"bytes"
	"mime"
	netmail "net/mail"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // it reads what mail programs read
	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/idna"

	"guichetdunumerique.be/guichet/reply"
)

// smuggled are strings that end a field, a line, an address, a boundary or a command somewhere, or try to.
var smuggled = []string{
	"x\r\nBcc: eve@evil.example", "x\nX-Injected: 1", "x\r\n\r\nbody", "x\rX-Injected: 1", "\r\n", "\u2028X: 1", "\u2029X: 1", "\u0085X: 1", "a\x00b", "\xff\xfe",
	"\xed\xa0\x80\xed\xb0\x80", "=?utf-8?q?=0D=0AX-Injected:_1?=", "==??utf-8?b?DQpCY2M6IHg=?=", "=?utf-8?q?=0D=0AX:_1?= é", `"quoted" <eve@evil.example>`,
	"a, b: c; d", ">\r\nX-Injected: 1", "a@b>\r\nBcc: <c@d", "jan@post.example>, <eve@evil.example", "jan@post.example> SIZE=1", "jan@post.example,eve@evil.example",
	"é\u2028x@post.example", "jan\u202e@post.example", "jan@xn--", "jan@é.example", "jan@post.example\r\nRCPT TO:<eve@evil.example>", "ligne\r\n.\r\nQUIT\r\n",
	"--boundary--", "\u202eright to left", strings.Repeat("é", 500), strings.Repeat("x", 8<<10), strings.Repeat(" ", 500), strings.Repeat("a@b ", 300),
	strings.Repeat("x\r\n ", 2000), "@", "a@b", "<a@b>", "a b@c", "()@x", "\x7f", "\t\v\f",
}

// places are what a mail is made of, each as a way to put a string there.
var places = map[string]func(m *reply.Mail, s string){
	"id":          func(m *reply.Mail, s string) { m.MessageID = s },
	"name":        func(m *reply.Mail, s string) { m.FromName = s },
	"from":        func(m *reply.Mail, s string) { m.From = s },
	"reply-to":    func(m *reply.Mail, s string) { m.ReplyTo = s },
	"to":          func(m *reply.Mail, s string) { m.To = s },
	"envelope":    func(m *reply.Mail, s string) { m.EnvelopeFrom = s },
	"subject":     func(m *reply.Mail, s string) { m.Subject = s },
	"in-reply-to": func(m *reply.Mail, s string) { m.InReplyTo = s },
	"references":  func(m *reply.Mail, s string) { m.References = []string{"first@post.example", s} },
	"auto":        func(m *reply.Mail, s string) { m.AutoSubmitted = s },
	"suppress":    func(m *reply.Mail, s string) { m.Suppress = s },
	"language":    func(m *reply.Mail, s string) { m.Language = s },
	"case":        func(m *reply.Mail, s string) { m.Case = s },
	"text":        func(m *reply.Mail, s string) { m.Text = s },
	"html":        func(m *reply.Mail, s string) { m.HTML = s },
	"calendar":    func(m *reply.Mail, s string) { m.Calendar = append(bytes.Clone(m.Calendar), s...) },
}

// plainMail is a mail with something in every place.
func plainMail() reply.Mail {
	return reply.Mail{
		MessageID: "ack.1@desk.example", Date: time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC), FromName: "Guichet", From: "info@desk.example",
		ReplyTo: "desk@desk.example", To: "jan@post.example", EnvelopeFrom: "bounce@desk.example", Subject: "Auto: GDN-2026-0007",
		InReplyTo: "request@post.example", References: []string{"first@post.example", "request@post.example"}, AutoSubmitted: "auto-replied",
		Suppress: "OOF, AutoReply", Language: "fr", Case: "GDN-2026-0007", Text: "Bonjour", HTML: "<p>Bonjour</p>",
		Calendar: []byte("BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"),
	}
}

// FuzzMail puts a string into each place of a mail. What comes out is refused, or says what was meant.
func FuzzMail(f *testing.F) {
	for _, s := range smuggled {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for place, put := range places {
			m := plainMail()
			put(&m, s)
			if raw, err := m.Bytes(); err == nil {
				saysWhatWasMeant(t, place, m, raw)
			}
		}
	})
}

// fataler is a test, or a run of one by rapid.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// shown is what a person should see of words: all of them, in one line, none of them decoded again.
func shown(s string) string {
	s = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, ""), func(r rune) bool {
		return r == ' ' || unicode.IsControl(r) || r == '\u2028' || r == '\u2029'
	}), " ")
	return strings.ReplaceAll(s, "=?", "= ?")
}

// listed are ids as a field lists them.
func listed(ids ...string) string {
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return id == "" })
	if len(ids) == 0 {
		return ""
	}
	return "<" + strings.Join(ids, "> <") + ">"
}

// fields are all that a mail must have and no more, the subject decoded, "?" for a value that is not compared.
func fields(m reply.Mail) map[string]string {
	want := map[string]string{
		"Auto-Submitted": m.AutoSubmitted, "Content-Type": "?", "Date": m.Date.Format(time.RFC1123Z), "Mime-Version": "1.0", "From": "?", "To": "?",
		"Message-Id": listed(m.MessageID), "Subject": shown(m.Subject), "In-Reply-To": listed(m.InReplyTo), "References": listed(m.References...),
		"X-Auto-Response-Suppress": m.Suppress, "Content-Language": m.Language, "X-Case-Ref": m.Case,
	}
	if m.ReplyTo != m.From && m.ReplyTo != "" {
		want["Reply-To"] = "?"
	}
	if m.HTML == "" {
		want["Content-Transfer-Encoding"] = "quoted-printable"
	}
	for name, value := range want {
		if value == "" {
			delete(want, name)
		}
	}
	return want
}

// saysWhatWasMeant reads a mail as mail programs do, twice, and compares it with what it was made of.
func saysWhatWasMeant(t fataler, place string, m reply.Mail, raw []byte) {
	t.Helper()
	msg, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("%s: %v in\n%s", place, err, raw)
	}
	want := fields(m)
	got := map[string]string{}
	for name, values := range msg.Header {
		if len(values) != 1 {
			t.Fatalf("%s: %d fields %s", place, len(values), name)
		}
		got[name] = values[0]
		if want[name] == "?" {
			got[name] = "?"
		}
	}
	if got["Subject"], err = new(mime.WordDecoder).DecodeHeader(got["Subject"]); err != nil {
		t.Fatalf("%s: %v", place, err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("%s: %s\n%s", place, diff, raw)
	}
	oneAddress(t, place, "From", msg.Header.Get("From"), shown(strings.ReplaceAll(m.FromName, `\`, "")), m.From)
	oneAddress(t, place, "To", msg.Header.Get("To"), "", m.To)
	if want["Reply-To"] != "" {
		oneAddress(t, place, "Reply-To", msg.Header.Get("Reply-To"), "", m.ReplyTo)
	}
	other, err := message.Read(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("%s: %v", place, err)
	}
	count := 0
	for all := other.Header.Fields(); all.Next(); count++ {
	}
	if subject, err := other.Header.Text("Subject"); err != nil || subject != shown(m.Subject) || count != len(want) {
		t.Fatalf("%s: go-message reads %d fields, subject %q, %v", place, count, subject, err)
	}
	onlyLines(t, place, m, raw)
}

// oneAddress checks the only address of a field. Its domain may be written in ASCII.
func oneAddress(t fataler, place, field, value, name, address string) {
	t.Helper()
	list, err := netmail.ParseAddressList(value)
	if err != nil || len(list) != 1 || list[0].Name != name {
		t.Fatalf("%s: %s is %q, want one address of %q (%v)", place, field, value, name, err)
	}
	if got := list[0].Address; got != onTheWire(address) {
		t.Fatalf("%s: %s is %q, want %q", place, field, got, address)
	}
}

// onTheWire is an address with its domain in ASCII (RFC 5891).
func onTheWire(address string) string {
	at := strings.LastIndexByte(address, '@')
	if !strings.ContainsFunc(address[at:], beyondASCII) {
		return address
	}
	domain, _ := idna.Lookup.ToASCII(address[at+1:]) // one that has none is not what was written
	return address[:at+1] + domain
}

func beyondASCII(r rune) bool { return r > unicode.MaxASCII }

// path is what SMTP may be told of a person: one address.
var path = regexp.MustCompile(`^<[^<>,;:"()\\\pZ\pC]+@[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?>$`)

// onlyLines checks the bytes themselves: ASCII in lines that every server takes, and an envelope of one sender
// and one recipient.
func onlyLines(t fataler, place string, m reply.Mail, raw []byte) {
	t.Helper()
	international := strings.ContainsFunc(onTheWire(m.From)+onTheWire(m.To)+onTheWire(m.ReplyTo+"@"), beyondASCII)
	for line := range bytes.SplitSeq(bytes.TrimSuffix(raw, []byte("\r\n")), []byte("\r\n")) {
		if len(line) > 998 || bytes.ContainsAny(line, "\r\n\x00") || !international && bytes.ContainsFunc(line, beyondASCII) {
			t.Fatalf("%s: a line of %d bytes: %q", place, len(line), line)
		}
	}
	from, to, err := reply.Envelope(m)
	if err != nil {
		return // it is not sent
	}
	if !path.MatchString(from) || !path.MatchString(to) || to != "<"+onTheWire(m.To)+">" {
		t.Fatalf("%s: the envelope is %q to %q", place, from, to)
	}
}

// TestNoMailSpeaksACommandOfItsOwn sends every mail that is not refused, and listens to what SMTP is told.
func TestNoMailSpeaksACommandOfItsOwn(t *testing.T) {
	command := regexp.MustCompile(`^(EHLO desk\.example|MAIL FROM:<[^<> ]+>( BODY=8BITMIME)?|RCPT TO:<[^<> ]+>|DATA|RSET|NOOP|QUIT)$`)
	for place, put := range places {
		synctest.Test(t, func(t *testing.T) {
			server := (&script{offers: []string{"8BITMIME"}}).start()
			defer server.stop()
			sender := towards(t, server)
			sent := 0
			for _, s := range smuggled {
				m := plainMail()
				put(&m, s)
				if sender.Send(t.Context(), m) == nil {
					sent++
				}
			}
			if err := sender.Close(); err != nil {
				t.Fatal(err)
			}
			for _, said := range server.said("") {
				if !command.MatchString(said) {
					t.Errorf("%s: the server was told %q", place, said)
				}
			}
			if mails, recipients := len(server.said("MAIL ")), len(server.said("RCPT ")); mails != sent || recipients != sent {
				t.Errorf("%s: %d mails left in %d transactions to %d recipients", place, sent, mails, recipients)
			}
		})
	}
}
