package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
	"time"
)

// kept is what a token file holds. The names are those of golang.org/x/oauth2, whose files other programs write too:
// one with nothing but a refresh_token is enough.
type kept struct {
	ClientID     string    `json:"client_id,omitempty"` // of the application that signed in
	RefreshToken string    `json:"refresh_token"`
	AccessToken  string    `json:"access_token,omitempty"`
	Expiry       time.Time `json:"expiry,omitzero"` // of the access token
	Given        time.Time `json:"given,omitzero"`
	SignInEnds   time.Time `json:"sign_in_ends,omitzero"`
}

// maxFile bounds a token file.
const maxFile = 4 * maxToken

const (
	lockWait  = 50 * time.Millisecond // between two tries for a lock that somebody holds
	lockLimit = time.Minute           // until he is given up
)

var errHeld = errors.New("another program holds it")

// locked opens a token file and keeps every other Source, in this program or another, from it until the file is
// closed. The kernel unlocks it too, however the process ends.
func locked(ctx context.Context, path string) (*os.File, error) {
	limit := time.After(lockLimit)
	for {
		f, err := open(path)
		if err != nil {
			return nil, err
		}
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil && stillAt(path, f) {
			return f, nil
		}
		_ = f.Close()
		if err != nil && !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fileError(err, "")
		}
		if err == nil {
			continue // whoever held it has put a new file in its place
		}
		e := &Error{Kind: KindPassing, Doing: "locking oauth_token_file"}
		select {
		case <-time.After(lockWait):
			continue
		case <-ctx.Done():
			e.Err = context.Cause(ctx)
		case <-limit:
			e.Err = errHeld
		}
		return nil, e
	}
}

// stillAt reports whether f is the file that has the name.
func stillAt(path string, f *os.File) bool {
	named, err1 := os.Stat(path)
	opened, err2 := f.Stat()
	return err1 == nil && err2 == nil && os.SameFile(named, opened)
}

// open opens a token file, and refuses one that others than its owner may read.
func open(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) // a named pipe must not hold us
	if errors.Is(err, fs.ErrNotExist) {
		e := fileError(err, hintSignIn)
		e.Kind = KindSignIn
		return nil, e
	}
	if err != nil {
		return nil, fileError(err, "guichet must be able to read and write it")
	}
	info, err := f.Stat()
	var wrong *Error
	switch {
	case err != nil:
		wrong = fileError(err, "")
	case !info.Mode().IsRegular():
		wrong = fileError(fmt.Errorf("%s is not a file", path), "")
	case info.Mode().Perm()&0o077 != 0:
		wrong = fileError(fmt.Errorf("%s may be read by others (mode %04o)", path, info.Mode().Perm()), "chmod 600 "+path)
	}
	if wrong != nil {
		_ = f.Close()
		return nil, wrong
	}
	return f, nil
}

// read reads an open token file. What is wrong in it is not quoted: it may be a token.
func read(f *os.File) (kept, error) {
	var k kept
	data, err := io.ReadAll(io.NewSectionReader(f, 0, maxFile+1))
	switch {
	case err != nil:
		return k, fileError(err, "")
	case len(data) > maxFile || json.Unmarshal(data, &k) != nil || !readable(k.RefreshToken) || !readable(k.AccessToken):
		return kept{}, fileError(errors.New("it holds something else than tokens"), hintSignIn)
	case k.RefreshToken == "":
		e := fileError(errors.New("it holds no refresh token"), hintSignIn)
		e.Kind = KindSignIn
		return kept{}, e
	}
	return k, nil
}

func fileError(err error, hint string) *Error {
	return &Error{Kind: KindFile, Doing: "reading oauth_token_file", Err: err, Hint: hint}
}
