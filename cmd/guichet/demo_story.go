package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/classify"
	"guichetdunumerique.be/guichet/store"
)

// story tells the demo on a terminal.
type story struct {
	out    io.Writer
	env    environment
	stage  *stage
	colour bool
	began  time.Time
	sample *scene // whose answer is shown at the end
}

func newStory(env environment, s *stage) *story {
	return &story{out: env.stdout, env: env, stage: s, colour: inColour(env), began: time.Now()}
}

// bold and dim are how a heading and a detail look on a terminal.
func (s *story) bold(text string) string { return s.tinted("1", text) }
func (s *story) dim(text string) string  { return s.tinted("2", text) }

func (s *story) tinted(code, text string) string {
	if !s.colour {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (s *story) opening(n int) {
	fmt.Fprintf(s.out, "%s\n", s.bold("guichet: a mailbox, a mail server and the real daemon, all inside this program"))
	fmt.Fprintf(s.out, "%d invented mails arrive at %s, one after the other.\n", n, ownAddress)
}

// scene tells what became of one mail.
func (s *story) scene(n int, sc scene) {
	from := sc.message.From[0]
	fmt.Fprintf(s.out, "\n%2d  %s  %s\n", n, s.bold(printable(from.Name)), s.dim(printable("“"+sc.message.Subject+"”")))
	if sc.entry.Fate != cases.FateCase {
		s.line(fateWords[sc.entry.Fate], "%s", strings.TrimSpace(sc.entry.Case+" "+sc.entry.Reason))
		return
	}
	s.evidence(sc)
	c := sc.opened
	state := ""
	if c.Status == cases.Triage {
		state = ", to be confirmed by a person"
	}
	s.line("case", "%s%s; answer by %s", s.bold(c.Reference.String()), state, s.bold(c.Due.In(time.UTC).Format("Monday 2 January 2006")))
	s.line("identity", "%s", identityWords[c.Identity])
	if sc.answer == nil {
		s.line("answer", "held: %s", c.Hold)
		return
	}
	s.line("answer", "acknowledged in %s, %s after arrival", languageNames[c.Language], sc.answered.Round(time.Millisecond))
	if s.sample == nil {
		s.sample = &sc
	}
}

// evidence names each right with the words that showed it best.
func (s *story) evidence(sc scene) {
	for _, right := range sc.opened.Rights {
		words, rule := "", ""
		for _, e := range sc.judged.Verdict.Evidence {
			if e.Right == right {
				words, rule = e.Text, e.Rule
				break
			}
		}
		s.line("asks", "%s (art. %s): “%s” %s", strings.ReplaceAll(string(right), "_", " "), right.Article(), printable(shorten(words)), s.dim(rule))
	}
	if sc.judged.Decision == classify.ToTriage && len(sc.opened.Rights) == 0 {
		s.line("asks", "perhaps; no right is named")
	}
}

// shorten cuts a quotation to what fits on a line.
func shorten(words string) string {
	words = strings.Join(strings.Fields(words), " ")
	if r := []rune(words); len(r) > 50 {
		return string(r[:49]) + "…"
	}
	return words
}

func (s *story) line(name, format string, args ...any) {
	fmt.Fprintf(s.out, "    %-9s %s\n", name, fmt.Sprintf(format, args...))
}

var fateWords = map[cases.Fate]string{
	cases.FateLinked: "joins", cases.FateStaff: "staff", cases.FateAutomatic: "machine",
	cases.FateIgnored: "left", cases.FateUnreadable: "unread", cases.FateForeign: "stranger",
}

var identityWords = map[cases.Identity]string{
	cases.IdentityNotNeeded: "no proof needed", cases.IdentityMissing: "no proof seen, flagged to staff",
	cases.IdentityAnnounced: "a proof is announced but not attached", cases.IdentityCandidate: "an attachment that may be a proof; a person looks",
	cases.IdentitySigned: "signed; a person looks", cases.IdentityRefused: "the writer declines to send one; a person decides",
}

var languageNames = map[string]string{"fr": "French", "nl": "Dutch", "de": "German", "en": "English"}

// ending shows one answer whole, the cases as staff see them, and the account of all messages.
func (s *story) ending(ctx context.Context) error {
	if s.sample != nil {
		fmt.Fprintf(s.out, "\n%s\n", s.bold("What "+printable(s.sample.message.From[0].Name)+" received"))
		fmt.Fprintf(s.out, "  | Subject: %s\n  |\n", s.sample.answer.Subject)
		for line := range strings.Lines(strings.TrimSpace(s.sample.answer.Text)) {
			fmt.Fprintf(s.out, "  | %s\n", strings.TrimRight(line, "\r\n "))
		}
	}
	var list []cases.Case
	var fates map[cases.Fate]int
	err := s.stage.office.store.View(ctx, func(tx *store.Tx) (err error) {
		if list, err = tx.FindCases(store.CaseFilter{}); err != nil {
			return err
		}
		fates, err = tx.CountFates()
		return err
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "\n%s\n", s.bold("The cases, most urgent first (guichet cases)"))
	var table bytes.Buffer
	env := s.env
	env.stdout = &table
	if err := writeCases(env, newRows(list, env.now(), s.stage.config.Desk.Timezone.Location), false, false); err != nil {
		return err
	}
	for line := range strings.Lines(table.String()) {
		fmt.Fprintf(s.out, "  %s", line)
	}
	return s.account(fates, len(list))
}

// account adds up what became of the messages, and compares it with the mailbox.
func (s *story) account(fates map[cases.Fate]int, opened int) error {
	flags, err := s.stage.imap.Flags("INBOX")
	if err != nil {
		return err
	}
	filed, marked := 0, 0
	for _, n := range fates {
		filed += n
	}
	for _, f := range flags {
		marked += len(f)
	}
	fmt.Fprintf(s.out, "\n%d messages in the mailbox, %d in the ledger: %d opened a case, %d joined one, %d from machines, %d not requests.\n",
		len(flags), filed, opened, fates[cases.FateLinked], fates[cases.FateAutomatic], fates[cases.FateIgnored])
	fmt.Fprintf(s.out, "%d acknowledgements left. Flags set on the mailbox: %d. All in %s.\n",
		s.stage.answered, marked, time.Since(s.began).Round(10*time.Millisecond))
	if len(flags) != filed {
		return fmt.Errorf("%d messages in the mailbox, but %d in the ledger", len(flags), filed)
	}
	return nil
}
