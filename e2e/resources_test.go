//go:build e2e

package e2e

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

func TestAnIdleDaemonIsSmallAndQuiet(t *testing.T) {
	const (
		watch  = 20 * time.Second
		memory = 33 << 20               // of which 20 are the pages of the program itself that it touched, shared and clean
		busy   = 100 * time.Millisecond // half a percent of the time watched: timers and the runtime's own work
	)
	d := newDesk(t)
	p := d.start(t)
	d.mailbox.deliver(t, request(1))
	d.answered(t, 1)
	d.settled(t)

	before := p.cpu(t)
	span(t, watch)
	used, size := p.cpu(t)-before, p.resident(t)
	t.Logf("idle: %.1f MB resident, %v of processor time in %v", float64(size)/(1<<20), used, watch)
	if size >= memory {
		t.Errorf("%d MB resident, want under %d", size>>20, memory>>20)
	}
	if used > busy {
		t.Errorf("%v of processor time in %v of doing nothing", used, watch)
	}
}

func TestALargeMailCostsLittleMemory(t *testing.T) {
	const growth = 20 << 20
	d := newDesk(t)
	p := d.start(t)
	d.mailbox.deliver(t, request(1)) // all code has run once
	d.answered(t, 1)
	d.settled(t)

	large := withAttachments(request(2), 3, 10<<20)
	before := p.resident(t)
	p.resetPeak(t)
	d.mailbox.deliver(t, large)
	d.answered(t, 2)
	d.settled(t)
	grown := p.peak(t) - before
	t.Logf("a mail of %d MB: %.1f MB more at the peak", len(large.raw)>>20, float64(grown)/(1<<20))
	if grown >= growth {
		t.Errorf("resident memory grew by %d MB, want less than %d", grown>>20, growth>>20)
	}
	answersKeepTheRules(t, d, []letter{request(1), large})
}

// withAttachments adds n files to a plain letter, each of size bytes as sent.
func withAttachments(l letter, n, size int) letter {
	const boundary = "----=_large"
	header, words, _ := strings.Cut(string(l.raw), "\r\n\r\n")
	header = strings.Replace(header, "Content-Type: text/plain; charset=utf-8", `Content-Type: multipart/mixed; boundary="`+boundary+`"`, 1)
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\r\n\r\n--%s\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n%s\r\n",
		header, boundary, words)
	noise := rand.NewChaCha8([32]byte{})
	chunk := make([]byte, 57) // a line of base64
	for i := range n {
		fmt.Fprintf(&b, "--%s\r\nContent-Type: image/jpeg; name=\"scan-%d.jpg\"\r\n"+
			"Content-Disposition: attachment; filename=\"scan-%d.jpg\"\r\nContent-Transfer-Encoding: base64\r\n\r\n", boundary, i, i)
		for end := b.Len() + size; b.Len() < end; {
			noise.Read(chunk)
			b.WriteString(base64.StdEncoding.EncodeToString(chunk) + "\r\n")
		}
	}
	fmt.Fprintf(&b, "--%s--\r\n", boundary)
	l.raw = b.Bytes()
	return l
}
