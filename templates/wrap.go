package templates

import (
	"strings"
	"unicode/utf8"
)

// textWidth is where lines of plain text end (RFC 5322 section 2.1.1 advises 78 at most; a quotation of
// the text needs a few).
const textWidth = 72

// wrap breaks long lines between words, indents what follows a dash under it, and leaves at most one
// blank line between paragraphs, so that templates need not care. No-break spaces hold.
func wrap(s string) string {
	var b strings.Builder
	b.Grow(len(s) + len(s)/8)
	blank := true // nothing stands above the first line
	for line := range strings.Lines(s) {
		line = strings.TrimRight(line, " \t\n")
		if line == "" {
			if !blank {
				b.WriteByte('\n')
			}
			blank = true
			continue
		}
		wrapLine(&b, line)
		blank = false
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

func wrapLine(b *strings.Builder, line string) {
	indent := ""
	if strings.HasPrefix(line, "- ") {
		indent = "  "
	}
	used := 0
	for i, word := range strings.Split(line, " ") {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case used+1+n > textWidth:
			b.WriteString("\n" + indent)
			used = len(indent)
		default:
			b.WriteByte(' ')
			used++
		}
		b.WriteString(word)
		used += n
	}
	b.WriteByte('\n')
}
