package desk

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/classify"
	"guichetdunumerique.be/guichet/intake"
	"guichetdunumerique.be/guichet/intake/message"
	"guichetdunumerique.be/guichet/internal/caught"
	"guichetdunumerique.be/guichet/store"
)

// Take files one message: its fate, its case, the events, the mails to send and the folder's position
// are committed together, or not at all.
func (d *Desk) Take(ctx context.Context, a intake.Arrival) error {
	var c clerk
	err := d.carefully(a, func(a intake.Arrival) error {
		j := d.judge(a)
		return d.Store.Update(ctx, func(tx *store.Tx) error {
			c = clerk{Desk: d, tx: tx, a: a, m: a.Message, j: j}
			return c.file()
		})
	})
	if err != nil {
		return fmt.Errorf("filing message %d of a folder: %w", a.UID, err)
	}
	d.logFiled(c.entry)
	d.poke()
	return nil
}

// carefully files a message in the way given. If that panics it is filed as one that cannot be read: a fault of the
// program costs a message its details and a person a look, never the mailbox its desk.
func (d *Desk) carefully(a intake.Arrival, file func(intake.Arrival) error) error {
	err := caught.Run(func() error { return file(a) })
	var fault *caught.Error
	if !errors.As(err, &fault) || a.Unreadable != "" {
		return err
	}
	d.Log.Error("the program broke on a message, a person must read it", "uid", a.UID, "err", err)
	a.Message, a.Unreadable = message.Message{}, "the program broke on it"
	return caught.Run(func() error { return file(a) })
}

// judge reads the message, or says that it could not be had.
func (d *Desk) judge(a intake.Arrival) Judgement {
	if a.Unreadable != "" {
		return Judgement{Writer: Client, Decision: classify.ToTriage, Unread: a.Unreadable,
			Verdict: classify.Verdict{Language: d.language()}, Hold: "B16 could not be read", Identity: cases.IdentityMissing}
	}
	began := time.Now() // it measures; nothing is decided by it
	j := Judge(a.Message, d.Rules, d.Profile)
	if d.Recognised != nil {
		d.Recognised(time.Since(began))
	}
	if a.Junk && j.Hold == "" {
		j.Hold = "B13 in the junk folder"
	}
	return j
}

// language is the desk's first language, for want of a better.
func (d *Desk) language() string { return d.Profile.Thresholds.Default }

// logFiled says what became of a message, without a word of it.
func (d *Desk) logFiled(e store.Entry) {
	if e.Fate == "" {
		return // it was filed before
	}
	d.Log.Info("message filed", "uid", e.UID, "fate", e.Fate, "case", e.Case, "reason", e.Reason)
}

// clerk files one message within one transaction.
type clerk struct {
	*Desk
	tx    *store.Tx
	a     intake.Arrival
	m     message.Message
	j     Judgement
	past  bool // a scan found the message: see Desk.Scan
	entry store.Entry
}

// file decides the message's fate and records it with the folder's new position.
func (c *clerk) file() error {
	if _, err := c.tx.FindEntry(c.a.Folder, c.a.UIDValidity, c.a.UID); !errors.Is(err, store.ErrNotFound) {
		return err // filed before a crash, or a read error
	}
	print, err := fingerprint(c.tx, c.a)
	if err != nil {
		return err
	}
	c.entry = store.Entry{
		Folder: c.a.Folder, UIDValidity: c.a.UIDValidity, UID: c.a.UID,
		MessageID: c.m.MessageID, Fingerprint: print, Size: c.m.Size, Received: Receipt(c.a, c.tx.Now),
	}
	moved, err := c.recognise()
	if err != nil {
		return err
	}
	if !moved {
		if err := c.settle(); err != nil {
			return err
		}
		if err := c.tx.CreateEntry(&c.entry); err != nil {
			return err
		}
	}
	return c.advance()
}

