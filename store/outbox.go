package store

import (
	"errors"
	"fmt"
	"time"
)

const outColumns = "key, kind, reference, recipient, message_id, payload, state, attempts, next_attempt, created, done, last_error"

func outValues(o Outgoing) []any {
	return []any{
		o.Key, o.Kind, o.Case, addressKey(o.Recipient), o.MessageID, string(o.Payload), string(o.State), o.Attempts,
		written(o.NextAttempt), written(o.Created), written(o.Done), o.LastError,
	}
}

func scanOut(r row) (Outgoing, error) {
	var o Outgoing
	var payload, next, created, done string
	err := r.Scan(&o.Key, &o.Kind, &o.Case, &o.Recipient, &o.MessageID, &payload, &o.State, &o.Attempts, &next, &created, &done, &o.LastError)
	if err != nil {
		return Outgoing{}, err
	}
	if payload != "" {
		o.Payload = []byte(payload)
	}
	return o, errors.Join(read(&o.NextAttempt, next), read(&o.Created, created), read(&o.Done, done))
}

// Enqueue adds a mail to the outbox: queued, and created now, where o does not say otherwise. ErrExists
// means that its key, or its Message-ID, was there before.
func (tx *Tx) Enqueue(o *Outgoing) error {
	if o.State == "" {
		o.State = OutQueued
	}
	if o.Created.IsZero() {
		o.Created = tx.Now
	}
	_, err := tx.exec("INSERT INTO outgoing ("+outColumns+") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)", outValues(*o)...)
	return constraint(err)
}

// KnowsOutgoing reports whether a key is or was in the outbox.
func (tx *Tx) KnowsOutgoing(key string) (bool, error) {
	var n int
	err := tx.queryRow("SELECT COUNT(*) FROM outgoing WHERE key = $1", key).Scan(&n)
	return n > 0, err
}

// FindMail returns the mail with a key, or ErrNotFound.
func (tx *Tx) FindMail(key string) (Outgoing, error) {
	o, err := scanOut(tx.queryRow("SELECT "+outColumns+" FROM outgoing WHERE key = $1", key))
	return o, notFound(err)
}

// UpdateOutgoing replaces a mail of the outbox, or returns ErrNotFound.
func (tx *Tx) UpdateOutgoing(o Outgoing) error {
	return changedOne(tx.exec("UPDATE outgoing SET ("+outColumns+") = ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) WHERE key = $1", outValues(o)...))
}

// DueOutgoing returns the queued mails whose next attempt has come, the longest waiting first.
func (tx *Tx) DueOutgoing(limit int) ([]Outgoing, error) {
	return collect(tx, scanOut, "SELECT "+outColumns+" FROM outgoing WHERE state = $1 AND next_attempt <= $2 ORDER BY next_attempt, key LIMIT $3",
		string(OutQueued), written(tx.Now), limit)
}

// HastenOutgoing makes the queued mails due now whose next attempt lies beyond a moment: where nobody asks for so
// long a wait, the clock has been set back since they were queued.
func (tx *Tx) HastenOutgoing(beyond time.Time) error {
	_, err := tx.exec("UPDATE outgoing SET next_attempt = $1 WHERE state = $2 AND next_attempt > $3",
		written(tx.Now), string(OutQueued), written(beyond))
	return err
}

func (f OutFilter) where() *where {
	var w where
	if f.Recipient != "" {
		w.add("recipient = ?", addressKey(f.Recipient))
	}
	if len(f.Kinds) > 0 {
		in(&w, "kind", f.Kinds)
	}
	if len(f.States) > 0 {
		in(&w, "state", f.States)
	}
	if f.Case != "" {
		w.add("reference = ?", f.Case)
	}
	if !f.Since.IsZero() {
		w.add("created >= ?", written(f.Since))
	}
	if f.MessageID != "" {
		w.add("message_id = ?", f.MessageID)
	}
	return &w
}

// FindOutgoing returns the mails that a filter selects, oldest first.
func (tx *Tx) FindOutgoing(f OutFilter) ([]Outgoing, error) {
	w := f.where()
	return collect(tx, scanOut, "SELECT "+outColumns+" FROM outgoing"+w.clause()+" ORDER BY created, key", w.args...)
}

// CountOutgoing counts the mails that a filter selects.
func (tx *Tx) CountOutgoing(f OutFilter) (n int, err error) {
	w := f.where()
	return n, tx.queryRow("SELECT COUNT(*) FROM outgoing"+w.clause(), w.args...).Scan(&n)
}

// HasOutgoing reports whether a filter selects n mails or more. It reads no further than that, so that a flood
// makes it no slower.
func (tx *Tx) HasOutgoing(f OutFilter, n int) (bool, error) {
	w := f.where()
	var found int
	err := tx.queryRow("SELECT COUNT(*) FROM (SELECT 1 FROM outgoing"+w.clause()+fmt.Sprintf(" LIMIT %d) AS some", n), w.args...).Scan(&found)
	return found >= n, err
}

// WaitingOutgoing counts the mails that have waited since a moment or longer, and tells since when the oldest has.
func (tx *Tx) WaitingOutgoing(since time.Time) (n int, oldest time.Time, err error) {
	var created string
	err = tx.queryRow("SELECT COUNT(*), COALESCE(MIN(created), '') FROM outgoing WHERE state IN ($1, $2) AND created <= $3",
		string(OutQueued), string(OutSending), written(since)).Scan(&n, &created)
	if err == nil {
		err = read(&oldest, created)
	}
	return n, oldest, err
}
