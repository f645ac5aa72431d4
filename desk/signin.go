package desk

import (
	"context"
	"errors"
	"time"

	"guichetdunumerique.be/guichet/store"
)

// SignIn notes whether the sign-in that gives the access tokens to the mail servers lives. Staff are told at once when it
// has died: the last token lets mail out for some minutes yet. A provider that is merely away is no change.
func (d *Desk) SignIn(ctx context.Context, dead bool) error {
	died := false
	err := d.Store.Update(ctx, func(tx *store.Tx) error {
		since, err := tx.Moment(troubleMoment + troubleSignIn)
		switch {
		case err != nil || dead == !since.IsZero():
			return err
		case dead:
			died = true
			return tx.SetMoment(troubleMoment+troubleSignIn, tx.Now)
		}
		return errors.Join(tx.SetMoment(troubleMoment+troubleSignIn, time.Time{}), forgetRefusals(tx))
	})
	if err != nil || !died {
		return err
	}
	return d.Tick(ctx)
}

// forgetRefusals forgets that folders were refused for want of a token. Where they still are, the next look notes it.
func forgetRefusals(tx *store.Tx) error {
	refused, err := tx.Moments(troubleMoment + troubleLogin + " ")
	for name := range refused {
		err = errors.Join(err, tx.SetMoment(name, time.Time{}))
	}
	return err
}
