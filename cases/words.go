package cases

import (
	"slices"
	"strings"
)

// The words in which staff command, folded: lower case, no accents, one space between words, an apostrophe being
// one too. Every word that the letters to staff show stands here.

// courtesies are words of lines that say nothing.
var courtesies = strings.Fields(`bonjour bonsoir salut hello hi hey dear hallo dag beste goedemorgen goedemiddag goeiemorgen guten morgen tag moin
	merci thanks thank you thx bedankt dank danke u je wel bien beaucoup super parfait perfect prima top ok oke okay d accord entendu
	compris understood begrepen verstanden noted genoteerd cher chere`)

// fillers are words within a command that change nothing.
var fillers = strings.Fields(`svp stp aub please bitte merci gelieve veuillez danke bedankt s il vous te plait le la les l de het den die das der
	the this ce cet cette dit deze dieses dieser diesen dossier zaak fall akte vorgang case cas`)

// verb is a verb in four languages, and how what follows it is read.
type verb struct {
	verb    Verb
	phrases []string
	read    func(c *Command, rest []string, reason string) bool
}

var verbs = []verb{
	{VerbClose, list(`cloturer, cloture, cloturez, clos, clore, cloturee, fermer, ferme, fermez, fermee, terminer, termine, terminee, traite, traitee, fini,
		afsluiten, sluiten, afgesloten, gesloten, sluit, sluit af, afgehandeld, afgerond, klaar, beantwoord,
		abschliessen, abschließen, schliessen, schließen, abgeschlossen, geschlossen, erledigt, fertig, beantwortet,
		close, closed, done, finished, answered, complete, completed`), readClose},
	{VerbExtend, list(`prolonger, prolongation, prolongez, prolonge, etendre, verlengen, verleng, verlenging, verlengd, verlangern, verlaengern, verlangerung,
		verlangert, extend, extension, prolong`), readReason},
	{VerbPause, list(`suspendre, suspension, suspendu, suspendez, pause, pauzeren, pauze, pauzeer, opschorten, schort, onderbreken, pausieren, aussetzen,
		unterbrechen, suspend, hold`), readReason},
	{VerbResume, list(`reprendre, reprise, reprenez, reprends, hervatten, hervat, hervatting, fortsetzen, fortgesetzt, wieder aufnehmen, resume, continue, unpause`), readNothing},
	{VerbIdentity, list(`identite, preuve identite, preuve d identite, identiteit, identiteitsbewijs, bewijs, identitat, identitaet, ausweis, identity, id`), readIdentity},
	{VerbIdentity, list(`copie, copies, kopie, kopieen, kopien, copy`), readCopy},
	{VerbRights, list(`droits, droit, droits sont, rechten, recht, rechten zijn, rechte, rechte sind, rights, right, rights are, rights is`), readRights},
	{VerbConfirm, list(`c est une demande, c est bien une demande, est une demande, une demande, confirmer, confirme, confirmez, oui, rouvrir, reouvrir,
		is een verzoek, is wel een verzoek, een verzoek, is een aanvraag, bevestigen, bevestig, bevestigd, ja, heropenen,
		ist ein antrag, es ist ein antrag, ein antrag, ist eine anfrage, es ist eine anfrage, bestatigen, bestaetigen, bestatigt, wieder offnen, wieder oeffnen,
		it is a request, it s a request, is a request, a request, confirm, confirmed, yes, reopen`), readNothing},
	{VerbDismiss, list(`pas une demande, n est pas une demande, pas demande, rejeter, ecarter, geen verzoek, is geen verzoek, geen aanvraag, is geen aanvraag, verwerpen,
		kein antrag, ist kein antrag, es ist kein antrag, keine anfrage, ist keine anfrage, es ist keine anfrage, verwerfen,
		not a request, is not a request, it is not a request, it s not a request, no request, dismiss, dismissed`), readReason},
	{VerbMerge, list(`fusionner avec, fusionner, fusionne avec, joindre a, joindre, samenvoegen met, samenvoegen, voeg samen met, zusammenfuhren mit,
		zusammenfuehren mit, zusammenfuhren, zusammenlegen mit, merge into, merge with, merge, same as, duplicate of, doublon de, dubbel van, doppelt zu`), readMerge},
	{VerbNote, list(`note, noter, remarque, nota, noteer, opmerking, notitie, notiz, anmerkung, notieren, vermerk, remark, comment`), readNote},
	{VerbDraft, list(`brouillon, projet, brouillon d, projet d, ontwerp, concept, klad, entwurf, draft, prepare`), readDraft},
}

// list parts phrases at commas.
func list(text string) []string {
	var out []string
	for _, phrase := range strings.Split(text, ",") {
		out = append(out, strings.Join(strings.Fields(phrase), " "))
	}
	return out
}

