package store_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/store"
)

var now = time.Date(2026, 11, 23, 9, 0, 0, 123456789, time.UTC)

func config(path string) store.Config {
	return store.Config{Path: path, Now: func() time.Time { return now }, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
}

func open(t testing.TB, path string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), config(path))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func fresh(t testing.TB) *store.Store { return open(t, filepath.Join(t.TempDir(), "guichet.db")) }

func update(t testing.TB, s *store.Store, f func(*store.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func view(t testing.TB, s *store.Store, f func(*store.Tx) error) {
	t.Helper()
	if err := s.View(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

func fullCase() cases.Case {
	return cases.Case{
		Reference: cases.Reference{Year: 2026}, Status: cases.Closed, Outcome: cases.Partly, Identity: cases.IdentityCandidate,
		Requester: cases.Requester{Address: "Jan@Post.example", Name: "Jan \"x\" 'y'; DROP TABLE"}, Language: "nl",
		Rights: []cases.Right{cases.Access, cases.Erasure}, Flags: []cases.Flag{cases.Minor}, Hold: "B1",
		Received: now.Add(-time.Hour), Due: cases.Date{Year: 2026, Month: 12, Day: 23}, DueWhy: []string{"a", "b"},
		Latest: cases.Date{Year: 2027, Month: 2, Day: 23}, LatestWhy: []string{"c"}, Extended: cases.Date{Year: 2027, Month: 2, Day: 23},
		FirstReply: now, Opened: now, Closed: now.Add(time.Hour), Related: "GDN-2025-0001",
	}
}

func TestWhatIsKeptComesBackTheSame(t *testing.T) {
	s := fresh(t)
	full, empty := fullCase(), cases.Case{Reference: cases.Reference{Year: 2026}, Due: cases.Date{Year: 2026, Month: 1, Day: 1}}
	entry := store.Entry{Folder: "INBOX", UIDValidity: 1<<32 - 1, UID: 7, MessageID: "a@b", Fingerprint: "f", Size: 1 << 40, Received: now,
		Fate: cases.FateCase, Reason: "r", Case: "GDN-2026-0001"}
	out := store.Outgoing{Key: "ack:1", Kind: "ack", Case: "GDN-2026-0001", Recipient: "jan@post.example", MessageID: "m", Payload: []byte(`{"a":1}`),
		State: store.OutQueued, Attempts: 2, NextAttempt: now, Created: now, Done: now, LastError: "e"}
	folder := store.Folder{Name: "INBOX", UIDValidity: 1, UID: 2, Reread: 9, Began: now, Checked: now.Add(time.Nanosecond)}
	update(t, s, func(tx *store.Tx) error {
		return errors.Join(tx.CreateCase(&empty, "GDN"), tx.CreateCase(&full, "GDN"), tx.CreateEntry(&entry), tx.Enqueue(&out), tx.SaveFolder(folder))
	})
	view(t, s, func(tx *store.Tx) error {
		c1, err1 := tx.FindCase("GDN-2026-0001")
		c2, err2 := tx.FindCase("GDN-2026-0002")
		e, err3 := tx.FindEntry("INBOX", 1<<32-1, 7)
		o, err4 := tx.FindOutgoing(store.OutFilter{})
		f, err5 := tx.FindFolder("INBOX")
		same(t, "empty case", c1, empty)
		same(t, "full case", c2, full)
		same(t, "entry", e, entry)
		same(t, "outgoing", o, []store.Outgoing{out})
		same(t, "folder", f, folder)
		return errors.Join(err1, err2, err3, err4, err5)
	})
}

func TestFiltersSelect(t *testing.T) {
	s := fresh(t)
	update(t, s, func(tx *store.Tx) error {
		for i, status := range []cases.Status{cases.Open, cases.Triage, cases.Closed} {
			c := cases.Case{Reference: cases.Reference{Year: 2026}, Status: status, Requester: cases.Requester{Address: "P@x.example"},
				Due: cases.Date{Year: 2026, Month: 12, Day: 9 - i}}
			e := store.Entry{Folder: "INBOX", UIDValidity: 1, UID: uint32(i + 1), MessageID: fmt.Sprint("m", i), Fingerprint: fmt.Sprint("f", i), Fate: cases.FateCase, Case: fmt.Sprint("c", i)}
			o := store.Outgoing{Key: fmt.Sprint("ack:", i), Kind: "ack", Recipient: "p@X.example", MessageID: fmt.Sprint("o", i), State: store.OutQueued,
				NextAttempt: now.Add(time.Duration(i-1) * time.Minute), Created: now.Add(time.Duration(i) * time.Hour)}
			if err := errors.Join(tx.CreateCase(&c, "GDN"), tx.CreateEntry(&e), tx.Enqueue(&o)); err != nil {
				return err
			}
		}
		return nil
	})
	view(t, s, func(tx *store.Tx) error {
		live, err1 := tx.FindCases(store.CaseFilter{Address: "p@X.EXAMPLE", Statuses: []cases.Status{cases.Triage, cases.Open}})
		if len(live) != 2 || live[0].Status != cases.Triage {
			t.Errorf("cases by address and status, earliest due first: %v", live)
		}
		entries, err2 := tx.FindEntries(store.EntryFilter{MessageIDs: []string{"m0", "m2"}})
		byPrint, err3 := tx.FindEntries(store.EntryFilter{Fingerprint: "f1", Fate: cases.FateCase, Folder: "INBOX", Case: "c1"})
		if len(entries) != 2 || len(byPrint) != 1 {
			t.Errorf("entries: %d, %d", len(entries), len(byPrint))
		}
		due, err4 := tx.DueOutgoing(10)
		if len(due) != 2 || due[0].Key != "ack:0" {
			t.Errorf("due: %v", due)
		}
		n, err5 := tx.CountOutgoing(store.OutFilter{Recipient: "P@x.example", Kinds: []string{"ack"}, Since: now.Add(time.Hour), States: []store.OutState{store.OutQueued}})
		if n != 2 {
			t.Errorf("counted %d", n)
		}
		fates, err6 := tx.CountFates()
		if fates[cases.FateCase] != 3 {
			t.Errorf("fates %v", fates)
		}
		return errors.Join(err1, err2, err3, err4, err5, err6)
	})
}

func TestConstraintsAreErrorsACallerCanDecideOn(t *testing.T) {
	s := fresh(t)
	entry := store.Entry{Folder: "INBOX", UIDValidity: 1, UID: 1}
	out := store.Outgoing{Key: "k", MessageID: "m"}
	update(t, s, func(tx *store.Tx) error { e, o := entry, out; return errors.Join(tx.CreateEntry(&e), tx.Enqueue(&o)) })
	for name, f := range map[string]func(tx *store.Tx) error{
		"the same message twice": func(tx *store.Tx) error { return tx.CreateEntry(&entry) },
		"the same key twice":     func(tx *store.Tx) error { return tx.Enqueue(&store.Outgoing{Key: "k", MessageID: "other"}) },
		"the same id twice":      func(tx *store.Tx) error { return tx.Enqueue(&store.Outgoing{Key: "other", MessageID: "m"}) },
		"a place that is taken": func(tx *store.Tx) error {
			e := store.Entry{Folder: "INBOX", UIDValidity: 1, UID: 2}
			return errors.Join(tx.CreateEntry(&e), tx.MoveEntry(e.ID, "INBOX", 1, 1))
		},
	} {
		if err := s.Update(t.Context(), f); !errors.Is(err, store.ErrExists) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, f := range map[string]func(tx *store.Tx) error{
		"case":     func(tx *store.Tx) error { _, err := tx.FindCase("GDN-2026-0009"); return err },
		"folder":   func(tx *store.Tx) error { _, err := tx.FindFolder("x"); return err },
		"entry":    func(tx *store.Tx) error { _, err := tx.FindEntry("x", 1, 1); return err },
		"update":   func(tx *store.Tx) error { return tx.UpdateCase(cases.Case{}) },
		"outgoing": func(tx *store.Tx) error { return tx.UpdateOutgoing(store.Outgoing{Key: "x"}) },
	} {
		if err := s.Update(t.Context(), f); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("missing %s: %v", name, err)
		}
	}
	event := cases.Event{Case: "GDN-2026-0404"}
	if err := s.Update(t.Context(), func(tx *store.Tx) error { return tx.AppendEvent(&event) }); err == nil {
		t.Error("an event of a case that does not exist was kept")
	}
}

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
	s := fresh(t)
	var wg sync.WaitGroup
	for w := range 4 {
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

func TestSecretsStayTheSame(t *testing.T) {
	path := filepath.Join(t.TempDir(), "guichet.db")
	secret := func() (value []byte) {
		s := open(t, path)
		update(t, s, func(tx *store.Tx) (err error) { value, err = tx.Secret("fingerprint"); return err })
		_ = s.Close()
		return value
	}
	first, second := secret(), secret()
	if len(first) != 32 || string(first) != string(second) {
		t.Errorf("first %d bytes, second %d bytes, equal %v", len(first), len(second), string(first) == string(second))
	}
}

func TestOnlyTheOwnerReadsTheFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a b?#%.db") // a path that a URL would misread
	if err := os.WriteFile(path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	s := open(t, path)
	update(t, s, func(tx *store.Tx) error { return tx.SaveFolder(store.Folder{Name: "x"}) })
	files, _ := filepath.Glob(filepath.Dir(path) + "/*")
	if len(files) < 2 {
		t.Fatalf("files %v", files)
	}
	for _, name := range files {
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, %v", filepath.Base(name), info.Mode().Perm(), err)
		}
	}
}

func TestADatabaseThatCannotBeUsedIsRefusedInPlainWords(t *testing.T) {
	damaged := func(t *testing.T) string {
		path := filepath.Join(t.TempDir(), "guichet.db")
		if err := os.WriteFile(path, []byte(strings.Repeat("this is no database ", 500)), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	newer := func(t *testing.T) string {
		path := filepath.Join(t.TempDir(), "guichet.db")
		s := open(t, path)
		update(t, s, func(tx *store.Tx) error { return tx.PretendVersion(999) })
		_ = s.Close()
		return path
	}
	claimed := func(t *testing.T) string {
		c := config(filepath.Join(t.TempDir(), "guichet.db"))
		c.Exclusive = true
		s, err := store.Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		return c.Path
	}
	noFolder := func(t *testing.T) string { return filepath.Join(t.TempDir(), "missing", "guichet.db") }
	aFolder := func(t *testing.T) string { return t.TempDir() }
	for _, tt := range []struct {
		name string
		path func(*testing.T) string
		is   error
		says string
	}{
		{"damaged", damaged, store.ErrCorrupt, "restore a backup"},
		{"written by a newer program", newer, store.ErrNewer, "version 999"},
		{"in use by another daemon", claimed, store.ErrLocked, "another guichet"},
		{"in a folder that is missing", noFolder, os.ErrNotExist, "guichet.db"},
		{"a folder itself", aFolder, nil, "directory"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := config(tt.path(t))
			c.Exclusive = true
			s, err := store.Open(t.Context(), c)
			if err == nil {
				_ = s.Close()
				t.Fatal("it was opened")
			}
			if tt.is != nil && !errors.Is(err, tt.is) || !strings.Contains(err.Error(), tt.says) || !strings.Contains(err.Error(), c.Path) {
				t.Errorf("error: %v", err)
			}
		})
	}
}

func TestAReaderIsNotHeldUpByAClaim(t *testing.T) {
	c := config(filepath.Join(t.TempDir(), "guichet.db"))
	c.Exclusive = true
	daemon, err := store.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer daemon.Close()
	reader := open(t, c.Path)
	update(t, daemon, func(tx *store.Tx) error { return tx.SaveFolder(store.Folder{Name: "x"}) })
	view(t, reader, func(tx *store.Tx) error { _, err := tx.FindFolder("x"); return err })
}

func TestAChangedEventIsFound(t *testing.T) {
	s := fresh(t)
	c := cases.Case{Reference: cases.Reference{Year: 2026}}
	update(t, s, func(tx *store.Tx) error {
		return errors.Join(tx.CreateCase(&c, "GDN"),
			tx.AppendEvent(&cases.Event{Case: "GDN-2026-0001", Kind: cases.EventOpened, Note: "one"}),
			tx.AppendEvent(&cases.Event{Case: "GDN-2026-0001", Kind: cases.EventLinked, Note: "two"}))
	})
	update(t, s, func(tx *store.Tx) error { return tx.Forge("GDN-2026-0001", 1, "forged") })
	if err := s.Check(t.Context()); !errors.Is(err, store.ErrCorrupt) || !strings.Contains(err.Error(), "GDN-2026-0001") {
		t.Errorf("check: %v", err)
	}
}

func BenchmarkOneMessageATransaction(b *testing.B) {
	s := fresh(b)
	i := uint32(0)
	for b.Loop() {
		i++
		update(b, s, func(tx *store.Tx) error {
			c := cases.Case{Reference: cases.Reference{Year: 2026}, Status: cases.Open, Received: now}
			if err := tx.CreateCase(&c, "GDN"); err != nil {
				return err
			}
			ref := c.Reference.String()
			return errors.Join(
				tx.AppendEvent(&cases.Event{Case: ref, Kind: cases.EventOpened}), tx.AppendEvent(&cases.Event{Case: ref, Kind: cases.EventAckQueued}),
				tx.Enqueue(&store.Outgoing{Key: "ack:" + ref, Kind: "ack", MessageID: ref, State: store.OutQueued, Created: now}),
				tx.CreateEntry(&store.Entry{Folder: "INBOX", UIDValidity: 1, UID: i, MessageID: ref, Fingerprint: ref, Case: ref}),
				tx.SaveFolder(store.Folder{Name: "INBOX", UIDValidity: 1, UID: i}))
		})
	}
}
