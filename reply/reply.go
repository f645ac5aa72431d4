// Package reply is the way out: it composes mails from templates and hands them to SMTP. It is the only
// importer of go-mail. Nothing a sender wrote is ever put into an outgoing mail.
package reply

import (
	"encoding/json"
	"fmt"
	"time"
)

// Mail is a composed mail, ready to be kept in the outbox as JSON and sent later, byte for byte the same
// at each attempt.
type Mail struct {
	MessageID     string // without angle brackets
	Date          time.Time
	FromName      string
	From          string
	ReplyTo       string // "" when the same as From
	To            string // exactly one recipient (RFC 3834 section 3.1.3)
	EnvelopeFrom  string // where bounces go; "" for From
	Subject       string
	InReplyTo     string   // Message-ID of the mail answered, "" when it has none
	References    []string // Message-IDs, oldest first
	AutoSubmitted string   // "auto-replied" or "auto-generated" (RFC 3834 section 5); "" for a draft
	Draft         bool     // for a person to finish and send: it is never handed to SMTP
	Suppress      string   // X-Auto-Response-Suppress
	Language      string   // Content-Language
	Case          string   // opaque case reference, "" when none
	Text          string
	HTML          string
	Calendar      []byte // an iCalendar object (RFC 5545) to attach, nil for none
}

// Encode writes a mail for the outbox.
func (m Mail) Encode() ([]byte, error) {
	b, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("encoding a mail: %w", err)
	}
	return b, nil
}

// Decode reads what Encode wrote.
func Decode(b []byte) (Mail, error) {
	var m Mail
	if err := json.Unmarshal(b, &m); err != nil {
		return Mail{}, fmt.Errorf("decoding a mail: %w", err)
	}
	return m, nil
}
