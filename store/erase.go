package store

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"time"

	"guichetdunumerique.be/guichet/cases"
)

// StripCase removes the person from a case: name and address, the notes of its history, the mails that left or never
// will, the Message-IDs of its messages. What was asked, its dates and its outcome stay. The history still proves
// itself: see cases.SealNote. ErrNotFound means that there is no such case.
func (tx *Tx) StripCase(reference string) error {
	err := changedOne(tx.exec("UPDATE request SET address = '', address_key = '', name = '', hold = '', pauses = $2 WHERE reference = $1", reference, "[]"))
	if err != nil {
		return err
	}
	if err := tx.sealHistory(reference); err != nil {
		return err
	}
	for _, query := range []string{
		"UPDATE event SET note = '', salt = '' WHERE reference = $1",
		"UPDATE outgoing SET recipient = '', payload = '', last_error = '' WHERE reference = $1",
		"UPDATE entry SET message_id = '' WHERE reference = $1",
	} {
		if _, err := tx.exec(query, reference); err != nil {
			return err
		}
	}
	return nil
}

// sealHistory gives the notes of an older program the seals that they lack, and binds the history anew: only so can
// they go without a trace of what they said.
func (tx *Tx) sealHistory(reference string) error {
	events, err := tx.FindEvents(reference)
	if err != nil {
		return err
	}
	if err := cases.VerifyChain(events); err != nil {
		return fmt.Errorf("%w: %w", ErrCorrupt, err)
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
	_, err = tx.exec("UPDATE request SET chain = $2 WHERE reference = $1", reference, previous)
	return err
}

// EmptyCase removes what StripCase left of a case, but for its number, so that the series has no gap.
func (tx *Tx) EmptyCase(reference string) error {
	if err := tx.StripCase(reference); err != nil {
		return err
	}
	for _, query := range []string{
		`UPDATE request SET outcome = '', identity = '', language = '', rights = '[]', flags = '[]', received = '', due = '', due_why = '[]',
			latest = '', latest_why = '[]', extended = '', first_reply = '', opened = '', closed = '', related = '', id_copy = '', chain = '' WHERE reference = $1`,
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

// ClosedBefore returns the closed cases that ended before a moment, the first to end first: those that still have a
// person, or all.
func (tx *Tx) ClosedBefore(moment time.Time, withPerson bool, limit int) ([]cases.Case, error) {
	query := "SELECT " + caseColumns + " FROM request WHERE status = $1 AND closed <> '' AND closed < $2"
	if withPerson {
		query += " AND (address <> '' OR name <> '')"
	}
	return collect(tx, scanCase, query+" ORDER BY closed, reference LIMIT $3", string(cases.Closed), written(moment), limit)
}

// ForgetMails removes recipients and texts of mails in their final state that belong to no case, such as digests and
// alarms, when they are older than a moment.
func (tx *Tx) ForgetMails(before time.Time) error {
	_, err := tx.exec("UPDATE outgoing SET recipient = '', payload = '' WHERE reference = '' AND done <> '' AND done < $1 AND (recipient <> '' OR payload <> '')", written(before))
	return err
}

// MarkErased notes that the person with an address was erased now. Only a keyed hash is kept.
func (tx *Tx) MarkErased(address string) error {
	mark, err := tx.mark(address)
	if err != nil {
		return err
	}
	_, err = tx.exec("INSERT INTO erased (digest, at) VALUES ($1, $2) ON CONFLICT (digest) DO UPDATE SET at = excluded.at", mark, written(tx.Now))
	return err
}

// ErasedAt is when the person with an address was last erased; zero when never.
func (tx *Tx) ErasedAt(address string) (at time.Time, err error) {
	mark, err := tx.mark(address)
	if err != nil {
		return at, err
	}
	var text string
	if err := tx.queryRow("SELECT COALESCE(MAX(at), '') FROM erased WHERE digest = $1", mark).Scan(&text); err != nil {
		return at, err
	}
	return at, read(&at, text)
}

// mark is the keyed hash of an address: who has the database but not the address learns nothing from it.
func (tx *Tx) mark(address string) (string, error) {
	key, err := tx.Secret("erased")
	if err != nil {
		return "", err
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(addressKey(address)))
	return hex.EncodeToString(mac.Sum(nil)), nil
}

// Scrub empties the write-ahead log into the database, so that nothing of what was erased stays in the file beside it.
// It succeeds later by itself where another program reads just now.
func (s *Store) Scrub(ctx context.Context) error {
	_, err := s.write.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	return err
}

// erasure is who was erased from a database, and the key of the marks.
type erasure struct {
	key   string
	marks map[string]string // digest to moment
}

// erasures reads who was erased from the database at a path; nobody where there is none that can be read.
func erasures(ctx context.Context, c Config, path string) (e erasure, err error) {
	if _, err := os.Stat(path); err != nil {
		return e, nil
	}
	s, err := Open(ctx, Config{Path: path, Now: c.Now, Log: c.Log})
	if err != nil {
		c.Log.Warn("the database that is replaced cannot be read: who was erased since the backup comes back with it, erase them again", "err", err)
		return e, nil
	}
	defer s.Close()
	err = s.View(ctx, func(tx *Tx) error {
		if err := notFound(tx.queryRow("SELECT value FROM secret WHERE name = 'erased'").Scan(&e.key)); errors.Is(err, ErrNotFound) {
			return nil
		} else if err != nil {
			return err
		}
		e.marks = map[string]string{}
		scan := func(r row) (m [2]string, err error) { return m, r.Scan(&m[0], &m[1]) }
		list, err := collect(tx, scan, "SELECT digest, at FROM erased")
		for _, m := range list {
			e.marks[m[0]] = m[1]
		}
		return err
	})
	return e, err
}

// eraseAgain takes over who was erased, and strips the cases in which they stand.
func (tx *Tx) eraseAgain(e erasure) error {
	if len(e.marks) == 0 {
		return nil
	}
	if _, err := tx.exec("INSERT INTO secret (name, value) VALUES ('erased', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value", e.key); err != nil {
		return err
	}
	for digest, at := range e.marks {
		if _, err := tx.exec("INSERT INTO erased (digest, at) VALUES ($1, $2) ON CONFLICT (digest) DO UPDATE SET at = excluded.at", digest, at); err != nil {
			return err
		}
	}
	found, err := tx.FindCases(CaseFilter{})
	if err != nil {
		return err
	}
	for _, c := range found {
		if c.Requester.Address == "" {
			continue
		}
		mark, err := tx.mark(c.Requester.Address)
		if err != nil {
			return err
		}
		if at, erased := e.marks[mark]; erased && written(c.Opened) < at {
			if err := tx.StripCase(c.Reference.String()); err != nil {
				return err
			}
		}
	}
	return nil
}
