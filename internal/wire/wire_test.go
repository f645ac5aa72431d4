package wire_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"guichetdunumerique.be/guichet/internal/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var speech = bytes.Repeat([]byte("all that the server has to say. "), 64)

// speaker is a server that says its speech to everyone who sends it a byte, and hangs up.
func speaker(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				if _, err := io.ReadFull(c, make([]byte, 1)); err == nil {
					_, _ = c.Write(speech)
				}
			}()
		}
	}()
	return l.Addr().String()
}

// through is a proxy before a speaker.
func through(t *testing.T, plan wire.Plan) *wire.Proxy {
	t.Helper()
	p, err := wire.Listen(speaker(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	p.Follow(plan)
	return p
}

// ask connects, sends its byte and listens for so many bytes, then for a moment to what comes after them.
func ask(p *wire.Proxy, bytes int) ([]byte, error) {
	c, err := net.Dial("tcp", p.Addr())
	if err != nil {
		return nil, err
	}
	defer c.Close()
	if _, err := c.Write([]byte("?")); errors.Is(err, syscall.ECONNRESET) {
		return nil, err // it is told once; other failures show in the reading
	}
	_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
	said := make([]byte, bytes)
	if n, err := io.ReadFull(c, said); err != nil {
		return said[:n], err
	}
	_ = c.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
	rest, err := io.ReadAll(c)
	return append(said, rest...), err
}

func TestEachFaultDoesWhatItsNameSays(t *testing.T) {
	garbled := bytes.Clone(speech)
	garbled[10] ^= 1 << 2
	for name, test := range map[string]struct {
		trip wire.Trip
		want []byte
		err  error
	}{
		"none":              {wire.Trip{}, speech, nil},
		"refuse":            {wire.Trip{Up: wire.Fault{Kind: wire.Refuse}}, nil, syscall.ECONNRESET},
		"mute":              {wire.Trip{Up: wire.Fault{Kind: wire.Mute}}, nil, os.ErrDeadlineExceeded},
		"cut at once":       {wire.Trip{Down: wire.Fault{Kind: wire.Cut}}, nil, nil},
		"cut":               {wire.Trip{Down: wire.Fault{Kind: wire.Cut, After: 100}}, speech[:100], nil},
		"cut after the end": {wire.Trip{Down: wire.Fault{Kind: wire.Cut, After: 1 << 20}}, speech, nil},
		"hole":              {wire.Trip{Down: wire.Fault{Kind: wire.Hole, After: 100}}, speech[:100], os.ErrDeadlineExceeded},
		"hole on the way":   {wire.Trip{Up: wire.Fault{Kind: wire.Hole}}, nil, os.ErrDeadlineExceeded},
		"pause":             {wire.Trip{Down: wire.Fault{Kind: wire.Pause, After: 7, Wait: time.Millisecond}}, speech, nil},
		"too long a pause":  {wire.Trip{Down: wire.Fault{Kind: wire.Pause, After: 7, Wait: time.Hour}}, speech[:7], os.ErrDeadlineExceeded},
		"split":             {wire.Trip{Down: wire.Fault{Kind: wire.Split, After: 3}}, speech, nil},
		"flip":              {wire.Trip{Down: wire.Fault{Kind: wire.Flip, After: 10}}, garbled, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ask(through(t, wire.Always(test.trip)), len(test.want))
			if !bytes.Equal(got, test.want) || !errors.Is(err, test.err) {
				t.Errorf("got %d bytes and %v, want %d and %v", len(got), err, len(test.want), test.err)
			}
		})
	}
}

func TestASlowConnectionIsSlow(t *testing.T) {
	got, err := ask(through(t, wire.Always(wire.Trip{Down: wire.Fault{Kind: wire.Slow, Rate: 100}})), 20)
	if len(got) < 20 || len(got) == len(speech) || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("got %d bytes and %v, want some", len(got), err)
	}
}

func TestWhatPassedIsCounted(t *testing.T) {
	p, err := wire.Listen(speaker(t))
	if err != nil {
		t.Fatal(err)
	}
	p.Follow(wire.Clear)
	for range 2 {
		if _, err := ask(p, len(speech)); err != nil {
			t.Error(err)
		}
	}
	p.Close() // what is handed on is counted a moment later: the answer may be here by then
	if got, want := p.Traffic(), (wire.Traffic{Connections: 2, Up: 2, Down: 2 * int64(len(speech))}); got != want {
		t.Errorf("counted %+v, want %+v", got, want)
	}
}

func TestOpenConnectionsCanBeMadeToFail(t *testing.T) {
	for name, test := range map[string]struct {
		do  func(*wire.Proxy)
		err error
	}{
		"cut":  {(*wire.Proxy).Cut, io.EOF},
		"hole": {(*wire.Proxy).Hole, os.ErrDeadlineExceeded},
	} {
		t.Run(name, func(t *testing.T) {
			p := through(t, wire.Clear)
			c, err := net.Dial("tcp", p.Addr())
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			for p.Traffic().Connections == 0 { // until it is accepted
				_ = c.SetReadDeadline(time.Now().Add(time.Millisecond))
				_, _ = c.Read(make([]byte, 1))
			}
			test.do(p)
			_, _ = c.Write([]byte("?")) // shows in the reading
			_ = c.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
			if n, err := c.Read(make([]byte, 1)); n != 0 || !errors.Is(err, test.err) && !errors.Is(err, syscall.ECONNRESET) {
				t.Errorf("read %d bytes and %v, want %v", n, err, test.err)
			}
		})
	}
}

func TestAPlanIsTheSameForTheSameSeed(t *testing.T) {
	menu := wire.Menu{Kinds: []wire.Kind{wire.Cut, wire.Hole, wire.Slow}, Share: 0.5, Within: 1 << 20, Wait: time.Second}
	a, b, other := wire.Random(7, menu), wire.Random(7, menu), wire.Random(8, menu)
	faults, same := 0, 0
	for n := 999; n >= 0; n-- { // in any order
		if a(n) != b(n) {
			t.Fatalf("connection %d fares differently", n)
		}
		if trip := a(n); trip != (wire.Trip{}) {
			faults++
			if trip == other(n) {
				same++
			}
			if f := max(trip.Up.After, trip.Down.After); f < 0 || f > menu.Within {
				t.Errorf("connection %d fails at byte %d", n, f)
			}
		}
	}
	if faults < 400 || faults > 600 || same > 10 {
		t.Errorf("%d of 1000 connections bear a fault, %d as under another seed", faults, same)
	}
}
