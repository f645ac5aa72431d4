package message_test

import (
	"strings"
	"testing"

	"guichetdunumerique.be/guichet/intake/message"
)

// ask is what the writers of these mails say; earlier is the mail that they answer.
const (
	ask     = "Veuillez effacer mes données."
	earlier = "Votre compte est ouvert."
)

// textMail and pageMail read a mail whose body is text or HTML.
func textMail(body string) message.Message { return bodyMail("text/plain", body) }
func pageMail(body string) message.Message { return bodyMail("text/html", body) }

func bodyMail(kind, body string) message.Message {
	raw := "From: jean@mail.example\nContent-Type: " + kind + "; charset=utf-8\n\n" + body
	return message.Parse(message.Source{Head: []byte(raw), Size: int64(len(raw))}, message.Limits{})
}

// TestAnswersAboveTheQuote goes through what programs write between an answer and the mail answered.
func TestAnswersAboveTheQuote(t *testing.T) {
	for program, between := range map[string]string{
		"Gmail fr":               "Le lun. 2 mars 2026 à 10:11, Guichet <info@guichet.example> a écrit :\n> ",
		"Gmail fr wrapped":       "Le lun. 2 mars 2026 à 10:11, Guichet du Numérique\n<info@guichet.example> a écrit :\n\n> ",
		"Gmail fr no-break":      "Le\u00a0lun. 2 mars 2026 à\u00a010:11, Guichet <info@guichet.example> a écrit\u00a0:\n\n> ",
		"Gmail nl":               "Op ma 2 mrt 2026 om 10:11 schreef Guichet <info@guichet.example>:\n\n> ",
		"Gmail nl wrapped":       "Op ma 2 mrt 2026 om 10:11 schreef Guichet du Numérique <\ninfo@guichet.example>:\n\n> ",
		"Gmail de":               "Am Mo., 2. März 2026 um 10:11 Uhr schrieb Guichet <\ninfo@guichet.example>:\n\n> ",
		"Gmail en":               "On Mon, 2 Mar 2026 at 10:11, Guichet <info@guichet.example> wrote:\n\n> ",
		"Gmail phone, unquoted":  "Le lun. 2 mars 2026, 10:11, Guichet <info@guichet.example> a écrit :\n\n",
		"Gmail it":               "Il giorno lun 2 mar 2026 alle ore 10:11 Guichet <info@guichet.example> ha scritto:\n\n> ",
		"Gmail nb":               "man. 2. mar. 2026 kl. 10:11 skrev Guichet <info@guichet.example\n>:\n\n> ",
		"Apple Mail fr":          "Le 2 mars 2026 à 10:11, Guichet <info@guichet.example> a écrit :\n\n> ",
		"Apple Mail nl":          "Op 2 mrt. 2026, om 10:11 heeft Guichet <info@guichet.example> het volgende geschreven:\n\n> ",
		"Apple Mail de":          "Am 02.03.2026 um 10:11 schrieb Guichet <info@guichet.example>:\n\n> ",
		"Apple Mail en":          "On 2 Mar 2026, at 10:11, Guichet <info@guichet.example> wrote:\n\n> ",
		"iPhone fr":              "Envoyé de mon iPhone\n\n> Le 2 mars 2026 à 10:11, Guichet <info@guichet.example> a écrit :\n> \n> ",
		"iPhone nl":              "Verstuurd vanaf mijn iPhone\n\n> Op 2 mrt 2026 om 10:11 heeft Guichet <info@guichet.example> het volgende geschreven:\n> \n> ",
		"iPhone de":              "Von meinem iPhone gesendet\n\n> Am 02.03.2026 um 10:11 schrieb Guichet <info@guichet.example>:\n> \n> ",
		"Samsung fr":             "Envoyé depuis mon appareil Galaxy\n\n-------- Message d'origine --------\nDe : Guichet <info@guichet.example>\nDate : 02/03/2026 10:11 (GMT+01:00)\nÀ : jean@mail.example\nObjet : Bienvenue\n\n",
		"Samsung nl":             "Verzonden vanaf mijn Galaxy\n\n-------- Oorspronkelijk bericht --------\nVan: Guichet <info@guichet.example>\nDatum: 02-03-2026 10:11 (GMT+01:00)\nAan: jean@mail.example\nOnderwerp: Welkom\n\n",
		"Samsung de":             "Von meinem Galaxy gesendet\n\n-------- Ursprüngliche Nachricht --------\nVon: Guichet <info@guichet.example>\nDatum: 02.03.26 10:11 (GMT+01:00)\nAn: jean@mail.example\nBetreff: Willkommen\n\n",
		"Thunderbird fr":         "Le 02/03/2026 à 10:11, Guichet a écrit :\n> ",
		"Thunderbird nl":         "Op 2-3-2026 om 10:11 schreef Guichet:\n> ",
		"Thunderbird de":         "Am 02.03.2026 um 10:11 schrieb Guichet:\n> ",
		"Thunderbird forward":    "-------- Message transféré --------\nSujet : \tBienvenue\nDate : \tMon, 2 Mar 2026 10:11:12 +0100\nDe : \tGuichet <info@guichet.example>\nPour : \tjean@mail.example\n\n",
		"Outlook 2003 fr":        "-----Message d'origine-----\nDe : Guichet [mailto:info@guichet.example]\nEnvoyé : lundi 2 mars 2026 10:11\nÀ : Jean\nObjet : Bienvenue\n\n",
		"Outlook 2003 nl":        "-----Oorspronkelijk bericht-----\nVan: Guichet [mailto:info@guichet.example]\nVerzonden: maandag 2 maart 2026 10:11\nAan: Jean\nOnderwerp: Welkom\n\n",
		"Outlook 2003 de":        "-----Ursprüngliche Nachricht-----\nVon: Guichet [mailto:info@guichet.example]\nGesendet: Montag, 2. März 2026 10:11\nAn: Jean\nBetreff: Willkommen\n\n",
		"Outlook 2010 fr":        "De : Guichet [mailto:info@guichet.example]\nEnvoyé : lundi 2 mars 2026 10:11\nÀ : Jean\nObjet : Bienvenue\n\n",
		"Outlook 365 bold":       "*De :* Guichet <info@guichet.example>\n*Envoyé :* lundi 2 mars 2026 10:11\n*À :* Jean\n*Objet :* Bienvenue\n\n",
		"Outlook web":            "________________________________\nDe : Guichet <info@guichet.example>\nEnvoyé : lundi 2 mars 2026 10:11\nÀ : Jean <jean@mail.example>\nObjet : Bienvenue\n\n",
		"Outlook mobile fr":      "Télécharger Outlook pour iOS<https://aka.ms/x>\n________________________________\nDe : Guichet <info@guichet.example>\nEnvoyé : Monday, March 2, 2026 10:11:12 AM\nÀ : Jean\nObjet : Bienvenue\n\n",
		"Outlook mobile nl":      "Outlook voor Android downloaden<https://aka.ms/x>\n________________________________\nVan: Guichet <info@guichet.example>\nVerzonden: maandag 2 maart 2026 10:11\nAan: Jean\nOnderwerp: Welkom\n\n",
		"Outlook folded To":      "From: Guichet <info@guichet.example>\nSent: Monday, March 2, 2026 10:11 AM\nTo: Jean Dupont <jean@mail.example>;\n Anne Dupont <anne@mail.example>\nSubject: Welcome\n\n",
		"Outlook one line":       "From: Guichet <info@guichet.example> Sent: Monday, March 2, 2026 10:11 AM To: Jean Subject: Welcome\n\n",
		"Outlook Express":        "----- Original Message -----\nFrom: Guichet\nTo: jean@mail.example\nSent: Monday, March 02, 2026 10:11 AM\nSubject: Welcome\n\n> ",
		"Windows 10 Mail":        "Provenance : Courrier pour Windows 10\n\nDe : Guichet\nEnvoyé le :lundi 2 mars 2026 10:11\nÀ : jean@mail.example\nObjet :Bienvenue\n\n",
		"Yahoo fr":               "Le lundi 2 mars 2026 à 10:11:12 UTC+1, Guichet <info@guichet.example> a écrit :\n\n\n",
		"Yahoo nl":               "Op maandag 2 maart 2026 om 10:11:12 CET schreef Guichet <info@guichet.example>:\n\n\n",
		"Yahoo de":               "Am Montag, 2. März 2026 um 10:11:12 MEZ hat Guichet <info@guichet.example> Folgendes geschrieben:\n\n",
		"Yahoo phone":            "Envoyé à partir de Yahoo Mail pour Android\n\n  Le lun., mars 2, 2026 à 10:11, Guichet<info@guichet.example> a écrit :   ",
		"Proton fr":              "Envoyé avec la messagerie sécurisée Proton Mail.\n\nLe lundi 2 mars 2026 à 10:11, Guichet <info@guichet.example> a écrit :\n\n> ",
		"Proton nl":              "Verzonden met Proton Mail beveiligde e-mail.\n\nOp maandag 2 maart 2026 om 10:11 schreef Guichet <info@guichet.example>:\n\n> ",
		"Proton old":             "‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐\nOn Monday, March 2, 2026 10:11 AM, Guichet <info@guichet.example> wrote:\n\n> ",
		"GMX":                    "Gesendet: Montag, 02. März 2026 um 10:11 Uhr\nVon: \"Guichet\" <info@guichet.example>\nAn: jean@mail.example\nBetreff: Willkommen\n",
		"Orange fr":              "> Message du 02/03/26 10:11\n> De : \"Guichet\" <info@guichet.example>\n> A : jean@mail.example\n> Copie à : \n> Objet : Bienvenue\n> \n> ",
		"Orange fr, unquoted":    "========================================\n\nMessage du : 02/03/2026 10:11\nDe : \"Guichet\" <info@guichet.example>\nA : jean@mail.example\nCopie à : \nSujet : Bienvenue\n\n",
		"Proximus webmail (OX)":  "Le 02/03/2026 10:11 CET, Guichet <info@guichet.example> a écrit :\n\n \n",
		"OX nl":                  "Op 02-03-2026 10:11 CET schreef Guichet <info@guichet.example>:\n\n \n",
		"OX de":                  "Guichet <info@guichet.example> hat am 02.03.2026 10:11 CET geschrieben:\n\n \n",
		"Telenet webmail":        "----- Oorspronkelijk bericht -----\nVan: \"Guichet\" <info@guichet.example>\nAan: \"Jean\" <jean@mail.example>\nVerzonden: Maandag 2 maart 2026 10:11:12\nOnderwerp: Welkom\n\n",
		"Zimbra fr":              "De: \"Guichet\" <info@guichet.example>\nÀ: \"Jean\" <jean@mail.example>\nEnvoyé: Lundi 2 Mars 2026 10:11:12\nObjet: Bienvenue\n\n",
		"Zimbra dash":            "- Le 2026-03-02 10:11, Guichet a écrit :\n\n> ",
		"Roundcube fr":           "Le 2026-03-02 10:11, Guichet a écrit :\n> ",
		"Roundcube nl":           "Guichet schreef op 2026-03-02 10:11:\n> ",
		"Roundcube de":           "Am 2026-03-02 10:11, schrieb Guichet:\n> ",
		"Horde":                  "Guichet <info@guichet.example> a écrit :\n\n> ",
		"Lotus":                  "Guichet <info@guichet.example> wrote on 02/03/2026 10:11:12:\n\n> ",
		"Hungarian":              "2026.03.02. 10:11 keltezéssel, Guichet írta:\n> ",
		"Russian":                "2 марта 2026, 10:11 от Guichet <info@guichet.example>:\n\n> ",
		"no colon":               "2026/3/2 Guichet <info@guichet.example>\n\n> ",
		"name only":              "Guichet wrote:\n> ",
		"you":                    "U schreef:\n> ",
		"signs only":             "> ",
		"initials":               "GN> ",
		"ticket system":          "##- Répondre au-dessus de cette ligne -##\n\n",
		"forward Gmail":          "---------- Message transféré ---------\nDe : Guichet <info@guichet.example>\nDate: lun. 2 mars 2026 à 10:11\nSubject: Bienvenue\nTo: <jean@mail.example>\n\n",
		"forward Apple fr":       "Début du message transféré :\n\nDe: Guichet <info@guichet.example>\nObjet: Bienvenue\nDate: 2 mars 2026 à 10:11:12 UTC+1\nÀ: jean@mail.example\n\n",
		"forward Apple nl":       "Begin doorgestuurd bericht:\n\nVan: Guichet <info@guichet.example>\nOnderwerp: Welkom\nDatum: 2 maart 2026 om 10:11:12 CET\nAan: jean@mail.example\n\n",
		"forward Outlook no sig": "From: Guichet <info@guichet.example>\nDate: Monday, March 2, 2026 at 10:11\nTo: Jean <jean@mail.example>\nSubject: Welcome\n",
	} {
		m := textMail(ask + "\n\nJean\n\n" + between + earlier + "\n")
		if want := ask + "\n\nJean"; m.Own != want {
			t.Errorf("%s: own %q", program, m.Own)
		}
		if !strings.Contains(m.Quoted, earlier) || m.OnlyQuote {
			t.Errorf("%s: quoted %q", program, m.Quoted)
		}
	}
}

