package main

import (
	"bytes"
	"database/sql"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"guichetdunumerique.be/guichet/intake/message"
)

// canary stands in every place of a mail where a sender can write.
const canary = "Zyxwaldemar"

// markedMail is a request that bears the canary in its fields, parts, names and addresses. A line that begins
// with "- " is left out of one of the mails each, so that badly formed ones come too.
const markedMail = `Return-Path: <~.%[1]d@~.example>
Received: from ~.example (~.example [192.0.2.1]) by mx.~.example with ESMTP id ~
From: "~ ~" <~.%[1]d@~.example>
Sender: "~" <~.%[1]d@~.example>
Reply-To: "~" <~.%[1]d@~.example>
To: "~" <info@guichetdunumerique.be>
Cc: "~" <~.copy@~.example>
Subject: ~ mes =?utf-8?q?donn=C3=A9es_~?=
Message-ID: <~.%[1]d@~.example>
In-Reply-To: <~.parent@~.example>
References: <~.first@~.example> <~.parent@~.example>
X-~: ~
Authentication-Results: ~.example; dkim=pass header.d=~.example
- MIME-Version: 1.0
- Content-Type: multipart/mixed; boundary="~"

--~
- Content-Type: text/plain; charset=utf-8; name="~.txt"
Content-ID: <~@~.example>
Content-Description: ~

Merci de supprimer toutes mes données personnelles de vos fichiers. (%[1]d)
~ ~, rue de ~ 12, 5000 ~

--~
- Content-Type: image/jpeg; name="carte-~.jpg"
Content-Disposition: attachment; filename="carte-~.jpg"
- Content-Transfer-Encoding: base64

/9j/4AAQSkZJRgABAQAAAQABAAD=
--~
Content-Type: application/~; name*=utf-8''~%%20~.bin
Content-Disposition: ~; filename*0="~"; filename*1="~"
Content-Transfer-Encoding: ~

AAAA
--~--
`

// marked is the n-th such mail; from the second on it lacks a line, and the last is cut short.
func marked(n int) []byte {
	text := strings.ReplaceAll(fmt.Sprintf(markedMail, n), "~", canary)
	var lines []string
	optional := 0
	for line := range strings.Lines(text) {
		if rest, found := strings.CutPrefix(line, "- "); found {
			if optional++; optional == n {
				continue
			}
			line = rest
		}
		lines = append(lines, line)
	}
	if n > optional {
		lines = lines[:len(lines)/2]
	}
	return []byte(strings.ReplaceAll(strings.Join(lines, ""), "\n", "\r\n"))
}

// sender is who writes the n-th.
func sender(n int) string { return fmt.Sprintf("%s.%d@%[1]s.example", canary, n) }

const markedMails = 7 // the whole one, one for each line that is left out, and the one cut short

// free fails the test where a text holds the canary in any writing.
func free(t *testing.T, what, text string) {
	t.Helper()
	folded := strings.ToLower(text)
	if at := strings.Index(folded, strings.ToLower(canary)); at >= 0 {
		t.Errorf("%s bears the sender's word: …%s…", what, folded[max(0, at-200):min(len(folded), at+80)])
	}
}

// withMarked is a mailbox of marked mails that the program has dealt with, while its answers were refused with the
// sender's own words.
func withMarked(t *testing.T) *oldMailbox {
	t.Helper()
	b := newOldMailbox(t)
	config, err := os.ReadFile(b.file(defaultConfig))
	b.must(err)
	config = append(bytes.Replace(config, []byte("notify_new = false"), []byte("drafts = true"), 1), "\n[log]\nlevel = \"debug\"\n"...)
	b.must(os.WriteFile(b.file(defaultConfig), config, 0o600))
	b.must(b.try("once"))
	for n := range markedMails {
		if n%3 == 0 {
			b.smtp.Answer(sender(n), 550-100*(n%2), "no such user "+canary)
		}
		_, err := b.imap.Deliver([]string{"INBOX", "Junk"}[n%2], marked(n), b.now)
		b.must(err)
	}
	for range 2 {
		b.must(b.try("once"))
		free(t, "the log", b.out.String()+b.talk.String())
	}
	if n := len(b.cases()); n < 3 {
		t.Fatalf("%d cases: this proves little", n)
	}
	return b
}

// try runs the program, which must do.
func (b *oldMailbox) try(args ...string) error {
	if code := b.guichet(append(args, "-c", b.file(defaultConfig))...); code != exitDone {
		return fmt.Errorf("guichet %q ended with %d: %s", args, code, b.talk.String())
	}
	return nil
}

func TestNoWordOfASenderIsInWhatACommandSaysOrInAnError(t *testing.T) {
	b := withMarked(t)
	ref := b.cases()[0].Reference.String()
	for _, tt := range []struct {
		args  string
		shown bool // it is there to show a person to a person: its data may, its talk may not
	}{
		{"status", false}, {"status --json", false}, {"verify", false}, {"verify --json", false}, {"check", false},
		{"cases", false}, {"cases --json", false}, {"cases --csv", false}, {"case " + ref, true}, {"case " + ref + " --json", true},
		{"case GDN-2026-0999", false}, {"case nonsense", false},
		{"confirm " + ref, false}, {"confirm " + ref, false}, {"extend " + ref, false}, {"merge " + ref + " GDN-2026-0999", false},
		{"merge " + ref + " " + ref, false}, {"identity " + ref + " maybe", false}, {"pause " + ref + " --reason x", false}, {"draft " + ref + " answer", false},
		{"draft " + ref + " nonsense", false}, {"close " + ref, false}, {"close " + ref, false}, {"note " + ref + " called", false},
		{"digest --print", true}, {"digest --send", false}, {"retry", false}, {"retry --all", false}, {"retry 999", false},
		{"report --year 2026", false}, {"report --format csv", false}, {"report --format json", false},
		{"scan --since 2026-11-01", true}, {"scan --since 2026-11-01 --format json", true}, {"scan --since 2026-11-01 --keep --output " + b.file("past.html"), false},
		{"backup " + b.file("copy.db"), false}, {"backup " + b.file("copy.db"), false}, {"once", false},
		{"restore " + b.file("password"), false}, {"forget --yes " + sender(0), false}, {"restore " + b.file("copy.db"), false}, {"once", false},
	} {
		args := strings.Fields(tt.args)
		b.guichet(append(args, "-c", b.file(defaultConfig))...)
		said := b.talk.String()
		if !tt.shown {
			said += b.out.String()
		}
		free(t, "guichet "+args[0], said)
		if b.out.Len()+b.talk.Len() == 0 {
			t.Errorf("guichet %s says nothing: what it says was not looked at", tt.args)
		}
	}
	free(t, "a broken database", b.broken())
	b.closed(t)
}

