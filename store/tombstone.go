package store

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"time"
)

// MarkErased notes that the person with an address was erased now. Only a keyed hash is kept.
func (tx *Tx) MarkErased(address string) error {
	mark, err := tx.mark(address)
	if err != nil {
		return err
	}
	return tx.keepMark(mark, written(tx.Now))
}

func (tx *Tx) keepMark(digest, at string) error {
	_, err := tx.exec(`INSERT INTO erased (digest, at) VALUES ($1, $2)
		ON CONFLICT (digest) DO UPDATE SET at = CASE WHEN excluded.at > erased.at THEN excluded.at ELSE erased.at END`, digest, at)
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

// erasure is who was erased from a database, and the key of the marks.
type erasure struct {
	key   string
	marks map[string]string // digest to moment
}

// erasures reads who was erased from the database at a path, whatever its version; nobody where there is none.
func erasures(ctx context.Context, c Config, path string) (e erasure, err error) {
	if _, err := os.Stat(path); err != nil {
		return e, nil
	}
	s := Store{path: path, now: c.Now, log: c.Log, wait: usualWait}
	defer s.Close()
	if err := s.openReader(ctx); err != nil {
		return e, err
	}
	err = s.View(ctx, func(tx *Tx) (err error) { e, err = tx.erasures(); return err })
	if err != nil {
		return e, fmt.Errorf("reading who was erased: %w", err)
	}
	return e, nil
}

func (tx *Tx) erasures() (e erasure, err error) {
	var tables int
	if err := tx.queryRow("SELECT COUNT(*) FROM sqlite_master WHERE name IN ('erased', 'secret')").Scan(&tables); err != nil || tables < 2 {
		return e, err // an older program erased nobody
	}
	if err := tx.queryRow("SELECT COALESCE(MAX(value), '') FROM secret WHERE name = 'erased'").Scan(&e.key); err != nil || e.key == "" {
		return e, err
	}
	scan := func(r row) (m [2]string, err error) { return m, r.Scan(&m[0], &m[1]) }
	list, err := collect(tx, scan, "SELECT digest, at FROM erased")
	e.marks = make(map[string]string, len(list))
	for _, m := range list {
		e.marks[m[0]] = m[1]
	}
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
		if err := tx.keepMark(digest, at); err != nil {
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
		at, err := tx.ErasedAt(c.Requester.Address)
		if err != nil {
			return err
		}
		if c.Opened.Before(at) {
			if err := tx.StripCase(c.Reference.String(), "erased before the backup was restored"); err != nil {
				return err
			}
		}
	}
	return nil
}