// TestFailure09AnswersBelowAndBetweenQuotes keeps what stands after a quote.
func TestFailure09AnswersBelowAndBetweenQuotes(t *testing.T) {
	for name, c := range map[string]struct{ text, own string }{
		"below":            {"Le 02/03/2026 à 10:11, Guichet a écrit :\n> Votre compte est ouvert.\n\nEffacez-le.", "Effacez-le."},
		"below, signed":    {"On 2 Mar 2026, Guichet wrote:\n> Hello\n\nDelete it.\n-- \nAnn", "Delete it."},
		"between":          {"Op 2-3-2026 om 10:11 schreef Guichet:\n> Vraag een?\n\nJa.\n\n> Vraag twee?\n\nNee.", "Ja.\n\nNee."},
		"between, tight":   {"> Vraag een?\nJa.\n> Vraag twee?\nNee.", "Ja.\n\nNee."},
		"around":           {"Bonjour,\n\nLe 02/03/2026 à 10:11, Guichet a écrit :\n> Autre chose ?\nOui, effacez-moi.", "Bonjour,\n\nOui, effacez-moi."},
		"below OE":         {"----- Original Message -----\nFrom: Guichet\nTo: jean@mail.example\nSent: Monday, March 02, 2026 10:11 AM\nSubject: x\n\n> Hello\n\nDelete it.", "Delete it."},
		"two attributions": {"Oui.\n\nLe 2 mars 2026 à 10:11, A <a@b.example> a écrit :\n> Le 1 mars 2026 à 09:00, B <b@b.example> a écrit :\n>> Bonjour\n> Merci", "Oui."},
	} {
		if m := textMail(c.text); m.Own != c.own || m.OnlyQuote {
			t.Errorf("%s: own %q, want %q", name, m.Own, c.own)
		}
	}
}

