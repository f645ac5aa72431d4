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
// stands how long the server itself lets pass before it tells an idle client, which Dovecot does on purpose.
func TestARequestIsAnsweredWhileTheWriterStillWatches(t *testing.T) {
	const letters = 40
	d := newDesk(t)
	server := toldAfter(t, d.mailbox)

	d.start(t)
	var waits []time.Duration
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
	}
	if len(waits) != letters {
		t.Fatalf("%d letters of %d were answered", len(waits), letters)
	}
	slices.Sort(waits)
	t.Logf("arrival to acknowledgement: median %v, p90 %v, longest %v, of which the server tells nobody for %v",
		waits[letters/2].Round(time.Millisecond), waits[letters*9/10].Round(time.Millisecond),
		waits[letters-1].Round(time.Millisecond), server.Round(time.Millisecond))
}

// toldAfter is the median time from a delivery until the server tells a client that does nothing but wait.
func toldAfter(t *testing.T, d *dovecot) time.Duration {
	t.Helper()
	const letters = 5
	told := make(chan time.Time, 4*letters)
	c := d.connect(t, &imapclient.UnilateralDataHandler{Mailbox: func(m *imapclient.UnilateralDataMailbox) {
		if m.NumMessages != nil {
			told <- time.Now()
		}
	}})
	defer c.Close()
	if _, err := c.Select("INBOX", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Idle(); err != nil {
		t.Fatal(err)
	}
	var waits []time.Duration
	for n := range letters {
		d.deliver(t, ordinary(n))
		arrived := time.Now()
		waits = append(waits, (<-told).Sub(arrived))
	}
	slices.Sort(waits)
	return waits[letters/2]
}
