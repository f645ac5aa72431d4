package cases_test

import (
	"strings"
	"testing"

	"guichetdunumerique.be/guichet/cases"
)

// TestOneCommandHasManyWordings holds wordings against the command, as it would be written in English.
func TestOneCommandHasManyWordings(t *testing.T) {
	tests := []struct {
		want  string
		lines []string
	}{
		{"close fulfilled", []string{
			"clôturer", "Clôturez ce dossier svp", "à clôturer", "CLÔTURE", "clos", "Clore le dossier", "fermer", "Fermé.", "terminé !", "c'est terminé", "traitée", "Déjà répondu",
			"clôturer : fait", "clôturé - répondu", "veuillez clôturer, merci beaucoup", "s'il te plaît clôturer", "cloturrer", "clotuer", "le dossier est clos", "Parfait, clôturer",
			"afsluiten", "sluit af aub", "Het dossier is afgesloten", "gesloten", "Afgehandeld!", "klaar", "Beantwoord", "afsluiten: voldaan", "afslutien",
			"alvast bedankt, afsluiten", "is afgerond", "ok afsluiten",
			"abschließen", "ABSCHLIESSEN", "Bitte abschließen", "Abgeschlossen", "erledigt", "Ist erledigt.", "alles erledigt", "fertig", "beantwortet", "schließen: ausgeführt", "abschliesen",
			"Vielen Dank, abschließen", "die Akte ist geschlossen",
			"close", "Close, please", "closed", "Done!", "close: done", "all done", "answered", "it is finished", "Yes, close this case", "• close", "2) close", "“close”", "**close**", "close.", "c\u200blose",
		}},
		{"close partly: on garde les factures", []string{"clôturer partiellement : on garde les factures", "clôturer : en partie, on garde les factures", "close in part: on garde les factures",
			"afsluiten gedeeltelijk omdat on garde les factures", "abschließen teilweise weil on garde les factures"}},
		{"close refused", []string{"clôturer refusé", "clôture : refusée", "clos - rejeté", "afsluiten: geweigerd", "afgesloten, afgewezen", "abschließen: abgelehnt", "erledigt, verweigert", "close refused", "closed: denied"}},
		{"close refused: hors délai", []string{"clôturer : refusé car hors délai", "clôturer refusé : hors délai", "clôturer : refusé - hors délai", "close: refused because hors délai", "afgehandeld: geweigerd wegens hors délai"}},
		{"close withdrawn: par téléphone", []string{"clôturer : retirée par téléphone", "clôturer retirée : par téléphone", "close: withdrawn, par téléphone"}},
		{"close withdrawn", []string{"terminé : retirée", "afsluiten ingetrokken", "abschließen: zurückgezogen", "abschließen: zurueckgezogen", "close: taken back"}},
		{"close not a request", []string{"clôturer : pas une demande", "clôturer : ce n'est pas une demande", "afsluiten: geen verzoek", "abschließen: kein Antrag", "close: not a request"}},
		{"close duplicate", []string{"clôturer : doublon", "afsluiten: dubbel", "abschließen: Dublette", "close duplicate"}},
		{"close no identity", []string{"clôturer : sans identité", "clôturer sans preuve d'identité", "afsluiten: geen identiteit", "abschließen: ohne Nachweis", "close: no identity"}},
		{"extend: douze ans de dossiers", []string{"prolonger : douze ans de dossiers", "Prolonger parce que douze ans de dossiers", "prolongation - douze ans de dossiers", "prolonger le délai de deux mois : douze ans de dossiers",
			"prolonger en raison de douze ans de dossiers", "verlengen: douze ans de dossiers", "Termijn verlengen omdat douze ans de dossiers", "verlengen met twee maanden wegens douze ans de dossiers",
			"verlängern: douze ans de dossiers", "Frist verlängern, weil douze ans de dossiers", "verlaengern – douze ans de dossiers", "extend: douze ans de dossiers", "Extend by two months because douze ans de dossiers",
			"extend due to douze ans de dossiers", "prolnoger : douze ans de dossiers", "verlnegen: douze ans de dossiers"}},
		{"extend", []string{"prolonger", "verlengen", "verlängern", "extend", "prolonger : raison", "verlengen: reden – twee maanden extra, te melden", "verlängern: Grund", "extend: reason"}},
		{"pause: carte demandée", []string{"suspendre : carte demandée", "en pause - carte demandée", "mettre en attente : carte demandée", "pauzeren: carte demandée", "opschorten want carte demandée", "pausieren: carte demandée",
			"aussetzen, denn carte demandée", "pause: carte demandée", "put on hold: carte demandée"}},
		{"pause on 2026-12-03: x", []string{"suspendre depuis le 3/12/2026 : x", "pauzeren vanaf 03-12-2026: x", "pausieren seit 03.12.2026: x", "pause since 2026-12-03: x", "pause on 3.12.2026 - x"}},
		{"resume", []string{"reprendre", "fin de la pause", "hervatten", "einde pauze", "fortsetzen", "wieder aufnehmen", "Ende der Pause", "resume", "continue"}},
		{"resume on 2026-12-03", []string{"reprendre le 3/12/2026", "hervatten op 3-12-2026", "fortsetzen am 3.12.2026", "resume on 2026-12-03"}},
		{"identity ok", []string{"identité ok", "Identité vérifiée", "l'identité est vérifiée", "preuve d'identité ok", "carte d'identité : ok", "identiteit in orde", "id ok", "bewijs van identiteit ok", "Identität geprüft",
			"Ausweis in Ordnung", "Identitaet ok", "identity verified", "ID card checked", "proof of identity ok"}},
		{"identity ok: vue au guichet", []string{"identité ok : vue au guichet", "identité vérifiée - vue au guichet", "identity: ok, vue au guichet"}},
		{"identity not ok", []string{"identité pas ok", "identité insuffisante", "identiteit niet in orde", "identiteit ontbreekt", "Identität nicht ok", "Ausweis fehlt", "identity not ok", "proof missing"}},
		{"identity not needed", []string{"identité pas nécessaire", "l'identité n'est pas nécessaire", "identité : inutile", "identiteit niet nodig", "Identität nicht nötig", "Identität nicht noetig", "identity not needed", "identity is not required"}},
		{"identity ok copy deleted", []string{"identité ok, copie effacée", "identité ok et copie supprimée", "identité : ok, copie effacée", "identiteit ok en kopie gewist", "Identität ok und Kopie gelöscht", "identity ok, copy deleted"}},
		{"copy deleted", []string{"copie effacée", "La copie est supprimée", "copie de la carte d'identité supprimée", "copie détruite", "kopie gewist", "de kopie werd verwijderd", "Kopie gelöscht", "Kopie des Ausweises vernichtet",
			"Ausweiskopie geloescht", "copy deleted", "the copy has been destroyed"}},
		{"rights access erasure", []string{"droits : accès, effacement", "droits: effacement et accès", "droit d'accès et d'effacement", "Droits = accès + suppression", "rechten: inzage, wissing", "rechten zijn inzage en wissing",
			"Rechte: Auskunft, Löschung", "Recht auf Auskunft und auf Loeschung", "rights: access, erasure", "rights are access and erasure", "right of access and deletion", "rights access erasure"}},
		{"rights objection", []string{"droit : opposition", "droit d'opposition", "recht van bezwaar", "Recht auf Widerspruch", "right to object"}},
		{"rights consent withdrawal", []string{"droits : retrait du consentement", "rechten: intrekking van de toestemming", "Rechte: Widerruf der Einwilligung", "rights: consent_withdrawal", "rights: withdrawal of consent"}},
		{"rights rectification restriction portability", []string{"droits : portabilité des données, limitation du traitement et rectification", "rechten: rectificatie, beperking, overdraagbaarheid", "Rechte: Berichtigung; Einschränkung; Datenübertragbarkeit",
			"rights: rectification / restriction / portability"}},
		{"confirm", []string{"c'est une demande", "C’est bien une demande.", "oui, c'est une demande", "il s'agit d'une demande", "ceci est une demande", "confirmer", "confirmé", "het is een verzoek", "dit is een verzoek", "is wel een verzoek",
			"Ja, het is een verzoek", "bevestigen", "das ist ein Antrag", "Ja, es ist ein Antrag", "bestätigt", "it is a request", "it's a request", "this is a request", "Yes, it is a request", "confirm", "rouvrir", "heropenen", "wieder öffnen", "reopen"}},
		{"dismiss", []string{"pas une demande", "ce n'est pas une demande", "c'est pas une demande", "Non, ce n'est pas une demande", "classer sans suite", "geen verzoek", "dit is geen verzoek", "Nee, geen verzoek", "kein Antrag", "das ist kein Antrag",
			"Nein, kein Antrag", "not a request", "this is not a request", "it isn't a request", "No, not a request", "dismiss"}},
		{"yes", []string{"oui", "Oui !", "ja", "Ja, danke", "yes", "Yes please"}},
		{"no", []string{"non", "Non merci", "nee", "neen.", "nein", "No"}},
		{"merge into GDN-2026-0003", []string{"fusionner avec GDN-2026-0003", "doublon de gdn 2026-3", "samenvoegen met GDN-2026-0003", "voeg samen met GDN-2026-0003", "zusammenführen mit GDN-2026-0003", "zusammenfuehren mit GDN-2026-0003",
			"merge into GDN-2026-0003", "merge: GDN-2026-0003", "same as GDN 2026 0003", "duplicate of GDN-2026-0003."}},
		{"merge GDN-2026-0007 into GDN-2026-0003", []string{"fusionner GDN-2026-0007 avec GDN-2026-0003", "GDN-2026-0007 : doublon de GDN-2026-0003", "merge GDN-2026-0007 into GDN-2026-0003", "GDN-2026-0007 samenvoegen met GDN-2026-0003"}},
		{"note: a téléphoné", []string{"note : a téléphoné", "Remarque: a téléphoné", "nota: a téléphoné", "opmerking - a téléphoné", "Notiz: a téléphoné", "Vermerk: a téléphoné", "comment: a téléphoné"}},
		{"draft answer", []string{"brouillon : réponse", "projet de réponse", "Brouillon d'une réponse", "ontwerp: antwoord", "ontwerp van een antwoord", "concept antwoord", "Entwurf: Antwort", "Entwurf für die Antwort", "draft: answer", "draft a reply"}},
		{"draft identity", []string{"brouillon : identité", "brouillon : demande d'identité", "ontwerp: identiteit", "Entwurf: Identität", "draft: identity"}},
		{"draft extension", []string{"brouillon : prolongation", "ontwerp verlenging", "Entwurf: Verlängerung", "draft extension"}},
		{"draft refusal: droits de tiers", []string{"brouillon : refus : droits de tiers", "projet de refus : droits de tiers", "ontwerp weigering: droits de tiers", "Entwurf: Ablehnung, weil droits de tiers", "draft refusal because droits de tiers"}},
		{"draft nothing", []string{"brouillon : aucune donnée", "ontwerp: geen gegevens", "Entwurf: keine Daten", "draft nothing"}},
		{"draft closing", []string{"brouillon : clôture", "ontwerp: afsluiting", "Entwurf: Abschluss", "draft closing"}},
		{"close GDN-2026-0007 fulfilled", []string{"GDN-2026-0007 clôturer", "GDN-2026-0007 : clôturer", "GDN-2026-0007 - clôturer", "clôturer GDN-2026-0007", "Dossier GDN-2026-0007 : clôturer", "[GDN-2026-0007] close", "GDN - 2026 - 0007 close",
			"gdn 2026 7 close", "GDN‑2026‑0007 afsluiten", "Zaak GDN-2026-0007 is afgesloten", "GDN-2026-0007, GDN-2026-0007 close", "GDN:2026:7 close"}},
	}
	for _, tt := range tests {
		for _, text := range tt.lines {
			got, notRead := cases.ParseCommands(text)
			if len(got) != 1 || got[0].String() != tt.want || len(notRead) > 0 {
				t.Errorf("%q: %v, not read %q; want %s", text, got, notRead, tt.want)
			}
		}
	}
}

