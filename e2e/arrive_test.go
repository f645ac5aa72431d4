//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
)

func TestEveryMessageOfOurOwnHasOneFate(t *testing.T) {
	letters := slices.Concat(several(0, 120, request), several(0, 120, ordinary), several(0, 60, machine))
	shuffle(t, letters)
	arrive(t, letters)
}

func TestEveryMessageOfTheLabelledFoldersHasOneFate(t *testing.T) {
	arrive(t, slices.Concat(labelled(t, ownMessages, 200), labelled(t, otherMessages, 100)))
}

// arrive delivers the letters while the daemon runs and staff read along, and then holds the outcome
// against what was promised.
func arrive(t *testing.T, letters []letter) {
	d := newDesk(t)
	p := d.start(t)
	began := time.Now()
	delivered := make(chan error, 1)
	go func() { delivered <- d.mailbox.hand(letters...) }()
	marks := staffRead(t, d, len(letters), delivered)

	await(t, 3*time.Minute, "every message is in the ledger", func(context.Context) error { return d.complete(t, len(letters)) })
	d.settled(t)
	t.Logf("%d messages in %v, %d acknowledged", len(letters), time.Since(began).Round(time.Millisecond), len(d.out.acknowledgements()))

	box := d.mailbox.look(t)
	for _, m := range box.messages {
		if m.flags != marks[m.uid] {
			t.Errorf("UID %d has flags %q, staff left it with %q", m.uid, m.flags, marks[m.uid])
		}
	}
	p.stop(t)
	d.oneFateEach(t, box)
	answersKeepTheRules(t, d, letters)
	verified(t, d)
}

// staffRead marks some messages as staff would, while the daemon is busy with them, until all are there.
// It returns the flags that each UID was left with.
func staffRead(t *testing.T, d *desk, n int, delivered <-chan error) map[uint32]string {
	t.Helper()
	marks := map[uint32]string{}
	kinds := []imap.Flag{imap.FlagSeen, imap.FlagAnswered, imap.FlagFlagged, "$Label1"}
	c := d.mailbox.client(t)
	if _, err := c.Select("INBOX", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	await(t, 3*time.Minute, "all is delivered", func(context.Context) error {
		if err := c.Noop().Wait(); err != nil {
			return err
		}
		for uid := uint32(len(marks)*5 + 1); uid <= c.Mailbox().NumMessages; uid += 5 {
			kind := kinds[len(marks)%len(kinds)]
			d.mailbox.mark(t, c, uid, kind)
			marks[uid] = string(kind)
		}
		if got := int(c.Mailbox().NumMessages); got < n {
			return fmt.Errorf("%d of %d messages are in the mailbox", got, n)
		}
		return nil
	})
	if err := <-delivered; err != nil {
		t.Fatal(err)
	}
	return marks
}

var referenceForm = regexp.MustCompile(`\bGDN-\d{4}-\d{4}\b`)

// answersKeepTheRules checks each acknowledgement against RFC 3834 and the promise to echo nothing.
func answersKeepTheRules(t *testing.T, d *desk, letters []letter) {
	t.Helper()
	byID := map[string]letter{}
	for _, l := range letters {
		byID[l.id] = l
	}
	answered := map[string]int{}
	references := map[string]string{}
	for _, m := range d.out.acknowledgements() {
		parent, known := byID[m.parent()]
		if !known || m.parent() == "" {
			t.Errorf("an acknowledgement to <%s> answers none of the messages: In-Reply-To %q", m.to, m.header.Get("In-Reply-To"))
			continue
		}
		if n := len(m.header["Auto-Submitted"]); n != 1 || m.header.Get("Auto-Submitted") != "auto-replied" {
			t.Errorf("%s: answered with %d Auto-Submitted fields, %q", parent.name, n, m.header.Get("Auto-Submitted"))
		}
		answered[parent.id]++
		if parent.machine {
			t.Errorf("%s: a machine was answered", parent.name)
		}
		refs := referenceForm.FindAllString(m.text(), -1)
		if len(refs) == 0 {
			t.Errorf("%s: the acknowledgement bears no reference", parent.name)
			continue
		}
		if slices.ContainsFunc(refs, func(r string) bool { return r != refs[0] }) {
			t.Errorf("%s: several references in one acknowledgement: %v", parent.name, refs)
		}
		if other := references[refs[0]]; other != "" {
			t.Errorf("%s and %s were given the same reference", parent.name, other)
		}
		references[refs[0]] = parent.name
		if line := echoed(parent, m); line != "" {
			t.Errorf("%s: the acknowledgement repeats the writer's words %q", parent.name, line)
		}
	}
	for _, l := range letters {
		if l.request && answered[l.id] != 1 {
			t.Errorf("%s: acknowledged %d times, want once", l.name, answered[l.id])
		}
	}
}

// threading are the fields that RFC 3834 section 3.1 wants taken over from the message answered.
var threading = regexp.MustCompile(`(?im)^(In-Reply-To|References|To):.*$`)

// echoed finds a line, the subject or a name of the message in its answer. Short ones are left out: two
// letters of the same kind share their courtesies.
func echoed(parent letter, answer sent) string {
	const tellingLine, tellingName = 20, 8 // bytes
	text := squeezed(threading.ReplaceAllString(answer.text(), ""))
	header, words := opened(parent.raw)
	for line := range strings.Lines(words) {
		if line = squeezed(line); len(line) >= tellingLine && strings.Contains(text, line) {
			return line
		}
	}
	if subject := squeezed(header["Subject"]); len(subject) >= tellingLine && strings.Contains(text, subject) {
		return subject
	}
	for _, field := range []string{"From", "Reply-To", "Sender"} {
		name, _, _ := strings.Cut(header[field], "<")
		if name = squeezed(strings.Trim(name, `" `)); len(name) >= tellingName && strings.Contains(text, name) {
			return name
		}
	}
	return ""
}

// squeezed is s with every run of white space made one blank.
func squeezed(s string) string { return strings.Join(strings.Fields(s), " ") }

// verified has the program hold its own ledger against the server.
func verified(t *testing.T, d *desk) {
	t.Helper()
	if r := d.guichet(t, "verify"); r.code != 0 {
		t.Errorf("guichet verify ended with %d:\n%s%s", r.code, r.out, r.err)
	}
}
