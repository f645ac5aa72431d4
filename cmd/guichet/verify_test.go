package main

import (
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	"guichetdunumerique.be/guichet/store"
)

// verified runs verify and reads its report.
func (b *oldMailbox) verified(want int) (r Report) {
	b.t.Helper()
	if code := b.guichet("verify", "--json", "-c", b.file(defaultConfig)); code != want {
		b.t.Fatalf("verify ended with %d, want %d: %s", code, want, b.talk.String())
	}
	b.must(json.Unmarshal(b.out.Bytes(), &r))
	return r
}

func TestVerifyProvesThatEveryMessageHasItsRow(t *testing.T) {
	b := newOldMailbox(t)
	b.lay("INBOX", 9, "old@post.example", "old@post.example", "", asksNothing) // from before the first start
	once := func() {
		t.Helper()
		if code := b.guichet("once", "-c", b.file(defaultConfig)); code != 0 {
			t.Fatalf("once ended with %d: %s", code, b.talk.String())
		}
	}
	once()
	b.lay("INBOX", 0, "jan@post.example", "jan.1@post.example", "", asksErasure)
	lost := b.lay("INBOX", 0, "kim@post.example", "kim.1@post.example", "", asksNothing)
	moved := b.lay("INBOX", 0, "lea@post.example", "lea.1@post.example", "", asksNothing)
	once()
	b.must(b.imap.Expunge("INBOX", moved))
	b.lay("INBOX", 0, "late@post.example", "late.1@post.example", "", asksNothing)

	r := b.verified(0)
	if f := inbox(t, r); f.Lying != 4 || f.Filed != 2 || f.Before != 1 || f.Waiting != 1 || f.Gone != 1 || len(f.Missing) > 0 {
		t.Errorf("a sound mailbox: %+v", f)
	}

	// A row that is gone is a message lost.
	path, err := filepath.Abs(b.file("guichet.db"))
	b.must(err)
	s, err := store.Open(t.Context(), store.Config{Path: path, Now: func() time.Time { return b.now }, Log: newLogger(&b.talk, logConfig{Level: "error"})})
	b.must(err)
	b.must(s.Update(t.Context(), func(tx *store.Tx) error {
		e, err := tx.FindEntry("INBOX", inboxValidity(tx), lost)
		if err != nil {
			return err
		}
		return tx.MoveEntry(e.ID, "Elsewhere", 1, 1)
	}))
	b.must(s.Close())
	if f := inbox(t, b.verified(1)); len(f.Missing) != 1 || f.Missing[0] != lost {
		t.Errorf("a lost message: %+v", f)
	}

	b.must(b.imap.Renumber("INBOX"))
	if f := inbox(t, b.verified(1)); f.Problem == "" {
		t.Errorf("a folder numbered anew: %+v", f)
	}
}

func inbox(t *testing.T, r Report) folderReport {
	t.Helper()
	for _, f := range r.Folders {
		if f.Folder == "INBOX" {
			return f
		}
	}
	t.Fatalf("no INBOX among %+v", r.Folders)
	return folderReport{}
}

func inboxValidity(tx *store.Tx) uint32 {
	f, _ := tx.FindFolder("INBOX")
	return f.UIDValidity
}
