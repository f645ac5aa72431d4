package store

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// MomentStripped is when something was last removed of which the files may still hold traces, see Scrub.
const MomentStripped = "stripped"

// Scrub writes the database anew and empties the write-ahead log, so that nothing of what was removed is left in either
// file: where SQLite moved a row from page to page, secure_delete does not reach the place that it left. It does so only
// where something was removed since the last time. ErrLocked means that another program kept it from the log.
func (s *Store) Scrub(ctx context.Context) error {
	var at time.Time
	err := s.View(ctx, func(tx *Tx) (err error) { at, err = tx.Moment(MomentStripped); return err })
	if err != nil || at.IsZero() {
		return err
	}
	if _, err := s.write.ExecContext(ctx, "VACUUM"); err != nil {
		return explain(err)
	}
	if err := s.emptyLog(ctx); err != nil {
		return err
	}
	return s.Update(ctx, func(tx *Tx) error {
		_, err := tx.exec("DELETE FROM moment WHERE name = $1 AND at = $2", MomentStripped, written(at)) // no later one
		return err
	})
}

// stripped notes that something was removed, if anything was.
func (tx *Tx) stripped(r sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n == 0 {
		return err
	}
	return tx.SetMoment(MomentStripped, tx.Now)
}

// emptyLog moves the write-ahead log into the database and cuts it to nothing.
func (s *Store) emptyLog(ctx context.Context) error {
	var busy, pages, moved int
	if err := s.write.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &moved); err != nil {
		return explain(err)
	}
	if busy != 0 {
		return ErrLocked
	}
	return nil
}

// What the names of copies begin with that the program makes by itself, behind that of the database.
const (
	beforeVersion = ".before-version-" // before its tables changed
	replaced      = ".replaced-"       // by a backup that was restored
	restoring     = ".restoring"       // by a restoring that was cut off
	BesideScan    = ".scan-"           // the folder of a scan that was interrupted, or whose findings are kept
)

// Copies lists the copies that lie beside the database: those made before its tables changed, the databases that a
// backup replaced, and what scans and restorings left. They hold the people whom the database no longer does.
func (s *Store) Copies() ([]string, error) { return copiesOf(s.path) }

func copiesOf(path string) (names []string, err error) {
	dir, base := filepath.Split(path)
	files, err := os.ReadDir(dir)
	for _, f := range files {
		rest, found := strings.CutPrefix(f.Name(), base)
		if found && slices.ContainsFunc([]string{beforeVersion, replaced, restoring, BesideScan}, func(begin string) bool { return strings.HasPrefix(rest, begin) }) {
			names = append(names, filepath.Join(dir, f.Name()))
		}
	}
	return names, err
}

// DropCopies deletes the Copies that were made before a moment, and returns how many.
func (s *Store) DropCopies(before time.Time) (n int, err error) {
	names, err := s.Copies()
	if err != nil {
		return 0, err
	}
	var errs []error
	for _, name := range names {
		info, err := os.Lstat(name)
		if err == nil && (info.Mode().IsRegular() || info.IsDir()) && info.ModTime().Before(before) {
			if err = os.RemoveAll(name); err == nil {
				n++
			}
		}
		if !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return n, errors.Join(errs...)
}
