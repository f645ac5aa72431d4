package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/store"
)

// crowd makes a database of many people of all lengths, some of whom are stripped while others come, and returns their
// cases. The word "needle" stands in all that is of a person.
func crowd(t *testing.T, people int) (s *store.Store, path string, refs []string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "guichet.db")
	s = open(t, path)
	random := rand.New(rand.NewPCG(1, 2))
	for n := range people {
		who := fmt.Sprintf("needle%04d@%s.example", n, strings.Repeat("x", random.IntN(60)))
		update(t, s, func(tx *store.Tx) error {
			c := cases.Case{Reference: cases.Reference{Year: 2026}, Status: cases.Closed, Received: now.Add(-time.Hour), Opened: now, Closed: now,
				Requester: cases.Requester{Address: who, Name: who}}
			if err := tx.CreateCase(&c, "GDN"); err != nil {
				return err
			}
			ref := c.Reference.String()
			refs = append(refs, ref)
			for range random.IntN(6) + 1 {
				if err := tx.AppendEvent(&cases.Event{Case: ref, Kind: cases.EventNote, Note: strings.Repeat(who, random.IntN(8)+1)}); err != nil {
					return err
				}
			}
			return errors.Join(tx.CreateEntry(&store.Entry{Folder: "INBOX", UID: uint32(n), MessageID: "1." + who, Case: ref}),
				tx.Enqueue(&store.Outgoing{Key: "ack:" + ref, MessageID: "ack" + ref, Case: ref, Recipient: who, Payload: []byte(strings.Repeat(who, random.IntN(200)+1))}))
		})
		if n%3 == 2 {
			update(t, s, func(tx *store.Tx) error { return tx.StripCase(refs[random.IntN(len(refs))], "retention") })
		}
	}
	return s, path, refs
}

// SQLite moves rows between pages as a table grows, and secure_delete does not reach where they lay before: among many
// rows, traces stay unless the file is written anew.
func TestNoTraceOfAStrippedPersonIsLeftAmongMany(t *testing.T) {
	s, path, refs := crowd(t, 400)
	for _, ref := range refs {
		update(t, s, func(tx *store.Tx) error { return tx.StripCase(ref, "retention") })
	}
	if leftovers(t, path, "needle") == 0 {
		t.Error("no trace was left before: this proves nothing")
	}
	if err := s.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := leftovers(t, path, "needle"); n > 0 {
		t.Errorf("%d traces are left", n)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestTracesStayUntilNobodyReads(t *testing.T) {
	s, path, ref := withPerson(t)
	impatient, err := store.Open(t.Context(), store.Impatient(config(path)))
	if err != nil {
		t.Fatal(err)
	}
	defer impatient.Close()
	update(t, s, func(tx *store.Tx) error { return tx.StripCase(ref, "retention") })
	view(t, s, func(tx *store.Tx) error { // a reader of the state before
		if _, err := tx.FindCase(ref); err != nil {
			return err
		}
		if err := impatient.Scrub(t.Context()); !errors.Is(err, store.ErrLocked) {
			t.Errorf("while somebody reads: %v", err)
		}
		return nil
	})
	if err := impatient.Scrub(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := leftovers(t, path, person); n > 0 {
		t.Errorf("%d traces are left", n)
	}
}
