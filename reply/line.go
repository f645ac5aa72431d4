package reply

import (
	"errors"
	"regexp"
	"strings"
	"unicode"
)

// line is words that cannot end the line they stand in, nor pass for an encoded word (RFC 2047): valid UTF-8
// without controls and separators, short enough for a line of mail. Every field of a header is made of lines,
// so that nothing put into a Mail can add a field to it. Only the functions below make one.
type line struct {
	words string
	err   error // why they are refused; there are no words then
}

// maxPhrase bounds the subject and the sender's name in bytes: a word that long still fits a line of 998
// (RFC 5322 section 2.1.1).
const maxPhrase = 500

var (
	errTooLong = errors.New("a line of its head is too long")
	errKeyword = errors.New("a field holds what it must not")
	errID      = errors.New("it has or refers to an id that is not valid")
)

// phrase is free words.
func phrase(s string) line {
	words := strings.ReplaceAll(oneLine(s), "=?", "= ?")
	if len(words) > maxPhrase {
		return line{err: errTooLong}
	}
	return line{words: words}
}

// displayName is free words before an address. net/mail leaves a backslash bare in an encoded word, where a phrase
// must not hold one (RFC 2047 section 5).
func displayName(s string) line { return phrase(strings.ReplaceAll(s, `\`, "")) }

// keyword is what the fields that only ever hold our own words may consist of.
var keyword = regexp.MustCompile(`^[A-Za-z0-9]+((, |[ -])[A-Za-z0-9]+)*$`)

const maxKeywords = 60

// keywords is words of ours, or none.
func keywords(s string) line {
	if s != "" && (len(s) > maxKeywords || !keyword.MatchString(s)) {
		return line{err: errKeyword}
	}
	return line{words: s}
}

// bracketed is Message-IDs as a field lists them. Empty ones are left out.
func bracketed(ids ...string) line {
	var b strings.Builder
	for _, id := range ids {
		switch {
		case id == "":
		case !validID(id):
			return line{err: errID}
		default:
			b.WriteString(" <" + id + ">")
		}
	}
	return line{words: strings.TrimPrefix(b.String(), " ")}
}

// oneLine turns all that may end a line, and every run of spaces, into one space.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, ""), func(r rune) bool { return r == ' ' || endsLine(r) }), " ")
}

// endsLine reports controls, and what some programs take for the end of a line beside CR and LF: NEL, U+2028
// and U+2029.
func endsLine(r rune) bool { return unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp) }
