//go:build e2e

package e2e

import (
	"bytes"
	"sync"
)

// logbook collects what a process writes. It may be read while it is written.
type logbook struct {
	mu   sync.Mutex
	text bytes.Buffer
	on   func(written []byte) // called with each piece as it is written, unless nil
}

// Write appends to the book.
func (b *logbook) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.on != nil {
		b.on(p)
	}
	return b.text.Write(p)
}

// String is all that was written so far.
func (b *logbook) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}