var outcomeWords = map[Outcome][]string{
	Fulfilled:   list(`fait, faite, satisfait, satisfaite, rempli, remplie, execute, executee, repondu, repondue, accorde, accordee, voldaan, gedaan, uitgevoerd, beantwoord, ingewilligd, erfullt, ausgefuhrt, stattgegeben, erledigt, beantwortet, fulfilled, done, granted, answered`),
	Partly:      list(`partiellement, en partie, partiel, partielle, partie, gedeeltelijk, deels, teilweise, zum teil, partly, partially, in part, partial`),
	Refused:     list(`refuse, refusee, rejete, rejetee, geweigerd, afgewezen, abgelehnt, verweigert, refused, rejected, denied`),
	Withdrawn:   list(`retire, retiree, abandonne, abandonnee, annule, annulee, ingetrokken, zuruckgezogen, zurueckgezogen, withdrawn, taken back`),
	NotARequest: list(`pas une demande, geen verzoek, geen aanvraag, kein antrag, keine anfrage, not a request`),
	Duplicate:   list(`doublon, double, dubbel, doppelt, dublette, duplicate`),
	NoIdentity: list(`sans identite, pas d identite, sans preuve identite, sans preuve d identite, geen identiteit, zonder identiteit, geen bewijs, keine identitat,
		ohne identitat, keine identitaet, ohne nachweis, no identity, without identity, no proof`),
}

// readClose reads how a case ended, before or behind the colon: without a word, in full.
func readClose(c *Command, rest []string, reason string) bool {
	c.Outcome, c.Reason = Fulfilled, reason
	if len(rest) > 0 {
		outcome, ok := oneOf(rest, outcomeWords)
		c.Outcome = outcome
		return ok
	}
	for _, mark := range []string{":", ",", " - ", " – ", "\n"} {
		head, more, _ := strings.Cut(reason, mark)
		if outcome, ok := oneOf(withoutFillers(plainWords(head)), outcomeWords); ok {
			c.Outcome, c.Reason = outcome, strings.TrimSpace(more)
			return true
		}
	}
	return true
}

func withoutFillers(words []string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(w string) bool { return slices.Contains(fillers, w) })
}

func readReason(c *Command, rest []string, reason string) bool {
	c.Reason = reason
	return len(rest) == 0
}

func readNothing(_ *Command, rest []string, reason string) bool {
	return len(rest) == 0 && reason == ""
}

var identityWords = map[Identity][]string{
	IdentityVerified:  list(`ok, bonne, bon, verifiee, verifie, confirmee, valable, in orde, goed, geverifieerd, gecontroleerd, in ordnung, gepruft, geprueft, bestatigt, good, verified, checked, fine`),
	IdentityMissing:   list(`pas ok, non ok, pas bonne, insuffisante, manquante, niet ok, niet in orde, nok, ontbreekt, nicht ok, nicht in ordnung, fehlt, not ok, missing, insufficient`),
	IdentityNotNeeded: list(`pas necessaire, non necessaire, inutile, pas besoin, niet nodig, onnodig, nicht notig, nicht noetig, nicht erforderlich, not needed, unnecessary, not necessary`),
}

func readIdentity(c *Command, rest []string, reason string) bool {
	words := rest
	if len(words) == 0 {
		words = plainWords(reason)
	} else if reason != "" {
		return false
	}
	if n := len(words); n > 2 && isCopyGone(words[n-2:]) {
		c.Copy, words = CopyDeleted, words[:n-2]
	}
	identity, ok := oneOf(words, identityWords)
	c.Identity = identity
	return ok
}

var goneWords = list(`supprimee, supprime, supprimees, effacee, efface, effacees, detruite, detruit, gewist, verwijderd, vernietigd, geloscht, geloescht, vernichtet, deleted, destroyed, erased, removed`)

func isCopyGone(words []string) bool {
	for _, copy := range []string{"copie", "kopie", "copy"} {
		for _, gone := range goneWords {
			if strings.Join(words, " ") == copy+" "+gone {
				return true
			}
		}
	}
	return false
}

func readCopy(c *Command, rest []string, reason string) bool {
	c.Copy = CopyDeleted
	for _, gone := range goneWords {
		if strings.Join(rest, " ") == gone && reason == "" {
			return true
		}
	}
	return false
}

