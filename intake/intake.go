// Package intake is the way in: the IMAP session of a mailbox, read-only. It watches folders, fetches
// each new message once, guards against what servers and senders may do, and hands Arrivals to a desk.
// The one thing it ever writes is a new mail into Drafts or Sent, on demand (Append); it deletes, flags and
// moves nothing. It is the only importer of go-imap.
package intake

import (
	"context"
	"time"

	"guichetdunumerique.be/guichet/intake/message"
)

// Position is how far a folder has been read: every UID up to UID, within UIDValidity (RFC 9051 section 2.3.1.1).
type Position struct {
	UIDValidity uint32
	UID         uint32
	// Reread is set by Renumbered: the messages up to this UID were in the folder when it was renumbered, so
	// that most of them are known under their old numbers. A desk that keeps it is told which messages are read
	// again (Arrival.Reread) even when the program was stopped in the middle; one that does not, only until then.
	Reread uint32
}

// Arrival is one message as it was found in a folder.
type Arrival struct {
	Folder       string
	Junk         bool // the folder is the junk folder
	Sent         bool // the folder is the account's own Sent folder: whoever holds the account wrote this
	UIDValidity  uint32
	UID          uint32
	InternalDate time.Time // never zero: the moment it was read where the server's date could not be had
	Reread       bool      // the folder is read again after its UIDVALIDITY changed
	Message      message.Message
	Unreadable   string // why the message could not be fetched at all; Message is then empty
}

// Desk takes what arrives. Take must have committed the arrival, and the position that follows from it,
// when it returns nil; an error stops the folder at this message, to be tried again.
type Desk interface {
	// Position tells where the folder was left. known is false for a folder never seen before.
	Position(ctx context.Context, folder string) (p Position, known bool, err error)
	// Begin records where a folder starts: everything up to p is the past and is left alone.
	Begin(ctx context.Context, folder string, p Position) error
	// Renumbered records that the folder's UIDVALIDITY changed and that it is read again from p.
	Renumbered(ctx context.Context, folder string, p Position) error
	Take(ctx context.Context, a Arrival) error
	// Checked is called after each successful look at a folder, with nothing left to read.
	Checked(ctx context.Context, folder string, at time.Time) error
	// Failed is called after each look at a folder that failed, with the step that did.
	Failed(ctx context.Context, folder string, kind Kind, at time.Time) error
}
