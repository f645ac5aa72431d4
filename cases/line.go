package cases

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// line is one line of staff's, taken apart: what is commanded, of which cases and from which day, and why.
type line struct {
	words  []string // of the command, folded, without fillers
	reason string   // what stands behind the colon, the dash or the "because"
	refs   []Reference
	on     Date
	refEnd bool // a reference stands behind the last word of the command
}

// word is a folded word of a text, and where it stands.
type word struct {
	text    string
	at, end int // bytes of the text
}

// listMark is what stands before the lines of a list.
var listMark = regexp.MustCompile(`^(?:[-*+•·–—]|[0-9]{1,2}[.)])[ \t]+`)

// splitLine takes a line apart. ok is false where it cannot be a command.
func splitLine(text string) (l line, ok bool) {
	text = listMark.ReplaceAllString(text, "")
	if strings.HasPrefix(text, ">") {
		return l, false // a quotation
	}
	work, days, ok := blankDays(text)
	if !ok {
		return l, false
	}
	work, refs, ok := blankReferences(work)
	if !ok {
		return l, false
	}
	words := wordsOf(work)
	n, from := cut(work, words)
	if l.reason = OneLine(text[from.end:]); len(wordsOf(l.reason)) == 0 {
		l.reason = ""
	}
	if strings.ContainsAny(work[:from.at], "?？؟¿") {
		return l, false
	}
	last := 0
	for _, w := range words[:n] {
		l.words, last = append(l.words, w.text), w.end
	}
	for _, r := range refs {
		if r.at >= from.at {
			break // of the reason
		}
		l.refEnd = r.at >= last
		if !slices.Contains(l.refs, r.ref) {
			l.refs = append(l.refs, r.ref)
		}
	}
	for _, d := range days {
		if d.at < from.at {
			if !l.on.IsZero() {
				return l, false // two days
			}
			l.on = d.day
		}
	}
	l.words = plainCommand(l.words)
	return l, true
}

// dayWords may stand before a day.
const dayWords = `(?:on|from|since|le|du|au|depuis(?: +le)?|dès(?: +le)?|à partir du|op|vanaf|sinds|am|ab|seit|vom|zum)`

// day is a day as people write it in Belgium: 2026-12-03, 3/12/2026, 03.12.2026.
var day = regexp.MustCompile(`(?i)(?:\b` + dayWords + ` +)?\b(?:(20[0-9]{2})-([0-9]{2})-([0-9]{2})|([0-9]{1,2})([/.-])([0-9]{1,2})[/.-](20[0-9]{2}))\b`)

type dayAt struct {
	day Date
	at  int
}

// blankDays finds the days in a text and puts spaces in their place. ok is false where one is no day.
func blankDays(text string) (blank string, days []dayAt, ok bool) {
	for _, at := range day.FindAllStringSubmatchIndex(text, -1) {
		part := func(i int) string {
			if at[2*i] < 0 {
				return ""
			}
			return text[at[2*i]:at[2*i+1]]
		}
		written := part(1) + "-" + part(2) + "-" + part(3)
		if part(1) == "" {
			written = part(7) + "-" + twoDigits(part(6)) + "-" + twoDigits(part(4))
		}
		d, err := ParseDate(written)
		if err != nil {
			return text, nil, false
		}
		days = append(days, dayAt{d, at[0]})
		text = text[:at[0]] + strings.Repeat(" ", at[1]-at[0]) + text[at[1]:]
	}
	return text, days, true
}

func twoDigits(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}

type referenceAtByte struct {
	ref Reference
	at  int
}

// blankReferences finds the references in a text and puts spaces in their place. ok is false where one is broken:
// a command that names a case wrongly must not fall on another.
func blankReferences(text string) (blank string, refs []referenceAtByte, ok bool) {
	blank = text
	for _, at := range retyped.FindAllStringSubmatchIndex(text, -1) {
		before, _ := utf8.DecodeLastRuneInString(text[:at[0]])
		after, _ := utf8.DecodeRuneInString(text[at[1]:])
		r := referenceAt(text, at)
		if r.Number == 0 || inWord(before) || inWord(after) {
			return text, nil, false
		}
		refs = append(refs, referenceAtByte{r, at[0]})
		blank = blank[:at[0]] + strings.Repeat(" ", at[1]-at[0]) + blank[at[1]:]
	}
	return blank, refs, true
}

