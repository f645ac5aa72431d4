// Package store keeps what guichet knows: cases and their events, the ledger of messages, where each
// folder was left, and the outbox. It is the only place with SQL, written so that SQLite and PostgreSQL
// take the same statements.
package store

import (
	"errors"
	"time"

	"guichetdunumerique.be/guichet/cases"
)

// Errors of this package. Callers decide on them with errors.Is.
var (
	ErrNotFound = errors.New("store: not found")     // no such row, or what a row refers to is not there
	ErrExists   = errors.New("store: already there") // a key or a place is taken
	ErrNewer    = errors.New("store: database was written by a newer guichet")
	ErrCorrupt  = errors.New("store: database is damaged")
	ErrLocked   = errors.New("store: database is in use by another program")
)

// Folder is where the reading of a mailbox folder stands.
type Folder struct {
	Name        string
	UIDValidity uint32
	UID         uint32    // every UID up to this one has its entry, or lies before Began
	Reread      uint32    // the messages up to this UID were there when the server numbered the folder anew
	Start       int64     // the last UID that lay there when watching began: no row needs to be of it; -1 unknown
	Began       time.Time // what reached the server before is the past: never answered, never a case
	Checked     time.Time // last successful look
}

// Entry is one row of the ledger: one message in one folder and what became of it. UIDValidity is 0 while the
// message's place is not known: the server numbered the folder anew and it was not found again.
type Entry struct {
	ID          int64
	Folder      string
	UIDValidity uint32
	UID         uint32
	MessageID   string // "" when the mail has none
	Fingerprint string // keyed hash of the content
	Size        int64
	Received    time.Time
	Fate        cases.Fate
	Reason      string
	Case        string // reference, "" when the message belongs to none
	Recorded    time.Time
}

// EntryFilter selects ledger entries; zero fields select all.
type EntryFilter struct {
	Folder      string
	MessageIDs  []string
	Fingerprint string
	Case        string
	Fate        cases.Fate
	Since       time.Time // Recorded at or after
}

// CaseFilter selects cases; zero fields select all.
type CaseFilter struct {
	Statuses []cases.Status
	Address  string // requester's address, compared without case
	Copy     cases.Copy
}

// OutState is where an outgoing mail stands.
type OutState string

const (
	OutQueued  OutState = "queued"  // waits for NextAttempt
	OutSending OutState = "sending" // handed to SMTP; after a crash nobody knows whether it left
	OutSent    OutState = "sent"
	OutFailed  OutState = "failed"  // the server refused it for good, or all attempts are used up
	OutUnknown OutState = "unknown" // SMTP's answer was not seen: staff must look, we do not send twice

	// In a rush of mail a colleague is told of many happenings in one summary instead of one mail each.
	OutGathered OutState = "gathered" // stands for a mail that was not written; waits for the next summary
	OutTold     OutState = "told"     // stood in a summary
)

// Outgoing is one row of the outbox.
type Outgoing struct {
	Key         string // unique for ever: "ack:GDN-2026-0007"
	Kind        string // "ack", "alert", ...: the part of Key before the first colon
	Case        string
	Recipient   string // address, kept in lower case: to count by, Payload has it as written
	MessageID   string // the same at every attempt
	Payload     []byte // the mail; removed once sent. Of a gathered one, only why it was to be written
	State       OutState
	Attempts    int
	NextAttempt time.Time
	Created     time.Time
	Done        time.Time // when State became final
	LastError   string    // class and code, no personal data
}

// OutFilter selects outgoing mails; zero fields select all.
type OutFilter struct {
	Recipient string
	Kinds     []string
	States    []OutState
	Case      string
	Since     time.Time // Created at or after
	MessageID string
}
