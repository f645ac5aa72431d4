package intake_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"guichetdunumerique.be/guichet/intake"
	"guichetdunumerique.be/guichet/internal/mailtest"
)

// inBubble runs a test beside a server on a pipe, in a time of its own.
func inBubble(t *testing.T, test func(t *testing.T, s *mailtest.IMAP)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s, err := mailtest.StartIMAP(mailtest.Options{Listener: mailtest.NewPipe()})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		test(t, s)
	})
}

func TestAFirstStartLeavesThePastAlone(t *testing.T) {
	inBubble(t, func(t *testing.T, s *mailtest.IMAP) {
		for i := range 5000 {
			deliver(t, s, "INBOX", fmt.Sprint("old", i))
		}
		d := newDesk()
		stop := run(t, towards(s), d)
		defer stop()
		looked(d, "INBOX")
		if got := d.begun["INBOX"]; got.UID != 5000 {
			t.Errorf("begun at %+v, want UID 5000", got)
		}
		deliver(t, s, "INBOX", "new")
		if got := next(d, 1); got[0] != "new" {
			t.Errorf("got %q", got)
		}
	})
}

func TestIdleTellsOfNewMailAtOnce(t *testing.T) {
	inBubble(t, func(t *testing.T, s *mailtest.IMAP) {
		d := newDesk()
		stop := run(t, towards(s), d)
		defer stop()
		looked(d, "INBOX")
		synctest.Wait()
		before := time.Now()
		deliver(t, s, "INBOX", "one", "two")
		if got := next(d, 2); !slices.Equal(got, []string{"one", "two"}) {
			t.Errorf("got %q", got)
		}
		if waited := time.Since(before); waited > 0 {
			t.Errorf("it took %v", waited)
		}
	})
}

func TestEveryFolderIsWatchedAndJunkIsMarked(t *testing.T) {
	inBubble(t, func(t *testing.T, s *mailtest.IMAP) {
		d := newDesk()
		c := towards(s)
		c.Folders = []string{"INBOX", "Sent"}
		stop := run(t, c, d)
		defer stop()
		for _, folder := range []string{"INBOX", "Sent", "Junk"} {
			deliver(t, s, folder, "past")
		}
		waiting := map[string]bool{"INBOX": true, "Sent": true, "Junk": true}
		for len(waiting) > 0 {
			delete(waiting, <-d.checks)
		}
		before := len(d.arrivals)
		for _, folder := range []string{"INBOX", "Sent", "Junk"} {
			deliver(t, s, folder, "in"+folder)
		}
		next(d, before+3)
		for _, a := range d.taken {
			if a.Junk != (a.Folder == "Junk") {
				t.Errorf("mail in %s: Junk is %v", a.Folder, a.Junk)
			}
			if !a.InternalDate.Equal(noon) {
				t.Errorf("received %v, want %v", a.InternalDate, noon)
			}
		}
	})
}

func TestAFolderMarkedAsJunkIsJunkWhateverTheConfigSays(t *testing.T) {
	inBubble(t, func(t *testing.T, s *mailtest.IMAP) {
		d := newDesk()
		c := towards(s)
		c.Folders = []string{"Junk", "inbox"}
		stop := run(t, c, d)
		looked(d, "Junk")
		deliver(t, s, "Junk", "spam")
		next(d, 1)
		<-time.After(24 * time.Hour)
		stop()
		if len(d.taken) != 1 || !d.taken[0].Junk {
			t.Errorf("got %+v, want it once, as junk", d.taken)
		}
		if r, err := intake.New(c, d).Check(t.Context()); err != nil || len(r.Folders) != 2 {
			t.Errorf("checked %+v, %v", r.Folders, err)
		}
	})
}

func TestReadingResumesWhereItStopped(t *testing.T) {
	inBubble(t, func(t *testing.T, s *mailtest.IMAP) {
		d := newDesk()
		stop := run(t, towards(s), d)
		looked(d, "INBOX")
		deliver(t, s, "INBOX", "a")
		next(d, 1)
		stop()
		for i := range 250 { // weeks of it, more than a batch
			deliver(t, s, "INBOX", fmt.Sprint("b", i))
		}
		stop = run(t, towards(s), d)
		defer stop()
		got := next(d, 250)
		if got[0] != "b0" || got[249] != "b249" || slices.Contains(got, "a") {
			t.Errorf("got %q … %q", got[0], got[249])
		}
		for _, a := range d.taken {
			if a.Reread {
				t.Fatalf("message %d counts as read again", a.UID)
			}
		}
	})
}

func TestALostConnectionIsMadeAgain(t *testing.T) {
	inBubble(t, func(t *testing.T, s *mailtest.IMAP) {
		d := newDesk()
		stop := run(t, towards(s), d)
		defer stop()
		looked(d, "INBOX")
		s.Disconnect()
		deliver(t, s, "INBOX", "after")
		if got := next(d, 1); got[0] != "after" {
			t.Errorf("got %q", got)
		}
	})
}

func TestFailure22RenumberedFolderIsReadAgain(t *testing.T) {
	inBubble(t, func(t *testing.T, s *mailtest.IMAP) {
		deliver(t, s, "INBOX", "old")
		d := newDesk()
		stop := run(t, towards(s), d)
		defer stop()
		looked(d, "INBOX")
		deliver(t, s, "INBOX", "known")
		next(d, 1)
		if err := s.Renumber("INBOX"); err != nil {
			t.Fatal(err)
		}
		if got := next(d, 2); !slices.Equal(got, []string{"old", "known"}) {
			t.Errorf("read again: %q", got)
		}
		deliver(t, s, "INBOX", "fresh")
		next(d, 1)
		if len(d.anew) != 1 || d.anew[0].UID != 0 || d.anew[0].Reread != 2 {
			t.Errorf("renumbered to %+v", d.anew)
		}
		var reread []bool
		for _, a := range d.taken {
			reread = append(reread, a.Reread)
		}
		if want := []bool{false, true, true, false}; !slices.Equal(reread, want) {
			t.Errorf("read again: %v, want %v", reread, want)
		}
	})
}

