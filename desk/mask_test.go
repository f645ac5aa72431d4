package desk_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"guichetdunumerique.be/guichet/cases"
)

// Numbers that name a person, as people write them.
const (
	nationalNumber = "85.07.30-033.28"
	account        = "BE68 5390 0754 7034"
	card           = "4111 1111 1111 1111"
)

// ofNumbers is what of them must be found nowhere, as written and with nothing between the digits: pieces too long
// to stand by chance in the keyed hashes and random ids that the database is full of.
var ofNumbers = map[string][]string{
	"a national number": {"033.28", "85073003328"},
	"an account":        {"5390 0754", "53900754", "0754 7034"},
	"a card":            {"1111 1111", "11111111"},
}

// written is all that was written by the desk: to people, into Drafts and Sent, and into its files.
func (o *office) written() string {
	o.t.Helper()
	var b strings.Builder
	for _, m := range append(o.post.mails, o.files.kept...) {
		fmt.Fprintln(&b, m.Subject, m.Text, m.HTML, string(m.Calendar))
	}
	files, err := filepath.Glob(o.path + "*")
	must(o.t, err)
	for _, name := range files {
		raw, err := os.ReadFile(name)
		must(o.t, err)
		b.Write(bytes.ToValidUTF8(raw, []byte("\n")))
	}
	return b.String()
}

func TestNoNumberThatNamesAPersonIsKeptOrSent(t *testing.T) {
	o := newOffice(t)
	all := nationalNumber + ", " + account + ", " + card
	l := erasure()
	l.from = `"Jan Peeters ` + nationalNumber + ` ` + account + `" <jan@post.example>`
	l.subject += " " + all
	l.body += "\n" + all
	if e := o.arrive(l); e.Case != first {
		t.Fatalf("case %q", e.Case)
	}
	commands := []cases.Command{
		{Verb: cases.VerbNote, Reason: "il a donné " + all},
		{Verb: cases.VerbPause, Reason: "attend la copie, n° " + all},
		{Verb: cases.VerbExtend, Reason: "compte " + all},
		{Verb: cases.VerbDraft, Draft: cases.DraftRefusal, Reason: "n° " + all},
		{Verb: cases.VerbClose, Outcome: cases.Fulfilled, Reason: all},
	}
	for _, c := range commands {
		c.Case = first
		_, err := o.Instruct(t.Context(), anne, c)
		must(t, errors.Join(err, o.Deliver(t.Context())))
	}
	o.arrive(letter{from: "Anne <" + anne + ">", subject: "Re", id: "anne.1@guichetdunumerique.be", answers: o.post.to(anne)[0].MessageID,
		body: "note " + all + "\nmerge " + all})
	o.now = o.now.AddDate(0, 0, 1)
	must(t, errors.Join(o.Tick(t.Context()), o.Deliver(t.Context())))

	text := o.written()
	for what, pieces := range ofNumbers {
		for _, piece := range pieces {
			if at := strings.Index(text, piece); at >= 0 {
				t.Errorf("%s is kept or sent: %q", what, text[max(0, at-80):at+20])
			}
		}
	}
	if n := strings.Count(text, "••.••.••-•••.••"); n < len(commands) {
		t.Errorf("%d masked numbers: what was to be masked was not written at all", n)
	}
	must(t, o.store.Check(t.Context()))
}
