package cases

import (
	"slices"
	"strings"
)

// The words in which staff command, in four languages, as people write them: they are folded before they are
// compared (no capitals, no accents, ß as ss). Every word that the letters to staff show stands here. Where ä, ö
// and ü are usually typed as ae, oe and ue, that stands here too.

// list parts phrases at commas.
func list(text string) [][]string {
	var phrases [][]string
	for _, phrase := range strings.Split(text, ",") {
		phrases = append(phrases, fold(phrase))
	}
	return phrases
}

// plain parts phrases at commas and leaves fillers out, as they are left out of what is compared with them.
func plain(text string) [][]string {
	phrases := list(text)
	for i, p := range phrases {
		phrases[i] = slices.DeleteFunc(p, isFiller)
	}
	return phrases
}

// greetings begin a line that may go on with a name.
var greetings = list(`bonjour, bonsoir, salut, coucou, cher, chère, hallo, dag, beste, geachte, goedemorgen, goedemiddag, goeiemorgen,
	goeiemiddag, goedendag, guten Morgen, guten Tag, Liebe, Lieber, moin, servus, hello, hi, hey, dear, good morning`)

// thanks may stand before and behind a command.
var thanks = list(`merci, merci beaucoup, merci bien, merci d'avance, un grand merci, bedankt, alvast bedankt, dank, dank u, dank u wel, dank je,
	dank je wel, dankjewel, hartelijk dank, danke, danke schön, danke sehr, vielen Dank, besten Dank, herzlichen Dank, thanks, thank you,
	thank you very much, many thanks, thanks a lot, thx, cheers, s'il vous plaît, s'il te plaît, als het kan, bitte sehr`)

// courtesies may stand before a command, and are none.
var courtesies = append(append(list(`ok, oké, okay, d'accord, entendu, compris, bien reçu, parfait, super, très bien, bien, begrepen, goed,
	prima, akkoord, in orde, top, verstanden, in Ordnung, alles klar, gut, perfekt, einverstanden, understood, perfect, great,
	fine, got it, all right`), greetings...), thanks...)

// assents agree too, but may begin a command: "note: ...".
var assents = list(`noté, c'est noté, bien noté, genoteerd, goed genoteerd, notiert, noted, well noted`)

// fillers are words within a command that change nothing.
var fillers = strings.Fields(`svp stp aub alstublieft please bitte gelieve veuillez le la les l het de d den die das der dem the this
	ce cet cette ceci dit deze dieses dieser diesen dossier zaak fall akte vorgang case cas`)

// copulas join a case and what became of it: "GDN-2026-0007 is closed".
var copulas = list(`est, c'est, is, is now, it's, it is, ist, a été, has been, werd, wurde, alles, all, tout est`)

// yeses and noes answer the question whether a triage case is a request.
var (
	yeses = list(`oui, ja, jawel, yes, yep, jawohl`)
	noes  = list(`non, nee, neen, nein, no, nope`)
)

// becauses part a command from its reason, as a colon does.
var becauses = list(`parce que, parce qu, car, puisque, en raison de, en raison d, en raison du, en raison des, à cause de, à cause du, à cause des,
	suite à, suite au, omdat, want, wegens, vanwege, aangezien, weil, denn, da, wegen, aufgrund, because, because of, due to, since, owing to`)

// byWords may stand behind an outcome that begins a reason: "withdrawn by phone".
var byWords = strings.Fields(`par by door durch von of de d van am le on op as per apres after na nach suite et en und and lors bij bei hors buiten out`)

// footers begin lines that mail programs write under mails.
var footers = list(`envoyé de mon, envoyé depuis, envoyé à partir de, obtenir Outlook, télécharger Outlook, verzonden vanaf, verstuurd vanaf, verzonden met, download Outlook,
	gesendet von, gesendet mit, von meinem, Outlook für, sent from, sent with, get Outlook`)

