package store

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// claim locks a file for as long as this process lives, so that two daemons never work on one database.
// The kernel lets go of the lock however the process ends.
func claim(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return f, nil
	}
	_ = f.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, fmt.Errorf("%w; another guichet runs with it: stop that one, or give this one its own store.url", ErrLocked)
	}
	return nil, fmt.Errorf("locking %s: %w", path, err)
}