// TestSignaturesAndNoticesAreNotOwn holds what stands around the words of a mail.
func TestSignaturesAndNoticesAreNotOwn(t *testing.T) {
	for _, foot := range []string{
		"-- \nJean Dupont\nBoulangerie du Coin\nTél. 081 00 00 00",
		"--\nJean",
		"Envoyé de mon iPhone", "Envoyé depuis mon smartphone Samsung Galaxy.", "Envoyé à partir de Outlook pour Android", "Envoyé depuis l’application Mail Orange",
		"Envoyé de mon appareil Samsung de Proximus", "Obtenez Outlook pour iOS", "Garanti sans virus. www.avast.com", "Message envoyé avec Telenet Webmail",
		"Verzonden vanaf mijn Samsung Galaxy-smartphone.", "Verstuurd vanuit Mail voor Windows", "Verzonden met Proton Mail", "Gestuurd vanaf Outlook voor iOS", "Virusvrij.www.avast.com",
		"Von meinem Samsung Galaxy Smartphone gesendet.", "Gesendet von Outlook für Android", "Diese Nachricht wurde von meinem Android-Mobiltelefon mit GMX Mail gesendet.", "Holen Sie sich Outlook für iOS",
		"Sent from my iPad", "Sent from my Fancy Fone 4G", "Sent from Yahoo Mail on Android", "Get Outlook for Android<https://aka.ms/x>", "Sent with Proton Mail secure email.", "Sent from Outlook",
		"Ce message et ses annexes sont confidentiels et destinés exclusivement à la personne citée. Si vous l'avez reçu par erreur, veuillez le supprimer.",
		"AVERTISSEMENT : le contenu de ce courriel peut être confidentiel.\n\nToute copie est interdite.\n\nMaison Dupont SRL, rue Haute 1",
		"Dit bericht is vertrouwelijk en uitsluitend bestemd voor de geadresseerde. Gelieve het te wissen indien u het per vergissing ontving.",
		"Diese E-Mail ist vertraulich und nur für den Empfänger bestimmt. Bitte löschen Sie diese E-Mail, wenn Sie nicht der Adressat sind.",
		"This e-mail is confidential and intended for the addressee only. Please delete it if you are not.",
		"Vos données sont traitées conformément au RGPD. Vous disposez d'un droit d'accès, de rectification et d'effacement.",
		"Conformément au RGPD, vous disposez d'un droit d'accès et de suppression de vos données : privacy@mail.example",
		"Uw gegevens worden verwerkt volgens de AVG. U hebt recht op inzage en verwijdering.", "Ihre personenbezogenen Daten werden gemäß DSGVO verarbeitet. Sie haben das Recht auf Löschung.",
		"Vous recevez ce message car vous êtes inscrit à notre lettre. Pour vous désinscrire, cliquez ici.", "U ontvangt deze mail omdat u klant bent. Uitschrijven kan hier.",
		"Sie erhalten diese E-Mail, weil Sie Kunde sind. Zum Abmelden klicken Sie hier.", "You are receiving this because you subscribed.\nUnsubscribe | Preferences",
		"_______________________________________________\nDPO mailing list\nPour vous désabonner : https://listes.example/dpo",
		"**********\nInternet e-mail is not secure. All mail is scanned.\n**********",
		"Pensez à l'environnement avant d'imprimer ce message.", "Denk aan het milieu voor u dit print.",
	} {
		m := textMail(ask + "\n\n" + foot + "\n")
		if m.Own != ask || squeeze(m.Signature) != squeeze(foot) {
			t.Errorf("own %q, signature %q", m.Own, m.Signature)
		}
	}
	for _, top := range []string{
		"ATTENTION : cet e-mail provient de l'extérieur de l'organisation. Ne cliquez pas sur les liens.", "CAUTION: This email originated from outside of the organization. Do not click links.",
		"Let op: deze e-mail komt van buiten de organisatie. Klik niet op links.", "Vous n'obtenez pas souvent d'e-mail à partir de jean@mail.example. Pourquoi c'est important",
		"Ce message est confidentiel et destiné à son seul destinataire.",
	} {
		if m := textMail(top + "\n\n" + ask + "\n"); m.Own != ask {
			t.Errorf("own %q below a notice", m.Own)
		}
	}
}

