package main

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// What stands in config.example.toml, for who tries the program.
const (
	exampleAddress = "info@guichetdunumerique.be"
	exampleName    = "Guichet du Numérique"
)

// nothing is the answer that leaves a thing out.
const nothing = "none"

// unlessNone is an answer, or nothing for "none".
func unlessNone(answer string) string {
	if strings.EqualFold(answer, nothing) {
		return ""
	}
	return answer
}

// words splits an answer of several.
func words(answer string) []string {
	return strings.FieldsFunc(answer, func(r rune) bool { return r == ',' || r == ';' || unicode.IsSpace(r) })
}

// organisation guesses a name from an address: that of info@bois-joli.be is "Bois joli".
func organisation(address string) string {
	if address == exampleAddress {
		return exampleName
	}
	label, _, _ := strings.Cut(domainOf(address), ".")
	letters := []rune(strings.ReplaceAll(label, "-", " "))
	if len(letters) == 0 {
		return exampleName
	}
	letters[0] = unicode.ToUpper(letters[0])
	return string(letters)
}

// initials guesses what references begin with: those of "Guichet du Numérique" are GDN. Marks are dropped
// from letters; where fewer than two remain, or more than eight, it is GDN too.
func initials(name string) string {
	var found []rune
	for _, word := range strings.FieldsFunc(norm.NFD.String(name), func(r rune) bool { return !unicode.In(r, unicode.L, unicode.M, unicode.N) }) {
		if first := unicode.ToUpper([]rune(word)[0]); first >= 'A' && first <= 'Z' {
			found = append(found, first)
		}
	}
	if len(found) < 2 || len(found) > 8 {
		return "GDN"
	}
	return string(found)
}

// Names that mail programs give to folders of a use, in small letters, where the server does not mark them.
var folderNames = map[string][]string{
	`\Junk`: {"junk", "spam", "junk e-mail", "junk email", "junk-e-mail", "bulk mail", "courrier indésirable", "indésirables", "pourriel",
		"ongewenste e-mail", "spamverdacht"},
	`\Sent`: {"sent", "sent items", "sent messages", "sent mail", "éléments envoyés", "messages envoyés", "envoyés",
		"verzonden items", "verzonden", "verzonden berichten", "gesendete elemente", "gesendete objekte", "gesendet"},
	`\Drafts`: {"drafts", "draft", "brouillons", "concepten", "entwürfe"},
}

// folderFor guesses which folder has a use by its name, "" when none is called so.
func folderFor(use string, names []string) string {
	for _, usual := range folderNames[use] {
		for _, name := range names {
			last := name[strings.LastIndexAny(name, "/.")+1:]
			if strings.ToLower(norm.NFC.String(last)) == usual {
				return name
			}
		}
	}
	return ""
}
