package message

import (
	"regexp"
	"strings"
)

// markSignatures finds what stands under the writer's words in every mail of his: the signature below its
// delimiter, the line of a telephone, disclaimers and the footers of newsletters. What asks for something in
// the first person stays the writer's own wherever it stands.
func markSignatures(lines []textLine) {
	for i := 0; i < len(lines); i++ {
		l := &lines[i]
		switch {
		case l.kind != ownLine || l.bare == "":
		case isDelimiter(l.raw) && hasOwnBefore(lines[:i]):
			i += markBlock(lines[i:]) - 1
		case deviceLine.MatchString(l.bare) && len(l.bare) < 160:
			l.kind = signatureLine
		case startsParagraph(lines, i) && hasOwnBefore(lines[:i]) && isBoilerplate(paragraph(lines[i:])):
			i += markNotice(lines[i:]) - 1
		}
	}
}

// isDelimiter reports whether a line is the signature delimiter "-- " (RFC 3676 section 4.3), or what is left
// of it once a server has trimmed the space.
func isDelimiter(raw string) bool {
	return raw == "-- " || raw == "--" || raw == "--\u00a0" || raw == "—" || raw == "__"
}

// hasOwnBefore reports whether the writer has said something above.
func hasOwnBefore(lines []textLine) bool {
	for _, l := range lines {
		if l.kind == ownLine && l.bare != "" {
			return true
		}
	}
	return false
}

// markBlock makes a signature of the lines below a delimiter, up to a quote, and returns their number.
// Sentences in which the writer asks for something stay his own.
func markBlock(lines []textLine) int {
	for i := range lines {
		switch {
		case lines[i].kind == quoteLine:
			return i
		case lines[i].bare == "" || i > 0 && wish.MatchString(lines[i].bare):
		default:
			lines[i].kind = signatureLine
		}
	}
	return len(lines)
}

// deviceLine is the line that telephones and mail programs add, in the languages they speak here.
var deviceLine = regexp.MustCompile(`(?i)^(` + strings.Join([]string{
	`(envoyé|envoye|expédié) (de|depuis|à partir de|a partir de|par|avec|via|d['’]un|d['’]|en utilisant) ?(mon|ma|l['’]|un|une|mobile|outlook|yahoo|gmail|proton|la messagerie|samsung|orange|iphone|ipad|android|courrier|mail|windows|skynet|blackberry).{0,120}`,
	`(verzonden|verstuurd|gestuurd) (vanaf|vanuit|van|met|via|door) (mijn|een|outlook|yahoo|gmail|proton|samsung|mail|iphone|ipad|android|windows|de|het|telenet|proximus).{0,120}`,
	`(von|mit) (meinem|meiner|outlook|samsung|proton|gmx|web\.de|mail).{0,80}(gesendet|geschickt|verschickt)\.?`,
	`(diese nachricht wurde )?(gesendet|verschickt|verfasst) (von|mit|über|aus) (meinem|meiner|der|outlook|yahoo|mail|proton|samsung|gmx|web|iphone|ipad|android).{0,120}`,
	`(sent|composed) (from|via|with|using|by) (my (iphone|ipad|android|phone|mobile|samsung|blackberry|galaxy|huawei|htc|nokia|windows|verizon|xperia|pixel|tablet|smartphone|handheld|wireless|sony|t-mobile)|(the )?(samsung|yahoo|outlook|mail|proton|gmail|iphone|ipad|android|blackberry|surface|windows|aol|airmail|spark|mobile)).{0,140}`,
	`(télécharger|obtenir|obtenez|téléchargez) outlook (pour|sur) .{0,60}`, `(get|download) outlook for .{0,60}`,
	`(outlook voor (android|ios|mac) (ophalen|downloaden)|(download|haal) outlook voor .{0,40})`, `outlook für (android|ios|mac) (beziehen|herunterladen).{0,40}|holen sie sich outlook für .{0,40}`,
	`provenance ?: ?(courrier|mail).{0,60}`, `(enviado desde|inviato da|inviato dal mio|enviado do meu|wysłane z|skickat från|sendt fra) .{0,80}`,
	`-{0,2} ?sent with (proton ?mail|airmail|spark|sparrow|canary|mailbird|shortwave).{0,80}`,
	`protégé par (un antivirus|avast).{0,80}|(virusvrij|virenfrei|virus-free)\.? ?(www\.\S+)?|garanti sans virus\.? ?(www\.\S+)?|l['’]absence de virus dans ce courrier.{0,80}`,
	`(dit|deze) e-?mail( bericht)? is gecontroleerd op virussen.{0,80}|diese e-?mail wurde .{0,40}auf viren (geprüft|überprüft).{0,60}|this e-?mail has been checked for viruses.{0,60}`,
	`(yahoo mail|aol mail) ?[:.].{0,100}`,
}, "|") + `)$`)