// TestTheWritersWordsStayHis are the false friends: all of each is the writer's own, in its order.
func TestTheWritersWordsStayHis(t *testing.T) {
	for _, text := range []string{
		"Le 3 mars je vous ai écrit :\n\neffacez mon compte. Sans réponse à ce jour.",
		"Le 3 mars à 10:30 je vous ai écrit ceci :\nRien n'a été fait.",
		"Op 3 maart om 10.30 heb ik u geschreven:\n\nwis mijn account.",
		"On 3 March at 10:30 I wrote to info@guichet.example:\n\nno answer so far.",
		"Am 3. März um 10:30 habe ich Ihnen geschrieben:\n\nLöschen Sie mein Konto.",
		"Votre collègue m'a écrit le 3 mars :\nvotre dossier est clos.\nJe le conteste.",
		"Bonjour,\n\nConformément au RGPD, vous disposez d'un mois pour me répondre.\n\nJean",
		"Bonjour,\n\nConformément au RGPD, vous disposez d'un mois pour répondre.\n\nJean",
		"Geachte,\n\nOvereenkomstig de AVG heeft u een maand om te antwoorden.\n\nAn",
		"Dear Sir,\n\nUnder the GDPR you have one month to respond to this request.\n\nAnn",
		"Bonjour,\n\nNom : Jean Dupont\nE-mail : jean@mail.example\nDate : 02/03/2026 10:11\nMessage : supprimez mon compte",
		"Trajet demandé\n\nDe : Bruxelles\nÀ : Namur\nDate : 3 mars\nObjet : formation",
		"De : c'est un mot que j'écris souvent.\nVan: een naam.\nDate : demain.",
		"Je vous demande :\n> de me dire ce que vous savez\n> de tout effacer ensuite",
		"Je souhaite trois choses :\n\n- l'accès\n- la copie\n- l'effacement",
		"-----\nDemande d'accès\n-----\nJe souhaite une copie.",
		"J'exige :\n— l'accès\n— l'effacement",
		"Envoyé par recommandé le 3 mars, ce courrier demande la suppression de ma fiche.",
		"Sent from my desk, is much easier.",
		"Envoyé depuis mon gsm : je demande la suppression de mes données.",
		"On Thursday, we met.\n\nOn Friday:\n\nnothing came.",
		"Verwijder mijn gegevens.\n\nIk schrijf u vanaf mijn iPhone omdat mijn computer stuk is.",
		"Mon message d'origine est resté sans suite.\nMessage d'origine\nje n'en ai plus.",
		"* * *\nBonjour\n* * *",
		"Le RGPD, article 17, dit ceci :\nla personne concernée a le droit d'obtenir l'effacement.\nJe l'invoque.",
	} {
		if m := textMail(text + "\n"); squeeze(m.Own) != squeeze(text) || m.OnlyQuote {
			t.Errorf("own %q\nof  %q\nsignature %q, quoted %q", m.Own, text, m.Signature, m.Quoted)
		}
	}
}

