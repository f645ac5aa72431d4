package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/store"
)

const (
	// retainAtOnce bounds what one look of the clock removes, so that it never holds up the mail.
	retainAtOnce = 50
	// mailsKept is how long the address is kept to which a mail to staff went: as long as its Message-ID proves who
	// answers it.
	mailsKept = proofFor
	// copiesKept is how long a copy of the database is kept that an upgrade or a restoring left beside it: long enough to
	// see that all is well, and as long as the guide has backups kept. Whoever is erased meanwhile is in it until then.
	copiesKept = 30 * 24 * time.Hour
	// momentRetained is when all was last removed that was due.
	momentRetained = "retained"
)

// Retain removes what need not be kept any longer (GDPR art. 5(1)(e)): the person from cases that ended long ago, later
// the rest of them, and what else could name anybody. It looks once a day, takes so many cases at a time, each in a
// transaction of its own, and goes on at the next look; then it writes the files anew, where traces may be.
func (d *Desk) Retain(ctx context.Context) error {
	due, err := d.retainDue(ctx)
	if err != nil || due.done {
		return errors.Join(err, d.scrub(ctx))
	}
	var errs []error
	for _, ref := range due.persons {
		errs = append(errs, d.retainOne(ctx, ref, func(tx *store.Tx) error { return tx.StripCase(ref, "retention") }))
	}
	for _, ref := range due.facts {
		errs = append(errs, d.retainOne(ctx, ref, func(tx *store.Tx) error { return tx.EmptyCase(ref) }))
	}
	if err := errors.Join(errs...); err != nil || max(len(due.persons), len(due.facts)) == retainAtOnce {
		return err // the next look goes on
	}
	return errors.Join(d.retainRest(ctx), d.scrub(ctx))
}

// retainable are the references of the cases from which something is to be removed.
type retainable struct {
	done           bool // all was looked at today
	persons, facts []string
}

func (d *Desk) retainDue(ctx context.Context) (due retainable, err error) {
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		last, err := tx.Moment(momentRetained)
		if due.done = cases.DateOf(last, d.Profile.zone()) == cases.DateOf(tx.Now, d.Profile.zone()); err != nil || due.done {
			return err
		}
		if after := d.Profile.PersonAfter; after > 0 {
			if due.persons, err = tx.WithPersonBefore(tx.Now.Add(-after), retainAtOnce); err != nil {
				return err
			}
		}
		if after := d.Profile.FactsAfter; after > 0 {
			due.facts, err = tx.ClosedBefore(tx.Now.Add(-after), retainAtOnce)
		}
		return err
	})
	if err != nil {
		return due, fmt.Errorf("looking for what need not be kept: %w", err)
	}
	return due, nil
}

// retainOne removes something from one case. That one cannot be changed keeps no other from it.
func (d *Desk) retainOne(ctx context.Context, ref string, remove func(*store.Tx) error) error {
	if err := d.Store.Update(ctx, remove); err != nil {
		return fmt.Errorf("removing what need not be kept of %s: %w", ref, err)
	}
	d.Log.Info("removed what need not be kept", "case", ref)
	return nil
}

// retainRest removes what belongs to no case, and the copies beside the database.
func (d *Desk) retainRest(ctx context.Context) error {
	var now time.Time
	err := d.Store.Update(ctx, func(tx *store.Tx) error {
		now = tx.Now
		if after := d.Profile.PersonAfter; after > 0 {
			if err := errors.Join(tx.StripEntries(now.Add(-after)), tx.StripMails(now.Add(-mailsKept), clientKinds)); err != nil {
				return err
			}
		}
		return tx.SetMoment(momentRetained, now)
	})
	if err != nil {
		return fmt.Errorf("removing what need not be kept: %w", err)
	}
	n, err := d.Store.DropCopies(now.Add(-copiesKept))
	if n > 0 {
		d.Log.Info("deleted old copies of the database", "count", n)
	}
	if err != nil {
		return fmt.Errorf("deleting old copies of the database: %w", err)
	}
	return nil
}

// scrub takes the traces out of the files. Another program that reads just now puts it off to the next look.
func (d *Desk) scrub(ctx context.Context) error {
	err := d.Store.Scrub(ctx)
	if errors.Is(err, store.ErrLocked) {
		d.Log.Warn("traces of what was removed stay in the database file until nothing else reads it")
		return nil
	}
	return err
}
