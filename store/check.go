package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"guichetdunumerique.be/guichet/cases"
)

// Check proves the database: SQLite's own integrity, every reference between tables, numbers without gaps, the outbox,
// and the chain of events of every case to its end. The error joins what is damaged, each wrapping ErrCorrupt and naming
// the first row that is; of many damaged cases it names some.
func (s *Store) Check(ctx context.Context) error {
	return s.View(ctx, func(tx *Tx) error {
		if err := tx.checkFile(); err != nil {
			return err // what stands on broken pages proves nothing
		}
		var damage []error
		for _, c := range invariants {
			damage = append(damage, tx.checkNone(c.denied, c.query))
		}
		return errors.Join(append(damage, tx.checkChains())...)
	})
}

// invariants are what must hold between rows: each query looks for one that denies it and gives its name.
var invariants = []struct{ denied, query string }{
	{"a row of this table refers to one that is missing",
		`SELECT "table" FROM pragma_foreign_key_check`},
	{"a message belongs to a case that is missing",
		"SELECT reference FROM entry WHERE reference <> '' AND NOT EXISTS (SELECT 1 FROM request WHERE request.reference = entry.reference)"},
	{"a mail of the outbox belongs to a case that is missing",
		"SELECT reference FROM outgoing WHERE reference <> '' AND NOT EXISTS (SELECT 1 FROM request WHERE request.reference = outgoing.reference)"},
	{"a case has no history",
		"SELECT reference FROM request WHERE (status <> 'closed' OR closed <> '') AND NOT EXISTS (SELECT 1 FROM event WHERE event.reference = request.reference)"},
	{"the history of a case lacks its end",
		`SELECT reference FROM request WHERE chain <> '' AND chain <> COALESCE(
			(SELECT hash FROM event WHERE event.reference = request.reference ORDER BY seq DESC LIMIT 1), '')`},
	{"a case of this series is missing",
		"SELECT prefix || '-' || year FROM request GROUP BY prefix, year HAVING COUNT(*) <> MAX(number)"},
	{"a message lies beyond what was read of this folder",
		"SELECT folder.name FROM folder JOIN entry ON entry.folder = folder.name AND entry.uidvalidity = folder.uidvalidity AND entry.uid > folder.uid"},
	{"an acknowledgement that the history tells of is not in the outbox",
		"SELECT reference FROM event WHERE kind = 'ack_queued' AND NOT EXISTS (SELECT 1 FROM outgoing WHERE outgoing.key = 'ack:' || event.reference)"},
	{"a mail of the outbox is in no state that there is",
		"SELECT key FROM outgoing WHERE state NOT IN ('queued', 'sending', 'sent', 'failed', 'unknown', 'gathered', 'told')"},
	{"a mail that is over still has its text, or no date",
		"SELECT key FROM outgoing WHERE state IN ('sent', 'failed', 'unknown', 'told') AND (payload <> '' OR done = '')"},
	{"a mail that waits has no text",
		"SELECT key FROM outgoing WHERE state = 'queued' AND payload = ''"},
}

// checkFile lets SQLite look at every page.
func (tx *Tx) checkFile() error {
	var verdict string
	if err := tx.queryRow("PRAGMA integrity_check(1)").Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return fmt.Errorf("%w: %s", ErrCorrupt, verdict)
	}
	return nil
}

// checkNone expects that a query finds nothing.
func (tx *Tx) checkNone(denied, query string) error {
	var name string
	err := tx.queryRow(query + " LIMIT 1").Scan(&name)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return fmt.Errorf("%w: %s: %s", ErrCorrupt, denied, name)
}

// checkChains reads every case and verifies its history.
func (tx *Tx) checkChains() error {
	scan := func(r row) (reference string, err error) { return reference, r.Scan(&reference) }
	references, err := collect(tx, scan, "SELECT reference FROM request ORDER BY reference")
	if err != nil {
		return err
	}
	var damage []error
	for _, reference := range references {
		if err := tx.checkCase(reference); err != nil {
			damage = append(damage, err)
		}
		if len(damage) == maxDamage {
			break
		}
	}
	return errors.Join(damage...)
}

// maxDamage is how many damaged cases are named.
const maxDamage = 20

// checkCase reads a case as the program does, and verifies its history.
func (tx *Tx) checkCase(reference string) error {
	_, err1 := tx.FindCase(reference)
	events, err2 := tx.FindEvents(reference)
	if err := errors.Join(err1, err2); err != nil {
		return fmt.Errorf("reading %s: %w", reference, err)
	}
	if err := cases.VerifyChain(events); err != nil {
		return fmt.Errorf("%w: %w", ErrCorrupt, err)
	}
	return nil
}
