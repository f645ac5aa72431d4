package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// BackUp writes a whole copy of the database while it is in use, readable by its owner alone. It bears its name only
// once it is complete and on the disk. A file of that name is never replaced: the error is then fs.ErrExist.
func (s *Store) BackUp(ctx context.Context, path string) error {
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("writing the backup %s: %w", path, fs.ErrExist)
	}
	if err := copyTo(ctx, s.write, path); err != nil {
		return fmt.Errorf("writing the backup %s: %w", path, explain(err))
	}
	return nil
}

// copyTo writes a whole copy of the database behind db, which must be open for writing (VACUUM asks for that), in the place
// of a file of that name.
func copyTo(ctx context.Context, db *sql.DB, path string) error {
	unfinished := path + ".unfinished"
	if err := os.Remove(unfinished); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(unfinished, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600) // SQLite fills an empty file and keeps its mode
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := db.ExecContext(ctx, "VACUUM INTO ?1", unfinished); err != nil {
		return errors.Join(err, os.Remove(unfinished))
	}
	return errors.Join(f.Sync(), f.Close(), rename(unfinished, path))
}

// rename moves a file and makes sure that the folder remembers it.
func rename(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(to))
	if err != nil {
		return err
	}
	defer dir.Close()
	return dir.Sync()
}

// Restore puts a backup into the place of the database of c. The backup is proven first, on a copy of it, and brought
// up to date. What may have happened since it was made is respected: whoever was erased stays erased, and a mail
// that was waiting is not sent, since it may have left. The database that was there is kept beside, under the name
// that is returned ("" when there was none). ErrLocked means that a daemon has it open.
func Restore(ctx context.Context, c Config, backup string) (kept string, err error) {
	path, err := filepath.Abs(c.Path)
	if err != nil {
		return "", err
	}
	held, err := claim(path + ".lock")
	if err != nil {
		return "", fmt.Errorf("restoring into %s: %w", c.Path, err)
	}
	defer held.Close()
	fresh := path + restoring
	defer clearAway(fresh)
	if err := prepare(ctx, c, backup, fresh, path); err != nil {
		return "", fmt.Errorf("restoring %s: %w", backup, err)
	}
	if _, err := os.Stat(path); err == nil {
		kept = fmt.Sprintf("%s%s%s", path, replaced, c.Now().UTC().Format("20060102T150405Z"))
		if err := setAside(ctx, c, path, kept); err != nil {
			return "", fmt.Errorf("setting %s aside: %w", c.Path, err)
		}
	}
	if err := rename(fresh, path); err != nil {
		return kept, fmt.Errorf("putting the backup into the place of %s: %w", c.Path, err)
	}
	return kept, nil
}

// prepare makes a copy of the backup that is fit to be the database at path.
func prepare(ctx context.Context, c Config, backup, fresh, path string) error {
	clearAway(fresh)
	if err := copyFile(backup, fresh); err != nil {
		return err
	}
	s, err := Open(ctx, Config{Path: fresh, Now: c.Now, Log: c.Log})
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.Check(ctx); err != nil {
		return err
	}
	erased, err := erasures(ctx, c, path)
	if err != nil {
		c.Log.Warn("the database that is replaced cannot be read: who was erased since the backup comes back with it, erase them again", "err", err)
	}
	if err := s.Update(ctx, func(tx *Tx) error { return tx.resume(erased) }); err != nil {
		return err
	}
	if err := s.Scrub(ctx); err != nil {
		return err
	}
	return s.Close()
}

// resume makes what a backup holds safe to go on from.
func (tx *Tx) resume(e erasure) error {
	if err := tx.eraseAgain(e); err != nil {
		return err
	}
	_, err := tx.exec("UPDATE outgoing SET state = $1, done = $2, payload = '', last_error = 'may have left before the backup was restored' WHERE state IN ($3, $4)",
		string(OutUnknown), written(tx.Now), string(OutQueued), string(OutSending))
	if err != nil {
		return err
	}
	return tx.SetMoment(MomentRestored, tx.Now)
}

// setAside writes a whole copy of the database under another name, and takes it away. One that cannot be read is kept
// as it lies.
func setAside(ctx context.Context, c Config, path, kept string) error {
	s := Store{path: path, now: c.Now, log: c.Log, wait: usualWait}
	defer s.Close()
	err := s.openWriter()
	if err == nil {
		err = copyTo(ctx, s.write, kept)
	}
	if err != nil {
		for _, end := range []string{"-wal", "-shm", ""} {
			_ = os.Chtimes(path+end, c.Now(), c.Now()) // for how long it is kept counts from now: see DropCopies
			if err := rename(path+end, kept+end); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
		return nil
	}
	if err := s.Close(); err != nil {
		return err
	}
	removeDatabase(path)
	return nil
}

// removeDatabase takes a database away with the files beside it.
func removeDatabase(path string) {
	for _, name := range []string{path, path + "-wal", path + "-shm"} {
		_ = os.Remove(name) // what is left over is in nobody's way
	}
}

// clearAway takes away all that a restoring makes for its own use, such as the copy before a change of the tables.
func clearAway(fresh string) {
	removeDatabase(fresh)
	_ = os.Remove(fresh + ".lock")
	if copies, err := copiesOf(fresh); err == nil {
		for _, name := range copies {
			_ = os.Remove(name)
		}
	}
}

// copyFile copies a file into a new one that its owner alone can read.
func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}
