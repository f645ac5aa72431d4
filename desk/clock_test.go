package desk_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/intake"
	"guichetdunumerique.be/guichet/internal/mailtest"
	"guichetdunumerique.be/guichet/reply"
	"guichetdunumerique.be/guichet/store"
)

// wired is an office that reads a real mailbox.
func wired(t *testing.T) (*office, *mailtest.IMAP, *intake.Mailbox) {
	t.Helper()
	o := newOffice(t)
	s, err := mailtest.StartIMAP(mailtest.Options{})
	must(t, err)
	t.Cleanup(func() { _ = s.Close() })
	box := intake.New(intake.Config{
		Server: s.Addr(), Security: string(s.Security), Username: s.Username,
		Password: func(context.Context) (string, error) { return s.Password, nil },
		TLS:      &tls.Config{RootCAs: s.Certificate.Pool()},
	}, o.Desk)
	report, err := box.Check(t.Context())
	must(t, err)
	for _, f := range report.Folders {
		must(t, o.Begin(t.Context(), f.Name, intake.Position{UIDValidity: f.UIDValidity}))
	}
	return o, s, box
}

// wish is the n-th request, of a person who writes only once.
func wish(n int) letter {
	return letter{from: fmt.Sprintf("Person <p%d@post.example>", n), subject: "données", id: fmt.Sprintf("r%d@post.example", n),
		body: requests[n%len(requests)]}
}

// A program that was down for longer than anybody looks back finds every mail of that time once, received when it
// was; the law's clock runs from there. Who has waited for more than three days is answered by a person.
func TestFailure03DowntimeOutlastsTheWindow(t *testing.T) {
	for _, days := range []int{7, 45} {
		t.Run(fmt.Sprintf("%d days", days), func(t *testing.T) {
			o, s, box := wired(t)
			o.Profile.RepliesPerHour = 1000
			random := rand.New(rand.NewPCG(uint64(days), 0))
			stopped := o.now
			end := stopped.AddDate(0, 0, days)
			arrived := map[string]time.Time{}
			fresh := 0
			for n := range 3 * days {
				at := stopped.Add(time.Duration(random.Int64N(int64(end.Sub(stopped))))).Truncate(time.Second)
				l := wish(n)
				_, err := s.Deliver("INBOX", l.raw(), at)
				must(t, err)
				arrived[fmt.Sprintf("p%d@post.example", n)] = at
				if end.Sub(at) <= o.Profile.AnswerWithin {
					fresh++
				}
			}
			o.now = end
			for range 2 { // the second start finds nothing more
				must(t, o.Recover(t.Context()))
				must(t, box.Once(t.Context()))
				must(t, o.Tick(t.Context()))
				must(t, o.Deliver(t.Context()))
			}
			list := o.allCases()
			if len(list) != len(arrived) {
				t.Errorf("%d cases of %d mails", len(list), len(arrived))
			}
			acknowledged := 0
			for _, k := range list {
				at := arrived[k.Requester.Address]
				if !k.Received.Equal(at) {
					t.Errorf("%s was received %s, not %s", k.Reference, at, k.Received)
				}
				if want := o.Profile.Term.Dates(at).Due; k.Due != want {
					t.Errorf("%s is due on %s, want %s", k.Reference, k.Due, want)
				}
				mails := len(o.post.to(k.Requester.Address))
				acknowledged += mails
				if late := end.Sub(at) > o.Profile.AnswerWithin; late && (mails > 0 || k.Hold == "") || !late && mails != 1 {
					t.Errorf("%s waited %s: %d mails, held because %q", k.Reference, end.Sub(at), mails, k.Hold)
				}
			}
			if acknowledged != fresh {
				t.Errorf("%d acknowledged, want %d", acknowledged, fresh)
			}
			if n := len(o.outbox(store.OutFilter{Kinds: []string{"digest"}})); n != 1 {
				t.Errorf("%d digests, want that of the last day alone", n)
			}
		})
	}
}

// Mail that was queued by a clock that ran ahead does not wait until the time comes again.
func TestAClockSetBackHoldsNoMail(t *testing.T) {
	o := newOffice(t)
	right := o.now
	o.now = right.AddDate(0, 0, 60)
	o.post.fail = []error{refused(reply.Temporary, "connect")}
	o.arrive(erasure())
	o.now = right
	must(t, o.Tick(t.Context()))
	must(t, o.Deliver(t.Context()))
	if n := len(o.post.to("jan@post.example")); n != 1 {
		t.Errorf("%d acknowledgements", n)
	}
}

// A clock that jumps back and forth opens, sends and reminds nothing twice, and gives no case a receipt that
// lies ahead.
func TestAJumpingClockDoublesNothing(t *testing.T) {
	o := newOffice(t)
	o.Profile.RepliesPerHour = 100000
	random := rand.New(rand.NewPCG(3, 0))
	begin := o.now
	const letters = 150
	for n := range letters {
		o.now = begin.Add(time.Duration(random.NormFloat64() * float64(20*24*time.Hour)))
		if n%3 == 0 {
			o.post.fail = []error{refused(reply.Temporary, "connect")}
		}
		if e := o.arrive(wish(n)); e.Case == "" || e.Received.After(o.now) {
			t.Errorf("mail %d: case %q, received %s ahead", n, e.Case, e.Received.Sub(o.now))
		}
		must(t, o.Tick(t.Context()))
		must(t, o.Deliver(t.Context()))
	}
	for o.now = begin; o.now.Before(begin.AddDate(0, 0, 1)); o.now = o.now.Add(10 * time.Minute) { // and runs well again
		must(t, o.Tick(t.Context()))
		must(t, o.Deliver(t.Context()))
	}
	if n := len(o.allCases()); n != letters {
		t.Errorf("%d cases of %d letters", n, letters)
	}
	for n := range letters {
		if got := len(o.post.to(fmt.Sprintf("p%d@post.example", n))); got != 1 {
			t.Errorf("person %d got %d mails", n, got)
		}
	}
	sent := map[string]int{}
	for _, m := range o.post.mails {
		sent[m.MessageID]++
	}
	for id, n := range sent {
		if n > 1 {
			t.Errorf("%s left %d times", id, n)
		}
	}
	for _, m := range o.outbox(store.OutFilter{States: []store.OutState{store.OutQueued, store.OutSending}}) {
		t.Errorf("%s waits still, until %s", m.Key, m.NextAttempt)
	}
	for _, k := range o.allCases() {
		if k.Status != cases.Open {
			t.Errorf("%s is %s", k.Reference, k.Status)
		}
	}
}