// boilerplate are the openings of notices that stand under business mail and newsletters.
var boilerplate = regexp.MustCompile(`(?i)^[*_#=\-– ]*(` + strings.Join([]string{
	`(disclaimer|avertissement|avis de confidentialité|clause de confidentialité|confidentialité|confidentiality( notice)?|legal notice|mentions? légales?|vertrouwelijkheid(sclausule|sverklaring)?|vertraulichkeitshinweis|haftungsausschluss|datenschutzhinweis|privacy ?(notice|verklaring|statement)|rgpd|avg|dsgvo|gdpr|protection des données|gegevensbescherming|datenschutz) ?[:.!–-]`,
	`(ce|cet|le présent|ce présent) (message|e-?mail|courriel|courrier électronique|mail|mél)\b.{0,300}(confidentiel|destinataire|destiné|usage exclusif)`,
	`(this|the (information|content) (contained )?in this) (message|e-?mail|email|communication|transmission)\b.{0,300}(confidential|intended|privileged|addressee)`,
	`(dit|deze|de informatie in (dit|deze)|de inhoud van (dit|deze)) (bericht|e-?mail|mail|elektronische).{0,300}(vertrouwelijk|bestemd|geadresseerde|bedoeld)`,
	`(diese|die in dieser|der inhalt dieser) (nachricht|e-?mail|mail|information).{0,300}(vertraulich|bestimmt|empfänger|adressat)`,
	`(the information|les informations|de informatie|die informationen).{0,120}(confidential|confidentielles?|vertrouwelijk|vertraulich)`,
	`(if you (are not|have received)|si vous (n['’]êtes pas|avez reçu|recevez)|indien u (niet|dit)|als u (niet de|dit)|wenn sie nicht|sollten sie (nicht|diese)|falls sie nicht).{0,120}(intended|in error|destinataire|par erreur|bestemd|geadresseerde|onterecht|per vergissing|adressat|empfänger|irrtümlich|beabsichtigt)`,
	`(please )?(think|consider) (of |about )?(the environment|before (you )?print)|(please )?consider the environment|(pensez|avant d['’]imprimer|merci de penser).{0,40}(environnement|imprimer|planète)|(denk|spaar).{0,30}(milieu|bomen|print)|(denken|bitte denken|schonen).{0,40}(umwelt|drucken)`,
	`(vous recevez|vous avez reçu) (ce|cet|cette|notre|nos) .{0,100}(car|parce que|suite à|en tant que)`, `(you (are receiving|received|have received)) this .{0,80}(because|as )`,
	`(u|je) (ontvangt|krijgt|kreeg|ontving) (deze|dit) .{0,80}(omdat|naar aanleiding|als )`, `(sie (erhalten|bekommen)) (diese|diesen) .{0,80}(weil|da |als )`,
	`(pour|si vous (souhaitez|ne souhaitez)).{0,40}(vous )?(désinscrire|désabonner|plus recevoir).{0,80}(cliqu|lien|ici)`, `(to unsubscribe|unsubscribe|if you (no longer|don['’]t) (wish|want)).{0,80}(click|here|link|follow)`,
	`(uitschrijven|om (u|je) uit te schrijven|wil(t)? (u|je) (geen|deze)).{0,80}(klik|hier|link)`, `(abmelden|wenn sie (keine|diesen)).{0,80}(klick|hier|link)`,
	`(vos|les) données (à caractère personnel |personnelles )?(sont|seront|que vous nous).{0,80}(traitées|conservées|collectées|utilisées|communiquez)`,
	`(conformément|en vertu|dans le cadre|en application|en accord) (au|à la|du|de la|avec).{0,80}(rgpd|règlement|loi|2016/679|vie privée).{0,120}(vous (disposez|bénéficiez) (d['’]un|de|des|du) droits?|vous (avez le droit|pouvez (exercer|accéder|demander|vous opposer))|nous (traitons|vous informons))`,
	`(vous disposez|vous bénéficiez) (d['’]un |des )?(droits?|à tout moment).{0,160}(accès|rectification|opposition|effacement|suppression)`,
	`(uw|je|jouw) (persoons)?gegevens (worden|zullen|die u).{0,80}(verwerkt|bewaard|verzameld|bezorgt)`, `(overeenkomstig|conform|in het kader van|krachtens) (de )?(avg|gdpr|verordening|privacywet|algemene).{0,160}(u (hebt|heeft|beschikt|kunt|kan)|wij)`,
	`(u|je) (hebt|heeft|beschikt) .{0,30}(recht|rechten).{0,120}(inzage|toegang|verbetering|verwijdering|wissing)`,
	`(ihre|deine) (personenbezogenen )?daten werden.{0,80}(verarbeitet|gespeichert)`, `(gemäß|nach) (der )?(dsgvo|datenschutz-grundverordnung|art).{0,120}sie (haben|können).{0,80}recht`,
	`(your|any) (personal )?(data|information) (is|are|will be|we).{0,60}(processed|stored|collected|handled)`, `(under|in accordance with|pursuant to) (the )?(gdpr|general data|data protection|uk gdpr|regulation).{0,120}(you (have|may|can)|we (process|are))`,
	`(this|the original of this|all|incoming and outgoing|any) e-?mails?.{0,80}(scanned|swept|checked|monitored|recorded|virus)`, `(ce|cet) (message|e-?mail|courriel) a été (vérifié|analysé|contrôlé|scanné).{0,80}`,
	`you have the right to .{0,120}(access|rectif|eras|object|unsubscribe)`,
	`(politique de confidentialité|privacy policy|privacybeleid|privacyverklaring|datenschutzerklärung) ?[:|(]? ?(http|www)`,
}, "|") + `)`)

