package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

const password = "swordfish"

func TestASecretShowsStars(t *testing.T) {
	s := secret{password}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "secret", s, "inside", struct{ S secret }{s})
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "secret", s)
	encoded, err := json.Marshal(map[string]any{"s": s})
	if err != nil {
		t.Fatal(err)
	}
	shown := fmt.Sprint(s) + fmt.Sprintf("%v %+v %#v %q %s", s, s, s, s, &s) + log.String() + string(encoded)
	if strings.Contains(shown, password) || strings.Count(shown, stars) < 8 {
		t.Errorf("it shows: %s", shown)
	}
	if s.reveal() != password {
		t.Error("and nobody can log in with it")
	}
}

func TestAPasswordIsOneLineOfItsSource(t *testing.T) {
	for _, c := range []struct{ content, want, says string }{
		{password, password, ""},
		{password + "\n", password, ""},
		{password + "\r\n", password, ""},
		{" two words \n", " two words ", ""},
		{password + "\n\n", "", "more than one line"},
		{"one\ntwo", "", "more than one line"},
		{"", "", "empty"},
		{"\n", "", "empty"},
		{"a\x00b", "", "more than one line"},
		{strings.Repeat("x", maxSecret+1), "", "too long"},
	} {
		path := writeSecret(t, c.content, 0o600)
		got, err := secretSource{key: "imap", name: "password", file: path, env: noEnv}.Read(t.Context())
		if got.reveal() != c.want || c.says == "" && err != nil || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%.20q gives %.20q, %v; want %q, %q", c.content, got.reveal(), err, c.want, c.says)
		}
	}
}

func TestAFileThatOthersReadIsRefused(t *testing.T) {
	for _, mode := range []os.FileMode{0o640, 0o604, 0o644, 0o610} {
		path := writeSecret(t, password, mode)
		_, err := secretSource{key: "imap", name: "password", file: path, env: noEnv}.Read(t.Context())
		if err == nil || !strings.Contains(err.Error(), "may be read by others") || !slices.Contains(hints(err), "chmod 600 "+path) {
			t.Errorf("mode %o: %v, hints %q", mode, err, hints(err))
		}
	}
	if _, err := (secretSource{key: "imap", name: "password", file: t.TempDir(), env: noEnv}).Read(t.Context()); err == nil {
		t.Error("a folder is taken for a secret")
	}
}

func TestEachSourceGivesThePassword(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "smtp-password"), []byte("from systemd\n"), 0o440); err != nil {
		t.Fatal(err)
	}
	env := func(name string) string {
		return map[string]string{"SECRET": "from env", "CREDENTIALS_DIRECTORY": dir}[name]
	}
	otherwise := &secretSource{key: "imap", name: "password", variable: "SECRET", env: env}
	for _, c := range []struct {
		source     secretSource
		want, says string
	}{
		{secretSource{name: "password", file: writeSecret(t, "from file", 0o600)}, "from file", ""},
		{secretSource{name: "password", command: []string{"echo", "from command"}}, "from command", ""},
		{secretSource{name: "password", variable: "SECRET"}, "from env", ""},
		{secretSource{name: "password", variable: "ABSENT"}, "", "password_env: the password is empty"},
		{secretSource{name: "password", credential: "smtp-password"}, "from systemd", ""},
		{secretSource{name: "password", credential: "smtp-password", otherwise: otherwise}, "from systemd", ""},
		{secretSource{name: "password", credential: "imap-password", otherwise: otherwise}, "from env", ""},
		{secretSource{name: "password", credential: "imap-password"}, "", "nothing says where the password is"},
		{secretSource{name: "password", file: filepath.Join(dir, "absent"), credential: "smtp-password"}, "", "no such file"},
		{secretSource{name: "password", command: []string{"false"}}, "", "running false: exit status 1"},
		{secretSource{name: "password", command: []string{"/no/such/program"}}, "", "no such file"},
		{secretSource{name: "password", command: []string{"head", "-c", "100000", "/dev/zero"}}, "", "too long"},
	} {
		c.source.key, c.source.env, c.source.timeout = "imap", env, time.Minute
		got, err := c.source.Read(t.Context())
		if got.reveal() != c.want || c.says == "" && err != nil || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%+v gives %q, %v; want %q, %q", c.source, got.reveal(), err, c.want, c.says)
		}
	}
}

func TestACommandThatHangsIsEnded(t *testing.T) {
	s := secretSource{key: "imap", name: "password", command: []string{"sleep", "3600"}, env: noEnv, timeout: time.Millisecond}
	if _, err := s.Read(t.Context()); err == nil || !strings.Contains(err.Error(), "gave no password within 1ms") {
		t.Errorf("it ended with %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s.timeout = time.Hour
	if _, err := s.Read(ctx); err == nil {
		t.Error("a password came after the end")
	}
}

func TestWhatACommandWritesBesideStaysUnseen(t *testing.T) {
	s := secretSource{key: "imap", name: "password", command: []string{"sh", "-c", "echo " + password + " >&2; echo " + password + "; exit 3"}, env: noEnv, timeout: time.Minute}
	if _, err := s.Read(t.Context()); err == nil || strings.Contains(err.Error(), password) {
		t.Errorf("it says %v", err)
	}
}

func writeSecret(t *testing.T, content string, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestCertificatesOfAFileReplaceTheSystems(t *testing.T) {
	c := defaults(noEnv)
	s := server{Server: "mail.example.org:993", Security: "tls"}
	plain, err := c.tlsConfig("imap", s)
	if err != nil || plain.RootCAs != nil || plain.ServerName != "mail.example.org" {
		t.Errorf("without ca_file: %+v, %v", plain, err)
	}
	s.CAFile = writeSecret(t, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", 0o644)
	if _, err := c.tlsConfig("imap", s); err == nil || !strings.Contains(err.Error(), "holds no certificate") {
		t.Errorf("a broken certificate: %v", err)
	}
	s.CAFile = t.TempDir()
	if _, err := c.tlsConfig("imap", s); err == nil || !strings.Contains(err.Error(), "is not a file of certificates") {
		t.Errorf("a folder: %v", err)
	}
}
