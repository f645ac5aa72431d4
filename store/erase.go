package store

import (
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"time"

	"guichetdunumerique.be/guichet/cases"
)

// StripCase removes the person from a case: name and address, the notes of its history and of its pauses, the mails to
// the person and the text of all others, the Message-IDs of its messages. A mail that was waiting is not sent any
// more. What was asked, its dates and its outcome stay. The history still proves itself (see cases.SealNote), and says
// why the person is gone. ErrNotFound means that there is no such case.
func (tx *Tx) StripCase(reference, why string) error {
	if err := tx.strip(reference); err != nil {
		return err
	}
	return tx.AppendEvent(&cases.Event{Case: reference, Kind: cases.EventErased, By: "guichet", Note: why})
}

func (tx *Tx) strip(reference string) error {
	c, err := tx.FindCase(reference)
	if err != nil {
		return err
	}
	address := c.Requester.Address
	c.Requester, c.Hold, c.Pauses = cases.Requester{}, "", slices.Clone(c.Pauses)
	for i := range c.Pauses {
		c.Pauses[i].Why = ""
	}
	if err := tx.UpdateCase(c); err != nil {
		return err
	}
	if err := tx.sealHistory(reference); err != nil {
		return err
	}
	if err := tx.stripped(tx.exec("UPDATE event SET note = '', salt = '' WHERE reference = $1", reference)); err != nil {
		return err
	}
	if _, err := tx.exec("UPDATE entry SET message_id = '' WHERE reference = $1", reference); err != nil {
		return err
	}
	return tx.stripMails(reference, address)
}

// stripMails removes what the mails of a case say and the person to whom they went. One that is just being sent keeps
// its state: how that ends is still to be recorded.
func (tx *Tx) stripMails(reference, address string) error {
	_, err := tx.exec(`UPDATE outgoing SET state = CASE state WHEN $2 THEN $3 ELSE $4 END, done = $5 WHERE reference = $1 AND state IN ($2, $6)`,
		reference, string(OutGathered), string(OutTold), string(OutFailed), written(tx.Now), string(OutQueued))
	if err != nil {
		return err
	}
	_, err = tx.exec("UPDATE outgoing SET payload = '', last_error = '', recipient = CASE WHEN recipient IN ($2, $3) THEN '' ELSE recipient END WHERE reference = $1",
		reference, addressKey(address), cases.Mailbox(address))
	return err
}

// sealHistory gives the notes of an older program the seals that they lack, and binds the history anew: only so can
// they go without a trace of what they said. A history that does not prove itself is left as it is: what was changed in
// it shall still show.
func (tx *Tx) sealHistory(reference string) error {
	events, err := tx.FindEvents(reference)
	if err != nil || cases.VerifyChain(events) != nil {
		return err
	}
	previous, changed := "", false
	for _, e := range events {
		if e.Seal == "" {
			e.Salt, changed = rand.Text(), true
			e.Seal = cases.SealNote(e.Salt, e.Note)
		}
		e.Hash = cases.Chain(previous, e)
		previous = e.Hash
		if !changed {
			continue
		}
		if _, err := tx.exec("UPDATE event SET salt = $3, seal = $4, hash = $5 WHERE reference = $1 AND seq = $2", e.Case, e.Seq, e.Salt, e.Seal, e.Hash); err != nil {
			return err
		}
	}
	if !changed {
		return nil
	}
	_, err = tx.exec("UPDATE request SET chain = $2 WHERE reference = $1", reference, previous)
	return err
}

// StripNotes removes the notes in which a text stands, whatever its case, from the histories and pauses of all cases,
// and returns those cases. Their histories say that it was done.
func (tx *Tx) StripNotes(text, why string) (references []string, err error) {
	text = strings.ToLower(text)
	scan := func(r row) (reference string, err error) { return reference, r.Scan(&reference) }
	references, err = collect(tx, scan, `SELECT reference FROM event WHERE instr(lower(note), $1) > 0
		UNION SELECT reference FROM request WHERE instr(lower(pauses), $1) > 0 ORDER BY 1`, text)
	for _, reference := range references {
		if err := tx.stripNotesOf(reference, text); err != nil {
			return nil, err
		}
		if err := tx.AppendEvent(&cases.Event{Case: reference, Kind: cases.EventErased, By: "guichet", Note: why}); err != nil {
			return nil, err
		}
	}
	return references, err
}

