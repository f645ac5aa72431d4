package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/internal/caught"
	"guichetdunumerique.be/guichet/reply"
	"guichetdunumerique.be/guichet/store"
)

// tickEvery is how often the plan is looked at. Its keys make each reminder go out once.
const tickEvery = 5 * time.Minute

// RunClock looks at the plan until ctx ends, at once and then every few minutes.
func (d *Desk) RunClock(ctx context.Context) {
	tick := time.NewTicker(tickEvery)
	defer tick.Stop()
	for {
		if err := caught.Run(func() error { return d.Tick(ctx) }); err != nil && ctx.Err() == nil {
			d.Log.Error("looking at the plan failed, trying again", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Tick queues what the plan asks for by now: reminders and the digest go out on working days from the hour of
// the digest. What a stopped program missed is made up for: of each case the reminder in force, and the last
// digest. It costs by the open cases, never by the closed ones, of which it looks once a day whether anything is to be
// removed: see Retain.
func (d *Desk) Tick(ctx context.Context) error {
	err := d.Store.Update(ctx, func(tx *store.Tx) error {
		t := ticker{Desk: d, tx: tx}
		return t.run()
	})
	if err != nil {
		err = fmt.Errorf("looking at the plan: %w", err)
	}
	d.poke()
	return errors.Join(err, d.Retain(ctx))
}

// ticker is one look at the plan, in one transaction.
type ticker struct {
	*Desk
	tx *store.Tx
}

func (t *ticker) run() error {
	if err := t.tx.HastenOutgoing(t.tx.Now.Add(reply.Backoff(reply.MaxAttempts))); err != nil {
		return err
	}
	open, err := t.tx.FindCases(store.CaseFilter{Statuses: []cases.Status{cases.Triage, cases.Open}})
	if err != nil {
		return err
	}
	if err := t.summaries(); err != nil {
		return err
	}
	if err := t.catchUp(open); err != nil {
		return err
	}
	if err := t.alarms(); err != nil {
		return err
	}
	moment := t.moment(t.tx.Now)
	began, err := t.began()
	if err != nil || began.IsZero() || moment.Before(began) {
		return err // nothing was promised before the desk opened
	}
	today := cases.DateOf(t.tx.Now, t.Profile.zone())
	if err := t.remindIdentity(open); err != nil {
		return err
	}
	if t.working(today) && !t.tx.Now.Before(t.hour(today)) {
		if err := t.remind(open, today); err != nil {
			return err
		}
	}
	return t.digest(open, cases.DateOf(moment, t.Profile.zone()))
}

// moment is the last time at which a digest was due: the hour of the digest on a working day.
func (t *ticker) moment(now time.Time) time.Time {
	day := cases.DateOf(now, t.Profile.zone())
	for !t.working(day) || now.Before(t.hour(day)) {
		day = day.AddDays(-1)
	}
	return t.hour(day)
}

func (t *ticker) working(day cases.Date) bool { return t.Plan.Calendar.Working(day) }

// hour is when mail to staff goes out on a day, by the desk's clock, through both changes of it.
func (t *ticker) hour(day cases.Date) time.Time {
	at := t.Profile.DigestAt
	return time.Date(day.Year, day.Month, day.Day, int(at.Hours()), int(at.Minutes())%60, 0, 0, t.Profile.zone())
}

// began is when the desk first looked at its mailbox; zero when it never has.
func (t *ticker) began() (began time.Time, err error) {
	folders, err := t.tx.FindFolders()
	for _, f := range folders {
		if began.IsZero() || f.Began.Before(began) {
			began = f.Began
		}
	}
	return began, err
}

// remindIdentity queues the one reminder of a proof of identity that a desk may send by itself.
func (t *ticker) remindIdentity(open []cases.Case) error {
	after := t.Profile.RemindIdentityAfter
	if after == 0 || !t.Profile.AskIdentity {
		return nil
	}
	for _, k := range open {
		waits := k.Identity == cases.IdentityMissing || k.Identity == cases.IdentityAnnounced
		if k.Status != cases.Open || !waits || k.Hold != "" || !k.FirstReply.IsZero() || t.tx.Now.Sub(k.Opened) < after {
			continue
		}
		if err := t.remindIdentityOf(k); err != nil {
			return err
		}
	}
	return nil
}

func (t *ticker) remindIdentityOf(k cases.Case) error {
	ref := k.Reference.String()
	known, err := t.tx.KnowsOutgoing(kindIdentity + ":" + ref)
	if err != nil || known {
		return err
	}
	hold, err := t.tooMany(t.tx, k.Requester.Address)
	if err != nil || hold != "" {
		return err // a later tick tries again
	}
	_, id, err := origin(t.tx, ref)
	if err != nil {
		return err
	}
	m, err := t.Composer.RemindIdentity(reply.Acknowledgement{Case: k, ParentID: id, IdentityAsked: true, Now: t.tx.Now})
	if err != nil {
		return fmt.Errorf("composing a reminder of identity for %s: %w", ref, err)
	}
	return enqueue(t.tx, kindIdentity+":"+ref, ref, m)
}

// digest queues the digest of a day, once for each colleague. With nothing to say there is only the weekly sign
// of life, on the week's first working day.
func (t *ticker) digest(open []cases.Case, day cases.Date) error {
	to := t.Profile.DigestTo
	if len(to) == 0 {
		return nil
	}
	key := fmt.Sprintf("%s:%s", kindDigest, day)
	known, err := t.tx.KnowsOutgoing(digestKey(key, len(to)-1))
	if err != nil || known {
		return err
	}
	content, err := gather(t.Desk, t.tx, open, day)
	if err != nil {
		return err
	}
	if content.Weekly && t.Plan.Calendar.NextWorking(monday(day)) != day {
		return nil
	}
	for i, address := range to {
		content.To = address
		m, err := t.Composer.Digest(content)
		if err != nil {
			return fmt.Errorf("composing the digest of %s: %w", day, err)
		}
		if err := enqueueOnce(t.tx, digestKey(key, i), "", m); err != nil {
			return err
		}
	}
	return nil
}

// digestKey is the key of the i-th colleague's digest.
func digestKey(key string, i int) string {
	if i == 0 {
		return key
	}
	return fmt.Sprintf("%s:%d", key, i+1)
}

// monday is the first day of a day's week.
func monday(day cases.Date) cases.Date { return day.AddDays(-(int(day.Weekday()) + 6) % 7) }

// gather is what the digest of a day says. Weekly is set where it has nothing to say.
func gather(d *Desk, tx *store.Tx, open []cases.Case, day cases.Date) (reply.Digest, error) {
	content := reply.Digest{Day: day, Agenda: d.Plan.Agenda(open, day), Places: make(map[string]reply.Place, len(open)), Now: tx.Now}
	err := tx.EachOrigin(func(e store.Entry) { // the first of a case comes last
		content.Places[e.Case] = reply.Place{Folder: e.Folder, Received: e.Received}
	})
	if err != nil {
		return content, err
	}
	health, err := d.health(tx)
	content.Health = health
	content.Weekly = len(content.Agenda.Items)+len(health) == 0
	return content, err
}

// ErrNothingToSay means that a digest would be empty.
var ErrNothingToSay = errors.New("nothing is open and nothing is wrong")

// Digest composes the digest of a day as it would go to the first colleague, and sends nothing.
func (d *Desk) Digest(ctx context.Context, day cases.Date) (m reply.Mail, err error) {
	err = d.Store.View(ctx, func(tx *store.Tx) error {
		content, err := d.contentOf(tx, day)
		if err != nil {
			return err
		}
		if len(d.Profile.DigestTo) > 0 {
			content.To = d.Profile.DigestTo[0]
		}
		m, err = d.Composer.Digest(content)
		return err
	})
	return m, err
}

// SendDigest queues the digest of a day for every colleague, also where it went out before, and returns for how
// many.
func (d *Desk) SendDigest(ctx context.Context, day cases.Date) (n int, err error) {
	err = d.Store.Update(ctx, func(tx *store.Tx) error {
		content, err := d.contentOf(tx, day)
		if err != nil {
			return err
		}
		for i, to := range d.Profile.DigestTo {
			content.To = to
			m, err := d.Composer.Digest(content)
			if err != nil {
				return err
			}
			key := fmt.Sprintf("%s:%s:asked:%s:%d", kindDigest, day, tx.Now.Format("20060102T150405.000"), i+1)
			if err := enqueue(tx, key, "", m); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	d.poke()
	return n, err
}

func (d *Desk) contentOf(tx *store.Tx, day cases.Date) (reply.Digest, error) {
	open, err := tx.FindCases(store.CaseFilter{Statuses: []cases.Status{cases.Triage, cases.Open}})
	if err != nil {
		return reply.Digest{}, err
	}
	return gather(d, tx, open, day)
}
