package intake_test

import (
	"context"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"guichetdunumerique.be/guichet/intake"
	"guichetdunumerique.be/guichet/internal/mailtest"
)

// hole is a connection that may lose all that is sent over it, either way, without a sign.
type hole struct {
	net.Conn
	open *atomic.Bool
}

func (h *hole) Read(p []byte) (int, error) {
	for {
		n, err := h.Conn.Read(p)
		if err != nil || !h.open.Load() {
			return n, err
		}
	}
}

func (h *hole) Write(p []byte) (int, error) {
	if h.open.Load() {
		return len(p), nil
	}
	return h.Conn.Write(p)
}

// A connection that dies unseen while it idles costs new mail no more than the time to the next look, and that in
// which a living server would have answered.
func TestFailure15BlackHoledIdle(t *testing.T) {
	inBubble(t, func(t *testing.T, s *mailtest.IMAP) {
		var open atomic.Bool
		c := towards(s)
		c.PollEvery = time.Minute
		dial := c.Dial
		c.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := dial(ctx, network, addr)
			if err != nil {
				return nil, err
			}
			if open.Load() {
				return conn, nil // the way is clear again
			}
			return &hole{conn, &open}, nil
		}
		d := newDesk()
		stop := run(t, c, d)
		defer stop()
		looked(d, "INBOX")
		synctest.Wait() // it idles
		open.Store(true)
		before := time.Now()
		deliver(t, s, "INBOX", "lost?")
		next(d, 1)
		if waited := time.Since(before); waited > c.PollEvery+17*time.Second {
			t.Errorf("it took %v", waited)
		}
	})
}

func TestMailIsFoundWithoutHelpFromTheServer(t *testing.T) {
	for name, test := range map[string]struct {
		capabilities string
		play         play
	}{
		"no IDLE":       {"IMAP4rev1", nil},
		"a dead IDLE":   {"IMAP4rev1 IDLE", nil}, // the script never tells of anything
		"IDLE refused":  {"IMAP4rev1 IDLE", onIdle(func(c *conn, tag string) { c.Send("%s NO not now", tag) })},
		"IDLE hangs":    {"IMAP4rev1 IDLE", onIdle(func(c *conn, _ string) { c.Hang() })},
		"IDLE kills":    {"IMAP4rev1 IDLE", onIdle(func(c *conn, _ string) { c.Cut() })},
		"DONE is lost":  {"IMAP4rev1 IDLE", onIdle(func(c *conn, _ string) { c.Send("+ idling"); c.Hang() })},
		"a false alarm": {"IMAP4rev1 IDLE", onIdle(func(c *conn, tag string) { c.Send("+ idling\r\n* 0 EXISTS"); c.ReadLine(); c.Send("%s OK", tag) })},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &mailtest.Script{Mails: map[uint32]string{}, Capabilities: test.capabilities, Play: test.play}
				c := scripted(s)
				defer s.Close()
				d := at("INBOX", 1)
				stop := run(t, c, d)
				looked(d, "INBOX")
				s.Put(1, mail("here"))
				before := time.Now()
				next(d, 1)
				stop()
				if waited := time.Since(before); waited > 4*time.Minute {
					t.Errorf("it took %v", waited)
				}
				idles := slices.Contains(s.Commands(), "IDLE")
				if want := strings.Contains(test.capabilities, "IDLE"); idles != want {
					t.Errorf("idled: %v, want %v", idles, want)
				}
			})
		})
	}
}

func onIdle(answer func(c *conn, tag string)) play {
	return func(c *conn, tag, command string) bool {
		if command != "IDLE" {
			return false
		}
		answer(c, tag)
		return true
	}
}

func TestFailure04IdleDayCostsLittle(t *testing.T) {
	inBubble(t, func(t *testing.T, s *mailtest.IMAP) {
		for range 100 {
			deliver(t, s, "INBOX", "old")
		}
		var read atomic.Int64
		c := towards(s)
		c.Junk = "Junk"
		c.Dial = counted(c.Dial, &read)
		stop := run(t, c, newDesk())
		<-time.After(24 * time.Hour)
		stop()
		if n := read.Load(); n > 5<<20 {
			t.Errorf("an idle day cost %d bytes", n)
		}
	})
}

