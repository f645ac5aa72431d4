package desk

import (
	"context"
	"time"

	"guichetdunumerique.be/guichet/store"
)

// SignIn notes whether the sign-in that gives the access tokens to the mail servers lives, and has staff told at once
// when that has changed: the last token lets mail out for some minutes yet. A provider that is merely away is no change.
func (d *Desk) SignIn(ctx context.Context, dead bool) error {
	changed := false
	err := d.Store.Update(ctx, func(tx *store.Tx) error {
		since, err := tx.Moment(troubleMoment + troubleSignIn)
		if err != nil || dead == !since.IsZero() {
			return err
		}
		changed, since = true, time.Time{}
		if dead {
			since = tx.Now
		}
		return tx.SetMoment(troubleMoment+troubleSignIn, since)
	})
	if err != nil || !changed {
		return err
	}
	return d.Tick(ctx)
}
