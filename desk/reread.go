package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/classify"
	"guichetdunumerique.be/guichet/intake"
	"guichetdunumerique.be/guichet/store"
)

// ErrWasRead means that a message is not one of those that could not be read.
var ErrWasRead = errors.New("the message was read when it came")

// Unread lists the messages that could not be read, oldest first.
func (d *Desk) Unread(ctx context.Context) (list []store.Entry, err error) {
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		list, err = tx.FindEntries(store.EntryFilter{Fate: cases.FateUnreadable})
		return err
	})
	return list, err
}

// Reread judges a message anew that could not be read when it came, and brings its case up to date. The case stays for
// a person to confirm, and nothing is sent by itself: staff were told when it came. It returns what it understood,
// or why it still cannot; then nothing has changed.
func (d *Desk) Reread(ctx context.Context, a intake.Arrival) (outcome string, err error) {
	j := d.judge(a)
	if j.Unread != "" {
		return "still cannot be read: " + j.Unread, nil
	}
	err = d.Store.Update(ctx, func(tx *store.Tx) error {
		e, err := tx.FindEntry(a.Folder, a.UIDValidity, a.UID)
		if err != nil {
			return err
		}
		if e.Fate != cases.FateUnreadable {
			return ErrWasRead
		}
		c := clerk{Desk: d, tx: tx, a: a, m: a.Message, j: j, entry: e}
		outcome, err = c.readAgain()
		return err
	})
	if err != nil {
		return "", fmt.Errorf("reading message %d again: %w", a.UID, err)
	}
	return outcome, nil
}

// readAgain brings the case of an unreadable message up to date, and its row in the ledger.
func (c *clerk) readAgain() (string, error) {
	k, err := c.tx.FindCase(c.entry.Case)
	if err != nil {
		return "", err
	}
	if k.Status == cases.Triage {
		k.Requester, k.Language, k.Rights = c.j.Requester, c.j.Verdict.Language, c.j.Verdict.Rights
		k.Flags, k.Identity, k.Marketing = c.j.Flags, c.j.Identity, c.j.Verdict.Marketing
		if k.Identity == cases.IdentityCandidate {
			k.Copy = cases.CopyHeld
		}
	}
	outcome := "read, not a request"
	if c.j.Decision != classify.Ignore {
		outcome = "read, asks for " + joinRights(c.j.Verdict.Rights)
	}
	ref := k.Reference.String()
	if err := errors.Join(c.tx.UpdateCase(k), c.event(ref, cases.EventReread, outcome)); err != nil {
		return "", err
	}
	print, err := fingerprint(c.tx, c.a)
	if err != nil {
		return "", err
	}
	c.entry.Fate, c.entry.Reason = cases.FateCase, "read again"
	c.entry.MessageID, c.entry.Fingerprint, c.entry.Size = c.m.MessageID, print, c.m.Size
	return ref + ": " + outcome + "; a person confirms or dismisses it", c.tx.UpdateEntry(c.entry)
}

// joinRights names rights for a person.
func joinRights(rights []cases.Right) string {
	if len(rights) == 0 {
		return "something unclear"
	}
	list := make([]string, len(rights))
	for i, r := range rights {
		list[i] = string(r)
	}
	return strings.Join(list, ", ")
}
