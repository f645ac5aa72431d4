//go:build e2e

package e2e

import (
	"fmt"
	"mime"
	"strings"
	"time"
)

// letter is one message to be delivered.
type letter struct {
	name     string // for failures, such as a file name
	envelope string // MAIL FROM; "" for a bounce
	id       string // Message-ID without brackets, "" when it has none
	raw      []byte
	language string // what it must be answered in, where that is known
	machine  bool   // must never be answered
	request  bool   // one of our own requests: must open a case and be answered
}

// wishes are requests that nobody can take for anything else, one a language.
var wishes = []struct{ language, subject, text string }{
	{"fr", "Demande d'accès", "En application de l'article 15 du RGPD, je souhaite recevoir une copie de toutes les données\npersonnelles que vous détenez à mon sujet."},
	{"nl", "Verzoek tot inzage", "Op grond van artikel 15 van de AVG verzoek ik u om een kopie van alle persoonsgegevens die u over mij\nverwerkt."},
	{"de", "Antrag auf Löschung", "Nach Artikel 17 DSGVO beantrage ich die Löschung aller personenbezogenen Daten, die Sie über mich\ngespeichert haben."},
	{"en", "Erasure request", "Under article 17 of the GDPR I ask you to erase all personal data that you hold about me."},
}

// request is the n-th request, of a person who writes only once.
func request(n int) letter {
	wish := wishes[n%len(wishes)]
	l := compose(fmt.Sprintf("request-%04d", n), fmt.Sprintf("person%04d@client.example", n), wish.subject,
		fmt.Sprintf("%s\nPerson %04d\n", wish.text, n))
	l.request, l.language = true, wish.language
	return l
}

// ordinary is the n-th message that asks for nothing of ours.
func ordinary(n int) letter {
	subjects := []string{"Heures d'ouverture", "Offerte vergaderzaal", "Rechnung", "Training in spring"}
	texts := []string{
		"Bonjour,\n\nVotre salle est-elle ouverte le samedi matin ? Merci d'avance.",
		"Dag,\n\nKunnen we de vergaderzaal op dinsdag huren? Wat is de prijs?",
		"Guten Tag,\n\nanbei die Rechnung für den Drucker, zahlbar in 30 Tagen.",
		"Hello,\n\nwhen does the spring training on spreadsheets start, and is there a place left?",
	}
	return compose(fmt.Sprintf("ordinary-%04d", n), fmt.Sprintf("visitor%04d@client.example", n), subjects[n%4],
		fmt.Sprintf("%s\n\nVisitor %04d\n", texts[n%4], n))
}

// machine is the n-th message written by a machine, each with the words of a request in it, so that only
// the signs of a machine keep it from being answered.
func machine(n int) letter {
	plain := request(n)
	name, from := fmt.Sprintf("machine-%04d", n), fmt.Sprintf("robot%04d@service.example", n)
	_, words, _ := strings.Cut(string(plain.raw), "\r\n\r\n")
	signs := []string{
		"Auto-Submitted: auto-replied",
		"Auto-Submitted: auto-generated (rejected)",
		"List-Id: <news.service.example>",
		"Precedence: bulk",
		"X-Auto-Response-Suppress: All",
		"",
	}
	sign := signs[n%len(signs)]
	l := compose(name, from, plain.name, words, sign)
	l.machine = true
	if sign == "" {
		l.envelope = "" // the null return path of a bounce
	}
	return l
}

// compose builds a plain message to the desk from one writer.
func compose(name, from, subject, text string, fields ...string) letter {
	id := name + "@" + from[strings.LastIndexByte(from, '@')+1:]
	var b strings.Builder
	for _, f := range append([]string{
		"From: " + from,
		"To: " + account,
		"Subject: " + mime.QEncoding.Encode("utf-8", subject),
		"Date: " + time.Now().Format(time.RFC1123Z),
		"Message-ID: <" + id + ">",
		"MIME-Version: 1.0",
		"Content-Type: text/plain; charset=utf-8",
		"Content-Transfer-Encoding: 8bit",
	}, fields...) {
		if f != "" {
			b.WriteString(f + "\r\n")
		}
	}
	b.WriteString("\r\n" + strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n"))
	return letter{name: name, envelope: from, id: id, raw: []byte(b.String())}
}

// several makes letters from to to-1.
func several(from, to int, make func(int) letter) []letter {
	var all []letter
	for n := from; n < to; n++ {
		all = append(all, make(n))
	}
	return all
}
