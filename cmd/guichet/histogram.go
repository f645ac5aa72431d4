package main

import (
	"fmt"
	"sync"
	"time"
)

// recognitionBounds are the upper ends of the buckets for recognising a message, in seconds: most take a few
// milliseconds, hostile ones of the largest size up to a second.
var recognitionBounds = [...]float64{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}

// histogram counts durations by length, since the program's start. It is safe for concurrent use.
type histogram struct {
	mu      sync.Mutex
	buckets [len(recognitionBounds)]int // those above one bound and up to the next
	count   int                         // all, the longest included
	sum     time.Duration
}

// observe counts a duration.
func (h *histogram) observe(took time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.count++
	h.sum += took
	for i, bound := range recognitionBounds {
		if took.Seconds() <= bound {
			h.buckets[i]++
			return
		}
	}
}

// histogram adds the samples of h: how many took no longer than each bound, how long all took, and how many there are.
func (e *exposition) histogram(metric, help string, h *histogram, labels ...string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	e.declare(metric, "histogram", help)
	with := func(bound string) []string { return append(labels[:len(labels):len(labels)], "le", bound) }
	upTo := 0
	for i, bound := range recognitionBounds {
		upTo += h.buckets[i]
		e.sample(metric, "_bucket", float64(upTo), with(fmt.Sprint(bound))...)
	}
	e.sample(metric, "_bucket", float64(h.count), with("+Inf")...)
	e.sample(metric, "_sum", h.sum.Seconds(), labels...)
	e.sample(metric, "_count", float64(h.count), labels...)
}
