package desk

import (
	"cmp"
	"context"
	"strings"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/store"
)

// OpenCasesError says that a person cannot be forgotten: somebody still waits for an answer in these cases.
type OpenCasesError struct{ Cases []string }

func (e *OpenCasesError) Error() string {
	return "cases of this person are not closed: " + strings.Join(e.Cases, ", ")
}

// Kept is what there is of a person.
type Kept struct {
	Cases    []cases.Case
	Messages int // rows of the ledger about them
	Mails    int // mails of the outbox, sent or not
}

// Kept tells what there is of the person with an address.
func (d *Desk) Kept(ctx context.Context, address string) (k Kept, err error) {
	err = d.Store.View(ctx, func(tx *store.Tx) (err error) {
		if k.Cases, err = tx.FindCases(store.CaseFilter{Address: address}); err != nil {
			return err
		}
		for _, c := range k.Cases {
			entries, err1 := tx.FindEntries(store.EntryFilter{Case: c.Reference.String()})
			mails, err2 := tx.CountOutgoing(store.OutFilter{Case: c.Reference.String()})
			if err := cmp.Or(err1, err2); err != nil {
				return err
			}
			k.Messages, k.Mails = k.Messages+len(entries), k.Mails+mails
		}
		return nil
	})
	return k, err
}

// Forgetting is an order to erase a person.
type Forgetting struct {
	Address string
	By      string // who orders it, for the histories
	Force   string // why cases that are not closed are ended as withdrawn; "" refuses them
}

// Forgotten are the cases that a person was erased from: their own, and those in which a note named them.
type Forgotten struct{ Cases, Notes []string }

// Forget removes the person with an address from every case, at once and for good: a mail of theirs that comes back opens
// nothing. Cases that are not closed are an *OpenCasesError, and nothing is removed then, unless the order says why
// they end. An error that wraps store.ErrLocked means that all is removed, but traces stay in the database file until
// the daemon's next look.
func (d *Desk) Forget(ctx context.Context, order Forgetting) (done Forgotten, err error) {
	err = d.Store.Update(ctx, func(tx *store.Tx) (err error) {
		list, err := tx.FindCases(store.CaseFilter{Address: order.Address})
		if err != nil {
			return err
		}
		if open := notClosed(list); len(open) > 0 && order.Force == "" {
			return &OpenCasesError{open}
		}
		for _, k := range list {
			if err := d.forgetCase(tx, k, order); err != nil {
				return err
			}
			done.Cases = append(done.Cases, k.Reference.String())
		}
		if done.Notes, err = tx.StripNotes(order.Address, "a note named a person who was erased"); err != nil {
			return err
		}
		if err := tx.StripMessageIDs(order.Address); err != nil {
			return err
		}
		return tx.MarkErased(order.Address)
	})
	if err != nil {
		return Forgotten{}, err
	}
	d.poke()
	return done, d.Store.Scrub(ctx)
}

func notClosed(list []cases.Case) (refs []string) {
	for _, k := range list {
		if k.Status != cases.Closed {
			refs = append(refs, k.Reference.String())
		}
	}
	return refs
}

// forgetCase ends a case that is not closed, removes the person from it, and then tells colleagues of its end: their
// calendars still hold its last day.
func (d *Desk) forgetCase(tx *store.Tx, k cases.Case, order Forgetting) error {
	ref := k.Reference.String()
	if k.Status == cases.Closed {
		return tx.StripCase(ref, "asked for")
	}
	end := cases.Command{Verb: cases.VerbClose, Outcome: cases.Withdrawn}
	k, events, err := cases.Apply(k, end, cases.Office{By: order.By, Now: tx.Now, Term: d.Profile.Term})
	if err != nil {
		return err
	}
	if err := tx.UpdateCase(k); err != nil {
		return err
	}
	for _, e := range events {
		e.Case = ref
		if err := tx.AppendEvent(&e); err != nil {
			return err
		}
	}
	if err := tx.StripCase(ref, "asked for; not closed before: "+cases.OneLine(order.Force)); err != nil {
		return err
	}
	if k, err = tx.FindCase(ref); err != nil {
		return err
	}
	return d.notifyChanged(tx, k)
}

// returnedAfter is how much older than the last complete look at its folder a message must be to count as one that came
// back: less may be the clock of the server, or a filter that held it up.
const returnedAfter = time.Hour

// erasedSince reports whether the message is one of a person who was erased after it came, and that comes back: from a
// scan, from a mailbox or database that was restored, or moved. A message that nobody has seen yet is none, whatever
// its age: somebody may wait for its answer.
func (c *clerk) erasedSince() (bool, error) {
	address := c.j.Requester.Address
	if address == "" {
		return false, nil
	}
	at, err := c.tx.ErasedAt(address)
	if err != nil || !c.entry.Received.Before(at) {
		return false, err
	}
	if c.past {
		return true, nil
	}
	restored, err := c.tx.Moment(store.MomentRestored)
	if err != nil || c.entry.Received.Before(restored) {
		return err == nil, err
	}
	f, err := c.tx.FindFolder(c.a.Folder)
	return c.entry.Received.Before(f.Checked.Add(-returnedAfter)), err
}
