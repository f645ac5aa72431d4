package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// secret is a password. However it is printed, logged or encoded, it shows three stars.
type secret struct{ value string }

const stars = "***"

func (secret) String() string               { return stars }
func (secret) GoString() string             { return stars }
func (secret) LogValue() slog.Value         { return slog.StringValue(stars) }
func (secret) MarshalText() ([]byte, error) { return []byte(stars), nil }

// reveal is the password itself, for a login.
func (s secret) reveal() string { return s.value }

// maxSecret bounds a password. Access tokens have a few kilobytes.
const maxSecret = 64 << 10

// errNoSource is returned where nothing says where a secret comes from.
var errNoSource = errors.New("nothing says where")

// secretSource is where a password, or another secret, comes from: one of a file, a command, a variable of the environment or,
// where none of them is set, a credential that systemd hands over (LoadCredential=).
type secretSource struct {
	key        string // section of the config, for errors
	name       string // of its keys, without _file, _command and _env
	file       string
	command    []string
	variable   string
	credential string // name of the file in $CREDENTIALS_DIRECTORY
	otherwise  *secretSource

	env     func(string) string
	timeout time.Duration // of command
}

// noun is what the source gives, for errors.
func (s secretSource) noun() string { return s.name[strings.LastIndexByte(s.name, '_')+1:] }

// set reports whether the config names a source.
func (s secretSource) set() bool { return s.file != "" || len(s.command) > 0 || s.variable != "" }

// Read gets the secret. It is asked anew at every login, so that a changed one needs no restart.
func (s secretSource) Read(ctx context.Context) (secret, error) {
	switch {
	case s.file != "":
		return s.trimmed(s.name+"_file", func() ([]byte, error) { return readSecretFile(s.file, true) })
	case len(s.command) > 0:
		return s.trimmed(s.name+"_command", func() ([]byte, error) { return s.runCommand(ctx) })
	case s.variable != "":
		return s.trimmed(s.name+"_env", func() ([]byte, error) { return []byte(s.env(s.variable)), nil })
	}
	if dir := s.env("CREDENTIALS_DIRECTORY"); dir != "" {
		// systemd keeps these files in memory and shows them to the service alone, whatever their mode says.
		found, err := s.trimmed("credential "+s.credential, func() ([]byte, error) {
			return readSecretFile(filepath.Join(dir, s.credential), false)
		})
		if !errors.Is(err, os.ErrNotExist) {
			return found, err
		}
	}
	if s.otherwise != nil {
		return s.otherwise.Read(ctx)
	}
	return secret{}, withHint(fmt.Errorf("%s: %w the %s is", s.key, errNoSource, s.noun()),
		"set %[1]s.%[2]s_file, %[2]s_command or %[2]s_env, or give the service LoadCredential=%[3]s:FILE", s.key, s.name, s.credential)
}

// trimmed takes one line end off what read gives, as editors and echo add it. What is left must be one line.
func (s secretSource) trimmed(key string, read func() ([]byte, error)) (secret, error) {
	data, err := read()
	switch {
	case err != nil:
		return secret{}, fmt.Errorf("%s.%s: %w", s.key, key, err)
	case len(data) > maxSecret:
		return secret{}, fmt.Errorf("%s.%s: too long for a %s", s.key, key, s.noun())
	}
	data = bytes.TrimSuffix(bytes.TrimSuffix(data, []byte("\n")), []byte("\r"))
	switch {
	case len(data) == 0:
		return secret{}, fmt.Errorf("%s.%s: the %s is empty", s.key, key, s.noun())
	case bytes.ContainsAny(data, "\r\n\x00"):
		return secret{}, fmt.Errorf("%s.%s: more than one line, and a %s has one", s.key, key, s.noun())
	}
	return secret{string(data)}, nil
}

// readSecretFile reads a file, and refuses one that others than its owner may read, where private is asked.
func readSecretFile(path string, private bool) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a file", path)
	case private && info.Mode().Perm()&0o077 != 0:
		return nil, withHint(fmt.Errorf("%s may be read by others (mode %04o)", path, info.Mode().Perm()), "chmod 600 %s", path)
	}
	return io.ReadAll(io.LimitReader(f, maxSecret+1))
}

// runCommand runs the command, without a shell, and takes what it writes. Its standard error is dropped:
// it may repeat the secret.
func (s secretSource) runCommand(ctx context.Context) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, s.command[0], s.command[1:]...)
	cmd.WaitDelay = time.Second // a child that keeps the pipe open must not keep us
	out := &bounded{most: maxSecret + 1}
	cmd.Stdout = out
	err := cmd.Run()
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return nil, fmt.Errorf("%s gave no %s within %v", s.command[0], s.noun(), s.timeout)
	case err != nil:
		return nil, withHint(fmt.Errorf("running %s: %w", s.command[0], err), "run it by hand as the user that guichet runs as")
	}
	return out.data, nil
}

// bounded keeps the first bytes of what is written to it.
type bounded struct {
	data []byte
	most int
}

func (b *bounded) Write(p []byte) (int, error) {
	b.data = append(b.data, p[:min(len(p), b.most-len(b.data))]...)
	return len(p), nil
}
