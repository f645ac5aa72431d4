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
	t.Parallel()
	letters := slices.Concat(several(0, 120, request), several(0, 120, ordinary), several(0, 60, machine))
	shuffle(t, letters)
	arrive(t, letters)
}

func TestEveryMessageOfTheLabelledFoldersHasOneFate(t *testing.T) {
	t.Parallel()
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
	byID, byWriter := map[string]letter{}, map[string]letter{}
	for _, l := range letters {
		if l.id == "" {
			byWriter[l.envelope] = l // has no Message-ID that an answer could bear
			continue
		}
		byID[l.id] = l
	}
	answeredBy := func(m sent) (letter, bool) {
		if m.parent() == "" {
			l, known := byWriter[m.to]
			return l, known
		}
		l, known := byID[m.parent()]
		return l, known
	}
	answered := map[string]int{}
	references := map[string]string{}
	answers := d.out.acknowledgements()
	for _, m := range answers {
		parent, known := answeredBy(m)
		if !known {
			t.Errorf("an acknowledgement to <%s> answers none of the messages: In-Reply-To %q", m.to, m.header.Get("In-Reply-To"))
			continue
		}
		if n := len(m.header["Auto-Submitted"]); n != 1 || m.header.Get("Auto-Submitted") != "auto-replied" {
			t.Errorf("%s: answered with %d Auto-Submitted fields, %q", parent.name, n, m.header.Get("Auto-Submitted"))
		}
		if got := m.header.Get("Content-Language"); parent.language != "" && got != parent.language {
			t.Errorf("%s: written in %s and answered in %q", parent.name, parent.language, got)
		}
		answered[parent.name]++
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
		for _, words := range echoed(parent, m) {
			if !slices.ContainsFunc(answers, func(other sent) bool {
				to, _ := answeredBy(other)
				return says(other, words) && !wrote(to, words)
			}) {
				t.Errorf("%s: the acknowledgement repeats the writer's words %q", parent.name, words)
			}
		}
	}
	for _, l := range letters {
		if l.request && answered[l.name] != 1 {
			t.Errorf("%s: acknowledged %d times, want once", l.name, answered[l.name])
		}
	}
}

// threading are the fields that RFC 3834 section 3.1 wants taken over from the message answered.
var threading = regexp.MustCompile(`(?im)^(In-Reply-To|References|To):.*$`)

// echoed finds lines, names and the subject of the message in its answer. Whether they are the
// templates' own words, which another writer happens to use, shows in other answers.
func echoed(parent letter, answer sent) (found []string) {
	header, words := opened(parent.raw)
	telling := strings.Split(words, "\n")
	telling = append(telling, header["Subject"])
	for _, field := range []string{"From", "Reply-To", "Sender"} {
		name, _, _ := strings.Cut(header[field], "<")
		telling = append(telling, strings.Trim(name, `" `))
	}
	for _, piece := range telling {
		const shortest = 8 // bytes; a shorter piece says nothing of its writer
		if piece = squeezed(piece); len(piece) >= shortest && says(answer, piece) {
			found = append(found, piece)
		}
	}
	return found
}

// says reports whether an answer holds the words, beside the fields that it must take over.
func says(answer sent, words string) bool {
	return strings.Contains(squeezed(threading.ReplaceAllString(answer.text(), "")), words)
}

// wrote reports whether the words are in a message.
func wrote(l letter, words string) bool { return strings.Contains(squeezed(readable(l.raw)), words) }

// squeezed is s with every run of white space made one blank.
func squeezed(s string) string { return strings.Join(strings.Fields(s), " ") }