// rows are the ways to command, in four languages.
var rows = []row{
	{VerbClose, plain(`clôturer, clôture, clôturez, clôturé, clôturée, à clôturer, clos, close, clore, fermer, ferme, fermez, fermé, fermée, terminer,
		terminez, terminé, terminée, fini, finie, traité, traitée, répondu, déjà répondu,
		afsluiten, sluit, sluit af, sluiten, afgesloten, gesloten, afhandelen, afgehandeld, afronden, afgerond, voltooid, klaar, beantwoord,
		abschließen, schließen, schließ ab, schließe ab, abgeschlossen, geschlossen, beenden, beendet, erledigt, fertig, beantwortet,
		closed, done, finish, finished, answered, complete, completed, settled`), false, readClose},
	{VerbExtend, plain(`prolonger, prolongez, prolonge, prolongé, prolongation, prolonger délai, étendre, délai prolongé, verlengen, verleng, verlengd, verlenging,
		termijn verlengen, termijnverlenging, verlängern, verlaengern, verlängert, verlaengert, verlängerung, verlaengerung, Frist verlängern, Frist verlaengern,
		Fristverlängerung, Fristverlaengerung, extend, extended, extension, prolong`), false, readExtend},
	{VerbPause, plain(`suspendre, suspendez, suspendu, suspension, pause, mettre en pause, en pause, mettre en attente, en attente, pauzeren, pauzeer, pauze,
		gepauzeerd, opschorten, schort op, opschorting, opgeschort, onderbreken, in de wacht, pausieren, pausiert, aussetzen, ausgesetzt, unterbrechen,
		unterbrochen, paused, suspend, suspended, hold, on hold, put on hold`), false, readReason},
	{VerbResume, plain(`reprendre, reprenez, reprends, reprise, fin de la pause, hervatten, hervat, hervatting, einde pauze, fortsetzen, fortgesetzt, wieder aufnehmen,
		wiederaufnehmen, Ende der Pause, resume, resumed, continue, unpause, end pause, end of pause`), false, readReason},
	{VerbIdentity, plain(`identité, preuve d'identité, preuve, carte d'identité, pièce d'identité, identiteit, identiteitsbewijs, bewijs van identiteit, identiteitskaart,
		Identität, Identitaet, Identitätsnachweis, Identitaetsnachweis, Nachweis, Ausweis, Personalausweis, identity, proof, proof of identity, identity card,
		id card, id, id-kaart`), false, readIdentity},
	{VerbIdentity, plain(`copie, copies, kopie, kopieën, Kopien, Ausweiskopie, copy`), false, readCopy},
	{VerbRights, plain(`droits, droit, rechten, recht, Rechte, rights, right`), false, readRights},
	{VerbConfirm, plain(`c'est une demande, c'est bien une demande, est une demande, est bien une demande, il s'agit d'une demande, confirmer, confirmez, confirme,
		confirmé, confirmée, demande confirmée, confirmer demande, is een verzoek, is wel een verzoek, is een aanvraag, is wel een aanvraag, bevestigen, bevestig, bevestigd,
		verzoek bevestigd, ist ein Antrag, ist doch ein Antrag, es ist ein Antrag, ist eine Anfrage, es ist eine Anfrage, bestätigen, bestaetigen, bestätigt,
		bestaetigt, Antrag bestätigt, is a request, it is a request, it's a request, confirm, confirmed, request confirmed,
		rouvrir, rouvrez, réouvrir, rouvert, heropenen, heropen, heropend, wieder öffnen, wiedereröffnen, wieder oeffnen, reopen, reopened`), false, readReason},
	{VerbConfirm, plain(`une demande, bien une demande, een verzoek, wel een verzoek, een aanvraag, ein Antrag, eine Anfrage, a request`), false, readNothing},
	{VerbConfirm, yeses, true, readNothing},
	{VerbDismiss, plain(`pas une demande, n'est pas une demande, c'est pas une demande, pas de demande, il ne s'agit pas d'une demande, classer sans suite, classé sans suite,
		geen verzoek, is geen verzoek, geen aanvraag, is geen aanvraag, kein Antrag, ist kein Antrag, es ist kein Antrag, keine Anfrage, ist keine Anfrage,
		es ist keine Anfrage, not a request, is not a request, isn't a request, it is not a request, it isn't a request, it's not a request, no request,
		dismiss, dismissed`), false, readReason},
	{VerbDismiss, plain(`rejeter, écarter, verwerpen, verwerfen`), true, readReason},
	{VerbDismiss, noes, true, readNothing},
	{VerbMerge, plain(`fusionner, fusionner avec, fusionnez avec, fusionné avec, joindre à, doublon de, samenvoegen, samenvoegen met, voeg samen met, samengevoegd met, dubbel van,
		zusammenführen, zusammenführen mit, zusammenfuehren, zusammenfuehren mit, zusammenlegen mit, Dublette von, merge, merge into, merge with,
		merged into, merged with, same as, duplicate of`), false, readMerge},
	{VerbNote, plain(`note, noter, à noter, remarque, nota, noteer, noteren, opmerking, notitie, Notiz, Anmerkung, notieren, Vermerk, remark, comment`), false, readNote},
	{VerbDraft, plain(`brouillon, projet, préparer brouillon, ontwerp, concept, klad, Entwurf, draft, prepare`), false, readDraft},
}

