package message

import (
	"strings"
)

// markSignatures finds what stands around the writer's words in every mail of his: the signature below its
// delimiter, the line of a telephone, disclaimers, warnings and the footers of newsletters and mailing lists. A
// paragraph in which he asks for something stays his own wherever it stands.
func markSignatures(lines []textLine) {
	lastQuote := len(lines) - 1
	for lastQuote >= 0 && lines[lastQuote].kind != quoteLine {
		lastQuote--
	}
	said := false // the writer has said something above
	for i := 0; i < len(lines); {
		n := 0
		switch l := lines[i]; {
		case l.bare == "" || l.kind == quoteLine:
			n = 1
		case l.kind == signatureLine: // by the HTML
			n = markFoot(lines[i:], marked)
		case isDelimiter(l.raw) && (said || i < lastQuote):
			n = markBelow(lines[i:])
		case isDeviceLine(l.bare):
			lines[i].kind, n = signatureLine, 1
		case startsParagraph(lines, i) || lines[i-1].kind == signatureLine:
			n = markNotice(lines, i, said)
		}
		if n == 0 {
			said, n = said || !isRule(lines[i].bare), 1
		}
		i += n
	}
}

// isDelimiter reports whether a line is the signature delimiter "-- " (RFC 3676 section 4.3), or what is left of
// it once a program has changed its space.
func isDelimiter(raw string) bool {
	return raw == "-- " || raw == "--" || raw == "--\u00a0"
}

// How many lines with words may stand below a delimiter or a notice for them to be taken for what stands under
// every mail: newsletters have notices in their midst. A short foot may be no more than an address on the web.
const (
	longFoot  = 40
	shortFoot = 6
)

// below counts the lines with words up to the next quote, as far as most.
func below(lines []textLine, most int) (n int) {
	for i := 0; i < len(lines) && n < most && lines[i].kind != quoteLine; i++ {
		if lines[i].bare != "" {
			n++
		}
	}
	return n
}

// markBelow makes a signature of the paragraph at the beginning of lines, and of those below it unless they are
// too many, and returns the number of lines.
func markBelow(lines []textLine) int {
	n := markParagraph(lines)
	if below(lines, longFoot) < longFoot {
		n += markFoot(lines[n:], anyLine)
	}
	return n
}

// anyLine and marked tell how far a foot may reach: to the next quote, or only as far as the HTML marked it.
func anyLine(l textLine) bool { return l.kind != quoteLine }
func marked(l textLine) bool  { return l.kind == signatureLine || l.bare == "" }

// markFoot makes a signature of the lines at the beginning of lines, as far as they belong to it and up to the
// paragraph in which the writer speaks again, and returns their number. From there on all is his own.
func markFoot(lines []textLine, belongs func(textLine) bool) int {
	for i := range lines {
		switch {
		case !belongs(lines[i]):
			return i
		case lines[i].bare == "" || isRule(lines[i].bare):
			lines[i].kind = signatureLine
		case startsParagraph(lines, i) && speaksAgain(paragraph(lines[i:])):
			for j := i; j < len(lines) && marked(lines[j]); j++ {
				lines[j].kind = ownLine
			}
			return i
		default:
			lines[i].kind = signatureLine
		}
	}
	return len(lines)
}

// markNotice makes a signature of the notice that begins at line i, and of the paragraphs that go with it, and
// returns how many lines that is; 0 where none begins. Above the writer's words a notice is a paragraph: a
// warning of a mail server, a disclaimer that was put first.
func markNotice(lines []textLine, i int, said bool) int {
	text := paragraph(lines[i:])
	underRule := i > 0 && isBar(lines[i-1].bare) || i > 1 && lines[i-1].bare == "" && isBar(lines[i-2].bare)
	switch {
	case isBanner(text):
		return markParagraph(lines[i:])
	case !isNotice(text) && !(said && underRule && isFooter(text, below(lines[i:], shortFoot) < shortFoot)):
		return 0
	}
	for j := i - 1; j >= 0 && (lines[j].bare == "" || isRule(lines[j].bare) && lines[j].kind == ownLine); j-- {
		lines[j].kind = signatureLine // the rule above
	}
	if !said {
		return markParagraph(lines[i:])
	}
	return markBelow(lines[i:])
}

// markParagraph makes a signature of the paragraph at the beginning of lines and returns how many it has.
func markParagraph(lines []textLine) int {
	for i := range lines {
		if lines[i].bare == "" || lines[i].kind == quoteLine || i > 0 && isRule(lines[i].bare) {
			return i
		}
		lines[i].kind = signatureLine
	}
	return len(lines)
}

