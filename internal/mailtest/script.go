package mailtest

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Script is an IMAP server in the clear whose every line can be dictated, to see how a client bears what
// servers do. Commands that Play does not take are answered as a plain, well-behaved server would from the
// fields below, which are set before the start. Username and password are not looked at, and whatever folder is
// named, there is but one.
type Script struct {
	Greeting     string // default "* OK ready"
	Capabilities string // default "IMAP4rev1 IDLE"
	UIDValidity  uint32
	UIDNext      uint32 // default: one above the highest UID
	Mails        map[uint32]string
	Structures   map[uint32]string // BODYSTRUCTURE by UID, as it stands in an answer
	Folders      []string          // as LIST tells of each: `(\Sent) "/" Sent`; default: INBOX alone
	Date         string            // INTERNALDATE of every mail; default "02-Mar-2026 12:00:00 +0000"

	// Play answers a command itself and returns true, or leaves it alone and returns false. The command is
	// without its tag. Connections call Play each for itself, at the same time.
	Play func(c *ScriptConn, tag, command string) bool

	listener net.Listener
	served   sync.WaitGroup

	mu       sync.Mutex
	conns    map[net.Conn]bool
	commands []string
	closed   bool
}

// ScriptConn is a connection to a Script.
type ScriptConn struct {
	*Script
	conn   net.Conn
	in     *bufio.Reader
	number int // how many connections came before
}

// Start begins to serve on l, which Close closes.
func (s *Script) Start(l net.Listener) {
	s.listener = l
	s.conns = make(map[net.Conn]bool)
	s.served.Go(func() {
		for number := 0; ; number++ {
			conn, err := l.Accept()
			if err != nil || !s.admit(conn) {
				return
			}
			s.served.Go(func() {
				c := &ScriptConn{Script: s, conn: conn, in: bufio.NewReader(conn), number: number}
				c.serve()
				c.Cut()
			})
		}
	})
}

// Close cuts all connections and waits for their end.
func (s *Script) Close() {
	_ = s.listener.Close() // closed is closed
	s.mu.Lock()
	s.closed = true
	for conn := range s.conns {
		_ = conn.Close() // as above
	}
	s.mu.Unlock()
	s.served.Wait()
}

// Addr is the host and port to dial.
func (s *Script) Addr() string { return s.listener.Addr().String() }

// Commands returns every command received so far, without tags, in order.
func (s *Script) Commands() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.commands)
}

// Put adds a mail, or replaces one. It tells nobody.
func (s *Script) Put(uid uint32, mail string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Mails == nil {
		s.Mails = make(map[uint32]string)
	}
	s.Mails[uid] = mail
}

// add puts a mail under the next UID.
func (s *Script) add(mail string) uint32 {
	var uid uint32
	if uids := s.uids(); len(uids) > 0 {
		uid = uids[len(uids)-1]
	}
	uid = max(uid+1, s.UIDNext)
	s.Put(uid, mail)
	return uid
}

// Drop removes a mail. It tells nobody.
func (s *Script) Drop(uid uint32) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.Mails, uid)
}

func (s *Script) admit(conn net.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conns[conn] = true
	if s.closed {
		_ = conn.Close() // it came too late
	}
	return !s.closed
}

// uids are the UIDs in the folder, in order.
func (s *Script) uids() []uint32 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.Mails))
}

func (s *Script) mail(uid uint32) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Mails[uid]
}

// Number tells how many connections came before this one.
func (c *ScriptConn) Number() int { return c.number }

// Send writes a line, or several separated by CRLF. Errors show in the next read.
func (c *ScriptConn) Send(format string, args ...any) {
	_, _ = fmt.Fprintf(c.conn, format+"\r\n", args...)
}

// Write sends bytes as they are.
func (c *ScriptConn) Write(p string) { _, _ = c.conn.Write([]byte(p)) }

// Cut ends the connection without a word. What the client sent on is not read.
func (c *ScriptConn) Cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.conns, c.conn)
	_ = c.conn.Close() // closed is closed
	c.in.Reset(c.conn)
}

// Hang never answers: it takes what the client sends until the connection ends.
func (c *ScriptConn) Hang() {
	for {
		if _, err := c.in.ReadByte(); err != nil {
			return
		}
	}
}

// ReadLine reads a line that is not a command, such as DONE.
func (c *ScriptConn) ReadLine() string {
	line, err := c.in.ReadString('\n')
	if err != nil {
		return ""
	}
	return strings.TrimRight(line, "\r\n")
}

// ReadLiteral reads up to most bytes of the literal that a command announces, having told the client to go on where
// it waits for that (RFC 7888).
func (c *ScriptConn) ReadLiteral(command string, most int) string {
	_, announced, _ := strings.Cut(command, "{")
	size := strings.TrimRight(announced, "+}")
	if !strings.HasSuffix(command, "+}") {
		c.Send("+ go on")
	}
	n, _ := strconv.Atoi(size) // no literal is an empty one
	p := make([]byte, min(n, most))
	read, _ := io.ReadFull(c.in, p) // what came before the end is what there is
	return string(p[:read])
}

func (c *ScriptConn) serve() {
	greeting := c.Greeting
	if greeting == "" {
		greeting = "* OK ready"
	}
	c.Send("%s", greeting)
	for {
		line := c.ReadLine()
		if line == "" {
			return
		}
		tag, command, _ := strings.Cut(line, " ")
		c.mu.Lock()
		c.commands = append(c.commands, command)
		c.mu.Unlock()
		if c.Play != nil && c.Play(c, tag, command) {
			continue
		}
		if !c.behave(tag, command) {
			return
		}
	}
}
