package message

import (
	"strings"
)

// The names of header fields as programs translate them in the block that they put before a quoted mail.
var (
	fromField  = compile(`(?i)^(from|de|van|von|expéditeur|expediteur|afzender|absender|envoyé par|verzonden door|da|od|från|fra|lähettäjä|от|от кого|발신|发件人|寄件者|差出人) ?[:：] ?\S`)
	otherField = compile(`(?i)^(` + strings.Join([]string{
		`sent|date|to|cc|bcc|subject|reply-to|importance|organization`,
		`envoyé|envoyé le|envoye|date d['’]envoi|à|a|pour|destinataires?|copie( à)?|objet|sujet|répondre à|date et heure`,
		`verzonden|verzonden op|verstuurd|datum|aan|onderwerp|antwoorden aan|prioriteit|kopie`,
		`gesendet|gesendet am|an|betreff|antwort an|priorität|wichtigkeit|verschickt`,
		`enviado|enviado el|enviada em|para|asunto|fecha|inviato|oggetto|assunto|data|wysłano|do|temat|skickat|till|ämne|sendt|til|emne`,
		`trimis|către|subiect|odesláno|komu|předmět|lähetetty|vastaanottaja|aihe|отправлено|кому|тема|дата`,
		`发送时间|收件人|主题|抄送|送信日時|宛先|件名|寄件日期|收件者|主旨`,
	}, "|") + `) ?[:：]`)
)

// headerLine is a whole block run together on a line.
var headerLine = compile(`(?i)^(from|de|van|von|da) ?: ?\S.*\b(sent|date|envoyé( le)?|verzonden|datum|gesendet|inviato|data) ?: ?.*\d.*\s(to|à|a|aan|an|subject|objet|onderwerp|betreff|oggetto) ?:`)

// sentAt is what a program writes in such a block and people hardly do: an address or a time of day.
var sentAt = compile(`\S@\S|\b\d{1,2} ?[:hH.] ?\d{2}\b`)

// headerBlockLines is how far the fields of a quoted mail may spread, blank lines and folded ones among them,
// and foldedLines how many of them may be no fields.
const (
	headerBlockLines = 14
	foldedLines      = 3
)

// fieldRole is what a line may be in such a block.
type fieldRole uint8

const (
	askedRole fieldRole = 1 << iota // the others are known
	fromRole                        // it is a From field
	otherRole                       // it is another field
	sureRole                        // it bears an address or a time of day
)

// fieldRole looks at a line once: many blocks that may begin above it would look again.
func (l *textLine) fieldRole() fieldRole {
	if l.role != 0 {
		return l.role
	}
	s := clip(l.bare)
	l.role = askedRole
	switch {
	case fromField.MatchString(s):
		l.role |= fromRole
	case otherField.MatchString(s):
		l.role |= otherRole
	}
	if sentAt.MatchString(s) {
		l.role |= sureRole
	}
	return l.role
}

// headerBlock reports how many lines a quoted mail's header takes at the beginning of lines: a From line and two
// further fields, in whatever order, with an address or a time of day. 0 is none. A web form ("Nom : ...") has no
// From line, and who writes "De : Bruxelles / À : Namur" gives no time.
func headerBlock(lines []textLine) int {
	if first := clip(lines[0].bare); !strings.ContainsAny(first, ":：") {
		return 0
	} else if headerLine.MatchString(first) {
		return 1
	}
	from, fields, folded, sure := 0, 0, 0, false
	for i := 0; i < len(lines) && i < headerBlockLines && folded <= foldedLines; i++ {
		s := clip(lines[i].bare)
		switch {
		case s == "":
			continue
		case lines[i].kind == quoteLine:
			return 0
		}
		role := lines[i].fieldRole()
		switch {
		case role&fromRole != 0:
			from++
		case role&otherRole != 0:
			fields++
		case i == 0:
			return 0
		default:
			folded++
		}
		sure = sure || role&sureRole != 0
		if from > 0 && fields >= 2 && sure {
			return i + 1 + restOfBlock(lines[i+1:])
		}
	}
	return 0
}

// restOfBlock is how many lines more belong to a header block: those up to the blank line under it.
func restOfBlock(lines []textLine) int {
	for i, l := range lines {
		if l.bare == "" || l.kind == quoteLine || i == headerBlockLines {
			return i
		}
	}
	return len(lines)
}

// receivedOn is the line above the header block in the webmail of Orange and La Poste.
var receivedOn = compile(`(?i)^(message|courriel|bericht|nachricht) (du|reçu le|van|vom) ?:? ?\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}`)

// aboveHeader moves from an introduction up over the rule or the opener above it.
func aboveHeader(lines []textLine, i int) int {
	top := i
	for j := i - 1; j >= 0 && j >= i-5; j-- {
		s := lines[j].bare
		switch {
		case s == "":
		case isRule(s), opener.MatchString(clip(s)), receivedOn.MatchString(clip(s)):
			top = j
		default:
			return top
		}
	}
	return top
}
