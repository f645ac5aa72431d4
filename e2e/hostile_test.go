//go:build e2e

package e2e

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"
)

// hostileMemory is what the program may take in all, whatever it is sent.
const hostileMemory = 100 << 20

// hostileMail writes one mail that means harm. from is whom it says to come from.
type hostileMail struct {
	name  string
	asks  bool // its words ask for a right, and can be read: a case of this person is opened
	write func(w *bufio.Writer)
}

const asksInFrench = "Bonjour, je vous demande de supprimer toutes mes données personnelles de vos fichiers.\r\n"

// head writes the fields that every mail has; further are whole lines.
func head(w io.Writer, n int, further ...string) {
	fmt.Fprintf(w, "Return-Path: <hostile%d@attack.example>\r\nFrom: H <hostile%d@attack.example>\r\nTo: info@guichetdunumerique.be\r\n"+
		"Subject: mes données\r\nDate: Mon, 23 Nov 2026 09:00:00 +0100\r\nMessage-ID: <hostile%d@attack.example>\r\nMIME-Version: 1.0\r\n", n, n, n)
	for _, line := range further {
		fmt.Fprintf(w, "%s\r\n", line)
	}
}

// repeat writes a text n times.
func repeat(w io.Writer, text string, n int) {
	for range n {
		_, _ = io.WriteString(w, text)
	}
}

// base64Lines writes bytes of what looks like an attachment.
func base64Lines(w io.Writer, bytes int) {
	repeat(w, strings.Repeat("QUJD", 19)+"\r\n", bytes/78)
}

