package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/internal/mailtest"
	"guichetdunumerique.be/guichet/store"
)

// oldMailbox is a mailbox with a past, a desk's config for it, and the program.
type oldMailbox struct {
	t    testing.TB
	dir  string
	imap *mailtest.IMAP
	smtp *mailtest.SMTP
	now  time.Time
	ctx  context.Context

	whenAsked func(n int) // the time, for the n-th time

	out, talk bytes.Buffer // of the last run
}

func newOldMailbox(t testing.TB) *oldMailbox {
	t.Helper()
	b := &oldMailbox{t: t, dir: t.TempDir(), now: today, ctx: t.Context()}
	certificate, err := mailtest.NewCertificate()
	b.must(err)
	options := mailtest.Options{Username: ownAddress, Password: demoPassword, Certificate: certificate}
	b.imap, err = mailtest.StartIMAP(options)
	b.must(err)
	t.Cleanup(func() { _ = b.imap.Close() })
	b.smtp, err = mailtest.StartSMTP(options)
	b.must(err)
	t.Cleanup(func() { _ = b.smtp.Close() })
	b.must(certificate.WriteFile(b.file("ca.pem")))
	b.must(os.WriteFile(b.file(defaultConfig), fmt.Appendf(nil, demoConfig, ownAddress, b.imap.Addr(), ownAddress, b.smtp.Addr()), 0o600))
	b.must(os.WriteFile(b.file("password"), []byte(demoPassword), 0o600))
	return b
}

func (b *oldMailbox) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *oldMailbox) file(name string) string { return filepath.Join(b.dir, name) }

// lay puts a mail into a folder, as it came so many days ago.
func (b *oldMailbox) lay(folder string, days int, from, id, headers, body string) uint32 {
	b.t.Helper()
	raw := fmt.Sprintf("Return-Path: <%s>\nFrom: <%s>\nTo: %s\nSubject: bonjour\nMessage-ID: <%s>\n%sContent-Type: text/plain; charset=utf-8\n\n%s\n",
		from, from, ownAddress, id, headers, body)
	uid, err := b.imap.Deliver(folder, []byte(strings.ReplaceAll(raw, "\n", "\r\n")), b.now.AddDate(0, 0, -days))
	b.must(err)
	return uid
}

// layNear lays a mail that is left alone although a rule spoke, and that wants to be more than words.
func (b *oldMailbox) layNear() {
	b.lay("INBOX", 5, "kim@post.example", "kim.2@post.example", "", "Avez-vous supprimé mes données <script>x</script> ? Non, gardez-les.")
}

const (
	asksErasure = "Bonjour,\n\nMerci de supprimer toutes mes données personnelles de vos fichiers.\n\nJan"
	asksNothing = "Bonjour,\n\nOù en est ma commande de tasses ?\n\nJan"
	asksMaybe   = "Bonjour,\n\nComment puis-je faire valoir mes droits ?\n\nJan"
)

// layAll lays one mail of each kind.
func (b *oldMailbox) layAll() {
	b.lay("INBOX", 84, "ann@post.example", "ann.0@post.example", "", asksErasure)                                        // 1, the day before the first
	b.lay("INBOX", 50, "jan@post.example", "jan.1@post.example", "", asksErasure)                                        // 2, missed
	b.lay("INBOX", 48, "jan@post.example", "jan.2@post.example", "In-Reply-To: <jan.1@post.example>\n", "Et alors ?")    // 3, joins
	b.lay("INBOX", 10, "mia@post.example", "mia.1@post.example", "", asksErasure)                                        // 4, due
	b.lay("INBOX", 9, "list@post.example", "list.1@post.example", "List-Id: <x.post.example>\n", asksErasure+" (lijst)") // 5, held
	b.lay("INBOX", 8, "eve@post.example", "eve.1@post.example", "", asksMaybe)                                           // 6, triage
	b.lay("INBOX", 7, "tom@post.example", "tom.1@post.example", "", asksNothing)                                         // 7, left
	b.lay("Junk", 6, "zoe@post.example", "zoe.1@post.example", "", asksErasure+" Zoé")                                   // 1, held
}