// TestWhatIsNoCommandIsToldOrPassedOver lists lines that begin almost like commands. told says whether the writer
// hears that they were not understood.
func TestWhatIsNoCommandIsToldOrPassedOver(t *testing.T) {
	tests := []struct {
		told  bool
		why   string
		lines []string
	}{
		{false, "thanks and agreement", []string{"merci", "ok merci", "Ok, merci beaucoup !", "Noté, merci", "bien noté", "Noté :", "thanks", "Thank you.", "noted", "Bedankt", "dank u wel", "in orde", "Danke schön", "alles klar", "👍", "ok"}},
		{false, "thanks above a signature", []string{"Merci !\n\nAnne Dupont\nGuichet du Numérique\n081 00 00 00", "Ok\nAnne", "Danke\n--\nclose", "thanks\n\nSent from my iPhone"}},
		{false, "a signature alone", []string{"Envoyé de mon iPhone", "Verzonden vanaf mijn telefoon", "Von meinem iPhone gesendet", "-- \nAnne\nclose"}},
		{true, "questions", []string{"clôturer ?", "can we close GDN-2026-0007?", "GDN-2026-0007 afsluiten ?", "close: is that fine?", "Darf ich abschließen?"}},
		{true, "negations", []string{"ne pas clôturer", "pas clôturer", "je ne veux pas clôturer ce dossier", "niet afsluiten", "nog niet afgesloten", "nicht abschließen", "noch nicht erledigt", "do not close", "don't extend: x", "not closed",
			"pas de brouillon", "Merci de ne pas clôturer", "no close", "GDN-2026-0007 n'est pas clos"}},
		{true, "not now", []string{"clôturer : demain", "clôturer : pas encore", "clôturer : non", "clôturer lundi", "afsluiten: na het antwoord", "afsluiten: nog niet", "abschließen: wenn sie antwortet", "close: not yet", "close: if nobody objects",
			"close until monday", "on clôture demain", "we will close it"}},
		{true, "an outcome that is not said plainly", []string{"clôturer : elle a retiré ses données", "clôturer : retiré ses données du fichier", "close: half refused", "afsluiten: niet geweigerd"}},
		{true, "closed offices", []string{"Fermé : congés annuels", "Closed: the office opens again on 3 January", "Gesloten: jaarlijks verlof", "Geschlossen: Ferien"}},
		{true, "what is yet to be done", []string{"Traiter : le dossier de Mme X", "beantworten: bis Freitag", "clôturer après la réponse"}},
		{true, "words alike", []string{"Termin: morgen um zehn", "Termine: 3. und 4. Dezember um zehn im kleinen Saal unten", "verlangen: Auskunft", "conforme", "verlegen: x", "former : les nouveaux"}},
		{true, "half commands", []string{"identité", "copie", "copie de la carte", "droits", "droits : pizza", "rights: access, pizza", "brouillon", "brouillon : poème", "merge", "fusionner avec l'autre", "draft the answer and send it now"}},
		{true, "a merger the wrong way round", []string{"merge GDN-2026-0003 into this case", "GDN-2026-0003 fusionner avec", "merge GDN-2026-0001 GDN-2026-0002 into GDN-2026-0003"}},
		{true, "references that are none", []string{"close 7", "close 0007", "close 2026-0007", "close GDN-2026-0", "close GDN-2026-00071234", "close xGDNGDNGDN-2026-7"}},
		{true, "days that are none, or belong to nothing", []string{"pause on 31/02/2026: x", "pause on 2026-13-01: x", "pause on 2026-12-01 2026-12-02: x", "close on 2026-12-03"}},
		{true, "more than its verb takes", []string{"close the door", "clôturer le compte du client", "extend the deadline to march", "prolonger de six mois", "yes but later", "oui : demain", "non : pas encore sûr", "A request: could you send me the list"}},
		{true, "quotations", []string{"> close", ">close"}},
		{true, "prose", []string{"J'ai appelé Mme Peeters, elle va nous envoyer sa carte demain et on pourra clôturer.", "Ik ben afwezig tot maandag.", "Je suis absent jusqu'au 3 décembre : clôturer sera possible après.",
			"Ich bin bis Montag im Urlaub.", "I am out of the office until Monday.", strings.Repeat("close ", 200)}},
	}
	for _, tt := range tests {
		for _, text := range tt.lines {
			got, notRead := cases.ParseCommands(text)
			if len(got) > 0 || tt.told != (len(notRead) > 0) {
				t.Errorf("%s: %q commands %v, not read %q", tt.why, text, got, notRead)
			}
		}
	}
}
