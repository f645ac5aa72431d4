//go:build e2e

package e2e

import (
	"slices"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2/imapclient"
)

// TestARequestIsAnsweredWhileTheWriterStillWatches measures from the moment the mail server has taken a
// request to the moment the acknowledgement is handed to SMTP. It logs; it demands only the answers. Beside it
// stands how long the server itself lets pass before it tells of the mail, which Dovecot does on purpose.
func TestARequestIsAnsweredWhileTheWriterStillWatches(t *testing.T) {
	const letters = 40
	d := newDesk(t)
	d.start(t)
	told := make(chan time.Time, 4*letters)
	idle(t, d.mailbox, told)

	var waits, server []time.Duration
	for n := range letters {
		l := request(n)
		d.mailbox.deliver(t, l)
		arrived := time.Now()
		d.answered(t, n+1)
		for _, m := range d.out.acknowledgements() {
			if m.parent() == l.id {
				waits = append(waits, m.at.Sub(arrived))
			}
		}
		server = append(server, (<-told).Sub(arrived))
	}
	if len(waits) != letters {
		t.Fatalf("%d letters of %d were answered", len(waits), letters)
	}
	slices.Sort(waits)
	slices.Sort(server)
	t.Logf("arrival to acknowledgement: median %v, p90 %v, longest %v", waits[letters/2].Round(time.Millisecond),
		waits[letters*9/10].Round(time.Millisecond), waits[letters-1].Round(time.Millisecond))
	t.Logf("of which the server tells nobody: median %v", server[letters/2].Round(time.Millisecond))
}

// idle waits on the INBOX as any mail program does, and notes when the server tells of a message.
func idle(t *testing.T, d *dovecot, told chan<- time.Time) {
	t.Helper()
	c := d.connect(t, &imapclient.UnilateralDataHandler{Mailbox: func(m *imapclient.UnilateralDataMailbox) {
		if m.NumMessages != nil {
			told <- time.Now()
		}
	}})
	if _, err := c.Select("INBOX", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Idle(); err != nil {
		t.Fatal(err)
	}
}
