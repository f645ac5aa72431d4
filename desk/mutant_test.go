package desk_test

import (
	"crypto/sha256"
	"encoding/binary"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"guichetdunumerique.be/guichet/intake"
	"guichetdunumerique.be/guichet/intake/message"
	"guichetdunumerique.be/guichet/internal/mailtest"
	"guichetdunumerique.be/guichet/store"
)

// mutationsOf is how often each mail is mutated: GUICHET_MUTATIONS, else once.
func mutationsOf(t *testing.T) int {
	t.Helper()
	text := os.Getenv("GUICHET_MUTATIONS")
	if text == "" {
		return 1
	}
	n, err := strconv.Atoi(text)
	must(t, err)
	return n
}

// longest is when reading a message counts as hanging, on a slow machine that is busy with other tests.
const longest = time.Minute

// Every mail of others, whole and with damage done to it, has one fate: none crashes or holds up the desk, and the
// mail that follows is treated.
func TestDamagedMailHasOneFateEach(t *testing.T) {
	const corpus = "../../shared/corpus"
	if _, err := os.Stat(corpus); err != nil {
		t.Skipf("the corpus is not beside the repository: %v", err)
	}
	mutations := mutationsOf(t)
	o := newOffice(t)
	o.Profile.RepliesPerHour = 1 << 30
	var uid uint32
	var slowest time.Duration
	err := filepath.WalkDir(corpus, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Dir(path) == corpus || filepath.Ext(path) == ".yml" {
			return err
		}
		raw, err := os.ReadFile(path)
		must(t, err)
		for n := range mutations + 1 {
			mail := raw
			if n > 0 {
				mail = mailtest.Mutate(seedOf(path, n), raw)
			}
			uid++
			began := time.Now()
			file(t, o, uid, mail, path, n)
			if took := time.Since(began); took > slowest {
				slowest = took
				if took > longest {
					t.Errorf("%s, mutation %d: took %v", path, n, took)
				}
			}
		}
		return nil
	})
	must(t, err)
	must(t, o.store.View(t.Context(), func(tx *store.Tx) error {
		found, err := tx.FindEntries(store.EntryFilter{})
		if len(found) != int(uid) {
			t.Errorf("%d rows in the ledger of %d mails", len(found), uid)
		}
		for i, e := range found {
			if e.UID != uint32(i+1) || e.Fate == "" {
				t.Fatalf("row %d is of UID %d, fate %q", i+1, e.UID, e.Fate)
			}
		}
		return err
	}))
	uid++
	if e := o.arriveAs(uid, erasure()); e.Case == "" {
		t.Errorf("the mail after all that opened nothing: %s", e.Reason)
	}
	t.Logf("%d mails, each file whole and damaged %d times; the slowest took %v, %d cases", uid, mutations, slowest, len(o.allCases()))
}

// seedOf makes the damage done to a file the same in each run.
func seedOf(path string, n int) *rand.Rand {
	sum := sha256.Sum256([]byte(filepath.ToSlash(path)))
	return rand.New(rand.NewPCG(binary.BigEndian.Uint64(sum[:]), uint64(n)))
}

// file hands a mail to the desk as intake would: parsed, by its first 64 KiB where it is longer.
func file(t *testing.T, o *office, uid uint32, raw []byte, path string, n int) {
	t.Helper()
	defer func() {
		if caught := recover(); caught != nil {
			t.Fatalf("%s, mutation %d: panic: %v", path, n, caught)
		}
	}()
	head := raw[:min(len(raw), 64<<10)]
	m := message.Parse(message.Source{Head: head, Size: int64(len(raw))}, message.Limits{})
	for _, problem := range m.Problems {
		if strings.Contains(problem, "could not be read in full") {
			t.Errorf("%s, mutation %d: a panic was caught", path, n)
		}
	}
	a := intake.Arrival{Folder: "INBOX", UIDValidity: 1, UID: uid, InternalDate: o.now, Message: m}
	if err := o.Take(t.Context(), a); err != nil {
		t.Fatalf("%s, mutation %d: %v", path, n, err)
	}
}

// arriveAs is arrive under a UID.
func (o *office) arriveAs(uid uint32, l letter) store.Entry {
	o.t.Helper()
	o.uid["INBOX"] = uid - 1
	return o.arrive(l)
}