func (tx *Tx) stripNotesOf(reference, text string) error {
	c, err := tx.FindCase(reference)
	if err != nil {
		return err
	}
	for i, p := range c.Pauses {
		if strings.Contains(strings.ToLower(p.Why), text) {
			c.Pauses[i].Why = ""
		}
	}
	if err := errors.Join(tx.UpdateCase(c), tx.sealHistory(reference)); err != nil {
		return err
	}
	return tx.stripped(tx.exec("UPDATE event SET note = '', salt = '' WHERE reference = $1 AND instr(lower(note), $2) > 0", reference, text))
}

// EmptyCase removes what StripCase left of a case, but for its number, so that the series has no gap.
func (tx *Tx) EmptyCase(reference string) error {
	if err := tx.strip(reference); err != nil {
		return err
	}
	for _, query := range []string{
		`UPDATE request SET outcome = '', identity = '', language = '', rights = '[]', flags = '[]', received = '', due = '', due_why = '[]',
			latest = '', latest_why = '[]', extended = '', first_reply = '', opened = '', closed = '', related = '', pauses = '[]', marketing = FALSE,
			id_copy = '', chain = '' WHERE reference = $1`,
		"DELETE FROM event WHERE reference = $1",
		"DELETE FROM outgoing WHERE reference = $1",
		"UPDATE entry SET reference = '' WHERE reference = $1",
	} {
		if _, err := tx.exec(query, reference); err != nil {
			return err
		}
	}
	return nil
}

// WithPersonBefore returns the closed cases that still hold something of a person from before a moment and ended before
// it, the first to end first: name or address, notes, or Message-IDs, such as of a mail that came after all was
// removed once.
func (tx *Tx) WithPersonBefore(moment time.Time, limit int) ([]string, error) {
	return tx.endedBefore(moment, limit, `AND (address <> '' OR name <> ''
		OR EXISTS (SELECT 1 FROM event WHERE event.reference = request.reference AND salt <> '' AND kind <> $4 AND at < $2)
		OR EXISTS (SELECT 1 FROM entry WHERE entry.reference = request.reference AND message_id <> '' AND recorded < $2))`, string(cases.EventErased))
}

// ClosedBefore returns the closed cases that ended before a moment, the first to end first.
func (tx *Tx) ClosedBefore(moment time.Time, limit int) ([]string, error) {
	return tx.endedBefore(moment, limit, "")
}

func (tx *Tx) endedBefore(moment time.Time, limit int, further string, args ...any) ([]string, error) {
	scan := func(r row) (reference string, err error) { return reference, r.Scan(&reference) }
	return collect(tx, scan, "SELECT reference FROM request WHERE status = $1 AND closed <> '' AND closed < $2 "+further+" ORDER BY closed, reference LIMIT $3",
		append([]any{string(cases.Closed), written(moment), limit}, args...)...)
}

// StripMails removes the recipients of mails that ended before a moment, but for those of some kinds.
func (tx *Tx) StripMails(before time.Time, but []string) error {
	var w where
	w.add("done < ?", written(before))
	w.terms = append(w.terms, "done <> ''", "recipient <> ''")
	for _, kind := range but {
		w.add("kind <> ?", kind)
	}
	return tx.stripped(tx.exec("UPDATE outgoing SET recipient = '', payload = ''"+w.clause(), w.args...))
}

// StripEntries removes the Message-IDs of messages that were filed before a moment and belong to no case.
func (tx *Tx) StripEntries(before time.Time) error {
	return tx.stripped(tx.exec("UPDATE entry SET message_id = '' WHERE reference = '' AND message_id <> '' AND recorded < $1", written(before)))
}

// StripMessageIDs removes the Message-IDs in which a text stands: some programs put the writer's address into them.
func (tx *Tx) StripMessageIDs(text string) error {
	return tx.stripped(tx.exec("UPDATE entry SET message_id = '' WHERE instr(lower(message_id), $1) > 0", strings.ToLower(text)))
}
