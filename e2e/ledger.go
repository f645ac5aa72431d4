//go:build e2e

package e2e

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3" // looks into the store beside the program
)

// entry is one row of the ledger.
type entry struct {
	folder           string
	uidValidity, uid uint32
	messageID        string
	fate, caseRef    string
}

// query reads from the store, beside the program that may be writing it.
func query[T any](d *desk, scan func(*sql.Rows) (T, error), statement string, args ...any) (all []T, err error) {
	db, err := sql.Open("sqlite3", "file:"+d.store()+"?mode=ro&_query_only=1&_busy_timeout=10000")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	found, err := db.Query(statement, args...)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	for found.Next() {
		row, err := scan(found)
		if err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, found.Err()
}

// rows is query for a store that must be there.
func rows[T any](t *testing.T, d *desk, scan func(*sql.Rows) (T, error), statement string, args ...any) []T {
	t.Helper()
	all, err := query(d, scan, statement, args...)
	if err != nil {
		t.Fatalf("reading the store: %v", err)
	}
	return all
}

// one scans a row of one text.
func one(r *sql.Rows) (text string, err error) {
	err = r.Scan(&text)
	return text, err
}

// stamp is an instant as the store writes it.
func stamp(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000000000Z") }

// change writes to the store of a desk that does not run, for what only time would bring about.
func (d *desk) change(t *testing.T, statement string, args ...any) {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+d.store()+"?_busy_timeout=10000")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement, args...); err != nil {
		t.Fatalf("changing the store: %v", err)
	}
}

// checkedSince reports whether the INBOX was looked at with success since an instant.
func (d *desk) checkedSince(at time.Time) error {
	checked, err := query(d, one, `SELECT checked FROM folder WHERE name = 'INBOX' AND checked >= ?`, stamp(at))
	if err == nil && len(checked) == 0 {
		err = errors.New("no look at the INBOX yet")
	}
	return err
}

// entries is the ledger, in order of recording.
func (d *desk) entries(t *testing.T) []entry {
	t.Helper()
	scan := func(r *sql.Rows) (e entry, err error) {
		err = r.Scan(&e.folder, &e.uidValidity, &e.uid, &e.messageID, &e.fate, &e.caseRef)
		return e, err
	}
	return rows(t, d, scan, `SELECT folder, uidvalidity, uid, message_id, fate, reference FROM entry ORDER BY id`)
}

// references lists the cases.
func (d *desk) references(t *testing.T) []string {
	t.Helper()
	return rows(t, d, one, `SELECT reference FROM request`)
}

// outbox is the state of every mail by its key.
func (d *desk) outbox(t *testing.T) map[string]string {
	t.Helper()
	states := map[string]string{}
	scan := func(r *sql.Rows) (m [2]string, err error) {
		err = r.Scan(&m[0], &m[1])
		return m, err
	}
	for _, m := range rows(t, d, scan, `SELECT key, state FROM outgoing`) {
		states[m[0]] = m[1]
	}
	return states
}

// complete reports how far the ledger is from n messages of the INBOX.
func (d *desk) complete(t *testing.T, n int) error {
	t.Helper()
	got := 0
	for _, e := range d.entries(t) {
		if e.folder == "INBOX" {
			got++
		}
	}
	if got < n {
		return fmt.Errorf("%d of %d messages are in the ledger", got, n)
	}
	return nil
}

// settled waits until no mail waits in the outbox.
func (d *desk) settled(t *testing.T) {
	t.Helper()
	await(t, 2*time.Minute, "the outbox is empty", func(context.Context) error {
		waiting := 0
		for _, state := range d.outbox(t) {
			if state == "queued" || state == "sending" {
				waiting++
			}
		}
		if waiting > 0 {
			return fmt.Errorf("%d mails wait", waiting)
		}
		return nil
	})
}

// oneFateEach checks that each message of the INBOX has one row in the ledger, with a fate, and that no
// row speaks of anything else.
func (d *desk) oneFateEach(t *testing.T, box inbox) {
	t.Helper()
	fates := map[uint32]int{}
	for _, e := range d.entries(t) {
		if e.folder != "INBOX" {
			continue
		}
		if e.uidValidity != box.uidValidity {
			t.Errorf("a row of UID %d bears UIDVALIDITY %d, the folder has %d", e.uid, e.uidValidity, box.uidValidity)
		}
		if e.fate == "" {
			t.Errorf("UID %d has no fate", e.uid)
		}
		fates[e.uid]++
	}
	for _, m := range box.messages {
		if fates[m.uid] != 1 {
			t.Errorf("UID %d has %d rows in the ledger, want one", m.uid, fates[m.uid])
		}
		delete(fates, m.uid)
	}
	if len(fates) > 0 {
		t.Errorf("%d rows of the ledger speak of messages that are not in the folder", len(fates))
	}
}