// wish is the writer asking for something, in the first person. It is no boilerplate, wherever it stands.
var wish = regexp.MustCompile(`(?i)\b(je (soussigné|souhaite|souhaiterais|veux|voudrais|désire|demande|vous demande|retire|révoque|refuse|m['’]oppose|conteste|exerce|sollicite|n['’]autorise|ne veux|ne souhaite)|j['’](exerce|aimerais|exige|ai demandé)|mes données|me concernant|mon (compte|dossier|profil|adresse|droit)|ik (wil|wens|vraag|verzoek|trek|maak bezwaar|verzet|eis|zou|herroep|betwist)|mijn (gegevens|persoonsgegevens|account|dossier|recht)|ich (möchte|bitte|beantrage|widerspreche|widerrufe|verlange|fordere|will|mache|ziehe)|meine (daten|personenbezogenen)|i (want|would like|wish|request|withdraw|object|hereby|demand|ask|no longer)|my (data|personal|account|details|right))\b`)

// maxParagraph bounds how much of a paragraph is looked at.
const maxParagraph = 600

// paragraph is the text from here to the next blank line, its lines put together.
func paragraph(lines []textLine) string {
	var b strings.Builder
	for i, l := range lines {
		if l.bare == "" || b.Len() > maxParagraph || i > 0 && startsParagraph(lines, i) {
			break
		}
		b.WriteString(l.bare)
		b.WriteByte(' ')
	}
	return b.String()
}

// startsParagraph reports whether a line begins a paragraph: boilerplate is never in the middle of one.
func startsParagraph(lines []textLine, i int) bool {
	return i == 0 || lines[i-1].bare == "" || lines[i-1].kind != ownLine || strings.Trim(lines[i-1].bare, "-_=*~–— ") == ""
}

// speaks is the first person, in which notices are not written.
var speaks = regexp.MustCompile(`(?i)\b(je|j['’]\pL+|moi|mon|ma|mes|m['’]\pL+|ik|mij|mijn|ich|mir|mich|meine?[mnrs]?|i|me|my|mine)\b`)

// isBoilerplate reports whether a paragraph is a notice that stands under every mail of its sender.
func isBoilerplate(s string) bool {
	return boilerplate.MatchString(s) && !speaks.MatchString(s)
}

// markNotice makes a signature of a notice and of what follows it, up to a quote or to a paragraph in which
// the writer speaks of himself again, and returns the number of lines.
func markNotice(lines []textLine) int {
	for i := range lines {
		switch {
		case lines[i].kind == quoteLine:
			return i
		case lines[i].bare == "":
		case i > 0 && lines[i-1].bare == "" && speaks.MatchString(paragraph(lines[i:])):
			return i
		default:
			lines[i].kind = signatureLine
		}
	}
	return len(lines)
}
