package message

import (
	"strings"
)

// markQuotes finds the words of earlier mails by their quote signs and by what mail programs write before them.
func markQuotes(lines []textLine) {
	markQuoteSigns(lines)
	for i := 0; i < min(len(lines), maxLines); i++ {
		if lines[i].bare == "" || lines[i].kind == quoteLine {
			continue
		}
		n, complete := introduction(lines[i:])
		switch {
		case n == 0:
		case quotesFollow(lines[i+n:]):
			toQuotes(lines[i : i+n])
			i += n - 1
		case complete:
			toQuotes(lines[aboveHeader(lines, i):])
			return
		}
	}
}

// introduction reports over how many lines goes what a program writes before an earlier mail; 0 is none.
// complete tells that it stands for itself: what follows is the mail, also without quote signs.
func introduction(lines []textLine) (n int, complete bool) {
	if isDivider(lines[0].bare) {
		n = 1
		for n < len(lines) && n < 4 && lines[n].bare == "" {
			n++
		}
		if n < len(lines) {
			if more := headerBlock(lines[n:]); more > 0 {
				return n + more, true
			}
			if more, _ := attribution(lines[n:]); more > 0 {
				return n + more, true
			}
		}
		return 1, true
	}
	if n = headerBlock(lines); n > 0 {
		return n, true
	}
	return attribution(lines)
}

// toQuotes makes quotes of lines, whatever they were.
func toQuotes(lines []textLine) {
	for i := range lines {
		lines[i].kind = quoteLine
	}
}

// quotesFollow reports whether the next line with words is a quote.
func quotesFollow(lines []textLine) bool {
	for _, l := range lines {
		if l.bare != "" {
			return l.kind == quoteLine
		}
	}
	return false
}

// initials are a quote sign with the initials of whom it quotes ("JD> ").
var initials = compile(`^[A-Z][A-Za-z]{0,3}>( |$)`)

// isQuoted reports whether a line bears a quote sign. ">:" is the end of an attribution that was wrapped.
func isQuoted(bare string) bool {
	return strings.HasPrefix(bare, ">") && bare != ">:" || strings.HasPrefix(bare, "|>") || initials.MatchString(clip(bare))
}

// markQuoteSigns makes quotes of the lines with quote signs, unless the writer announces a list of his wishes.
func markQuoteSigns(lines []textLine) {
	before, list := "", false // the line above the signs; whether they are those of a list
	for i := range lines {
		bare := lines[i].bare
		if bare == "" {
			continue
		}
		if !isQuoted(bare) {
			before, list = bare, false
			continue
		}
		if before != "" {
			list = i < maxLines && strings.HasSuffix(before, ":") && wish.MatchString(clip(before)) && !strings.HasPrefix(bare, ">>") && !isAttribution(before)
			before = ""
		}
		if !list {
			lines[i].kind = quoteLine
		}
	}
}

// divider is the line that programs put between an answer and the mail answered, in the languages of our
// writers and their neighbours.
var divider = compile(`(?i)^[-_=‐–—\s]*(` + strings.Join([]string{
	`original (message|appointment|e-?mail)`, `message (d['’] ?origine|original|initial)`, `courriel (d['’] ?origine|original)`,
	`e-?mail d['’] ?origine`, `oorspronkelijke? (bericht|e-?mail|afspraak)`, `origineel bericht`,
	`urspr(ü|ue)ngliche (nachricht|e-?mail|mail)`, `original-?nachricht`, `urspr(ü|ue)nglicher termin`,
	`mensaje original`, `messaggio originale`, `mensagem original`, `mesaj original`, `oprindelig meddelelse`,
	`opprinnelig melding`, `alkuperäinen viesti`, `ursprungligt meddelande`, `wiadomość oryginalna`, `oryginalna wiadomość`,
	`p(ů|u)vodní zpráva`, `eredeti üzenet`, `исходное сообщение`, `пересылаемое сообщение`, `orijinal mesaj`,
	`(forwarded|fwd:?) (message|mail)( (by|from) .*)?`, `message (transf(é|e)r(é|e)|r(é|e)exp(é|e)di(é|e))`,
	`doorgestuurd bericht`, `weitergeleitete (nachricht|e-?mail)`, `mensaje reenviado`, `messaggio inoltrato`, `mensagem encaminhada`,
	`((on|le|op|am) )?\w{0,4}\.?,? ?\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4},? .* (wrote|a écrit|schreef|schrieb)`, // Yahoo of old
}, "|") + `)[-_=‐–—\s:]*$`)

// opener is the line with which Apple's programs begin a mail that is handed on.
var opener = compile(`(?i)^(d(é|e)but du (message|courriel) (transf(é|e)r(é|e)|r(é|e)exp(é|e)di(é|e))|` +
	`begin (forwarded|quoted) message|begin doorgestuurd bericht|anfang der weitergeleiteten (nachricht|e-?mail)|inizio messaggio inoltrato) ?:$`)

// writeAbove is a ticket system telling where the answer belongs.
var writeAbove = compile(`(?i)^[-_=‐–—#*\s]*(please )?((reply|write|type) (your reply )?above this line|` +
	`(r(é|e)pondez|r(é|e)pondre|(é|e)crivez) (ici,? )?au-dessus de cette ligne|(antwoord|schrijf|typ) (uw antwoord )?boven deze (lijn|regel)|` +
	`bitte (oberhalb|über) dieser (linie|zeile) antworten)`)

// isDivider reports whether a line parts an answer from the mail answered. The words alone do not: they stand
// between dashes, end with a colon as an opener, or tell where to write.
func isDivider(s string) bool {
	if len(s) > 160 {
		return false
	}
	return dashed.MatchString(s) && divider.MatchString(s) || opener.MatchString(s) || writeAbove.MatchString(s)
}

// dashed is a line that begins as a rule.
var dashed = compile(`^[-_=‐–—]{2}`)
