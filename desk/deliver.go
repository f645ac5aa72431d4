package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/internal/caught"
	"guichetdunumerique.be/guichet/reply"
	"guichetdunumerique.be/guichet/store"
)

// outboxEvery is how often the outbox is looked at when nothing wakes it, for mails whose next attempt
// has come.
const outboxEvery = 20 * time.Second

// poke wakes the delivery.
func (d *Desk) poke() {
	select {
	case d.wake <- struct{}{}:
	default: // a token is there already
	}
}

// RunOutbox delivers until ctx ends. Recover comes before it.
func (d *Desk) RunOutbox(ctx context.Context) {
	tick := time.NewTicker(outboxEvery)
	defer tick.Stop()
	for {
		if err := caught.Run(func() error { return d.Deliver(ctx) }); err != nil && ctx.Err() == nil {
			d.Log.Error("delivering stopped, trying again", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-d.wake:
		case <-tick.C:
		}
	}
}

// Recover settles the mails that were being handed over when the program died. Whether a client's mail
// left is unknown: it is not sent again, staff are told. A mail to staff is sent again.
func (d *Desk) Recover(ctx context.Context) error {
	err := d.Store.Update(ctx, func(tx *store.Tx) error {
		doubt, err := tx.FindOutgoing(store.OutFilter{States: []store.OutState{store.OutSending}})
		if err != nil {
			return err
		}
		for _, o := range doubt {
			if err := d.settle(tx, o, &reply.SendError{Kind: reply.Unknown, Stage: "crash", Err: errors.New("the program stopped while sending")}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("settling mails in doubt: %w", err)
	}
	return nil
}

// Deliver hands over every mail that is due. A passing fault ends the round: the next mail would meet
// the same server.
func (d *Desk) Deliver(ctx context.Context) error {
	d.delivering.Lock()
	defer d.delivering.Unlock()
	if err := d.record(ctx); err != nil {
		return err
	}
	for ctx.Err() == nil {
		o, found, err := d.next(ctx)
		if err != nil || !found {
			return err
		}
		sent := caught.Run(func() error { return d.hand(ctx, o) })
		if fault := (*caught.Error)(nil); errors.As(sent, &fault) { // it may have left
			d.Log.Error("the program broke while sending", "case", o.Case, "kind", o.Kind, "err", fault)
			sent = &reply.SendError{Kind: reply.Unknown, Stage: "panic", Err: fault}
		}
		d.handed = &handed{o, sent}
		if err := d.record(ctx); err != nil {
			return err
		}
		var failure *reply.SendError
		if errors.As(sent, &failure) && failure.Kind == reply.Temporary && !failure.Recipient() && places[o.Kind] == "" {
			return nil
		}
	}
	return nil
}

// handed is a mail that SMTP has answered, and how.
type handed struct {
	mail store.Outgoing
	sent error
}

// record writes down how the last delivery went. Where it cannot, on a full disk say, the answer is kept
// and nothing else is sent until it can: what SMTP took is known, and must not become unknown.
func (d *Desk) record(ctx context.Context) error {
	if d.handed == nil {
		return nil
	}
	settle := func(tx *store.Tx) error { return d.settle(tx, d.handed.mail, d.handed.sent) }
	if err := d.Store.Update(context.WithoutCancel(ctx), settle); err != nil {
		return fmt.Errorf("recording a delivery: %w", err)
	}
	d.handed = nil
	return nil
}

// next marks one due mail as being sent, before anything leaves.
func (d *Desk) next(ctx context.Context) (o store.Outgoing, found bool, err error) {
	err = d.Store.Update(ctx, func(tx *store.Tx) error {
		due, err := tx.DueOutgoing(1)
		if err != nil || len(due) == 0 {
			return err
		}
		o, found = due[0], true
		o.State = store.OutSending
		o.Attempts++
		return tx.UpdateOutgoing(o)
	})
	return o, found, err
}

// hand gives one mail to SMTP.
func (d *Desk) hand(ctx context.Context, o store.Outgoing) error {
	m, err := reply.Decode(o.Payload)
	if err != nil {
		return &reply.SendError{Kind: reply.Permanent, Stage: "payload", Err: err}
	}
	if to, ok := places[o.Kind]; ok {
		return d.put(ctx, to, m)
	}
	return d.Sender.Send(ctx, m)
}

// settle records how a delivery went, and tells staff where a person must act. It goes by the row as it is now: the
// person may have been erased while the mail was on its way.
func (d *Desk) settle(tx *store.Tx, o store.Outgoing, sent error) error {
	var failure *reply.SendError
	if sent != nil && !errors.As(sent, &failure) {
		failure = &reply.SendError{Kind: reply.Temporary, Stage: "send", Err: sent}
	}
	o, err := tx.FindMail(o.Key)
	if isNotFound(err) {
		return nil // its case was emptied meanwhile
	}
	if err != nil {
		return err
	}
	client := slices.Contains(clientKinds, o.Kind)
	switch {
	case failure != nil && o.Payload == nil:
		return d.finish(tx, o, ending{state: store.OutFailed, why: "the person was erased meanwhile"})
	case failure == nil:
		return d.finish(tx, o, ending{state: store.OutSent})
	case failure.Kind == reply.Permanent:
		return d.finish(tx, o, ending{store.OutFailed, failure.Class(), reply.AlertNotSent})
	case failure.Kind == reply.Unknown && client:
		return d.finish(tx, o, ending{store.OutUnknown, failure.Class(), reply.AlertUnknown})
	case o.Attempts >= reply.MaxAttempts:
		return d.finish(tx, o, ending{store.OutFailed, "all attempts used up: " + failure.Class(), reply.AlertGaveUp})
	}
	o.State, o.LastError = store.OutQueued, failure.Class()
	o.NextAttempt = tx.Now.Add(reply.Backoff(o.Attempts))
	d.Log.Warn("mail not taken, trying again later", "case", o.Case, "kind", o.Kind, "attempt", o.Attempts, "why", o.LastError)
	return tx.UpdateOutgoing(o)
}

// ending is how a mail's way ended; alert is what staff are told of a client's mail, if anything.
type ending struct {
	state store.OutState
	why   string
	alert reply.AlertKind
}

// finish ends a mail's way: its words are removed from the outbox, its case and, where a person must act,
// staff are told.
func (d *Desk) finish(tx *store.Tx, o store.Outgoing, e ending) error {
	if err := d.copyToSent(tx, o, e); err != nil {
		return err
	}
	o.State, o.LastError, o.Payload, o.Done = e.state, e.why, nil, tx.Now
	if err := tx.UpdateOutgoing(o); err != nil {
		return err
	}
	d.Log.Info("mail finished", "case", o.Case, "kind", o.Kind, "state", e.state, "attempt", o.Attempts, "why", e.why)
	switch {
	case o.Kind == kindDraft:
		return d.drafted(tx, o, e)
	case !slices.Contains(clientKinds, o.Kind):
		return nil
	}
	event := cases.Event{Case: o.Case, Kind: cases.EventSent, By: "guichet", Note: o.Kind}
	if e.state != store.OutSent {
		event.Kind, event.Note = cases.EventNotSent, o.Kind+": "+e.why
	}
	if err := tx.AppendEvent(&event); err != nil || e.alert == "" {
		return err
	}
	return d.alert(tx, e.alert, o.Case, o.Key)
}
