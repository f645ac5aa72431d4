package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Tx is one transaction. Now is fixed at its start, so that all it writes bears one time, in UTC and without
// the reading of a monotonic clock: what is written reads back equal.
type Tx struct {
	Now time.Time
	ctx context.Context
	sql *sql.Tx
}

// Update runs f in one transaction that may write. It commits when f returns nil; after any error, or a
// panic, nothing of it remains.
func (s *Store) Update(ctx context.Context, f func(*Tx) error) error {
	return s.within(ctx, s.write, f)
}

// View runs f on a snapshot that others' writing does not change.
func (s *Store) View(ctx context.Context, f func(*Tx) error) error {
	return s.within(ctx, s.read, f)
}

func (s *Store) within(ctx context.Context, db *sql.DB, f func(*Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("beginning a transaction: %w", explain(err))
	}
	defer tx.Rollback() //nolint:errcheck // does nothing after Commit
	if err := f(&Tx{Now: s.now().Round(0).UTC(), ctx: ctx, sql: tx}); err != nil {
		return explain(err)
	}
	err = tx.Commit()
	if errors.Is(err, sql.ErrTxDone) && ctx.Err() != nil { // database/sql may roll back first, and then says only that
		err = ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("committing: %w", explain(err))
	}
	return nil
}

// numbered turns PostgreSQL's $1 into SQLite's ?1. The driver binds $1, $2 in the order in which they
// appear, whatever their numbers; ?1, ?2 it binds by number. No statement has a $ in a literal.
func numbered(query string) string { return strings.ReplaceAll(query, "$", "?") }

func (tx *Tx) exec(query string, args ...any) (sql.Result, error) {
	return tx.sql.ExecContext(tx.ctx, numbered(query), args...)
}

func (tx *Tx) queryRow(query string, args ...any) *sql.Row {
	return tx.sql.QueryRowContext(tx.ctx, numbered(query), args...)
}

// collect runs a query and scans each row with scan.
func collect[T any](tx *Tx, scan func(row) (T, error), query string, args ...any) ([]T, error) {
	rows, err := tx.sql.QueryContext(tx.ctx, numbered(query), args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []T
	for rows.Next() {
		item, err := scan(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, item)
	}
	return list, rows.Err()
}

// row is a *sql.Row or *sql.Rows.
type row interface{ Scan(dest ...any) error }

// changedOne is ErrNotFound unless a statement changed exactly one row.
func changedOne(r sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n != 1 {
		return errors.Join(err, ErrNotFound)
	}
	return nil
}

// where builds the conditions of a filter, with their numbered arguments.
type where struct {
	terms []string
	args  []any
}

// add appends a condition in which ? stands for the value.
func (w *where) add(term string, value any) {
	w.args = append(w.args, value)
	w.terms = append(w.terms, strings.Replace(term, "?", fmt.Sprintf("$%d", len(w.args)), 1))
}

// in appends "column IN (values)".
func in[T ~string](w *where, column string, values []T) {
	marks := make([]string, len(values))
	for i, v := range values {
		w.args = append(w.args, string(v))
		marks[i] = fmt.Sprintf("$%d", len(w.args))
	}
	w.terms = append(w.terms, column+" IN ("+strings.Join(marks, ", ")+")")
}

// clause is "" or " WHERE ...".
func (w *where) clause() string {
	if len(w.terms) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.terms, " AND ")
}

// instant is how times are kept: UTC, of one width, so that text order is time order; "" is no time.
const instant = "2006-01-02T15:04:05.000000000Z"

func written(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(instant)
}

// read fills dest from a time as written.
func read(dest *time.Time, text string) error {
	if text == "" {
		*dest = time.Time{}
		return nil
	}
	t, err := time.Parse(instant, text)
	if err != nil {
		return damaged("a time", err)
	}
	*dest = t
	return nil
}

// list keeps a list as JSON text; nil and empty are the same.
func list[T any](values []T) (string, error) {
	if len(values) == 0 {
		return "[]", nil
	}
	text, err := json.Marshal(values)
	return string(text), err
}

// readWords is readList for texts. Most hold nothing that JSON escapes: these are only cut.
func readWords[T ~string](dest *[]T, text string) error {
	if len(text) < 4 || strings.IndexByte(text, '\\') >= 0 || text[:2] != `["` || text[len(text)-2:] != `"]` {
		return readList(dest, text)
	}
	words := strings.Split(text[2:len(text)-2], `","`)
	*dest = make([]T, len(words))
	for i, w := range words {
		(*dest)[i] = T(w)
	}
	return nil
}

// readList fills dest from a list as kept.
func readList[T any](dest *[]T, text string) error {
	*dest = nil
	if text == "[]" {
		return nil
	}
	if err := json.Unmarshal([]byte(text), dest); err != nil {
		return damaged("a list", err)
	}
	return nil
}
