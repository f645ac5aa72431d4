package reply_test

import (
	"bytes"
	"mime"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/reply"
)

// hostile draws strings that try to end a field, beside ordinary ones.
func hostile() *rapid.Generator[string] {
	return rapid.OneOf(rapid.String(), rapid.StringN(0, 300, -1), rapid.SampledFrom(smuggled), rapid.SampledFrom([]string{
		"", " ", "jan@post.example", "ack.1@post.example", "auto-replied", "fr",
	}))
}

// either draws what a composer would write, or now and then something hostile: a mail with one bad field
// goes further than one with ten.
func either(usual string) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		if rapid.IntRange(0, 9).Draw(t, "luck") < 9 {
			return usual
		}
		return hostile().Draw(t, "hostile")
	})
}

func anyMail(t *rapid.T) reply.Mail {
	return reply.Mail{
		MessageID: either("ack.1@desk.example").Draw(t, "id"), Date: time.Unix(rapid.Int64Range(0, 1<<36).Draw(t, "date"), 0).UTC(),
		FromName: hostile().Draw(t, "name"), From: either("info@desk.example").Draw(t, "from"),
		ReplyTo: either("").Draw(t, "reply-to"), To: either("jan@post.example").Draw(t, "to"), EnvelopeFrom: hostile().Draw(t, "envelope"),
		Subject: hostile().Draw(t, "subject"), InReplyTo: either("").Draw(t, "in-reply-to"),
		References:    rapid.SliceOfN(either("first@post.example"), 0, 4).Draw(t, "references"),
		AutoSubmitted: either("auto-replied").Draw(t, "auto"), Suppress: either("All").Draw(t, "suppress"),
		Language: either("fr").Draw(t, "language"), Case: either("GDN-2026-0007").Draw(t, "case"),
		Text: hostile().Draw(t, "text"), HTML: either("<p>hello</p>").Draw(t, "html"),
	}
}

func TestNoStringInAnyFieldAddsAField(t *testing.T) {
	var rendered int
	rapid.Check(t, func(t *rapid.T) {
		m := anyMail(t)
		raw, err := m.Bytes()
		if err != nil {
			return // refused is as good
		}
		rendered++
		saysWhatWasMeant(t, "all", m, raw)
	})
	if rendered < 10 {
		t.Errorf("only %d mails were rendered: little was tested", rendered)
	}
}

func TestAMailIsTheSameBytesAtEachAttempt(t *testing.T) {
	m := acknowledgement(t)
	first, err := m.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	payload, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		again, err := reply.Decode(payload)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if n, err := again.WriteTo(&b); err != nil || n != int64(b.Len()) || !bytes.Equal(b.Bytes(), first) {
			t.Fatalf("%d bytes written, %v", n, err)
		}
	}
}

func TestADamagedPayloadIsAnError(t *testing.T) {
	if _, err := reply.Decode([]byte(`{"To": 7}`)); err == nil {
		t.Error("it was taken for a mail")
	}
}

func TestALongSubjectSurvives(t *testing.T) {
	m := acknowledgement(t)
	m.Subject = "Auto: GDN-2026-0007 – " + strings.Repeat("accusé de réception à l’été ", 12) + "fin"
	raw, err := m.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	msg, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := new(mime.WordDecoder).DecodeHeader(msg.Header.Get("Subject")); err != nil || got != m.Subject {
		t.Errorf("got %q, %v", got, err)
	}
	for line := range strings.Lines(string(raw)) {
		if len(line) > 78 {
			t.Errorf("a line of %d bytes: %s", len(line), line)
		}
	}
}

func TestAMailHasNoFieldOfAListAndNoOtherRecipient(t *testing.T) {
	m := acknowledgement(t)
	raw, err := m.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(strings.ToLower(string(raw)), "\r\n\r\n")
	for _, field := range []string{"list-", "precedence:", "cc:", "bcc:", "disposition-notification-to:", "user-agent:", "x-mailer:"} {
		if strings.Contains(head, "\r\n"+field) || strings.HasPrefix(head, field) {
			t.Errorf("the mail has a field %s", field)
		}
	}
}

func TestTheThreadIsTakenOverAsFarAsItIsValid(t *testing.T) {
	var long []string
	for i := range 60 {
		long = append(long, strings.Repeat("i", i+1)+"@post.example")
	}
	for _, c := range []struct {
		why        string
		parent     string
		references []string
		inReplyTo  string
		want       []string
	}{
		{"the parent comes last", "b@x", []string{"a@x"}, "b@x", []string{"a@x", "b@x"}},
		{"brackets are taken off", "<b@x>", []string{" <a@x> "}, "b@x", []string{"a@x", "b@x"}},
		{"no parent, no thread", "", []string{"a@x"}, "", nil},
		{"a parent that is no id", "b", []string{"a@x"}, "", nil},
		{"a parent that ends the line", "b@x\r\nBcc: eve@x", nil, "", nil},
		{"ids that are none are dropped", "b@x", []string{"a", "a b@x", "a@x>\r\n<c@x", "é@x", "@x", "a@", strings.Repeat("a", 900) + "@x"}, "b@x", []string{"b@x"}},
		{"each once, the parent last", "b@x", []string{"b@x", "a@x", "a@x"}, "b@x", []string{"a@x", "b@x"}},
		{"a long thread keeps its first and its latest", "b@x", long, "b@x", slices.Concat(long[:1], long[60-18:], []string{"b@x"})},
	} {
		a := request("fr", cases.IdentityMissing, cases.Access)
		a.ParentID, a.ParentReferences = c.parent, c.references
		m, err := newComposer(t, nil).Acknowledge(a)
		if err != nil {
			t.Fatal(err)
		}
		if m.InReplyTo != c.inReplyTo || !slices.Equal(m.References, c.want) {
			t.Errorf("%s: got %q and %q", c.why, m.InReplyTo, m.References)
		}
		if _, err := m.Bytes(); err != nil {
			t.Errorf("%s: %v", c.why, err)
		}
	}
}
