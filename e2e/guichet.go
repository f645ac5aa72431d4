//go:build e2e

package e2e

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"text/template"
	"time"
)

// binary is the program under test, built once a run by TestMain.
var binary string

// desk is one configured guichet: its servers, its config and its store.
type desk struct {
	dir     string
	mailbox *dovecot
	out     *sink
	keys    map[string]map[string]string // section, key, value as TOML
}

// newDesk starts the servers and writes a config for them. Nothing of guichet runs yet.
func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{dir: t.TempDir(), mailbox: startDovecot(t)}
	d.out = startSink(t, d.mailbox.cert)
	d.write(t, "password", []byte(password+"\n"))
	d.write(t, "ca.pem", d.mailbox.cert.certPEM)
	account, secret, ca := quoted(account), quoted(d.path("password")), quoted(d.path("ca.pem"))
	d.keys = map[string]map[string]string{
		"desk": {"name": `"Guichet du Numérique"`, "address": account, "languages": `["fr", "nl", "de", "en"]`,
			"timezone": `"Europe/Brussels"`, "reference": `"GDN"`},
		"imap": {"server": quoted(d.mailbox.imaps), "security": `"tls"`, "username": account, "password_file": secret,
			"ca_file": ca, "folders": `["INBOX"]`, "junk": `"Junk"`, "poll_every": `"1m"`},
		"smtp": {"server": quoted(d.out.address), "security": `"tls"`, "username": account, "password_file": secret,
			"ca_file": ca, "from": account},
		"staff":  {"addresses": `["staff@guichetdunumerique.be"]`, "language": `"fr"`, "notify_new": "false", "digest_to": "[]"},
		"limits": {"replies_per_hour": "100000"},
		"store":  {"url": quoted(d.path("guichet.db"))},
		"log":    {"level": `"debug"`, "format": `"json"`},
	}
	d.configure(t)
	return d
}

// path is a file of the desk's folder.
func (d *desk) path(name string) string { return filepath.Join(d.dir, name) }

// store is the database file.
func (d *desk) store() string {
	url, _ := strconv.Unquote(d.keys["store"]["url"])
	return url
}

func (d *desk) write(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(d.path(name), data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// set changes one key of the config, value in TOML, and writes the config.
func (d *desk) set(t *testing.T, section, key, value string) {
	t.Helper()
	if d.keys[section] == nil {
		d.keys[section] = map[string]string{}
	}
	d.keys[section][key] = value
	d.configure(t)
}

var configFile = template.Must(template.New("guichet.toml").Parse(
	`{{range $section, $keys := .}}[{{$section}}]
{{range $key, $value := $keys}}{{$key}} = {{$value}}
{{end}}
{{end}}`))

// configure writes guichet.toml.
func (d *desk) configure(t *testing.T) {
	t.Helper()
	var text strings.Builder
	if err := configFile.Execute(&text, d.keys); err != nil {
		t.Fatal(err)
	}
	d.write(t, "guichet.toml", []byte(text.String()))
}

// quoted is s as a TOML string, for paths and addresses.
func quoted(s string) string { return strconv.Quote(s) }

// result is what one command of the program left.
type result struct {
	code     int
	out, err string
	took     time.Duration
}

// guichet runs a command to its end, in the desk's folder, which holds its config.
func (d *desk) guichet(t *testing.T, args ...string) result {
	t.Helper()
	return runIn(t, d.dir, args...)
}

// runIn runs the program in a folder to its end.
func runIn(t *testing.T, dir string, args ...string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, args...)
	var out, talk strings.Builder
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &talk
	began := time.Now()
	err := cmd.Run()
	took := time.Since(began)
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("running guichet %s: %v", strings.Join(args, " "), err)
	}
	if ctx.Err() != nil {
		t.Fatalf("guichet %s did not end:\n%s", strings.Join(args, " "), tail(talk.String(), 20))
	}
	return result{cmd.ProcessState.ExitCode(), out.String(), talk.String(), took}
}

