package message

import (
	"regexp"
	"strings"
)

// maxAttribution is how many lines an attribution may be wrapped over.
const maxAttribution = 4

// wrote matches the attribution that stands before a quoted mail ("On ... Ann wrote:"), in its commoner
// languages. The verb is in the third person: whoever speaks of his own earlier letter says "I wrote".
var wrote = []*regexp.Regexp{
	regexp.MustCompile(`(?i)^(le|on|op|am|el|il|em|w dniu|den|dnia|dne|at) .{4,300}\b(a écrit|a ecrit|wrote|writes|schreef( .{1,120})?|schrieb( .{1,120})?|escribió|ha scritto|escreveu|napisał\(a\)|napisał|skrev|het volgende geschreven|geschreven|geschrieben) ?:? ?$`),
	regexp.MustCompile(`(?i)^.{2,200}[<(\[]?\S+@\S+[>)\]]?.{0,80}\b(a écrit|a ecrit|wrote|schreef|schrieb|escribió|ha scritto|escreveu|skrev) ?(le .{4,80}|on .{4,80}|op .{4,80}|am .{4,80})?:? ?$`),
	regexp.MustCompile(`(?i)^[^@]{0,60}\b(\d{1,4}[./-]\d{1,2}|\d{1,2}:\d{2}|\d{1,2}\.? \pL+\.? \d{4})\b.{0,200}[<(\[]? ?\S+@[^\s>)\]]+ ?[>)\]]?.{0,40}:$`),
	regexp.MustCompile(`(?i)^[^\s@].{1,60} (a écrit|wrote|schreef|schrieb|escribió|skrev) ?(le|on|op|am)? ?.{0,80}\d.{0,60}:$`),
	regexp.MustCompile(`(?i)^(quoting|citando|zitat von|citaat van|citation de|selon|in (a )?message .{0,100}) .{2,200}:?$`),
}

// me matches a writer who speaks of himself, and so quotes nobody.
var me = regexp.MustCompile(`(?i)\b(j['’]ai|je (vous|t['’])|je|i|ik|ich) (vous ai |heb |habe |had |avais )?(écrit|ecrit|wrote|schreef|schrieb|geschreven|geschrieben)\b|\bje vous ai\b|\bj['’]ai\b`)

// attribution reports over how many lines an attribution goes at the beginning of lines; 0 is none.
func attribution(lines []textLine) int {
	text := ""
	for n := 1; n <= maxAttribution && n <= len(lines); n++ {
		next := lines[n-1].bare
		if next == "" || n > 1 && isQuoted(lines[n-1]) {
			return 0
		}
		text = strings.TrimSpace(text + " " + next)
		if len(text) > 400 {
			return 0
		}
		if isAttribution(text) {
			return n
		}
		if !startsAttribution(text) {
			return 0
		}
	}
	return 0
}

// startsAttribution reports whether a first line may go on as an attribution: it begins like one, or bears an
// address or a date.
func startsAttribution(s string) bool {
	if len(s) > 300 || strings.HasSuffix(s, ".") && !strings.Contains(s, "@") {
		return false
	}
	return opening.MatchString(s)
}

var opening = regexp.MustCompile(`(?i)^(le|on|op|am|el|il|em|den|dnia|w dniu|at|quoting|in|zitat|citaat) |\S@\S|^\d{1,4}[./-]\d{1,2}`)

// isAttribution reports whether a text, wrapped lines put together, is an attribution.
func isAttribution(s string) bool {
	if me.MatchString(s) {
		return false
	}
	for _, shape := range wrote {
		if shape.MatchString(s) {
			return true
		}
	}
	return false
}

// complete is what only a program writes: an address, or a time of day, within an attribution.
var complete = regexp.MustCompile(`\S+@\S+|\b\d{1,2}[:hH.]\d{2}\b`)

// saysAll reports whether an attribution is so complete that what follows is the mail it names, even
// without quote signs: some programs, phones above all, put none.
func saysAll(lines []textLine) bool {
	text := ""
	for _, l := range lines {
		text += " " + l.bare
	}
	return strings.HasSuffix(strings.TrimSpace(text), ":") && complete.MatchString(text)
}
