//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"text/template"
	"time"
)

// account is the one mailbox of the private server, and the desk's address.
const (
	account  = "info@guichetdunumerique.be"
	password = "correct-horse-battery"
)

// dovecot is a private IMAP and LMTP server with one account, on loopback, run by an unprivileged user.
type dovecot struct {
	dir      string
	imaps    string // host:port of IMAP over TLS
	lmtp     string // host:port of LMTP
	cert     certificate
	uid, gid int
	cmd      *exec.Cmd
}

// startDovecot starts a server with an empty mailbox, stopped when the test ends. The test is skipped
// where no Dovecot is installed.
func startDovecot(t *testing.T) *dovecot {
	t.Helper()
	binary, err := exec.LookPath("dovecot")
	if err != nil {
		if binary = "/usr/sbin/dovecot"; !isFile(binary) {
			t.Skip("dovecot is not installed (Debian: dovecot-core dovecot-imapd dovecot-lmtpd)")
		}
	}
	d := &dovecot{imaps: freeAddress(t), lmtp: freeAddress(t), cert: newCertificate(t)}
	// t.TempDir cannot be entered by another user, which the server is when the tests run as root.
	if d.dir, err = os.MkdirTemp("", "guichet-dovecot-"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(d.dir) })
	d.configure(t)
	d.cmd = exec.Command(binary, "-F", "-c", d.path("dovecot.conf"))
	d.start(t)
	t.Cleanup(func() {
		d.stop()
		if t.Failed() {
			log, _ := os.ReadFile(d.path("dovecot.log"))
			t.Logf("dovecot's log ends:\n%s", tail(string(log), 5))
		}
	})
	return d
}

// path is a file of the server's folder.
func (d *dovecot) path(name ...string) string {
	return filepath.Join(append([]string{d.dir}, name...)...)
}

// maildir is the account's INBOX on disk.
func (d *dovecot) maildir(name ...string) string {
	return d.path(append([]string{"mail", account, "Maildir"}, name...)...)
}

// configure writes the server's files, owned by the user that it will run as.
func (d *dovecot) configure(t *testing.T) {
	t.Helper()
	owner, group := unprivileged(t)
	d.uid, _ = strconv.Atoi(owner.Uid)
	d.gid, _ = strconv.Atoi(group.Gid)

	var conf strings.Builder
	_, imapPort, _ := net.SplitHostPort(d.imaps)
	_, lmtpPort, _ := net.SplitHostPort(d.lmtp)
	if err := dovecotConf.Execute(&conf, map[string]string{
		"Dir": d.dir, "User": owner.Username, "Group": group.Name, "UID": owner.Uid, "GID": group.Gid,
		"IMAP": imapPort, "LMTP": lmtpPort,
	}); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"dovecot.conf": []byte(conf.String()),
		"users":        []byte(account + ":{PLAIN}" + password + "\n"),
		"cert.pem":     d.cert.certPEM,
		"key.pem":      d.cert.keyPEM,
	} {
		if err := os.WriteFile(d.path(name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"cur", "new", "tmp"} {
		if err := os.MkdirAll(d.maildir(name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	d.own(t, d.dir)
}

// own gives all under root to the server's user.
func (d *dovecot) own(t *testing.T, root string) {
	t.Helper()
	if os.Geteuid() != 0 {
		return
	}
	err := filepath.WalkDir(root, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chown(path, d.uid, d.gid)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// start runs the server and returns once both its ports answer.
func (d *dovecot) start(t *testing.T) {
	t.Helper()
	d.cmd = exec.Command(d.cmd.Path, d.cmd.Args[1:]...)
	if os.Geteuid() == 0 {
		d.cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(d.uid), Gid: uint32(d.gid)}}
	}
	var talk logbook
	d.cmd.Stderr, d.cmd.Stdout, d.cmd.Dir = &talk, &talk, d.dir
	if err := d.cmd.Start(); err != nil {
		t.Fatalf("starting dovecot: %v", err)
	}
	await(t, 10*time.Second, "dovecot's ports answer", func(context.Context) error {
		for _, address := range []string{d.imaps, d.lmtp} {
			conn, err := net.DialTimeout("tcp", address, time.Second)
			if err != nil {
				return fmt.Errorf("%w %s", err, talk.String())
			}
			conn.Close()
		}
		return nil
	})
}

// stop ends the server and its children; start runs it again on the same mailbox and ports.
func (d *dovecot) stop() {
	if d.cmd.ProcessState == nil {
		d.cmd.Process.Signal(syscall.SIGTERM)
		d.cmd.Wait()
	}
}

// renumber makes the server forget the INBOX's UIDs, so that its UIDVALIDITY changes. The server must be
// stopped.
func (d *dovecot) renumber(t *testing.T) {
	t.Helper()
	for _, pattern := range []string{"dovecot-uidlist*", "dovecot.index*", "dovecot.list.index*"} {
		files, err := filepath.Glob(d.maildir(pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if err := os.Remove(f); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// drop puts a message straight into the INBOX's folder on disk, as one that reached the server at the
// given time and was read by somebody.
func (d *dovecot) drop(t *testing.T, n int, raw []byte, at time.Time) {
	t.Helper()
	name := fmt.Sprintf("%d.M%dP1.localhost,S=%d:2,S", at.Unix(), n, len(raw))
	file := d.maildir("cur", name)
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(file, at, at); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() == 0 {
		if err := os.Chown(file, d.uid, d.gid); err != nil {
			t.Fatal(err)
		}
	}
}

// unprivileged is the user that servers run as: nobody when the tests are run by root, else ourselves.
func unprivileged(t *testing.T) (*user.User, *user.Group) {
	t.Helper()
	u, err := user.Current()
	if err == nil && u.Uid == "0" {
		u, err = user.Lookup("nobody")
	}
	if err != nil {
		t.Skipf("no unprivileged user to run dovecot: %v", err)
	}
	g, err := user.LookupGroupId(u.Gid)
	if err != nil {
		t.Skipf("no unprivileged group to run dovecot: %v", err)
	}
	return u, g
}

// freeAddress is a loopback address that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// dovecotConf needs nothing of the machine but Dovecot's own programs: no system user, no log daemon.
var dovecotConf = template.Must(template.New("dovecot.conf").Parse(`
base_dir = {{.Dir}}/run
state_dir = {{.Dir}}/run
log_path = {{.Dir}}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
default_internal_user = {{.User}}
default_internal_group = {{.Group}}
default_login_user = {{.User}}
first_valid_uid = 1
first_valid_gid = 1
ssl = yes
ssl_cert = <{{.Dir}}/cert.pem
ssl_key = <{{.Dir}}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:~/Maildir
mail_max_userip_connections = 100
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {{.Dir}}/users
}
userdb {
  driver = static
  args = uid={{.UID}} gid={{.GID}} home={{.Dir}}/mail/%u allow_all_users=yes
}
namespace inbox {
  inbox = yes
  separator = /
  mailbox Sent {
    special_use = \Sent
    auto = create
  }
  mailbox Drafts {
    special_use = \Drafts
    auto = create
  }
  mailbox Junk {
    special_use = \Junk
    auto = create
  }
}
service imap-login {
  chroot =
  inet_listener imap {
    port = 0
  }
  inet_listener imaps {
    port = {{.IMAP}}
    ssl = yes
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = {{.LMTP}}
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
`))
