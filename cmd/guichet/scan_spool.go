package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"time"

	"guichetdunumerique.be/guichet/intake"
)

// A scan keeps what it found in a folder beside the database, which only its owner may read, until the report is
// written: after an interruption it goes on behind the last line, and it holds no more in memory than it must.
const (
	spoolFile   = "found.jsonl" // a header, then a line for each message
	scratchFile = "scratch.db"  // the store on which the desk's rules are played through
)

// maxSpoolLine is more than a finding can have.
const maxSpoolLine = 64 << 10

// spoolHeader says what the lines below are the result of.
type spoolHeader struct {
	Since string    `json:"since"`
	Setup string    `json:"setup"` // of the rules and of what else they judge by
	Began time.Time `json:"began"`
}

// spool is the file of findings.
type spool struct {
	header spoolHeader
	file   *os.File
	end    int64
	count  int                        // of findings in it
	left   map[string]intake.Position // of the last finding of each folder
}

// errOtherSetup means that a spool was made with other rules: its findings and new ones do not mix.
var errOtherSetup = withHint(errors.New("an earlier scan was interrupted, and the rules or the config have changed since"),
	"--again forgets what it found and starts anew")

// openSpool opens the spool in dir, or begins one.
func openSpool(dir string, want spoolHeader) (_ *spool, err error) {
	s := &spool{header: want, left: map[string]intake.Position{}}
	if s.file, err = os.OpenFile(filepath.Join(dir, spoolFile), os.O_RDWR|os.O_CREATE, 0o600); err != nil {
		return nil, err
	}
	if err = s.resume(want); err != nil {
		_ = s.file.Close() // the first error is told
		return nil, err
	}
	return s, nil
}

// resume finds out where an earlier scan was left. A last line that was being written is cut off.
func (s *spool) resume(want spoolHeader) error {
	in := bufio.NewReaderSize(s.file, maxSpoolLine)
	first, err := in.ReadSlice('\n')
	if errors.Is(err, io.EOF) {
		if err := s.file.Truncate(0); err != nil {
			return err
		}
		return s.write(want)
	}
	if err == nil {
		err = json.Unmarshal(first, &s.header)
	}
	if err != nil {
		return damagedSpool(err)
	}
	if s.header.Since != want.Since || s.header.Setup != want.Setup {
		return errOtherSetup
	}
	s.end = int64(len(first))
	for f, err := range s.findings() {
		if err != nil {
			return err
		}
		s.count++
		s.end = f.offset + int64(f.size)
		s.left[f.Folder] = intake.Position{UIDValidity: f.UIDValidity, UID: f.UID}
	}
	return s.file.Truncate(s.end)
}

func damagedSpool(err error) error {
	return withHint(fmt.Errorf("reading what an earlier scan found: %w", err), "--again starts anew")
}

// write appends a line in one go.
func (s *spool) write(v any) error {
	var line bytes.Buffer
	if err := writeJSON(&line, v); err != nil {
		return err
	}
	n, err := s.file.WriteAt(line.Bytes(), s.end)
	s.end += int64(n)
	if err != nil {
		return fmt.Errorf("keeping what was found: %w", err)
	}
	return nil
}

// add appends a finding.
func (s *spool) add(f finding) error {
	s.count++
	return s.write(f)
}

// placed is a finding and its place in the spool.
type placed struct {
	finding
	offset int64
	size   int
}

// findings reads what was found, in the order in which it was.
func (s *spool) findings() iter.Seq2[placed, error] {
	return func(yield func(placed, error) bool) {
		in := bufio.NewReaderSize(io.NewSectionReader(s.file, 0, 1<<62), maxSpoolLine)
		var at int64
		for {
			line, err := in.ReadSlice('\n')
			if errors.Is(err, io.EOF) {
				return
			}
			p := placed{offset: at, size: len(line)}
			at += int64(len(line))
			if err == nil && p.offset > 0 { // the header is no finding
				err = json.Unmarshal(line, &p.finding)
			}
			if err != nil {
				yield(p, damagedSpool(err))
				return
			}
			if p.offset > 0 && !yield(p, nil) {
				return
			}
		}
	}
}

// find reads one finding again.
func (s *spool) find(offset int64, size int) (f finding, err error) {
	line := make([]byte, size)
	if _, err = s.file.ReadAt(line, offset); err == nil {
		err = json.Unmarshal(line, &f)
	}
	if err != nil {
		return f, damagedSpool(err)
	}
	return f, nil
}

func (s *spool) Close() error { return s.file.Close() }
