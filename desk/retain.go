package desk

import (
	"context"
	"fmt"
	"strings"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/store"
)

// retainAtOnce bounds what one look of the clock removes, so that it never holds up the mail.
const retainAtOnce = 50

// mailsKept is how long the text of a mail to staff that could not be sent is kept.
const mailsKept = 30 * 24 * time.Hour

// retain removes what need not be kept any longer (GDPR art. 5(1)(e)): the person from cases that ended long ago,
// and later the rest of them.
func (t *ticker) retain() error {
	if after := t.Profile.PersonAfter; after > 0 {
		list, err := t.tx.ClosedBefore(t.tx.Now.Add(-after), true, retainAtOnce)
		if err != nil {
			return err
		}
		for _, k := range list {
			if err := t.strip(k.Reference.String(), "retention"); err != nil {
				return err
			}
		}
		if err := t.tx.ForgetMails(t.tx.Now.Add(-mailsKept)); err != nil {
			return err
		}
	}
	if t.Profile.FactsAfter == 0 {
		return nil
	}
	list, err := t.tx.ClosedBefore(t.tx.Now.Add(-t.Profile.FactsAfter), false, retainAtOnce)
	for _, k := range list {
		if err := t.tx.EmptyCase(k.Reference.String()); err != nil {
			return fmt.Errorf("emptying %s: %w", k.Reference, err)
		}
	}
	return err
}

// strip removes the person from a case, and notes that it did.
func (t *ticker) strip(ref, why string) error {
	if err := t.tx.StripCase(ref); err != nil {
		return fmt.Errorf("removing the person from %s: %w", ref, err)
	}
	return t.tx.AppendEvent(&cases.Event{Case: ref, Kind: cases.EventErased, By: "guichet", Note: why})
}

// OpenCasesError says that a person cannot be forgotten: somebody still waits for an answer in these cases.
type OpenCasesError struct{ Cases []string }

func (e *OpenCasesError) Error() string {
	return "cases of this person are not closed: " + strings.Join(e.Cases, ", ")
}

// Kept lists the cases of the person with an address.
func (d *Desk) Kept(ctx context.Context, address string) (list []cases.Case, err error) {
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		list, err = tx.FindCases(store.CaseFilter{Address: address})
		return err
	})
	return list, err
}

// Forget removes the person with an address from every case, at once and for good: a mail of theirs from before that
// is found again opens nothing. Cases that are not closed are an *OpenCasesError, and nothing is removed then. It
// returns the cases that it removed the person from.
func (d *Desk) Forget(ctx context.Context, address string) (refs []string, err error) {
	err = d.Store.Update(ctx, func(tx *store.Tx) error {
		list, err := tx.FindCases(store.CaseFilter{Address: address})
		if err != nil {
			return err
		}
		var open []string
		for _, k := range list {
			if k.Status != cases.Closed {
				open = append(open, k.Reference.String())
			}
		}
		if len(open) > 0 {
			return &OpenCasesError{open}
		}
		t := ticker{Desk: d, tx: tx}
		for _, k := range list {
			if err := t.strip(k.Reference.String(), "asked for"); err != nil {
				return err
			}
			refs = append(refs, k.Reference.String())
		}
		return tx.MarkErased(address)
	})
	if err != nil {
		return nil, err
	}
	return refs, d.Store.Scrub(ctx)
}

// erasedSince reports whether the person who asks was erased after the message came: a message found again then
// opens nothing.
func (c *clerk) erasedSince() (bool, error) {
	address := c.j.Requester.Address
	if address == "" {
		return false, nil
	}
	at, err := c.tx.ErasedAt(address)
	return c.entry.Received.Before(at), err
}
