package store_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"guichetdunumerique.be/guichet/store"
)

// steps are today's migrations and one more.
func steps(t *testing.T, further string) fs.FS {
	t.Helper()
	files, err := filepath.Glob("migrations/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d migrations, %v", len(files), err)
	}
	all := fstest.MapFS{"9999_further.sql": {Data: []byte("-- +goose Up\n" + further)}}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all[filepath.Base(name)] = &fstest.MapFile{Data: data}
	}
	return all
}

const goodStep = "CREATE TABLE further (x TEXT);"

// kept makes a database of today with something in it, and closes it.
func kept(t *testing.T) (path string) {
	t.Helper()
	s, path := sound(t)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// holds says whether a database of today at path holds what kept put there.
func holds(t *testing.T, path string) {
	t.Helper()
	s := open(t, path)
	defer s.Close()
	view(t, s, func(tx *store.Tx) error { _, err := tx.FindCase("GDN-2026-0003"); return err })
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestADatabaseIsCopiedBeforeItsTablesChange(t *testing.T) {
	path := kept(t)
	copied := path + ".before-version-9999"
	for name, text := range map[string]string{copied: "an older copy", copied + ".unfinished": "a copy cut off by a crash"} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s, err := store.OpenSteps(t.Context(), config(path), steps(t, goodStep))
	if err != nil {
		t.Fatal(err)
	}
	view(t, s, func(tx *store.Tx) error { _, err := tx.FindCase("GDN-2026-0003"); return err })
	_ = s.Close()
	behind(t, path, "INSERT INTO further VALUES ('x')")
	if info, err := os.Stat(copied); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the copy: %v, %v", info, err)
	}
	if _, err := os.Stat(copied + ".unfinished"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an unfinished copy is left: %v", err)
	}
	holds(t, copied) // opens only as a database of today
	if _, err := store.Open(t.Context(), config(path)); !errors.Is(err, store.ErrNewer) {
		t.Errorf("the program of today opens the database of tomorrow: %v", err)
	}
}

func TestANewDatabaseIsNotCopied(t *testing.T) {
	path := filepath.Join(t.TempDir(), "guichet.db")
	_ = open(t, path).Close()
	if files, _ := filepath.Glob(path + ".before*"); len(files) > 0 {
		t.Errorf("copies of nothing: %v", files)
	}
}

func TestAMigrationThatFailsChangesNothing(t *testing.T) {
	path := kept(t)
	bad := steps(t, goodStep+"CREATE TABLE folder (there_is_one TEXT);")
	for range 2 { // again, as a service that is restarted would
		_, err := store.OpenSteps(t.Context(), config(path), bad)
		if err == nil || !strings.Contains(err.Error(), "changing the tables") {
			t.Fatalf("a bad migration: %v", err)
		}
	}
	holds(t, path)
	holds(t, path+".before-version-9999")
	s, err := store.OpenSteps(t.Context(), config(path), steps(t, goodStep))
	if err != nil {
		t.Fatalf("the mended migration: %v", err)
	}
	_ = s.Close()
}

func TestTablesDoNotChangeUnderARunningDaemon(t *testing.T) {
	path := kept(t)
	c := config(path)
	c.Exclusive = true
	daemon, err := store.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	_, err = store.OpenSteps(t.Context(), config(path), steps(t, goodStep))
	if !errors.Is(err, store.ErrLocked) {
		t.Errorf("a newer command beside the daemon: %v", err)
	}
	_ = daemon.Close()
	holds(t, path)
}

func TestADatabaseThatIsUpToDateIsNotWrittenTo(t *testing.T) {
	path := kept(t)
	before, err1 := os.ReadFile(path)
	_ = open(t, path).Close()
	after, err2 := os.ReadFile(path)
	if errors.Join(err1, err2) != nil || string(before) != string(after) {
		t.Errorf("opening changed the file: %v, %v", err1, err2)
	}
}
