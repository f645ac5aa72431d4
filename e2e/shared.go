//go:build e2e

package e2e

import (
	"bytes"
	"encoding/json"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The folders of labelled mail that may lie beside the repository.
const (
	ownMessages   = "../../shared/messages"
	otherMessages = "../../shared/corpus"
)

// label is what is known of one message of those folders.
type label struct {
	File       string `json:"file"`
	Auto       bool   `json:"auto"`        // ours: must never be answered
	ExpectAuto bool   `json:"expect_auto"` // theirs: written by a machine
}

// labelled reads the first n messages of a labelled folder, each a step apart so that every kind is among
// them. The test is skipped where the folder is absent.
func labelled(t *testing.T, folder string, n int) []letter {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(folder, "labels.jsonl"))
	if err != nil {
		t.Skipf("the labelled messages are not beside the repository: %v", err)
	}
	lines := bytes.Split(bytes.TrimSpace(data), []byte("\n"))
	if n > len(lines) {
		t.Fatalf("%s holds %d messages, not %d", folder, len(lines), n)
	}
	var letters []letter
	for i := range n {
		var l label
		if err := json.Unmarshal(lines[i*len(lines)/n], &l); err != nil {
			t.Fatal(err)
		}
		raw, err := os.ReadFile(filepath.Join(folder, l.File))
		if err != nil {
			t.Fatal(err)
		}
		letters = append(letters, received(l.File, raw, l.Auto || l.ExpectAuto))
	}
	return letters
}

var (
	returnPath = regexp.MustCompile(`(?im)^Return-Path:[ \t]*<([^>\r\n]*)>`)
	messageID  = regexp.MustCompile(`(?im)^Message-ID:\s*<([^>\r\n]*)>`)
)

// received makes a letter of a stored message: its envelope sender is the one recorded in it, or else
// the writer.
func received(name string, raw []byte, machine bool) letter {
	l := letter{name: name, raw: raw, machine: machine}
	head, _, found := bytes.Cut(raw, []byte("\r\n\r\n"))
	if !found {
		head, _, _ = bytes.Cut(raw, []byte("\n\n"))
	}
	if m := messageID.FindSubmatch(head); m != nil {
		l.id = string(m[1])
	}
	if m := returnPath.FindSubmatch(head); m != nil {
		l.envelope = string(m[1])
	} else if parsed, err := mail.ReadMessage(bytes.NewReader(raw)); err == nil {
		if from, err := parsed.Header.AddressList("From"); err == nil && len(from) == 1 {
			l.envelope = from[0].Address
		}
	}
	if strings.ContainsFunc(l.envelope, func(r rune) bool { return r <= ' ' || r > '~' }) {
		l.envelope = ""
	}
	return l
}
