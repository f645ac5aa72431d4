package store

import (
	"errors"

	"guichetdunumerique.be/guichet/cases"
)

const entryColumns = "id, folder, uidvalidity, uid, message_id, fingerprint, size, received, fate, reason, reference, recorded"

func scanEntry(r row) (Entry, error) {
	var e Entry
	var received, recorded string
	err := r.Scan(&e.ID, &e.Folder, &e.UIDValidity, &e.UID, &e.MessageID, &e.Fingerprint, &e.Size, &received,
		&e.Fate, &e.Reason, &e.Case, &recorded)
	if err != nil {
		return Entry{}, err
	}
	return e, errors.Join(read(&e.Received, received), read(&e.Recorded, recorded))
}

// CreateEntry adds a message to the ledger and sets its ID and Recorded. ErrExists means that the
// message at this place has its row already.
func (tx *Tx) CreateEntry(e *Entry) error {
	e.Recorded = tx.Now
	err := tx.queryRow(`INSERT INTO entry (`+entryColumns+`)
		SELECT COALESCE(MAX(id), 0) + 1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 FROM entry RETURNING id`,
		e.Folder, e.UIDValidity, e.UID, e.MessageID, e.Fingerprint, e.Size, written(e.Received),
		string(e.Fate), e.Reason, e.Case, written(e.Recorded)).Scan(&e.ID)
	return constraint(err)
}

// FindEntry returns the message at one place of the mailbox, or ErrNotFound.
func (tx *Tx) FindEntry(folder string, uidvalidity, uid uint32) (Entry, error) {
	e, err := scanEntry(tx.queryRow("SELECT "+entryColumns+" FROM entry WHERE folder = $1 AND uidvalidity = $2 AND uid = $3",
		folder, uidvalidity, uid))
	return e, notFound(err)
}

func (f EntryFilter) where() *where {
	var w where
	if f.Folder != "" {
		w.add("folder = ?", f.Folder)
	}
	if len(f.MessageIDs) > 0 {
		in(&w, "message_id", f.MessageIDs)
	}
	if f.Fingerprint != "" {
		w.add("fingerprint = ?", f.Fingerprint)
	}
	if f.Case != "" {
		w.add("reference = ?", f.Case)
	}
	if f.Fate != "" {
		w.add("fate = ?", string(f.Fate))
	}
	if !f.Since.IsZero() {
		w.add("recorded >= ?", written(f.Since))
	}
	return &w
}

// FindEntries returns the messages that a filter selects, oldest row first.
func (tx *Tx) FindEntries(f EntryFilter) ([]Entry, error) {
	w := f.where()
	return collect(tx, scanEntry, "SELECT "+entryColumns+" FROM entry"+w.clause()+" ORDER BY id", w.args...)
}

// CountFates counts the messages by what became of them.
func (tx *Tx) CountFates() (map[cases.Fate]int, error) {
	type count struct {
		fate cases.Fate
		n    int
	}
	scan := func(r row) (c count, err error) { return c, r.Scan(&c.fate, &c.n) }
	list, err := collect(tx, scan, "SELECT fate, COUNT(*) FROM entry GROUP BY fate")
	counts := map[cases.Fate]int{}
	for _, c := range list {
		counts[c.fate] = c.n
	}
	return counts, err
}

// MoveEntry carries a message to the place where it lies now. ErrExists means that the place is taken.
func (tx *Tx) MoveEntry(id int64, folder string, uidvalidity, uid uint32) error {
	return constraint(changedOne(tx.exec("UPDATE entry SET folder = $2, uidvalidity = $3, uid = $4 WHERE id = $1",
		id, folder, uidvalidity, uid)))
}

// UnplaceEntries forgets where the messages of a folder lie, since the server numbered it anew. Each keeps its
// row, at a place that no message has.
func (tx *Tx) UnplaceEntries(folder string) error {
	_, err := tx.exec("UPDATE entry SET uidvalidity = 0, uid = id WHERE folder = $1", folder)
	return err
}

// EachOrigin gives the message that opened each case which is not closed: where it lies, when it came, its
// Message-ID and its case.
func (tx *Tx) EachOrigin(each func(Entry)) error {
	rows, err := tx.sql.QueryContext(tx.ctx, numbered(`SELECT e.reference, e.folder, e.received, e.message_id
		FROM request r JOIN entry e ON e.reference = r.reference
		WHERE r.status IN ($1, $2) AND e.fate IN ($3, $4) ORDER BY e.id DESC`),
		string(cases.Triage), string(cases.Open), string(cases.FateCase), string(cases.FateUnreadable))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var e Entry
		var received string
		if err := rows.Scan(&e.Case, &e.Folder, &received, &e.MessageID); err != nil {
			return err
		}
		if err := read(&e.Received, received); err != nil {
			return err
		}
		each(e)
	}
	return rows.Err()
}

// UpdateEntry replaces what is known of a message, but for its place; or returns ErrNotFound.
func (tx *Tx) UpdateEntry(e Entry) error {
	return changedOne(tx.exec("UPDATE entry SET message_id = $2, fingerprint = $3, size = $4, fate = $5, reason = $6, reference = $7 WHERE id = $1",
		e.ID, e.MessageID, e.Fingerprint, e.Size, string(e.Fate), e.Reason, e.Case))
}

// EachPlace gives the place of every message of a folder, by UID.
func (tx *Tx) EachPlace(folder string, uidvalidity uint32, each func(uid uint32)) error {
	rows, err := tx.sql.QueryContext(tx.ctx, numbered("SELECT uid FROM entry WHERE folder = $1 AND uidvalidity = $2 ORDER BY uid"), folder, uidvalidity)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var uid uint32
		if err := rows.Scan(&uid); err != nil {
			return err
		}
		each(uid)
	}
	return rows.Err()
}
