package intake

import (
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"time"
)

// The reasons for which a guard ends a connection.
var (
	errSilent = errors.New("the server did not answer in time")
	errFlood  = errors.New("the server sent more than was asked for")
	errNested = errors.New("the server's answer is nested too deeply")
	errCut    = errors.New("the connection ended in the middle of a mail")
)

const (
	// silence is how long a server may keep quiet while it owes an answer, and may leave a write of ours untaken.
	silence = time.Minute
	// prompt is that time where there is nothing to be done for an answer. An IDLE whose connection died unseen
	// shows only then, and the mail that came meanwhile waits for it.
	prompt = 15 * time.Second
)

// conn is a connection under guard: while a command runs, the server must not fall silent and must not send
// more than the command can need. go-imap has no limit for either, and buffers without bound.
type conn struct {
	net.Conn
	raw net.Conn // below TLS: closing it says no goodbye that a dead peer would have to take

	mu      sync.Mutex
	cause   error // why the guard ended the connection; the first reason stands
	waiting bool  // a command runs
	left    int64 // bytes that may still come
	silence time.Duration
	shape   shape
}

// begin starts the watch over one command whose answer takes no more than budget bytes, and no silence longer
// than that.
func (c *conn) begin(budget int64, silence time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting, c.left, c.silence = true, budget, silence
	c.extend()
}

// end stops the watch over silence: between commands, and while it idles, a server owes nothing. What it
// sends unasked still counts against the budget.
func (c *conn) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting = false
	_ = c.Conn.SetReadDeadline(time.Time{}) // a connection that cannot do this fails at the next read
}

func (c *conn) extend() {
	_ = c.Conn.SetReadDeadline(time.Now().Add(c.silence)) // as above
}

// Read implements net.Conn.
func (c *conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if guard := c.admit(p[:n]); guard != nil {
		c.abort(guard)
		return 0, guard
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		c.abort(errSilent)
	}
	return n, err
}

// admit counts what came in, and gives the server more time since it is alive.
func (c *conn) admit(p []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.left -= int64(len(p)); c.left < 0 {
		return errFlood
	}
	if c.waiting && len(p) > 0 {
		c.extend()
	}
	return c.shape.admit(p)
}

// SetReadDeadline implements net.Conn. go-imap sets its own deadlines, which leave out the wait for an answer
// to begin; the guard's stand instead.
func (c *conn) SetReadDeadline(time.Time) error { return nil }

// abort ends the connection for a reason, from any goroutine and without waiting.
func (c *conn) abort(reason error) {
	c.mu.Lock()
	if c.cause == nil {
		c.cause = reason
	}
	c.mu.Unlock()
	_ = c.raw.Close() // the connection is given up either way
}

// reason is why the guard ended the connection, nil when it did not.
func (c *conn) reason() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cause
}

// maxNesting is the depth of parentheses that an answer may have. go-imap reads a BODYSTRUCTURE recursively,
// and a stack that overflows ends the program.
const maxNesting = 500

// shape follows the outline of what a server sends: literals, which it skips, and parentheses.
type shape struct {
	literal int64 // bytes of a literal still to come
	size    int64 // of the literal being announced; -1 when none is
	closed  bool  // the announcement is complete but for its line end
	depth   int
}

func (s *shape) admit(p []byte) error {
	for len(p) > 0 {
		if s.literal > 0 {
			n := min(s.literal, int64(len(p)))
			s.literal, p = s.literal-n, p[n:]
			continue
		}
		s.step(p[0])
		p = p[1:]
		if s.depth > maxNesting {
			return fmt.Errorf("%w: %d levels", errNested, s.depth)
		}
	}
	return nil
}

// step reads one byte outside a literal. "{123}" before a line end announces one (RFC 9051 section 4.3).
func (s *shape) step(b byte) {
	switch {
	case b == '\n':
		if s.closed {
			s.literal = s.size
		} else {
			s.depth = 0
		}
		s.size, s.closed = -1, false
	case b == '\r':
	case b == '{':
		s.size, s.closed = 0, false
	case b == '}' && s.size >= 0:
		s.closed = true
	case b >= '0' && b <= '9' && s.size >= 0 && s.size < 1<<40 && !s.closed:
		s.size = s.size*10 + int64(b-'0')
	default:
		s.size, s.closed = -1, false
		switch b {
		case '(':
			s.depth++
		case ')':
			s.depth--
		}
	}
}
