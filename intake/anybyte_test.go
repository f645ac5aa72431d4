package intake_test

import (
	"context"
	"io"
	"net"
	"sync/atomic"
	"testing"
	"testing/synctest"

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
	var said atomic.Int64
	threeMailsThrough(t, func(c net.Conn) net.Conn { return &countedConn{c, &said} })
	total := int(said.Load())
	if total < 500 {
		t.Fatalf("the server said %d bytes in all", total)
	}
	for _, silent := range []bool{false, true} {
		for after := range total {
			got := threeMailsThrough(t, func(c net.Conn) net.Conn { return &brittle{c, after, silent} })
			if got != fine {
				t.Errorf("silent %v, after %d bytes: got %q", silent, after, got)
			}
		}
	}
	t.Logf("%d bytes", total)
}

// threeMailsThrough lets a daemon read three mails, the first connection of each of its folders being what wrap makes
// of it.
func threeMailsThrough(t *testing.T, wrap func(net.Conn) net.Conn) (got string) {
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
			if err == nil && dialled.Add(1) <= folders {
				conn = wrap(conn)
			}
			return conn, err
		}
		d := at("INBOX", 1)
		stop := run(t, c, d)
		next(d, 3)
		stop()
		got = d.subjects()
		checkManners(t, s)
	})
	return got
}
