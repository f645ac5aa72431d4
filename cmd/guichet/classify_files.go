package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"guichetdunumerique.be/guichet/intake/message"
)

// maxMailBytes bounds what is read of one mail. Servers refuse larger ones.
const maxMailBytes = 64 << 20

// mailFile is one mail as it was found.
type mailFile struct {
	name  string // of the file, for a further mail of an mbox with its number
	bytes []byte // all of it, or its first maxMailBytes
	size  int64
}

// errStop ends the reading of an mbox whose mails nobody wants any more.
var errStop = errors.New("stop")

// readMails reads the mails that an argument names: a file, an mbox, a folder of them, or "-". An error
// comes with the name it is about; the sequence then goes on with the next file.
func readMails(arg string, stdin io.Reader) iter.Seq2[mailFile, error] {
	return func(yield func(mailFile, error) bool) {
		if arg == "-" {
			readMail("-", stdin, yield)
			return
		}
		info, err := os.Stat(arg)
		switch {
		case err != nil:
			yield(mailFile{name: arg}, fmt.Errorf("reading mail: %w", err))
		case info.IsDir():
			readFolder(arg, yield)
		default:
			readPath(arg, yield)
		}
	}
}

// readFolder reads the files of a folder and of the folders in it, in the order of their names; of a
// Maildir those that hold mails.
func readFolder(dir string, yield func(mailFile, error) bool) bool {
	found := 0
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			found++
			if !yield(mailFile{name: path}, fmt.Errorf("reading mail: %w", err)) {
				return fs.SkipAll
			}
		case e.IsDir() && path != dir && !holdsMails(path):
			return fs.SkipDir
		case e.Type().IsRegular() && !strings.HasPrefix(e.Name(), ".") && !besideMaildir(path):
			found++
			if !readPath(path, yield) {
				return fs.SkipAll
			}
		}
		return nil
	})
	if err == nil && found == 0 {
		err = fmt.Errorf("the directory %s holds no mail", dir)
		return yield(mailFile{name: dir}, err)
	}
	return true
}

// holdsMails reports whether a folder inside of another may hold mails: not the unfinished deliveries of a
// Maildir.
func holdsMails(dir string) bool {
	return filepath.Base(dir) != "tmp" || !isMaildir(filepath.Dir(dir))
}

// besideMaildir reports whether a file is one that servers keep at the top of a Maildir.
func besideMaildir(path string) bool { return isMaildir(filepath.Dir(path)) }

func isMaildir(dir string) bool {
	for _, name := range []string{"cur", "new"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || !info.IsDir() {
			return false
		}
	}
	return true
}

// readPath reads the mails of one file.
func readPath(path string, yield func(mailFile, error) bool) bool {
	f, err := os.Open(path)
	if err != nil {
		return yield(mailFile{name: path}, fmt.Errorf("reading mail: %w", err))
	}
	defer f.Close()
	return readMail(path, f, yield)
}

// readMail reads an mbox or a single mail.
func readMail(name string, r io.Reader, yield func(mailFile, error) bool) bool {
	in := bufio.NewReaderSize(r, 64<<10)
	head, err := in.Peek(4 << 10)
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		return yield(mailFile{name: name}, fmt.Errorf("reading mail: %w", err))
	case len(head) == 0:
		return yield(mailFile{name: name}, fmt.Errorf("%s is empty", name))
	case message.IsMbox(head):
		return readMbox(name, in, yield)
	}
	raw, err := io.ReadAll(io.LimitReader(in, maxMailBytes))
	if err != nil {
		return yield(mailFile{name: name}, fmt.Errorf("reading %s: %w", name, err))
	}
	rest, err := io.Copy(io.Discard, in)
	if err != nil {
		return yield(mailFile{name: name}, fmt.Errorf("reading %s: %w", name, err))
	}
	return yield(mailFile{name: name, bytes: raw, size: int64(len(raw)) + rest}, nil)
}

// readMbox reads the mails of an mbox, one at a time.
func readMbox(name string, in io.Reader, yield func(mailFile, error) bool) bool {
	n := 0
	err := message.ReadMbox(in, maxMailBytes, func(raw []byte) error {
		n++
		mail := mailFile{name: name, bytes: raw, size: int64(len(raw))}
		if n > 1 {
			mail.name = fmt.Sprintf("%s#%d", name, n)
		}
		if len(raw) == maxMailBytes {
			mail.size++ // the rest was left out
		}
		if !yield(mail, nil) {
			return errStop
		}
		return nil
	})
	switch {
	case errors.Is(err, errStop):
		return false
	case err != nil:
		return yield(mailFile{name: name}, fmt.Errorf("reading %s: %w", name, err))
	}
	return true
}
