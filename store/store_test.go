package store_test

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/store"
)

var now = time.Date(2026, 11, 23, 9, 0, 0, 123456789, time.UTC)

// config has the clock of a machine that does not stand in UTC.
func config(path string) store.Config {
	clock := func() time.Time { return now.In(time.FixedZone("elsewhere", 3600)) }
	return store.Config{Path: path, Now: clock, Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
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

// odd is text that a statement glued together, or a string ended by NUL, would not survive.
const odd = "x'); DROP TABLE \"folder\"; -- $1 ?1 \x00 é\U0001F600\r\n"

func fullCase() cases.Case {
	return cases.Case{
		Reference: cases.Reference{Year: 2026}, Status: cases.Closed, Outcome: cases.Partly, Identity: cases.IdentityCandidate,
		Requester: cases.Requester{Address: "Jan@Post.example", Name: odd}, Language: "nl",
		Rights: []cases.Right{cases.Access, cases.Erasure}, Flags: []cases.Flag{cases.Minor}, Hold: "B1",
		Received: now.Add(-time.Hour), Due: cases.Date{Year: 2026, Month: 12, Day: 23}, DueWhy: []string{odd, "b"},
		Latest: cases.Date{Year: 2027, Month: 2, Day: 23}, LatestWhy: []string{"c"}, Extended: cases.Date{Year: 2027, Month: 2, Day: 23},
		FirstReply: now, Opened: now, Closed: now.Add(time.Hour), Related: "GDN-2025-0001",
	}
}

func TestWhatIsKeptComesBackTheSame(t *testing.T) {
	s := fresh(t)
	full, empty := fullCase(), cases.Case{Reference: cases.Reference{Year: 2026}}
	zoned := fullCase()
	zoned.Received = now.In(time.FixedZone("elsewhere", 5400)).Truncate(time.Hour)
	for _, c := range []*cases.Case{&empty, &full, &zoned} {
		update(t, s, func(tx *store.Tx) error { return tx.CreateCase(c, "GDN") })
		view(t, s, func(tx *store.Tx) error {
			got, err := tx.FindCase(c.Reference.String())
			same(t, "case", got, *c)
			return err
		})
	}
	for _, e := range []store.Entry{{}, {Folder: "INBOX", UIDValidity: 1<<32 - 1, UID: 1<<32 - 1, MessageID: "a@b", Fingerprint: "f", Size: 1 << 40,
		Received: now, Fate: cases.FateCase, Reason: odd, Case: "GDN-2026-0001"}} {
		update(t, s, func(tx *store.Tx) error { return tx.CreateEntry(&e) })
		view(t, s, func(tx *store.Tx) error {
			got, err := tx.FindEntry(e.Folder, e.UIDValidity, e.UID)
			same(t, "entry", got, e)
			return err
		})
	}
	for _, o := range []store.Outgoing{{}, {Key: "ack:1", Kind: "ack", Case: "GDN-2026-0001", Recipient: "jan@post.example", MessageID: "m", Payload: []byte(odd),
		State: store.OutUnknown, Attempts: 2, NextAttempt: now, Created: now.Add(time.Hour), Done: now, LastError: "e"}} {
		update(t, s, func(tx *store.Tx) error { return tx.Enqueue(&o) })
		view(t, s, func(tx *store.Tx) error {
			got, err := tx.FindOutgoing(store.OutFilter{MessageID: o.MessageID, States: []store.OutState{o.State}})
			same(t, "outgoing", got, []store.Outgoing{o})
			return err
		})
	}
	for _, f := range []store.Folder{{}, {Name: odd, UIDValidity: 1, UID: 2, Reread: 9, Began: now, Checked: now.Add(time.Nanosecond)}} {
		update(t, s, func(tx *store.Tx) error { return tx.SaveFolder(f) })
		view(t, s, func(tx *store.Tx) error {
			got, err := tx.FindFolder(f.Name)
			same(t, "folder", got, f)
			return err
		})
	}
	for _, e := range []cases.Event{{}, {At: now.Add(time.Hour), Kind: cases.EventStaff, By: "p@x.example", Note: odd}} {
		e.Case = "GDN-2026-0001"
		update(t, s, func(tx *store.Tx) error { return tx.AppendEvent(&e) })
		view(t, s, func(tx *store.Tx) error {
			got, err := tx.FindEvents(e.Case)
			same(t, "event", got[len(got)-1], e)
			return err
		})
	}
}

func TestAnUpdateReplacesAll(t *testing.T) {
	s := fresh(t)
	c, out := cases.Case{Reference: cases.Reference{Year: 2026}}, store.Outgoing{Key: "ack:1"}
	update(t, s, func(tx *store.Tx) error { return errors.Join(tx.CreateCase(&c, "GDN"), tx.Enqueue(&out)) })
	full := fullCase()
	full.Reference = c.Reference
	sent := store.Outgoing{Key: "ack:1", Kind: "ack", Case: "GDN-2026-0001", Recipient: "jan@post.example", MessageID: "m", State: store.OutSent,
		Attempts: 1, NextAttempt: now, Created: now, Done: now.Add(time.Second), LastError: "e"}
	folder := store.Folder{Name: "INBOX", UIDValidity: 2, UID: 9, Reread: 5, Began: now, Checked: now}
	update(t, s, func(tx *store.Tx) error {
		return errors.Join(tx.UpdateCase(full), tx.UpdateOutgoing(sent), tx.SaveFolder(store.Folder{Name: "INBOX", UID: 1}), tx.SaveFolder(folder))
	})
	view(t, s, func(tx *store.Tx) error {
		gotCase, err1 := tx.FindCase("GDN-2026-0001")
		gotOut, err2 := tx.FindOutgoing(store.OutFilter{})
		gotFolders, err3 := tx.FindFolders()
		same(t, "case", gotCase, full)
		same(t, "outgoing", gotOut, []store.Outgoing{sent})
		same(t, "folders", gotFolders, []store.Folder{folder})
		return errors.Join(err1, err2, err3)
	})
}

func TestAMailIsQueuedNowUnlessSaidOtherwise(t *testing.T) {
	s := fresh(t)
	out := store.Outgoing{Key: "ack:1"}
	update(t, s, func(tx *store.Tx) error { return tx.Enqueue(&out) })
	view(t, s, func(tx *store.Tx) error {
		due, err := tx.DueOutgoing(1)
		same(t, "due", due, []store.Outgoing{{Key: "ack:1", State: store.OutQueued, Created: now}})
		return err
	})
}

func TestAMessageThatMovedIsFoundInItsNewPlace(t *testing.T) {
	s := fresh(t)
	e := store.Entry{Folder: "INBOX", UIDValidity: 1, UID: 1, MessageID: "a"}
	update(t, s, func(tx *store.Tx) error { return errors.Join(tx.CreateEntry(&e), tx.MoveEntry(e.ID, "Archive", 7, 3)) })
	view(t, s, func(tx *store.Tx) error {
		if _, err := tx.FindEntry("INBOX", 1, 1); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("its old place: %v", err)
		}
		e.Folder, e.UIDValidity, e.UID = "Archive", 7, 3
		got, err := tx.FindEntry("Archive", 7, 3)
		same(t, "entry", got, e)
		return err
	})
}

func TestAFolderNumberedAnewLeavesItsPlacesFree(t *testing.T) {
	s := fresh(t)
	old := []store.Entry{{Folder: "INBOX", UIDValidity: 1, UID: 2}, {Folder: "INBOX", UIDValidity: 1, UID: 1}}
	elsewhere, later := store.Entry{Folder: "Archive", UIDValidity: 1, UID: 1}, store.Entry{Folder: "INBOX", UIDValidity: 1, UID: 1}
	update(t, s, func(tx *store.Tx) error {
		return errors.Join(tx.CreateEntry(&old[0]), tx.CreateEntry(&old[1]), tx.CreateEntry(&elsewhere),
			tx.UnplaceEntries("INBOX"), tx.UnplaceEntries("INBOX"), // the second time after a restart
			tx.CreateEntry(&later), tx.MoveEntry(old[0].ID, "INBOX", 1, 9))
	})
	view(t, s, func(tx *store.Tx) error {
		inbox, err1 := tx.FindEntries(store.EntryFilter{Folder: "INBOX"})
		archive, err2 := tx.FindEntries(store.EntryFilter{Folder: "Archive"})
		old[0].UID = 9
		old[1].UIDValidity, old[1].UID = 0, uint32(old[1].ID)
		same(t, "INBOX", inbox, []store.Entry{old[0], old[1], later})
		same(t, "Archive", archive, []store.Entry{elsewhere})
		return errors.Join(err1, err2)
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
		"moved":    func(tx *store.Tx) error { return tx.MoveEntry(99, "INBOX", 1, 9) },
		"event":    func(tx *store.Tx) error { return tx.AppendEvent(&cases.Event{Case: "GDN-2026-0404"}) },
	} {
		if err := s.Update(t.Context(), f); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("missing %s: %v", name, err)
		}
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
