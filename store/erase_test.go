package store_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/store"
)

const person = "zoe.orsted@example.org"

// withPerson makes a database with one closed case of a person who stands in every place that can hold one.
func withPerson(t *testing.T) (s *store.Store, path, ref string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "guichet.db")
	s = open(t, path)
	update(t, s, func(tx *store.Tx) error {
		c := cases.Case{Reference: cases.Reference{Year: 2026}, Status: cases.Closed, Received: now.Add(-time.Hour), Opened: now.Add(-time.Hour),
			Closed: now, Requester: cases.Requester{Address: person, Name: "Zoé Ørsted"}, Hold: "about " + person,
			Pauses: []cases.Pause{{From: cases.Date{Year: 2026, Month: 11, Day: 20}, Why: "asked " + person}}}
		if err := tx.CreateCase(&c, "GDN"); err != nil {
			return err
		}
		ref = c.Reference.String()
		return errors.Join(
			tx.AppendEvent(&cases.Event{Case: ref, Kind: cases.EventOpened, Note: "opened"}),
			tx.AppendEvent(&cases.Event{Case: ref, Kind: cases.EventNote, Note: "called " + person}),
			tx.CreateEntry(&store.Entry{Folder: "INBOX", UID: 1, MessageID: "1." + person, Case: ref}),
			tx.Enqueue(&store.Outgoing{Key: "ack:" + ref, MessageID: "ack", Case: ref, Recipient: person, Payload: []byte("Dear " + person)}))
	})
	return s, path, ref
}

// leftovers counts where a text stands in the files of a database.
func leftovers(t *testing.T, path, text string) (n int) {
	t.Helper()
	files, err := filepath.Glob(path + "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		n += bytes.Count(bytes.ToLower(data), []byte(text))
	}
	return n
}

func TestNothingOfAStrippedPersonIsLeftInAnyFile(t *testing.T) {
	s, path, ref := withPerson(t)
	if leftovers(t, path, person) == 0 {
		t.Fatal("the person was never there")
	}
	update(t, s, func(tx *store.Tx) error { return errors.Join(tx.StripCase(ref, "retention"), tx.MarkErased(person)) })
	if err := s.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := leftovers(t, path, person) + leftovers(t, path, "rsted"); n > 0 {
		t.Errorf("the person still stands in %d places", n)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Errorf("the history no longer proves itself: %v", err)
	}
	view(t, s, func(tx *store.Tx) error {
		at, err := tx.ErasedAt("ZOE.Orsted@example.org")
		if !at.Equal(now) {
			t.Errorf("erased at %v", at)
		}
		return err
	})
}

func TestAHistoryOfAnOlderProgramCanBeStripped(t *testing.T) {
	s, path, ref := withPerson(t)
	events := []cases.Event{{Case: ref, Seq: 1, At: now, Kind: cases.EventOpened, Note: "opened"}, {Case: ref, Seq: 2, At: now, Kind: cases.EventNote, Note: "called " + person}}
	previous := ""
	for i := range events { // as they were written before notes were sealed
		events[i].Hash = cases.Chain(previous, events[i])
		previous = events[i].Hash
	}
	behind(t, path, "UPDATE event SET salt = '', seal = '', at = '"+now.UTC().Format("2006-01-02T15:04:05.000000000Z")+"'",
		"UPDATE event SET hash = '"+events[0].Hash+"' WHERE seq = 1", "UPDATE event SET hash = '"+events[1].Hash+"' WHERE seq = 2",
		"UPDATE request SET chain = ''")
	if err := s.Check(t.Context()); err != nil {
		t.Fatalf("an older history: %v", err)
	}
	update(t, s, func(tx *store.Tx) error { return tx.StripCase(ref, "retention") })
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	view(t, s, func(tx *store.Tx) error {
		list, err := tx.FindEvents(ref)
		for _, e := range list {
			if e.Kind != cases.EventErased && e.Note+e.Salt != "" {
				t.Errorf("event %d still says %q", e.Seq, e.Note)
			}
		}
		return err
	})
}

func TestAnEmptiedCaseLeavesItsNumber(t *testing.T) {
	s, _, ref := withPerson(t)
	update(t, s, func(tx *store.Tx) error { return tx.EmptyCase(ref) })
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	update(t, s, func(tx *store.Tx) error {
		c := cases.Case{Reference: cases.Reference{Year: 2026}, Status: cases.Open, Received: now}
		err := tx.CreateCase(&c, "GDN")
		if c.Reference.Number != 2 {
			t.Errorf("the next case is %s", c.Reference)
		}
		return errors.Join(err, tx.AppendEvent(&cases.Event{Case: c.Reference.String(), Kind: cases.EventOpened}))
	})
}

