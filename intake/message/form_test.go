package message_test

import (
	"strings"
	"testing"

	"guichetdunumerique.be/guichet/intake/message"
)

func TestWebFormsAreRead(t *testing.T) {
	for _, c := range []struct {
		why, text string
		want      message.Form
	}{
		{"French", "Un visiteur a écrit.\n\nNom : Petit\nPrénom : Jean\nE-mail : jean@exemple.example\nTéléphone :\nSujet : Horaire\nMessage :\nBonjour,\n\nêtes-vous ouverts ?\n\n--\nEnvoyé depuis le site",
			message.Form{Name: "Jean Petit", Address: "jean@exemple.example", Subject: "Horaire", Text: "Bonjour,\n\nêtes-vous ouverts ?"}},
		{"Dutch", "Naam: Jan Smet\nE-mailadres: jan@voorbeeld.example\nOnderwerp: Uren\nBericht: Dag,\nwanneer open?",
			message.Form{Name: "Jan Smet", Address: "jan@voorbeeld.example", Subject: "Uren", Text: "Dag,\nwanneer open?"}},
		{"German", "Name: Eva Lenz\nE-Mail: eva@beispiel.example\nBetreff: Zeiten\nNachricht: Wann offen?",
			message.Form{Name: "Eva Lenz", Address: "eva@beispiel.example", Subject: "Zeiten", Text: "Wann offen?"}},
		{"English", "Your name: Tom Hill\nYour email: tom@sample.example\nSubject: Hours\nYour message: When open?",
			message.Form{Name: "Tom Hill", Address: "tom@sample.example", Subject: "Hours", Text: "When open?"}},
		{"bold and required", "*Nom (obligatoire)* : Jean\n*E-mail* * : jean@exemple.example\n*Votre message* : Bonjour",
			message.Form{Name: "Jean", Address: "jean@exemple.example", Text: "Bonjour"}},
		{"a table", "Nom\tJean\nE-mail\tjean@exemple.example\nMessage\tRendez-vous : 10:30 ?",
			message.Form{Name: "Jean", Address: "jean@exemple.example", Text: "Rendez-vous : 10:30 ?"}},
		{"values below their labels", "Nom\nJean Petit\n\nE-mail\njean@exemple.example\n\nMessage\nBonjour",
			message.Form{Name: "Jean Petit", Address: "jean@exemple.example", Text: "Bonjour"}},
		{"a field below the message", "Nom : Jean\nMessage : Bonjour\nà tous\nE-mail : jean@exemple.example",
			message.Form{Name: "Jean", Address: "jean@exemple.example", Text: "Bonjour\nà tous"}},
		{"a link for the address", "Name: Tom\nEmail: tom@sample.example <mailto:tom@sample.example>\nMessage: Hi",
			message.Form{Name: "Tom", Address: "tom@sample.example", Text: "Hi"}},
		{"the visitor repeats himself", "Nom : Jean\nE-mail : jean@exemple.example\nMessage : Effacez\nNom : Petit\nE-mail : autre@exemple.example\nmerci",
			message.Form{Name: "Jean", Address: "jean@exemple.example", Text: "Effacez\nNom : Petit\nE-mail : autre@exemple.example\nmerci"}},
		{"the visitor quotes", "Nom : Jean\nMessage : Vous écriviez\n> De : vous\nNon merci\n-----\nJean",
			message.Form{Name: "Jean", Text: "Vous écriviez\n> De : vous\nNon merci\n-----\nJean"}},
		{"the visitor asks below a delimiter", "Nom : Jean\nMessage : Bonjour\n--\nJe veux effacer mes données",
			message.Form{Name: "Jean", Text: "Bonjour\n--\nJe veux effacer mes données"}},
	} {
		got := plainMail("Contact", c.text).Form
		if got == nil || *got != c.want {
			t.Errorf("%s: %+v, want %+v", c.why, got, c.want)
		}
	}
}

func TestLettersAreNoForms(t *testing.T) {
	for why, text := range map[string]string{
		"a header block":            "Merci\n\nDe : Jean <jean@exemple.example>\nEnvoyé : lundi 5 mai 2026\nÀ : info\nObjet : Question\n\nBonjour",
		"a form that is answered":   "Voici la réponse.\n\nLe 5 mai 2026 à 10:12, Site <site@exemple.example> a écrit :\n> Nom : Jean\n> E-mail : jean@exemple.example\n> Message : Bonjour",
		"an answered form, Outlook": "Voici la réponse.\n\nDe : Site <site@exemple.example>\nEnvoyé : lundi 5 mai 2026 10:12\nÀ : info\nObjet : Contact\n\nNom : Jean\nE-mail : jean@exemple.example\nMessage : Bonjour",
		"no message":                "Nom : Jean\nPrénom : Petit\nE-mail : jean@exemple.example\nAdresse : rue Haute 1",
		"an empty message":          "Nom : Jean\nE-mail : jean@exemple.example\nMessage :\n\n--\nSite",
		"no name":                   "Sujet : Horaire\nMessage : Bonjour",
		"a letter with its writer":  "Please answer my\nrequest.\n\nName: Ann Hill\nAddress: High Street 1\n\nYours",
		"a sentence":                "Mon nom est Jean. Message : rappelez-moi.",
		"far below":                 strings.Repeat("Bla bla.\n", 100) + "Nom : Jean\nMessage : Bonjour",
	} {
		if got := plainMail("Question", text).Form; got != nil {
			t.Errorf("%s: %+v", why, got)
		}
	}
}

func TestAFormThatIsHandedOnIsRead(t *testing.T) {
	m := plainMail("TR: Contact", "Peux-tu répondre ?\n\nDe : Site <site@exemple.example>\nEnvoyé : mardi 5 mai 2026 10:12\nÀ : info\nObjet : Contact\n\nNom : Jean\nE-mail : jean@exemple.example\nMessage : Bonjour")
	if m.Form == nil || m.Form.Address != "jean@exemple.example" || m.Form.Subject != "" || m.Form.Text != "Bonjour" {
		t.Errorf("form %+v", m.Form)
	}
}
