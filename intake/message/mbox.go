package message

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// IsMbox reports whether head, the beginning of a file, is that of an mbox (RFC 4155): a From_ line and then a
// header field. A single mail that kept its From_ line is an mbox of one.
func IsMbox(head []byte) bool {
	line, size := cutLine(head)
	if !startsMail(line) {
		return false
	}
	next, _ := cutLine(head[size:])
	name, _ := fieldName(next)
	return name != ""
}

// startsMail reports whether line is the From_ line that separates the mails of an mbox: it ends in a date. A
// line of text that begins so is quoted by the programs that write mboxes, mostly.
func startsMail(line []byte) bool {
	return bytes.HasPrefix(line, []byte("From ")) && bytes.IndexByte(line, ':') > 0 && bytes.ContainsAny(line, "0123456789")
}

// ReadMbox calls each with the bytes of every mail in r, without its From_ line and the empty line after it, and
// with ">From " unquoted (mboxrd; mboxo alike). Of a mail longer than max bytes only the first max are given. An
// error of each ends the reading and is returned as it is.
func ReadMbox(r io.Reader, max int64, each func(raw []byte) error) error {
	m := mboxReader{max: max, each: each, blank: true}
	in := bufio.NewReaderSize(r, 64<<10)
	for {
		line, err := in.ReadSlice('\n')
		if len(line) > 0 {
			if err := m.take(line); err != nil {
				return err
			}
		}
		switch {
		case err == nil, errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF):
			return m.flush()
		default:
			return fmt.Errorf("reading mbox: %w", err)
		}
	}
}

// mboxReader gathers the lines of one mail. A line longer than the buffer comes in pieces.
type mboxReader struct {
	max    int64
	each   func([]byte) error
	raw    []byte
	inMail bool
	blank  bool // the line before was empty
	middle bool // the piece before did not end its line
}

func (m *mboxReader) take(piece []byte) error {
	begins := !m.middle
	m.middle = piece[len(piece)-1] != '\n'
	if !begins {
		m.blank = false
		m.keep(piece)
		return nil
	}
	if m.blank && startsMail(piece) {
		err := m.flush()
		m.inMail, m.blank = true, false
		return err
	}
	m.blank = len(bytes.TrimRight(piece, "\r\n")) == 0
	if unquoted := bytes.TrimLeft(piece, ">"); len(unquoted) < len(piece) && bytes.HasPrefix(unquoted, []byte("From ")) {
		piece = piece[1:]
	}
	m.keep(piece)
	return nil
}

// keep appends to the mail, up to max bytes. What stands before the first From_ line is no mail.
func (m *mboxReader) keep(piece []byte) {
	if m.inMail {
		room := max(0, m.max-int64(len(m.raw)))
		m.raw = append(m.raw, piece[:min(int64(len(piece)), room)]...)
	}
}

// flush hands over the mail gathered so far.
func (m *mboxReader) flush() error {
	if !m.inMail {
		return nil
	}
	raw := m.raw
	m.raw, m.inMail = nil, false
	if trimmed := trimLineEnd(raw); bytes.HasSuffix(trimmed, []byte("\n")) {
		raw = trimmed
	}
	return m.each(raw)
}