func TestAMailThatWaitsForAStrippedPersonIsNotSent(t *testing.T) {
	s, _, ref := withPerson(t)
	update(t, s, func(tx *store.Tx) error { return tx.StripCase(ref, "asked for") })
	view(t, s, func(tx *store.Tx) error {
		due, err := tx.DueOutgoing(10)
		m, err2 := tx.FindMail("ack:" + ref)
		if len(due) > 0 || m.State != store.OutFailed || m.Recipient != "" || m.Payload != nil || m.Done.IsZero() {
			t.Errorf("%d are due; the mail: %+v", len(due), m)
		}
		return errors.Join(err, err2)
	})
}

func TestThePausesOfAStrippedCaseKeepTheirDays(t *testing.T) {
	s, _, ref := withPerson(t)
	update(t, s, func(tx *store.Tx) error { return tx.StripCase(ref, "retention") })
	view(t, s, func(tx *store.Tx) error {
		c, err := tx.FindCase(ref)
		if len(c.Pauses) != 1 || c.Pauses[0].Why != "" || c.Pauses[0].From.IsZero() {
			t.Errorf("pauses %+v", c.Pauses)
		}
		return err
	})
}

func TestWhatComesAfterACaseWasStrippedGoesToo(t *testing.T) {
	s, path, ref := withPerson(t)
	later := func() time.Time { return now.Add(48 * time.Hour) }
	update(t, s, func(tx *store.Tx) error { return tx.StripCase(ref, "retention") })
	found := func() (refs []string) {
		view(t, s, func(tx *store.Tx) (err error) { refs, err = tx.WithPersonBefore(later(), 10); return err })
		return refs
	}
	if refs := found(); len(refs) > 0 {
		t.Fatalf("nothing is left of %v", refs)
	}
	for what, add := range map[string]func(*store.Tx) error{
		"a note": func(tx *store.Tx) error {
			return tx.AppendEvent(&cases.Event{Case: ref, Kind: cases.EventNote, Note: "called " + person})
		},
		"a message": func(tx *store.Tx) error {
			return tx.CreateEntry(&store.Entry{Folder: "INBOX", UID: 9, MessageID: "9." + person, Case: ref})
		},
	} {
		update(t, s, add)
		if refs := found(); len(refs) != 1 {
			t.Errorf("%s that came later is never removed", what)
		}
		update(t, s, func(tx *store.Tx) error { return tx.StripCase(ref, "retention") })
	}
	if refs := found(); len(refs) > 0 {
		t.Errorf("still: %v", refs)
	}
	if err := errors.Join(s.Scrub(t.Context()), s.Check(t.Context())); err != nil || leftovers(t, path, person) > 0 {
		t.Errorf("%d traces, %v", leftovers(t, path, person), err)
	}
}

func TestABrokenHistoryIsStrippedAndStaysBroken(t *testing.T) {
	s, path, ref := withPerson(t)
	behind(t, path, "UPDATE event SET actor = 'forged' WHERE seq = 1")
	update(t, s, func(tx *store.Tx) error { return tx.StripCase(ref, "retention") })
	if err := s.Check(t.Context()); !errors.Is(err, store.ErrCorrupt) {
		t.Errorf("removing the person healed what was forged: %v", err)
	}
	if err := s.Scrub(t.Context()); err != nil || leftovers(t, path, person) > 0 {
		t.Errorf("%d traces, %v", leftovers(t, path, person), err)
	}
}

