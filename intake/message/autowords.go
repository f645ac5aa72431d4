package message

// programSubject is what follows a word that a program put before somebody's subject.
const programSubject = ` ?(:|$|- |– )`

// reasonAbsence is shared by the subjects that programs set above absence notices and other answers alike.
const reasonAbsence = "B7 words of an absence notice"

// noticeRules are asked in order; the first that holds decides.
var noticeRules = []noticeRule{
	{
		kind: AutoBounce, reason: "B7 words of a bounce",
		set: begins(``,
			`(undeliverable|undelivered|onbestelbaar|niet te bestellen|niet bezorgd|unzustellbar|nicht zugestellt|non remis|non distribuable|non delivre|echec de (la )?(remise|livraison)|remise differee|vertraagd|verzogert|delivery delayed) ?: `,
			`undelivered mail returned to sender`, `delivery status notification ?(\(|$)`, `mail delivery (failed|failure|subsystem|delayed)( ?:|$)`, `returned mail ?: `,
			`mail system error - returned mail`, `mail delivery failed: returning message to sender`, `warning: (message|could not send message)`),
		may: among(`undeliver`, `(mail |message )?delivery (failure|failed|problem|report|delayed)`, `failure notice`, `returned mail`, `(delivery|mail) (has )?failed`, `(failed|failure) delivery`, `(mail |message )?delivery (status|notification)`, `not be delivered`, `unable to deliver`, `postmaster notify`,
			`echec (de |d')?(la )?(remise|livraison|envoi|distribution|transmission)`, `(message|mail|courriel) non (remis|distribue|delivre)`, `avis de non[- ](remise|distribution)`,
			`(bezorging|aflevering|verzending) (is )?mislukt`, `(bericht|mail) (is )?niet (afgeleverd|bezorgd)`, `onbestelbaar`,
			`unzustellbar`, `zustell(ung|fehler|problem)`, `nicht zugestellt`),
		says: among(`(could|can) ?not be delivered`, `(couldn't|wasn't|was not|were not) (be )?delivered`, `(delivery|address(es)?) (to .{1,80} )?(has )?(failed|had permanent)`, `permanent (fatal )?error`, `user unknown`, `unable to deliver`, `transcript of session`, `attempt(ing|ed) to deliver`, `delivery (has )?failed`,
			`mailbox (is full|unavailable|not found|does not exist)`, `returned to sender`,
			`n'a (pas )?(pu|ete) (pas )?(etre )?(remis|distribue|delivre|achemine)e?`, `impossible (de remettre|d'acheminer|de delivrer)`, `boite (de reception |aux lettres )?(est )?(pleine|saturee)`, `adresse (est )?(introuvable|inconnue)`,
			`(kan|kon) niet (worden )?(afgeleverd|bezorgd|bestel)`, `(afgeleverd|bezorgd) (kon|kan|worden)`, `postvak (is|zit) vol`,
			`(konnte|kann|wurde) .{0,60}nicht (zu)?gestellt`, `nicht zugestellt werden`, `postfach (ist )?voll`,
			`[45]\d\d[ -]#?[45]\.\d{1,3}\.\d{1,3}`),
		declares: sentence(`this is the mail system at host`, `this message was created automatically by (the )?mail (delivery|system)`,
			`i'm sorry to have to inform you that your message could not be delivered`, `your message (to .+ )?(couldn't be|could not be|wasn't) delivered`,
			`(votre|le) message (suivant )?(a .+ )?n'a (pas )?pu etre (remis|distribue|delivre|achemine)`,
			`(uw|het) bericht (aan .+ )?(kan|kon) niet worden (afgeleverd|bezorgd)`,
			`(ihre|die) (nachricht|e-?mail) (an .+ )?konnte nicht zugestellt werden`),
	},
	{
		kind: AutoReceipt, reason: "B7 words of a read receipt", echoes: true,
		may: begins(``, `(read|not read|lu|non lu|gelezen|niet gelezen|gelesen|ungelesen|nicht gelesen|lecture|accuse de lecture|leesbevestiging|lesebestatigung|read receipt|return receipt)( \(\w+\))? ?(:|-|$)`),
		says: among(`your message (?s:.*)(was|has been) (read|displayed|opened|deleted without being read)`, `this is a (read |return )?receipt (for|of) (the|your) (mail|message|e-?mail)`, `this is a (read|return) receipt`,
			`votre message (?s:.*)(a ete|etait) (lu|affiche|ouvert|supprime sans)`, `accuse de (lecture|reception) (pour|du|concernant) (le |votre )?(message|mail|courrier|courriel|e-?mail)`,
			`(uw|je) bericht (?s:.*)(is|werd) .{0,40}(gelezen|weergegeven|geopend)`, `(dit is een )?(leesbevestiging|ontvangstbevestiging) (voor|van) (het|de) (bericht|e-?mail)`,
			`ihre (nachricht|e-?mail) (?s:.*)(wurde|ist) .{0,40}(gelesen|angezeigt|geoffnet)`, `(lese|empfangs)bestatigung fur (die|ihre) (nachricht|mail|e-?mail)`),
	},
	{
		kind: AutoAbsence, reason: reasonAbsence,
		set: begins(programSubject,
			`out of (the )?office( (auto-?reply|autoreply|reply|automatic reply|notification|message|notice|response))?( ?\([^)]{1,40}\))?`, `ooo( reply)?`, `(vacation|holiday|absence) (auto-?reply|reply|notice|notification|message|response)`,
			`(reponse|message|notification|avis|note|courriel) (automatique )?d'absence`, `absence du bureau`, `absent(\(e\)|e)? du bureau`, `reponse automatique d'absence`, `absence automatique`,
			`(automatische? )?afwezigheids?(bericht|melding|notificatie|antwoord|assistent|mededeling)`, `niet op kantoor`, `afwezig bericht`,
			`abwesenheits?(notiz|nachricht|meldung|benachrichtigung|mitteilung|agent|assistent|hinweis|info)`, `nicht im (buro|haus)`, `automatische abwesenheits\w+`),
		may: begins(``, `out of (the )?office`, `(i am |i'm )?(currently )?(away|absent|on (annual |parental |maternity |sick )?(leave|holidays?|vacation))\b`, `absence\b`, `away\b`, `closed\b`, `office closed`,
			`(je suis )?(actuellement )?(absente?|en (conge|vacances))\b`, `absente?\b`, `(conge|vacances)\b`, `(bureau|bureaux|secretariat|cabinet|fermeture)\b`,
			`(ik ben )?(momenteel |tijdelijk )?(afwezig|met (verlof|vakantie)|op vakantie)`, `afwezig`, `verlof\b`, `vakantie`, `gesloten\b`,
			`(ich bin )?(zur ?zeit |derzeit )?(abwesend|im urlaub)`, `abwesen`, `urlaub`, `(re|antw|aw|rep) ?: `,
			`.{1,80} (is out of the office|est (absente?|en conge)|is (afwezig|niet op kantoor)|ist (abwesend|ausser haus|nicht im (buro|haus)))`),
		says:     absenceWords,
		declares: absenceNotice,
	},
	{
		kind: AutoReply, reason: "B7 words of an automatic answer",
		set: begins(programSubject,
			`automatic (reply|response|answer)`, `auto[- ]?(reply|response|responder|answer)`, `automated (reply|response)`, `auto`,
			`(reponse|repondeur) automatique`, `reponse auto`, `message automatique`,
			`automatisch(e)? (antwoord|reactie|beantwoording|e-?mailreactie)`, `autom(\.|atisch) antwoord`, `automatisch bericht`,
			`automatische (antwort|ruckmeldung|ruckantwort|e-?mail-?antwort)`, `autoantwort|auto-antwort`),
		says:     declaredReply,
		declares: declaredReply,
	},
	{
		kind: AutoReply, reason: "B7 words of a challenge",
		may: among(`confirm`, `verif`, `authentif`, `authentic`, `action (required|requise)`, `bevestig`, `bestatig`, `quarantaine`, `quarantine`, `en attente`, `waiting`, `spam`),
		says: among(`(votre|le) (message|mail|e-?mail|courriel) .*(en attente|en quarantaine|retenu|bloque)(?s:.*)(clique|authentifi|confirme|valide)`,
			`(pour que|afin que) (votre|vos) (messages?|mails?|e-?mails?|courriels?) .{0,80}(soi(t|ent)|puisse(nt)?|parvien|arriv)(?s:.*)(clique|authentifi|confirme|valide)`,
			`(your|the) (message|e-?mail|mail) .*(is being held|has been held|was held|is waiting|is on hold|quarantin)(?s:.*)(click|confirm|verif|authentic|reply)`,
			`(confirm|verify|prove) that you are (a )?(human|real person|not a (robot|spammer))`,
			`(uw|je) (bericht|mail|e-?mail) .*(wacht|in quarantaine|tegengehouden|vastgehouden)(?s:.*)(klik|bevestig|verifieer)`,
			`(ihre) (nachricht|e-?mail|mail) .*(zuruckgehalten|quarantane|wartet)(?s:.*)(klick|bestatig|verifizier)`),
		declares: sentence(`(i|we) (use|am using|are using) (a )?(challenge|anti-?spam).*(click|confirm|reply)`,
			`(pour|afin de) (vous )?(prouver|confirmer|verifier) que vous (n'etes pas un (robot|spammeur)|etes (bien )?(un humain|une personne))`),
	},
	{
		kind: AutoNotification, reason: "B7 words of a ticket system",
		may:  among(`(ticket|case|request|incident|demande|dossier|verzoek|aanvraag|anfrage|vorgang|zaak|melding)[ :-]*(n[°o.]+ ?|nr\.? ?|id ?:? ?)?#?[a-z]{0,6}-?\d{3,}`, `#\d{3,}`, `(ticket|case|incident) (created|received|opened|cree|ouvert|aangemaakt|erstellt)`),
		says: ticketWords, declares: ticketWords,
	},
	{
		kind: AutoReply, reason: "B7 words of an acknowledgement",
		may: begins(``, `accuse de reception`, `confirmation de (la )?reception`, `nous avons bien recu`, `votre (message|demande|mail|e-?mail|courriel) a (bien )?ete (recue?|enregistree?)`, `merci (de|pour) (votre|nous)`,
			`ontvangstbevestiging`, `bevestiging (van )?(de )?ontvangst`, `(wij|we) hebben (uw|je) (bericht|vraag|mail|e-?mail|aanvraag|verzoek)`, `bedankt voor (uw|je)`,
			`eingangsbestatigung`, `empfangsbestatigung`, `bestatigung (des eingangs|ihrer (anfrage|nachricht|e-?mail))`, `(wir haben )?ihre (anfrage|nachricht|e-?mail)`, `vielen dank fur ihre`,
			`acknowledge?ment( of receipt)?`, `confirmation of receipt`, `(we have|we've) received your`, `your (message|request|e-?mail|enquiry|inquiry) (has been|was) received`, `thank you for (contacting|your (message|e-?mail|enquiry|inquiry|request))`, `thanks for (contacting|your)`,
			`(re|antw|aw|rep) ?: `),
		says: acknowledgement,
	},
	{
		kind: AutoNotification, reason: "B7 words of a robot",
		declares: sentence(
			`(ceci est un|il s'agit d'un) (message|mail|e-?mail|courriel) (automatique|genere automatiquement|envoye automatiquement)`,
			`(ce|cet|le present) (message|mail|e-?mail|courriel) (a ete|est) (genere|envoye|emis) (automatiquement|de (facon|maniere) automati\w+|par un (automate|robot))`,
			`dit is een (automatisch|automatisch gegenereerde?|automatisch verzonden|geautomatiseerde?) (bericht|mail|e-?mail|boodschap)`,
			`(dit|deze) (bericht|mail|e-?mail) (is|werd) automatisch (gegenereerd|verzonden|verstuurd|aangemaakt)`,
			`(dies|das|hierbei) (ist|handelt es sich um) eine (automatisch|maschinell) (generierte|erstellte|erzeugte|versendete) (nachricht|mail|e-?mail)`,
			`diese (nachricht|mail|e-?mail) (wurde|ist) (automatisch|maschinell) (generiert|erstellt|erzeugt|versendet|verschickt)`,
			`this is an? (automated|automatic|automatically[ -]generated|auto-?generated|system[ -]generated) (message|mail|e-?mail|notification)`,
			`message automatique ?[,.:-] ?(merci de )?ne pas (y )?repondre`, `merci de ne pas repondre (directement )?a (ce|cet) (message|mail|e-?mail|courriel)`,
			`gelieve niet (te antwoorden op|te reageren op) (dit|deze) (bericht|mail|e-?mail)`, `(dit|deze) (bericht|mail|e-?mail) kan niet beantwoord worden`,
			`bitte antworten sie nicht auf diese (nachricht|mail|e-?mail)`, `please do not (reply|respond) to this (message|mail|e-?mail)`,
			`this (message|mail|e-?mail) (was|has been|is) (automatically (generated|sent)|generated automatically|sent automatically|auto-?generated)`),
	},
}

