package wire

import (
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// dialLimit is for the server, which is on this machine.
const dialLimit = 5 * time.Second

// link is one connection through the proxy.
type link struct {
	proxy  *Proxy
	client net.Conn
	hole   atomic.Bool

	mu     sync.Mutex
	server net.Conn // nil until it is there
	ended  bool
	done   chan struct{} // closed by end
}

// run serves the connection to its end.
func (l *link) run(trip Trip) {
	defer l.end(false)
	switch {
	case trip.Up.Kind == Refuse || trip.Down.Kind == Refuse:
		l.end(true)
		return
	case trip.Up.Kind == Mute || trip.Down.Kind == Mute:
		l.hole.Store(true)
		(&pump{link: l, from: l.client}).run()
		return
	}
	server, err := net.DialTimeout("tcp", l.proxy.target, dialLimit)
	if err != nil || !l.join(server) {
		return
	}
	var both sync.WaitGroup
	both.Go((&pump{link: l, from: l.client, to: server, fault: trip.Up, passed: &l.proxy.up}).run)
	both.Go((&pump{link: l, from: server, to: l.client, fault: trip.Down, passed: &l.proxy.down}).run)
	both.Wait()
}

// join adds the server's side, unless all is over already.
func (l *link) join(server net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		_ = server.Close()
		return false
	}
	l.server = server
	return true
}

// end closes both sides, with a reset where that is wanted.
func (l *link) end(reset bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return
	}
	l.ended = true
	close(l.done)
	for _, c := range []net.Conn{l.client, l.server} {
		if c == nil {
			continue
		}
		if tcp, ok := c.(*net.TCPConn); ok && reset {
			_ = tcp.SetLinger(0)
		}
		_ = c.Close()
	}
}

// pause waits, or until the connection ends; it reports whether that goes on.
func (l *link) pause(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-l.done:
		return false
	}
}

// pump is one direction of a link.
type pump struct {
	link     *link
	from, to net.Conn
	fault    Fault
	passed   *atomic.Int64
	seen     int64 // bytes that came
	met      bool  // the fault has begun, for those that happen once
}

// run hands on what comes until one side ends.
func (p *pump) run() {
	buffer := make([]byte, 16<<10)
	for {
		n, err := p.from.Read(buffer)
		if n > 0 && !p.pass(buffer[:n]) {
			return
		}
		if err != nil {
			p.hungUp()
			return
		}
	}
}

// hungUp tells the other side that this one will send no more, as a network that works does.
func (p *pump) hungUp() {
	if p.link.hole.Load() {
		return
	}
	if tcp, ok := p.to.(*net.TCPConn); ok {
		_ = tcp.CloseWrite()
	}
}

// pass hands on a piece, or what the fault makes of it. It reports whether the connection goes on.
func (p *pump) pass(piece []byte) bool {
	before := min(int64(len(piece)), max(0, p.fault.After-p.seen))
	p.seen += int64(len(piece))
	if p.fault.Kind == None {
		before = int64(len(piece))
	}
	if !p.write(piece[:before]) {
		return false
	}
	if piece = piece[before:]; len(piece) == 0 {
		return true
	}
	switch p.fault.Kind {
	case Cut, Reset:
		p.link.end(p.fault.Kind == Reset)
		return false
	case Hole:
		p.link.hole.Store(true)
	case Flip:
		if !p.met {
			piece[0] ^= 1 << (p.fault.After % 8)
		}
	case Pause:
		if !p.met && !p.link.pause(p.fault.Wait) {
			return false
		}
	case Slow:
		return p.drip(piece, max(1, p.fault.Rate/10), 100*time.Millisecond)
	case Split:
		return p.drip(piece, 1, 0)
	}
	p.met = true
	return p.write(piece)
}

// drip writes n bytes at a time with a pause after each.
func (p *pump) drip(piece []byte, n int, rest time.Duration) bool {
	for len(piece) > 0 {
		n = min(n, len(piece))
		if !p.write(piece[:n]) || rest > 0 && !p.link.pause(rest) {
			return false
		}
		piece = piece[n:]
	}
	return true
}

func (p *pump) write(piece []byte) bool {
	if len(piece) == 0 || p.link.hole.Load() {
		return true
	}
	n, err := p.to.Write(piece)
	p.passed.Add(int64(n))
	return err == nil
}
