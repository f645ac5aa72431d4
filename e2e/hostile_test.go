//go:build e2e

package e2e

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestFailure16MemoryBlowUp gives a daemon the mails that broke other desks, or were made to. Each must end in the
// ledger with a case that staff are shown, whatever could be read of it; the memory of the daemon stays bounded;
// the next ordinary request is answered; and no field of a mail finds its way into ours.
func TestFailure16MemoryBlowUp(t *testing.T) {
	d := newDesk(t)
	p := d.start(t)
	d.mailbox.deliver(t, request(0)) // all code has run once
	d.answered(t, 1)
	d.settled(t)

	var shown []string
	for i, f := range families() {
		t.Run(f.name, func(t *testing.T) { shown = append(shown, p.endures(t, d, f, i)...) })
	}
	d.settled(t)
	digest := d.guichet(t, "digest", "--print")
	for _, reference := range shown {
		if !strings.Contains(digest.out, reference) {
			t.Errorf("the digest does not show staff the case %s", reference)
		}
	}
	p.stop(t)
	for _, m := range d.out.mails() {
		if strings.Contains(string(m.raw), "victim@example.org") || m.header.Get("Bcc")+m.header.Get("Cc") != "" {
			t.Errorf("a mail of ours bears what a field of theirs smuggled: to %q", m.header.Get("To"))
		}
	}
}

// hostileMemory is what the program may take in all, whatever it is sent.
const hostileMemory = 100 << 20

// endures puts the mails of a family into the INBOX at once, an ordinary request after them, and returns the
// cases that staff must be shown.
func (p *daemon) endures(t *testing.T, d *desk, f family, n int) (references []string) {
	p.resetPeak(t)
	busy, before := p.cpu(t), len(d.entries(t))
	var size int64
	for i, h := range f.mails {
		size += d.mailbox.inject(t, 1000*n+i, h.write)
	}
	await(t, 2*time.Minute, "the mails are in the ledger", func(context.Context) error { return d.complete(t, before+len(f.mails)) })
	next := request(1000 + n)
	d.mailbox.deliver(t, next)
	d.acknowledged(t, next)

	peak := p.peak(t)
	t.Logf("| %s | %d | %d MB | %d MB | %.1f s |", f.name, len(f.mails), size/mega, peak/mega, (p.cpu(t) - busy).Seconds())
	if peak >= hostileMemory {
		t.Errorf("%d MB resident at the peak, want under %d", peak/mega, hostileMemory/mega)
	}
	for i, e := range d.entries(t)[before : before+len(f.mails)] {
		want := "case"
		if f.mails[i].hides {
			want = "unreadable"
		}
		if e.fate != want || e.caseRef == "" {
			t.Errorf("%s: its fate is %q and its case %q, want a case and %q", f.mails[i].name, e.fate, e.caseRef, want)
		}
		references = append(references, e.caseRef)
	}
	d.mailbox.clear(t)
	return references
}

// acknowledged waits until a letter was answered.
func (d *desk) acknowledged(t *testing.T, l letter) {
	t.Helper()
	await(t, time.Minute, "the next mail is answered", func(context.Context) error {
		for _, m := range d.out.acknowledgements() {
			if m.parent() == l.id {
				return nil
			}
		}
		return os.ErrNotExist
	})
}

// clear deletes what lies in the INBOX, to save the disk.
func (d *dovecot) clear(t *testing.T) {
	t.Helper()
	for _, folder := range []string{"new", "cur"} {
		files, err := filepath.Glob(d.maildir(folder, "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if err := os.Remove(f); err != nil {
				t.Fatal(err)
			}
		}
	}
}