// noSlips are words one letter from a verb that mean something else, or what is yet to be done.
var noSlips = strings.Fields(`traiter traitez traites trait traine repond former firmer ferner complet completer completez completes complexe
	compete conforme conformer conform couvrez ouvert ouvrir ouvrez entendre suspens termin termins terminen terminal termite passieren passiert
	aufsetzen verlangen verlangt verlegen verwerken verwerk gestoten beelden roepen beantworten parsed passed caused extent expend presume presumed
	closer settle settler finnish`)

// outcomes are the ways in which a case ends.
var outcomes = []meaning[Outcome]{
	{Fulfilled, plain(`fait, faite, satisfait, satisfaite, rempli, remplie, exécuté, exécutée, répondu, répondue, accordé, accordée, en entier, voldaan, gedaan, uitgevoerd,
		beantwoord, ingewilligd, volledig, erfüllt, erfuellt, ausgeführt, ausgefuehrt, stattgegeben, erledigt, beantwortet, vollständig, fulfilled, done, granted, answered,
		in full`)},
	{Partly, plain(`partiellement, en partie, partiel, partielle, partiellement fait, fait en partie, gedeeltelijk, deels, ten dele, teilweise, zum Teil, partly, partially, in part, partial,
		partly fulfilled, fulfilled in part`)},
	{Refused, plain(`refusé, refusée, refus, rejeté, rejetée, geweigerd, afgewezen, weigering, abgelehnt, verweigert, Ablehnung, refused, rejected, denied, refusal`)},
	{Withdrawn, plain(`retiré, retirée, abandonné, abandonnée, annulé, annulée, désistement, ingetrokken, zurückgezogen, zurueckgezogen, withdrawn, taken back`)},
	{NotARequest, plain(`pas une demande, n'est pas une demande, geen verzoek, geen aanvraag, kein Antrag, keine Anfrage, not a request`)},
	{Duplicate, plain(`doublon, double, dubbel, doppelt, Dublette, duplicate`)},
	{NoIdentity, plain(`sans identité, pas d'identité, sans preuve d'identité, identité non établie, geen identiteit, zonder identiteit, geen bewijs van identiteit, geen identiteitsbewijs,
		keine Identität, keine Identitaet, ohne Identität, ohne Identitaet, ohne Nachweis, no identity, without identity, no proof of identity`)},
}

// notNow begins a reason that speaks of another time, or says no: whoever writes it does not close the case now.
var notNow = list(`non, nee, neen, nein, no, not, pas encore, pas, nog niet, niet, noch nicht, nicht, not yet, plus tard, bientôt, demain, morgen, straks, binnenkort, später,
	spaeter, bald, later, soon, tomorrow, quand, dès que, lorsque, si, après, wanneer, zodra, als, na, wenn, sobald, nach, when, once, if, after, until, jusqu, tot, bis,
	attendre, attends, wacht, wachten, warten, warte, wait, lundi, mardi, mercredi, jeudi, vendredi, maandag, dinsdag, woensdag, donderdag, vrijdag,
	Montag, Dienstag, Mittwoch, Donnerstag, Freitag, monday, tuesday, wednesday, thursday, friday, next`)

// absences are words of absence notices, which say "closed" of an office.
var absences = strings.Fields(`vacances conge conges absent absente bureaux vakantie verlof afwezig urlaub ferien abwesend abwesenheit vacation holiday holidays office`)

// placeholders stand in the letters where staff are to write.
var placeholders = list(`raison, texte, reden, tekst, Grund, Text, reason`)

// periodWords say by how much a period is extended, which the law does.
var periodWords = strings.Fields(`delai termijn frist deadline period du deux mois van met twee maanden um zwei monate monaten by two months 2`)

// disclaimers are words of the small print under mails.
var disclaimers = strings.Fields(`confidentiel confidentielle confidentiels vertrouwelijk vertrouwelijke vertraulich vertrauliche confidential disclaimer imprimer afdrukken ausdrucken
	printing`)

