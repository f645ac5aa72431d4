package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/store"
	"pgregory.net/rapid"
)

func TestNothingRemainsOfATransactionThatFailed(t *testing.T) {
	s := fresh(t)
	create := func(tx *store.Tx) (string, error) {
		c := cases.Case{Reference: cases.Reference{Year: 2026}}
		err := tx.CreateCase(&c, "GDN")
		return c.Reference.String(), err
	}
	fail := errors.New("no")
	if err := s.Update(t.Context(), func(tx *store.Tx) error { _, _ = create(tx); return fail }); !errors.Is(err, fail) {
		t.Fatal(err)
	}
	func() {
		defer func() { _ = recover() }()
		_ = s.Update(t.Context(), func(tx *store.Tx) error { _, _ = create(tx); panic("no") })
	}()
	update(t, s, func(tx *store.Tx) error {
		ref, err := create(tx)
		if ref != "GDN-2026-0001" {
			t.Errorf("a failed transaction used up a number: %s", ref)
		}
		return err
	})
}

func TestNumbersHaveNoGapsUnderConcurrency(t *testing.T) {
	path := filepath.Join(t.TempDir(), "guichet.db")
	s, other := open(t, path), open(t, path) // as two programs
	var wg sync.WaitGroup
	for w := range 4 {
		s := []*store.Store{s, other}[w/2]
		wg.Go(func() {
			for range 25 {
				err := s.Update(context.Background(), func(tx *store.Tx) error {
					c := cases.Case{Reference: cases.Reference{Year: 2026 + w%2}}
					if err := tx.CreateCase(&c, "GDN"); err != nil {
						return err
					}
					return tx.AppendEvent(&cases.Event{Case: c.Reference.String(), Kind: cases.EventOpened})
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	view(t, s, func(tx *store.Tx) error {
		all, err := tx.FindCases(store.CaseFilter{})
		numbers := map[int][]int{}
		for _, c := range all {
			numbers[c.Reference.Year] = append(numbers[c.Reference.Year], c.Reference.Number)
		}
		for year, list := range numbers {
			slices.Sort(list)
			for i, n := range list {
				if n != i+1 {
					t.Fatalf("numbers of %d have a gap at %d", year, i+1)
				}
			}
		}
		if len(all) != 100 {
			t.Errorf("%d cases", len(all))
		}
		return err
	})
	if err := s.Check(t.Context()); err != nil {
		t.Errorf("checking a sound database: %v", err)
	}
}

func TestNothingRemainsOfATransactionThatACrashCutOff(t *testing.T) {
	path := filepath.Join(t.TempDir(), "guichet.db")
	s := open(t, path)
	update(t, s, func(tx *store.Tx) error { return tx.SaveFolder(store.Folder{Name: "committed"}) })
	after := t.TempDir() // what a crash would leave on the disk
	update(t, s, func(tx *store.Tx) error {
		for i := range 3000 { // more than SQLite's cache holds, so that it is on the disk before the commit
			if err := tx.SaveFolder(store.Folder{Name: fmt.Sprint(i, strings.Repeat("x", 2000))}); err != nil {
				return err
			}
		}
		// A program of its own: reading here would drop this process's locks.
		return exec.Command("cp", path, path+"-wal", after).Run()
	})
	if wal, err := os.Stat(filepath.Join(after, "guichet.db-wal")); err != nil || wal.Size() < 1<<20 {
		t.Fatalf("the cut-off transaction did not reach the disk: %v, %v", wal, err)
	}
	view(t, open(t, filepath.Join(after, "guichet.db")), func(tx *store.Tx) error {
		folders, err := tx.FindFolders()
		same(t, "folders", folders, []store.Folder{{Name: "committed"}})
		return err
	})
}

func TestAViewDoesNotChange(t *testing.T) {
	s := fresh(t)
	view(t, s, func(tx *store.Tx) error {
		before, err1 := tx.FindFolders()
		update(t, s, func(tx *store.Tx) error { return tx.SaveFolder(store.Folder{Name: "x"}) })
		after, err2 := tx.FindFolders()
		same(t, "folders", after, before)
		return errors.Join(err1, err2)
	})
}

func TestAViewCannotWrite(t *testing.T) {
	s := fresh(t)
	if err := s.View(t.Context(), func(tx *store.Tx) error { return tx.SaveFolder(store.Folder{Name: "x"}) }); err == nil {
		t.Error("a view wrote")
	}
}

func TestATransactionEndsWithItsContext(t *testing.T) {
	s := fresh(t)
	ctx, cancel := context.WithCancel(t.Context())
	err := s.Update(ctx, func(tx *store.Tx) error {
		defer cancel()
		return tx.SaveFolder(store.Folder{Name: "x"})
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled transaction: %v", err)
	}
	view(t, s, func(tx *store.Tx) error {
		folders, err := tx.FindFolders()
		same(t, "folders", folders, []store.Folder(nil))
		return err
	})
}

func TestNowIsTheSameBeforeAndAfterItIsKept(t *testing.T) {
	s := fresh(t)
	e := store.Entry{Folder: "INBOX", UID: 1}
	update(t, s, func(tx *store.Tx) error { return tx.CreateEntry(&e) })
	view(t, s, func(tx *store.Tx) error {
		got, err := tx.FindEntry("INBOX", 0, 1)
		if got != e { // the very same, zone and all, so that a hash over it is the same, too
			t.Errorf("recorded %#v, kept %#v", e.Recorded, got.Recorded)
		}
		return err
	})
}

func TestTextOrderIsTimeOrder(t *testing.T) {
	s := fresh(t)
	rapid.Check(t, func(t *rapid.T) {
		instant := func(name string) time.Time {
			zone := time.FixedZone("", rapid.IntRange(-50000, 50000).Draw(t, name+" zone"))
			fraction := rapid.SampledFrom([]time.Duration{0, 1, 999, 100 * time.Millisecond, 120 * time.Millisecond}).Draw(t, name+" fraction")
			seconds := rapid.OneOf(rapid.IntRange(-2, 2), rapid.IntRange(-1e9, 1e9)).Draw(t, name+" seconds")
			return now.Truncate(time.Second).Add(time.Duration(seconds)*time.Second + fraction).In(zone)
		}
		created, since := instant("created"), instant("since")
		err := s.Update(context.Background(), func(tx *store.Tx) error {
			if err := tx.Enqueue(&store.Outgoing{Key: "k", Created: created}); err != nil {
				return err
			}
			n, err := tx.CountOutgoing(store.OutFilter{Since: since})
			if found := n == 1; found == created.Before(since) {
				t.Fatalf("created %s, since %s: found %v", created, since, found)
			}
			return errors.Join(err, errRollback)
		})
		if !errors.Is(err, errRollback) {
			t.Fatal(err)
		}
	})
}

var errRollback = errors.New("nothing of this is to stay")
