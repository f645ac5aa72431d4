package main

import (
	"fmt"
	"io"
	"strings"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/classify"
	"guichetdunumerique.be/guichet/desk"
	"guichetdunumerique.be/guichet/intake/message"
)

// sheet gathers lines of "name  value" for a person.
type sheet struct{ strings.Builder }

// line writes a value under a name, unless there is none. "" as a name continues the one above.
func (s *sheet) line(name, format string, args ...any) {
	if value := fmt.Sprintf(format, args...); value != "" {
		fmt.Fprintf(s, "  %-10s  %s\n", name, printable(value))
	}
}

// block writes words of a mail under a name, each line marked.
func (s *sheet) block(name, text string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	fmt.Fprintf(s, "  %s:\n", name)
	for line := range strings.Lines(strings.TrimRight(text, "\r\n\t ")) {
		fmt.Fprintf(s, "  | %s\n", strings.TrimRight(printable(strings.TrimRight(line, "\r\n")), " "))
	}
}

// writeVerdict tells a person what the program makes of a mail.
func writeVerdict(w io.Writer, file string, m message.Message, j desk.Judgement, withText, more bool) error {
	var s sheet
	if more {
		s.WriteString("\n")
	}
	fmt.Fprintf(&s, "%s\n", printable(file))
	s.line("decision", "%s (confidence %.2f)", decisions[j.Decision], j.Verdict.Score)
	writeRights(&s, j)
	s.line("language", "%s", languageOf(j.Verdict))
	s.line("written by", "%s", writers[j.Writer])
	if m.Auto.Kind != message.AutoNone {
		s.line("machine", "%s: %s", m.Auto.Kind, m.Auto.Reason)
	}
	s.line("answer", "%s", answer(j))
	s.line("identity", "%s", identities[j.Verdict.Identity])
	for _, f := range j.Flags {
		s.line("flag", "%s", f)
	}
	for _, a := range m.Attachments {
		s.line("attached", "%s, %s, %d bytes", a.Name, a.Type, a.Size)
	}
	s.line("left out", "%s", leftOut(m))
	for _, p := range m.Problems {
		s.line("problem", "%s", p)
	}
	if withText {
		writeWords(&s, m)
	}
	if _, err := io.WriteString(w, s.String()); err != nil {
		return fmt.Errorf("writing: %w", err)
	}
	return nil
}

var decisions = map[classify.Decision]string{
	classify.OpenCase: "case: opens one",
	classify.ToTriage: "triage: a person must confirm or dismiss",
	classify.Ignore:   "ignore: not a request",
}

var writers = map[desk.Writer]string{
	desk.Client: "a client",
	desk.Staff:  "staff, as the sender claims",
	desk.Own:    "our own address, as the sender claims",
	desk.Form:   "a web form of our site",
}

var identities = map[classify.IdentitySign]string{
	classify.IdentityNone:      "no sign of a proof",
	classify.IdentityAnnounced: "the words announce a proof that is not attached",
	classify.IdentityCandidate: "an attachment may be a proof",
	classify.IdentitySigned:    "signed; the signature was not judged",
}

// writeRights writes each right with the words that made it, then what speaks of no right, then what matched
// but was undone.
func writeRights(s *sheet, j desk.Judgement) {
	v := j.Verdict
	name := "rights"
	if j.Decision == classify.Ignore {
		name = "not filed"
	}
	for _, r := range v.Rights {
		s.line(name, "%s (art. %s)", r, r.Article())
		writeEvidence(s, v.Evidence, "weakened", func(e classify.Evidence) bool { return e.Right == r })
		name = ""
	}
	known := map[cases.Right]bool{}
	for _, r := range v.Rights {
		known[r] = true
	}
	other := func(e classify.Evidence) bool { return !known[e.Right] }
	for _, e := range v.Evidence {
		if other(e) {
			s.line("also", "words that by themselves file no right")
			writeEvidence(s, v.Evidence, "weakened", other)
			break
		}
	}
	if len(v.Cancelled) > 0 {
		s.line("undone", "words that would have counted")
		writeEvidence(s, v.Cancelled, "undone", func(classify.Evidence) bool { return true })
	}
}

// writeEvidence writes the words that rules found. verb says what another rule may have done to them.
func writeEvidence(s *sheet, list []classify.Evidence, verb string, wanted func(classify.Evidence) bool) {
	for _, e := range list {
		if !wanted(e) {
			continue
		}
		s.line("", "  %q in the %s, rule %s%s", cases.Mask(oneSpaced(e.Text)), e.Part, e.Rule, after(", "+verb+" by ", e.By))
	}
}

func languageOf(v classify.Verdict) string {
	if v.Other {
		return v.Language + " (the words are in another language; it would be answered in this one)"
	}
	return v.Language
}

func answer(j desk.Judgement) string {
	if j.Hold == "" {
		return "an acknowledgement would be sent"
	}
	return "held: " + j.Hold
}

// leftOut counts what was not taken for the writer's own words now.
func leftOut(m message.Message) string {
	var parts []string
	count := func(text, what string) {
		if n := lines(text); n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", plural(n, "line"), what))
		}
	}
	if !m.OnlyQuote {
		count(m.Quoted, "quoted")
	}
	count(m.Signature, "of signature")
	if n := len(m.Forwarded); n > 0 {
		text := ""
		for _, f := range m.Forwarded {
			text += f.Text + "\n"
		}
		parts = append(parts, fmt.Sprintf("%s forwarded (%s)", plural(n, "mail"), plural(lines(text), "line")))
	}
	return strings.Join(parts, ", ")
}

// writeWords writes the words of a mail, told apart.
func writeWords(s *sheet, m message.Message) {
	s.block("subject", m.Subject)
	s.block("own words", m.Own)
	if !m.OnlyQuote {
		s.block("quoted", m.Quoted)
	}
	s.block("signature", m.Signature)
	if m.Form != nil {
		s.block("web form", m.Form.Subject+"\n"+m.Form.Text)
	}
	for _, f := range m.Forwarded {
		s.block("forwarded", f.Subject+"\n"+f.Text)
	}
}

// lines counts the lines of a text that say something.
func lines(text string) int {
	n := 0
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) != "" {
			n++
		}
	}
	return n
}

// plural is a number with its noun.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
