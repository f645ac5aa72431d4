package cases

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"time"
)

// Chain is the hash of an event: SHA-256 over the hash of the event before it ("" for the first) and
// every field of its own, the seal standing for a note that has one.
func Chain(previous string, e Event) string {
	fields := []string{previous, e.Case, fmt.Sprint(e.Seq), e.At.UTC().Format(time.RFC3339Nano), string(e.Kind), e.By}
	if e.Seal == "" {
		return digest(append(fields, e.Note)...)
	}
	return digest(append(fields, "sealed", e.Seal)...)
}

// SealNote is the hash of a note and its salt. Once both are gone, nothing leads back to the note, and the chain
// still shows that there was one and that nobody changed it before.
func SealNote(salt, note string) string { return digest(salt, note) }

// digest is SHA-256 over texts, each preceded by its length, so that no two lists hash alike.
func digest(fields ...string) string {
	h := sha256.New()
	for _, field := range fields {
		var length [8]byte
		binary.BigEndian.PutUint64(length[:], uint64(len(field)))
		h.Write(length[:])
		h.Write([]byte(field))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// VerifyChain checks the whole history of one case, oldest event first. The error names the first event
// that was changed, or before which one is missing. A note may be gone only where a later event says that the person
// was erased.
func VerifyChain(events []Event) error {
	previous, erased := "", 0
	for i, e := range events {
		if e.Kind == EventErased {
			erased = i + 1
		}
	}
	for i, e := range events {
		if e.Seq != i+1 {
			return fmt.Errorf("history of %s: event %d is missing", e.Case, i+1)
		}
		if e.Hash != Chain(previous, e) || !e.noteHolds(e.Seq < erased) {
			return fmt.Errorf("history of %s: event %d was changed after it was written", e.Case, e.Seq)
		}
		previous = e.Hash
	}
	return nil
}

// noteHolds reports whether a note is the one that was sealed, or is gone with its salt where it may be.
func (e Event) noteHolds(mayBeGone bool) bool {
	return e.Seal == "" || mayBeGone && e.Salt == "" && e.Note == "" || e.Seal == SealNote(e.Salt, e.Note)
}