// TestRequestsInTheFootAreFound gives back what a person typed under a signature or a notice.
func TestRequestsInTheFootAreFound(t *testing.T) {
	for _, c := range []struct{ text, request, gone string }{
		{"Bonjour\n-- \nJean Dupont\n\nJe souhaite accéder à mes données.", "Je souhaite accéder à mes données.", "Jean Dupont"},
		{"Bonjour\n-- \nJean Dupont\n\nP.S. Désinscrivez-moi aussi de la lettre.", "P.S. Désinscrivez-moi aussi de la lettre.", "Jean Dupont"},
		{"Hallo\n-- \nAn\n\nGraag had ik inzage in mijn dossier,\nen wel deze week.", "Graag had ik inzage in mijn dossier,\nen wel deze week.", "An"},
		{"Bonjour\n\nCe message est confidentiel et destiné au destinataire.\n\nPS : supprimez aussi mon profil.", "PS : supprimez aussi mon profil.", "confidentiel"},
		{"Bonjour\n\nCe message est confidentiel et destiné au destinataire.\n\nVeuillez effacer toutes les données liées à cette adresse.", "Veuillez effacer toutes les données liées à cette adresse.", "confidentiel"},
		{"Hi\n-- \nAnn\n\nPlease delete everything about us.\n\nThanks, Ann", "Please delete everything about us.\n\nThanks, Ann", ""},
		{"Envoyé de mon iPhone\n\nJe veux une copie de mes données.", "Je veux une copie de mes données.", "iPhone"},
	} {
		m := textMail(c.text)
		if !strings.Contains(m.Own, c.request) || c.gone != "" && strings.Contains(m.Own, c.gone) {
			t.Errorf("own %q, want %q and not %q", m.Own, c.request, c.gone)
		}
	}
}

