//go:build e2e

package packaging_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"guichetdunumerique.be/guichet/internal/mailtest"
)

const (
	deskAddress  = "info@guichetdunumerique.be"
	deskPassword = "correct horse"
	configFile   = "/etc/guichet/guichet.toml"
	dropIn       = "/etc/systemd/system/guichet.service.d/override.conf"
)

// TestUnderSystemd lives through what an operator does with the service, under a systemd that runs: the steps build on one
// another. It takes a minute: packaging/test.sh systemd.
func TestUnderSystemd(t *testing.T) {
	d := &served{machine: newMachine(t)}
	d.pack(t)
	d.boot(t)
	d.openMailbox(t)
	for _, step := range []struct {
		promise string
		holds   func(*testing.T)
	}{
		{"nothing starts before there is a config", d.installs},
		{"the service is up once it says so, and answers mail", d.starts},
		{"a person is named nowhere in the journal", d.logs},
		{"what it keeps is its own, and it can write nothing else", d.isShutIn},
		{"a reload is refused and harms nothing, a restart loses nothing", d.restarts},
		{"a process that stands still or is killed is replaced", d.isWatched},
		{"systemd hands over a password that stays root's", d.takesCredential},
		{"an upgrade while mail arrives loses and doubles nothing", d.upgrades},
		{"an upgrade goes through while the service cannot start", d.upgradesWhatIsBroken},
		{"it is there again after a boot", d.comesBack},
		{"it stops in good order, and a removal and a purge leave what they should", d.goes},
	} {
		if !t.Run(step.promise, step.holds) {
			journal, _ := d.try("journalctl", "--unit=guichet", "--output=short-monotonic", "--no-pager", "--lines=40")
			t.Fatalf("the journal ends:\n%s", journal)
		}
	}
}

// served is a machine with a desk on it, and the mail servers that the test plays.
type served struct {
	*machine
	imap    *mailtest.IMAP
	smtp    *mailtest.SMTP
	written int // requests so far, each by somebody else
}

// pack builds two versions of the package and puts them into the machine.
func (d *served) pack(t *testing.T) {
	t.Helper()
	for _, version := range []string{"0.1", "0.2"} {
		cmd := exec.Command("./build.sh")
		cmd.Env = append(os.Environ(), "VERSION="+version, "BUILD_FLAGS=")
		var talk strings.Builder
		cmd.Stderr = &talk
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("building the package: %v\n%s", err, talk.String())
		}
		built := filepath.Join("..", strings.TrimSpace(string(out)))
		deb, err := os.ReadFile(built)
		if err != nil {
			t.Fatal(err)
		}
		d.write(t, "/root/guichet-"+version+".deb", string(deb), 0o644)
		if err := os.Remove(built); err != nil {
			t.Fatal(err)
		}
	}
}

func (d *served) openMailbox(t *testing.T) {
	t.Helper()
	var err error
	options := mailtest.Options{Username: deskAddress, Password: deskPassword}
	if options.Certificate, err = mailtest.NewCertificate(); err != nil {
		t.Fatal(err)
	}
	if d.imap, err = mailtest.StartIMAP(options); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.imap.Close() })
	if d.smtp, err = mailtest.StartSMTP(options); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.smtp.Close() })
}

// settle writes the config, with keys for the section of the mailbox.
func (d *served) settle(t *testing.T, keys string) {
	t.Helper()
	text := fmt.Sprintf(`[desk]
name = "Guichet du Numérique"
address = %q
[imap]
server = %q
username = %q
ca_file = "ca.pem"
poll_every = "10s"
%s
[smtp]
server = %q
ca_file = "ca.pem"
[staff]
addresses = ["anne@guichetdunumerique.be"]
notify_new = false
[store]
url = "/var/lib/guichet/guichet.db"
`, deskAddress, d.imap.Addr(), deskAddress, keys, d.smtp.Addr())
	for path, text := range map[string]string{configFile: text, "/etc/guichet/ca.pem": string(d.imap.Certificate.PEM), "/etc/guichet/imap-password": deskPassword} {
		d.write(t, path, text, 0o600)
		d.run(t, "chown", "guichet:guichet", path)
	}
}

// asks delivers n requests of as many people.
func (d *served) asks(t *testing.T, n int) {
	t.Helper()
	for range n {
		d.written++
		raw := fmt.Sprintf("Return-Path: <zoe.%[1]d@client.example>\r\nReceived: by mx.example; %[3]s\r\nFrom: Zoe <zoe.%[1]d@client.example>\r\nTo: %[2]s\r\n"+
			"Subject: Erasure request\r\nDate: %[3]s\r\nMessage-ID: <zoe.%[1]d@client.example>\r\nContent-Type: text/plain\r\n\r\n"+
			"Under article 17 of the GDPR I ask you to erase all personal data that you hold about me.\r\n",
			d.written, deskAddress, time.Now().Format(time.RFC1123Z))
		if _, err := d.imap.Deliver("INBOX", []byte(raw), time.Now()); err != nil {
			t.Fatal(err)
		}
	}
}

