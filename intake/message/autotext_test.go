package message_test

import (
	"strings"
	"testing"

	"guichetdunumerique.be/guichet/intake/message"
)

// plainMail is a mail whose header says nothing but who writes and about what.
func plainMail(subject, text string) message.Message {
	raw := "From: Ann Peeters <ann@voorbeeld.example>\r\nTo: info@guichetdunumerique.be\r\nSubject: " + subject +
		"\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + text
	return message.Parse(message.Source{Head: []byte(raw), Size: int64(len(raw))}, message.Limits{})
}

func TestMachinesAreKnownByTheirWords(t *testing.T) {
	for _, c := range []struct {
		why, subject, text string
		kind               message.AutoKind
		certain            bool
	}{
		{"Outlook fr", "Réponse automatique : Planning", "Bonjour,\n\nJe suis absente du bureau jusqu’au 12 mai.", message.AutoAbsence, true},
		{"Outlook nl", "Automatisch antwoord: Planning", "Ik ben met verlof tot 12 mei. Uw bericht wordt niet doorgestuurd.", message.AutoAbsence, true},
		{"Outlook de", "Automatische Antwort: Planung", "Ich bin bis zum 12. Mai im Urlaub.", message.AutoAbsence, true},
		{"Outlook en", "Automatic reply: Planning", "I am out of the office until 12 May.", message.AutoAbsence, true},
		{"an older Outlook", "Absence du bureau : Planning", "Je suis en congé, de retour le 12.", message.AutoAbsence, true},
		{"an older Outlook, German", "Abwesenheitsnotiz: Planung", "Das Büro ist bis Montag geschlossen.", message.AutoAbsence, true},
		{"an older Outlook, English", "Out of Office: Planning", "I am on annual leave.\nIn my absence, call Tom.", message.AutoAbsence, true},
		{"a server's tag before it", "[EXTERNE] Réponse automatique : Planning", "Nos bureaux sont fermés.", message.AutoAbsence, true},
		{"a subject alone is not certain", "Out of office: Planning", "Bye.", message.AutoAbsence, false},
		{"words of an answer, no absence", "Réponse automatique : Planning", "Ceci est une réponse automatique. Un conseiller vous écrira.", message.AutoReply, true},
		{"Notes", "Tom Claes is out of the office", "I will be out of the office from Monday. I will answer when I return.", message.AutoAbsence, false},
		{"a webmail, answering under the same subject", "Re: Planning", "Je suis absent jusqu'au 12 mai.\nEn cas d'urgence, contactez Anne au 02 000 00 00.", message.AutoAbsence, false},
		{"the same in Dutch", "Re: Planning", "Ik ben met vakantie tot 12 mei. Voor dringende vragen kan u terecht bij Tom.", message.AutoAbsence, false},
		{"the same in German", "AW: Planung", "Ich bin bis 12. Mai nicht im Büro. In dringenden Fällen hilft Ihnen Frau Lenz.", message.AutoAbsence, false},
		{"the same in English", "Re: Planning", "I'm on leave until 12 May. For urgent matters please call Tom.", message.AutoAbsence, false},
		{"wrapped lines", "Re: Planning", "Bonjour,\n\nCeci est une réponse\nautomatique.", message.AutoReply, false},
		{"an automatic answer nl", "Uw bericht", "Dit is een automatisch antwoord. We nemen contact op.", message.AutoReply, false},
		{"an automatic answer de", "Ihre Mail", "Dies ist eine automatische Antwort.", message.AutoReply, false},
		{"an automatic answer en", "Your mail", "This is an automated response. An agent will get back to you.", message.AutoReply, false},
		{"a receipt fr", "Accusé de réception", "Nous avons bien reçu votre message et vous répondrons sous peu.", message.AutoReply, false},
		{"a receipt nl", "Ontvangstbevestiging", "Wij hebben uw bericht goed ontvangen.", message.AutoReply, false},
		{"a receipt de", "Eingangsbestätigung", "Ihre Anfrage ist bei uns eingegangen.", message.AutoReply, false},
		{"a receipt en", "Thank you for contacting Acme", "We have received your message.", message.AutoReply, false},
		{"a read receipt fr", "Lu : Planning", "Votre message\n\nÀ : Tom\nObjet : Planning\n\na été lu le 5 mai 2026.", message.AutoReceipt, false},
		{"a read receipt nl", "Gelezen: Planning", "Uw bericht aan Tom is gelezen op 5 mei 2026.", message.AutoReceipt, false},
		{"a read receipt de", "Gelesen: Planung", "Ihre Nachricht wurde am 5. Mai gelesen.", message.AutoReceipt, false},
		{"a read receipt en", "Read: Planning", "Your message to Tom was read on 5 May 2026.", message.AutoReceipt, false},
		{"a read receipt of a mail about data", "Read: Your erasure request", "Your message\n\nSubject: Your erasure request\n\nwas read on 5 May 2026.", message.AutoReceipt, false},
		{"a bounce fr", "Non remis : Planning", "Votre message n'a pas pu être remis à tom@voorbeeld.example.", message.AutoBounce, true},
		{"a bounce nl", "Onbestelbaar: Planning", "Uw bericht kon niet worden afgeleverd.", message.AutoBounce, true},
		{"a bounce de", "Unzustellbar: Planung", "Ihre Nachricht konnte nicht zugestellt werden.", message.AutoBounce, true},
		{"a bounce en", "Undeliverable: Planning", "Your message could not be delivered.", message.AutoBounce, true},
		{"a bounce by its code", "Delivery failure", "tom@voorbeeld.example: 550 5.1.1 unknown", message.AutoBounce, false},
		{"a ticket fr", "[Acme] Ticket #4711", "Votre ticket 4711 a bien été enregistré.", message.AutoNotification, false},
		{"a ticket nl", "Uw vraag (ticket 4711)", "Uw ticket werd aangemaakt.", message.AutoNotification, false},
		{"a ticket de", "Vorgang 4711", "Ihr Vorgang wurde in unserem System angelegt.", message.AutoNotification, false},
		{"a ticket en", "Case #4711", "Your case has been created.", message.AutoNotification, false},
		{"a challenge fr", "Authentification demandée", "Votre message est en attente. Cliquez ici pour le confirmer.", message.AutoReply, false},
		{"a challenge en", "Please confirm your mail", "Your message is being held. Click below to verify it.", message.AutoReply, false},
		{"a robot fr", "Votre commande", "Ce message est envoyé automatiquement. Votre colis arrive demain.", message.AutoNotification, false},
		{"a robot nl", "Uw bestelling", "Uw pakje komt morgen. Gelieve niet te antwoorden op deze e-mail.", message.AutoNotification, false},
		{"a robot de", "Ihre Bestellung", "Diese E-Mail wurde automatisch erstellt.", message.AutoNotification, false},
	} {
		got := plainMail(c.subject, c.text).Auto
		if got.Kind != c.kind || got.Certain != c.certain {
			t.Errorf("%s: %+v, want %s, certain %v", c.why, got, c.kind, c.certain)
		}
		if !strings.HasPrefix(got.Reason, "B7 words of") {
			t.Errorf("%s: reason %q", c.why, got.Reason)
		}
	}
}