// TestFailure09OwnIsNeverEmptyWhereSomebodySpoke shows what is taken where nothing is clearly the writer's.
func TestFailure09OwnIsNeverEmptyWhereSomebodySpoke(t *testing.T) {
	for _, c := range []struct {
		text, own string
		only      bool
		reason    string
	}{
		{"> Supprimez mon compte.\n> Jean", "Supprimez mon compte.\nJean", true, "all quoted"},
		{"-- \nJean Dupont\nNamur", "-- \nJean Dupont\nNamur", false, "nothing but a signature"},
		{"Ce message est confidentiel et destiné au destinataire.", "Ce message est confidentiel et destiné au destinataire.", false, "nothing but a notice"},
		{"-- \nJean\n\n---------- Message transféré ---------\nDe : A <a@b.example>\nDate: lun. 2 mars 2026 à 10:11\nSubject: x\nTo: b@b.example\n\nEffacez-moi.", "", true, "a signature above a mail handed on"},
		{"Envoyé de mon iPhone", "", false, "a photograph was attached"},
		{"> \n>\n", "", false, "no words at all"},
	} {
		m := textMail(c.text)
		if c.own != "" && m.Own != c.own || m.OnlyQuote != c.only || c.only && m.Own == "" {
			t.Errorf("%s: own %q, only quotes %v", c.reason, m.Own, m.OnlyQuote)
		}
	}
}