// answered fails unless everybody who wrote so far is acknowledged, once.
func (d *served) answered(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if mails, err := d.smtp.Wait(ctx, d.written); err != nil {
		t.Fatalf("%d requests, %d mails", d.written, len(mails))
	}
	got := map[string]int{}
	for _, m := range d.smtp.Received() {
		got[strings.Join(m.To, " ")]++
	}
	for n := 1; n <= d.written; n++ {
		if address := fmt.Sprintf("zoe.%d@client.example", n); got[address] != 1 {
			t.Errorf("writer %d has %d acknowledgements", n, got[address])
		}
	}
}

// until looks again and again until a property of the service is what it should be.
func (d *served) until(t *testing.T, property, want string) {
	t.Helper()
	const patience = 30 * time.Second
	var got string
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); <-time.After(50 * time.Millisecond) {
		if got = d.service(t, property); got == want {
			return
		}
	}
	t.Fatalf("%s is %q after %v, want %q", property, got, patience, want)
}

func (d *served) installs(t *testing.T) {
	d.run(t, "dpkg", "--install", "/root/guichet-0.1.deb")
	d.expect(t, "LoadState", "loaded")
	d.expect(t, "UnitFileState", "disabled")
	d.expect(t, "ActiveState", "inactive")
	d.run(t, "systemctl", "enable", "--now", "guichet") // too early: no failure, and no start
	d.expect(t, "ConditionResult", "no")
	d.expect(t, "ActiveState", "inactive")
}

func (d *served) starts(t *testing.T) {
	d.settle(t, `password_file = "imap-password"`)
	if out, err := d.try("runuser", "-u", "guichet", "--", "guichet", "check", "-c", configFile); err != nil {
		t.Errorf("check: %v\n%s", err, out)
	}
	began := time.Now()
	d.run(t, "systemctl", "start", "guichet") // returns once the program says READY=1
	t.Logf("up after %v", time.Since(began).Round(10*time.Millisecond))
	d.expect(t, "ActiveState", "active")
	d.expect(t, "SubState", "running")
	d.expect(t, "StatusText", "watching 1 desk")
	d.folders(t)
	d.asks(t, 3)
	d.answered(t)
	if out := d.run(t, "runuser", "-u", "guichet", "--", "guichet", "status", "-c", configFile); !strings.Contains(out, "INBOX") {
		t.Errorf("status beside the service:\n%s", out)
	}
}

// folders waits until the desk has taken up the mailbox: what lay there before is left alone.
func (d *served) folders(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); <-time.After(50 * time.Millisecond) {
		if out, err := d.try("runuser", "-u", "guichet", "--", "guichet", "status", "-c", configFile); err == nil && strings.Contains(out, "INBOX") {
			return
		}
	}
	t.Fatal("the mailbox was not taken up")
}

func (d *served) logs(t *testing.T) {
	log := d.run(t, "journalctl", "--unit=guichet", "--output=cat", "--no-pager")
	for _, want := range []string{"Started guichet", "desk opens"} {
		if !strings.Contains(log, want) {
			t.Errorf("the journal has no %q:\n%s", want, log)
		}
	}
	if strings.Contains(strings.ToLower(log), "zoe") {
		t.Error("the journal names a person")
	}
	t.Log(d.run(t, "systemctl", "status", "--no-pager", "--lines=3", "guichet"))
}

func (d *served) isShutIn(t *testing.T) {
	pid := d.service(t, "MainPID")
	if user := d.run(t, "stat", "--format=%U:%G", "/proc/"+pid); user != "guichet:guichet" {
		t.Errorf("runs as %s", user)
	}
	status := d.run(t, "cat", "/proc/"+pid+"/status")
	for _, want := range []string{`CapEff:\s+0+\n`, `CapBnd:\s+0+\n`, `NoNewPrivs:\s+1`, `Seccomp:\s+2`} {
		if !regexp.MustCompile(want).MatchString(status) {
			t.Errorf("no %s in\n%s", want, status)
		}
	}
	for _, line := range strings.Split(d.run(t, "find", "/var/lib/guichet", "-printf", "%y %m %u:%g %p\n"), "\n") {
		if !strings.HasPrefix(line, "f 600 guichet:guichet ") && !strings.HasPrefix(line, "d 700 guichet:guichet ") {
			t.Errorf("others may read %s", line)
		}
	}
	for path, may := range map[string]bool{
		"/var/lib/guichet/x": true, "/tmp/x": true, // its own
		"/etc/guichet/x": false, "/usr/bin/x": false, "/var/x": false, "/var/lib/x": false, "/home/x": false, "/root/x": false, "/x": false,
	} { // even root could not, with the service's view of the files
		out, err := d.try("nsenter", "--target", pid, "--mount", "--", "touch", path)
		if (err == nil) != may {
			t.Errorf("writing %s: %v %s", path, err, out)
		}
	}
	d.run(t, "rm", "/var/lib/guichet/x")
	out := d.run(t, "systemd-analyze", "security", "--no-pager", "guichet.service")
	t.Log(regexp.MustCompile(`Overall exposure.*`).FindString(out))
}

