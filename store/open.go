package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// Config says where the database lies and whose clock it goes by.
type Config struct {
	Path      string // of the SQLite file; made with mode 0600 when missing
	Exclusive bool   // claim it for one writing program: a second one gets ErrLocked
	Now       func() time.Time
	Log       *slog.Logger

	wait time.Duration // for a transaction of another program; usualWait when zero
}

// usualWait is far longer than any transaction of ours takes.
const usualWait = 5 * time.Second

// Store is an open database. Its methods may be called by many goroutines.
type Store struct {
	path  string
	now   func() time.Time
	log   *slog.Logger
	wait  time.Duration
	write *sql.DB // one connection: SQLite takes one writer at a time
	read  *sql.DB
	claim *os.File
}

// Open opens the database, makes it where there is none and brings its tables up to date. Errors name
// the file and say how to mend it; callers may look for ErrNewer, ErrCorrupt and ErrLocked.
func Open(ctx context.Context, c Config) (*Store, error) {
	steps, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return open(ctx, c, steps)
}

func open(ctx context.Context, c Config, steps fs.FS) (*Store, error) {
	path, err := filepath.Abs(c.Path) // so that no name, such as :memory:, has a meaning of its own
	if err != nil {
		return nil, err
	}
	s := &Store{path: path, now: c.Now, log: c.Log, wait: cmp.Or(c.wait, usualWait)}
	if err := s.open(ctx, c.Exclusive, steps); err != nil {
		_ = s.Close()
		return nil, fmt.Errorf("opening the database %s: %w", c.Path, explainFile(explain(err)))
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, exclusive bool, steps fs.FS) (err error) {
	if err := s.guardFiles(); err != nil {
		return err
	}
	if exclusive {
		if s.claim, err = claim(s.path + ".lock"); err != nil {
			return err
		}
	}
	if err := s.openWriter(); err != nil {
		return err
	}
	if err := s.migrate(ctx, steps); err != nil {
		return err
	}
	if exclusive { // a program that could not write must not start
		if err := s.Update(ctx, func(*Tx) error { return nil }); err != nil {
			return err
		}
	}
	return s.openReader(ctx)
}

func (s *Store) openWriter() (err error) {
	if s.write, err = sql.Open("sqlite3", s.dsn("immediate", false)); err == nil {
		s.write.SetMaxOpenConns(1)
	}
	return err
}

// openReader opens the database for reading alone, whatever its version.
func (s *Store) openReader(ctx context.Context) (err error) {
	if s.read, err = sql.Open("sqlite3", s.dsn("deferred", true)); err != nil {
		return err
	}
	s.read.SetMaxOpenConns(2)
	return s.read.PingContext(ctx)
}

// dsn holds every option, so that each pooled connection has them. The path is escaped: it may hold any
// character. What is deleted is overwritten: a person who was removed shall not linger in free pages.
func (s *Store) dsn(txlock string, queryOnly bool) string {
	options := url.Values{
		"_journal_mode": {"WAL"}, "_synchronous": {"FULL"}, "_foreign_keys": {"on"}, "_secure_delete": {"on"},
		"_busy_timeout": {strconv.FormatInt(s.wait.Milliseconds(), 10)}, "_txlock": {txlock},
	}
	if queryOnly {
		options.Set("_query_only", "on")
	}
	return "file:" + (&url.URL{Path: s.path}).EscapedPath() + "?" + options.Encode()
}

// guardFiles makes the file before SQLite does, readable by its owner alone (the -wal and -shm files take
// its mode), and closes files that others can read. A file that is there is not opened: closing it again
// would drop the locks that this process holds on it through SQLite (sqlite.org/howtocorrupt.html §2.2).
func (s *Store) guardFiles() error {
	f, err := os.OpenFile(s.path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err == nil {
		err = f.Close()
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := s.guard(s.path); err != nil {
		return err
	}
	for _, beside := range []string{"-wal", "-shm"} {
		if err := s.guard(s.path + beside); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// guard closes one file to all but its owner.
func (s *Store) guard(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a file", path)
	}
	if info.Mode().Perm()&0o077 == 0 {
		return nil
	}
	s.log.Warn("the database could be read by others, closing it to them", "mode", info.Mode().Perm().String())
	if err := os.Chmod(path, 0o600); err != nil {
		return fmt.Errorf("others can read it and that could not be changed: %w", err)
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