// daemon is a running `guichet run`.
type daemon struct {
	cmd  *exec.Cmd
	log  logbook
	done chan struct{} // closed when the process has ended
	end  sync.Once
}

// run starts the daemon and returns at once. It is killed when the test ends, if it still lives.
func (d *desk) run(t *testing.T) *daemon {
	t.Helper()
	return d.runWatched(t, nil)
}

// runWatched is run with a look at all that is logged, at the moment that it is.
func (d *desk) runWatched(t *testing.T, logged func(p *daemon, piece []byte)) *daemon {
	t.Helper()
	p := &daemon{cmd: exec.Command(binary, "run"), done: make(chan struct{})}
	if logged != nil {
		p.log.on = func(piece []byte) { logged(p, piece) }
	}
	p.cmd.Dir, p.cmd.Stdout, p.cmd.Stderr = d.dir, &p.log, &p.log
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		p.cmd.Wait()
		close(p.done)
	}()
	t.Cleanup(func() {
		p.kill()
		if t.Failed() {
			t.Logf("the daemon's errors end:\n%s\nits log ends:\n%s", tail(errorsOf(p.log.String()), 20), tail(p.log.String(), 20))
		}
	})
	return p
}

// start is run, returning when the daemon has looked at the INBOX.
func (d *desk) start(t *testing.T) *daemon {
	t.Helper()
	began := time.Now()
	p := d.run(t)
	await(t, 30*time.Second, "the daemon has looked at the INBOX", func(context.Context) error {
		select {
		case <-p.done:
			t.Fatalf("the daemon ended: %v", p.cmd.ProcessState)
		default:
		}
		return d.checkedSince(began)
	})
	return p
}

// kill ends the daemon as a power cut would, and returns when it is gone.
func (p *daemon) kill() {
	p.end.Do(func() { p.cmd.Process.Kill() })
	<-p.done
}

// stop asks the daemon to end, as the system does at shutdown, and demands that it ends well.
func (p *daemon) stop(t *testing.T) {
	t.Helper()
	p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(20 * time.Second):
		t.Fatal("the daemon did not end within 20 s of SIGTERM")
	}
	if code := p.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("the daemon ended with %d after SIGTERM, not 0", code)
	}
}

// resident is the memory that the daemon holds now, and peak the most it held since resetPeak, in bytes.
func (p *daemon) resident(t *testing.T) int64 { return p.status(t, "VmRSS") }
func (p *daemon) peak(t *testing.T) int64     { return p.status(t, "VmHWM") }

// resetPeak makes the kernel forget the highest resident size so far (proc(5), clear_refs).
func (p *daemon) resetPeak(t *testing.T) {
	t.Helper()
	if err := os.WriteFile(p.proc("clear_refs"), []byte("5"), 0); err != nil {
		t.Skipf("this kernel cannot reset the peak: %v", err)
	}
}

func (p *daemon) proc(name string) string {
	return fmt.Sprintf("/proc/%d/%s", p.cmd.Process.Pid, name)
}

// status reads one amount of /proc/PID/status, in bytes.
func (p *daemon) status(t *testing.T, name string) int64 {
	t.Helper()
	data, err := os.ReadFile(p.proc("status"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		if rest, found := strings.CutPrefix(line, name+":"); found {
			n, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			return n << 10
		}
	}
	t.Fatalf("no %s in %s", name, p.proc("status"))
	return 0
}

// cpu is the processor time that the daemon has used, to a hundredth of a second.
func (p *daemon) cpu(t *testing.T) time.Duration {
	t.Helper()
	data, err := os.ReadFile(p.proc("stat"))
	if err != nil {
		t.Fatal(err)
	}
	// The second field, the name, may hold spaces; utime and stime are fields 14 and 15 (proc(5)).
	fields := strings.Fields(string(data[strings.LastIndexByte(string(data), ')')+1:]))
	var ticks int64
	for _, f := range fields[11:13] {
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}
