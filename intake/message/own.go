package message

import (
	"strings"
)

// words are the parts of a text by who wrote them.
type words struct {
	Own       string // what the writer says now
	Quoted    string // earlier mails
	Signature string // signature, disclaimer, advertisement of the mail program
	OnlyQuote bool   // there was nothing but quotes: Own holds them
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
	bare string // without quote signs, bold marks and odd spaces
	kind lineKind
}

// splitOwn tells the writer's own words from earlier mails and from what stands under every mail of his.
// marks are what the HTML said of ranges of the text. It takes nothing away: each line goes to one of the
// three, in order, and where nothing would be the writer's own, the quotes are taken for it.
func splitOwn(text string, marks []mark) words {
	lines := textLines(text, marks)
	markQuotes(lines)
	markSignatures(lines)
	w := words{
		Own:       joined(lines, ownLine),
		Quoted:    joined(lines, quoteLine),
		Signature: joined(lines, signatureLine),
	}
	if w.Own == "" && w.Quoted != "" {
		for i := range lines {
			lines[i].raw = strings.TrimLeft(lines[i].raw, "> ")
		}
		w.Own, w.OnlyQuote = joined(lines, quoteLine), true
	}
	return w
}

// textLines cuts a text into lines and takes over what the HTML said of them.
func textLines(text string, marks []mark) []textLine {
	lines := make([]textLine, 0, strings.Count(text, "\n")+1)
	next := 0
	for at := 0; at <= len(text); {
		end := strings.IndexByte(text[at:], '\n')
		if end < 0 {
			end = len(text)
		} else {
			end += at
		}
		l := textLine{raw: strings.TrimRight(text[at:end], "\r")}
		l.bare = bare(l.raw)
		for next < len(marks) && marks[next].End <= at && marks[next].End != marks[next].Start {
			next++ // marks begin in the order of the text
		}
		if l.bare != "" {
			l.kind = kindAt(marks[next:], at, end)
		}
		lines = append(lines, l)
		at = end + 1
	}
	return lines
}

// maxOpenMarks bounds how many marks are looked at for a line: quotes lie within quotes, rarely deeper.
const maxOpenMarks = 32

// kindAt is what the marks say of the line that lies at start to end.
func kindAt(marks []mark, start, end int) lineKind {
	kind := ownLine
	for i, m := range marks {
		if m.Start >= end || i == maxOpenMarks {
			break
		}
		if min(m.End, end)-max(m.Start, start) <= 0 {
			continue
		}
		if m.Kind == quoteMark {
			return quoteLine
		}
		kind = signatureLine
	}
	return kind
}

// bare is a line without the quote signs before it, the bold marks of plain-text mails around it, and
// with all its spaces plain.
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
	return strings.Join(strings.Fields(strings.ReplaceAll(s, "*", " ")), " ")
}

// isQuoted reports whether a line bears a quote sign.
func isQuoted(l textLine) bool {
	return strings.HasPrefix(l.bare, ">") || strings.HasPrefix(l.bare, "|>")
}

// joined is the text of the lines of one kind. Blank lines stay within, never at the ends or two in a row.
func joined(lines []textLine, kind lineKind) string {
	var b strings.Builder
	gap := false
	for _, l := range lines {
		switch {
		case l.bare == "":
			gap = true
			continue
		case l.kind != kind:
			gap = true
			continue
		case b.Len() > 0 && gap:
			b.WriteString("\n\n")
		case b.Len() > 0:
			b.WriteByte('\n')
		}
		gap = false
		b.WriteString(l.raw)
	}
	return b.String()
}
