//go:build !race

// The race detector takes memory of its own, so none is measured under it.

package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"guichetdunumerique.be/guichet/intake"
)

// heapOfScan scans a mailbox of so many mails, one in fifty of them a request, and returns what the heap grew by
// after the first tenth.
func heapOfScan(t testing.TB, mails int) int64 {
	b := newOldMailbox(t)
	filler := strings.Repeat("Nous avons bien reçu la commande de tasses, merci.\n", 100) // some 5 kB
	for i := range mails {
		body, from := filler, fmt.Sprintf("p%d@post.example", i)
		if i%50 == 0 {
			body = asksErasure
		}
		b.lay("INBOX", 40, from, fmt.Sprintf("%d@post.example", i), "", body+fmt.Sprint(i))
	}
	env := environment{stdout: &b.out, stderr: &b.talk, now: time.Now, getenv: os.Getenv}
	b.now = time.Now()
	c, err := loadConfig(b.file(defaultConfig), env)
	b.must(err)
	since, err := scanDay("2020-01-01", env)
	b.must(err)
	s, err := openScan(t.Context(), env, &c, scanOptions{since: since, format: "json"})
	b.must(err)
	defer s.Close()
	var early int64
	n := 0
	b.must(s.mailbox.ReadPast(t.Context(), intake.Past{
		Since: s.first(), Found: func(int) {},
		Take: func(ctx context.Context, a intake.Arrival) error {
			if n++; n == mails/10 {
				early = heap()
			}
			return s.take(ctx, a)
		},
	}))
	b.must(s.report(t.Context(), &b.out))
	if got := b.report(); got.Counts.Read != mails || got.Counts.Opened != (mails+49)/50 {
		t.Fatalf("counted %+v", got.Counts)
	}
	b.out.Reset()
	grown := heap() - early
	runtime.KeepAlive(s)
	return grown
}

// heap is what is in use, rubbish left out.
func heap() int64 {
	runtime.GC()
	runtime.GC() // what the first one finalized
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

func TestMemoryDoesNotGrowWithTheMailbox(t *testing.T) {
	if grown := heapOfScan(t, 600); grown > 1<<20 { // the mails kept would be 3 MB
		t.Errorf("the heap grew by %d kB", grown>>10)
	}
}

// BenchmarkScan scans 20,000 mails over TLS on loopback. The server shares the processor.
func BenchmarkScan(b *testing.B) {
	const mails = 20000
	for b.Loop() {
		b.ReportMetric(float64(heapOfScan(b, mails)>>10), "kB-grown")
	}
	b.ReportMetric(float64(b.N)*mails/b.Elapsed().Seconds(), "mails/s")
}
