package reply

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"strings"

	"github.com/wneessen/go-mail"
)

// Bytes is the mail as it is sent: text and HTML as multipart/alternative, quoted-printable UTF-8. The
// same Mail always gives the same bytes. An error means that it can never be sent.
func (m Mail) Bytes() ([]byte, error) {
	h, err := m.head()
	if err != nil {
		return nil, err
	}
	// A boundary made from the Message-ID is the same at every attempt and foreign to the text: quoted-
	// printable never yields a line of "--" and 40 hex digits from what we write, and ids are random.
	boundary := fmt.Sprintf("%x", sha256.Sum256([]byte("boundary "+m.MessageID)))[:40]
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent(), mail.WithEncoding(mail.EncodingQP), mail.WithBoundary(boundary))
	h.write(msg)
	msg.SetBodyString(mail.TypeTextPlain, strings.ToValidUTF8(m.Text, ""))
	if m.HTML != "" {
		msg.AddAlternativeString(mail.TypeTextHTML, strings.ToValidUTF8(m.HTML, ""))
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
