package message

import (
	"strings"
)

// Bounds of an attribution: how many lines it may be wrapped over, and how long it may be in all.
const (
	attributionLines = 4
	attributionBytes = 400
)

// verb is "wrote", in the third person: whoever speaks of his own earlier letter says "I wrote".
const verb = `(a (é|e)crit|(é|e)crivait|wrote|writes|said|schreef|schrieb|schreibt|escribi(ó|o)|ha scritto|escreveu|napisał\(a\)|napisał|skrev|` +
	`kirjoitti|написал|написав|пишет|írta|napsal|het volgende geschreven|heeft .*geschreven|hat .*geschrieben|a scris|yazdı)`

// wrote are the shapes of the attribution that stands before a quoted mail.
var wrote = []*pattern{
	// On Mon, 2 Mar 2026 at 10:11, Ann wrote:      Le 2 mars 2026, Ann a écrit :      Op 2 maart schreef Ann <a@b>:
	compile(`(?i)^[-–— ]*(le|on|op|am|el|il|em|w dniu|den|dnia|dne|at|på) .{3,}[ ,>\])"]` + verb + `( .+)?( :|:)?$`),
	// Ann <a@b> wrote on 2 March:
	compile(`(?i)^.*\S@\S.*[ >\])"]` + verb + `( (le|on|op|am|at) .*)?( :|:)?$`),
	// Ann schrieb am 2.3.2026 um 10:11:
	compile(`(?i)^[^\s@].{1,60} ` + verb + ` .{0,80}\d.*:$`),
	// 2. Mar 2026 10:11 Ann <a@b>:      2026-03-02 10:11 GMT+01:00 Ann <a@b>:
	compile(`(?i)^[^@]{0,60}\b(\d{1,4}[./-]\d{1,2}|\d{1,2}:\d{2}|\d{1,2}\.? \pL+\.? \d{4})\b.*\S@[^\s>)\]]+ ?[>)\]]?.{0,40}:$`),
	// Quoting Ann <a@b>:
	compile(`(?i)^(quoting|citando|zitat von|citaat van|citation de|selon|in (a )?message .*) .{2,}:$`),
}

// runOn is an attribution with the mail in the same line, as Yahoo's programs for telephones put it.
var runOn = compile(`(?i)^(le|on|op|am) .*\d.*(<\S+@\S+> (a (é|e)crit|wrote) ?: |(schreef|schrieb) .*<\S+@\S+>: )\S`)

// named are shapes too short to be told from a sentence unless a quote follows.
var named = compile(`(?i)^(\S.{0,80} ` + verb + `|(you|vous|tu|u|je|jij|sie|du) (wrote|said|(é|e)criviez|(é|e)crivais|avez (é|e)crit|as (é|e)crit|schreef|schreven|schrieben|schriebst)).{0,40}:$`)

// me matches a writer who speaks of himself, and so quotes nobody.
var me = compile(`(?i)(^|[ ,;(])(j['’](ai|avais|écri)\pL*|je (vous|t['’]|lui|leur) \pL+|je|i|we|nous|wij|we|wir|ik|ich) (vous |u |ihnen |you |already |ons |uns )?(ai |avons |heb |habe |haben |had |hebben |avais )?(\pL+ )?(écri\pL*|ecrit|wrote|schreef|schrieb|schreven|schrieben|geschreven|geschrieben)|(^|[ ,;(])(je vous ai|j['’]ai|ik heb|ich habe|i have) `)

// opening is how an attribution begins that may go on in the next line.
var opening = compile(`(?i)^[-–— ]*(le|on|op|am|el|il|em|den|dnia|w dniu|at|på|quoting|in|zitat|citaat) |\S@\S|<$|\d{1,2}:\d{2}|^\d{1,4}[./-]\d{1,2}`)

// dated is how a line begins that cannot be the second one of an attribution, since it begins one.
var dated = compile(`(?i)^[-–— ]*(le|on|op|am|den|el|il) .*\d`)

// attribution reports over how many lines an attribution goes at the beginning of lines; 0 is none. complete
// tells that it has an address or a time of day, and so was written by a program: some, on telephones above
// all, put no quote signs before what follows.
func attribution(lines []textLine) (n int, complete bool) {
	if s := clip(lines[0].bare); runOn.MatchString(s) && !me.MatchString(s) {
		return 1, true
	}
	text := ""
	for k := 0; k < attributionLines && k < len(lines); k++ {
		next := lines[k].bare
		if next == "" || lines[k].kind == quoteLine || len(text)+len(next) > attributionBytes || k > 0 && dated.MatchString(next) {
			break
		}
		text = strings.TrimSpace(text + " " + next)
		quoted, colon := quotesFollow(lines[k+1:]), strings.HasSuffix(text, ":")
		if (quoted || colon) && (isAttribution(text) || quoted && introduces(text)) {
			return k + 1, colon && byProgram.MatchString(text)
		}
		if !opening.MatchString(text) || endsSentence(next) {
			break
		}
	}
	return 0, false
}

// byProgram is what only a program writes into an attribution.
var byProgram = compile(`\S@\S|\b\d{1,2}[:.]\d{2}\b`)

// endsSentence reports whether a line is the end of a sentence, and not that of an abbreviated month.
func endsSentence(s string) bool {
	return strings.HasSuffix(s, "!") || strings.HasSuffix(s, "?") || strings.HasSuffix(s, ".") && !strings.ContainsAny(s, "0123456789@")
}

// isAttribution reports whether a text, wrapped lines put together, is an attribution.
func isAttribution(s string) bool {
	if len(s) > attributionBytes || me.MatchString(s) {
		return false
	}
	for _, shape := range wrote {
		if shape.MatchString(s) {
			return true
		}
	}
	return false
}

// introduces reports whether a text right above a quote introduces it, in whatever language.
func introduces(s string) bool {
	if me.MatchString(s) || speaks.MatchString(s) {
		return false
	}
	return named.MatchString(s) || (strings.HasSuffix(s, ":") || strings.HasSuffix(s, ">")) && byProgram.MatchString(s)
}
