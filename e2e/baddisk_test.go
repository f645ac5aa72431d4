//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// lettersOfTheDisk wait in the mailbox while the disk is no good.
const lettersOfTheDisk = 10

func TestAReadOnlyDiskLosesNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	disk := mount(t, "size=16m")
	d.set(t, "store", "url", quoted(filepath.Join(disk, "guichet.db")))
	first(t, d)
	remount(t, disk, syscall.MS_RDONLY)
	complains(t, d.guichet(t, "once"), 1, []string{`store|database`, `read-?only`})
	remount(t, disk, 0)
	nothingLost(t, d)
}

func TestAFullDiskLosesNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	disk := mount(t, "size=16m")
	d.set(t, "store", "url", quoted(filepath.Join(disk, "guichet.db")))
	first(t, d)
	ballast := filepath.Join(disk, "ballast")
	if err := fill(ballast); err != nil {
		t.Fatal(err)
	}
	complains(t, d.guichet(t, "once"), 1, []string{`full|no space`})
	if n := len(d.out.acknowledgements()); n > 0 {
		t.Errorf("%d acknowledgements left for cases that could not be kept", n)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	nothingLost(t, d)
}

func TestAFullDiskUnderTheDaemonIsSurvived(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	disk := mount(t, "size=16m")
	d.set(t, "store", "url", quoted(filepath.Join(disk, "guichet.db")))
	p := d.start(t)
	ballast := filepath.Join(disk, "ballast")
	if err := fill(ballast); err != nil {
		t.Fatal(err)
	}
	d.mailbox.deliver(t, several(0, lettersOfTheDisk, request)...)
	await(t, 30*time.Second, "the log speaks of the disk", func(context.Context) error {
		if !strings.Contains(p.log.String(), "full") {
			return errors.New("it does not")
		}
		return nil
	})
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	d.answered(t, lettersOfTheDisk)
	d.settled(t)
	p.stop(t)
	oneCaseEach(t, d, several(0, lettersOfTheDisk, request))
}

// TestAFullDiskAfterSendingIsSurvived fills the disk when the server has an acknowledgement in its hands, so
// that its being sent cannot be recorded.
func TestAFullDiskAfterSendingIsSurvived(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	disk := mount(t, "size=16m")
	d.set(t, "store", "url", quoted(filepath.Join(disk, "guichet.db")))
	p := d.start(t)
	ballast := filepath.Join(disk, "ballast")
	var once sync.Once
	d.out.watch(func(m moment) error {
		if m == beforeAnswer {
			once.Do(func() {
				if err := fill(ballast); err != nil {
					t.Error(err)
				}
			})
		}
		return nil
	})
	d.mailbox.deliver(t, request(0))
	d.answered(t, 1)
	await(t, 30*time.Second, "the log speaks of the disk", func(context.Context) error {
		if !strings.Contains(p.log.String(), "full") {
			return errors.New("it does not")
		}
		return nil
	})
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	d.settled(t)
	p.stop(t)
	atMostOneAnswerEach(t, d, several(0, 1, request))
}

func TestALockedDatabaseLosesNothing(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	first(t, d)
	db, err := sql.Open("sqlite3", "file:"+d.store()+"?_txlock=exclusive")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	hold, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	complains(t, d.guichet(t, "once"), 1, []string{`store|database`, `in use|locked`})
	if err := hold.Rollback(); err != nil {
		t.Fatal(err)
	}
	nothingLost(t, d)
}

func TestADamagedDatabaseIsNotWrittenTo(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	first(t, d)
	data, err := os.ReadFile(d.store())
	if err != nil {
		t.Fatal(err)
	}
	damaged := bytes.Clone(data)
	for i := 4096; i < len(damaged); i++ { // all but the first page, which names the file's kind
		damaged[i] ^= 0x5a
	}
	if err := os.WriteFile(d.store(), damaged, 0o600); err != nil {
		t.Fatal(err)
	}
	complains(t, d.guichet(t, "once"), 1, []string{`store|database`, `damaged|malformed`})
	if after, err := os.ReadFile(d.store()); err != nil || !bytes.Equal(after, damaged) {
		t.Errorf("the damaged file was changed: %v", err)
	}
	if err := os.WriteFile(d.store(), data, 0o600); err != nil {
		t.Fatal(err)
	}
	nothingLost(t, d)
}

// first lets the desk start on an empty mailbox, and then delivers the letters.
func first(t *testing.T, d *desk) {
	t.Helper()
	if r := d.guichet(t, "once"); r.code != 0 {
		t.Fatalf("the first start ended with %d:\n%s", r.code, r.err)
	}
	d.mailbox.deliver(t, several(0, lettersOfTheDisk, request)...)
}

// nothingLost lets the desk work again and expects every letter to be treated once.
func nothingLost(t *testing.T, d *desk) {
	t.Helper()
	if r := d.guichet(t, "once"); r.code != 0 {
		t.Fatalf("with all mended it ended with %d:\n%s", r.code, r.err)
	}
	letters := several(0, lettersOfTheDisk, request)
	d.oneFateEach(t, d.mailbox.look(t))
	oneCaseEach(t, d, letters)
	answersKeepTheRules(t, d, letters)
}

// mount makes a small disk of its own, where that is allowed.
func mount(t *testing.T, options string) string {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can mount a small disk")
	}
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, options); err != nil {
		t.Skipf("this machine does not let us mount a small disk: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Errorf("unmounting %s: %v", dir, err)
		}
	})
	return dir
}

func remount(t *testing.T, dir string, flags uintptr) {
	t.Helper()
	if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT|flags, ""); err != nil {
		t.Fatalf("mounting %s again: %v", dir, err)
	}
}

// fill leaves no byte free on a disk.
func fill(name string) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	block := make([]byte, 512)
	for err == nil {
		_, err = f.Write(block)
	}
	if !errors.Is(err, syscall.ENOSPC) {
		return fmt.Errorf("filling the disk: %w", err)
	}
	return nil
}