// absenceWords are what absence notices say, beside the subject.
var absenceWords = among(
	`je (suis|serai) (actuellement |presentement |momentanement )?(absente?|en (conge|vacances|deplacement|formation|arret)|hors (du|de mon) bureau|indisponible)`, `de retour (le|au bureau|a partir)`, `(en|pendant|durant) mon absence`,
	`(a|des) (mon|notre) retour`, `(bureaux?|secretariat|cabinet|service|etude|magasin) (est|sont|sera|seront) fermee?s?`, `(n'ai|n'aurai) (pas|qu'un) acces .{0,20}(a mes|aux) (mails|e-?mails|courriels)`, `ne (fait|travaille) plus partie`,
	`ik ben (momenteel |tijdelijk |nu )?(afwezig|met (verlof|vakantie)|op vakantie|niet (op kantoor|aanwezig|bereikbaar)|in verlof|buiten kantoor|terug)`, `ik ben .{0,60}(afwezig|met verlof)`, `(bij|na) (mijn|onze) terugkeer`, `(tijdens|gedurende) mijn (afwezigheid|verlof|vakantie)`,
	`(kantoor|kantoren|secretariaat|dienst|winkel|wij|we) (is|zijn) .{0,60}gesloten`, `terug op kantoor`, `weer aanwezig`,
	`ich bin .{0,60}(abwesend|im urlaub|nicht im (buro|haus)|ausser haus|nicht erreichbar|wieder (im|da|erreichbar))`, `(wahrend|in) meiner abwesenheit`, `nach meiner ruckkehr`, `(buro|kanzlei|praxis|sekretariat|geschaft) (ist|bleibt) .{0,60}geschlossen`, `befinde mich .{0,40}urlaub`,
	`i('m| am| will be) (currently |presently )?(away|out of (the )?office|out of office|on (annual |parental |maternity |sick )?(leave|holidays?|vacation)|absent|unavailable|travell?ing)`, `(in|during) my absence`,
	`(on|upon|after) my return`, `when i (return|get back|am back)`, `(limited|no|intermittent) access to (my )?e-?mails?`, `(office|practice|shop|we) (is|are|will be) closed`, `return to the office`,
	`(votre|vos) (message|mail|e-?mail)s? (ne sera|ne seront|n'est|ne sont) pas (transfere|transmis|redirige|lu)`, `(uw|je) (bericht|mail|e-?mail) wordt niet (doorgestuurd|gelezen)`, `(ihre|die) (nachricht|e-?mails?) (wird|werden) nicht (weitergeleitet|gelesen)`, `your (message|e-?mail) will not be (forwarded|read)`)

