package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/store"
)

func newCase(env environment) *cobra.Command {
	var path string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "case REF",
		Short: "show one case and what happened to it",
		Long: `case shows one case: who asked for what, how its dates were found, where its messages lie and what was sent.
REF is written as in mails, such as GDN-2026-0007.`,
		Example: "  guichet case GDN-2026-0007\n  guichet case --json gdn-2026-7",
		Args:    oneArgument("case reference"),
		GroupID: groupLook,
		RunE: func(cmd *cobra.Command, args []string) error {
			ref, err := cases.ParseReference(args[0])
			if err != nil {
				return badUsage(cmd, err)
			}
			c, err := loadConfig(path, env)
			if err != nil {
				return err
			}
			var f caseFile
			if err := c.view(cmd.Context(), env, func(tx *store.Tx) error { return f.read(tx, ref.String()) }); err != nil {
				return err
			}
			if asJSON {
				return writeJSON(env.stdout, f.json())
			}
			return f.write(env.stdout, c.term(), env.now())
		},
		ValidArgsFunction: completeReference(env, &path, nil),
	}
	configFlag(cmd, &path)
	cmd.Flags().BoolVar(&asJSON, "json", false, "as a JSON object")
	return cmd
}

// caseFile is all that is kept of one case.
type caseFile struct {
	cases.Case
	events   []cases.Event
	messages []store.Entry
	mails    []store.Outgoing
}

func (f *caseFile) read(tx *store.Tx, ref string) (err error) {
	f.Case, err = tx.FindCase(ref)
	if errors.Is(err, store.ErrNotFound) {
		return withHint(fmt.Errorf("there is no case %s", ref), "guichet cases lists them")
	}
	if err == nil {
		f.events, err = tx.FindEvents(ref)
	}
	for i := range f.events { // those of an older program were kept as they were written
		f.events[i].Note = cases.Mask(f.events[i].Note)
	}
	if err == nil {
		f.messages, err = tx.FindEntries(store.EntryFilter{Case: ref})
	}
	if err == nil {
		f.mails, err = tx.FindOutgoing(store.OutFilter{Case: ref})
	}
	return err
}

// write tells a person the case from its request to today.
func (f *caseFile) write(w io.Writer, term cases.Term, now time.Time) error {
	zone := term.Zone
	row := newRows([]cases.Case{f.Case}, now, zone)[0]
	var s sheet
	fmt.Fprintf(&s, "%s\n", row.Reference)
	s.line("status", "%s", strings.Trim(string(f.Status)+", "+string(f.Outcome), ", "))
	for i, r := range f.Rights {
		name := "rights"
		if i > 0 {
			name = ""
		}
		s.line(name, "%s (art. %s)", r, r.Article())
	}
	s.line("asked by", "%s", who(f.Requester))
	s.line("language", "%s", f.Language)
	s.line("identity", "%s", f.Identity)
	if f.Copy != cases.CopyNone {
		s.line("id copy", "%s", f.Copy)
	}
	s.line("flags", "%s", joined(f.Flags, ", "))
	if f.Hold != "" {
		s.line("answer", "no automatic one: %s", f.Hold)
	}
	s.line("grew from", "%s", f.Related)
	s.line("received", "%s", f.Received.In(zone).Format("2006-01-02 15:04 MST"))
	if !f.FirstReply.IsZero() {
		s.line("answered", "%s", f.FirstReply.In(zone).Format("2006-01-02 15:04 MST"))
	}
	f.writeDue(&s, row)
	f.writeArguable(&s, term, now)
	s.WriteString("\n")
	for _, m := range f.messages {
		s.line("message", "UID %d in %s, received %s: %s", m.UID, m.Folder, m.Received.In(zone).Format("2006-01-02 15:04"), m.Fate)
	}
	for _, m := range f.mails {
		s.line("mail", "%s: %s, %s%s", m.Key, m.State, plural(m.Attempts, "attempt"), after(", ", m.LastError))
	}
	s.WriteString("\n")
	for _, e := range f.events {
		s.line(e.At.In(zone).Format("2006-01-02 15:04"), "%-10s %s%s", e.Kind, e.By, after(": ", e.Note))
	}
	if _, err := io.WriteString(w, s.String()); err != nil {
		return fmt.Errorf("writing: %w", err)
	}
	return nil
}

// writeDue explains the date that counts and, before an extension, the date that one would give.
func (f *caseFile) writeDue(s *sheet, row caseRow) {
	left := ""
	if row.DaysLeft != nil {
		left = ", " + daysLeft(*row.DaysLeft)
	}
	if row.Extended {
		s.line("extended", "%s%s", dayName(f.Extended), left)
		for _, why := range f.LatestWhy {
			s.line("", "- %s", why)
		}
		s.line("first due", "%s", dayName(f.Due))
		return
	}
	s.line("due", "%s%s", dayName(f.Due), left)
	for _, why := range f.DueWhy {
		s.line("", "- %s", why)
	}
	if f.Status != cases.Closed {
		s.line("latest", "%s, if an extension notice leaves by %s", dayName(f.Latest), f.Due)
	}
}

// writeArguable shows the date that would count if the pauses did.
func (f *caseFile) writeArguable(s *sheet, term cases.Term, now time.Time) {
	day, why := term.Arguable(f.Case, cases.DateOf(now, term.Zone))
	if day.IsZero() {
		return
	}
	s.line("arguable", "%s, if the pauses count; alarms go by the date above", dayName(day))
	for _, w := range why {
		s.line("", "- %s", w)
	}
}

// daysLeft says how near a due date is.
func daysLeft(days int) string {
	switch {
	case days < 0:
		return plural(-days, "day") + " late"
	case days == 0:
		return "today"
	}
	return plural(days, "day") + " left"
}

// who is a person, as far as retention has left one.
func who(r cases.Requester) string {
	switch {
	case r.Address == "" && r.Name == "":
		return "(no longer kept, or never known)"
	case r.Name == "":
		return r.Address
	}
	return r.Name + " <" + r.Address + ">"
}

// after is text behind a mark, or nothing.
func after(mark, text string) string {
	if text == "" {
		return ""
	}
	return mark + text
}
