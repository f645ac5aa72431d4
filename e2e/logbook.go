//go:build e2e

package e2e

import (
	"bytes"
	"encoding/json"
	"sync"
)

// logbook collects what a process writes. It may be read while it is written.
type logbook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write appends to the book.
func (b *logbook) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

// String is all that was written so far.
func (b *logbook) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// count tells how many log lines bear the message. Lines that are not JSON, or not whole yet, are not counted.
func (b *logbook) count(message string) int {
	n := 0
	for line := range bytes.Lines([]byte(b.String())) {
		var record struct {
			Message string `json:"msg"`
		}
		if json.Unmarshal(line, &record) == nil && record.Message == message {
			n++
		}
	}
	return n
}