// absenceNotice is an absence together with what to do meanwhile, as notices say in that order; a person who happens
// to mention an absence asks for something instead.
var absenceNotice = sentence(
	`je (suis|serai) (actuellement |presentement |momentanement )?(absente?|en (conge|vacances)|hors du bureau)\b.+[.!\n ] ?(en mon absence|durant mon absence|pendant mon absence|en cas d'urgence|pour toute (urgence|question urgente|demande urgente)|votre (message|mail|e-?mail) (sera|ne sera)|je (vous repondrai|prendrai connaissance|traiterai|lirai))`,
	`ik ben (momenteel |tijdelijk )?(afwezig|met (verlof|vakantie)|op vakantie|niet op kantoor|buiten kantoor)\b.+[.!\n ] ?(tijdens mijn (afwezigheid|verlof|vakantie)|(bij|voor) (dringende|hoogdringende|spoed)|in dringende gevallen|uw (bericht|mail|e-?mail) (wordt|zal)|ik (zal|beantwoord) )`,
	`ich bin (derzeit |zur ?zeit |momentan )?(bis .{1,30} |vom .{1,40} )?(abwesend|im urlaub|nicht im (buro|haus)|ausser haus)\b.+[.!\n ] ?(in dringenden fallen|bei dringenden|wahrend meiner abwesenheit|ihre (nachricht|e-?mail|mail) (wird|werde)|ich werde ihre)`,
	`i('m| am| will be) (currently )?(away|out of (the )?office|on (annual |parental |maternity )?(leave|holidays?|vacation))\b.+[.!\n ] ?(in my absence|during my absence|for (any )?urgent|if (it is|it's|your (message|request|e-?mail) is) urgent|in case of (emergency|urgency)|your (message|e-?mail) (will|won't)|i will (reply|respond|answer|get back))`)

