package store

import (
	"errors"

	"guichetdunumerique.be/guichet/cases"
)

const eventColumns = "reference, seq, at, kind, actor, note, hash"

func scanEvent(r row) (cases.Event, error) {
	var e cases.Event
	var at string
	if err := r.Scan(&e.Case, &e.Seq, &at, &e.Kind, &e.By, &e.Note, &e.Hash); err != nil {
		return cases.Event{}, err
	}
	return e, read(&e.At, at)
}

// AppendEvent adds a line to a case's history: it sets Seq and Hash, and At where it is zero. ErrNotFound
// means that there is no such case.
func (tx *Tx) AppendEvent(e *cases.Event) error {
	last, err := scanEvent(tx.queryRow("SELECT "+eventColumns+" FROM event WHERE reference = $1 ORDER BY seq DESC LIMIT 1", e.Case))
	if err = notFound(err); err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if e.At.IsZero() {
		e.At = tx.Now
	}
	e.Seq, e.Hash = last.Seq+1, ""
	e.Hash = cases.Chain(last.Hash, *e)
	_, err = tx.exec("INSERT INTO event ("+eventColumns+") VALUES ($1, $2, $3, $4, $5, $6, $7)",
		e.Case, e.Seq, written(e.At), string(e.Kind), e.By, e.Note, e.Hash)
	return constraint(err)
}

// LastEvent is the number of a case's last event, 0 when it has none.
func (tx *Tx) LastEvent(reference string) (seq int, err error) {
	return seq, tx.queryRow("SELECT COALESCE(MAX(seq), 0) FROM event WHERE reference = $1", reference).Scan(&seq)
}

// FindEvents returns a case's history, oldest line first.
func (tx *Tx) FindEvents(reference string) ([]cases.Event, error) {
	return collect(tx, scanEvent, "SELECT "+eventColumns+" FROM event WHERE reference = $1 ORDER BY seq", reference)
}
