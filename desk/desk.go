package desk

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/classify"
	"guichetdunumerique.be/guichet/intake"
	"guichetdunumerique.be/guichet/reply"
	"guichetdunumerique.be/guichet/store"
)

// Sender hands one mail to SMTP. Its errors are *reply.SendError.
type Sender interface {
	Send(ctx context.Context, m reply.Mail) error
}

// Drafter puts a mail into a folder of the account. Its errors are *intake.Error.
type Drafter interface {
	Append(ctx context.Context, to intake.Place, messageID string, raw []byte) error
}

// Parts are what a desk works with.
type Parts struct {
	Profile  Profile
	Store    *store.Store
	Rules    *classify.Rules
	Composer *reply.Composer
	Sender   Sender
	Drafter  Drafter // nil where drafts are not wanted
	Plan     cases.Plan
	Log      *slog.Logger

	// Recognised is told how long recognising each message took; nil where nobody asks.
	Recognised func(time.Duration)
}

// Desk files messages and delivers mails. It is safe for use by several folders at once: the store
// admits one transaction at a time.
type Desk struct {
	Parts

	wake chan struct{} // holds a token when the outbox may have something due

	delivering sync.Mutex
	handed     *handed // SMTP's answer that is not recorded yet
}

var _ intake.Desk = (*Desk)(nil)

// New prepares a desk from its parts.
func New(p Parts) *Desk {
	return &Desk{Parts: p, wake: make(chan struct{}, 1)}
}

// Position tells where the reading of a folder was left.
func (d *Desk) Position(ctx context.Context, folder string) (p intake.Position, known bool, err error) {
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		f, err := tx.FindFolder(folder)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		p, known = intake.Position{UIDValidity: f.UIDValidity, UID: f.UID, Reread: f.Reread}, err == nil
		return err
	})
	return p, known, err
}

// Begin records that a folder is watched from p on. What lies before is never answered.
func (d *Desk) Begin(ctx context.Context, folder string, p intake.Position) error {
	return d.Store.Update(ctx, func(tx *store.Tx) error {
		d.Log.Info("folder watched from here on", "uid", p.UID)
		return tx.SaveFolder(store.Folder{Name: folder, UIDValidity: p.UIDValidity, UID: p.UID, Began: tx.Now, Checked: tx.Now, Start: int64(p.UID)})
	})
}

// Renumbered records that the server numbered a folder anew, so that it is read again from p. No row of the
// ledger knows its place then; the content tells known messages from new ones.
func (d *Desk) Renumbered(ctx context.Context, folder string, p intake.Position) error {
	return d.Store.Update(ctx, func(tx *store.Tx) error {
		f, err := tx.FindFolder(folder)
		if err != nil {
			return err
		}
		d.Log.Warn("folder renumbered by the server, reading it again", "uidvalidity", p.UIDValidity)
		f.UIDValidity, f.UID, f.Reread, f.Start = p.UIDValidity, p.UID, p.Reread, int64(p.UID)
		return errors.Join(tx.UnplaceEntries(folder), tx.SaveFolder(f))
	})
}
