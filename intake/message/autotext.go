package message

import (
	"strings"
)

// maxNotice is the longest text that is looked at for a machine's words: notices are short, also in three languages.
const maxNotice = 4000

// autoByWords says whether a machine wrote a mail whose header does not show it (domain rule B7), by its subject and
// the writer's own words. A subject that only programs set is enough, other subjects need a text that agrees. Certain
// is only where both agree and nobody asks for anything. Somebody who hands on a machine's mail is no machine,
// neither is a web form, which speaks for its visitor.
func autoByWords(subject, own string) Auto {
	n := readNotice(subject, own)
	if forwardSubject.MatchString(subject) || n.isForm(own) {
		return Auto{}
	}
	for _, rule := range noticeRules {
		if matches(rule.set, n.subject) {
			return n.bySubject(rule)
		}
	}
	for _, rule := range noticeRules {
		if (matches(rule.may, n.subject) && matches(rule.says, n.body) || matches(rule.declares, n.body) && !wish.MatchString(n.plain)) &&
			!n.long && (!n.aboutData() || rule.echoes && n.asksNothing()) {
			return Auto{rule.kind, rule.reason, false}
		}
	}
	return Auto{}
}

// bySubject is what rule makes of a subject that only programs set.
func (n notice) bySubject(rule noticeRule) Auto {
	if rule.kind == AutoReply && absenceWords.MatchString(n.body) {
		return Auto{AutoAbsence, reasonAbsence, n.asksNothing()}
	}
	return Auto{rule.kind, rule.reason, matches(rule.says, n.body) && n.asksNothing()}
}

// matches reports whether there is a pattern and s fits it.
func matches(p *pattern, s string) bool { return p != nil && p.MatchString(s) }

// noticeRule tells one kind of automatic mail by its words. Patterns are of folded text, in fr, nl, de, en.
type noticeRule struct {
	kind     AutoKind
	reason   string
	set      *pattern // subjects that only programs set
	may      *pattern // subjects that programs and people write
	says     *pattern // words of the text that agree with either
	declares *pattern // words of the text that leave no need of a subject
	echoes   bool     // subject and text repeat those of the mail they tell of, which may speak of data
}

// notice is a mail made comparable.
type notice struct {
	subject string // folded, without the tags that servers put before it
	body    string // folded, one line a paragraph, its beginning only
	plain   string // the same, not folded
	long    bool   // there is more of it
}

func readNotice(subject, own string) notice {
	head := shorten(own, maxNotice)
	paragraphs := strings.Split(fold(strings.ReplaceAll(head, "*", "")), "\n")
	var body strings.Builder
	for _, line := range paragraphs {
		if line = collapse(line); line == "" {
			body.WriteByte('\n')
			continue
		}
		body.WriteString(line)
		body.WriteByte(' ')
	}
	return notice{
		subject: collapse(serverTags.ReplaceAllString(fold(shorten(subject, maxLine)), "")),
		body:    body.String(),
		plain:   strings.Join(strings.Fields(head), " "),
		long:    len(own) > maxNotice,
	}
}

// serverTags are the marks that mail servers and ticket systems put before a subject.
var serverTags = compile(`^(\s*(\[[^\]]{1,60}\]|\*{2,}[^*]{1,30}\*{2,}))+`)

// isForm reports whether the mail is a web form's, whose own words often say that it was sent automatically.
func (n notice) isForm(own string) bool { return !n.long && readForm(own) != nil }

// asksNothing reports whether nobody speaks for himself in the whole text.
func (n notice) asksNothing() bool { return !n.long && !wish.MatchString(n.plain) }

// aboutData reports whether the text speaks of what requests speak of. Such a text is judged by its content unless
// a program's own subject stands above it.
func (n notice) aboutData() bool {
	return dataWords.MatchString(n.subject) || dataWords.MatchString(n.body)
}

var dataWords = compile(`\b(` + strings.Join([]string{
	`rgpd|donnees|supprim\w*|suppression|effac\w*|efface[rz]?|rectifi\w*|desinscri\w*|desabonn\w*|retire[rz]|consentement|opposition|m'oppose|portabilite|vie privee`,
	`avg|gegevens|persoonsgegevens|verwijder\w*|wis|wissen|gewist|schrap\w*|uitschrij\w*|inzage|toestemming|bezwaar|privacy`,
	`dsgvo|daten|losch\w*|geloscht|auskunft\w*|berichtig\w*|widerspr\w*|widerruf\w*|einwilligung|abmeld\w*|datenschutz\w*`,
	`gdpr|data|delet\w*|eras\w*|remov\w*|unsubscri\w*|rectif\w*|consent|object to|portability|dsar|sar`,
}, "|") + `)\b`)

// among is one pattern of several, at word boundaries.
func among(patterns ...string) *pattern {
	return compile(`\b(` + strings.Join(patterns, "|") + `)`)
}

// begins is one pattern of several, at the start of a subject.
func begins(end string, patterns ...string) *pattern {
	return compile(`^(` + strings.Join(patterns, "|") + `)` + end)
}

// sentence is one pattern of several, where a sentence begins: whoever quotes a machine has words before.
func sentence(patterns ...string) *pattern {
	return compile(`(?:^|[\n.!?,;#>=_-] ?)(` + strings.Join(patterns, "|") + `)`)
}
