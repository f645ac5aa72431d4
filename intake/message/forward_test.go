package message_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"guichetdunumerique.be/guichet/intake/message"
)

func TestMailsHandedOnAsTextAreRead(t *testing.T) {
	jean := message.Address{Name: "Jean Petit", Address: "jean@exemple.example"}
	at := func(day, hour, minute int) time.Time {
		return time.Date(2026, time.May, day, hour, minute, 0, 0, time.UTC)
	}
	for _, c := range []struct {
		why, subject, text string
		want               message.Forwarded
	}{
		{"Gmail fr", "Fwd: Compte", "FYI\n\n---------- Forwarded message ---------\nDe : Jean Petit <jean@exemple.example>\nDate: mar. 5 mai 2026 à 10:12\nSubject: Compte\nTo: <info@guichetdunumerique.be>\n\n\nEffacez-moi.\n\nJean",
			message.Forwarded{From: jean, Date: at(5, 10, 12), Subject: "Compte", Text: "Effacez-moi.\n\nJean"}},
		{"Gmail, whatever the subject", "Compte", "---------- Message transféré ---------\nDe : Jean Petit <jean@exemple.example>\nDate: mar. 5 mai 2026 à 10:12\nObjet : Compte\nÀ : Ann <ann@voorbeeld.example>, \n Tom <tom@voorbeeld.example>\n\nEffacez-moi.",
			message.Forwarded{From: jean, Date: at(5, 10, 12), Subject: "Compte", Text: "Effacez-moi."}},
		{"Outlook fr", "TR: Compte", "Ann, peux-tu voir ?\n\n________________________________\nDe : Jean Petit <jean@exemple.example>\nEnvoyé : mardi 5 mai 2026 10:12\nÀ : Ann\nObjet : Compte\n\nEffacez-moi.",
			message.Forwarded{From: jean, Date: at(5, 10, 12), Subject: "Compte", Text: "Effacez-moi."}},
		{"Outlook nl, bold", "Doorst: Account", "*Van:* Jean Petit [mailto:jean@exemple.example]\n*Verzonden:* dinsdag 5 mei 2026 10:12\n*Aan:* Ann\n*Onderwerp:* Account\n\nWis mij.",
			message.Forwarded{From: jean, Date: at(5, 10, 12), Subject: "Account", Text: "Wis mij."}},
		{"Outlook de", "WG: Konto", "-----Ursprüngliche Nachricht-----\nVon: Jean Petit <jean@exemple.example>\nGesendet: Dienstag, 5. Mai 2026 10:12\nAn: Ann\nCc: Tom\nBetreff: Konto\n\nBitte löschen.",
			message.Forwarded{From: jean, Date: at(5, 10, 12), Subject: "Konto", Text: "Bitte löschen."}},
		{"Outlook en", "FW: Account", "From: Jean Petit <jean@exemple.example>\nSent: Tuesday, May 5, 2026 10:12 PM\nTo: Ann\nSubject: Account\n\nErase me.",
			message.Forwarded{From: jean, Date: at(5, 22, 12), Subject: "Account", Text: "Erase me."}},
		{"Outlook, its subject taken off", "Compte de M. Petit", "De : Jean Petit <jean@exemple.example>\nEnvoyé : mardi 5 mai 2026 10:12\nÀ : Ann\nObjet : Compte\n\nEffacez-moi.",
			message.Forwarded{From: jean, Date: at(5, 10, 12), Subject: "Compte", Text: "Effacez-moi."}},
		{"Apple fr, quoted", "Fwd: Compte", "À voir.\n\nDébut du message transféré :\n\n> De: Jean Petit <jean@exemple.example>\n> Objet: Compte\n> Date: 5 mai 2026 à 10:12:00 UTC\n> À: ann@voorbeeld.example\n> \n> Effacez-moi.\n\nAnn",
			message.Forwarded{From: jean, Date: at(5, 10, 12), Subject: "Compte", Text: "Effacez-moi."}},
		{"Apple nl", "Fwd: Account", "Begin doorgestuurd bericht:\n\nVan: Jean Petit <jean@exemple.example>\n\nOnderwerp: Account\n\nDatum: 5 mei 2026 om 10:12:00 UTC\n\nAan: ann@voorbeeld.example\n\nWis mij.",
			message.Forwarded{From: jean, Date: at(5, 10, 12), Subject: "Account", Text: "Wis mij."}},
		{"Apple de", "Fwd: Konto", "Anfang der weitergeleiteten Nachricht:\n\nVon: Jean Petit <jean@exemple.example>\nBetreff: Konto\nDatum: 5. Mai 2026 um 12:12:00 MESZ\nAn: ann@voorbeeld.example\n\nBitte löschen.",
			message.Forwarded{From: jean, Date: at(5, 10, 12), Subject: "Konto", Text: "Bitte löschen."}},
		{"Thunderbird", "Fwd: Compte", "-------- Message transféré --------\nSujet : \tCompte\nDate : \tTue, 5 May 2026 12:12:00 +0200\nDe : \tJean Petit <jean@exemple.example>\nPour : \tann@voorbeeld.example\n\n\n\nEffacez-moi.",
			message.Forwarded{From: jean, Date: at(5, 10, 12), Subject: "Compte", Text: "Effacez-moi."}},
		{"Mutt", "Fwd: Account", "----- Forwarded message from Jean Petit <jean@exemple.example> -----\n\nDate: Tue, 5 May 2026 10:12:00 +0000\nFrom: Jean Petit <jean@exemple.example>\nSubject: Account\n\nErase me.\n\n----- End forwarded message -----\n\nAnn",
			message.Forwarded{From: jean, Date: at(5, 10, 12), Subject: "Account", Text: "Erase me."}},
		{"an opener without a header", "Account", "----- Doorgestuurd bericht van jean@exemple.example -----\nWis mij.",
			message.Forwarded{From: message.Address{Address: "jean@exemple.example"}, Text: "Wis mij."}},
		{"only a name, no readable date", "TR: Compte", "De : Jean Petit\nEnvoyé : hier\nÀ : Ann\nObjet : Compte\n\nEffacez-moi.",
			message.Forwarded{From: message.Address{Name: "Jean Petit"}, Subject: "Compte", Text: "Effacez-moi."}},
		{"an address in parentheses", "TR: Compte", "De : Jean Petit (jean@exemple.example)\nDate : 05/05/2026 10:12\nÀ : Ann\nObjet : Compte\n\nEffacez-moi.",
			message.Forwarded{From: jean, Date: at(5, 10, 12), Subject: "Compte", Text: "Effacez-moi."}},
		{"its writer answered our receipt", "TR: Compte", "De : Jean Petit <jean@exemple.example>\nDate : 5 mai 2026 10:12\nÀ : Ann\nObjet : Compte\n\nMerci.\n\n> Vous avez le droit d'effacer vos données.",
			message.Forwarded{From: jean, Date: at(5, 10, 12), Subject: "Compte", Text: "Merci."}},
	} {
		got := plainMail(c.subject, c.text).Forwarded
		if len(got) != 1 {
			t.Errorf("%s: %d mails, want one: %+v", c.why, len(got), got)
			continue
		}
		if f := got[0]; f.From != c.want.From || !f.Date.Equal(c.want.Date) || f.Subject != c.want.Subject || f.Text != c.want.Text || f.Sealed {
			t.Errorf("%s:\n got %+v\nwant %+v", c.why, f, c.want)
		}
	}
}

