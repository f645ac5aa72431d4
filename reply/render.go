package reply

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	netmail "net/mail"
	"regexp"
	"strings"
	"unicode"

	"github.com/wneessen/go-mail"
)

// token is what the fields that only ever hold our own words may consist of.
var token = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9, -]{0,60}$`)

// maxPhrase bounds the subject and the sender's name in bytes: a word that long still fits a line of 998
// (RFC 5322 section 2.1.1).
const maxPhrase = 500

// Bytes is the mail as it is sent: text and HTML as multipart/alternative, quoted-printable UTF-8. The
// same Mail always gives the same bytes. An error means that it can never be sent.
func (m Mail) Bytes() ([]byte, error) {
	from, to, replyTo, err := m.addresses()
	if err != nil {
		return nil, err
	}
	if err := m.check(); err != nil {
		return nil, err
	}
	// A boundary made from the Message-ID is the same at every attempt and foreign to the text: quoted-
	// printable never yields a line of "--" and 40 hex digits from what we write, and ids are random.
	boundary := fmt.Sprintf("%x", sha256.Sum256([]byte("boundary "+m.MessageID)))[:40]
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent(), mail.WithEncoding(mail.EncodingQP), mail.WithBoundary(boundary))
	msg.SetDateWithValue(m.Date)
	msg.SetMessageIDWithValue(m.MessageID)
	msg.FromMailAddress(&netmail.Address{Name: oneLine(m.FromName), Address: from})
	msg.ToMailAddress(&netmail.Address{Address: to})
	if replyTo != "" && replyTo != from {
		msg.ReplyToMailAddress(&netmail.Address{Address: replyTo})
	}
	msg.Subject(oneLine(m.Subject))
	for _, field := range []struct {
		name  mail.Header
		value string
	}{
		{"Auto-Submitted", m.AutoSubmitted},
		{mail.HeaderXAutoResponseSuppress, m.Suppress},
		{mail.HeaderContentLang, m.Language},
		{"X-Case-Ref", m.Case},
		{mail.HeaderInReplyTo, bracketed(m.InReplyTo)},
		{mail.HeaderReferences, bracketed(m.References...)},
	} {
		if field.value != "" {
			msg.SetGenHeader(field.name, field.value)
		}
	}
	msg.SetBodyString(mail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(mail.TypeTextHTML, m.HTML)
	}
	var b bytes.Buffer
	if _, err := msg.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("rendering a mail: %w", err)
	}
	if len(m.Calendar) > 0 {
		return withCalendar(b.Bytes(), boundary, m)
	}
	return b.Bytes(), nil
}

// WriteTo writes what Bytes returns.
func (m Mail) WriteTo(w io.Writer) (int64, error) {
	b, err := m.Bytes()
	if err != nil {
		return 0, err
	}
	n, err := w.Write(b)
	return int64(n), err
}

// check refuses what no composer makes, so that a damaged outbox cannot add fields to a mail.
func (m Mail) check() error {
	if !validID(m.MessageID) {
		return fmt.Errorf("checking a mail: its Message-ID is not valid")
	}
	for _, id := range append([]string{m.InReplyTo}, m.References...) {
		if id != "" && !validID(id) {
			return fmt.Errorf("checking a mail: it refers to an id that is not valid")
		}
	}
	if m.Draft && m.AutoSubmitted != "" {
		return fmt.Errorf("checking a mail: a draft says that it is automatic")
	}
	if !m.Draft && m.AutoSubmitted != "auto-replied" && m.AutoSubmitted != "auto-generated" {
		return fmt.Errorf("checking a mail: it does not say that it is automatic")
	}
	for _, s := range []string{m.Suppress, m.Language, m.Case} {
		if s != "" && !token.MatchString(s) {
			return fmt.Errorf("checking a mail: a field holds what it must not")
		}
	}
	if len(m.Calendar) > 0 && (m.Case == "" || calendarMethod(m.Calendar) == "") {
		return fmt.Errorf("checking a mail: its calendar entry is none, or of no case")
	}
	if m.Subject == "" || len(m.Subject) > maxPhrase || len(m.FromName) > maxPhrase {
		return fmt.Errorf("checking a mail: it has no subject, or a line of its head is too long")
	}
	if y := m.Date.Year(); y < 1970 || y > 9999 {
		return fmt.Errorf("checking a mail: it has no date")
	}
	return nil
}

// bracketed writes ids for a field.
func bracketed(ids ...string) string {
	var b strings.Builder
	for _, id := range ids {
		if id != "" {
			b.WriteString(" <" + id + ">")
		}
	}
	return strings.TrimPrefix(b.String(), " ")
}

// oneLine turns controls and every run of spaces into one space.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, ""), func(r rune) bool {
		return unicode.IsControl(r) || r == ' ' || r == '\u2028' || r == '\u2029'
	}), " ")
}
