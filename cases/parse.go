package cases

import "strings"

const (
	maxCommands = 50  // of one mail
	maxLines    = 200 // of a mail that are looked at
	maxLine     = 700 // bytes of a line that are looked at
	maxHead     = 16  // words before a reason, room for all rights: who writes more writes prose
	maxNotRead  = 3   // lines told back
	maxTold     = 80  // bytes of each
)

// ParseCommands reads what staff write at the top of an answer: one command a line, in any of the four languages,
// whatever the case, accents and punctuation. Greetings and thanks are passed over. The first line that is no
// command ends them: below stand a signature, or prose, which never commands.
//
// notRead are the lines that are to be told back, each cut short: the first of a mail that begins with anything
// else, and those among the commands that name a case but are not understood.
func ParseCommands(text string) (commands []Command, notRead []string) {
	var p parser
	n := 0
	for line := range strings.Lines(text) {
		if n++; n > maxLines || len(p.notRead) == maxNotRead || !p.read(strings.TrimSpace(line[:min(len(line), maxLine)])) {
			break
		}
	}
	return p.commands, p.notRead
}

// parser is what was read of a mail so far.
type parser struct {
	commands []Command
	notRead  []string
	thanked  bool // a line only thanked, or agreed
	broken   bool // a line was not read: no more commands are taken
	parted   bool // a blank line stands below the commands
}

// read takes one line, and reports whether to go on.
func (p *parser) read(text string) bool {
	if text == "" {
		p.parted = len(p.commands) > 0
		return !p.broken // what follows a paragraph that was not read is not looked at
	}
	words := fold(text)
	if isRule(text) || startsWith(words, footers) > 0 {
		return false
	}
	found := parseLine(text)
	begun := len(p.commands) > 0
	switch {
	case len(found) > 0 && !p.broken && len(p.commands)+len(found) <= maxCommands:
		p.commands, p.parted = append(p.commands, found...), false
		return true
	case len(found) > 0 && !p.broken, begun && !p.parted && len(FindReferences(text)) > 0:
		p.tell(text) // too many, or not understood: whoever wrote it meant something
		return true
	case begun || p.thanked && len(p.notRead) == 0 && !isPolite(words):
		return false // a name, a signature
	case len(p.notRead) == 0 && isPolite(words):
		p.thanked = p.thanked || startsWith(words, greetings) == 0
		return true
	}
	p.tell(text)
	return true
}

func (p *parser) tell(text string) {
	p.broken = true
	p.notRead = append(p.notRead, strings.ToValidUTF8(text[:min(len(text), maxTold)], ""))
}

// isRule reports whether a line only parts what is above it from what is below: "--", "____".
func isRule(text string) bool {
	return len(text) > 1 && strings.Trim(text, "-_=*—–") == ""
}

// isPolite reports whether a line only greets, thanks or agrees. A name may stand behind a greeting.
func isPolite(words []string) bool {
	left := plainCommand(words)
	return startsWith(left, assents) == len(left) || startsWith(words, greetings) > 0 && len(words) <= 4
}
