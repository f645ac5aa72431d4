//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// canary stands in every place of a mail where personal data can stand.
const canary = "Zyxwaldemar"

// TestNoWordOfASenderReachesTheLog sends mails that bear the canary everywhere, well and badly formed,
// while everything that can go wrong with an answer does, and then searches the log at its most talkative.
func TestNoWordOfASenderReachesTheLog(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	refusals := []error{errCut, fmt.Errorf("no such user %s", canary), nil}
	var asked atomic.Int32
	d.out.watch(func(m moment) error {
		if m != beforeAnswer {
			return nil
		}
		return refusals[int(asked.Add(1))%len(refusals)]
	})
	monitoring := freeAddress(t)
	d.set(t, "metrics", "listen", quoted(monitoring))
	p := d.start(t)
	letters := canaries()
	d.mailbox.deliver(t, letters...)
	await(t, time.Minute, "every message is in the ledger", func(context.Context) error { return d.complete(t, len(letters)) })
	await(t, time.Minute, "no acknowledgement is being sent", func(context.Context) error {
		for key, state := range d.outbox(t) {
			if state == "sending" {
				return fmt.Errorf("%s is", key)
			}
		}
		return nil
	})
	said := map[string]string{}
	for _, page := range []string{"/metrics", "/healthz"} {
		said[page] = fetched(t, "http://"+monitoring+page)
	}
	for _, command := range []string{"status", "verify", "check", "retry", "case GDN-2026-9999"} {
		r := d.guichet(t, strings.Fields(command)...)
		said["guichet "+command] = r.out + r.err
	}
	p.stop(t)
	said["the log"] = p.log.String()

	for what, text := range said {
		if text == "" {
			t.Errorf("%s says nothing", what)
		}
		for _, form := range []string{canary, strings.ToUpper(canary), strings.ToLower(canary), base64.StdEncoding.EncodeToString([]byte(canary))[:12]} {
			for line := range strings.Lines(text) {
				if strings.Contains(line, form) {
					t.Errorf("%s bears the sender's word %q: %s", what, form, line)
				}
			}
		}
	}
	d.closedToOthers(t)
	if taken, sent := len(d.out.mails()), len(d.out.acknowledgements()); sent == 0 || taken == sent {
		t.Errorf("%d mails of which %d were taken: neither way of answering was tried", taken, sent)
	}
	for _, m := range d.out.mails() {
		// RFC 3834 section 3.1 has the recipient and the thread repeated, and nothing else.
		if text := threading.ReplaceAllString(unfolded(m.raw), ""); strings.HasPrefix(m.header.Get("Auto-Submitted"), "auto-replied") &&
			strings.Contains(strings.ToLower(text), strings.ToLower(canary)) {
			t.Errorf("an acknowledgement bears the sender's words:\n%s", text)
		}
	}
}

// fetched is a page of the daemon's own.
func fetched(t *testing.T, url string) string {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	page, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

// closedToOthers checks the database and the files beside it: nobody but their owner can read them.
func (d *desk) closedToOthers(t *testing.T) {
	t.Helper()
	files, err := filepath.Glob(d.store() + "*")
	if err != nil || len(files) == 0 {
		t.Errorf("no database: %v", err)
	}
	for _, name := range files {
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s can be read by others: %v", name, err)
		}
	}
}

var fold = regexp.MustCompile(`\r\n[ \t]+`)

// unfolded is a mail as it reads, a header field a line.
func unfolded(raw []byte) string { return fold.ReplaceAllString(readable(raw), " ") }

// canaries are requests with the canary in every field and part; then the same bytes damaged.
func canaries() []letter {
	var letters []letter
	for n := range 6 {
		letters = append(letters, withCanary(n))
	}
	damage := []struct{ name, from, to string }{
		{"no boundary", `boundary="` + canary + `"`, `boundary=`},
		{"unknown charset", "charset=utf-8", "charset=" + canary},
		{"unknown encoding", "Content-Transfer-Encoding: 8bit", "Content-Transfer-Encoding: " + canary},
		{"a line that is no field", "Subject:", canary + " " + canary + "\r\nSubject:"},
		{"address without end", ">\r\nTo:", "\r\nTo:"},
		{"date nobody can read", "Date: ", "Date: " + canary},
		{"base64 that is none", "Content-Transfer-Encoding: 8bit", "Content-Transfer-Encoding: base64"},
	}
	for i, d := range damage {
		l := withCanary(100 + i)
		l.name = d.name
		l.raw = bytes.Replace(l.raw, []byte(d.from), []byte(d.to), -1)
		letters = append(letters, l)
	}
	return slices.Concat(letters, []letter{{name: "not a mail", envelope: canary + "@client.example", raw: []byte(canary + "\r\n")}})
}

// withCanary is the n-th request with an attachment, and the canary wherever a sender can write.
func withCanary(n int) letter {
	plain := request(n)
	_, words, _ := strings.Cut(string(plain.raw), "\r\n\r\n")
	who := fmt.Sprintf("%s.%d@%s.example", canary, n, canary)
	id := fmt.Sprintf("%s.%d@%s.example", canary, n, canary)
	raw := strings.NewReplacer("~", canary, "\n", "\r\n").Replace(`Received: from ~.example (~.example [192.0.2.1]) by mx.~.example with ESMTP id ~
From: "~ ~" <`+who+`>
Sender: "~" <`+who+`>
Reply-To: "~" <`+who+`>
To: "~" <`+account+`>
Cc: "~" <~.copy@~.example>
Subject: ~ Demande RGPD ~
Date: `+time.Now().Format(time.RFC1123Z)+`
Message-ID: <`+id+`>
In-Reply-To: <~.parent@~.example>
References: <~.first@~.example> <~.parent@~.example>
User-Agent: ~/1.0
X-~: ~
Keywords: ~
Comments: ~
Authentication-Results: ~.example; dkim=pass header.d=~.example
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="~"

--~
Content-Type: text/plain; charset=utf-8; name="~.txt"
Content-Transfer-Encoding: 8bit
Content-ID: <~@~.example>
Content-Description: ~

`) + words + strings.NewReplacer("~", canary, "\n", "\r\n").Replace(`
~ ~, rue de ~ 12, 5000 ~

--~
Content-Type: image/jpeg; name="carte-~.jpg"
Content-Disposition: attachment; filename="carte-~.jpg"
Content-Transfer-Encoding: base64

/9j/4AAQSkZJRgABAQAAAQABAAD=
--~
Content-Type: application/~; name*=utf-8''~%20~.bin
Content-Disposition: ~; filename*0="~"; filename*1="~"
Content-Transfer-Encoding: base64

AAAA
--~--
`)
	return letter{name: fmt.Sprintf("canary-%d", n), envelope: who, id: id, raw: []byte(raw), request: true}
}
