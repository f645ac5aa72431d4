package desk

import (
	"crypto/rand"
	"fmt"
	"time"

	"guichetdunumerique.be/guichet/reply"
	"guichetdunumerique.be/guichet/store"
)

// What a rush of mail, hostile or not, does to the mails to staff. A colleague gets Profile.NoticesPerHour of them
// one by one. What happens beyond leaves a row in the outbox that stands for its notice, and all such rows are
// told in one summary an hour: nothing is hidden, and nobody's mailbox is flooded by way of ours.

// The usual bounds: what a person can still look at.
const (
	NoticesPerHour  = 30
	RemindersPerDay = 40
)

// summaryEvery is how long the next summary waits after the last.
const summaryEvery = time.Hour

// rushKinds are the kinds of mail to staff that strangers can cause any number of.
var rushKinds = []string{kindNotice, kindAlert}

// tellOne puts a notice or an alert to one colleague into the outbox, once for its key; in a rush only a row that
// stands for it. What was gathered counts, so that a rush ends an hour after it calmed down.
func (d *Desk) tellOne(tx *store.Tx, key, ref, to, why string, compose func() (reply.Mail, error)) error {
	rush, err := tx.HasOutgoing(store.OutFilter{Recipient: to, Kinds: rushKinds, Since: tx.Now.Add(-time.Hour)}, d.Profile.NoticesPerHour)
	if err != nil {
		return err
	}
	if rush {
		return ignoreKnown(tx.Enqueue(&store.Outgoing{
			Key: key, Kind: kindOf(key), Case: ref, Recipient: to, MessageID: rand.Text(), Payload: []byte(why), State: store.OutGathered,
		}))
	}
	m, err := compose()
	if err != nil {
		return err
	}
	return enqueueOnce(tx, key, ref, m)
}

// summaries queues the summaries that are due.
func (t *ticker) summaries() error {
	waiting, err := t.tx.GatheredFor()
	if err != nil {
		return err
	}
	for _, to := range waiting {
		recent, err := t.tx.HasOutgoing(store.OutFilter{Recipient: to, Kinds: []string{kindSummary}, Since: t.tx.Now.Add(-summaryEvery)}, 1)
		if err != nil {
			return err
		}
		if recent {
			continue
		}
		if t.Profile.onStaff(to) { // whoever left is told nothing more
			if err := t.summarize(to); err != nil {
				return err
			}
		}
		if err := t.tx.TellGathered(to); err != nil {
			return err
		}
	}
	return nil
}

// summarize queues one colleague's summary of all that waits for it.
func (t *ticker) summarize(to string) error {
	list, groups, happenings, err := t.tx.FindGathered(to, reply.MaxSummary)
	if err != nil {
		return err
	}
	s := reply.Summary{Count: happenings, More: groups - len(list), To: to, Now: t.tx.Now}
	for _, g := range list {
		line := reply.SummaryLine{Why: g.Why, Count: g.Count}
		if g.Case != "" {
			if line.Case, err = t.tx.FindCase(g.Case); err != nil {
				return err
			}
		}
		s.Lines = append(s.Lines, line)
	}
	m, err := t.Composer.Summarize(s)
	if err != nil {
		return fmt.Errorf("composing a summary: %w", err)
	}
	return enqueue(t.tx, fmt.Sprintf("%s:%s:%s", kindSummary, t.tx.Now.UTC().Format("20060102T150405.000"), m.MessageID), "", m)
}
