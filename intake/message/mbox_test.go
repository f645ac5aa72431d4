package message_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"guichetdunumerique.be/guichet/intake/message"
)

func readMbox(t *testing.T, box string, max int64) []string {
	t.Helper()
	var mails []string
	err := message.ReadMbox(iotest.OneByteReader(strings.NewReader(box)), max, func(raw []byte) error {
		mails = append(mails, string(raw))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return mails
}

func TestMboxIsCutIntoItsMails(t *testing.T) {
	const from = "From a@example.org Thu Mar  5 10:11:12 2026\n"
	for name, c := range map[string]struct {
		box  string
		want []string
	}{
		"two mails":               {from + "Subject: x\n\none\n\n" + from + "Subject: y\n\ntwo\n", []string{"Subject: x\n\none\n", "Subject: y\n\ntwo\n"}},
		"CRLF":                    {strings.ReplaceAll(from+"Subject: x\n\none\n\n"+from+"y\n", "\n", "\r\n"), []string{"Subject: x\r\n\r\none\r\n", "y\r\n"}},
		"quoted From lines":       {from + "\n>From me\n>>From you\n> From us\n", []string{"\nFrom me\n>From you\n> From us\n"}},
		"From within a paragraph": {from + "\na line\nFrom a@example.org at 10:11 you wrote 5\n", []string{"\na line\nFrom a@example.org at 10:11 you wrote 5\n"}},
		"From that begins a text": {from + "\na\n\nFrom now on, nothing\n", []string{"\na\n\nFrom now on, nothing\n"}},
		"no end of line":          {from + "Subject: x\n\none", []string{"Subject: x\n\none"}},
		"words before the first":  {"junk\n\n" + from + "a\n", []string{"a\n"}},
		"an empty mail":           {from + from + "a\n", []string{"From a@example.org Thu Mar  5 10:11:12 2026\na\n"}},
		"nothing":                 {"", nil},
		"no mbox":                 {"Subject: x\n\none\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			if got := readMbox(t, c.box, 1<<20); !slices.Equal(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestMboxMailsAreBounded(t *testing.T) {
	long := strings.Repeat("x", 200_000)
	got := readMbox(t, "From a Thu Mar 5 10:11:12 2026\n"+long+"\n\nFrom a Thu Mar 5 10:11:12 2026\nb\n", 100_000)
	if len(got) != 2 || len(got[0]) != 100_000 || got[1] != "b\n" {
		t.Errorf("%d mails, the first of %d bytes", len(got), len(got[0]))
	}
}

func TestMboxErrorsEndTheReading(t *testing.T) {
	stop, calls := errors.New("stop"), 0
	box := strings.Repeat("From a Thu Mar 5 10:11:12 2026\nb\n\n", 3)
	err := message.ReadMbox(strings.NewReader(box), 100, func([]byte) error { calls++; return stop })
	if !errors.Is(err, stop) || calls != 1 {
		t.Errorf("error %v after %d calls", err, calls)
	}
	broken := errors.New("broken disk")
	err = message.ReadMbox(iotest.ErrReader(broken), 100, func([]byte) error { return nil })
	if !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
}

func TestIsMbox(t *testing.T) {
	for head, want := range map[string]bool{
		"From a@example.org Thu Mar  5 10:11:12 2026\nSubject: x\n": true,
		"From a@example.org Thu Mar  5 10:11:12 2026\r\nX: y\r\n":   true,
		"From: a@example.org\nSubject: x\n":                         false,
		"From a@example.org Thu Mar  5 10:11:12 2026\n\nwords\n":    false,
		"Subject: x\n": false,
		"":             false,
	} {
		if got := message.IsMbox([]byte(head)); got != want {
			t.Errorf("%q: %v, want %v", head, got, want)
		}
	}
}
