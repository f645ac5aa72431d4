//go:build e2e

package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestWhatIsWrongIsSaidInASentence gives the program what it cannot work with. Each time it must end with
// the right code and say on standard error what is wrong and where.
func TestWhatIsWrongIsSaidInASentence(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	other := newCertificate(t)
	d.write(t, "other.pem", other.certPEM)
	d.write(t, "wrong", []byte("not the password\n"))
	d.write(t, "empty", nil)
	d.write(t, "noise", []byte("\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00"))
	nobody := freeAddress(t)

	faults := []struct {
		name                string
		section, key, value string   // what is changed in a good config
		says                []string // all of these, as regular expressions without regard to case
	}{
		{"a wrong mailbox password", "imap", "password_file", quoted(d.path("wrong")), []string{`imap`, `log ?in|password|refused|authentication`, d.mailbox.imaps}},
		{"a wrong mail server", "imap", "server", quoted(nobody), []string{`imap`, nobody, `refused|connect`}},
		{"a name that is no host", "imap", "server", `"mail.invalid:993"`, []string{`imap`, `mail\.invalid`}},
		{"a server without a port", "imap", "server", `"mail.invalid:port"`, []string{`server`, `port`}},
		{"a certificate nobody vouches for", "imap", "ca_file", quoted(d.path("other.pem")), []string{`imap`, `certificate`, d.mailbox.imaps}},
		{"a certificate file that holds none", "imap", "ca_file", quoted(d.path("noise")), []string{`ca_file|certificate`, `noise`}},
		{"a password file that is not there", "imap", "password_file", quoted(d.path("absent")), []string{`password_file`, `absent`, `no such file`}},
		{"a folder that is not there", "imap", "folders", `["INBOX", "Absent"]`, []string{`folder`, `"?Absent`}},
		{"a security nobody knows", "imap", "security", `"ssl"`, []string{`security`, `ssl`, `tls`}},
		{"a key nobody knows", "imap", "sevrer", `"x"`, []string{`guichet\.toml`, `sevrer`, `server`, `\b\d+\b`}},
		{"a section nobody knows", "imapp", "server", `"x"`, []string{`guichet\.toml`, `imapp`}},
		{"a value of the wrong kind", "staff", "addresses", `3`, []string{`guichet\.toml`, `addresses`}},
		{"a time zone nobody knows", "desk", "timezone", `"Europe/Bruxelles"`, []string{`timezone`, `Europe/Bruxelles`}},
		{"a language nobody speaks here", "desk", "languages", `["fr", "it"]`, []string{`languages`, `it`}},
		{"an address that is none", "desk", "address", `"info"`, []string{`address`}},
		{"a store in a folder that is not there", "store", "url", quoted(d.path("absent/guichet.db")), []string{`store|database`, `absent`}},
		{"a store that is no database", "store", "url", quoted(d.path("noise")), []string{`store|database`, `noise`, `damaged|not a database`}},
	}
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) {
			old, had := d.keys[f.section][f.key]
			d.set(t, f.section, f.key, f.value)
			defer func() {
				if had {
					d.set(t, f.section, f.key, old)
					return
				}
				if delete(d.keys[f.section], f.key); len(d.keys[f.section]) == 0 {
					delete(d.keys, f.section)
				}
				d.configure(t)
			}()
			r := d.guichet(t, "once")
			complains(t, r, 1, f.says)
		})
	}
	if r := d.guichet(t, "once"); r.code != 0 {
		t.Errorf("the good config ends with %d:\n%s", r.code, r.err)
	}
}

func TestAWrongCommandLineIsExplained(t *testing.T) {
	t.Parallel()
	d := &desk{dir: t.TempDir(), keys: map[string]map[string]string{}}
	d.write(t, "empty.toml", nil)
	d.write(t, "mail.toml", request(1).raw)
	d.write(t, "noise", []byte("\x7fELF\x02\x01\x01\x00\x00"))
	calls := []struct {
		name string
		args []string
		code int
		says []string
	}{
		{"no such command", []string{"rnu"}, 2, []string{`rnu`}},
		{"no such flag", []string{"once", "--fast"}, 2, []string{`fast`}},
		{"no such config", []string{"once", "-c", "absent.toml"}, 1, []string{`absent\.toml`, `no such file`}},
		{"a folder for a config", []string{"once", "-c", "."}, 1, []string{`directory`}},
		{"a mail for a config", []string{"once", "-c", "mail.toml"}, 1, []string{`mail\.toml`, `\b1\b`}},
		{"noise for a config", []string{"once", "-c", "noise"}, 1, []string{`noise`}},
		{"an empty config", []string{"once", "-c", "empty.toml"}, 1, []string{`empty\.toml`, `imap`}},
		{"no case named", []string{"case"}, 2, []string{`case|arg`}},
		{"no date", []string{"deadline", "31/01/2026"}, 1, []string{`31/01/2026`}},
		{"no such day", []string{"deadline", "2026-02-30"}, 1, []string{`2026-02-30`}},
		{"no such mail", []string{"classify", "absent.eml"}, 1, []string{`absent\.eml`, `no such file`}},
		{"noise for a mail", []string{"classify", "noise"}, 1, []string{`noise`}},
		{"nothing for a mail", []string{"classify", "empty.toml"}, 1, []string{`empty\.toml`}},
	}
	for _, c := range calls {
		t.Run(c.name, func(t *testing.T) {
			complains(t, runIn(t, d.dir, c.args...), c.code, c.says)
		})
	}
}

func TestAnUnreadableMailDoesNotStopTheOthers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	good := filepath.Join(dir, "good.eml")
	if err := os.WriteFile(good, request(0).raw, 0o600); err != nil {
		t.Fatal(err)
	}
	r := runIn(t, dir, "classify", "--json", "absent.eml", good)
	if r.code != 1 {
		t.Errorf("ended with %d, want 1", r.code)
	}
	lines := strings.Split(strings.TrimSpace(r.out), "\n")
	if len(lines) != 2 || !strings.Contains(lines[0], `"error"`) || !strings.Contains(lines[1], `"access"`) {
		t.Errorf("want an error and a verdict, got:\n%s", r.out)
	}
}

// complains checks the exit code and what is said on standard error, and that it is said to a person: in
// few lines, without a trace of the program's inside.
func complains(t *testing.T, r result, code int, says []string) {
	t.Helper()
	if r.code != code {
		t.Errorf("ended with %d, want %d", r.code, code)
	}
	for _, s := range says {
		if !regexp.MustCompile("(?i)" + s).MatchString(r.err) {
			t.Errorf("standard error does not speak of %q", s)
		}
	}
	if regexp.MustCompile(`panic:|goroutine \d|\.go:\d+|%!|<nil>|0x[0-9a-f]{6}`).MatchString(r.err) {
		t.Error("standard error shows the program's inside")
	}
	if n := strings.Count(strings.TrimSpace(r.err), "\n") + 1; n > 12 {
		t.Errorf("%d lines where a sentence would do", n)
	}
	if t.Failed() {
		t.Logf("standard output:\n%s\nstandard error:\n%s", tail(r.out, 10), tail(r.err, 20))
	}
}
