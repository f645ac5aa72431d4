//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// brokenDisk is what strace is told so that system calls on the database's files end with EIO: those named, and
// of each those that when counts (strace(1), syscall tampering). What it writes of them goes to standard error.
func brokenDisk(d *desk, calls, when string) []string {
	args := []string{"-f", "-qq"}
	for _, file := range []string{"", "-wal", "-journal"} {
		args = append(args, "-P", d.store()+file)
	}
	return append(args, "-e", "trace="+calls, "-e", "signal=none", "-e", fmt.Sprintf("inject=%s:error=EIO:when=%s", calls, when))
}

// TestADiskThatFailsLosesNothing starts the program again and again on a disk on which, from some system call
// on, all writing, all reading or all syncing of the database fails.
func TestADiskThatFailsLosesNothing(t *testing.T) {
	t.Parallel()
	mayTrace(t)
	d := newDesk(t)
	first(t, d)
	said := regexp.MustCompile(`(?i)i/o error|whether the disk is failing`)
	failed := 0
	for _, calls := range []string{"pwrite64", "pread64", "fsync,fdatasync"} {
		for _, when := range []string{"1+", "4+", "16+", "64+"} {
			r := d.onBrokenDisk(t, calls, when)
			switch {
			case r.code == 1 && said.MatchString(r.err):
				failed++
			case r.code != 0: // it may end well where it needs fewer calls than that
				t.Errorf("%s from %s: ended with %d:\n%s", calls, when, r.code, tail(r.err, 20))
			}
		}
	}
	if failed < 3 {
		t.Errorf("%d of 12 runs saw the disk fail and said so, want at least 3", failed)
	}
	t.Logf("%d of 12 runs saw the disk fail", failed)
	if r := d.guichet(t, "once"); r.code != 0 {
		t.Fatalf("with all mended it ended with %d:\n%s", r.code, r.err)
	}
	letters := several(0, lettersOfTheDisk, request)
	d.oneFateEach(t, d.mailbox.look(t))
	oneCaseEach(t, d, letters)
	atMostOneAnswerEach(t, d, letters) // none where the disk failed between the decision to send and the sending
}

// TestADiskThatFailsUnderTheDaemonIsSurvived breaks the disk below a running daemon, and mends it.
func TestADiskThatFailsUnderTheDaemonIsSurvived(t *testing.T) {
	t.Parallel()
	mayTrace(t)
	d := newDesk(t)
	p := d.start(t)
	args := append(brokenDisk(d, "pwrite64,fsync,fdatasync", "1+"), "-p", strconv.Itoa(p.cmd.Process.Pid))
	var talk bytes.Buffer
	strace := exec.Command("strace", args...)
	strace.Stderr = &talk
	if err := strace.Start(); err != nil {
		t.Fatal(err)
	}
	mended := false
	mend := func() {
		if !mended {
			mended = true
			strace.Process.Signal(syscall.SIGINT) // it lets go of the daemon, which runs on
			strace.Wait()
		}
	}
	t.Cleanup(mend)
	await(t, 10*time.Second, "the daemon is traced", func(context.Context) error {
		return p.traced()
	})
	d.mailbox.deliver(t, several(0, lettersOfTheDisk, request)...)
	await(t, 30*time.Second, "the log speaks of the disk", func(context.Context) error {
		if !strings.Contains(p.log.String(), "I/O error") {
			return errors.New("it does not")
		}
		return nil
	})
	if n := len(d.out.acknowledgements()); n > 0 {
		t.Errorf("%d acknowledgements left for cases that could not be kept", n)
	}
	mend()
	d.answered(t, lettersOfTheDisk)
	d.settled(t)
	p.stop(t)
	letters := several(0, lettersOfTheDisk, request)
	oneCaseEach(t, d, letters)
	atMostOneAnswerEach(t, d, letters)
}

// onBrokenDisk is `guichet once` on a disk that fails.
func (d *desk) onBrokenDisk(t *testing.T, calls, when string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "strace", append(brokenDisk(d, calls, when), "-o", d.path("strace"), binary, "once")...)
	var talk strings.Builder
	cmd.Dir, cmd.Stderr = d.dir, &talk
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if ctx.Err() != nil {
		t.Fatalf("it did not end with %s failing from %s:\n%s", calls, when, tail(talk.String(), 20))
	}
	return result{code: cmd.ProcessState.ExitCode(), err: talk.String()}
}

// traced says whether something traces the daemon (proc(5), status).
func (p *daemon) traced() error {
	status, err := os.ReadFile(p.proc("status"))
	if err == nil && bytes.Contains(status, []byte("TracerPid:\t0\n")) {
		err = errors.New("not yet")
	}
	return err
}

// mayTrace skips the test where system calls cannot be made to fail.
func mayTrace(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("strace"); err != nil {
		t.Skip("strace is not installed")
	}
	if err := exec.Command("strace", "-qq", "-o", "/dev/null", "true").Run(); err != nil {
		t.Skipf("strace may not trace here: %v", err)
	}
}
