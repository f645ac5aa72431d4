package store

import (
	"context"
	"io/fs"
	"time"
)

// OpenSteps is Open with other migrations.
func OpenSteps(ctx context.Context, c Config, steps fs.FS) (*Store, error) {
	return open(ctx, c, steps)
}

// Impatient is c for a store that does not wait for other programs.
func Impatient(c Config) Config {
	c.wait = time.Millisecond
	return c
}

// Pragma is an option of the connection that tx runs on.
func (tx *Tx) Pragma(name string) (value string, err error) {
	return value, tx.queryRow("PRAGMA " + name).Scan(&value)
}

// FillDisk lets the database grow no further, as on a full disk.
func (tx *Tx) FillDisk() error {
	var pages int
	return tx.queryRow("PRAGMA max_page_count = 1").Scan(&pages) // SQLite takes what the file has now
}
