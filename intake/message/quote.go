package message

import (
	"regexp"
	"strings"
)

// markQuotes finds the words of earlier mails by what mail programs write before them.
func markQuotes(lines []textLine) {
	for i := range lines {
		if isQuoted(lines[i]) {
			lines[i].kind = quoteLine
		}
	}
	for i := 0; i < len(lines); i++ {
		l := lines[i]
		if l.bare == "" || l.kind == quoteLine {
			continue
		}
		if isDivider(l.bare) && !quotesFollow(lines[i+1:]) {
			toQuotes(lines[i:])
			return
		}
		if n := headerBlock(lines[i:]); n > 0 {
			toQuotes(lines[withRule(lines, i):])
			return
		}
		if n := attribution(lines[i:]); n > 0 {
			if quotesFollow(lines[i+n:]) {
				toQuotes(lines[i : i+n])
				i += n - 1
				continue
			}
			if saysAll(lines[i : i+n]) {
				toQuotes(lines[i:])
				return
			}
		}
	}
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

// divider is the line that programs put between an answer and the mail answered, in the languages of our
// writers and their neighbours; or a robot's "write above this line".
var divider = regexp.MustCompile(`(?i)^[-_=–—\s]*(` + strings.Join([]string{
	`original (message|appointment)`, `message (d['’ ]origine|original|initial)`, `courriel (d['’]origine|original)`,
	`e-?mail d['’]origine`, `oorspronkelijk(e)? (bericht|e-?mail)`, `origineel bericht`, `urspr(ü|ue)ngliche (nachricht|e-?mail|mail)`,
	`original-?nachricht`, `mensaje original`, `messaggio originale`, `mensagem original`, `oprindelig meddelelse`, `alkuperäinen viesti`,
	`ursprungligt meddelande`, `wiadomość oryginalna`,
	`(forwarded|fwd:?) (message|mail)( by .{0,80})?`, `message (transf(é|e)r(é|e)|r(é|e)exp(é|e)di(é|e))`, `doorgestuurd bericht`,
	`weitergeleitete nachricht`, `mensaje reenviado`, `messaggio inoltrato`, `mensagem encaminhada`,
	`(please )?(reply|write|type) (your reply )?above this line.{0,60}`, `r(é|e)pondez au-dessus de cette ligne.{0,60}`,
	`(antwoord|schrijf) boven deze lijn.{0,60}`, `bitte (oberhalb|über) dieser linie antworten.{0,60}`,
}, "|") + `)[-_=–—\s:]*$`)

// openers are the lines with which Apple's programs begin a mail that is handed on.
var openers = regexp.MustCompile(`(?i)^(d(é|e)but du message (transf(é|e)r(é|e)|r(é|e)exp(é|e)di(é|e))|begin (forwarded|quoted) message|begin doorgestuurd bericht|anfang der weitergeleiteten (nachricht|e-?mail)) ?:$`)

// isDivider reports whether a line parts an answer from the mail answered. The words alone do not: they
// stand between dashes, end with a colon as an opener, or tell where to write.
func isDivider(s string) bool {
	if len(s) > 160 {
		return false
	}
	if openers.MatchString(s) {
		return true
	}
	return divider.MatchString(s) && (strings.ContainsAny(s[:1], "-_=") || strings.HasPrefix(s, "–") || strings.HasPrefix(s, "—") ||
		writeAbove.MatchString(s))
}

// writeAbove is a ticket system telling where the answer belongs.
var writeAbove = regexp.MustCompile(`(?i)(above this line|au-dessus de cette ligne|boven deze lijn|dieser linie)`)

// label is the name of a header field as programs translate it.
var (
	fromLabel  = regexp.MustCompile(`(?i)^(from|de|van|von|expéditeur|expediteur|afzender|absender|da|od|från|fra|lähettäjä|от) ?: ?\S`)
	otherLabel = regexp.MustCompile(`(?i)^(sent|date|to|cc|subject|reply-to|importance|envoyé|envoyé le|envoye|date d['’]envoi|à|a|pour|destinataires?|objet|sujet|verzonden|verstuurd|datum|aan|onderwerp|gesendet|an|betreff|enviado|para|asunto|fecha|inviato|oggetto|assunto|data|wysłano|do|temat|skickat|till|ämne|sendt|til|emne|kopie|copie|отправлено|кому|тема|дата) ?:`)
)

// headerBlockLines is how far the fields of a quoted mail may spread, blank lines and folded ones among them.
const headerBlockLines = 14

// headerBlock reports how many lines a quoted mail's header takes at the beginning of lines: a From line and
// two further fields, in whatever order. 0 is none. A web form ("Nom : ...") has no From line.
func headerBlock(lines []textLine) int {
	from, fields := 0, 0
	for i := 0; i < len(lines) && i < headerBlockLines; i++ {
		switch {
		case fromLabel.MatchString(lines[i].bare):
			from++
		case otherLabel.MatchString(lines[i].bare):
			fields++
		case i == 0:
			return 0
		}
		if from > 0 && fields >= 2 {
			return i + 1
		}
	}
	return 0
}

// withRule moves from a header block up over the rule or the divider above it.
func withRule(lines []textLine, i int) int {
	for j := i - 1; j >= 0 && j >= i-3; j-- {
		switch {
		case lines[j].bare == "":
		case strings.Trim(lines[j].bare, "-_=–— ") == "" || openers.MatchString(lines[j].bare):
			return j
		default:
			return i
		}
	}
	return i
}
