package mailtest

import (
	"context"
	"net"
	"sync"
)

// Pipe is a network of its own, in memory: what is dialled on it is accepted by it. Servers and clients
// joined by a Pipe can live in a testing/synctest bubble, where waiting costs no time.
type Pipe struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

// NewPipe returns a Pipe, to be given to a server as its Listener, which closes it.
func NewPipe() *Pipe {
	return &Pipe{conns: make(chan net.Conn), closed: make(chan struct{})}
}

// Dial connects to whoever accepts on the pipe; network and address are not looked at.
func (p *Pipe) Dial(ctx context.Context, _, _ string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case p.conns <- server:
		return client, nil
	case <-p.closed:
		return nil, &net.OpError{Op: "dial", Net: "pipe", Addr: p.Addr(), Err: net.ErrClosed}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Accept implements net.Listener.
func (p *Pipe) Accept() (net.Conn, error) {
	select {
	case conn := <-p.conns:
		return conn, nil
	case <-p.closed:
		return nil, &net.OpError{Op: "accept", Net: "pipe", Addr: p.Addr(), Err: net.ErrClosed}
	}
}

// Close implements net.Listener. It may be called more than once.
func (p *Pipe) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

// Addr implements net.Listener: an address that config checks take for loopback.
func (p *Pipe) Addr() net.Addr { return pipeAddr{} }

type pipeAddr struct{}

func (pipeAddr) Network() string { return "pipe" }
func (pipeAddr) String() string  { return "localhost:1" }