// broken is what the program says once somebody has spoilt the database where it names people, and then its pages.
func (b *oldMailbox) broken() string {
	b.t.Helper()
	path := b.file("guichet.db")
	var said strings.Builder
	look := func() {
		for _, args := range [][]string{{"status"}, {"verify", "--offline"}, {"cases"}, {"once"}, {"case", "GDN-2026-0001"}} {
			if code := b.guichet(append(args, "-c", b.file(defaultConfig))...); code == exitDone && args[0] == "verify" {
				b.t.Error("a spoilt database is sound")
			}
			said.WriteString(b.talk.String())
			if args[0] == "verify" {
				said.WriteString(b.out.String())
			}
		}
	}
	db, err := sql.Open("sqlite3", path)
	b.must(err)
	for _, column := range []string{"event SET note", "request SET name", "request SET pauses", "outgoing SET payload", "outgoing SET state", "entry SET message_id"} {
		_, err := db.ExecContext(b.ctx, "UPDATE "+column+" = ?", canary)
		b.must(err)
	}
	b.must(db.Close())
	look()
	raw, err := os.ReadFile(path)
	b.must(err)
	b.must(os.WriteFile(path, slices.Concat(raw[:5000], bytes.Repeat([]byte(canary), 300), raw[8300:]), 0o600))
	look()
	return said.String()
}

// closed checks the folder: no file is named after a sender, and only the owner can read those that name anybody.
func (b *oldMailbox) closed(t *testing.T) {
	t.Helper()
	b.must(filepath.WalkDir(b.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == b.dir {
			return err
		}
		free(t, "the name of a file", path)
		raw, err := os.ReadFile(path)
		info, err2 := d.Info()
		if err == nil && err2 == nil && info.Mode().Perm()&0o077 != 0 && bytes.Contains(bytes.ToLower(raw), bytes.ToLower([]byte(canary))) {
			t.Errorf("%s names people and is open to others: %v", path, info.Mode())
		}
		return nil
	}))
}

func TestNoWordOfASenderIsInASubjectToStaff(t *testing.T) {
	b := withMarked(t)
	b.now = b.now.AddDate(0, 0, 40) // all is late
	b.must(b.try("once"))
	free(t, "the log", b.talk.String())
	toStaff := 0
	for _, m := range b.smtp.Received() {
		parsed, err := mail.ReadMessage(bytes.NewReader(m.Data))
		b.must(err)
		if !strings.Contains(parsed.Header.Get("To"), "anne@") {
			continue
		}
		toStaff++
		read := message.Parse(message.Source{Head: m.Data, Size: int64(len(m.Data))}, message.Limits{})
		for name, values := range parsed.Header {
			if name != "In-Reply-To" && name != "References" { // they are to stand beside the client's mail
				free(t, "the field "+name+" of a mail to staff", strings.Join(values, "\n"))
			}
		}
		free(t, "the subject of a mail to staff", read.Subject)
		for _, a := range read.Attachments {
			free(t, "the name of an attachment", a.Name)
		}
	}
	if toStaff < 5 {
		t.Errorf("%d mails to staff: this proves little", toStaff)
	}
}

func TestNoWordOfASenderIsInWhatMonitoringSees(t *testing.T) {
	b := withMarked(t)
	var log bytes.Buffer
	env := environment{stderr: &log, now: func() time.Time { return b.now }, getenv: noEnv}
	c, err := loadConfig(b.file(defaultConfig), env)
	b.must(err)
	o, err := openOffice(t.Context(), &c, env)
	b.must(err)
	defer o.Close()
	p := probe{[]*office{o}}
	for path, answer := range map[string]http.HandlerFunc{"/metrics": p.metrics, "/healthz": p.healthz} {
		w := httptest.NewRecorder()
		answer(w, httptest.NewRequest(http.MethodGet, path, nil))
		free(t, path, w.Body.String())
		if !strings.Contains(w.Body.String(), "GDN") {
			t.Errorf("%s tells nothing: %s", path, w.Body)
		}
	}
	free(t, "the log", log.String())
}

func TestACrashTellsWhereAndNoWord(t *testing.T) {
	b := newOldMailbox(t)
	b.must(b.try("once"))
	b.whenAsked = func(int) { panic(fmt.Errorf("reading %q: broken", marked(0))) }
	if code := b.guichet("cases", "-c", b.file(defaultConfig)); code != exitFailed {
		t.Errorf("it ended with %d", code)
	}
	free(t, "the crash", b.talk.String())
	for _, says := range []string{") at guichetdunumerique.be/guichet/cmd/guichet.", "fault of the program"} {
		if !strings.Contains(b.talk.String(), says) {
			t.Errorf("it does not say %q: %s", says, b.talk.String())
		}
	}
}
