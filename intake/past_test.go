package intake_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"guichetdunumerique.be/guichet/intake"
	"guichetdunumerique.be/guichet/internal/mailtest"
)

// reader takes the past in memory, until it refuses.
type reader struct {
	found  int
	taken  []intake.Arrival
	refuse func(intake.Arrival) error
}

func (r *reader) past(since time.Time) intake.Past {
	return intake.Past{
		Since: since, From: r.left(),
		Found: func(n int) { r.found = n },
		Take: func(_ context.Context, a intake.Arrival) error {
			if r.refuse != nil {
				if err := r.refuse(a); err != nil {
					return err
				}
			}
			r.taken = append(r.taken, a)
			return nil
		},
	}
}

// left is where the reading was left.
func (r *reader) left() map[string]intake.Position {
	at := map[string]intake.Position{}
	for _, a := range r.taken {
		at[a.Folder] = intake.Position{UIDValidity: a.UIDValidity, UID: a.UID}
	}
	return at
}

func (r *reader) subjects() string {
	d := desk{taken: r.taken}
	return d.subjects()
}

// pastOf is the past of a mailbox whose desk must hear of nothing.
func pastOf(t *testing.T, c intake.Config, r *reader, since time.Time) error {
	t.Helper()
	d := newDesk()
	err := intake.New(c, d).ReadPast(t.Context(), r.past(since))
	if len(d.taken) != 0 || len(d.begun) != 0 || len(d.checks) != 0 {
		t.Error("the desk was told")
	}
	return err
}

func TestThePastIsReadFolderByFolderFromADayOn(t *testing.T) {
	s := startIMAP(t, mailtest.Options{})
	for day, subject := range []string{"a", "b", "c", "d", "e"} {
		if _, err := s.Deliver("INBOX", []byte(mail(subject)), noon.AddDate(0, 0, day), `\Seen`); err != nil {
			t.Fatal(err)
		}
	}
	deliver(t, s, "Sent", "answer")
	if _, err := s.Deliver("Junk", []byte(mail("lost")), noon.AddDate(0, 0, 9)); err != nil {
		t.Fatal(err)
	}
	before, _ := s.Flags("INBOX")
	r := &reader{}
	if err := pastOf(t, towards(s), r, noon.AddDate(0, 0, 3)); err != nil {
		t.Fatal(err)
	}
	// The day before comes along, whatever the zones.
	if got := r.subjects(); got != "c d e lost" || r.found != 4 {
		t.Errorf("read %q, announced %d", got, r.found)
	}
	if !r.taken[3].Junk || r.taken[3].Folder != "Junk" || !r.taken[0].InternalDate.Equal(noon.AddDate(0, 0, 2)) {
		t.Errorf("arrivals %+v", r.taken)
	}
	after, _ := s.Flags("INBOX")
	for uid, flags := range before {
		if !slices.Equal(flags, after[uid]) {
			t.Errorf("flags of %d were %q, are %q", uid, flags, after[uid])
		}
	}
}

func TestAnInterruptedPastGoesOnWhereItWas(t *testing.T) {
	s := startIMAP(t, mailtest.Options{})
	deliver(t, s, "INBOX", "a", "b", "c")
	deliver(t, s, "Junk", "d", "e")
	stop := errors.New("enough")
	for n, want := range []string{"", "a", "a b", "a b c", "a b c d", "a b c d e"} {
		r := &reader{}
		r.refuse = func(intake.Arrival) error {
			if len(r.taken) == n {
				return stop
			}
			return nil
		}
		err := pastOf(t, towards(s), r, noon)
		if got := r.subjects(); got != want || n < 5 && !errors.Is(err, stop) {
			t.Fatalf("read %q, want %q; %v", got, want, err)
		}
		r.refuse = nil
		if err := pastOf(t, towards(s), r, noon); err != nil {
			t.Fatal(err)
		}
		if got := r.subjects(); got != "a b c d e" || r.found != 5-n {
			t.Errorf("interrupted after %d: read %q, %d of them announced the second time", n, got, r.found)
		}
	}
}

func TestAPastThatWasRenumberedIsNotMixedWithAnother(t *testing.T) {
	s := startIMAP(t, mailtest.Options{})
	deliver(t, s, "INBOX", "a", "b")
	r := &reader{}
	if err := pastOf(t, towards(s), r, noon); err != nil {
		t.Fatal(err)
	}
	if err := s.Renumber("INBOX"); err != nil {
		t.Fatal(err)
	}
	if err := pastOf(t, towards(s), r, noon); !errors.Is(err, intake.ErrRenumbered) {
		t.Errorf("got %v", err)
	}
}

func TestAPoisonMessageInThePastCostsItselfAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &mailtest.Script{Mails: threeMails(), Play: answering(func(c *conn, _ string) { c.Cut() })}
		c := scripted(s)
		defer s.Close()
		r := &reader{}
		if err := pastOf(t, c, r, noon); err != nil {
			t.Fatal(err)
		}
		if got := r.subjects(); got != unread {
			t.Errorf("got %q, want %q", got, unread)
		}
		checkManners(t, s)
		for _, command := range s.Commands() {
			if strings.HasPrefix(command, "UID SEARCH") && !strings.Contains(command, `SINCE "1-Mar-2026"`) {
				t.Errorf("sent %q", command)
			}
		}
	})
}