// declaredReply is a machine naming its mail an answer.
var declaredReply = sentence(
	`(ceci est|il s'agit d'|cet? (e-?mail|mail|courriel|message) est)( ?une)? (reponse|confirmation) (automatique|generee automatiquement)`, `cette reponse (est|a ete) (generee |envoyee )?automatique`,
	`dit is een (automatisch(e)?|automatisch gegenereerde?|geautomatiseerde?) (antwoord|reactie|bevestiging|beantwoording)`,
	`(dies|das) ist eine (automatische|automatisch generierte|automatisch erstellte) (antwort|ruckmeldung|ruckantwort|bestatigung|eingangsbestatigung|empfangsbestatigung)`,
	`this is an? (automated|automatic|automatically[ -]generated|auto-?generated) (reply|response|acknowledge?ment|confirmation|answer)`, `this is an? auto-?(reply|response|responder)`)

// ticketWords are what ticket systems say of what they have opened.
var ticketWords = among(
	`(votre )?(ticket|incident|demande) .*(a (bien )?ete (cree|enregistre|ouvert|mis a jour|cloture|resolu|ferme)e?)`, `(un|le) (nouveau )?ticket .{0,60}(a ete|est) (cree|ouvert|enregistre)`,
	`(uw |een )?(ticket|melding|aanvraag|verzoek) .*(is|werd) (met succes )?(aangemaakt|geregistreerd|geopend|bijgewerkt|afgesloten|gesloten)`,
	`(ihr(e)? |ein )?(ticket|vorgang|anfrage) .*(wurde|ist) .{0,40}(erstellt|eroffnet|angelegt|registriert|aktualisiert|geschlossen|erfasst)`,
	`(your |a )?(support |new )?(ticket|case|request) .*(has been|was) (created|opened|logged|registered|updated|closed|resolved)`)

