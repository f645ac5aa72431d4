package message

import (
	"strings"
)

// maxDeviceLine bounds the line of a mail program, in bytes.
const maxDeviceLine = 160

// devices are words for what mail is written on or with.
var devices = wordSet(`
	iphone ipad ipod mac macbook apple android smartphone blackberry samsung galaxy huawei xiaomi redmi oneplus pixel nokia xperia wiko htc
	motorola fairphone windows tablet tablette mobile mobiel mobiele gsm portable téléphone telefoon telefon handy mobiltelefon toestel
	appareil gerät device phone handheld app application outlook hotmail yahoo gmail aol proton protonmail tuta tutanota airmail spark sparrow
	mailbird canary superhuman polymail boxer bluemail orange proximus telenet skynet voo scarlet laposte sfr bouygues kpn ziggo gmx web.de
	mail.ru yandex zimbra thunderbird roundcube webmail messagerie`)

// wordSet is the set of the words in s.
func wordSet(s string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(s) {
		set[w] = true
	}
	return set
}

// namesDevice reports whether one of the devices is among the words of s.
func namesDevice(s string) bool {
	for _, w := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return strings.ContainsRune(" -/'’<>()[]\"", r) }) {
		if devices[strings.Trim(w, ".")] {
			return true
		}
	}
	return false
}

// sentFrom is how the line begins that telephones and mail programs add, in the languages they speak here. German
// ends with the verb.
var sentFrom = compile(`(?i)^[-–—_ ]*(` + strings.Join([]string{
	`(message )?(envoyé|envoye|expédié|écrit|rédigé)e? (de|depuis|à partir|a partir|par|avec|via|d['’]|en|grâce|sur)`,
	`(verzonden|verstuurd|gestuurd|verstuur|geschreven|getypt) (vanaf|vanuit|van|met|via|door|vanop|op) `,
	`((diese|die) (nachricht|e-?mail|mail) wurde )?(gesendet|verschickt|verfasst|geschrieben) (von|mit|über|aus|vom|via) `,
	`((diese|die) (nachricht|e-?mail|mail) wurde )?(von|mit|vom|über) .*(gesendet|geschickt|verschickt|geschrieben|verfasst)\.?$`,
	`(sent|composed|written|typed|delivered) (from|via|with|using|by|on|through) `,
}, "|") + `)`)

// advert are other lines of theirs: what to install, and that a virus was sought.
var advert = compile(`(?i)^[-–—_ ]*(` + strings.Join([]string{
	`sent from (my|a|an) [^,;:!?]*`,
	`(enviado desde|inviato da|inviato dal mio|enviado do meu|wysłane z|skickat från|sendt fra|odesláno z|trimis de pe|lähetetty) .*`,
	`(télécharger|obtenir|obtenez|téléchargez|essayez) outlook (pour|sur) .*`, `(get|download) outlook for .*`, `outlook für .* (beziehen|herunterladen|laden).*`,
	`holen sie sich outlook für .*`, `outlook voor .* (ophalen|downloaden|krijgen).*`, `(download|haal) outlook voor .*`,
	`provenance ?: ?(courrier|mail) .*`, `(yahoo mail|aol mail) ?[:.] .*`, `(get|download) (my|the) .* app .*`,
	`(garanti )?sans virus\.? ?(www\.\S+)?`, `(virusvrij|virenfrei|virus-free)\.? ?(www\.\S+)?`, `(protégé|vérifié) par (un antivirus|avast|avg).*`,
	`l['’]absence de virus dans ce courrier.*`, `(dit|deze) e-?mail( ?bericht)? is (gecontroleerd|gescand) op virussen.*`,
	`diese e-?mail wurde .*auf viren (geprüft|überprüft).*`, `this e-?mail has been (checked|scanned) for viruses.*`,
	`\[?cid:\S+\]?`, `\[(image|afbeelding|bild|logo)[^\]]*\]`,
}, "|") + `)$`)

