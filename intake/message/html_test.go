package message_test

import (
	"strings"
	"testing"
)

// TestQuotesInHTML goes through the shapes in which mail programs quote. "Oui, effacez." is the answer, "Votre
// compte" stands in the mail answered.
func TestQuotesInHTML(t *testing.T) {
	const own, old = "Oui, effacez.", "Votre compte"
	for program, page := range map[string]string{
		"Gmail":             `<div dir="ltr">Oui, effacez.</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">Le lun. 2 mars 2026 à 10:11, G &lt;<a href="mailto:g@g.example">g@g.example</a>&gt; a écrit :<br></div><blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px solid rgb(204,204,204)">Votre compte<br></blockquote></div>`,
		"Gmail below":       `<div class="gmail_quote"><div class="gmail_attr">Op ma 2 mrt 2026 schreef G:<br></div><blockquote class="gmail_quote">Votre compte</blockquote><div><br></div><div>Oui, effacez.</div></div>`,
		"Gmail forward":     `<div>Oui, effacez.</div><div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message ---------<br>De : G</div><br><br><div>Votre compte<blockquote class="gmail_quote">plus ancien</blockquote></div>fin</div>`,
		"Gmail phone":       `<div dir="auto">Oui, effacez.</div><br><div class="gmail_extra"><br><div class="gmail_quote">Le 2 mars 2026 10:11, "G" &lt;g@g.example&gt; a écrit :<br type="attribution"><blockquote class="quote" style="margin:0 0 0 .8ex;border-left:1px #ccc solid">Votre compte</blockquote></div></div>`,
		"iPhone":            `<html><body dir="auto">Oui, effacez.<br><br><div dir="ltr">Envoyé de mon iPhone</div><div dir="ltr"><br><blockquote type="cite">Le 2 mars 2026 à 10:11, G &lt;g@g.example&gt; a écrit :<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">Votre compte</div></blockquote></body></html>`,
		"Apple Mail":        `<div>Oui, effacez.</div><div><br><blockquote type="cite"><div>Le 2 mars 2026 à 10:11, G &lt;g@g.example&gt; a écrit :</div><br class="Apple-interchange-newline"><div>Votre compte</div></blockquote></div>`,
		"Thunderbird":       `<p>Oui, effacez.</p><div class="moz-cite-prefix">Le 02/03/2026 à 10:11, G a écrit :<br></div><blockquote type="cite" cite="mid:a@b">Votre compte</blockquote>`,
		"Thunderbird below": `<div class="moz-cite-prefix">Am 02.03.2026 um 10:11 schrieb G:<br></div><blockquote type="cite" cite="mid:a@b"><p>Votre compte</p></blockquote><p>Oui, effacez.</p>`,
		"Thunderbird fwd":   `<p>Oui, effacez.</p><div class="moz-forward-container">-------- Message transféré --------<table class="moz-email-headers-table"><tr><th>Sujet :</th><td>x</td></tr></table>Votre compte</div>`,
		"Outlook 2007":      `<p class="MsoNormal">Oui, effacez.</p><div><div style='border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class="MsoNormal"><b>Od:</b> G<br><b>Vloženo:</b> pondělí</p></div></div><p class="MsoNormal">Votre compte</p>`,
		"Outlook 2016":      `<p class="MsoNormal">Oui, effacez.</p><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>De :</b> G &lt;g@g.example&gt; <br><b>Envoyé :</b> lundi 2 mars 2026 10:11<br><b>À :</b> J<br><b>Objet :</b> x</p></div><p>Votre compte</p>`,
		"Outlook 2003":      `<p>Oui, effacez.</p><div><div class=MsoNormal align=center><hr size=2 width="100%"></div><p class=MsoNormal><b>Van:</b> G [mailto:g@g.example]<br><b>Verzonden:</b> maandag 2 maart 2026 10:11<br><b>Aan:</b> J<br><b>Onderwerp:</b> x</p></div><p>Votre compte</p>`,
		"Outlook Mac":       `<div>Oui, effacez.</div><span id="OLK_SRC_BODY_SECTION"><div>From: G</div><div>Votre compte</div></span>`,
		"Outlook web":       `<div class="elementToProof">Oui, effacez.</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><b>Von:</b> G<br><b>Gesendet:</b> Montag</div><div>Votre compte</div>`,
		"Outlook web again": `<div>Oui, effacez.</div><hr><div id="x_divRplyFwdMsg"><b>De :</b> G</div><div>Votre compte</div>`,
		"Outlook phone":     `<div>Oui, effacez.</div><div id="ms-outlook-mobile-signature">Télécharger <a href="https://aka.ms/x">Outlook pour iOS</a></div><div id="mail-editor-reference-message-container"><div>De : G<br>Votre compte</div></div>`,
		"Hotmail":           `<div class="hmmessage">Oui, effacez.<br><div><hr id="stopSpelling">From: g@g.example<br>To: j@j.example<br>Subject: x<br>Date: Mon, 2 Mar 2026 10:11:12 +0000<br><br>Votre compte</div></div>`,
		"Yahoo":             `<div>Oui, effacez.</div><div id="ydpe81byahoo_quoted_123" class="ydpe81byahoo_quoted"><div><div>Le lundi 2 mars 2026 à 10:11, G &lt;g@g.example&gt; a écrit :</div><div>Votre compte</div></div></div>`,
		"Proton":            `<div>Oui, effacez.</div><div class="protonmail_signature_block"><div class="protonmail_signature_block-proton">Envoyé avec Proton Mail.</div></div><div class="protonmail_quote">Le lundi 2 mars 2026 à 10:11, G a écrit :<br><blockquote class="protonmail_quote" type="cite">Votre compte</blockquote><br></div>`,
		"Proton below":      `<div class="protonmail_quote">Le lundi 2 mars 2026 à 10:11, G a écrit :<br><blockquote class="protonmail_quote" type="cite">Votre compte</blockquote><div>Oui, effacez.</div></div>`,
		"GMX":               `<div>Oui, effacez.</div><div name="quote" style="margin:10px 5px; border-left:2px solid #C3D9E5;"><div><b>Gesendet:</b> Montag</div><div>Votre compte</div></div>`,
		"Orange":            `<p>Oui, effacez.</p><blockquote style="padding-left:5px;margin-left:5px;border-left:2px solid #ff6600;">&gt; Message du 02/03/26 10:11<br>&gt; De : "G"<br><p>Votre compte</p></blockquote>`,
		"OX, Proximus":      `<div>Oui, effacez.</div><blockquote type="cite"><div>Le 02/03/2026 10:11 CET, G &lt;g@g.example&gt; a écrit :</div><div>Votre compte</div></blockquote>`,
		"Zimbra, Telenet":   `<div>Oui, effacez.</div><hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__"><blockquote style="border-left:2px solid #1010FF;margin-left:5px;"><b>Van: </b>"G"<br><b>Onderwerp: </b>x<br></blockquote></div><blockquote>Votre compte</blockquote>`,
		"Roundcube":         `<p>Oui, effacez.</p><p id="reply-intro">Le 2026-03-02 10:11, G a écrit :</p><blockquote type="cite" style="padding: 0 0.4em; border-left: #1010ff 2px solid">Votre compte</blockquote>`,
		"plain blockquote":  `<div>Oui, effacez.<br><br>--- On <b>Mon, 2/3/26, G <i>&lt;g@g.example&gt;</i></b> wrote:<br></div><blockquote><br>Votre compte</blockquote>`,
		"Tuta":              `<div>Oui, effacez.</div><br>2 mars 2026, 10:11 de g@g.example:<br><blockquote class="tutanota_quote" style="border-left: 1px solid #93A3B8">Votre compte</blockquote>`,
		"Spark":             `<div name="messageBodySection">Oui, effacez.</div><div name="messageReplySection">On 2 Mar 2026, G wrote:<br><blockquote type="cite">Votre compte</blockquote></div>`,
	} {
		m := pageMail(page)
		if m.Own != own || !strings.Contains(m.Quoted, old) || m.OnlyQuote {
			t.Errorf("%s: own %q, quoted %q, signature %q", program, m.Own, m.Quoted, m.Signature)
		}
	}
}

