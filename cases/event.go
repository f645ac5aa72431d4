package cases

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"time"
)

// Chain is the hash of an event: SHA-256 over the hash of the event before it ("" for the first) and
// every field of its own, each preceded by its length, so that no two histories hash alike.
func Chain(previous string, e Event) string {
	h := sha256.New()
	for _, field := range []string{
		previous, e.Case, fmt.Sprint(e.Seq), e.At.UTC().Format(time.RFC3339Nano), string(e.Kind), e.By, e.Note,
	} {
		var length [8]byte
		binary.BigEndian.PutUint64(length[:], uint64(len(field)))
		h.Write(length[:])
		h.Write([]byte(field))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// VerifyChain checks the whole history of one case, oldest event first. The error names the first event
// that was changed, or before which one is missing.
func VerifyChain(events []Event) error {
	previous := ""
	for i, e := range events {
		if e.Seq != i+1 {
			return fmt.Errorf("history of %s: event %d is missing", e.Case, i+1)
		}
		if e.Hash != Chain(previous, e) {
			return fmt.Errorf("history of %s: event %d was changed after it was written", e.Case, e.Seq)
		}
		previous = e.Hash
	}
	return nil
}
