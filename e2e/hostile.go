//go:build e2e

package e2e

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// The words that a hostile mail may hold: a request nobody can take for anything else, and words that ask
// for nothing.
const (
	plea  = "En application de l'article 15 du RGPD, je souhaite recevoir une copie de toutes les données personnelles que vous détenez à mon sujet."
	empty = "Bonjour, la salle est-elle ouverte le samedi matin ?"
)

// hostileMail is written to disk as it is made, so that the test stays small however large the mail is.
type hostileMail struct {
	*bufio.Writer
	from string
}

// inject puts a mail straight into the account's INBOX, as one that the server has just received.
func (d *dovecot) inject(t *testing.T, n int, write func(hostileMail)) (size int64) {
	t.Helper()
	name := fmt.Sprintf("%d.M%06dP2.localhost", time.Now().Unix(), n)
	file, err := os.Create(d.maildir("tmp", name))
	if err != nil {
		t.Fatal(err)
	}
	w := hostileMail{bufio.NewWriterSize(file, 1<<20), fmt.Sprintf("hostile%03d@client.example", n)}
	write(w)
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() == 0 {
		if err := os.Chown(file.Name(), d.uid, d.gid); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Rename(file.Name(), d.maildir("new", name)); err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

// head writes the fields of an ordinary mail to the desk, the given ones instead of or beside them, and
// those that the server added on top. A field of that name without a value is left out. The header is not
// ended.
func (w hostileMail) head(fields ...string) {
	own := map[string]bool{}
	for _, f := range fields {
		name, _, _ := strings.Cut(f, ":")
		own[strings.ToLower(name)] = true
	}
	w.lines("Return-Path: <"+w.from+">", "Received: from client.example by localhost with LMTP; "+time.Now().Format(time.RFC1123Z))
	for _, f := range []string{
		"From: " + w.from, "To: " + account, "Subject: Demande", "Date: " + time.Now().Format(time.RFC1123Z),
		"Message-ID: <" + w.from[:strings.IndexByte(w.from, '@')] + "@id.example>", "MIME-Version: 1.0",
	} {
		if name, _, _ := strings.Cut(f, ":"); !own[strings.ToLower(name)] {
			w.lines(f)
		}
	}
	for _, f := range fields {
		if !strings.HasSuffix(f, ":") {
			w.lines(f)
		}
	}
}

// text writes the fields of a mail of plain text and its beginning.
func (w hostileMail) text(words string, fields ...string) {
	w.head(append(fields, "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit")...)
	w.lines("", words)
}

// mixed writes the fields of a mail of several parts, and a first part of plain text.
func (w hostileMail) mixed(words string, fields ...string) {
	w.head(append(fields, "Content-Type: multipart/mixed; boundary=b")...)
	w.lines("", "--b", "Content-Type: text/plain; charset=utf-8", "", words)
}

// page writes the fields of a mail of HTML and its beginning.
func (w hostileMail) page(words string) {
	w.head("Content-Type: text/html; charset=utf-8")
	w.lines("", "<html><body><p>"+words+"</p>")
}

func (w hostileMail) lines(lines ...string) {
	for _, l := range lines {
		w.WriteString(l)
		w.WriteString("\r\n")
	}
}

// fill writes a piece again and again, size bytes in all or a little more.
func (w hostileMail) fill(size int, piece string) {
	for done := 0; done < size; done += len(piece) {
		w.WriteString(piece)
	}
}

// count writes a piece n times, with its number where the format asks for one.
func (w hostileMail) count(n int, format string) {
	for i := range n {
		if strings.Contains(format, "%") {
			fmt.Fprintf(w, format, i)
			continue
		}
		w.WriteString(format)
	}
}

// encoded writes a piece again and again as lines of base64, size bytes of it before encoding.
func (w hostileMail) encoded(size int, piece string) {
	line := strings.Repeat(piece, 57/len(piece)+1)[:57]
	for range size / 57 {
		w.lines(base64.StdEncoding.EncodeToString([]byte(line)))
	}
}
