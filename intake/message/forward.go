package message

import (
	"strings"
)

// Bounds of what is looked for.
const (
	maxForwarded  = 10  // mails read out of one that hands them on as text
	maxOpener     = 200 // bytes of the line above such a mail
	maxQuoteDepth = 50  // quote signs before a line
)

// forwardedText finds the mails that a mail hands on within its text. Gmail, Thunderbird and Apple's programs put a
// line of their own above them; Outlook puts only the old header there, as it does in an answer, so that the
// subject must tell the two apart.
func forwardedText(subject, text string) []Forwarded {
	f := forwardFinder{lines: strings.Split(text, "\n"), handsOn: forwardSubject.MatchString(subject)}
	f.bare = !f.handsOn && !answerSubject.MatchString(subject)
	f.find()
	found := make([]Forwarded, 0, len(f.starts))
	for i, s := range f.starts {
		end := len(f.lines)
		if i+1 < len(f.starts) {
			end = f.starts[i+1].line
		}
		s.mail.Text = ownWords(f.lines[s.body:end], s.depth)
		found = append(found, s.mail)
	}
	if len(found) == 0 {
		return nil
	}
	return found
}

var (
	forwardSubject = compile(`(?i)^\s*(\[[^\]]{1,40}\]\s*)*(tr|trans|transf|transfert|transféré|fw|fwd|wg|wtr|weitergeleitet|doorst|doorgest|doorgestuurd)\s*:`)
	answerSubject  = compile(`(?i)^\s*(\[[^\]]{1,40}\]\s*)*(re|ré|rép|rep|aw|antw|antwoord|betr|sv)\s*(\[\d+\])?\s*:`)
)

// forwardFinder looks for the places where the mails handed on begin.
type forwardFinder struct {
	lines   []string
	handsOn bool // the subject says so
	bare    bool // the subject says neither that nor that the mail is an answer
	own     int  // lines above which no answered mail begins
	starts  []forwardStart
}

// forwardStart is where a mail handed on begins.
type forwardStart struct {
	line  int // first line that is not its forwarder's
	body  int // first line of its text
	depth int // quote signs before its lines
	mail  Forwarded
}

func (f *forwardFinder) find() {
	written := false // the forwarder has said something
	for i := 0; i < len(f.lines) && len(f.starts) < maxForwarded; i++ {
		depth := quoteDepth(f.lines[i])
		line := bare(unquoted(f.lines[i], depth))
		switch {
		case line == "":
		case depth > 0 && !f.handsOn && len(f.starts) == 0:
			// Somebody else's forward, in a mail that is answered.
		case isForwardOpener(line):
			if !f.handsOn && len(f.starts) == 0 && f.isAnswer(i) {
				return // it was others who forwarded the mail that is answered
			}
			i = f.opened(i, depth) - 1
		case f.handsOn || len(f.starts) > 0 || f.bare && !written:
			if mail, n := readHeaderBlock(f.lines[i:], 2); n > 0 {
				f.starts = append(f.starts, forwardStart{i, i + n, depth, mail})
				i += n - 1
			}
		}
		written = written || line != "" && !isRule(line)
	}
}

// opened notes the mail whose opener stands at line i and returns the first line of its text.
func (f *forwardFinder) opened(i, depth int) int {
	next := i + 1
	for next < len(f.lines) && next < i+4 && bare(f.lines[next]) == "" {
		next++
	}
	if mail, n := readHeaderBlock(f.lines[next:], 1); n > 0 {
		depth = quoteDepth(f.lines[next])
		f.starts = append(f.starts, forwardStart{i, next + n, depth, mail})
		return next + n
	}
	opener := bare(unquoted(f.lines[i], depth))
	if isFramed(opener) {
		mail := Forwarded{From: Address{Address: cleanAddress(writtenAddress.FindString(opener))}}
		f.starts = append(f.starts, forwardStart{i, i + 1, depth, mail})
	}
	return i + 1
}

// isAnswer reports whether a mail that is answered begins above line end.
func (f *forwardFinder) isAnswer(end int) bool {
	lines := textLines(strings.Join(f.lines[f.own:end], "\n"), nil)
	f.own = end
	for i := range lines {
		if lines[i].bare == "" {
			continue
		}
		if n, complete := introduction(lines[i:]); n > 0 && complete {
			return true
		}
	}
	return false
}

// ownWords are the words of a forwarded mail's writer: without the mails that he answered and his signature.
func ownWords(lines []string, depth int) string {
	var b strings.Builder
	for _, raw := range lines {
		if quoteDepth(raw) < depth && strings.TrimSpace(raw) != "" {
			break // the forwarder speaks again
		}
		raw = unquoted(raw, depth)
		if line := bare(raw); len(line) < maxOpener && isFramed(line) && endOfForward.MatchString(fold(line)) {
			break
		}
		b.WriteString(raw)
		b.WriteByte('\n')
	}
	return strings.TrimRight(splitOwn(b.String(), nil).Own, "-_= \t\n")
}

// frame is what stands around openers.
const frame = "-_=–—~* \t"

// isFramed reports whether a line is written as only programs do: between dashes, or with a colon at its end.
func isFramed(line string) bool {
	return strings.HasSuffix(line, ":") || len(line)-len(strings.TrimLeft(line, frame)) >= 2
}

// isForwardOpener reports whether a line stands above a mail that is handed on.
func isForwardOpener(line string) bool {
	if len(line) > maxOpener || !isFramed(line) && strings.Count(line, " ") > 3 {
		return false
	}
	return forwardOpener.MatchString(strings.Trim(fold(line), frame+":"))
}

// The lines that mail programs write around a mail handed on, folded.
var (
	forwardOpener = compile(`^(` + strings.Join([]string{
		`(begin )?(forwarded|fwd) (message|mail|e-?mail)( (from|by) .+)?`,
		`((debut du )?(message|mail|e-?mail|courriel|courrier)) (transfere|reexpedie|transmis|redirige)( (de|par) .+)?`,
		`(begin )?(doorgestuurd|doorgezonden)e? (bericht|mail|e-?mail)( (van|door) .+)?`,
		`(anfang der )?weitergeleitete[ns]? (nachricht|mail|e-?mail)( von .+)?`,
	}, "|") + `)$`)
	endOfForward = compile(`^[-_=–— ]*(end (of )?(the )?forwarded (message|mail)|fin du (message|mail|courriel) (transfere|reexpedie)|einde (van het )?doorgestuurd bericht|ende der weitergeleiteten (nachricht|mail))`)
)

// quoteDepth counts the quote signs before a line, up to maxQuoteDepth.
func quoteDepth(line string) (n int) {
	for i := 0; i < len(line) && n < maxQuoteDepth; i++ {
		switch line[i] {
		case '>':
			n++
		case ' ':
		default:
			return n
		}
	}
	return n
}

// unquoted is a line without its first depth quote signs and the space after each.
func unquoted(line string, depth int) string {
	for range depth {
		line = strings.TrimPrefix(strings.TrimLeft(line, " "), ">")
		line = strings.TrimPrefix(line, " ")
	}
	return line
}
