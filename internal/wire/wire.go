// Package wire is a TCP proxy for tests that does to connections what networks do: it cuts them, lets them
// fall silent, slows them, takes packets apart, garbles bytes. What it does is a plan made before, so that a
// failure it provoked can be provoked again.
package wire

import (
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// Kind is a kind of fault.
type Kind string

// The faults. Those of a direction begin once Fault.After bytes have gone that way.
const (
	None   Kind = ""
	Refuse Kind = "refuse" // the connection is reset as soon as it is made
	Mute   Kind = "mute"   // the connection is taken and nothing is ever said, without a server behind
	Cut    Kind = "cut"    // both sides see the other hang up
	Reset  Kind = "reset"  // both sides see the connection reset
	Hole   Kind = "hole"   // nothing gets through any more, either way, and nobody is told
	Pause  Kind = "pause"  // nothing goes this way for Fault.Wait, then all goes on
	Slow   Kind = "slow"   // Fault.Rate bytes a second go this way
	Split  Kind = "split"  // each byte is a packet of its own
	Flip   Kind = "flip"   // one bit of one byte is turned round
)

// Fault is what happens to one direction of a connection. Refuse and Mute concern the whole connection.
type Fault struct {
	Kind  Kind
	After int64         // bytes that go untouched before
	Rate  int           // bytes a second, of Slow
	Wait  time.Duration // of Pause
}

// Trip is what happens to a connection: to what the client sends (Up) and to what the server sends (Down).
type Trip struct{ Up, Down Fault }

// Plan says what happens to the n-th connection, counted from 0. It must be safe for concurrent use.
type Plan func(n int) Trip

// Clear lets everything through.
func Clear(int) Trip { return Trip{} }

// Always does the same to every connection.
func Always(t Trip) Plan { return func(int) Trip { return t } }

// Traffic is what went through a proxy.
type Traffic struct {
	Connections int   // accepted
	Up, Down    int64 // bytes handed on to the server and to the client
}

// Proxy stands before one server.
type Proxy struct {
	target   string
	listener net.Listener
	up, down atomic.Int64
	closed   chan struct{}
	busy     sync.WaitGroup

	mu    sync.Mutex
	plan  Plan
	count int
	links map[*link]struct{}
}

// Listen starts a proxy on a free loopback port, before the server at target (host:port), with a plan that
// is Clear.
func Listen(target string) (*Proxy, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &Proxy{target: target, listener: l, plan: Clear, links: map[*link]struct{}{}, closed: make(chan struct{})}
	p.busy.Go(p.accept)
	return p, nil
}

// Addr is the host:port to be given to clients.
func (p *Proxy) Addr() string { return p.listener.Addr().String() }

// Follow makes the connections from now on bear the plan's faults, numbered from 0 again.
func (p *Proxy) Follow(plan Plan) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.plan, p.count = plan, 0
}

// each does something to every connection that is open.
func (p *Proxy) each(do func(*link)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for l := range p.links {
		do(l)
	}
}

// Cut hangs up all open connections.
func (p *Proxy) Cut() { p.each(func(l *link) { l.end(false) }) }

// Hole makes all open connections lose what is sent over them, without a sign to either side.
func (p *Proxy) Hole() { p.each(func(l *link) { l.hole.Store(true) }) }

// Traffic tells what went through so far.
func (p *Proxy) Traffic() Traffic {
	p.mu.Lock()
	defer p.mu.Unlock()
	return Traffic{p.count, p.up.Load(), p.down.Load()}
}

// Close ends the proxy and all its connections.
func (p *Proxy) Close() {
	close(p.closed)
	_ = p.listener.Close()
	p.Cut()
	p.busy.Wait()
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return // closed
		}
		p.mu.Lock()
		trip := p.plan(p.count)
		p.count++
		l := &link{proxy: p, client: client, done: make(chan struct{})}
		p.links[l] = struct{}{}
		p.mu.Unlock()
		select {
		case <-p.closed: // while this one was accepted
			l.end(false)
		default:
		}
		p.busy.Go(func() {
			l.run(trip)
			p.mu.Lock()
			delete(p.links, l)
			p.mu.Unlock()
		})
	}
}
