package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the tables up to date. A database that holds something is copied first; one written by
// a newer program is left alone. Tables change only under the claim, so never under a running daemon and
// never twice at once; a database that is up to date is not written to.
func (s *Store) migrate(ctx context.Context, steps fs.FS) error {
	m, err := goose.NewProvider(goose.DialectSQLite3, s.write, steps, goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return err
	}
	sources := m.ListSources()
	want := sources[len(sources)-1].Version
	have, err := s.version(ctx)
	if err != nil || have == want {
		return err
	}
	if have > want {
		return fmt.Errorf("%w (version %d, this one knows %d); install the newer guichet, or restore the backup made before", ErrNewer, have, want)
	}
	if s.claim == nil {
		return s.claimed(func() error { return s.migrate(ctx, steps) }) // looks again: another may have done it
	}
	if have > 0 {
		copied := fmt.Sprintf("%s%s%d", s.path, beforeVersion, want)
		if err := copyTo(ctx, s.write, copied); err != nil {
			return fmt.Errorf("copying the database before changing its tables: %w", err)
		}
		s.log.Info("copied the database before changing its tables; the copy holds personal data, delete it once all is well", "copy", copied)
	}
	if _, err := m.Up(ctx); err != nil {
		return fmt.Errorf("changing the tables: %w", err)
	}
	return nil
}

// claimed runs f under a claim that lasts no longer than f.
func (s *Store) claimed(f func() error) (err error) {
	if s.claim, err = claim(s.path + ".lock"); err != nil {
		return err
	}
	err = f()
	err = errors.Join(err, s.claim.Close())
	s.claim = nil
	return err
}

// version is the number of the last migration, 0 for a database without tables. goose could tell, but
// makes its table where there is none.
func (s *Store) version(ctx context.Context) (n int64, err error) {
	err = s.write.QueryRowContext(ctx, "SELECT COUNT(*) FROM sqlite_master WHERE name = 'goose_db_version'").Scan(&n)
	if err != nil || n == 0 {
		return 0, err
	}
	return n, s.write.QueryRowContext(ctx, "SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version").Scan(&n)
}