// identities are what a person may find of an identity.
var identities = []meaning[Identity]{
	{IdentityVerified, plain(`ok, oké, okay, bonne, bon, vérifiée, vérifié, confirmée, confirmé, valable, établie, contrôlée, in orde, goed, geverifieerd, gecontroleerd, nagekeken, bevestigd, vastgesteld,
		in Ordnung, geprüft, geprueft, bestätigt, bestaetigt, verifiziert, good, verified, checked, confirmed, fine`)},
	{IdentityMissing, plain(`pas ok, non ok, pas bonne, pas bon, pas vérifiée, non vérifiée, non établie, insuffisante, manquante, manque, niet ok, niet goed, niet in orde, nok, ontbreekt, onvoldoende,
		niet geverifieerd, nicht ok, nicht in Ordnung, fehlt, unzureichend, nicht geprüft, nicht bestätigt, not ok, not good, not verified, missing, insufficient`)},
	{IdentityNotNeeded, plain(`pas nécessaire, non nécessaire, n'est pas nécessaire, inutile, pas besoin, pas requise, non requise, niet nodig, onnodig, niet vereist, nicht nötig, nicht noetig, unnötig,
		unnoetig, nicht erforderlich, nicht notwendig, not needed, unnecessary, not necessary, not required`)},
}

// copyNames name the copy of a document; copyWords may stand between it and what became of it, which is gone.
var (
	copyNames = plain(`copie, kopie, copy, Ausweiskopie`)
	copyWords = strings.Fields(`carte identite piece identiteitskaart id kaart ausweis ausweises personalausweises card of document identity est des a ete is has been ist wurde werd van
		bien goed`)
	gone = strings.Fields(`supprimee supprime supprimees effacee efface effacees detruite detruit detruites gewist verwijderd vernietigd geloscht geloescht vernichtet deleted destroyed erased removed`)
	ands = list(`et, en, und, and`)
)

// rightNames are the rights, as people call them, without the words of rightsBetween.
var rightNames = []meaning[Right]{
	{Access, plain(`accès, copie, inzage, toegang, Auskunft, access`)},
	{Rectification, plain(`rectification, correction, rectificatie, verbetering, correctie, rechtzetting, Berichtigung, Korrektur`)},
	{Erasure, plain(`effacement, suppression, oubli, wissing, gegevenswissing, verwijdering, wissen, vergetelheid, Löschung, Loeschung, Vergessenwerden, erasure, deletion, be forgotten`)},
	{Restriction, plain(`limitation, limitation traitement, beperking, beperking verwerking, Einschränkung, Einschraenkung, Einschränkung Verarbeitung, restriction,
		restriction processing`)},
	{Objection, plain(`opposition, bezwaar, verzet, Widerspruch, objection, object`)},
	{Portability, plain(`portabilité, portabilité données, overdraagbaarheid, dataportabiliteit, overdracht, Übertragbarkeit, Uebertragbarkeit, Datenübertragbarkeit, Datenuebertragbarkeit, portability, data portability`)},
	{ConsentWithdrawal, plain(`consentement, retrait, retrait consentement, toestemming, intrekking, intrekking toestemming, Einwilligung, Widerruf, Widerruf Einwilligung, consent,
		consent withdrawal, withdrawal consent`)},
}

// rightsBetween are words between names of rights.
var rightsBetween = strings.Fields(`a au aux du des et en op van auf und to of and sont zijn sind are is est ist`)

// drafts are the letters that can be prepared.
var drafts = []meaning[DraftKind]{
	{DraftAnswer, plain(`réponse, antwoord, Antwort, answer, reply, response`)},
	{DraftIdentity, plain(`identité, preuve, preuve d'identité, identification, identiteit, bewijs, identificatie, Identität, Identitaet, Nachweis, Identifizierung, identity, identification,
		demande d'identité, demande d'identification, vraag om identificatie, Bitte um Identifizierung, request for identification`)},
	{DraftExtension, plain(`prolongation, extension, verlenging, Verlängerung, Verlaengerung, Fristverlängerung`)},
	{DraftRefusal, plain(`refus, weigering, afwijzing, Ablehnung, refusal`)},
	{DraftNothing, plain(`rien, aucune donnée, pas de données, niets, geen gegevens, nichts, keine Daten, nothing, no data`)},
	{DraftClosing, plain(`fin, clôture, afsluiting, slot, Abschluss, closing, end`)},
}

// draftBetween are words between a draft and its kind.
var draftBetween = strings.Fields(`de d du des of van voor vom von fur pour for un une a an een eine einen den demande demander vraag bitte um request to`)