func TestAReadingAgainIsRememberedByTheDesk(t *testing.T) {
	inBubble(t, func(t *testing.T, s *mailtest.IMAP) {
		deliver(t, s, "INBOX", "a", "b", "c")
		d := newDesk()
		validity := currentValidity(t, s)
		d.position["INBOX"] = intake.Position{UIDValidity: validity, UID: 1, Reread: 2}
		stop := run(t, towards(s), d)
		defer stop()
		next(d, 2)
		if !d.taken[0].Reread || d.taken[1].Reread {
			t.Errorf("b read again: %v, c: %v; want b alone", d.taken[0].Reread, d.taken[1].Reread)
		}
	})
}

func currentValidity(t *testing.T, s *mailtest.IMAP) uint32 {
	t.Helper()
	r, err := intake.New(towards(s), newDesk()).Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r.Folders[0].UIDValidity
}

func TestFailure25FlagsStayAsTheyWere(t *testing.T) {
	inBubble(t, func(t *testing.T, s *mailtest.IMAP) {
		for _, flags := range [][]string{nil, {`\Seen`}, {`\Flagged`, "work"}, {`\Answered`, `\Deleted`}} {
			if _, err := s.Deliver("INBOX", []byte(mail("x")), noon, flags...); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.Deliver("INBOX", []byte(largeMail(200<<10)), noon); err != nil {
			t.Fatal(err)
		}
		before, err := s.Flags("INBOX")
		if err != nil {
			t.Fatal(err)
		}
		d := at("INBOX", currentValidity(t, s))
		stop := run(t, towards(s), d)
		next(d, 5)
		stop()
		after, err := s.Flags("INBOX")
		if err != nil {
			t.Fatal(err)
		}
		if !maps.EqualFunc(before, after, slices.Equal) {
			t.Errorf("flags were %v, are %v", before, after)
		}
	})
}

func TestARefusedMessageStopsItsFolderUntilItIsTaken(t *testing.T) {
	inBubble(t, func(t *testing.T, s *mailtest.IMAP) {
		refusals := 0
		d := newDesk()
		d.refuse = func(a intake.Arrival) error {
			if a.Message.Subject == "two" && refusals < 5 {
				refusals++
				return errors.New("disk full")
			}
			return nil
		}
		stop := run(t, towards(s), d)
		defer stop()
		looked(d, "INBOX")
		deliver(t, s, "INBOX", "one", "two", "three")
		if got := next(d, 3); !slices.Equal(got, []string{"one", "two", "three"}) || refusals != 5 {
			t.Errorf("got %q after %d refusals", got, refusals)
		}
	})
}

func TestAnotherFolderGoesOnWhenOneIsRemoved(t *testing.T) {
	inBubble(t, func(t *testing.T, s *mailtest.IMAP) {
		d := newDesk()
		c := towards(s)
		c.Folders = []string{"INBOX", "Sent"}
		stop := run(t, c, d)
		defer stop()
		looked(d, "INBOX")
		looked(d, "Sent")
		if err := s.Remove("Sent"); err != nil {
			t.Fatal(err)
		}
		s.Disconnect()
		deliver(t, s, "INBOX", "still")
		if got := next(d, 1); got[0] != "still" {
			t.Errorf("got %q", got)
		}
		if err := s.Create("Sent"); err != nil {
			t.Fatal(err)
		}
		deliver(t, s, "Sent", "back")
		if got := next(d, 1); got[0] != "back" {
			t.Errorf("got %q", got)
		}
	})
}

func TestOnceLooksAtAllFoldersAndEnds(t *testing.T) {
	inBubble(t, func(t *testing.T, s *mailtest.IMAP) {
		d := newDesk()
		box := intake.New(towards(s), d)
		if err := box.Once(t.Context()); err != nil {
			t.Fatal(err)
		}
		deliver(t, s, "INBOX", "a")
		deliver(t, s, "Junk", "b")
		if err := box.Once(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := d.subjects(); got != "a b" {
			t.Errorf("got %q", got)
		}
		if n := len(d.checks); n != 4 {
			t.Errorf("%d looks reported, want 4", n)
		}
	})
}

func TestOnceReportsARefusalOfTheDeskAtOnce(t *testing.T) {
	inBubble(t, func(t *testing.T, s *mailtest.IMAP) {
		if _, err := s.Deliver("INBOX", []byte(largeMail(100<<10)), noon); err != nil {
			t.Fatal(err)
		}
		full, offered := errors.New("disk full"), 0
		d := at("INBOX", currentValidity(t, s))
		d.refuse = func(intake.Arrival) error { offered++; return full }
		if err := intake.New(towards(s), d).Once(t.Context()); !errors.Is(err, full) || offered != 1 {
			t.Errorf("got %v after %d offers", err, offered)
		}
	})
}

func TestMailDeletedMeanwhileIsNoError(t *testing.T) {
	inBubble(t, func(t *testing.T, s *mailtest.IMAP) {
		d := newDesk()
		box := intake.New(towards(s), d)
		if err := box.Once(t.Context()); err != nil {
			t.Fatal(err)
		}
		deliver(t, s, "INBOX", "a", "b", "c")
		if err := s.Expunge("INBOX", 2, 3); err != nil {
			t.Fatal(err)
		}
		deliver(t, s, "INBOX", "d")
		if err := box.Once(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := d.subjects(); got != "a d" {
			t.Errorf("got %q", got)
		}
	})
}
