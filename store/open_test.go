package store_test

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/store"
)

func TestFilesThatOthersCouldReadAreClosedToThem(t *testing.T) {
	path := filepath.Join(t.TempDir(), "guichet.db")
	s := open(t, path) // stays open, and so do its -wal and -shm
	update(t, s, func(tx *store.Tx) error { return tx.SaveFolder(store.Folder{Name: "x"}) })
	files := []string{path, path + "-wal", path + "-shm"}
	for _, name := range files {
		if err := os.Chmod(name, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	_ = open(t, path)
	ownersAlone(t, files...)
}

// ownersAlone expects files that nobody but their owner may read.
func ownersAlone(t *testing.T, files ...string) {
	t.Helper()
	for _, name := range files {
		info, err := os.Stat(name)
		if err != nil {
			t.Error(err)
		} else if info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v", filepath.Base(name), info.Mode().Perm())
		}
	}
}

func TestTheFilesAreMadeForTheOwnerAlone(t *testing.T) {
	before := syscall.Umask(0)
	defer syscall.Umask(before)
	path := filepath.Join(t.TempDir(), "guichet.db")
	var log bytes.Buffer
	c := config(path)
	c.Exclusive, c.Log = true, slog.New(slog.NewTextHandler(&log, nil))
	s, err := store.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if log.Len() > 0 {
		t.Errorf("others could read it for a moment: %s", log.String())
	}
	update(t, s, func(tx *store.Tx) error { return tx.SaveFolder(store.Folder{Name: "x"}) })
	ownersAlone(t, path, path+"-wal", path+"-shm", path+".lock")
}

func TestEveryConnectionHasItsOptions(t *testing.T) {
	s := fresh(t)
	look := func(want map[string]string) func(*store.Tx) error {
		return func(tx *store.Tx) error {
			for name, want := range want {
				if got, err := tx.Pragma(name); err != nil || got != want {
					t.Errorf("%s is %s, want %s (%v)", name, got, want, err)
				}
			}
			return nil
		}
	}
	update(t, s, look(map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000", "secure_delete": "1", "query_only": "0"}))
	view(t, s, look(map[string]string{"busy_timeout": "5000", "foreign_keys": "1", "query_only": "1"}))
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
		_ = s.Close()
		behind(t, path, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, TRUE)")
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
	writing := func(t *testing.T) string {
		path := filepath.Join(t.TempDir(), "guichet.db")
		_ = open(t, path).Close()
		behind(t, path, "BEGIN EXCLUSIVE")
		return path
	}
	alone := func(t *testing.T) string {
		path := filepath.Join(t.TempDir(), "guichet.db")
		_ = open(t, path).Close()
		behind(t, path, "PRAGMA locking_mode = EXCLUSIVE", "CREATE TABLE theirs (x)")
		return path
	}
	belowAFile := func(t *testing.T) string {
		file := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		return filepath.Join(file, "guichet.db")
	}
	blocked := func(t *testing.T) string { // a folder where SQLite must write: denied to root, too
		path := filepath.Join(t.TempDir(), "guichet.db")
		if err := os.MkdirAll(path+"-journal/x", 0o700); err != nil {
			t.Fatal(err)
		}
		return path
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
		{"being written by another program", writing, store.ErrLocked, "stop the other program"},
		{"kept by another program for itself", alone, store.ErrLocked, "stop the other program"},
		{"in a folder that is missing", noFolder, os.ErrNotExist, "make its folder"},
		{"below a file", belowAFile, syscall.ENOTDIR, "not a directory"},
		{"where nothing can be written", blocked, nil, "cannot write there"},
		{"a folder itself", aFolder, nil, "is not a file"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := store.Impatient(config(tt.path(t)))
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

func TestAFileWithAStrangeNameIsAFile(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{":memory:", "a:b", "file:x", "?mode=memory", "%41", "café #1"} {
		s := open(t, name)
		update(t, s, func(tx *store.Tx) error { return tx.SaveFolder(store.Folder{Name: "x"}) })
		_ = s.Close()
		view(t, open(t, name), func(tx *store.Tx) error { _, err := tx.FindFolder("x"); return err })
		if info, err := os.Stat(name); err != nil || info.Size() == 0 {
			t.Errorf("%q is no file with content: %v", name, err)
		}
	}
}

func TestAFirstOpenIsDoneByOne(t *testing.T) {
	path := filepath.Join(t.TempDir(), "guichet.db")
	var wg sync.WaitGroup
	var opened atomic.Int32
	for range 6 {
		wg.Go(func() {
			s, err := store.Open(t.Context(), config(path))
			if err == nil {
				opened.Add(1)
				err = s.Close()
			}
			if err != nil && !errors.Is(err, store.ErrLocked) {
				t.Errorf("neither opened nor told to wait: %v", err)
			}
		})
	}
	wg.Wait()
	if opened.Load() == 0 {
		t.Error("nobody opened it")
	}
	if err := open(t, path).Check(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestAnOpenDatabaseKeepsItsLocksWhenOpenedAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "guichet.db")
	s := open(t, path)
	update(t, s, func(tx *store.Tx) error {
		before := locks(t)
		_ = open(t, path).Close()
		if after := locks(t); before == 0 || after < before {
			t.Errorf("%d locks before, %d after", before, after)
		}
		return nil
	})
}

// locks counts the locks that this process holds on files.
func locks(t *testing.T) (n int) {
	t.Helper()
	list, err := os.ReadFile("/proc/locks")
	if err != nil {
		t.Skip("this system does not tell which locks are held")
	}
	for line := range strings.Lines(string(list)) {
		if f := strings.Fields(line); len(f) > 4 && f[1] == "POSIX" && f[4] == strconv.Itoa(os.Getpid()) {
			n++
		}
	}
	return n
}

func TestAFullDiskIsSaidAndLosesNothing(t *testing.T) {
	s := fresh(t)
	update(t, s, func(tx *store.Tx) error { return errors.Join(tx.SaveFolder(store.Folder{Name: "x"}), tx.FillDisk()) })
	err := s.Update(t.Context(), func(tx *store.Tx) error {
		return tx.Enqueue(&store.Outgoing{Key: "k", Payload: bytes.Repeat([]byte("x"), 1<<20)})
	})
	if err == nil || !strings.Contains(err.Error(), "the disk is full") {
		t.Errorf("a full disk: %v", err)
	}
	view(t, s, func(tx *store.Tx) error { _, err := tx.FindFolder("x"); return err })
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestWhatIsRemovedIsGoneFromTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "guichet.db")
	s := open(t, path)
	const canary = "a-name-to-be-forgotten"
	c := cases.Case{Reference: cases.Reference{Year: 2026}, Requester: cases.Requester{Name: canary, Address: canary + "@x.example"}}
	out := store.Outgoing{Key: "k", Payload: []byte(strings.Repeat(canary, 2000))}
	update(t, s, func(tx *store.Tx) error { return errors.Join(tx.CreateCase(&c, "GDN"), tx.Enqueue(&out)) })
	c.Requester, out.Payload = cases.Requester{}, nil
	update(t, s, func(tx *store.Tx) error { return errors.Join(tx.UpdateCase(c), tx.UpdateOutgoing(out)) })
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(path + "*")
	for _, name := range files {
		if data, err := os.ReadFile(name); err != nil || bytes.Contains(data, []byte(canary)) {
			t.Errorf("%s still holds it (%v)", filepath.Base(name), err)
		}
	}
}
