package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"unsafe"

	"golang.org/x/term"
)

// terminal is one with a person before it: what the program and the echo write is on the screen.
type terminal struct {
	keys *os.File // the person's side
	file *os.File // the program's

	mu     sync.Mutex
	screen bytes.Buffer
	shows  *sync.Cond
}

func newTerminal(t *testing.T) *terminal {
	t.Helper()
	keys, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("this machine has no pseudo-terminals: %v", err)
	}
	t.Cleanup(func() { _ = keys.Close() })
	var number, unlock int32
	for request, value := range map[uintptr]*int32{syscall.TIOCSPTLCK: &unlock, syscall.TIOCGPTN: &number} {
		if _, _, e := syscall.Syscall(syscall.SYS_IOCTL, keys.Fd(), request, uintptr(unsafe.Pointer(value))); e != 0 {
			t.Fatal(e)
		}
	}
	file, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("this machine has no pseudo-terminals: %v", err)
	}
	t.Cleanup(func() { _ = file.Close() })
	p := &terminal{keys: keys, file: file}
	p.shows = sync.NewCond(&p.mu)
	go p.watch()
	return p
}

// watch takes what appears on the screen.
func (p *terminal) watch() {
	piece := make([]byte, 1024)
	for {
		n, err := p.keys.Read(piece)
		p.mu.Lock()
		p.screen.Write(piece[:n])
		p.shows.Broadcast()
		p.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// await returns what the screen shows once it shows text.
func (p *terminal) await(text string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	for !strings.Contains(p.screen.String(), text) {
		p.shows.Wait()
	}
	return p.screen.String()
}

// typed types a line, once the screen asks for it.
func (p *terminal) typed(t *testing.T, asked, line string) {
	t.Helper()
	p.await(asked)
	if _, err := p.keys.WriteString(line + "\n"); err != nil {
		t.Error(err)
	}
}

// hides returns once a question was asked and what is typed is no longer shown.
func (p *terminal) hides(t *testing.T, asked string, shown *term.State) {
	p.await(asked)
	for {
		state, err := term.GetState(int(p.file.Fd()))
		if err != nil {
			t.Error(err)
			return
		}
		if !reflect.DeepEqual(state, shown) {
			return
		}
		runtime.Gosched()
	}
}

// finish gives the reading that was given up a line, and returns once it has taken it: it must not read from a
// file of another test that comes to bear the same number.
func (p *terminal) finish(t *testing.T) {
	p.typed(t, "", "taken by nobody")
	p.await("taken by nobody")
	for left := int32(1); left > 0; runtime.Gosched() {
		if _, _, e := syscall.Syscall(syscall.SYS_IOCTL, p.file.Fd(), syscall.TIOCINQ, uintptr(unsafe.Pointer(&left))); e != 0 {
			t.Fatal(e)
		}
	}
}

func TestAPasswordIsNotShownWhileItIsTyped(t *testing.T) {
	p := newTerminal(t)
	before, err := term.GetState(int(p.file.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	a := newAsker(environment{stdin: p.file, stderr: p.file})
	var name, password string
	go func() {
		p.typed(t, "Name", "ann")
		p.hides(t, "Password", before)
		p.typed(t, "Password", "not for the screen")
	}()
	for _, q := range []question{
		{text: "Name", take: func(answer string) error { name = answer; return nil }},
		{text: "Password", hidden: true, take: func(answer string) error { password = answer; return nil }},
	} {
		if err := a.ask(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	a.say("the end")
	screen := p.await("the end")
	if name != "ann" || password != "not for the screen" || !strings.Contains(screen, "ann") || strings.Contains(screen, "not for") {
		t.Errorf("name %q, password %q, and the screen shows\n%s", name, password, screen)
	}

	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		p.hides(t, "Another", before)
		cancel()
	}()
	if err := a.ask(ctx, question{text: "Another", hidden: true}); err == nil {
		t.Error("an answer came out of nothing")
	}
	if after, err := term.GetState(int(p.file.Fd())); err != nil || !reflect.DeepEqual(before, after) {
		t.Errorf("the terminal is not as it was found (%v)", err)
	}
	p.finish(t)
}
