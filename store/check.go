package store

import (
	"context"
	"fmt"

	"guichetdunumerique.be/guichet/cases"
)

// Check proves the database: SQLite's own integrity, every reference between tables, and the chain of
// events of every case. The error names what is damaged.
func (s *Store) Check(ctx context.Context) error {
	return s.View(ctx, func(tx *Tx) error {
		var verdict string
		if err := tx.queryRow("PRAGMA integrity_check(1)").Scan(&verdict); err != nil {
			return err
		}
		if verdict != "ok" {
			return fmt.Errorf("%w: %s", ErrCorrupt, verdict)
		}
		all, err := tx.FindCases(CaseFilter{})
		if err != nil {
			return err
		}
		for _, c := range all {
			events, err := tx.FindEvents(c.Reference.String())
			if err != nil {
				return err
			}
			if err := cases.VerifyChain(events); err != nil {
				return fmt.Errorf("%w: %w", ErrCorrupt, err)
			}
		}
		return nil
	})
}