// guichet runs the program and returns its exit code.
func (b *oldMailbox) guichet(args ...string) int {
	b.out.Reset()
	b.talk.Reset()
	asked := 0
	return run(b.ctx, environment{
		stdin: strings.NewReader(""), stdout: &b.out, stderr: &b.talk, getenv: func(string) string { return "" },
		now: func() time.Time {
			if asked++; b.whenAsked != nil {
				b.whenAsked(asked)
			}
			return b.now
		},
	}, args)
}

// scan runs a scan that must do.
func (b *oldMailbox) scan(args ...string) {
	b.t.Helper()
	if code := b.guichet(b.scanArgs(args...)...); code != exitDone {
		b.t.Fatalf("scan ended with %d: %s", code, b.talk.String())
	}
}

func (b *oldMailbox) scanArgs(args ...string) []string {
	return append([]string{"scan", "-c", b.file(defaultConfig), "--since", "2026-09-01"}, args...)
}

// scanned is a report in JSON.
type scanned struct {
	Counts counts      `json:"counts"`
	Found  []foundJSON `json:"found"`
	Near   []finding   `json:"near"`
}

func (b *oldMailbox) report() (r scanned) {
	b.t.Helper()
	b.must(json.Unmarshal(b.out.Bytes(), &r))
	return r
}

// outline is a report in a few words a finding.
func (r scanned) outline() []string {
	var list []string
	for _, f := range r.Found {
		list = append(list, fmt.Sprintf("%s %s %s %s %s", f.Section, f.Where(), f.Kind, f.From, f.Due))
	}
	return list
}

var wantOutline = []string{
	"missed INBOX/2 opened jan@post.example 2026-11-04",
	"due INBOX/4 opened mia@post.example 2026-12-14",
	"triage INBOX/6 triage eve@post.example 2026-12-15",
	"held INBOX/5 held list@post.example 2026-12-14",
	"held Junk/1 held zoe@post.example 2026-12-17",
	"joined INBOX/3 joined jan@post.example ",
}

func TestAScanTellsWhatThePastWouldHaveBecome(t *testing.T) {
	b := newOldMailbox(t)
	b.layAll()
	flags, err := b.imap.Flags("INBOX")
	b.must(err)
	b.scan("--format", "json")
	r := b.report()
	if got := r.outline(); !reflect.DeepEqual(got, wantOutline) {
		t.Errorf("found\n%s", strings.Join(got, "\n"))
	}
	want := counts{Read: 8, Missed: 1, Opened: 2, Held: 2, Triage: 1, Joined: 1, Left: 1, Older: 1, Why: map[cases.Fate]int{cases.FateIgnored: 1}}
	if !reflect.DeepEqual(r.Counts, want) {
		t.Errorf("counted %+v", r.Counts)
	}
	first := r.Found[0]
	if *first.DaysLeft != -19 || first.Rights[0] != cases.Erasure || !strings.Contains(first.Evidence[0].Text, "supprimer toutes mes données") {
		t.Errorf("found %+v", first)
	}
	after, err := b.imap.Flags("INBOX")
	if b.must(err); !reflect.DeepEqual(after, flags) {
		t.Errorf("flags were %v, are %v", flags, after)
	}
	for _, left := range []string{"guichet.db", "guichet.db.scan-2026-09-01"} {
		if _, err := os.Stat(b.file(left)); !os.IsNotExist(err) {
			t.Errorf("%s is there: %v", left, err)
		}
	}
}

// interruptEvery is how far apart the places lie at which a scan is interrupted.
var interruptEvery = 2

func TestAnInterruptedScanReadsNoMessageTwice(t *testing.T) {
	b := newOldMailbox(t)
	b.layAll()
	b.scan("--format", "json")
	whole := b.report()
	interrupted, spool := 0, filepath.Join(b.file("guichet.db.scan-2026-09-01"), spoolFile)
	for calls := 1; ; calls += interruptEvery {
		ctx, cancel := context.WithCancel(t.Context())
		b.ctx = ctx
		b.whenAsked = func(n int) {
			if n == calls {
				cancel() // wherever the program is just then
			}
		}
		code := b.guichet(b.scanArgs("--format", "json")...)
		cancel()
		b.ctx, b.whenAsked = t.Context(), nil
		if code == exitDone {
			break
		}
		if !strings.HasPrefix(b.talk.String(), "guichet: error: interrupted") {
			t.Errorf("interrupted after %d calls, it says %q", calls, b.talk.String())
		}
		if strings.Contains(b.talk.String(), "the same command goes on from there") {
			interrupted++
		}
		if info, err := os.Stat(spool); err == nil && info.Mode().Perm() != 0o600 {
			t.Errorf("what was found may be read by others: %v", info.Mode())
		}
		b.scan("--format", "json")
		if got := b.report(); !reflect.DeepEqual(got, whole) {
			t.Errorf("interrupted after %d calls: %+v, want %+v", calls, got, whole)
		}
	}
	if interrupted*interruptEvery < 10 { // as many places as a scan of this mailbox has, however far apart
		t.Errorf("interrupted %d times only", interrupted)
	}
}