// settle finds the fate of a message that is not in the ledger, first rule first.
func (c *clerk) settle() error {
	if c.entry.Fate != "" {
		return nil // a copy of a known message
	}
	if c.a.Reread {
		folder, err := c.tx.FindFolder(c.a.Folder)
		if err != nil {
			return err
		}
		if c.entry.Received.Before(folder.Began.Truncate(time.Second)) { // mail servers count in whole seconds
			return c.fate(cases.FateIgnored, "", "from before the first start")
		}
	}
	if own, err := c.sentByUs(); err != nil || own {
		return err
	}
	if erased, err := c.erasedSince(); err != nil {
		return err
	} else if erased {
		c.entry.MessageID = ""
		return c.fate(cases.FateIgnored, "", "of a person erased since")
	}
	if c.a.Sent {
		return c.fromSent()
	}
	switch c.j.Writer {
	case Staff, Own, Form:
		return c.fromInside()
	}
	return c.fromClient()
}

// fate sets what became of the message.
func (c *clerk) fate(f cases.Fate, ref, reason string) error {
	c.entry.Fate, c.entry.Case, c.entry.Reason = f, ref, reason
	return nil
}

// fingerprint is the keyed hash of the content: it recognises a message without keeping anything that
// could be guessed back. Of a message that could not be had, only its arrival is known.
func fingerprint(tx *store.Tx, a intake.Arrival) (string, error) {
	content := a.Message.Fingerprint
	if content == "" {
		content = fmt.Sprintf("unread %s %s", a.Folder, a.InternalDate.UTC().Format(time.RFC3339Nano))
	}
	key, err := tx.Secret("fingerprint")
	if err != nil {
		return "", err
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(content))
	return hex.EncodeToString(mac.Sum(nil)), nil
}

// Receipt is when a message reached our server: the earlier of INTERNALDATE and the topmost Received
// date, never the sender's Date, and never later than now.
func Receipt(a intake.Arrival, now time.Time) time.Time {
	at := a.InternalDate
	if r := a.Message.Received; !r.IsZero() && (at.IsZero() || r.Before(at)) {
		at = r
	}
	if at.IsZero() || at.After(now) {
		at = now
	}
	return at
}

// dateDoubt reports whether the two receipt dates lie more than a day apart.
func (c *clerk) dateDoubt() bool {
	r, i := c.m.Received, c.a.InternalDate
	return !r.IsZero() && !i.IsZero() && r.Sub(i).Abs() > 24*time.Hour
}

// recognise looks for the same content in the ledger. After a renumbering the old row is carried to the
// new place; otherwise the message is a copy, which shares the first one's case.
func (c *clerk) recognise() (moved bool, err error) {
	known, err := c.tx.FindEntries(store.EntryFilter{Fingerprint: c.entry.Fingerprint})
	if err != nil || len(known) == 0 {
		return false, err
	}
	for _, e := range known {
		if e.Folder == c.a.Folder && e.UIDValidity == 0 {
			return true, c.tx.MoveEntry(e.ID, c.a.Folder, c.a.UIDValidity, c.a.UID)
		}
	}
	e := known[0]
	if e.Fate == cases.FateCase {
		e.Fate = cases.FateLinked
	}
	return false, c.fate(e.Fate, e.Case, "copy of a message already filed")
}

// advance moves the folder's position past the message.
func (c *clerk) advance() error {
	if c.past {
		return nil
	}
	f, err := c.tx.FindFolder(c.a.Folder)
	if err != nil {
		return err
	}
	if c.a.UID > f.UID {
		f.UID = c.a.UID
	}
	return c.tx.SaveFolder(f)
}

// sentByUs recognises a mail that left from our own outbox and came back. A client's mail is none, whatever its
// Message-ID: he knows the ids of what we wrote to him.
func (c *clerk) sentByUs() (bool, error) {
	if c.m.MessageID == "" || c.j.Writer == Client && !c.a.Sent {
		return false, nil
	}
	own, err := c.tx.FindOutgoing(store.OutFilter{MessageID: c.m.MessageID})
	if err != nil || len(own) == 0 {
		return false, err
	}
	if own[0].Kind == kindDraft {
		return true, c.draftSent(own[0])
	}
	return true, c.fate(cases.FateAutomatic, own[0].Case, "B9 our own mail")
}
