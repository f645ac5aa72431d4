package store

import (
	"crypto/rand"
	"errors"

	"guichetdunumerique.be/guichet/cases"
)

const eventColumns = "reference, seq, at, kind, actor, note, salt, seal, hash"

func eventValues(e cases.Event) []any {
	return []any{e.Case, e.Seq, written(e.At), string(e.Kind), e.By, e.Note, e.Salt, e.Seal, e.Hash}
}

func scanEvent(r row) (cases.Event, error) {
	var e cases.Event
	var at string
	if err := r.Scan(&e.Case, &e.Seq, &at, &e.Kind, &e.By, &e.Note, &e.Salt, &e.Seal, &e.Hash); err != nil {
		return cases.Event{}, err
	}
	return e, read(&e.At, at)
}

// AppendEvent adds a line to a case's history: it sets Seq, Salt, Seal and Hash, and At where it is zero. ErrNotFound
// means that there is no such case.
func (tx *Tx) AppendEvent(e *cases.Event) error {
	last, err := scanEvent(tx.queryRow("SELECT "+eventColumns+" FROM event WHERE reference = $1 ORDER BY seq DESC LIMIT 1", e.Case))
	if err = notFound(err); err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if e.At.IsZero() {
		e.At = tx.Now
	}
	e.Seq, e.Salt = last.Seq+1, rand.Text()
	e.Seal = cases.SealNote(e.Salt, e.Note)
	e.Hash = cases.Chain(last.Hash, *e)
	values := eventValues(*e)
	if _, err = tx.exec("INSERT INTO event ("+eventColumns+") VALUES ("+marks(len(values))+")", values...); err != nil {
		return constraint(err)
	}
	return changedOne(tx.exec("UPDATE request SET chain = $2 WHERE reference = $1", e.Case, e.Hash))
}

// LastEvent is the number of a case's last event, 0 when it has none.
func (tx *Tx) LastEvent(reference string) (seq int, err error) {
	return seq, tx.queryRow("SELECT COALESCE(MAX(seq), 0) FROM event WHERE reference = $1", reference).Scan(&seq)
}

// FindEvents returns a case's history, oldest line first.
func (tx *Tx) FindEvents(reference string) ([]cases.Event, error) {
	return collect(tx, scanEvent, "SELECT "+eventColumns+" FROM event WHERE reference = $1 ORDER BY seq", reference)
}
