// Package desk is the clerk: it takes one message at a time, decides what becomes of it, and commits
// the decision, the case, its events and the mail to be sent in one transaction. Then it delivers what
// stands in the outbox. It decides nothing a person must decide.
package desk

import (
	"strings"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/classify"
	"guichetdunumerique.be/guichet/intake/message"
)

// Profile is what a desk knows of itself: its addresses, its people and its policy.
type Profile struct {
	Address    string   // where requests arrive
	Aliases    []string // further addresses that reach the same mailbox
	Staff      []string // addresses of the people who answer
	Prefix     string   // of case references, "GDN"
	Term       cases.Term
	Thresholds classify.Options

	// AskIdentity is true under identity.policy "published": the acknowledgement mentions a missing
	// proof once. RequiredFor are the rights that the policy asks a proof for.
	AskIdentity bool
	RequiredFor []cases.Right

	RepliesPerAddress int           // automatic mails to one address in 24 hours
	RepliesPerHour    int           // automatic mails to clients in an hour
	AnswerWithin      time.Duration // older mail is acknowledged by a person (B18)

	NoticesPerHour  int // notices and alerts to one colleague in an hour; a summary tells the rest
	RemindersPerDay int // reminders to one colleague on one day, the most urgent first; the digest tells the rest

	NotifyNew       bool          // staff get a notice of each new case
	Drafts          bool          // a draft of the answer is made with each new case
	DigestTo        []string      // who gets the digest
	DigestAt        time.Duration // when, on working days, from the day's beginning by the clock on the wall
	Backup          []string      // who is told where nobody acts
	TrustedAuthserv string        // authserv-id of the server that vouches for staff's addresses; "" to ask none
	AlarmAfter      time.Duration // without a look at a folder for so long, the digest says so

	CopyToSent bool // a copy of each mail to a client is put into the account's Sent folder

	PersonAfter time.Duration // from the end of a case until the person is removed from it; 0 for never
	FactsAfter  time.Duration // until nothing is left of it but its number; 0 for never

	// RemindIdentityAfter is when a missing proof of identity is asked for again, once, by itself; 0 for never.
	RemindIdentityAfter time.Duration
}

// zone is where the desk's calendar days begin and end.
func (p Profile) zone() *time.Location { return p.Term.Zone }

// ours reports whether address is the desk's own.
func (p Profile) ours(address string) bool {
	if strings.EqualFold(address, p.Address) {
		return true
	}
	for _, a := range p.Aliases {
		if strings.EqualFold(address, a) {
			return true
		}
	}
	return false
}

// onStaff reports whether an address is on the lists of the desk's people.
func (p Profile) onStaff(address string) bool {
	for _, list := range [][]string{p.Staff, p.DigestTo, p.Backup} {
		for _, a := range list {
			if strings.EqualFold(address, a) {
				return true
			}
		}
	}
	return false
}

// claimsStaff reports whether an address says it is one of the desk's people: on the list, or in the
// desk's own domain. A From field proves nothing; it only decides what is shown to whom.
func (p Profile) claimsStaff(address string) bool {
	return p.onStaff(address) || address != "" && domain(address) == domain(p.Address)
}

// domain is the part of an address after the last @, in lower case.
func domain(address string) string {
	return strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
}

// first is the first address of a field, or the zero Address.
func first(list []message.Address) message.Address {
	if len(list) == 0 {
		return message.Address{}
	}
	return list[0]
}
