package intake_test

import (
	"context"
	"io"
	"net"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"guichetdunumerique.be/guichet/intake"
	"guichetdunumerique.be/guichet/internal/mailtest"
)

// brittle is a connection that ends after some bytes of the server, or of which nobody hears any more.
type brittle struct {
	net.Conn
	left   int
	silent bool
}

func (b *brittle) Read(p []byte) (int, error) {
	if b.left == 0 && !b.silent {
		_ = b.Conn.Close() // the end is what counts
		return 0, io.EOF
	}
	for b.left == 0 {
		if _, err := b.Conn.Read(p); err != nil {
			return 0, err
		}
	}
	n, err := b.Conn.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

// Whatever byte of what the server says is the last one to come, of the first connection of each folder, no mail is
// lost, none is the worse for it, and nobody has to do anything.
func TestAConnectionMayEndOrDieAtAnyByte(t *testing.T) {
	var said [2]atomic.Int64 // to either folder
	threeMailsThrough(t, func(n int, c net.Conn) net.Conn { return &countedConn{c, &said[n]} })
	total := int(max(said[0].Load(), said[1].Load()))
	if total < 300 {
		t.Fatalf("the server said %d bytes", total)
	}
	for _, silent := range []bool{false, true} {
		for after := range total {
			got := threeMailsThrough(t, func(_ int, c net.Conn) net.Conn { return &brittle{c, after, silent} })
			if got != fine {
				t.Errorf("silent %v, after %d bytes: got %q", silent, after, got)
			}
		}
	}
	t.Logf("%d bytes", total)
}

// threeMailsThrough lets a daemon read three mails, the first connection of each of its folders being what wrap makes
// of it.
func threeMailsThrough(t *testing.T, wrap func(n int, c net.Conn) net.Conn) (got string) {
	t.Helper()
	const folders = 2 // INBOX and Junk
	synctest.Test(t, func(t *testing.T) {
		s := &mailtest.Script{Mails: threeMails()}
		c := scripted(s)
		defer s.Close()
		dial := c.Dial
		var dialled atomic.Int32
		c.Dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := dial(ctx, network, addr)
			if n := dialled.Add(1); err == nil && n <= folders {
				conn = wrap(int(n-1), conn)
			}
			return conn, err
		}
		d := &desk{ // a small one: there are many of them
			position: map[string]intake.Position{"INBOX": {UIDValidity: 1}}, begun: map[string]intake.Position{},
			arrivals: make(chan intake.Arrival, 3), checks: make(chan string, 1000),
		}
		stop := run(t, c, d)
		next(d, 3)
		stop()
		got = d.subjects()
		checkManners(t, s)
	})
	return got
}
