package cases

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

const (
	maxCommands  = 50  // of one mail
	maxLine      = 700 // bytes of a line that is looked at
	maxHead      = 8   // words before a reason: who writes more writes prose
	maxNotRead   = 3   // lines told back
	maxToldBytes = 80  // of each
)

// ParseCommands reads what staff write at the top of an answer: one command a line, in any of the four languages,
// whatever the case, accents and punctuation. Greetings and thanks are passed over. The first line that is no
// command ends them: below stand a signature, or prose, which never commands. notRead are the first lines of a
// mail that begins with anything else.
func ParseCommands(text string) (commands []Command, notRead []string) {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line[:min(len(line), maxLine)])
		if isCourtesy(line) {
			continue
		}
		found := parseLine(line)
		switch {
		case len(found) > 0 && len(notRead) == 0 && len(commands)+len(found) <= maxCommands:
			commands = append(commands, found...)
			continue
		case len(commands) > 0:
			return commands, nil
		}
		notRead = append(notRead, strings.ToValidUTF8(line[:min(len(line), maxToldBytes)], ""))
		if len(notRead) == maxNotRead {
			break
		}
	}
	return commands, notRead
}

// isCourtesy reports whether a line only greets, thanks or agrees.
func isCourtesy(line string) bool {
	words := plainWords(line)
	for _, w := range words {
		if !slices.Contains(courtesies, w) {
			return false
		}
	}
	return len(words) <= 4 // a name may follow: "Bonjour Anne" is no courtesy by itself, but no command either
}

// onDay is a date as a command may hold it.
var onDay = regexp.MustCompile(`(?i)(?:\b(?:on|from|le|au|op|vanaf|am|ab) +)?\b(20[0-9]{2}-[0-9]{2}-[0-9]{2})\b`)

// parseLine reads one line: a verb with what belongs to it, for each case that the line names, or for the one that
// the mail is about.
func parseLine(line string) []Command {
	if line == "" || strings.ContainsAny(line, "?¿>") && !strings.Contains(line, "->") {
		return nil
	}
	head, reason := cutReason(line)
	var on Date
	if day := onDay.FindStringSubmatch(head); day != nil {
		parsed, err := ParseDate(day[1])
		if err != nil {
			return nil
		}
		on, head = parsed, strings.Replace(head, day[0], " ", 1)
	}
	refs := FindReferences(head)
	head = retyped.ReplaceAllString(head, " ")
	words := withoutFillers(plainWords(head))
	for len(words) > 1 && slices.Contains(courtesies, words[0]) {
		words = words[1:] // "ok, clôturer"
	}
	if len(words) == 0 || len(words) > maxHead {
		return nil
	}
	c, ok := readVerb(words, reason)
	if !ok || !on.IsZero() && c.Verb != VerbPause && c.Verb != VerbResume {
		return nil
	}
	c.On = on
	return spread(c, refs)
}

// spread gives a command its cases.
func spread(c Command, refs []Reference) []Command {
	if c.Verb == VerbMerge {
		switch len(refs) {
		case 1:
			c.Other = refs[0].String()
		case 2:
			c.Case, c.Other = refs[0].String(), refs[1].String()
		default:
			return nil
		}
		return []Command{c}
	}
	if len(refs) == 0 {
		return []Command{c}
	}
	var all []Command
	for _, r := range refs {
		c.Case = r.String()
		all = append(all, c)
	}
	return all
}

// becauses part a command from its reason, beside the colon and the dash.
var becauses = []string{" parce que ", " parce qu'", " parce qu’", " car ", " omdat ", " want ", " weil ", " denn ", " because ", " – ", " — ", " - "}

// cutReason parts the command from the reason behind it. What stands before the colon of "GDN-2026-0007: close" is
// no command.
func cutReason(line string) (head, reason string) {
	at, end := len(line), len(line)
	for i, r := range line {
		if r == ':' || r == '：' {
			if before := strings.TrimSpace(retyped.ReplaceAllString(line[:i], "")); before != "" {
				at, end = i, i+len(string(r))
				break
			}
		}
	}
	lower := strings.ToLower(line)
	for _, b := range becauses {
		if i := strings.Index(lower, b); i > 0 && i < at && len(lower) == len(line) {
			at, end = i, i+len(b)
		}
	}
	reason = strings.TrimSpace(line[end:])
	return line[:at], strings.ToValidUTF8(reason[:min(len(reason), MaxReason)], "")
}

// plainWords are the words of a line in lower case, without accents and punctuation.
func plainWords(line string) []string {
	return strings.FieldsFunc(strings.Map(plainLetter, line), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// accented pairs letters with what people without the key write.
const accented, bare = "àâäáãåçéèêëíìîïñóòôöõúùûüýÿ", "aaaaaaceeeeiiiinooooouuuuyy"

var unaccent = func() map[rune]rune {
	to, table := []rune(bare), map[rune]rune{}
	for i, r := range []rune(accented) {
		table[r] = to[i]
	}
	return table
}()

func plainLetter(r rune) rune {
	switch {
	case unicode.Is(unicode.Mn, r), r == '\u00ad', r == '\u200b', r == '\ufeff':
		return -1 // a combining accent, or nothing at all
	case r == '’' || r == '\'':
		return ' '
	}
	r = unicode.ToLower(r)
	if b, ok := unaccent[r]; ok {
		return b
	}
	return r
}

// readVerb finds the verb that the words begin with, and reads what is left of them. All words must be read.
func readVerb(words []string, reason string) (Command, bool) {
	for _, alike := range []func(a, b string) bool{same, nearlySame} {
		var found []Command
		for _, v := range verbs {
			for _, phrase := range v.phrases {
				rest, ok := after(words, phrase, alike)
				if !ok {
					continue
				}
				c := Command{Verb: v.verb}
				if v.read(&c, rest, reason) && !slices.ContainsFunc(found, func(f Command) bool { return f.String() == c.String() }) {
					found = append(found, c)
				}
			}
		}
		if len(found) == 1 {
			return found[0], true
		}
		if len(found) > 1 {
			return Command{}, false
		}
	}
	return Command{}, false
}

func same(a, b string) bool { return a == b }

// nearlySame allows one slip of the keyboard in longer words: a letter wrong, missing, doubled, or two swapped.
func nearlySame(got, want string) bool {
	if got == want {
		return true
	}
	if len(want) < 6 || len(got) < len(want)-1 || len(got) > len(want)+1 {
		return false
	}
	i := 0
	for i < len(got) && i < len(want) && got[i] == want[i] {
		i++
	}
	switch {
	case len(got) < len(want):
		return got[i:] == want[i+1:]
	case len(got) > len(want):
		return got[i+1:] == want[i:]
	}
	return got[i+1:] == want[i+1:] || i+1 < len(want) && got[i] == want[i+1] && got[i+1] == want[i] && got[i+2:] == want[i+2:]
}

// after is what follows a phrase at the beginning of words.
func after(words []string, phrase string, alike func(a, b string) bool) (rest []string, ok bool) {
	want := strings.Fields(phrase)
	if len(words) < len(want) {
		return nil, false
	}
	for i, w := range want {
		if !alike(words[i], w) {
			return nil, false
		}
	}
	return words[len(want):], true
}

// oneOf finds the value whose phrase the words are, all of them.
func oneOf[T ~string](words []string, table map[T][]string) (value T, ok bool) {
	text := strings.Join(words, " ")
	for v, phrases := range table {
		if slices.Contains(phrases, text) {
			return v, true
		}
	}
	return value, false
}
