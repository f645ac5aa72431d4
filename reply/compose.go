package reply

import (
	"crypto/rand"
	"encoding/base32"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/templates"
)

// Config is what a desk's mails have in common.
type Config struct {
	Name          string // of the desk, as clients know it
	Address       string // of the desk: From, where answers arrive
	Bounce        string // envelope sender, where delivery failures arrive; "" for Address
	PolicyURL     string // published data protection policy, "" for none
	Letters       *templates.Set
	StaffLanguage string         // of mails to staff
	Zone          *time.Location // where days begin and end; nil for UTC
	Random        io.Reader      // of Message-IDs; nil for crypto/rand
}

// Composer writes the mails of a desk. It is safe for concurrent use if Config.Random is.
type Composer struct{ config Config }

// NewComposer prepares a composer.
func NewComposer(c Config) *Composer {
	if c.Zone == nil {
		c.Zone = time.UTC
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	return &Composer{config: c}
}

// Acknowledgement is what the answer to a new case is made of. Of what the client wrote it takes the
// address and the Message-IDs, nothing else.
type Acknowledgement struct {
	Case             cases.Case
	ParentID         string   // Message-ID of the request, "" when it has none
	ParentReferences []string // the request's References, or its only In-Reply-To
	IdentityAsked    bool     // the published policy asks for a proof of identity
	Now              time.Time
}

// Acknowledge composes the automatic acknowledgement of a case. It neither says whether data of the
// person are held nor promises a result.
func (c *Composer) Acknowledge(a Acknowledgement) (Mail, error) {
	data := templates.Acknowledgement{
		Reference: a.Case.Reference.String(), Desk: c.config.Name, Address: c.config.Address,
		Received: a.Case.Received.In(c.config.Zone), Due: a.Case.Due.In(c.config.Zone),
		AccessFirst: slices.Contains(a.Case.Rights, cases.Access) && slices.Contains(a.Case.Rights, cases.Erasure),
		PolicyURL:   c.config.PolicyURL,
	}
	if a.Case.Received.IsZero() || a.Case.Due.IsZero() || data.Reference == "" {
		return Mail{}, fmt.Errorf("composing an acknowledgement: the case has no reference or dates")
	}
	for _, r := range a.Case.Rights {
		data.Rights = append(data.Rights, string(r))
	}
	if a.IdentityAsked {
		data.Identity = identityLine(a.Case.Identity)
	}
	m, err := c.compose(templates.NameAcknowledgement, a.Case.Language, data)
	if err != nil {
		return Mail{}, err
	}
	m.To, m.Date, m.Case = a.Case.Requester.Address, a.Now.UTC(), data.Reference
	m.InReplyTo, m.References = thread(a.ParentID, a.ParentReferences)
	m.AutoSubmitted = "auto-replied"
	// Reports of non-delivery (DR, NDR) stay allowed: staff must learn that it did not arrive.
	m.Suppress = "OOF, AutoReply, RN, NRN"
	m.MessageID, err = c.messageID("ack")
	return m, err
}

// identityLine is the paragraph that a state of identity calls for. Who declined to send a proof is not
// asked again by a program.
func identityLine(i cases.Identity) string {
	switch i {
	case cases.IdentityMissing, cases.IdentityAnnounced, cases.IdentityCandidate, cases.IdentitySigned:
		return string(i)
	}
	return ""
}

// AlertKind says what staff are told.
type AlertKind string

const (
	AlertNotSent    AlertKind = "not_sent"   // the server refused a mail of the case for good
	AlertGaveUp     AlertKind = "gave_up"    // a mail of the case used up its attempts
	AlertUnknown    AlertKind = "unknown"    // whether a mail of the case left is not known
	AlertRate       AlertKind = "rate"       // the cap of automatic mails in an hour was reached
	AlertUnreadable AlertKind = "unreadable" // a message could not be read
)

// Alert is a short mail to one colleague. It holds no data of the requester.
type Alert struct {
	Kind AlertKind
	Case string // reference, "" when it concerns none
	To   string
	Now  time.Time
}

// Alert composes a mail that tells a colleague to act.
func (c *Composer) Alert(a Alert) (Mail, error) {
	data := templates.Alert{Kind: string(a.Kind), Reference: a.Case, Desk: c.config.Name}
	m, err := c.compose(templates.NameAlert, c.config.StaffLanguage, data)
	if err != nil {
		return Mail{}, err
	}
	m.To, m.Date, m.Case = a.To, a.Now.UTC(), a.Case
	m.AutoSubmitted, m.Suppress = "auto-generated", "All"
	m.MessageID, err = c.messageID("alert")
	return m, err
}

// compose renders a letter into a mail that bears what all mails of the desk bear.
func (c *Composer) compose(name, lang string, data any) (Mail, error) {
	l, err := c.config.Letters.Render(name, lang, data)
	if err != nil {
		return Mail{}, fmt.Errorf("composing a mail: %w", err)
	}
	return Mail{
		FromName: l.From, From: c.config.Address, EnvelopeFrom: c.config.Bounce,
		Subject: l.Subject, Language: l.Language, Text: l.Text, HTML: l.HTML,
	}, nil
}

// messageID makes an id that cannot be guessed, so that an answer to it proves that its writer saw the
// mail. The kind in front is for people who read headers.
func (c *Composer) messageID(kind string) (string, error) {
	random := make([]byte, 20)
	if _, err := io.ReadFull(c.config.Random, random); err != nil {
		return "", fmt.Errorf("making a Message-ID: %w", err)
	}
	address, err := wireAddress(c.config.Address)
	if err != nil {
		return "", fmt.Errorf("making a Message-ID: the desk's address is %w", err)
	}
	local := strings.ToLower(base32.StdEncoding.EncodeToString(random))
	return kind + "." + local + "@" + address.domain(), nil
}
