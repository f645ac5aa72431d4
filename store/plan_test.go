package store

import (
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guichetdunumerique.be/guichet/cases"
)

// What the desk asks at every message must cost the same beside a hundred closed cases as beside a
// million: each question is answered by an index.
func TestTheDesksQuestionsReadNoWholeTable(t *testing.T) {
	s, err := Open(t.Context(), Config{
		Path: filepath.Join(t.TempDir(), "guichet.db"), Now: time.Now, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	live := []cases.Status{cases.Triage, cases.Open}
	for _, tt := range []struct {
		table string
		where *where
		order string
		what  string
	}{
		{"entry", EntryFilter{MessageIDs: []string{"a", "b"}}.where(), "id", "what a message answers"},
		{"entry", EntryFilter{Fingerprint: "f"}.where(), "id", "was it seen before"},
		{"entry", EntryFilter{Case: "c"}.where(), "id", "the messages of a case"},
		{"request", CaseFilter{Statuses: live}.where(), "due, year, number", "open work"},
		{"request", CaseFilter{Statuses: live, Address: "a"}.where(), "due, year, number", "open cases of an address"},
		{"outgoing", OutFilter{States: []OutState{OutSending}}.where(), "created, key", "mails in doubt"},
		{"outgoing", OutFilter{MessageID: "m"}.where(), "created, key", "is it our own mail"},
		{"outgoing", OutFilter{Case: "c"}.where(), "created, key", "the mails of a case"},
		{"outgoing", OutFilter{Recipient: "r", Kinds: []string{"ack"}, Since: time.Now()}.where(), "created, key", "mails to an address today"},
		{"outgoing", OutFilter{Kinds: []string{"ack"}, Since: time.Now()}.where(), "created, key", "mails of this hour"},
		{"outgoing", OutFilter{States: []OutState{OutGathered}, Recipient: "r"}.where(), "created, key", "what waits for a summary"},
	} {
		err := s.View(t.Context(), func(tx *Tx) error {
			scan := func(r row) (step string, err error) {
				var id, parent, unused int
				return step, r.Scan(&id, &parent, &unused, &step)
			}
			plan, err := collect(tx, scan, "EXPLAIN QUERY PLAN SELECT * FROM "+tt.table+tt.where.clause()+" ORDER BY "+tt.order, tt.where.args...)
			if text := strings.Join(plan, "\n"); !strings.Contains(text, "SEARCH "+tt.table) || strings.Contains(text, "SCAN") {
				t.Errorf("%s: %s", tt.what, text)
			}
			return err
		})
		if err != nil {
			t.Errorf("%s: %v", tt.what, err)
		}
	}
}
