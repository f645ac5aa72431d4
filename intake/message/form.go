package message

import (
	"strings"
)

// formField is what a label of a web form asks for.
type formField int

const (
	notAsked formField = iota
	nameAsked
	firstNameAsked
	addressAsked
	subjectAsked
	messageAsked
	restAsked // known, not kept
	formFields
)

// formFieldOf is what a folded label asks for.
func formFieldOf(label string) formField {
	switch label {
	case "nom", "nom complet", "nom et prenom", "nom, prenom", "prenom et nom", "nom de famille", "nom/prenom", "nom prenom", "prenom nom",
		"naam", "volledige naam", "voornaam en naam", "naam en voornaam", "achternaam", "familienaam", "voor- en achternaam",
		"name", "full name", "last name", "surname", "family name", "first and last name",
		"nachname", "familienname", "vor- und nachname", "vorname und name", "vollstandiger name", "name, vorname", "vorname, name":
		return nameAsked
	case "prenom", "voornaam", "first name", "given name", "vorname", "firstname":
		return firstNameAsked
	case "e-mail", "email", "mail", "courriel", "adresse e-mail", "adresse email", "adresse mail", "adresse courriel", "adresse electronique",
		"e-mailadres", "emailadres", "mailadres", "e-mail adres", "email adres", "e-mail address", "email address", "mail address",
		"e-mail-adresse", "e-mailadresse", "emailadresse", "email-adresse", "mailadresse":
		return addressAsked
	case "sujet", "objet", "onderwerp", "subject", "betreff", "thema", "topic":
		return subjectAsked
	case "message", "bericht", "nachricht", "mitteilung", "boodschap", "commentaire", "commentaires", "comment", "comments", "question", "vraag",
		"frage", "demande", "aanvraag", "anfrage", "anliegen", "opmerking", "opmerkingen", "enquiry", "inquiry", "request", "kommentar",
		"bemerkung", "bemerkungen", "corps du message", "message body", "berichtinhoud", "nachrichtentext", "contenu du message":
		return messageAsked
	case "telephone", "tel", "gsm", "numero de telephone", "telefoon", "telefoonnummer", "phone", "phone number", "mobile", "mobiel", "telefon",
		"telefonnummer", "handy", "societe", "entreprise", "organisation", "organisatie", "bedrijf", "company", "organization", "firma",
		"unternehmen", "adresse", "adres", "address", "anschrift", "rue", "straat", "strasse", "street", "code postal", "postcode", "plz", "zip",
		"ville", "commune", "gemeente", "stad", "woonplaats", "city", "town", "ort", "stadt", "pays", "land", "country", "langue", "taal",
		"language", "sprache", "date", "datum", "page", "pagina", "seite", "url", "ip", "adresse ip", "ip address", "ip-adres", "ip-adresse",
		"consentement", "toestemming", "consent", "einwilligung", "newsletter", "nieuwsbrief", "civilite", "aanspreking", "anrede", "title":
		return restAsked
	}
	return notAsked
}

// Bounds of a form.
const (
	formPreamble = 30  // lines that may stand above the first field
	formStray    = 8   // lines without a label that may stand between the first field and the message, as in an address
	formLabel    = 60  // bytes of a label
	formValue    = 300 // bytes of a value, that of the message excepted
	formFooter   = 6   // lines below the last delimiter that are the site's own
)

// readForm reads the fields of a web form: a name or an address, and a message. It is nil when text is none. What the
// visitor wrote is kept to its end, even where it has lines like those of the form.
func readForm(text string) *Form {
	r := formReader{lines: strings.Split(text, "\n")}
	for i := 0; i < len(r.lines); i++ {
		if !r.inMessage && r.ends(i) {
			return nil
		}
		r.take(i)
	}
	name := cleanName(r.values[firstNameAsked] + " " + r.values[nameAsked])
	mailbox := writtenMailbox(r.values[addressAsked])
	message := withoutFooter(r.message)
	if message == "" || name == "" && mailbox.Address == "" || strings.Contains(name, ":") {
		return nil
	}
	return &Form{
		Name:    name,
		Address: mailbox.Address,
		Subject: cleanLine(r.values[subjectAsked]),
		Text:    message,
	}
}

