//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2/imapclient"
)

// demands is a folder that staff, or a rule of the server, put requests into.
const demands = "Demandes"

// file puts letters into a folder, as a colleague does who moves them there.
func (d *dovecot) file(t *testing.T, folder string, letters ...letter) {
	t.Helper()
	for _, l := range letters {
		d.keep(t, folder, append([]byte("Return-Path: <"+l.envelope+">\r\n"), l.raw...))
	}
}

// TestFailure22TheFolderIsAnother renames, deletes, recreates and forbids a watched folder while the daemon runs. The
// other folder goes on, no case opens twice, and all is read once the folder is there.
func TestFailure22TheFolderIsAnother(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]struct {
		do, mend func(t *testing.T, d *desk, c *imapclient.Client)
	}{
		"renamed, and another made": {func(t *testing.T, _ *desk, c *imapclient.Client) {
			done(t, c.Rename(demands, "Ancien", nil).Wait(), c.Create(demands, nil).Wait())
		}, nil},
		"renamed, and back": {func(t *testing.T, _ *desk, c *imapclient.Client) {
			done(t, c.Rename(demands, "Ancien", nil).Wait())
		}, func(t *testing.T, _ *desk, c *imapclient.Client) {
			done(t, c.Rename("Ancien", demands, nil).Wait())
		}},
		"deleted, and made again with the same mail": {func(t *testing.T, _ *desk, c *imapclient.Client) {
			done(t, c.Delete(demands).Wait())
		}, func(t *testing.T, d *desk, c *imapclient.Client) {
			done(t, c.Create(demands, nil).Wait())
			d.mailbox.file(t, demands, several(0, 5, request)...)
		}},
		"forbidden, and allowed": {func(t *testing.T, d *desk, _ *imapclient.Client) {
			done(t, os.Chmod(d.mailbox.maildir("."+demands), 0))
			d.mailbox.stop() // what it has opened it goes on reading
			d.mailbox.start(t)
		}, func(t *testing.T, d *desk, _ *imapclient.Client) {
			done(t, os.Chmod(d.mailbox.maildir("."+demands), 0o700))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t)
			d.set(t, "imap", "folders", `["INBOX", "`+demands+`"]`)
			d.set(t, "imap", "poll_every", `"2s"`)
			done(t, d.mailbox.client(t).Create(demands, nil).Wait())
			p := d.start(t)
			await(t, 20*time.Second, "the folder is watched", func(context.Context) error { return d.watched(demands) })
			d.mailbox.file(t, demands, several(0, 5, request)...)
			d.answered(t, 5)

			c := d.mailbox.client(t)
			change.do(t, d, c)
			d.mailbox.deliver(t, several(5, 8, request)...) // the INBOX is read meanwhile
			d.answered(t, 8)
			if change.mend != nil {
				await(t, time.Minute, "the folder is missed", func(context.Context) error {
					if strings.Contains(p.log.String(), "mailbox cannot be read") {
						return nil
					}
					return fmt.Errorf("it is not")
				})
				change.mend(t, d, d.mailbox.client(t))
			}
			d.mailbox.file(t, demands, several(8, 12, request)...)
			d.answered(t, 12)
			d.settled(t)
			p.stop(t)
			letters := several(0, 12, request)
			oneCaseEach(t, d, letters)
			answersKeepTheRules(t, d, letters)
		})
	}
}

// TestFailure22TheServerIsAnother points the config at a new server that holds copies of the mail, under numbers of
// its own.
func TestFailure22TheServerIsAnother(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	p := d.start(t)
	letters := several(0, 20, request)
	d.mailbox.deliver(t, letters...)
	d.answered(t, 20)
	d.settled(t)
	p.stop(t)

	copies := d.mailbox.inFolder(t, "INBOX")
	slices.Reverse(copies)
	d.mailbox = startDovecot(t)
	d.write(t, "ca.pem", append(d.out.cert.certPEM, d.mailbox.cert.certPEM...))
	d.set(t, "imap", "server", quoted(d.mailbox.imaps))
	d.mailbox.file(t, "INBOX", several(20, 22, request)...) // came between, on the new server
	for _, raw := range copies {
		d.mailbox.keep(t, "INBOX", raw)
	}
	p = d.start(t)
	letters = several(0, 22, request)
	await(t, time.Minute, "every message is in the ledger", func(context.Context) error { return d.complete(t, len(letters)) })
	d.answered(t, 22)
	d.settled(t)
	p.stop(t)
	d.oneFateEach(t, d.mailbox.look(t))
	oneCaseEach(t, d, letters)
	answersKeepTheRules(t, d, letters)
}

// watched reports whether a folder was looked at with success.
func (d *desk) watched(folder string) error {
	found, err := query(d, one, `SELECT name FROM folder WHERE name = ?`, folder)
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("folder %s is not", folder)
	}
	return err
}

func done(t *testing.T, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}