var rightWords = map[Right][]string{
	Access:            list(`acces, inzage, toegang, auskunft, access`),
	Rectification:     list(`rectification, correction, rectificatie, verbetering, correctie, berichtigung, korrektur, rectify`),
	Erasure:           list(`effacement, suppression, oubli, wissing, gegevenswissing, verwijdering, wissen, vergetelheid, loschung, loeschung, erasure, deletion`),
	Restriction:       list(`limitation, restriction, beperking, einschrankung, einschraenkung, limitation du traitement, blocage`),
	Objection:         list(`opposition, bezwaar, verzet, widerspruch, objection`),
	Portability:       list(`portabilite, overdraagbaarheid, ubertragbarkeit, uebertragbarkeit, portability, datenubertragbarkeit`),
	ConsentWithdrawal: list(`consentement, retrait, retrait consentement, retrait du consentement, toestemming, intrekking toestemming, intrekking van toestemming, einwilligung, widerruf, widerruf der einwilligung, consent withdrawal, consent, consent_withdrawal, withdrawal of consent`),
}

// readRights reads names of rights, parted by commas or "and", before or behind the colon.
func readRights(c *Command, rest []string, reason string) bool {
	text := " " + strings.Join(rest, " ") + " "
	if reason != "" {
		if len(rest) > 0 {
			return false
		}
		text = ""
		for _, piece := range strings.FieldsFunc(reason, func(r rune) bool { return r == ',' || r == ';' || r == '+' || r == '/' || r == '&' }) {
			text += " " + strings.Join(plainWords(strings.ReplaceAll(piece, "_", " ")), " ") + " "
		}
	}
	for _, and := range []string{" et ", " en ", " und ", " and "} {
		text = strings.ReplaceAll(text, and, "  ")
	}
	left := strings.Fields(text)
	for len(left) > 0 {
		found := false
		for n := min(4, len(left)); n > 0 && !found; n-- {
			if right, ok := oneOf(left[:n], rightWords); ok {
				c.Rights, left, found = append(c.Rights, right), left[n:], true
			}
		}
		if !found {
			return false
		}
	}
	c.Rights = inOrder(c.Rights)
	return len(c.Rights) > 0
}

// inOrder is each of the rights once, in their own order.
func inOrder(rights []Right) []Right {
	var sorted []Right
	for _, r := range Rights() {
		if slices.Contains(rights, r) {
			sorted = append(sorted, r)
		}
	}
	return sorted
}

// readMerge takes the other case from before or behind the colon.
func readMerge(_ *Command, rest []string, reason string) bool { return len(rest) == 0 && reason == "" }

func readNote(c *Command, rest []string, reason string) bool {
	c.Reason = reason
	return len(rest) == 0 && reason != ""
}

var draftWords = map[DraftKind][]string{
	DraftAnswer:    list(`reponse, antwoord, antwort, answer, reply`),
	DraftIdentity:  list(`identite, preuve, identiteit, bewijs, identitat, identitaet, nachweis, identity`),
	DraftExtension: list(`prolongation, verlenging, verlangerung, verlaengerung, extension`),
	DraftRefusal:   list(`refus, weigering, afwijzing, ablehnung, refusal`),
	DraftNothing:   list(`rien, aucune donnee, niets, geen gegevens, nichts, keine daten, nothing, no data`),
	DraftClosing:   list(`fin, cloture, afsluiting, abschluss, closing, end`),
}

// readDraft reads which letter is wanted, and a reason behind it.
func readDraft(c *Command, rest []string, reason string) bool {
	if len(rest) == 0 {
		head, more, _ := strings.Cut(reason, ":")
		rest, reason = withoutFillers(plainWords(head)), strings.TrimSpace(more)
	}
	kind, ok := oneOf(rest, draftWords)
	c.Draft, c.Reason = kind, reason
	return ok
}

// String is the command as one line in English, which ParseCommands reads again.
func (c Command) String() string {
	var b strings.Builder
	b.WriteString(string(c.Verb))
	say := func(words ...string) {
		for _, w := range words {
			if w != "" {
				b.WriteString(" " + w)
			}
		}
	}
	say(c.Case)
	switch c.Verb {
	case VerbClose:
		say(strings.ReplaceAll(string(c.Outcome), "_", " "))
	case VerbPause, VerbResume:
		if !c.On.IsZero() {
			say("on", c.On.String())
		}
	case VerbIdentity:
		if word, ok := map[Identity]string{IdentityVerified: "ok", IdentityMissing: "not ok", IdentityNotNeeded: "not needed"}[c.Identity]; ok {
			say(word)
			if c.Copy == CopyDeleted {
				say("copy deleted")
			}
		} else if c.Copy == CopyDeleted {
			return strings.TrimSpace("copy deleted " + c.Case)
		}
	case VerbRights:
		say(strings.ReplaceAll(join(c.Rights), ", ", " "))
	case VerbMerge:
		say("into", c.Other)
	case VerbDraft:
		say(string(c.Draft))
	}
	if c.Reason != "" {
		b.WriteString(": " + c.Reason)
	}
	return b.String()
}