// acknowledgement is what an organisation's machine says of a mail that has come in. People say "I have received".
var acknowledgement = among(
	`nous (avons|accusons) bien (recu|reception de) (votre|vos)`, `nous accusons (bonne )?reception de votre`, `votre (message|demande|mail|e-?mail|courriel) (nous est|a) (bien )?(parvenue?|ete (recue?|enregistree?))`,
	`(wij|we) hebben (uw|je) (bericht|vraag|mail|e-?mail|aanvraag|verzoek|melding) (goed |correct )?ontvangen`, `(uw|je) (bericht|vraag|mail|e-?mail|aanvraag|verzoek) (is|werd) (goed |correct )?ontvangen`, `(wij|we) bevestigen (de|u de) (goede )?ontvangst`,
	`wir haben ihre (nachricht|anfrage|e-?mail|mail|mitteilung) .{0,40}erhalten`, `ihre (nachricht|anfrage|e-?mail|mail) ist .{0,30}eingegangen`, `(wir )?bestatigen (ihnen )?(hiermit )?den (eingang|empfang)`,
	`we (have|'ve) (successfully )?received your (message|request|e-?mail|enquiry|inquiry|mail)`, `your (message|request|e-?mail|enquiry|inquiry) (has been|was) (successfully )?(received|registered)`, `we (hereby )?(acknowledge|confirm) (the )?receipt of your`)
