package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/mattn/go-sqlite3"
)

// Config says where the database lies and whose clock it goes by.
type Config struct {
	Path      string // of the SQLite file; made with mode 0600 when missing
	Exclusive bool   // claim it for one writing program: a second one gets ErrLocked
	Now       func() time.Time
	Log       *slog.Logger
}

// Store is an open database. Its methods may be called by many goroutines.
type Store struct {
	path  string
	now   func() time.Time
	log   *slog.Logger
	write *sql.DB // one connection: SQLite takes one writer at a time
	read  *sql.DB
	claim *os.File
}

// Open opens the database, makes it where there is none and brings its tables up to date. Errors name
// the file and say how to mend it; callers may look for ErrNewer, ErrCorrupt and ErrLocked.
func Open(ctx context.Context, c Config) (*Store, error) {
	s := &Store{path: c.Path, now: c.Now, log: c.Log}
	if err := s.open(ctx, c.Exclusive); err != nil {
		_ = s.Close()
		return nil, fmt.Errorf("opening the database %s: %w", c.Path, explain(err))
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, exclusive bool) (err error) {
	if err := s.guardFile(); err != nil {
		return err
	}
	if exclusive {
		if s.claim, err = claim(s.path + ".lock"); err != nil {
			return err
		}
	}
	if s.write, err = sql.Open("sqlite3", s.dsn("immediate", false)); err != nil {
		return err
	}
	s.write.SetMaxOpenConns(1)
	if err := s.migrate(ctx); err != nil {
		return err
	}
	if s.read, err = sql.Open("sqlite3", s.dsn("deferred", true)); err != nil {
		return err
	}
	s.read.SetMaxOpenConns(2)
	return s.read.PingContext(ctx)
}

// dsn holds every option, so that each pooled connection has them. The path is escaped: it may hold any
// character.
func (s *Store) dsn(txlock string, queryOnly bool) string {
	options := url.Values{
		"_journal_mode": {"WAL"}, "_synchronous": {"FULL"}, "_busy_timeout": {"5000"},
		"_foreign_keys": {"on"}, "_txlock": {txlock},
	}
	if queryOnly {
		options.Set("_query_only", "on")
	}
	return "file:" + (&url.URL{Path: s.path}).EscapedPath() + "?" + options.Encode()
}

// guardFile makes the file before SQLite does, readable by its owner alone (the -wal and -shm files take
// its mode), and closes one that others can read.
func (s *Store) guardFile() error {
	f, err := os.OpenFile(s.path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return errors.New("it is not a file")
	}
	if info.Mode().Perm()&0o077 != 0 {
		s.log.Warn("the database could be read by others, closing it to them", "mode", info.Mode().Perm().String())
		return f.Chmod(0o600)
	}
	return nil
}

// Close closes the database.
func (s *Store) Close() error {
	var errs []error
	for _, db := range []*sql.DB{s.read, s.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if s.claim != nil {
		errs = append(errs, s.claim.Close())
	}
	return errors.Join(errs...)
}

// explain adds what a person can do to SQLite's terse words, and the error a caller can decide on.
func explain(err error) error {
	var fault sqlite3.Error // a value: the driver returns no pointer
	if !errors.As(err, &fault) {
		return err
	}
	switch fault.Code {
	case sqlite3.ErrCorrupt, sqlite3.ErrNotADB:
		return fmt.Errorf("%w (%w); restore a backup, or move the file away to start anew", ErrCorrupt, err)
	case sqlite3.ErrBusy, sqlite3.ErrLocked:
		return fmt.Errorf("%w (%w); stop the other program", ErrLocked, err)
	case sqlite3.ErrFull:
		return fmt.Errorf("the disk is full (%w); make room, nothing is lost", err)
	case sqlite3.ErrReadonly, sqlite3.ErrCantOpen, sqlite3.ErrPerm:
		return fmt.Errorf("cannot write there (%w); check the owner and mode of the file and its folder", err)
	}
	return err
}

// backupPath is where a copy goes before the tables change.
func (s *Store) backupPath(version int64) string {
	return filepath.Clean(fmt.Sprintf("%s.before-version-%d", s.path, version+1))
}
