package desk

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/reply"
	"guichetdunumerique.be/guichet/store"
)

// Why automatic mail is held for its number alone (B14), or for what it would answer (B15).
const (
	heldExchange = "B15 in an exchange acknowledged today"
	heldHour     = "B14 enough automatic mails this hour"
	heldDay      = "B14 enough automatic mails to this address today"
	heldForever  = "B14 automatic mails that nobody followed up went to this address"
)

// unfollowed is how many automatic mails go to an address, for ever, before a person has dealt with one of its
// cases. A machine that answers whatever it gets is silenced by it; a person gets an answer from a person.
const unfollowed = 3

// mayAcknowledge is the part of the refusal rules that depends on the clock and on earlier mail.
func (c *clerk) mayAcknowledge(k cases.Case, t thread) (hold string, err error) {
	if c.tx.Now.Sub(k.Received) > c.Profile.AnswerWithin {
		return "B18 arrived too long ago", nil
	}
	if restored, err := c.tx.Moment(store.MomentRestored); err != nil || k.Received.Before(restored) {
		return "B18 from before the database was restored: an answer may have left", err
	}
	if again, err := c.exchange(k.Requester.Address, t); err != nil || again {
		return heldExchange, err
	}
	hold, err = c.tooMany(c.tx, k.Requester.Address)
	if err == nil && hold == heldHour {
		err = c.alarm(c.tx)
	}
	return hold, err
}

// exchange reports whether a message belongs to, or quotes, an exchange in which an automatic mail went to the
// same mailbox within a day: two machines would go on for ever, a person asks one thing after another.
func (c *clerk) exchange(address string, t thread) (bool, error) {
	ours := func(r cases.Reference) bool { return strings.EqualFold(r.Prefix, c.Profile.Prefix) }
	if !t.found && !slices.ContainsFunc(cases.FindReferences(c.m.Text), ours) {
		return false, nil
	}
	return c.tx.HasOutgoing(store.OutFilter{Recipient: cases.Mailbox(address), Kinds: clientKinds, Since: c.tx.Now.Add(-24 * time.Hour)}, 1)
}

// tooMany says why no further automatic mail may go to an address for now; "" when one may. Spellings that reach
// the same mailbox count as one address.
func (d *Desk) tooMany(tx *store.Tx, address string) (hold string, err error) {
	box := cases.Mailbox(address)
	today := store.OutFilter{Recipient: box, Kinds: clientKinds, Since: tx.Now.Add(-24 * time.Hour)}
	if many, err := tx.HasOutgoing(today, d.Profile.RepliesPerAddress); err != nil || many {
		return heldDay, err
	}
	if ignored, err := d.unfollowed(tx, box); err != nil || ignored {
		return heldForever, err
	}
	if many, err := tx.HasOutgoing(d.lastHour(tx), d.Profile.RepliesPerHour); err != nil || many {
		return heldHour, err
	}
	return "", nil
}

// lastHour selects the automatic mails to all clients of the last hour.
func (d *Desk) lastHour(tx *store.Tx) store.OutFilter {
	return store.OutFilter{Kinds: clientKinds, Since: tx.Now.Add(-time.Hour)}
}

// unfollowed reports whether the last automatic mails to a mailbox were about cases that no person dealt with.
func (d *Desk) unfollowed(tx *store.Tx, box string) (bool, error) {
	mails, err := tx.FindOutgoing(store.OutFilter{Recipient: box, Kinds: clientKinds})
	if err != nil {
		return false, err
	}
	n := 0
	for _, o := range mails {
		of, err := tx.FindCase(o.Case)
		if err != nil {
			return false, err
		}
		if !dealtWith(of) {
			n++
		}
	}
	return n >= unfollowed, nil
}

// dealtWith reports whether somebody of staff has answered a case, or ended it as a person's request.
func dealtWith(k cases.Case) bool {
	switch k.Outcome {
	case cases.Fulfilled, cases.Partly, cases.Refused, cases.Withdrawn:
		return true
	}
	return !k.FirstReply.IsZero()
}

// alarm tells every colleague, once in a day, that the cap of an hour was reached.
func (d *Desk) alarm(tx *store.Tx) error {
	told, err := tx.HasOutgoing(store.OutFilter{Kinds: []string{kindFlood}, Since: tx.Now.Add(-24 * time.Hour)}, 1)
	if err != nil || told {
		return err
	}
	for i, to := range d.Profile.Staff {
		m, err := d.Composer.Alert(reply.Alert{Kind: reply.AlertRate, To: to, Now: tx.Now})
		if err != nil {
			return fmt.Errorf("composing an alert: %w", err)
		}
		if err := enqueue(tx, fmt.Sprintf("%s:%s:%d", kindFlood, tx.Now.UTC().Format("20060102T150405.000"), i+1), "", m); err != nil {
			return err
		}
	}
	return nil
}

// lateRoom is how many acknowledgements that an hour had no room for are sent later by themselves, in hours of
// the cap. More than that is no busy day but an attack, which a person judges first.
const lateRoom = 4

// catchUp sends, once a rush is over, the acknowledgements that it left no room for. It uses half of the hour's
// cap, so that new requests find room.
func (t *ticker) catchUp(open []cases.Case) error {
	var held []cases.Case
	for _, k := range open {
		if k.Hold == heldHour && k.Status == cases.Open && k.FirstReply.IsZero() && t.tx.Now.Sub(k.Received) <= t.Profile.AnswerWithin {
			held = append(held, k)
		}
	}
	if len(held) == 0 || len(held) > lateRoom*t.Profile.RepliesPerHour {
		return nil
	}
	sent, err := t.tx.CountOutgoing(t.lastHour(t.tx))
	if err != nil {
		return err
	}
	for _, k := range held[:min(len(held), max(0, t.Profile.RepliesPerHour/2-sent))] {
		if err := t.acknowledgeLate(k); err != nil {
			return err
		}
	}
	return nil
}

// acknowledgeLate queues the acknowledgement of a case that was held for the hour's cap alone.
func (t *ticker) acknowledgeLate(k cases.Case) error {
	hold, err := t.tooMany(t.tx, k.Requester.Address)
	if err != nil || hold != "" {
		return err
	}
	ref := k.Reference.String()
	_, id, err := origin(t.tx, ref)
	if err != nil {
		return err
	}
	k.Hold = ""
	m, err := t.Composer.Acknowledge(reply.Acknowledgement{Case: k, ParentID: id, IdentityAsked: t.Profile.AskIdentity, Now: t.tx.Now})
	if err != nil {
		return fmt.Errorf("composing the acknowledgement of %s: %w", ref, err)
	}
	return errors.Join(
		t.tx.UpdateCase(k), enqueue(t.tx, "ack:"+ref, ref, m),
		t.tx.AppendEvent(&cases.Event{Case: ref, Kind: cases.EventAckQueued, By: "guichet", Note: "after a rush; language " + k.Language}),
	)
}