// A server that fails is tried more and more slowly, and not by all who use it at the same moments.
func TestFailure15ReconnectStorm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const folders = 2
		var mu sync.Mutex
		var tries []time.Time
		c := intake.Config{
			Server: "localhost:1", Junk: "Junk", Password: secret("x"),
			Dial: func(context.Context, string, string) (net.Conn, error) {
				mu.Lock()
				defer mu.Unlock()
				tries = append(tries, time.Now())
				return nil, net.ErrClosed
			},
		}
		stop := run(t, c, newDesk())
		<-time.After(24 * time.Hour)
		stop()
		if n := len(tries); n < folders*24*60/10 || n > folders*24*60/2 {
			t.Errorf("%d tries in a day for %d folders", n, folders)
		}
		if n := len(slices.Compact(tries)); n < len(tries)*9/10 {
			t.Errorf("%d tries at %d moments", len(tries), n)
		}
	})
}

func TestASuccessMakesTheNextRetryQuick(t *testing.T) {
	inBubble(t, func(t *testing.T, s *mailtest.IMAP) {
		var down atomic.Bool
		down.Store(true)
		c := towards(s)
		dial := c.Dial
		c.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
			if down.Load() {
				return nil, net.ErrClosed
			}
			return dial(ctx, network, addr)
		}
		d := newDesk()
		stop := run(t, c, d)
		defer stop()
		<-time.After(24 * time.Hour)
		down.Store(false)
		looked(d, "INBOX")
		synctest.Wait()
		s.Disconnect()
		before := time.Now()
		looked(d, "INBOX")
		if waited := time.Since(before); waited > 5*time.Second {
			t.Errorf("it took %v", waited)
		}
	})
}

func TestFailure22UIDsShrink(t *testing.T) {
	for name, test := range map[string]struct {
		next  uint32
		mails []uint32
		want  []uint32 // UIDs taken
		anew  int
	}{
		"restored from a backup":     {next: 3, mails: []uint32{1, 2}, want: []uint32{1, 2}, anew: 1},
		"the last were deleted":      {next: 6, mails: []uint32{1}, want: nil},
		"UIDNEXT is wrong":           {next: 3, mails: []uint32{1, 5, 6}, want: []uint32{6}},
		"emptied and numbered anew":  {next: 1, mails: nil, want: nil, anew: 1},
		"nothing happened":           {next: 6, mails: []uint32{4, 5}, want: nil},
		"the newest is the position": {next: 5, mails: []uint32{5}, want: nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := &mailtest.Script{Mails: map[uint32]string{}, UIDNext: test.next}
			for _, uid := range test.mails {
				s.Mails[uid] = mail("x")
			}
			c := scripted(s)
			defer s.Close()
			d := newDesk()
			d.position["INBOX"] = intake.Position{UIDValidity: 1, UID: 5}
			if err := intake.New(c, d).Once(t.Context()); err != nil {
				t.Fatal(err)
			}
			var got []uint32
			for _, a := range d.taken {
				got = append(got, a.UID)
			}
			if !slices.Equal(got, test.want) || len(d.anew) != test.anew {
				t.Errorf("took %v and began anew %d times, want %v and %d", got, len(d.anew), test.want, test.anew)
			}
		})
	}
}

func TestAServerWithoutUIDNEXTIsBegunAtItsLastMail(t *testing.T) {
	s := &mailtest.Script{Mails: map[uint32]string{3: mail("a"), 9: mail("b")}}
	s.Play = func(c *conn, tag, command string) bool {
		if strings.HasPrefix(command, "EXAMINE") {
			c.Send("* 2 EXISTS\r\n* OK [UIDVALIDITY 1]\r\n%s OK", tag)
			return true
		}
		return false
	}
	c := scripted(s)
	defer s.Close()
	d := newDesk()
	if err := intake.New(c, d).Once(t.Context()); err != nil {
		t.Fatal(err)
	}
	if p := d.begun["INBOX"]; p.UID != 9 {
		t.Errorf("begun at %+v, want UID 9", p)
	}
}

func TestAServerWithoutUIDVALIDITYIsNotTrusted(t *testing.T) {
	s := &mailtest.Script{Play: func(c *conn, tag, command string) bool {
		if strings.HasPrefix(command, "EXAMINE") {
			c.Send("* 0 EXISTS\r\n* OK [UIDNEXT 1]\r\n%s OK", tag)
			return true
		}
		return false
	}}
	c := scripted(s)
	defer s.Close()
	failure(t, intake.New(c, newDesk()).Once(t.Context()), intake.KindProtocol, "UIDVALIDITY")
}
