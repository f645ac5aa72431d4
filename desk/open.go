package desk

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/classify"
	"guichetdunumerique.be/guichet/reply"
	"guichetdunumerique.be/guichet/store"
)

func isNotFound(err error) bool { return errors.Is(err, store.ErrNotFound) }

// open makes a case of the message and acknowledges it, or says why not.
func (c *clerk) open(t thread) error {
	k := c.newCase(t)
	if c.past {
		k.Hold = strings.TrimSuffix(heldPast+"; "+k.Hold, "; ")
	}
	var err error
	if k.Hold == "" {
		if k.Hold, err = c.mayAcknowledge(k, t); err != nil {
			return err
		}
	}
	if err := c.tx.CreateCase(&k, c.Profile.Prefix); err != nil {
		return err
	}
	ref := k.Reference.String()
	if err := c.event(ref, cases.EventOpened, c.openedNote(k)); err != nil {
		return err
	}
	if t.foreign != "" {
		if err := c.event(t.foreign, cases.EventForeign, "another person quoted this reference in a request of his own, "+ref); err != nil {
			return err
		}
	}
	if err := c.acknowledge(k); err != nil {
		return err
	}
	if err := c.tellOpened(k); err != nil {
		return err
	}
	if err := c.draftAnswer(k); err != nil {
		return err
	}
	if c.j.Unread != "" {
		return c.fate(cases.FateUnreadable, ref, c.j.Unread)
	}
	return c.fate(cases.FateCase, ref, string(c.j.Decision))
}

// newCase is the case as the message alone makes it.
func (c *clerk) newCase(t thread) cases.Case {
	received := c.entry.Received
	dates := c.Profile.Term.Dates(received)
	k := cases.Case{
		Reference: cases.Reference{Year: cases.DateOf(c.tx.Now, c.Profile.zone()).Year},
		Status:    cases.Open,
		Identity:  c.j.Identity,
		Requester: c.j.Requester,
		Language:  c.j.Verdict.Language,
		Rights:    c.j.Verdict.Rights,
		Flags:     c.j.Flags,
		Hold:      c.j.Hold,
		Received:  received,
		Due:       dates.Due,
		DueWhy:    dates.Why,
		Latest:    dates.Latest,
		LatestWhy: dates.LatestWhy,
		Opened:    c.tx.Now,
		Marketing: c.j.Verdict.Marketing,
	}
	if k.Identity == cases.IdentityCandidate {
		k.Copy = cases.CopyHeld
	}
	if c.j.Decision != classify.OpenCase {
		k.Status = cases.Triage
	}
	if t.found {
		k.Related = t.of.Reference.String()
		if t.of.Status != cases.Closed {
			k.Rights = without(k.Rights, t.of.Rights)
		}
	}
	if c.dateDoubt() {
		k.Flags = append(slices.Clone(k.Flags), cases.DateDoubt)
		slices.Sort(k.Flags)
	}
	return k
}

// openedNote says what opened the case: the rules that spoke, no words of the message.
func (c *clerk) openedNote(k cases.Case) string {
	var parts []string
	if c.j.Unread != "" {
		parts = append(parts, "could not be read: "+c.j.Unread)
	}
	if ids := ruleIDs(c.j.Verdict.Evidence); len(ids) > 0 {
		parts = append(parts, "rules "+strings.Join(ids, ", "))
	}
	if k.Related != "" {
		parts = append(parts, "grew out of "+k.Related)
	}
	if c.j.Writer != Client {
		parts = append(parts, "handed on by "+string(c.j.Writer))
	}
	parts = append(parts, fmt.Sprintf("confidence %.2f", c.j.Verdict.Score))
	return strings.Join(parts, "; ")
}

// ruleIDs lists the rules that made a verdict, each once, at most a dozen.
func ruleIDs(evidence []classify.Evidence) []string {
	var ids []string
	for _, e := range evidence {
		if !slices.Contains(ids, e.Rule) && len(ids) < 12 {
			ids = append(ids, e.Rule)
		}
	}
	return ids
}

// acknowledge puts the acknowledgement into the outbox, or notes why a person must write it.
func (c *clerk) acknowledge(k cases.Case) error {
	ref := k.Reference.String()
	if k.Hold != "" {
		return c.event(ref, cases.EventAckHeld, k.Hold)
	}
	m, err := c.Composer.Acknowledge(reply.Acknowledgement{
		Case: k, ParentID: c.m.MessageID, ParentReferences: c.parentReferences(),
		IdentityAsked: c.Profile.AskIdentity, Now: c.tx.Now,
	})
	if err != nil {
		return fmt.Errorf("composing the acknowledgement of %s: %w", ref, err)
	}
	if err := c.enqueue("ack:"+ref, ref, m); err != nil {
		return err
	}
	return c.event(ref, cases.EventAckQueued, "language "+k.Language)
}

// parentReferences is the thread so far (RFC 5322 section 3.6.4): References, or a single In-Reply-To.
func (c *clerk) parentReferences() []string {
	if len(c.m.References) > 0 {
		return c.m.References
	}
	if len(c.m.InReplyTo) == 1 {
		return c.m.InReplyTo
	}
	return nil
}

// enqueue puts a mail into the outbox under its key.
func (c *clerk) enqueue(key, ref string, m reply.Mail) error { return enqueue(c.tx, key, ref, m) }

// enqueue puts a mail into the outbox under its key, due at once.
func enqueue(tx *store.Tx, key, ref string, m reply.Mail) error {
	payload, err := m.Encode()
	if err != nil {
		return err
	}
	to := m.To
	if slices.Contains(clientKinds, kindOf(key)) {
		to = cases.Mailbox(to)
	}
	return tx.Enqueue(&store.Outgoing{
		Key: key, Kind: kindOf(key), Case: ref, Recipient: to, MessageID: m.MessageID, Payload: payload,
		State: store.OutQueued, NextAttempt: tx.Now, Created: tx.Now,
	})
}

// kindOf is the kind of mail that a key names.
func kindOf(key string) string {
	kind, _, _ := strings.Cut(key, ":")
	return kind
}

// alert tells every colleague on the list that something needs a person. what makes the key unique, so
// that the same happening is told once.
func (d *Desk) alert(tx *store.Tx, kind reply.AlertKind, ref, what string) error {
	for i, to := range d.Profile.Staff {
		err := d.tellOne(tx, fmt.Sprintf("%s:%s:%s:%d", kindAlert, kind, what, i+1), ref, to, string(kind), func() (reply.Mail, error) {
			m, err := d.Composer.Alert(reply.Alert{Kind: kind, Case: ref, To: to, Now: tx.Now})
			if err != nil {
				return m, fmt.Errorf("composing an alert: %w", err)
			}
			return m, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