// isDeviceLine reports whether a line comes from a mail program, and not from its user. The device is named before
// the first comma or colon: what follows may be the user's.
func isDeviceLine(bare string) bool {
	if len(bare) > maxDeviceLine {
		return false
	}
	found := advert.MatchString(bare)
	if !found && sentFrom.MatchString(bare) {
		clause := bare
		if i := strings.IndexAny(bare, ",;:!?"); i >= 0 {
			clause = bare[:i]
		}
		found = namesDevice(clause)
	}
	return found && !wish.MatchString(bare)
}

// banner is what servers and programs put above a mail to warn of it.
var banner = compile(`(?i)^\W*(` + strings.Join([]string{
	`(caution|warning|attention|prudence|let op|opgelet|waarschuwing|achtung|vorsicht|external|externe?|extern)\b.{0,80}\b(e-?mail|mail|message|courriel|bericht|nachricht|sender|afzender|absender|expéditeur)\b.*(extern|outside|extérieur|buiten|außerhalb|organi[sz]ation|links?|liens?|click|cliqu)`,
	`(ce|cet) (message|e-?mail|courriel) (provient|vient|a été envoyé) (de l['’]extérieur|d['’]un expéditeur externe|d['’]une source externe|depuis l['’]extérieur)`,
	`(this|the) (message|e-?mail) (originated|was sent|comes?|came) (from )?outside`, `(dit|deze) (bericht|e-?mail|mail) (komt|is afkomstig|werd verzonden) van buiten`,
	`diese (nachricht|e-?mail) (stammt|kommt|wurde) .{0,20}(extern|außerhalb)`,
	`(vous n['’]obtenez pas souvent|you don['’]t often get|u ontvangt niet vaak|sie erhalten nicht (oft|häufig)) .*`,
	`(si vous n['’]arrivez pas à (lire|voir)|si ce (message|courriel|mail) ne s['’]affiche|if you (cannot|can['’]t|are having trouble) (read|see|view)|kunt u deze .{0,30}niet (lezen|goed)|wordt deze .{0,30}niet (goed|correct)|wenn (diese|sie diese) .{0,40}nicht (richtig|korrekt)|view (this e-?mail |it )?in (your|a) browser|voir (ce message |la version )?(dans votre navigateur|en ligne)|bekijk .{0,40}(browser|online|webversie)|im browser (ansehen|anzeigen)).*`,
}, "|") + `)`)

// isBanner reports whether a paragraph was put above the mail by a machine.
func isBanner(s string) bool { return banner.MatchString(s) && !speaks.MatchString(s) }