// formReader reads a form line by line.
type formReader struct {
	lines     []string
	values    [formFields]string
	seen      [formFields]bool
	fields    int       // seen
	above     int       // lines with words above the first field
	stray     int       // lines with words but no label after it, above the message
	waiting   formField // a label without a value stood above
	inMessage bool
	message   []string
}

// ends reports whether line i shows that the text is no form: an earlier mail begins, or too much stands above.
func (r *formReader) ends(i int) bool {
	if r.above > formPreamble || r.stray > formStray || strings.HasPrefix(strings.TrimSpace(r.lines[i]), ">") {
		return true
	}
	_, n := readHeaderBlock(r.lines[i:], 2)
	return n > 0 && !r.seen[nameAsked] && !r.seen[addressAsked] || isDivider(bare(r.lines[i]))
}

// take reads line i.
func (r *formReader) take(i int) {
	field, value := formLine(r.lines[i])
	if field == messageAsked && !r.seen[nameAsked] && !r.seen[addressAsked] {
		field = notAsked // forms ask first who writes; a letter has such a word anywhere
	}
	line := bare(r.lines[i])
	switch {
	case field != notAsked && !r.belongsToMessage(field):
		r.seen[field] = true
		r.fields++
		r.values[field], r.waiting = shorten(value, formValue), notAsked
		if field == messageAsked {
			r.inMessage, r.message = true, []string{value}
		} else if value == "" {
			r.waiting = field
		}
	case line != "" && r.waiting != notAsked:
		r.values[r.waiting], r.waiting = shorten(line, formValue), notAsked
	case r.inMessage:
		r.message = append(r.message, r.lines[i])
	case line != "" && r.fields == 0:
		r.above++
	case line != "":
		r.stray++
	}
}

// belongsToMessage reports whether a line with the label of a field is the visitor's own: no form asks twice.
func (r *formReader) belongsToMessage(field formField) bool {
	return r.inMessage && r.seen[field]
}

// formLine cuts a line into the field that its label asks for and the value: "Nom : X", "Nom<tab>X", or a label
// alone with its value on the next line.
func formLine(raw string) (formField, string) {
	label, value, found := strings.Cut(raw, ":")
	if t, v, tabbed := strings.Cut(strings.TrimLeft(raw, " \t"), "\t"); tabbed && len(t) < len(label) {
		label, value, found = t, v, true
	}
	if !found {
		label, value = raw, ""
		if strings.ToLower(bare(raw)) == bare(raw) {
			return notAsked, "" // the end of a sentence
		}
	}
	if len(label) > formLabel {
		return notAsked, ""
	}
	return formFieldOf(plainLabel(label)), bare(strings.TrimPrefix(strings.TrimSpace(value), ":"))
}

// plainLabel is a label without what dresses it up: bold marks, bullets, stars of required fields, "your".
func plainLabel(s string) string {
	s = fold(bare(s))
	if at := strings.IndexByte(s, '('); at > 0 {
		s = s[:at] // "(required)"
	}
	s = strings.Trim(s, " -–•·_#|")
	return strings.TrimSpace(possessive.ReplaceAllString(s, ""))
}

var possessive = compile(`^(votre|vos|ton|uw|je|jouw|your|ihre?|deine?|mon|mijn) `)

// withoutFooter is the visitor's message without the lines that the site puts below a delimiter at its end.
func withoutFooter(lines []string) string {
	below := 0
	for i := len(lines) - 1; i > 0 && below <= formFooter; i-- {
		if isDelimiter(lines[i]) || isDelimiter(strings.TrimSpace(lines[i])) {
			if !wish.MatchString(strings.Join(lines[i+1:], " ")) {
				lines = lines[:i]
			}
			break
		}
		if strings.TrimSpace(lines[i]) != "" {
			below++
		}
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}