// TestAnswersBetweenQuotesInHTML keeps each of them.
func TestAnswersBetweenQuotesInHTML(t *testing.T) {
	m := pageMail(`<div class="gmail_quote"><div class="gmail_attr">On Mon, G wrote:</div><blockquote class="gmail_quote">Q1</blockquote><div>A1</div><blockquote class="gmail_quote">Q2</blockquote><div>A2</div></div>`)
	if squeeze(m.Own) != "A1 A2" || squeeze(m.Quoted) != "On Mon, G wrote: Q1 Q2" {
		t.Errorf("own %q, quoted %q", m.Own, m.Quoted)
	}
}

// TestHTMLKeepsTheWritersWords are layouts that look like quotes or signatures and are not.
func TestHTMLKeepsTheWritersWords(t *testing.T) {
	for _, c := range []struct{ page, own, reason string }{
		{`<p>Bonjour</p><blockquote style="margin:0 0 0 40px;border:none;padding:0">Effacez tout.</blockquote>`, "Bonjour\n\nEffacez tout.", "an indented paragraph"},
		{`<p>Je cite :</p><blockquote>article 17</blockquote><p>Merci</p>`, "Je cite :\n\narticle 17\n\nMerci", "a law quoted"},
		{`<div class="gmail_signature">Bonjour,<br><br>Je veux une copie de mes données.<br><br>Jean</div>`, "Bonjour,\n\nJe veux une copie de mes données.\n\nJean", "typed within the signature"},
		{`<div>Bonjour</div><div id="Signature">Jean Dupont<br><br>Je demande l'effacement.</div>`, "Bonjour\n\nJe demande l'effacement.", "asked below the signature"},
		{`<div class="gmail_signature">Jean Dupont</div>`, "Jean Dupont", "nothing but a signature"},
		{`<div class="gmail_quote"><div class="gmail_attr">On Mon, G wrote:</div><blockquote class="gmail_quote">Q1</blockquote></div>`, "On Mon, G wrote:\n\nQ1", "nothing but a quote"},
		{`avant <span class="gmail_quote">cité</span> après`, "avant\n\naprès", "a quote within a line"},
		{`<p>je souhaite<b> une </b>copie</p><p><b>sup</b>primez</p>`, "je souhaite une copie\n\nsupprimez", "words and spaces across elements"},
		{`<p>a</p><p style="display:none">caché</p><div style="font-size:0">x</div><script>y</script><p>b</p>`, "a\n\nb", "what nobody sees"},
		{`<ul><li>un</li><li></li><li><p>deux</p></li></ul>trois`, "- un\n\n- deux\n\ntrois", "a list"},
		{`<pre>a  b
c</pre>`, "a  b\nc", "text set by hand"},
	} {
		if m := pageMail(c.page); m.Own != c.own {
			t.Errorf("%s: own %q, want %q (quoted %q, signature %q)", c.reason, m.Own, c.own, m.Quoted, m.Signature)
		}
	}
}

// TestDeepHTMLIsReadWithoutItsLayout reads what the parser gives up on.
func TestDeepHTMLIsReadWithoutItsLayout(t *testing.T) {
	m := pageMail("<style>x</style>" + strings.Repeat("<div>", 2000) + "<b>effa</b>cez &eacute;<br>tout")
	if m.Own != "effacez é\ntout" || len(m.Problems) == 0 {
		t.Errorf("own %q, problems %q", m.Own, m.Problems)
	}
}
