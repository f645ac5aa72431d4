package reply_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"strings"
	"sync"

	"guichetdunumerique.be/guichet/internal/mailtest"
)

// script is an SMTP server that does as it is told, on a network in memory.
type script struct {
	replies map[string]string // by verb; "." for the end of a mail, "GREETING" for the first line
	offers  []string          // extensions
	hangUp  string            // the verb at which it hangs up instead of answering; "CONTENT" before the end of a mail

	pipe *mailtest.Pipe
	done sync.WaitGroup

	mu    sync.Mutex
	lines []string // what clients said, the text of mails left out
	conns int
}

// start begins to serve. stop must be called.
func (s *script) start() *script {
	s.pipe = mailtest.NewPipe()
	s.done.Go(func() {
		for {
			conn, err := s.pipe.Accept()
			if err != nil {
				return
			}
			s.mu.Lock()
			s.conns++
			s.mu.Unlock()
			s.done.Go(func() {
				defer conn.Close()
				s.serve(conn)
			})
		}
	})
	return s
}

func (s *script) stop() {
	_ = s.pipe.Close()
	s.done.Wait()
}

func (s *script) serve(conn net.Conn) {
	in := bufio.NewReader(conn)
	if !s.answer(conn, "GREETING", "220 here") {
		return
	}
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimSpace(line)
		s.mu.Lock()
		s.lines = append(s.lines, line)
		s.mu.Unlock()
		verb, _, _ := strings.Cut(line, " ")
		usual := map[string]string{"EHLO": "250" + s.extensions(), "DATA": "354 go on", "QUIT": "221 bye", "AUTH": "235 welcome"}[verb]
		if usual == "" {
			usual = "250 fine"
		}
		if !s.answer(conn, verb, usual) || verb == "QUIT" {
			return
		}
		if verb == "DATA" && s.replies["DATA"] == "" && (!s.content(in) || !s.answer(conn, ".", "250 taken")) {
			return
		}
	}
}

func (s *script) extensions() string {
	var b strings.Builder
	for _, o := range append([]string{"localhost"}, s.offers...) {
		fmt.Fprintf(&b, "-%s\r\n250", o)
	}
	return b.String() + " HELP"
}

// answer says what the script or custom wants, or hangs up.
func (s *script) answer(conn net.Conn, verb, usual string) bool {
	if s.hangUp == verb {
		return false
	}
	if r := s.replies[verb]; r != "" {
		usual = r
	}
	_, err := conn.Write([]byte(usual + "\r\n"))
	return err == nil
}

// content reads a mail up to its end, or up to the last line before it.
func (s *script) content(in *bufio.Reader) bool {
	for {
		line, err := in.ReadString('\n')
		if err != nil || s.hangUp == "CONTENT" && strings.HasPrefix(line, "--") && strings.HasSuffix(line, "--\r\n") {
			return false
		}
		if line == ".\r\n" {
			return true
		}
	}
}

// said lists the lines of all clients that begin with prefix.
func (s *script) said(prefix string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []string
	for _, l := range s.lines {
		if strings.HasPrefix(l, prefix) {
			found = append(found, l)
		}
	}
	return found
}

func (s *script) connections() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conns
}

func (s *script) dial(ctx context.Context, network, address string) (net.Conn, error) {
	return s.pipe.Dial(ctx, network, address)
}