func TestNotesOnOtherCasesThatNameAPersonGo(t *testing.T) {
	s, _, _ := withPerson(t)
	var other string
	update(t, s, func(tx *store.Tx) error {
		c := cases.Case{Reference: cases.Reference{Year: 2026}, Status: cases.Open, Received: now, Pauses: []cases.Pause{{Why: "waits for Zoe.Orsted@example.org"}}}
		err := tx.CreateCase(&c, "GDN")
		other = c.Reference.String()
		return errors.Join(err, tx.AppendEvent(&cases.Event{Case: other, Kind: cases.EventNote, Note: "same as " + person}),
			tx.AppendEvent(&cases.Event{Case: other, Kind: cases.EventNote, Note: "something else"}))
	})
	update(t, s, func(tx *store.Tx) error {
		refs, err := tx.StripNotes("ZOE.orsted@example.org", "named somebody")
		if len(refs) != 2 || refs[1] != other {
			t.Errorf("notes of %v", refs)
		}
		return err
	})
	view(t, s, func(tx *store.Tx) error {
		c, err := tx.FindCase(other)
		events, err2 := tx.FindEvents(other)
		if len(events) != 3 || events[0].Note != "" || events[1].Note != "something else" || c.Pauses[0].Why != "" {
			t.Errorf("history %+v, pauses %+v", events, c.Pauses)
		}
		return errors.Join(err, err2)
	})
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestOldCopiesBesideTheDatabaseAreDeleted(t *testing.T) {
	s, path, _ := withPerson(t)
	old := now.Add(-100 * 24 * time.Hour)
	for name, at := range map[string]time.Time{".before-version-3": old, ".replaced-20260801T000000Z": old, ".before-version-4": now, ".mine": old} {
		if err := errors.Join(os.WriteFile(path+name, nil, 0o600), os.Chtimes(path+name, at, at)); err != nil {
			t.Fatal(err)
		}
	}
	scan := path + store.BesideScan + "2026-01-01"
	if err := errors.Join(os.Mkdir(scan, 0o700), os.WriteFile(filepath.Join(scan, "found"), nil, 0o600), os.Chtimes(scan, old, old)); err != nil {
		t.Fatal(err)
	}
	n, err := s.DropCopies(now.Add(-90 * 24 * time.Hour))
	left, err2 := s.Copies()
	if n != 3 || len(left) != 1 || left[0] != path+".before-version-4" || errors.Join(err, err2) != nil {
		t.Errorf("%d deleted, %v are left, %v", n, left, errors.Join(err, err2))
	}
	if _, err := os.Stat(path + ".mine"); err != nil {
		t.Errorf("a file that is not ours: %v", err)
	}
}

func TestABackupIsWholeAndReplacesNothing(t *testing.T) {
	s, path, ref := withPerson(t)
	to := filepath.Join(t.TempDir(), "backup.db")
	if err := s.BackUp(t.Context(), to); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(to); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the backup: %v, %v", info, err)
	}
	if err := s.BackUp(t.Context(), to); !errors.Is(err, os.ErrExist) {
		t.Errorf("again: %v", err)
	}
	b := open(t, to)
	view(t, b, func(tx *store.Tx) error { _, err := tx.FindCase(ref); return err })
	_ = path
}

func TestARestoredBackupSendsNothingTwiceAndForgetsWhoWasErased(t *testing.T) {
	s, path, ref := withPerson(t)
	backup := filepath.Join(t.TempDir(), "backup.db")
	if err := s.BackUp(t.Context(), backup); err != nil {
		t.Fatal(err)
	}
	update(t, s, func(tx *store.Tx) error { return errors.Join(tx.StripCase(ref, "retention"), tx.MarkErased(person)) })
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	later := config(path)
	later.Now = func() time.Time { return now.Add(time.Hour) }
	update(t, open(t, path), func(tx *store.Tx) error { return tx.SetMoment("x", time.Time{}) })
	kept, err := store.Restore(t.Context(), later, backup)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(kept); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the database that was there: %v, %v", info, err)
	}
	r := open(t, path)
	view(t, r, func(tx *store.Tx) error {
		c, err := tx.FindCase(ref)
		if c.Requester != (cases.Requester{}) {
			t.Errorf("the person is back: %v", c.Requester)
		}
		waiting, err2 := tx.FindOutgoing(store.OutFilter{States: []store.OutState{store.OutQueued}})
		if len(waiting) > 0 {
			t.Errorf("%d mails would be sent again", len(waiting))
		}
		at, err3 := tx.Moment(store.MomentRestored)
		if at.IsZero() {
			t.Error("nothing tells when it was restored")
		}
		return errors.Join(err, err2, err3)
	})
	if err := r.Check(t.Context()); err != nil {
		t.Error(err)
	}
	if files, _ := filepath.Glob(path + ".restoring*"); len(files) > 0 {
		t.Errorf("files of the restoring are left: %v", files)
	}
}

func TestABadBackupIsNotRestored(t *testing.T) {
	s, path, _ := withPerson(t)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	bad := filepath.Join(t.TempDir(), "bad.db")
	if err := os.WriteFile(bad, []byte("no database at all, but some bytes of text"), 0o600); err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(path)
	if _, err := store.Restore(t.Context(), config(path), bad); !errors.Is(err, store.ErrCorrupt) {
		t.Errorf("restoring a file that is none: %v", err)
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
		t.Error("the database was touched")
	}
}

func TestADatabaseInUseIsNotReplaced(t *testing.T) {
	s, path, _ := withPerson(t)
	backup := filepath.Join(t.TempDir(), "backup.db")
	if err := errors.Join(s.BackUp(t.Context(), backup), s.Close()); err != nil {
		t.Fatal(err)
	}
	c := config(path)
	c.Exclusive = true
	daemon, err := store.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer daemon.Close()
	if _, err := store.Restore(t.Context(), config(path), backup); !errors.Is(err, store.ErrLocked) {
		t.Errorf("under a running daemon: %v", err)
	}
}
