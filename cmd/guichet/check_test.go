package main

import (
	"bufio"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"guichetdunumerique.be/guichet/internal/mailtest"
)

func TestCheckFindsASoundSetupSound(t *testing.T) {
	b := newOldMailbox(t)
	b.lay("INBOX", 1, "jan@post.example", "jan.1@post.example", "", asksNothing)
	if code := b.guichet("check", "-c", b.file(defaultConfig)); code != 0 {
		t.Fatalf("check ended with %d:\n%s%s", code, b.out.String(), b.talk.String())
	}
	for _, want := range []string{"ok     config", "ok     rules", "ok     imap", "ok     folder        INBOX, 1 message", "ok     smtp", "will be made by the first run"} {
		if !strings.Contains(b.out.String(), want) {
			t.Errorf("no %q in\n%s", want, b.out.String())
		}
	}
	if mails := b.smtp.Received(); len(mails) > 0 {
		t.Errorf("%d mails were sent", len(mails))
	}
}

func TestCheckSaysWhatIsWrongAndHowToMendIt(t *testing.T) {
	for _, tt := range []struct {
		name  string
		spoil func(b *oldMailbox)
		says  []string
	}{
		{"a wrong password", func(b *oldMailbox) { b.must(os.WriteFile(b.file("password"), []byte("wrong"), 0o600)) }, []string{"WRONG  imap", "WRONG  smtp"}},
		{"a password that others can read", func(b *oldMailbox) { b.must(os.Chmod(b.file("password"), 0o644)) }, []string{"WRONG  imap", "chmod 600"}},
		{"a certificate nobody vouches for", func(b *oldMailbox) {
			other, err := mailtest.NewCertificate()
			b.must(err)
			b.must(other.WriteFile(b.file("ca.pem")))
		}, []string{"WRONG  imap", "WRONG  smtp"}},
		{"a database that is none", func(b *oldMailbox) {
			b.must(os.WriteFile(b.file("guichet.db"), []byte("letters to nobody, long enough to be no header"), 0o600))
		}, []string{"WRONG  database", "restore a backup"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := newOldMailbox(t)
			tt.spoil(b)
			if code := b.guichet("check", "-c", b.file(defaultConfig)); code != exitFailed {
				t.Errorf("ended with %d", code)
			}
			for _, want := range tt.says {
				if !strings.Contains(b.out.String(), want) {
					t.Errorf("no %q in\n%s", want, b.out.String())
				}
			}
			if strings.Contains(b.out.String(), demoPassword) {
				t.Error("the password is shown")
			}
		})
	}
}

// exposed is a line of Prometheus's text format, version 0.0.4.
var exposed = regexp.MustCompile(`^[a-z_]+(\{[a-z]+="([^"\\]|\\.)*"(,[a-z]+="([^"\\]|\\.)*")*\})? -?[0-9.e+-]+$`)

func TestMonitoringTellsHowTheDeskDoes(t *testing.T) {
	b := newOldMailbox(t)
	b.lay("INBOX", 1, "zoe@post.example", "zoe.1@post.example", "", asksErasure)
	if code := b.guichet("once", "-c", b.file(defaultConfig)); code != 0 {
		t.Fatal(b.talk.String())
	}
	b.lay("INBOX", 0, "zoe@post.example", "zoe.2@post.example", "", asksErasure)
	if code := b.guichet("once", "-c", b.file(defaultConfig)); code != 0 {
		t.Fatal(b.talk.String())
	}
	c, err := loadConfig(b.file(defaultConfig), environment{getenv: os.Getenv})
	b.must(err)
	o, err := openOffice(t.Context(), &c, environment{stderr: io.Discard, getenv: os.Getenv, now: func() time.Time { return b.now }})
	b.must(err)
	defer o.Close()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	b.must(err)
	address := free.Addr().String()
	b.must(free.Close())
	b.must(serveProbe(t.Context(), address, []*office{o}, o.log))
	b.lay("INBOX", 0, "zoe@post.example", "zoe.3@post.example", "", asksErasure)
	b.must(o.mailbox.Once(t.Context()))

	get := func(path string) (int, string) {
		t.Helper()
		answer, err := http.Get("http://" + address + path)
		b.must(err)
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		b.must(err)
		return answer.StatusCode, string(body)
	}
	code, text := get("/metrics")
	lines := bufio.NewScanner(strings.NewReader(text))
	typed := map[string]bool{}
	for lines.Scan() {
		if name, found := strings.CutPrefix(lines.Text(), "# TYPE "); found {
			name, _, _ = strings.Cut(name, " ")
			if typed[name] {
				t.Errorf("%s is declared twice", name)
			}
			typed[name] = true
			continue
		}
		if !strings.HasPrefix(lines.Text(), "# HELP ") && !exposed.MatchString(lines.Text()) {
			t.Errorf("no sample: %q", lines.Text())
		}
	}
	for _, want := range []string{`guichet_well{desk="GDN"} 1`, `guichet_messages{desk="GDN",fate="case"} 1`, `guichet_cases{desk="GDN",status="open"} 1`, "guichet_folder_checked_seconds", "guichet_next_due_seconds",
		"# TYPE guichet_classify_seconds histogram", `guichet_classify_seconds_bucket{desk="GDN",le="+Inf"} 1`, `guichet_classify_seconds_count{desk="GDN"} 1`} {
		if code != 200 || !strings.Contains(text, want) {
			t.Errorf("%d, no %q in\n%s", code, want, text)
		}
	}
	if strings.Contains(text, "zoe") {
		t.Error("the metrics name a person")
	}
	if code, text := get("/healthz"); code != 200 || !strings.Contains(text, `"well":true`) {
		t.Errorf("healthz: %d %s", code, text)
	}
	b.now = time.Now().Add(3 * time.Hour) // looks are dated by the clock on the wall
	var r map[string]conditionReport
	code, text = get("/healthz")
	if b.must(json.Unmarshal([]byte(text), &r)); code != 503 || r["GDN"].Well || r["GDN"].Trouble[0].Kind != "silent" {
		t.Errorf("healthz after three hours without a look: %d %s", code, text)
	}
	_, text = get("/metrics")
	checkMonitoringGuide(t, text)
	if answer, err := http.Post("http://"+address+"/metrics", "text/plain", strings.NewReader("x")); err != nil || answer.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("POST: %v, %v", answer, err)
	}
}

func TestSystemdIsToldThatTheServiceIsUp(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notify")
	socket, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	env := map[string]string{"NOTIFY_SOCKET": path, "WATCHDOG_USEC": "20000"}
	n := newNotifier(func(key string) string { return env[key] }, newLogger(io.Discard, logConfig{}))
	n.tell("READY=1")
	go n.watch(t.Context(), nil)
	got := make([]byte, 100)
	for _, want := range []string{"READY=1", "WATCHDOG=1", "WATCHDOG=1"} {
		size, err := socket.Read(got)
		if err != nil || string(got[:size]) != want {
			t.Errorf("told %q, %v; want %q", got[:size], err, want)
		}
	}
	newNotifier(func(string) string { return "" }, nil).tell("READY=1") // without systemd: nothing
}
