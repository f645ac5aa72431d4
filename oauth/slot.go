package oauth

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// slot is a place beside the token file for its next content. It is made, and its space taken, before the provider is
// asked: a full disk must not cost the only valid token.
type slot struct {
	path string
	next *os.File
}

// reserve makes a slot, in place of one that a crash has left. The caller must release it.
func reserve(path string) (*slot, error) {
	name := path + ".new"
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, unkeepable(err)
	}
	next, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, unkeepable(err)
	}
	s := &slot{path, next}
	_, err = next.Write(bytes.Repeat([]byte(" "), maxFile))
	if err = errors.Join(err, next.Sync()); err != nil {
		s.release()
		return nil, unkeepable(err)
	}
	return s, nil
}

// put makes k the content of the token file: whoever reads it, even after a loss of power, finds the old content or
// the new.
func (s *slot) put(k kept) error {
	data, err := json.MarshalIndent(k, "", "  ")
	if err == nil {
		_, err = s.next.WriteAt(append(data, '\n'), 0)
	}
	if err == nil {
		err = s.next.Truncate(int64(len(data)) + 1)
	}
	if err == nil {
		err = s.next.Sync()
	}
	if err == nil {
		err = s.likeBefore()
	}
	if err == nil {
		err = os.Rename(s.next.Name(), s.path)
	}
	if err == nil {
		err = syncFolder(filepath.Dir(s.path))
	}
	if err != nil {
		return unkeepable(err)
	}
	return nil
}

// likeBefore leaves the file to its owner: an administrator who runs guichet once must not lock the service out.
func (s *slot) likeBefore() error {
	if os.Geteuid() != 0 {
		return nil // the old file was ours, too
	}
	info, err := os.Stat(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		info, err = os.Stat(filepath.Dir(s.path)) // a new file is for whom the folder is
	}
	if err != nil {
		return err
	}
	if owner, known := info.Sys().(*syscall.Stat_t); known {
		return s.next.Chown(int(owner.Uid), int(owner.Gid))
	}
	return nil
}

// release lets go of the slot. Once its content was put there is nothing left to remove.
func (s *slot) release() {
	_ = s.next.Close()
	_ = os.Remove(s.next.Name())
}

// syncFolder makes a renaming last.
func syncFolder(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func unkeepable(err error) error {
	return &Error{Kind: KindFile, Doing: "keeping the new tokens", Err: err,
		Hint: "guichet must be able to write oauth_token_file and the folder that it lies in"}
}
