//go:build e2e

package e2e

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // mails come in any charset
	"github.com/emersion/go-smtp"
)

// deliver hands messages to the server over LMTP, one after the other, as the organisation's mail server
// does: the fields of an earlier delivery are taken off, and the server writes its own.
func (d *dovecot) deliver(t *testing.T, letters ...letter) {
	t.Helper()
	if err := d.hand(letters...); err != nil {
		t.Fatal(err)
	}
}

// hand is deliver for goroutines other than the test's own.
func (d *dovecot) hand(letters ...letter) error {
	_, err := d.handSome(letters)
	return err
}

// handSome is hand, and tells how many letters were taken before the one that was not.
func (d *dovecot) handSome(letters []letter) (taken int, err error) {
	conn, err := net.DialTimeout("tcp", d.lmtp, 5*time.Second)
	if err != nil {
		return 0, err
	}
	c := smtp.NewClientLMTP(conn)
	defer c.Close()
	for i, l := range letters {
		if err := send(c, l); err != nil {
			return i, fmt.Errorf("delivering %s: %w", l.name, err)
		}
	}
	return len(letters), c.Quit()
}

func send(c *smtp.Client, l letter) error {
	if err := c.Mail(l.envelope, nil); err != nil {
		return err
	}
	if err := c.Rcpt(account, nil); err != nil {
		return err
	}
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(undelivered(l.raw)); err != nil {
		return err
	}
	return w.Close()
}

// undelivered takes Return-Path and Delivered-To off the top of a message.
func undelivered(raw []byte) []byte {
	for {
		name, _, _ := bytes.Cut(raw[:min(len(raw), 80)], []byte(":"))
		switch strings.ToLower(string(name)) {
		case "return-path", "delivered-to":
		default:
			return raw
		}
		_, rest, found := bytes.Cut(raw, []byte("\n"))
		for found && len(rest) > 0 && (rest[0] == ' ' || rest[0] == '\t') { // a folded field
			_, rest, found = bytes.Cut(rest, []byte("\n"))
		}
		raw = rest
	}
}

// onServer is one message as a mail program sees it.
type onServer struct {
	uid   uint32
	flags string // sorted, without \Recent, which belongs to a session and not to the message
}

// inbox is the state of the INBOX.
type inbox struct {
	uidValidity uint32
	messages    []onServer
}

// client logs in as a mail program of the staff would.
func (d *dovecot) client(t *testing.T) *imapclient.Client {
	t.Helper()
	return d.connect(t, nil)
}

// connect is client with a look at what the server says unasked.
func (d *dovecot) connect(t *testing.T, unasked *imapclient.UnilateralDataHandler) *imapclient.Client {
	t.Helper()
	c, err := imapclient.DialTLS(d.imaps, &imapclient.Options{TLSConfig: d.cert.client(), UnilateralDataHandler: unasked})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.Login(account, password).Wait(); err != nil {
		t.Fatal(err)
	}
	return c
}

// look reads the flags of all messages in the INBOX.
func (d *dovecot) look(t *testing.T) inbox {
	t.Helper()
	c := d.client(t)
	defer c.Close()
	selected, err := c.Select("INBOX", &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		t.Fatal(err)
	}
	box := inbox{uidValidity: selected.UIDValidity}
	if selected.NumMessages == 0 {
		return box
	}
	all := imap.SeqSet{{Start: 1, Stop: 0}}
	fetched, err := c.Fetch(all, &imap.FetchOptions{UID: true, Flags: true}).Collect()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range fetched {
		box.messages = append(box.messages, onServer{uint32(m.UID), flagList(m.Flags)})
	}
	return box
}

// flagList names flags in a fixed order.
func flagList(flags []imap.Flag) string {
	var names []string
	for _, f := range flags {
		if f != `\Recent` {
			names = append(names, string(f))
		}
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

// mark sets a flag on a message, as staff do while they read.
func (d *dovecot) mark(t *testing.T, c *imapclient.Client, uid uint32, flag imap.Flag) {
	t.Helper()
	store := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Flags: []imap.Flag{flag}, Silent: true}
	if err := c.Store(imap.UIDSetNum(imap.UID(uid)), store, nil).Close(); err != nil {
		t.Fatal(err)
	}
}

// opened is a mail's topmost header, decoded, one value a field, and the decoded words of its text parts.
// It leaves out what it cannot read.
func opened(raw []byte) (header map[string]string, words string) {
	header = map[string]string{}
	entity, _ := message.Read(bytes.NewReader(raw))
	if entity == nil {
		return header, ""
	}
	for fields := entity.Header.Fields(); fields.Next(); {
		value, err := fields.Text()
		if err != nil {
			value = fields.Value()
		}
		header[textproto.CanonicalMIMEHeaderKey(fields.Key())] = value
	}
	var text strings.Builder
	entity.Walk(func(_ []int, part *message.Entity, _ error) error {
		if part == nil {
			return nil
		}
		if kind, _, _ := part.Header.ContentType(); strings.HasPrefix(kind, "text/") || kind == "" {
			io.Copy(&text, part.Body)
			text.WriteByte('\n')
		}
		return nil
	})
	return header, text.String()
}

// readable is a mail's whole header as sent and decoded, and its decoded words, for searching.
func readable(raw []byte) string {
	header, words := opened(raw)
	head, _, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	var all strings.Builder
	all.Write(head)
	for name, value := range header {
		fmt.Fprintf(&all, "\n%s: %s", name, value)
	}
	all.WriteString("\n" + words)
	return all.String()
}