// hostileMails are the shapes that broke other desks, each named after what it has too much of.
var hostileMails = []hostileMail{
	{"200 MB of attachment", true, func(w *bufio.Writer) {
		head(w, 1, `Content-Type: multipart/mixed; boundary="b"`)
		fmt.Fprintf(w, "\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s--b\r\nContent-Type: image/jpeg; name=\"a.jpg\"\r\nContent-Transfer-Encoding: base64\r\n\r\n", asksInFrench)
		base64Lines(w, 200<<20)
		fmt.Fprint(w, "--b--\r\n")
	}},
	{"50,000 parts", false, func(w *bufio.Writer) {
		head(w, 2, `Content-Type: multipart/mixed; boundary="b"`)
		fmt.Fprintf(w, "\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s", asksInFrench)
		repeat(w, "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n", 50_000)
		fmt.Fprint(w, "--b--\r\n")
	}},
	{"1,000 levels", false, func(w *bufio.Writer) {
		head(w, 3, `Content-Type: multipart/mixed; boundary="b0"`)
		for i := range 1000 {
			fmt.Fprintf(w, "\r\n--b%d\r\nContent-Type: multipart/mixed; boundary=\"b%d\"\r\n", i, i+1)
		}
		fmt.Fprintf(w, "\r\n--b1000\r\nContent-Type: text/plain\r\n\r\n%s", asksInFrench)
	}},
	{"100 MB of header", false, func(w *bufio.Writer) {
		head(w, 4)
		for i := range 100_000 {
			fmt.Fprintf(w, "X-Flood-%d: %s\r\n", i, strings.Repeat("x", 1000))
		}
		fmt.Fprintf(w, "\r\n%s", asksInFrench)
	}},
	{"CVE-2024-23184: 500,000 addresses", false, func(w *bufio.Writer) {
		head(w, 5)
		fmt.Fprint(w, "Cc: a@x.example")
		for i := range 500_000 {
			fmt.Fprintf(w, ",\r\n a%d@x.example", i)
		}
		fmt.Fprintf(w, "\r\n\r\n%s", asksInFrench)
	}},
	{"a Message-ID of 8 KB", true, func(w *bufio.Writer) {
		fmt.Fprintf(w, "Return-Path: <hostile6@attack.example>\r\nFrom: hostile6@attack.example\r\nTo: info@guichetdunumerique.be\r\nSubject: x\r\n"+
			"Message-ID: <%s@x.example>\r\n\r\n%s", strings.Repeat("i", 8<<10), asksInFrench)
	}},
	{"no Message-ID, twice the same From", true, func(w *bufio.Writer) {
		fmt.Fprintf(w, "Return-Path: <hostile7@attack.example>\r\nFrom: hostile7@attack.example\r\nFrom: other@attack.example\r\nTo: info@guichetdunumerique.be\r\n\r\n%s", asksInFrench)
	}},
	{"NUL and lone CR in every field", true, func(w *bufio.Writer) {
		fmt.Fprintf(w, "Return-Path: <hostile8@attack.example>\r\nFrom: \"H\x00\rBcc: victim@x.example\" <hostile8@attack.example>\r\nTo: info@guichetdunumerique.be\r\n"+
			"Subject: a\rBcc: victim@x.example\x00\r\nMessage-ID: <h8\r\x00@x.example>\r\nReferences: <a@b>\r\x00 <c@d>\r\n\r\n%s", asksInFrench)
	}},
	{"a flood of encoded words", true, func(w *bufio.Writer) {
		fmt.Fprint(w, "Return-Path: <hostile9@attack.example>\r\nFrom: hostile9@attack.example\r\nTo: info@guichetdunumerique.be\r\nSubject:")
		repeat(w, " =?utf-8?B?w6nDqcOp?=\r\n", 10_000)
		fmt.Fprintf(w, "Message-ID: <h9@x.example>\r\n\r\n%s", asksInFrench)
	}},
	{"100,000 elements of HTML within one another", false, func(w *bufio.Writer) {
		head(w, 10, "Content-Type: text/html; charset=utf-8")
		fmt.Fprint(w, "\r\n<html><body><p>"+strings.TrimSpace(asksInFrench)+"</p>\r\n")
		repeat(w, "<div><b>\r\n", 100_000)
	}},
	{"10 MB of style and one giant attribute", false, func(w *bufio.Writer) {
		head(w, 11, "Content-Type: text/html; charset=utf-8")
		fmt.Fprint(w, "\r\n<html><head><style>\r\n")
		repeat(w, ".a{color:red}\r\n", 10<<20/15)
		fmt.Fprint(w, "</style></head><body><p title=\"")
		repeat(w, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n", 20_000)
		fmt.Fprint(w, "\">"+asksInFrench+"</p></body></html>\r\n")
	}},
	{"CVE-2021-21439: ten megabytes that every rule waits for", false, func(w *bufio.Writer) {
		head(w, 12, "Content-Type: text/plain; charset=utf-8")
		fmt.Fprint(w, "\r\n")
		repeat(w, "je veux mes données sur moi supprimer gegevens wissen mijn http://x.example/?a=b&a=b\r\n", 10<<20/90)
	}},
	{"10,000 Received fields", false, func(w *bufio.Writer) {
		repeat(w, "Received: from a by b; Mon, 23 Nov 2026 09:00:00 +0100\r\n", 10_000)
		head(w, 13)
		fmt.Fprintf(w, "\r\n%s", asksInFrench)
	}},
	{"1 MB of References", true, func(w *bufio.Writer) {
		head(w, 14)
		fmt.Fprint(w, "References:")
		repeat(w, " <aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@x.example>\r\n", 20_000)
		fmt.Fprintf(w, "\r\n%s", asksInFrench)
	}},
	{"a file name in 10,000 continuations", true, func(w *bufio.Writer) {
		head(w, 15, `Content-Type: multipart/mixed; boundary="b"`)
		fmt.Fprintf(w, "\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment", asksInFrench)
		for i := range 10_000 {
			fmt.Fprintf(w, ";\r\n filename*%d=\"aaaaaaaaaa\"", i)
		}
		fmt.Fprint(w, "\r\n\r\nx\r\n--b--\r\n")
	}},
	{"character sets that do not exist, or lie", true, func(w *bufio.Writer) {
		head(w, 16, `Content-Type: multipart/mixed; boundary="b"`)
		fmt.Fprintf(w, "\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s", asksInFrench)
		for _, set := range []string{"utf-7", "iso-2022-jp", "gb18030", "x-unknown", strings.Repeat("c", 5000), "utf-16", "hz-gb-2312"} {
			fmt.Fprintf(w, "--b\r\nContent-Type: text/plain; charset=\"%s\"\r\n\r\n", set)
			repeat(w, "\x1b$B\x1b(B+AGEAYQ-\xff\xfe\x81\x30\x81\x30~{~}\r\n", 2000)
		}
		fmt.Fprint(w, "--b--\r\n")
	}},
	{"one boundary within itself", true, func(w *bufio.Writer) {
		head(w, 17, `Content-Type: multipart/mixed; boundary="b"`)
		fmt.Fprintf(w, "\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s", asksInFrench)
		repeat(w, "--b\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n", 2000)
		fmt.Fprint(w, "--b--\r\n")
	}},
	{"quoted-printable without an end", true, func(w *bufio.Writer) {
		head(w, 18, "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: quoted-printable")
		fmt.Fprintf(w, "\r\n%s", strings.ReplaceAll(asksInFrench, "é", "=C3=A9"))
		repeat(w, "=\r\n=\r\n=ZZ=", 100_000)
	}},
	{"TNEF, S/MIME, PGP and a mail within a mail", true, func(w *bufio.Writer) {
		head(w, 19, `Content-Type: multipart/mixed; boundary="b"`)
		fmt.Fprintf(w, "\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s", asksInFrench)
		for _, kind := range []string{"application/ms-tnef; name=winmail.dat", "application/pkcs7-mime; name=smime.p7m", "application/pgp-encrypted", "message/rfc822", "application/zip; name=bomb.zip"} {
			fmt.Fprintf(w, "--b\r\nContent-Type: %s\r\n\r\n\x78\x9f\x3e\x22PK\x03\x04\xff\xff\xff\xff\r\n", kind)
		}
		fmt.Fprint(w, "--b--\r\n")
	}},
}

// spool writes a mail straight into the INBOX's folder on disk, without ever holding it.
func (d *dovecot) spool(t *testing.T, n int, write func(*bufio.Writer)) {
	t.Helper()
	temporary := d.maildir("tmp", fmt.Sprintf("hostile-%d", n))
	f, err := os.OpenFile(temporary, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriterSize(f, 1<<16)
	write(w)
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if os.Geteuid() == 0 {
		if err := os.Chown(temporary, d.uid, d.gid); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Rename(temporary, d.maildir("new", fmt.Sprintf("%d.M%dP9.localhost", time.Now().Unix(), n))); err != nil {
		t.Fatal(err)
	}
}

// TestFailure16MemoryBlowUp sends what broke other desks, one mail after the other. After each the next good mail is
// answered, the mail itself has one fate, a person sees those that ask, and the memory of the program stays small.
func TestFailure16MemoryBlowUp(t *testing.T) {
	d := newDesk(t)
	p := d.start(t)
	d.mailbox.deliver(t, request(0))
	d.answered(t, 1)
	for i, h := range hostileMails {
		if !t.Run(h.name, func(t *testing.T) {
			p.resetPeak(t)
			before := time.Now()
			d.mailbox.spool(t, i, h.write)
			await(t, 2*time.Minute, "the mail has its fate", func(context.Context) error { return d.complete(t, 2*i+2) })
			took := time.Since(before)
			d.mailbox.deliver(t, request(i+1))
			await(t, time.Minute, "the next mail is answered", func(context.Context) error {
				for _, m := range d.out.acknowledgements() {
					if m.parent() == fmt.Sprintf("request-%04d@client.example", i+1) || strings.Contains(m.header.Get("To"), fmt.Sprintf("person%04d@", i+1)) {
						return nil
					}
				}
				return fmt.Errorf("%d acknowledgements left", len(d.out.acknowledgements()))
			})
			peak := p.peak(t)
			t.Logf("%-55s %6.1f MB at the peak, filed after %5.1f s", h.name, float64(peak)/(1<<20), took.Seconds())
			if peak > hostileMemory {
				t.Errorf("%d MB resident, want under %d", peak>>20, hostileMemory>>20)
			}
			if h.asks {
				cases := rows(t, d, one, "SELECT reference FROM request WHERE address_key = ?", fmt.Sprintf("hostile%d@attack.example", i+1))
				if len(cases) != 1 {
					t.Errorf("%d cases of who asks in it, want one", len(cases))
				}
			}
		}) {
			t.Log(tail(p.log.String(), 8))
		}
	}
	p.stop(t)
	d.oneFateEach(t, d.mailbox.look(t))
	for _, m := range d.out.mails() {
		if strings.Contains(m.header.Get("Bcc")+m.header.Get("Cc"), "victim") || strings.Contains(string(m.raw), "victim@x.example") {
			t.Errorf("a mail of ours bears what a header of theirs smuggled: %s", m.header.Get("Subject"))
		}
	}
}