func TestPersonsAreNotTakenForMachines(t *testing.T) {
	for _, c := range []struct{ why, subject, text string }{
		{"a request before a holiday fr", "Mes données", "Merci de supprimer mon compte. Je suis en congé jusqu'au 12 ; en cas d'urgence, contactez mon épouse."},
		{"the same without saying I want", "Compte", "Je suis absent jusqu'au 12. En cas d'urgence, appelez-moi. Supprimez tout ce qui me concerne."},
		{"a request before a holiday nl", "Vraag", "Ik ben met vakantie tot 12 mei. Voor dringende zaken: bel me. Wis ondertussen alles wat u van mij hebt."},
		{"a request before a holiday de", "Frage", "Ich bin bis 12. Mai im Urlaub. In dringenden Fällen rufen Sie an. Löschen Sie bitte alles über mich."},
		{"a request before a holiday en", "Question", "I'm away until 12 May. For urgent matters call me. Meanwhile erase all you hold on me."},
		{"a trainee reports an absence", "Absence", "Bonjour, mon fils est malade et ne viendra pas au cours de mardi."},
		{"an excuse", "Afwezigheid les dinsdag", "Dag Tom, ik kan dinsdag niet komen. Groeten, Ann"},
		{"an answer to a notice", "Re: Réponse automatique : Planning", "Merci, j'attendrai votre retour."},
		{"a complaint about machines", "Votre réponse", "Je ne reçois que « Ceci est une réponse automatique ». Quelqu'un lit-il vos mails ?"},
		{"a machine's mail handed on", "Fwd: Out of Office: Planning", "Je suis absent du bureau."},
		{"an answer to our receipt", "[GDN-2026-0001] Accusé de réception de votre demande", "Bonjour, voici ma carte d'identité."},
		{"an answer to our receipt, de", "AW: Eingangsbestätigung", "Danke, anbei mein Ausweis."},
		{"a person who received", "Accusé de réception", "J'ai bien reçu votre courrier, merci. Jean"},
		{"a parcel", "Delivery failure", "Hello, my order of the book did not arrive. Can you send it again?"},
		{"a person about a ticket", "Ticket 4711", "Bonjour, où en est ce dossier ? Jean"},
		{"a program that unsubscribes for somebody", "unsubscribe", "This message was automatically generated by the mail application."},
		{"a platform for somebody", "Demande", "Ce message est envoyé automatiquement pour Mme Hubin, qui demande l'effacement de ses données."},
		{"an opening hour", "Bureau", "Bonjour, votre bureau est-il ouvert le 2 mai ?"},
		{"reading", "Lu : votre article", "Bonjour, très intéressant. Puis-je le partager ?"},
		{"nothing", "", ""},
	} {
		if got := plainMail(c.subject, c.text).Auto; got.Kind != message.AutoNone {
			t.Errorf("%s: %+v", c.why, got)
		}
	}
}

func TestARequestUnderAMachinesSubjectIsNeverCertainlyAMachines(t *testing.T) {
	for _, text := range []string{
		"Je suis absent du bureau. Je souhaite que vous effaciez mes données.",
		"Ik ben met verlof. Ik wil dat u mijn gegevens wist.",
		"Ich bin im Urlaub. Ich möchte, dass Sie meine Daten löschen.",
		"I am out of the office. I want you to erase my data.",
		"I am out of the office.\n" + strings.Repeat("Bla bla.\n", 2000) + "Erase me.",
	} {
		if got := plainMail("Automatic reply: Planning", text).Auto; got.Kind == message.AutoNone || got.Certain {
			t.Errorf("%.40q: %+v", text, got)
		}
	}
}

func TestAWebFormIsNotTakenForARobot(t *testing.T) {
	m := plainMail("Formulaire de contact", "Ceci est un message automatique.\n\nNom : Jean Petit\nE-mail : jean@exemple.example\nMessage : Quand êtes-vous ouverts ?")
	if m.Form == nil || m.Auto.Kind != message.AutoNone {
		t.Errorf("form %+v, auto %+v", m.Form, m.Auto)
	}
}
