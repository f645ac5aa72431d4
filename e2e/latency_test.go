//go:build e2e

package e2e

import (
	"slices"
	"testing"
	"time"
)

// TestARequestIsAnsweredWhileTheWriterStillWatches measures from the moment the mail server has taken a
// request to the moment the acknowledgement is handed to SMTP. It logs; it demands only the answers.
func TestARequestIsAnsweredWhileTheWriterStillWatches(t *testing.T) {
	const letters = 40
	d := newDesk(t)
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
	t.Logf("arrival to acknowledgement: median %v, p90 %v, longest %v",
		waits[letters/2].Round(time.Millisecond), waits[letters*9/10].Round(time.Millisecond), waits[letters-1].Round(time.Millisecond))
}
