//go:build e2e

package packaging_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// machine is a container with a systemd of its own, on a copy in memory of the machine that the test runs on: what is
// installed or spoilt there is gone with it. Only the network is shared, so that the test can play the mail servers.
type machine struct {
	root   string
	log    string // what systemd said of its start
	nspawn *exec.Cmd
	off    chan struct{} // closed once it is switched off
	init   string        // its first process, as this machine numbers it
}

// newMachine makes a machine that is switched off. The test is skipped where none can be made, with the reason.
func newMachine(t *testing.T) *machine {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("starting a container takes root")
	}
	find(t, "systemd-nspawn") // Debian: systemd-container
	find(t, "nsenter")
	if _, err := os.Stat("/usr/bin/guichet"); err == nil {
		t.Skip("guichet is installed here: the container would begin as a copy of that")
	}
	dir := t.TempDir()
	mount(t, dir, "tmpfs", "mode=0755")
	for _, name := range []string{"changes", "work", "root"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	m := &machine{root: filepath.Join(dir, "root"), log: filepath.Join(dir, "log")}
	mount(t, m.root, "overlay", fmt.Sprintf("lowerdir=/,upperdir=%s/changes,workdir=%[1]s/work", dir))
	// None of this machine's services start, and none is kept from starting, as images for containers do.
	for _, name := range []string{"etc/systemd/system", "usr/sbin/policy-rc.d", "etc/machine-id"} {
		if err := os.RemoveAll(filepath.Join(m.root, name)); err != nil {
			t.Fatal(err)
		}
	}
	m.write(t, "/etc/machine-id", "", 0o444)
	t.Cleanup(m.halt)
	return m
}

// mount mounts a file system without a device until the test ends.
func mount(t *testing.T, at, kind, options string) {
	t.Helper()
	if err := syscall.Mount(kind, at, kind, 0, options); err != nil {
		t.Skipf("this machine mounts no %s: %v", kind, err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(at, syscall.MNT_DETACH); err != nil {
			t.Errorf("unmounting %s: %v", at, err)
		}
	})
}

// boot switches the machine on, and waits until systemd has started all there is.
func (m *machine) boot(t *testing.T) {
	t.Helper()
	log, err := os.Create(m.log)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	m.nspawn = exec.Command("systemd-nspawn", "--boot", "--directory="+m.root, "--machine=guichet-test",
		"--register=no", "--keep-unit", "--console=pipe")
	m.nspawn.Env = append(os.Environ(), "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1")
	m.nspawn.Stdout, m.nspawn.Stderr = log, log
	if err := m.nspawn.Start(); err != nil {
		t.Fatal(err)
	}
	m.off = make(chan struct{})
	go func(off chan struct{}) { _ = m.nspawn.Wait(); close(off) }(m.off)

	const patience = time.Minute
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		select {
		case <-m.off:
			t.Skipf("no systemd can be started here:\n%s", m.said())
		case <-time.After(100 * time.Millisecond):
		}
		if m.init = m.first(); m.init == "" {
			continue
		}
		if state, _ := m.try("systemctl", "is-system-running"); state == "running" || state == "degraded" {
			return
		}
	}
	t.Skipf("systemd has not started within %v here:\n%s", patience, m.said())
}

// halt switches the machine off, if it is on.
func (m *machine) halt() {
	if m.nspawn == nil {
		return
	}
	_ = m.nspawn.Process.Signal(syscall.SIGTERM) // which nspawn takes for a wish to shut down in good order
	select {
	case <-m.off:
	case <-time.After(30 * time.Second):
		_ = m.nspawn.Process.Kill()
		<-m.off
	}
}

// first is the machine's first process, once it is systemd.
func (m *machine) first() string {
	pid := fmt.Sprint(m.nspawn.Process.Pid)
	children, _ := os.ReadFile(filepath.Join("/proc", pid, "task", pid, "children"))
	for child := range strings.FieldsSeq(string(children)) {
		if name, _ := os.ReadFile(filepath.Join("/proc", child, "comm")); string(name) == "systemd\n" {
			return child
		}
	}
	return ""
}

func (m *machine) said() string {
	text, _ := os.ReadFile(m.log)
	return string(text)
}

// try runs a command in the machine: what it wrote, errors included, without the last line's end.
func (m *machine) try(command ...string) (string, error) {
	cmd := exec.Command("nsenter", append([]string{"--target", m.init, "--all", "--"}, command...)...)
	cmd.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive", "SYSTEMD_PAGER="}
	cmd.Dir = "/"
	out, err := cmd.CombinedOutput()
	return string(bytes.TrimRight(out, "\n")), err
}

// run is try for what must succeed.
func (m *machine) run(t *testing.T, command ...string) string {
	t.Helper()
	out, err := m.try(command...)
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(command, " "), err, out)
	}
	return out
}

// write puts a file into the machine, with its folders.
func (m *machine) write(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	path = filepath.Join(m.root, path)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

// service is a property of the service, as systemd tells it.
func (m *machine) service(t *testing.T, property string) string {
	t.Helper()
	return m.run(t, "systemctl", "show", "--value", "--property="+property, "guichet.service")
}

// expect fails where a property of the service is not what it should be.
func (m *machine) expect(t *testing.T, property, want string) {
	t.Helper()
	if got := m.service(t, property); got != want {
		t.Errorf("%s is %q, want %q", property, got, want)
	}
}