// wordsOf are the words of a text in lower case, without accents, punctuation and invisible characters. An
// apostrophe parts words.
func wordsOf(text string) []word {
	var list []word
	var b strings.Builder
	start := -1
	flush := func(end int) {
		if start >= 0 && b.Len() > 0 {
			list = append(list, word{b.String(), start, end})
		}
		b.Reset()
		start = -1
	}
	for i, r := range text {
		switch {
		case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r): // a combining accent, or nothing at all
		case unicode.IsLetter(r) && r != 'ʼ' || unicode.IsDigit(r):
			if start < 0 {
				start = i
			}
			b.WriteString(foldRune(unicode.ToLower(r)))
		default:
			flush(i)
		}
	}
	flush(len(text))
	return list
}

// fold is the folded words of a text.
func fold(text string) []string {
	var list []string
	for _, w := range wordsOf(text) {
		list = append(list, w.text)
	}
	return list
}

// accented pairs letters with what people write who lack the key.
const accented, bare = "àâäáãåçéèêëíìîïñóòôöõúùûüýÿ", "aaaaaaceeeeiiiinooooouuuuyy"

func foldRune(r rune) string {
	switch r {
	case 'ß':
		return "ss"
	case 'œ':
		return "oe"
	case 'æ':
		return "ae"
	}
	if r > unicode.MaxASCII {
		n := 0
		for _, a := range accented {
			if a == r {
				return bare[n : n+1]
			}
			n++
		}
	}
	return string(r)
}

// span is a part of a text, in bytes.
type span struct{ at, end int }

// cut finds where a command ends and its reason begins: n words belong to the command, and what stands between
// parts them. Marks before the first word of the command, as in "GDN-2026-0007: close", part nothing.
func cut(text string, words []word) (n int, between span) {
	said := texts(words)
	begun := false
	for i, w := range words {
		begun = begun || len(plainCommand(said[:i+1])) > 0
		next := len(text)
		if i+1 < len(words) {
			next = words[i+1].at
		}
		if mark := parting.FindStringIndex(text[w.end:next]); begun && mark != nil {
			return i + 1, span{w.end + mark[0], w.end + mark[1]}
		}
		if k := startsWith(said[i+1:], becauses); begun && k > 0 {
			return i + 1, span{next, words[i+k].end}
		}
		if !begun && i > 2*maxHead {
			break // no command comes that late
		}
	}
	return len(words), span{len(text), len(text)}
}

// parting is what parts a command from its reason: a colon, an arrow, or a dash between spaces.
var parting = regexp.MustCompile(`[:：→]|->|[\s\p{Z}]\p{Pd}+[\s\p{Z}]`)

func texts(words []word) []string {
	list := make([]string, len(words))
	for i, w := range words {
		list[i] = w.text
	}
	return list
}

// startsWith is the number of words in the longest phrase that words begin with, 0 for none.
func startsWith(words []string, phrases [][]string) int {
	longest := 0
	for _, p := range phrases {
		if len(p) > longest && len(p) <= len(words) && slices.Equal(words[:len(p)], p) {
			longest = len(p)
		}
	}
	return longest
}

// endsWith is the number of words in the longest phrase that words end with, 0 for none.
func endsWith(words []string, phrases [][]string) int {
	longest := 0
	for _, p := range phrases {
		if len(p) > longest && len(p) <= len(words) && slices.Equal(words[len(words)-len(p):], p) {
			longest = len(p)
		}
	}
	return longest
}

// plainCommand leaves out of a line's words the politeness around its command and the small words within it.
func plainCommand(words []string) []string {
	for n := -1; n != 0; words = words[n:] {
		n = startsWith(words, courtesies)
	}
	for n := -1; n != 0; words = words[:len(words)-n] {
		n = max(0, endsWith(words, thanks))
	}
	return slices.DeleteFunc(slices.Clone(words), isFiller)
}

func isFiller(w string) bool { return slices.Contains(fillers, w) }