// secrecy are the openings of notices about the mail itself: that it is confidential, was scanned, binds nobody,
// should not be printed. The patterns see no more than clip leaves of a paragraph.
var secrecy = compile(`(?i)^[^\pL]*(?:(?:please note|note|important|disclaimer|attention|avertissement|nb|belangrijk|hinweis) ?[:!.–-]+ ?)?(` + strings.Join([]string{
	`(disclaimer|avertissement|avis (de confidentialité|important)|clause de confidentialité|confidentialité|confidentiality( notice| note)?|legal (notice|disclaimer)|mentions? légales?|vertrouwelijkheid(sclausule|sverklaring)?|vertraulichkeitshinweis|haftungsausschluss|rechtlicher hinweis) ?([:.!–-]|$)`,
	`(ce|cet|le présent|ce présent|le contenu de ce) (message|e-?mail|courriel|courrier électronique|mail|mél)\b.*(confidentiel|destinataire|destiné|usage exclusif|engage)`,
	`(this|the (information|content|contents) (contained )?(in|of) this) (message|e-?mail|email|communication|transmission)\b.*(confidential|intended|privileged|addressee)`,
	`(dit|deze|de informatie in (dit|deze)|de inhoud van (dit|deze)) (bericht|e-?mail|mail|elektronische).*(vertrouwelijk|bestemd|geadresseerde|bedoeld)`,
	`(diese|die in dieser|der inhalt dieser) (nachricht|e-?mail|mail|information).*(vertraulich|bestimmt|empfänger|adressat)`,
	`(the information|les informations|de informatie|die informationen|le informazioni).*(confidential|confidentielles?|vertrouwelijk|vertraulich|riservate)`,
	`(if you (are not|have received)|si vous (n['’]êtes pas|avez reçu|recevez)|indien u (niet|dit)|als u (niet de|dit)|wenn sie nicht|sollten sie (nicht|diese)|falls sie nicht).*(intended|in error|destinataire|par erreur|bestemd|geadresseerde|onterecht|per vergissing|adressat|empfänger|irrtümlich|beabsichtigt)`,
	`(any|the) (opinions?|views?)( or opinions?)? .*(expressed|are (solely )?those|not necessarily)`, `les (opinions|avis|idées) exprimé`,
	`(this|the original of this|all|incoming and outgoing|any) e-?mails?( messages?)?\b.*(scanned|swept|checked|monitored|recorded|virus)`, `this (footnote|message) confirms`,
	`(ce|cet) (message|e-?mail|courriel) a été (vérifié|analysé|contrôlé|scanné)`, `(internet|e-?mail)( e-?mail| communications?)? (is|are|cannot be|can ?not be) (not )?.*(secure|guaranteed|confidential)`,
	`(unsubscribe|se désabonner|se désinscrire|désinscription|désabonnement|uitschrijven|abmelden) ?[|·•<\[(:/]`, `(l['’]internet|internet) ne (permet|garantit)`, `.{0,60}(monitors?|monitoring) (all )?(internet )?e-?mail`,
	`(please )?(think|consider) (of |about )?(the environment|before (you )?print)|(please )?consider the environment|save (a tree|paper)|(pensez|avant d['’]imprimer|merci de penser).{0,40}(environnement|imprimer|planète)|(denk|spaar).{0,30}(milieu|bomen|print)|(denken|bitte denken|schonen).{0,40}(umwelt|drucken)`,
}, "|") + `)`)

