package store

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"

	"github.com/mattn/go-sqlite3"
)

// explain adds what a person can do to SQLite's terse words, and the error a caller can decide on.
func explain(err error) error {
	var fault sqlite3.Error // a value: the driver returns no pointer
	if !errors.As(err, &fault) {
		return err
	}
	switch fault.Code {
	case sqlite3.ErrCorrupt, sqlite3.ErrNotADB:
		// SQLite says so of a sound file too where the disk fails while it reads the tables' definitions.
		return fmt.Errorf("%w (%w); look first whether the disk is failing; if it is sound, restore a backup, or move the file away to start anew", ErrCorrupt, err)
	case sqlite3.ErrBusy, sqlite3.ErrLocked:
		return fmt.Errorf("%w (%w); stop the other program", ErrLocked, err)
	case sqlite3.ErrFull:
		return fmt.Errorf("the disk is full (%w); make room, nothing is lost", err)
	case sqlite3.ErrIoErr:
		return fmt.Errorf("the disk could not be read or written (%w); look whether it is full or failing", err)
	case sqlite3.ErrReadonly, sqlite3.ErrCantOpen, sqlite3.ErrPerm:
		return fmt.Errorf("cannot write there (%w); check the owner and mode of the file and its folder", err)
	}
	return err
}

// explainFile adds what a person can do when the system refuses the file itself.
func explainFile(err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%w; make its folder first, or change store.url", err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%w; the file and its folder must belong to the user that runs guichet", err)
	}
	return err
}

// damaged is ErrCorrupt for a value that is not as this package writes it.
func damaged(what string, err error) error { return fmt.Errorf("%w: %s: %w", ErrCorrupt, what, err) }

// notFound turns the driver's "no rows" into ErrNotFound.
func notFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return err
}

// constraint turns a broken UNIQUE or PRIMARY KEY constraint into ErrExists, a broken FOREIGN KEY into
// ErrNotFound.
func constraint(err error) error {
	var fault sqlite3.Error
	if !errors.As(err, &fault) {
		return err
	}
	switch fault.ExtendedCode {
	case sqlite3.ErrConstraintUnique, sqlite3.ErrConstraintPrimaryKey:
		return ErrExists
	case sqlite3.ErrConstraintForeignKey:
		return ErrNotFound
	}
	return err
}
