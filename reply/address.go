package reply

import (
	"errors"
	"fmt"
	netmail "net/mail"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// addresses are the mail's addresses as they are written on the wire.
func (m Mail) addresses() (from, to, replyTo mailbox, err error) {
	if from, err = wireAddress(m.From); err != nil {
		return from, to, replyTo, fmt.Errorf("checking the sender: %w", err)
	}
	if to, err = wireAddress(m.To); err != nil {
		return from, to, replyTo, fmt.Errorf("checking the recipient: %w", err)
	}
	if m.ReplyTo != "" {
		if replyTo, err = wireAddress(m.ReplyTo); err != nil {
			return from, to, replyTo, fmt.Errorf("checking the address for answers: %w", err)
		}
	}
	return from, to, replyTo, nil
}

// envelopeFrom is where failures of delivery are reported, as written on the wire.
func (m Mail) envelopeFrom() (mailbox, error) {
	if m.EnvelopeFrom == "" {
		return wireAddress(m.From)
	}
	return wireAddress(m.EnvelopeFrom)
}

// errAddress says no more: the address is personal data.
var errAddress = errors.New("not one valid address")

// hostname is a domain in ASCII. Address literals ([192.0.2.1]) are not answered.
var hostname = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?$`)

// mailbox is one bare address as it is written on the wire, in a header, an envelope or a calendar entry. It holds
// nothing that could end a line, a pair of brackets or a command. Only wireAddress makes one.
type mailbox struct{ address string }

// domain is the part after the @.
func (b mailbox) domain() string { return b.address[strings.LastIndexByte(b.address, '@')+1:] }

// path is the address as SMTP names it (RFC 5321 section 4.1.2).
func (b mailbox) path() string { return "<" + b.address + ">" }

// wireAddress checks one bare address and turns its domain into ASCII (RFC 5891), so that only a local
// part beyond ASCII needs SMTPUTF8 (RFC 6531).
func wireAddress(address string) (mailbox, error) {
	at := strings.LastIndexByte(address, '@')
	if at < 1 || len(address) > 254 || !utf8.ValidString(address) || strings.ContainsFunc(address, unseen) {
		return mailbox{}, errAddress
	}
	parsed, err := netmail.ParseAddress("<" + address + ">")
	if err != nil || parsed.Address != address {
		return mailbox{}, errAddress
	}
	domain := address[at+1:]
	if !isASCII(domain) {
		if domain, err = idna.Lookup.ToASCII(domain); err != nil {
			return mailbox{}, errAddress
		}
	}
	if !hostname.MatchString(domain) {
		return mailbox{}, errAddress
	}
	return mailbox{address[:at+1] + domain}, nil
}

// unseen reports what nobody can see in an address: controls, separators, marks that turn the order of letters.
func unseen(r rune) bool { return r == ' ' || !unicode.IsPrint(r) }

// isASCII reports whether s needs no SMTPUTF8.
func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}
