package message

import "strings"

type markKind int

const (
	quoteMark markKind = iota
	signatureMark
)

type mark struct {
	Start, End int
	Kind       markKind
}

type words struct {
	Own, Quoted, Signature string
	OnlyQuote              bool
}

func htmlToText(src []byte, max int) (text string, marks []mark, problem string) {
	var out strings.Builder
	s := string(src)
	for s != "" {
		b, rest, _ := strings.Cut(s, "<")
		out.WriteString(b)
		_, s, _ = strings.Cut(rest, ">")
	}
	return out.String(), nil, ""
}
func splitOwn(text string, marks []mark) words { return words{Own: text} }
func forwardedText(text string) []Forwarded    { return nil }
func readForm(text string) *Form               { return nil }
func autoByWords(subject, own string) Auto     { return Auto{} }
