package desk

import (
	"context"
	"errors"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/intake"
	"guichetdunumerique.be/guichet/reply"
	"guichetdunumerique.be/guichet/store"
)

// What can be wrong with the ways in and out, by the kind that letters, status and metrics use.
const (
	troubleSilent     = "silent"     // no complete look at a folder for imap.alarm_after
	troubleLogin      = "login"      // the server lets us in no more
	troubleSignIn     = "signin"     // the provider gives no access tokens any more (OAuth 2.0)
	troubleFull       = "full"       // the mailbox is nearly full
	troubleOutbox     = "outbox"     // mails wait for an hour and longer
	troubleFlood      = "flood"      // acknowledgements are held for the cap of an hour
	troubleUnreadable = "unreadable" // messages of the last day could not be read
	troubleOver       = "over"       // what was wrong is right again
)

// outboxLate is how long a mail may wait before it is trouble.
const outboxLate = time.Hour

// nearlyFull is the share of its quota from which a mailbox counts as full: there must be time to make room.
const nearlyFull = 0.8

// moments of trouble in the store: the kind, and the folder after a space.
const troubleMoment = "trouble:"

// Failed notes a look at a folder that failed. Only a refused login is trouble by itself: the rest shows by the time
// of the last good look.
func (d *Desk) Failed(ctx context.Context, folder string, kind intake.Kind, at time.Time) error {
	if kind != intake.KindLogin {
		return nil
	}
	return d.Store.Update(ctx, func(tx *store.Tx) error {
		name := troubleMoment + troubleLogin + " " + folder
		since, err := tx.Moment(name)
		if err != nil || !since.IsZero() {
			return err
		}
		return tx.SetMoment(name, at)
	})
}

// Checked records a complete look at a folder.
func (d *Desk) Checked(ctx context.Context, folder string, at time.Time) error {
	return d.Store.Update(ctx, func(tx *store.Tx) error {
		f, err := tx.FindFolder(folder)
		if err != nil {
			return err
		}
		f.Checked = at
		return errors.Join(tx.SaveFolder(f), tx.SetMoment(troubleMoment+troubleLogin+" "+folder, time.Time{}))
	})
}

// Filling notes how full the mailbox is.
func (d *Desk) Filling(ctx context.Context, quotas []intake.Quota) error {
	full := false
	for _, q := range quotas {
		full = full || q.Limit > 0 && float64(q.Used) >= nearlyFull*float64(q.Limit)
	}
	return d.Store.Update(ctx, func(tx *store.Tx) error {
		since, err := tx.Moment(troubleMoment + troubleFull)
		if err != nil || full == !since.IsZero() {
			return err
		}
		if full {
			since = tx.Now
		} else {
			since = time.Time{}
		}
		return tx.SetMoment(troubleMoment+troubleFull, since)
	})
}

// health is what is wrong with the ways in and out, the worst first.
func (d *Desk) health(tx *store.Tx) (list []reply.Health, err error) {
	signIn, err := tx.Moment(troubleMoment + troubleSignIn)
	if err != nil {
		return nil, err
	}
	if !signIn.IsZero() {
		list = append(list, reply.Health{Kind: troubleSignIn, Since: signIn})
	}
	folders, err := tx.FindFolders()
	if err != nil {
		return nil, err
	}
	for _, f := range folders {
		since, err := tx.Moment(troubleMoment + troubleLogin + " " + f.Name)
		if err != nil {
			return nil, err
		}
		switch {
		case !since.IsZero() && signIn.IsZero(): // one cause is told once
			list = append(list, reply.Health{Kind: troubleLogin, Folder: f.Name, Since: since})
		case d.Profile.AlarmAfter > 0 && tx.Now.Sub(f.Checked) > d.Profile.AlarmAfter:
			list = append(list, reply.Health{Kind: troubleSilent, Folder: f.Name, Since: f.Checked})
		}
	}
	full, err := tx.Moment(troubleMoment + troubleFull)
	if err != nil {
		return nil, err
	}
	if !full.IsZero() {
		list = append(list, reply.Health{Kind: troubleFull, Since: full})
	}
	n, oldest, err := tx.WaitingOutgoing(tx.Now.Add(-outboxLate))
	if err != nil {
		return nil, err
	}
	if n > 0 {
		list = append(list, reply.Health{Kind: troubleOutbox, Count: n, Since: oldest})
	}
	if n, oldest, err = tx.CountHeld(heldHour, tx.Now.Add(-24*time.Hour)); err != nil {
		return nil, err
	}
	if n > 0 {
		list = append(list, reply.Health{Kind: troubleFlood, Count: n, Since: oldest})
	}
	unread, err := tx.FindEntries(store.EntryFilter{Fate: cases.FateUnreadable, Since: tx.Now.Add(-24 * time.Hour)})
	if len(unread) > 0 {
		list = append(list, reply.Health{Kind: troubleUnreadable, Count: len(unread), Since: unread[0].Recorded})
	}
	return list, err
}

// Condition is how a desk does: what status, metrics and the probe tell. It holds nothing of any person.
type Condition struct {
	Now      time.Time
	Folders  []store.Folder
	Outbox   map[store.OutState]int
	Fates    map[cases.Fate]int
	Statuses map[cases.Status]int
	Next     []cases.Case // open cases, the first due first
	Trouble  []reply.Health
}

// Grave reports whether a kind of trouble keeps requests from coming in or answers from going out.
func Grave(h reply.Health) bool {
	switch h.Kind {
	case troubleSilent, troubleLogin, troubleSignIn, troubleFull, troubleOutbox:
		return true
	}
	return false
}

// Well reports whether requests come in and answers go out.
func (c Condition) Well() bool {
	for _, h := range c.Trouble {
		if Grave(h) {
			return false
		}
	}
	return true
}

// Condition looks at everything that tells how the desk does.
func (d *Desk) Condition(ctx context.Context) (c Condition, err error) {
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		c = Condition{Now: tx.Now, Outbox: map[store.OutState]int{}, Statuses: map[cases.Status]int{}}
		var err1, err2, err3, err4, err5 error
		c.Folders, err1 = tx.FindFolders()
		c.Fates, err2 = tx.CountFates()
		c.Next, err3 = tx.FindCases(store.CaseFilter{Statuses: []cases.Status{cases.Triage, cases.Open}})
		for _, k := range c.Next {
			c.Statuses[k.Status]++
		}
		for _, state := range []store.OutState{store.OutQueued, store.OutSending, store.OutSent, store.OutFailed, store.OutUnknown} {
			n, err := tx.CountOutgoing(store.OutFilter{States: []store.OutState{state}})
			c.Outbox[state], err4 = n, errors.Join(err4, err)
		}
		c.Trouble, err5 = d.health(tx)
		return errors.Join(err1, err2, err3, err4, err5)
	})
	return c, err
}

// Alive reports whether the store takes a transaction: what the watchdog of systemd wants to know.
func (d *Desk) Alive(ctx context.Context) error {
	return d.Store.Update(ctx, func(*store.Tx) error { return nil })
}
