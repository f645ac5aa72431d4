package main

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"guichetdunumerique.be/guichet/store"
)

func TestNothingOfAnEarlierScanIsMixedIn(t *testing.T) {
	b := newOldMailbox(t)
	b.layAll()
	b.scan("--format", "json", "--keep")
	config := b.file(defaultConfig)
	text, err := os.ReadFile(config)
	b.must(err)
	b.must(os.WriteFile(config, append(text, "[classify]\nthreshold = 0.99\n"...), 0o600))
	if code := b.guichet(b.scanArgs()...); code != exitFailed || !strings.Contains(b.talk.String(), "--again") {
		t.Errorf("ended with %d: %s", code, b.talk.String())
	}
	b.scan("--format", "json", "--again")
	if r := b.report(); r.Counts.Opened != 0 || r.Counts.Triage < 3 {
		t.Errorf("counted %+v", r.Counts)
	}

	b.scan("--format", "json", "--keep")
	b.must(b.imap.Renumber("INBOX"))
	if code := b.guichet(b.scanArgs()...); code != exitFailed || !strings.Contains(b.talk.String(), "--again") {
		t.Errorf("ended with %d: %s", code, b.talk.String())
	}
}

func TestAScanAndAnotherDoNotMeet(t *testing.T) {
	b := newOldMailbox(t)
	b.layAll()
	s, err := store.Open(t.Context(), store.Config{Path: b.file("guichet.db"), Exclusive: true, Now: time.Now, Log: newLogger(&b.talk, logConfig{})})
	b.must(err)
	defer s.Close()
	b.scan("--format", "json") // reads beside a daemon
	if code := b.guichet(b.scanArgs("--open")...); code != exitFailed || !strings.Contains(b.talk.String(), "in use by another program") {
		t.Errorf("ended with %d: %s", code, b.talk.String())
	}
}

func TestALineThatWasBeingWrittenIsWrittenAgain(t *testing.T) {
	b := newOldMailbox(t)
	b.layAll()
	b.scan("--format", "json", "--keep")
	whole := b.report()
	spool := filepath.Join(b.file("guichet.db.scan-2026-09-01"), spoolFile)
	text, err := os.ReadFile(spool)
	b.must(err)
	for _, cut := range []int{1, 40, len(text) / 2, len(text) - 10, len(text)} {
		b.must(os.WriteFile(spool, text[:len(text)-cut], 0o600))
		b.scan("--format", "json", "--keep")
		if got := b.report(); !reflect.DeepEqual(got, whole) {
			t.Errorf("%d bytes cut off: %+v", cut, got)
		}
	}
	b.must(os.WriteFile(spool, append(slices.Clone(text), "nonsense\n"...), 0o600))
	if code := b.guichet(b.scanArgs()...); code != exitFailed || !strings.Contains(b.talk.String(), "--again") {
		t.Errorf("ended with %d: %s", code, b.talk.String())
	}
}