// standing are the openings of notices about data and subscriptions that stand under business mail and newsletters.
// They use the words of our requests, and never the first person.
var standing = compile(`(?i)^[^\pL]*(` + strings.Join([]string{
	`(datenschutzhinweis|privacy ?(notice|verklaring|statement|policy)|rgpd|avg|dsgvo|gdpr|protection des données|vie privée|gegevensbescherming|datenschutz) ?[:.!–-]`,
	`(vous recevez|vous avez reçu) (ce|cet|cette|notre|nos) .*(car|parce que|suite à|en tant que)`, `(you (are receiving|receive|received|have received)|you['’]re receiving) (this|our) .*(because|as )`, `this (message|e-?mail) was sent to .*`,
	`(u|je) (ontvangt|krijgt|kreeg|ontving) (deze|dit) .*(omdat|naar aanleiding|als )`, `(sie (erhalten|bekommen)) (diese|diesen) .*(weil|da |als )`,
	`(pour|si vous (souhaitez|ne souhaitez)).{0,40}(vous )?(désinscrire|désabonner|plus recevoir).*(cliqu|lien|ici|https?:)`, `(se désinscrire|se désabonner|désinscription|désabonnement|désinscrivez-vous)\b`,
	`(to unsubscribe|to (remove|take) (yourself|your)|unsubscribe|to stop receiving|if you (no longer|don['’]t|do not) (wish|want)).*`,
	`(uitschrijven|om (u|je) uit te schrijven|(wil|wilt|wenst) (u|je) (zich uit|geen|deze|niet langer)).*`, `(abmelden|newsletter abbestellen|wenn sie (keine|diesen)|sie möchten keine).*(klick|hier|link|abmeld)`,
	`(vos|les) données (à caractère personnel |personnelles )?(sont|seront|que vous nous).{0,80}(traitées|conservées|collectées|utilisées|communiquez)`,
	`(conformément|en vertu|dans le cadre|en application|en accord) (au|à la|du|de la|avec).*(rgpd|règlement|loi|2016/679|vie privée).*(vous (disposez|bénéficiez) (d['’]un|de|des|du) droits?|vous (avez le droit|pouvez (exercer|accéder|demander|vous opposer))|nous (traitons|vous informons))`,
	`(vous disposez|vous bénéficiez) (d['’]un |des )?(droits?|à tout moment).*(accès|rectification|opposition|effacement|suppression)`,
	`(uw|je|jouw) (persoons)?gegevens (worden|zullen|die u).*(verwerkt|bewaard|verzameld|bezorgt)`, `(overeenkomstig|conform|in het kader van|krachtens) (de )?(avg|gdpr|verordening|privacywet|algemene).*(u (hebt|heeft|beschikt|kunt|kan) .*(recht|inzage|verzoeken)|wij (verwerken|informeren))`,
	`(u|je) (hebt|heeft|beschikt) .{0,30}(recht|rechten).*(inzage|toegang|verbetering|verwijdering|wissing)`,
	`(ihre|deine) (personenbezogenen )?daten werden.*(verarbeitet|gespeichert)`, `(gemäß|nach) (der )?(dsgvo|datenschutz-grundverordnung|art).*sie (haben|können).*recht`, `sie haben (das|ein|jederzeit das) recht.*(auskunft|löschung|widerspruch|widerruf)`,
	`(your|any) (personal )?(data|information) (is|are|will be|we).{0,60}(processed|stored|collected|handled)`, `(under|in accordance with|pursuant to) (the )?(gdpr|general data|data protection|uk gdpr|regulation).*(you (have (the|a) right|may (request|access|exercise))|we (process|are committed|inform))`,
	`you (have the right|can exercise your rights?) .*(access|rectif|eras|object|unsubscribe)`, `vous pouvez (à tout moment )?exercer vos droits.*`,
	`u kunt (op elk moment |te allen tijde )?uw rechten.*`, `sie können (jederzeit )?ihre rechte.*`,
	`(your subscribed|you are (currently )?subscribed|you['’]re subscribed|if you wish to be|this is not spam).*(subscri|removed)`, `https?://\S+/listinfo/\S+$`,
	`(pour en savoir plus|plus d['’]informations?|meer (weten|informatie)|mehr informationen|(to )?(learn|find out) more).*(vie privée|données|privacy|persoonsgegevens|datenschutz)`,
	`(politique de confidentialité|privacy policy|privacybeleid|privacyverklaring|datenschutzerklärung) ?[:|(]? ?(http|www)`, `(©|\(c\)|copyright) ?(19|20)\d\d`, `(tous droits réservés|all rights reserved|alle rechten voorbehouden|alle rechte vorbehalten)`,
}, "|") + `)`)

// isNotice reports whether a paragraph is a notice that stands under every mail of its sender.
func isNotice(s string) bool {
	return secrecy.MatchString(s) && !wish.MatchString(s) || standing.MatchString(s) && !speaks.MatchString(s)
}

// footer is what stands under the rule that mailing lists, free mail services and gateways put below a mail.
var footer = compile(`(?i)(subscri|mailing ?-?list|list ?info|liste de diffusion|désabonn|désinscri|uitschrijv|abmeld|abbestell|sponsor|confidenti|vertrouwelijk|vertraulich|virus|scanned|monitor|disclaimer|intended (for|solely)|destinataire|geadresseerde|addressee|votre abonnement|your subscription)`)

// link is an address on the web.
var link = compile(`(?i)(https?://|www\.)\S`)

// isFooter reports whether a paragraph right under a rule is no more of the writer's mail. short tells that hardly
// anything stands below it.
func isFooter(s string, short bool) bool {
	return (footer.MatchString(s) || short && link.MatchString(s)) && !speaks.MatchString(s) && !speaksAgain(s)
}
