package store_test

import (
	"bytes"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/store"
)

// behind runs statements on one connection of its own, as another program would, which stays open.
func behind(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = db.Close() })
	for _, statement := range statements {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
}

// sound makes a database of three cases, each with three events, a message and a mail.
func sound(t *testing.T) (s *store.Store, path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "guichet.db")
	s = open(t, path)
	update(t, s, func(tx *store.Tx) error {
		for i := range uint32(3) {
			c := cases.Case{Reference: cases.Reference{Year: 2026}, Status: cases.Open, Received: now}
			if err := tx.CreateCase(&c, "GDN"); err != nil {
				return err
			}
			ref := c.Reference.String()
			for _, kind := range []cases.EventKind{cases.EventOpened, cases.EventAckQueued, cases.EventSent} {
				if err := tx.AppendEvent(&cases.Event{Case: ref, Kind: kind, Note: "note"}); err != nil {
					return err
				}
			}
			err := errors.Join(tx.CreateEntry(&store.Entry{Folder: "INBOX", UID: i, MessageID: "id-of-" + ref, Case: ref}),
				tx.Enqueue(&store.Outgoing{Key: "ack:" + ref, MessageID: "ack-of-" + ref, Case: ref, Payload: []byte("text")}))
			if err != nil {
				return err
			}
		}
		return nil
	})
	return s, path
}

func TestASoundDatabaseIsSound(t *testing.T) {
	s, _ := sound(t)
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	if err := fresh(t).Check(t.Context()); err != nil {
		t.Errorf("an empty one: %v", err)
	}
}

func TestDamageBehindTheProgramsBackIsFound(t *testing.T) {
	for _, tt := range []struct{ name, damage, says string }{
		{"a changed event", "UPDATE event SET note = 'forged' WHERE reference = 'GDN-2026-0002' AND seq = 2", "GDN-2026-0002: event 2"},
		{"an event left out", "DELETE FROM event WHERE reference = 'GDN-2026-0003' AND seq = 1", "GDN-2026-0003: event 1 is missing"},
		{"the last event left out", "DELETE FROM event WHERE reference = 'GDN-2026-0003' AND seq = 3", "lacks its end: GDN-2026-0003"},
		{"a note taken away, its salt left", "UPDATE event SET note = '' WHERE reference = 'GDN-2026-0002' AND seq = 2", "GDN-2026-0002: event 2"},
		{"a history left out", "DELETE FROM event WHERE reference = 'GDN-2026-0001'", "no history: GDN-2026-0001"},
		{"a case left out", "DELETE FROM request WHERE reference = 'GDN-2026-0002'", "event"},
		{"a case left out with its history", "DELETE FROM event WHERE reference = 'GDN-2026-0001'; DELETE FROM entry; DELETE FROM outgoing; DELETE FROM request WHERE reference = 'GDN-2026-0001'", "GDN-2026"},
		{"a message of no case", "UPDATE entry SET reference = 'GDN-2026-0009' WHERE uid = 1", "GDN-2026-0009"},
		{"a note left out, though nobody was erased", "UPDATE event SET note = '', salt = '' WHERE reference = 'GDN-2026-0002' AND seq = 2", "GDN-2026-0002: event 2"},
		{"an acknowledgement left out", "DELETE FROM outgoing WHERE key = 'ack:GDN-2026-0002'", "not in the outbox: GDN-2026-0002"},
		{"a mail in a state of its own", "UPDATE outgoing SET state = 'lost' WHERE key = 'ack:GDN-2026-0002'", "no state that there is: ack:GDN-2026-0002"},
		{"a mail without its text", "UPDATE outgoing SET payload = '' WHERE key = 'ack:GDN-2026-0002'", "has no text: ack:GDN-2026-0002"},
		{"a mail that left with its text", "UPDATE outgoing SET state = 'sent', done = created WHERE key = 'ack:GDN-2026-0002'", "still has its text, or no date: ack:GDN-2026-0002"},
		{"a message beyond what was read", "INSERT INTO folder (name, uidvalidity, uid, reread, began, checked) VALUES ('INBOX', 0, 1, 0, '', '')", "beyond what was read of this folder: INBOX"},
		{"a mail of no case", "UPDATE outgoing SET reference = 'GDN-2026-0008' WHERE attempts = 0 AND key LIKE '%1'", "GDN-2026-0008"},
		{"a time that is none", "UPDATE request SET received = 'yesterday' WHERE number = 3", "GDN-2026-0003"},
		{"a date that is none", "UPDATE request SET due = 'soon' WHERE number = 3", "GDN-2026-0003"},
		{"a list that is none", "UPDATE request SET rights = 'access' WHERE number = 3", "GDN-2026-0003"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, path := sound(t)
			behind(t, path, tt.damage)
			if err := s.Check(t.Context()); !errors.Is(err, store.ErrCorrupt) || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("check: %v", err)
			}
		})
	}
}

func TestAllThatIsDamagedIsToldAtOnce(t *testing.T) {
	s, path := sound(t)
	behind(t, path, "UPDATE event SET note = 'forged' WHERE seq = 2", "UPDATE outgoing SET state = 'lost' WHERE key = 'ack:GDN-2026-0001'")
	err := s.Check(t.Context())
	for _, says := range []string{"GDN-2026-0001: event 2", "GDN-2026-0002: event 2", "GDN-2026-0003: event 2", "ack:GDN-2026-0001"} {
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q is not told: %v", says, err)
		}
	}
}

func TestADamagedPageIsFound(t *testing.T) {
	s, path := sound(t)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	// The text stands in the table and in its index; where the two differ, one is wrong.
	whole := []byte("id-of-GDN-2026-0002")
	if bytes.Count(data, whole) != 2 {
		t.Fatalf("the text stands %d times", bytes.Count(data, whole))
	}
	if err := os.WriteFile(path, bytes.Replace(data, whole, []byte("xx-of-GDN-2026-0002"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := open(t, path).Check(t.Context()); !errors.Is(err, store.ErrCorrupt) {
		t.Errorf("check: %v", err)
	}
}

func TestADatabaseOfWhichPagesAreLostIsRefused(t *testing.T) {
	s, path := sound(t)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := 4096; i < len(data); i++ { // all but the first page, which names the file's kind
		data[i] ^= 0x5a
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(t.Context(), config(path)); !errors.Is(err, store.ErrCorrupt) || !strings.Contains(err.Error(), "restore a backup") {
		t.Errorf("open: %v", err)
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, data) {
		t.Errorf("the damaged file was changed (%v)", err)
	}
}