func TestAnswersHandNothingOn(t *testing.T) {
	for why, c := range map[string][2]string{
		"Outlook's header in an answer":     {"RE: Compte", "Merci.\n\nDe : Jean <jean@exemple.example>\nEnvoyé : mardi 5 mai 2026 10:12\nÀ : Ann\nObjet : Compte\n\nEffacez-moi."},
		"below the writer's words":          {"Compte", "Merci.\n\nDe : Jean <jean@exemple.example>\nEnvoyé : mardi 5 mai 2026 10:12\nÀ : Ann\nObjet : Compte\n\nEffacez-moi."},
		"others forwarded what is answered": {"Re: Fwd: Compte", "Merci.\n\nOn Tue, 5 May 2026 at 10:12, Ann <ann@voorbeeld.example> wrote:\n> ---------- Forwarded message ---------\n> From: Jean <jean@exemple.example>\n> Date: Tue, 5 May 2026\n> Subject: Compte\n> To: Ann\n>\n> Erase me."},
		"the same without quote signs":      {"Re: Fwd: Compte", "Merci.\n\nOn Tue, 5 May 2026 at 10:12, Ann <ann@voorbeeld.example> wrote:\n\n---------- Forwarded message ---------\nFrom: Jean <jean@exemple.example>\nDate: Tue, 5 May 2026\nSubject: Compte\nTo: Ann\n\nErase me."},
		"a person about a forwarded mail":   {"Question", "Message transféré\n\nJe vous ai transféré ce message hier."},
		"a journey":                         {"TR: Voyage", "De : Bruxelles\nÀ : Namur\n\nUn billet svp."},
	} {
		if got := plainMail(c[0], c[1]).Forwarded; len(got) > 0 {
			t.Errorf("%s: %+v", why, got)
		}
	}
}

func TestEachMailOfAThreadHandedOnIsApart(t *testing.T) {
	var text strings.Builder
	for i := range 30 {
		fmt.Fprintf(&text, "De : Jean %d <jean%d@exemple.example>\nEnvoyé : mardi 5 mai 2026 10:12\nÀ : Ann\nObjet : Compte\n\nMot %d.\n\n________________________________\n", i, i, i)
	}
	got := plainMail("TR: Compte", text.String()).Forwarded
	if len(got) != 10 {
		t.Fatalf("%d mails, want 10", len(got))
	}
	for i, f := range got {
		if want := fmt.Sprintf("Mot %d.", i); i < 9 && f.Text != want {
			t.Errorf("mail %d says %q, want %q", i, f.Text, want)
		}
	}
}