// isBar reports whether a line is a rule as wide as footers have them.
func isBar(bare string) bool { return len(bare) >= 5 && isRule(bare) }

// maxParagraph bounds how many bytes of a paragraph are looked at.
const maxParagraph = maxPattern

// paragraph is the text from here to the next blank line or rule, its lines put together.
func paragraph(lines []textLine) string {
	var b strings.Builder
	for i, l := range lines {
		if l.bare == "" || l.kind == quoteLine || i > 0 && isRule(l.bare) || b.Len() >= maxParagraph {
			break
		}
		b.WriteString(clip(l.bare))
		b.WriteByte(' ')
	}
	return clip(b.String())
}

// startsParagraph reports whether a line begins a paragraph: below a blank line, a rule or a quote.
func startsParagraph(lines []textLine, i int) bool {
	return i == 0 || lines[i-1].bare == "" || isRule(lines[i-1].bare) || lines[i-1].kind == quoteLine
}

// speaks is the first person, in which notices about data and subscriptions are not written.
var speaks = compile(`(?i)\b(je|j['’]\pL+|moi|mon|ma|mes|m['’]\pL+|ik|mij|mijn|ich|mir|mich|meine?[mnrs]?|i|i['’](d|m|ve|ll)|me|my|mine)\b`)

// wish is the writer asking for something, in the first person. It is no boilerplate, wherever it stands.
var wish = compile(`(?i)\b(` + strings.Join([]string{
	`je (soussigné|souhaite|souhaiterais|veux|voudrais|désire|demande|vous (demande|prie|saurais)|retire|révoque|refuse|m['’]oppose|conteste|exerce|sollicite|n['’]autorise|ne veux|ne souhaite)`,
	`j['’](exerce|aimerais|exige|ai demandé)|mes (données|coordonnées|informations)|me concernant|mon (compte|dossier|profil|adresse|droit)|m['’](envoyer|effacer|enlever|oppose)`,
	`ik (wil|wens|vraag|verzoek|trek|maak bezwaar|verzet|eis|zou|herroep|betwist)|mijn (gegevens|persoonsgegevens|account|dossier|recht)|graag (had|zou|wil|ontvang) ik`,
	`ich (möchte|bitte|beantrage|widerspreche|widerrufe|verlange|fordere|will|mache|ziehe|hätte)|meine (daten|personenbezogenen)`,
	`i (want|would like|wish|request|withdraw|object|hereby|demand|ask|no longer)|i['’]d like|my (data|personal|account|details|right)`,
}, "|") + `)\b`)

// bids are the writer telling us what to do with data, without a word of himself.
var bids = compile(`(?i)(^|[.!?:;,] )(ps ?:? ?|p\.s\.? ?:? ?)?(merci d['’]|merci de |veuillez |gelieve |prière d['’]|prière de |bitte |please )?(` + strings.Join([]string{
	`(supprime|efface|retire|enleve|enlève|désinscrive|désabonne|raye|corrige|rectifie|cesse|arrête|envoye|communique)(z|r)`,
	`(verwijder|wis|schrap|verbeter|stop|bezorg|stuur)(en)?`, `(löschen|berichtigen|sperren|entfernen|senden|schicken) sie`,
	`(delete|remove|erase|correct|stop|send)`,
}, "|") + `)\b`)

// aboutMail names a mail or a link, of which notices say what should be done with it.
var aboutMail = compile(`(?i)\b(message|e-?mails?|mails?|courriels?|bericht|nachricht|kopie|copies|copie|newsletter|nieuwsbrief|cliqu\w+|klik|click|https?|link|lien)\b`)

// greets opens a letter, or a postscript.
var greets = compile(`(?i)^(((bonjour|bonsoir|rebonjour|salut|geachte|beste|goede(n)?dag|goeiedag|hallo|sehr geehrte[rns]?|guten (tag|morgen|abend)|liebe[rs]?|dear|hello)\b)|(chère?s?|madame|monsieur|messieurs|dag|hi|hey)\b[^.]{0,40},|p\.? ?s\.? ?[:.–-]|ps |post-?scriptum|nb ?:)`)

// speaksAgain reports whether a paragraph below a signature or a notice is the writer's own.
func speaksAgain(s string) bool {
	return wish.MatchString(s) || greets.MatchString(s) || bids.MatchString(s) && !aboutMail.MatchString(s) && !isNotice(s)
}