func TestAScanCanOpenTheCasesAndMailsNobody(t *testing.T) {
	b := newOldMailbox(t)
	b.layAll()
	b.scan("--format", "json", "--open")
	if got := b.report().outline(); !reflect.DeepEqual(got, wantOutline) {
		t.Errorf("found\n%s", strings.Join(got, "\n"))
	}
	first := b.cases()
	if len(first) != 5 {
		t.Fatalf("%d cases", len(first))
	}
	for _, k := range first {
		if !strings.HasPrefix(k.Hold, "opened by scan") {
			t.Errorf("%s is held because %q", k.Reference, k.Hold)
		}
	}
	b.now = b.now.Add(time.Minute)
	b.scan("--format", "json", "--open")
	if r := b.report(); len(b.cases()) != 5 || r.Counts.Known != 7 || len(r.Found) != 0 {
		t.Errorf("the second time: %d cases, %+v", len(b.cases()), r.Counts)
	}
	b.scan("--format", "json") // neither does a report show what is filed
	if r := b.report(); r.Counts.Known != 7 {
		t.Errorf("a report afterwards: %+v", r.Counts)
	}
	for range 2 { // the desk goes live
		if code := b.guichet("once", "-c", b.file(defaultConfig)); code != exitDone {
			t.Fatal(b.talk.String())
		}
	}
	if len(b.cases()) != 5 || len(b.smtp.Received()) != 0 {
		t.Errorf("%d cases, %d mails left", len(b.cases()), len(b.smtp.Received()))
	}
}

func TestCasesOpenOnceHoweverOftenAScanIsInterrupted(t *testing.T) {
	b := newOldMailbox(t)
	b.layAll()
	code := exitFailed
	for calls := 10; code != exitDone; calls += 5 { // each run gets a little further
		ctx, cancel := context.WithCancel(t.Context())
		b.ctx = ctx
		b.whenAsked = func(n int) {
			if n == calls {
				cancel()
			}
		}
		code = b.guichet(b.scanArgs("--format", "json", "--open")...)
		cancel()
		b.now = b.now.Add(time.Minute)
	}
	if got := b.report().outline(); !reflect.DeepEqual(got, wantOutline) || len(b.cases()) != 5 {
		t.Errorf("%d cases; found\n%s", len(b.cases()), strings.Join(got, "\n"))
	}
}

func TestAScanLeavesNewMailToTheDesk(t *testing.T) {
	b := newOldMailbox(t)
	b.lay("INBOX", 20, "jan@post.example", "jan.1@post.example", "", asksErasure)
	if code := b.guichet("once", "-c", b.file(defaultConfig)); code != exitDone {
		t.Fatal(b.talk.String())
	}
	b.lay("INBOX", 0, "mia@post.example", "mia.1@post.example", "", asksErasure)
	b.scan("--format", "json", "--open")
	if r := b.report(); r.Counts.Opened != 1 || r.Counts.Known != 1 {
		t.Errorf("counted %+v", r.Counts)
	}
	if code := b.guichet("once", "-c", b.file(defaultConfig)); code != exitDone {
		t.Fatal(b.talk.String())
	}
	if sent := b.smtp.Received(); len(sent) != 1 || sent[0].To[0] != "mia@post.example" {
		t.Errorf("sent %+v", sent)
	}
}

// cases are those of the desk.
func (b *oldMailbox) cases() (list []cases.Case) {
	b.t.Helper()
	s, err := store.Open(b.t.Context(), store.Config{Path: b.file("guichet.db"), Now: func() time.Time { return b.now },
		Log: newLogger(&b.talk, logConfig{Level: "error"})})
	b.must(err)
	defer s.Close()
	b.must(s.View(b.t.Context(), func(tx *store.Tx) (err error) { list, err = tx.FindCases(store.CaseFilter{}); return err }))
	return list
}
