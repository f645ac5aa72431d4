package message

import (
	"strings"
)

// words are the parts of a text by who wrote them.
type words struct {
	Own       string // what the writer says now
	Quoted    string // earlier mails
	Signature string // signature, disclaimer, advertisement of the mail program
	OnlyQuote bool   // there was nothing but quotes: Own holds them, without their quote signs
}

// lineKind says whose a line is.
type lineKind int

const (
	ownLine lineKind = iota
	quoteLine
	signatureLine
)

// textLine is a line of a text with what it looks like once it is bared of layout.
type textLine struct {
	raw  string // as it stands, without its line end
	bare string // with bold marks and odd spaces taken away
	kind lineKind
	role fieldRole // in the header of a quoted mail, once it was asked for
}

// splitOwn tells the writer's own words from earlier mails and from what stands under every mail of his.
// marks are what the HTML said of ranges of the text, in order and apart from each other.
//
// No line is lost or told twice: each that is not blank goes to one of the three, in order. Own is empty only
// where a text has no words but the line that a mail program puts under every mail: where nothing else would
// be the writer's own, the quotes are taken for it, and where there are none, his signature.
func splitOwn(text string, marks []mark) words {
	lines := textLines(text, marks)
	markQuotes(lines)
	markSignatures(lines[:min(len(lines), maxLines)])
	if says(lines, ownLine) {
		return sorted(lines)
	}
	if !says(lines, quoteLine) {
		giveBack(lines)
		return sorted(lines)
	}
	replace(lines, ownLine, signatureLine) // rules between quotes
	w := sorted(lines)
	for i := range lines {
		lines[i].raw = strings.TrimLeft(lines[i].raw, "> ")
	}
	w.Own, w.OnlyQuote = joined(lines, quoteLine), true
	return w
}

// sorted puts the lines together by their kind.
func sorted(lines []textLine) words {
	return words{
		Own:       joined(lines, ownLine),
		Quoted:    joined(lines, quoteLine),
		Signature: joined(lines, signatureLine),
	}
}

// says reports whether there are words among the lines of a kind, and not just rules and quote signs.
func says(lines []textLine, kind lineKind) bool {
	for _, l := range lines {
		if l.kind == kind && l.bare != "" && !isRule(strings.TrimLeft(l.bare, "> ")) {
			return true
		}
	}
	return false
}

// giveBack makes the writer's own what was taken for a signature, but for the line of his mail program.
func giveBack(lines []textLine) {
	for i := range lines {
		if lines[i].kind == signatureLine && !isDeviceLine(lines[i].bare) {
			lines[i].kind = ownLine
		}
	}
}

// replace makes lines of one kind lines of another.
func replace(lines []textLine, from, to lineKind) {
	for i := range lines {
		if lines[i].kind == from {
			lines[i].kind = to
		}
	}
}

// textLines cuts a text into lines and takes over what the HTML said of them.
func textLines(text string, marks []mark) []textLine {
	lines := make([]textLine, 0, strings.Count(text, "\n")+1)
	for at := 0; at <= len(text); {
		end := strings.IndexByte(text[at:], '\n')
		if end < 0 {
			end = len(text)
		} else {
			end += at
		}
		l := textLine{raw: strings.TrimSuffix(text[at:end], "\r")}
		l.bare = bare(l.raw)
		for len(marks) > 0 && marks[0].End <= at {
			marks = marks[1:]
		}
		if l.bare != "" && len(marks) > 0 && marks[0].covers(text, at, end) {
			l.kind = marks[0].Kind.line()
		}
		lines = append(lines, l)
		at = end + 1
	}
	return lines
}

// covers reports whether all words of text[start:end] lie in m. A line that is marked in part stays the
// writer's own.
func (m mark) covers(text string, start, end int) bool {
	return strings.TrimSpace(text[start:max(start, min(m.Start, end))]) == "" &&
		strings.TrimSpace(text[min(end, m.End):end]) == ""
}

// line is the kind of a line that bears a mark.
func (k markKind) line() lineKind {
	if k == quoteMark {
		return quoteLine
	}
	return signatureLine
}

// bare is a line without the bold marks of plain-text mails, and with all its spaces plain.
func bare(s string) string {
	s = strings.Map(func(r rune) rune {
		switch r {
		case '\u00a0', '\u202f', '\u2007', '\t', '\u2009':
			return ' '
		case '\u200b', '\u200e', '\u200f', '\ufeff', '\u00ad', '\u2060', '\u202a', '\u202c':
			return -1
		}
		return r
	}, s)
	plain := strings.Join(strings.Fields(strings.ReplaceAll(s, "*", " ")), " ")
	if plain == "" {
		return strings.TrimSpace(s) // a rule of stars
	}
	return plain
}

// maxPattern bounds what is shown to a pattern, so that one endless line costs no more than many.
const maxPattern = 600

// maxLines bounds how many lines patterns look at. Nobody writes more: of what follows, quote signs and what the
// HTML marked are still told from the rest, which stays the writer's own.
const maxLines = 20_000

// clip is the beginning of s that patterns look at.
func clip(s string) string { return s[:min(len(s), maxPattern)] }

// isRule reports whether a line parts what is above from what is below, with no words in it.
func isRule(bare string) bool { return strings.Trim(bare, "-_=*~#‐‑–—•·. ") == "" }

// joined is the text of the lines of one kind. Blank lines stay within, never at the ends or two in a row.
func joined(lines []textLine, kind lineKind) string {
	var b strings.Builder
	gap := false
	for _, l := range lines {
		if l.bare == "" || l.kind != kind {
			gap = true
			continue
		}
		switch {
		case b.Len() == 0:
		case gap:
			b.WriteString("\n\n")
		default:
			b.WriteByte('\n')
		}
		gap = false
		b.WriteString(l.raw)
	}
	return b.String()
}