func (d *served) restarts(t *testing.T) {
	pid := d.service(t, "MainPID")
	if out, err := d.try("systemctl", "reload", "guichet"); err == nil || !strings.Contains(out, "not applicable") {
		t.Errorf("a reload: %v %s", err, out)
	}
	d.expect(t, "MainPID", pid)
	d.asks(t, 2)
	d.run(t, "systemctl", "restart", "guichet")
	d.expect(t, "ActiveState", "active")
	d.expect(t, "NRestarts", "0") // an order, no failure
	d.asks(t, 2)
	d.answered(t)
}

func (d *served) isWatched(t *testing.T) {
	d.expect(t, "WatchdogUSec", "2min")
	d.write(t, dropIn, "[Service]\nWatchdogSec=3\nRestartSec=1\n", 0o644)
	d.run(t, "systemctl", "daemon-reload")
	d.run(t, "systemctl", "restart", "guichet")
	for i, signal := range []string{"STOP", "KILL"} {
		pid := d.service(t, "MainPID")
		d.run(t, "kill", "-"+signal, pid)
		d.asks(t, 2)
		d.until(t, "NRestarts", fmt.Sprint(i+1))
		d.until(t, "ActiveState", "active")
		if d.service(t, "MainPID") == pid {
			t.Errorf("after SIG%s the process is the same", signal)
		}
		d.answered(t)
	}
	log := d.run(t, "journalctl", "--unit=guichet", "--output=cat", "--no-pager")
	if !strings.Contains(log, "Watchdog timeout") || strings.Contains(strings.ToLower(log), "zoe") {
		t.Errorf("the journal tells of no watchdog, or of a person:\n%s", log)
	}
}

func (d *served) takesCredential(t *testing.T) {
	d.settle(t, "")
	d.run(t, "chown", "root:root", "/etc/guichet/imap-password")
	d.write(t, dropIn, "[Service]\nRestartSec=1\nLoadCredential=imap-password:/etc/guichet/imap-password\n", 0o644)
	d.run(t, "systemctl", "daemon-reload")
	d.run(t, "systemctl", "restart", "guichet")
	d.asks(t, 1)
	d.answered(t)
}

func (d *served) upgrades(t *testing.T) {
	pid := d.service(t, "MainPID")
	const during = 10
	done := make(chan error, 1)
	go func() {
		_, err := d.try("dpkg", "--install", "/root/guichet-0.2.deb")
		done <- err
	}()
	for range during {
		d.asks(t, 1)
		<-time.After(200 * time.Millisecond)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	d.expect(t, "ActiveState", "active")
	d.expect(t, "UnitFileState", "enabled")
	if d.service(t, "MainPID") == pid {
		t.Error("the old program still runs")
	}
	d.asks(t, 1)
	d.answered(t)
	d.run(t, "runuser", "-u", "guichet", "--", "guichet", "verify", "--offline", "-c", configFile)
}

func (d *served) upgradesWhatIsBroken(t *testing.T) {
	config := d.run(t, "cat", configFile)
	d.run(t, "sed", "-i", "s/^poll_every/pole_every/", configFile)
	out := d.run(t, "dpkg", "--install", "/root/guichet-0.1.deb")
	if !strings.Contains(out, "the service does not start") {
		t.Errorf("nobody is told that the service does not start:\n%s", out)
	}
	if state := d.run(t, "dpkg-query", "--show", "--showformat=${db:Status-Status}", "guichet"); state != "installed" {
		t.Errorf("the package is %s", state)
	}
	d.write(t, configFile, config, 0o600)
	d.run(t, "dpkg", "--install", "/root/guichet-0.2.deb")
	d.until(t, "ActiveState", "active") // it is tried again, in its own time
	d.asks(t, 1)
	d.answered(t)
}

func (d *served) comesBack(t *testing.T) {
	d.halt()
	d.asks(t, 2)
	d.boot(t)
	d.until(t, "ActiveState", "active")
	d.answered(t)
}

func (d *served) goes(t *testing.T) {
	began := time.Now()
	d.run(t, "systemctl", "stop", "guichet")
	t.Logf("stopped after %v", time.Since(began).Round(10*time.Millisecond))
	d.expect(t, "ActiveState", "inactive")
	d.expect(t, "Result", "success")
	d.run(t, "systemctl", "start", "guichet")
	d.run(t, "dpkg", "--remove", "guichet")
	if out, err := d.try("pgrep", "--exact", "guichet"); err == nil {
		t.Errorf("after the removal it still runs: %s", out)
	}
	d.run(t, "test", "-s", "/var/lib/guichet/guichet.db", "-a", "-s", configFile)
	d.run(t, "dpkg", "--install", "/root/guichet-0.2.deb")
	d.expect(t, "UnitFileState", "disabled")
	d.run(t, "dpkg", "--purge", "guichet")
	for _, path := range []string{"/etc/guichet", "/var/lib/guichet", "/usr/bin/guichet", "/etc/systemd/system/multi-user.target.wants/guichet.service"} {
		if out, err := d.try("ls", "-d", path); err == nil {
			t.Errorf("a purge leaves %s", out)
		}
	}
}
