package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"os"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the tables up to date. A database that holds something is copied first; one written by
// a newer program is left alone.
func (s *Store) migrate(ctx context.Context) error {
	steps, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	m, err := goose.NewProvider(goose.DialectSQLite3, s.write, steps, goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return err
	}
	have, want, err := m.GetVersions(ctx)
	switch {
	case err != nil:
		return err
	case have > want:
		return fmt.Errorf("%w (version %d, this one knows %d); install the newer guichet, or restore the backup made before", ErrNewer, have, want)
	case have == want:
		return nil
	case have > 0:
		if err := s.copyTo(ctx, s.backupPath(have)); err != nil {
			return fmt.Errorf("copying the database before changing its tables: %w", err)
		}
	}
	if _, err := m.Up(ctx); err != nil {
		return fmt.Errorf("changing the tables: %w", err)
	}
	return nil
}

// copyTo writes a whole copy of the database, readable by its owner alone, to a file that does not exist.
func (s *Store) copyTo(ctx context.Context, path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL, 0o600) // SQLite fills an empty file and keeps its mode
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	_, err = s.write.ExecContext(ctx, "VACUUM INTO $1", path)
	return err
}
