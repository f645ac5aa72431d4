package classify_test

import (
	"slices"
	"strings"
	"testing"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/classify"
)

func TestEvidencePointsAtTheWordsAsWritten(t *testing.T) {
	in := classify.Input{
		Subject: "Re: Droit d’accès",
		Text:    "Bonjour,\nJe souhaite exer\u00adcer mon droit d’ACCÈS\u00a0; merci d’effacer ensuite mes donne\u0301es.",
	}
	v := builtin(t).Classify(in, classify.Options{})
	if !slices.Equal(v.Rights, []cases.Right{cases.Access, cases.Erasure}) {
		t.Fatalf("rights %v", v.Rights)
	}
	parts := map[string]string{"subject": in.Subject, "text": in.Text}
	for _, e := range v.Evidence {
		if parts[e.Part][e.Start:e.End] != e.Text {
			t.Errorf("%s: %q is not what stands at %d-%d of the %s", e.Rule, e.Text, e.Start, e.End, e.Part)
		}
	}
}

func TestUmlautsMayBeWrittenInThreeWays(t *testing.T) {
	for _, text := range []string{"Bitte löschen Sie meine Daten", "Bitte loeschen Sie meine Daten", "BITTE LOSCHEN SIE MEINE DATEN"} {
		if v := builtin(t).Classify(classify.Input{Text: text}, classify.Options{}); !slices.Contains(v.Rights, cases.Erasure) {
			t.Errorf("%s: %v", text, v.Rights)
		}
	}
}

func TestTheFullStopOfADateEndsNoSentence(t *testing.T) {
	v := builtin(t).Classify(classify.Input{Text: "Tilgen Sie ab dem 1. Mai meine Daten."}, classify.Options{})
	if !slices.ContainsFunc(v.Evidence, func(e classify.Evidence) bool { return strings.HasPrefix(e.Text, "Tilgen") }) {
		t.Errorf("no evidence goes over the date: %s", show(v.Evidence))
	}
}

func TestWhatIsOnlyQuotedOpensNoCase(t *testing.T) {
	for text, want := range map[string]classify.Decision{
		"Votre collègue m'a proposé de « supprimer mon dossier si cela ne me convenait pas », sur un ton étrange.": classify.ToTriage,
		"Votre collègue m'a proposé de supprimer mon dossier, et je vous demande de le supprimer.":                 classify.OpenCase,
		"In the talk we heard that \"delete all the data you have about me\" is what customers write most.":        classify.ToTriage,
		"I want you to delete all the data you have about me.":                                                     classify.OpenCase,
		"“Delete all the data that you have about me.”":                                                            classify.OpenCase, // all of it is quoted
		"Je vous demande d'exercer mon « droit à l'effacement » de toutes mes données.":                            classify.OpenCase, // what a thing is called
	} {
		if v := builtin(t).Classify(classify.Input{Text: text}, classify.Options{}); v.Decision != want {
			t.Errorf("%q: %s, want %s (%s)", text, v.Decision, want, show(v.Evidence))
		}
	}
}

func TestTheLanguageIsThatOfTheWords(t *testing.T) {
	test := func(in classify.Input, want string, other bool) {
		t.Helper()
		v := builtin(t).Classify(in, classify.Options{Default: "nl"})
		if v.Language != want || v.Other != other {
			t.Errorf("%q: got %s other=%v, want %s other=%v", in.Text, v.Language, v.Other, want, other)
		}
	}
	test(classify.Input{Text: "Bonjour, j'ai une question sur vos cours."}, "fr", false)
	test(classify.Input{Text: "Gelieve mij te bellen, dank u"}, "nl", false)
	test(classify.Input{Text: "Könnten Sie mich bitte zurückrufen?"}, "de", false)
	test(classify.Input{Text: "Could you call me back please?"}, "en", false)
	test(classify.Input{Text: "Buenos días, quisiera que borren todos mis datos de su base, por favor"}, "nl", true)
	test(classify.Input{Text: "Σας παρακαλώ να διαγράψετε τα δεδομένα μου"}, "nl", true)
	test(classify.Input{Subject: "Recht van inzage"}, "nl", false)
	test(classify.Input{Text: "ok", Language: "de"}, "de", false) // too few words: the thread's language
	test(classify.Input{}, "nl", false)                           // nothing at all: the desk's first
}

func TestCitationsAreReadAsListsAndRanges(t *testing.T) {
	test := func(text string, want ...cases.Right) {
		t.Helper()
		if v := builtin(t).Classify(classify.Input{Text: text}, classify.Options{}); !slices.Equal(v.Rights, want) {
			t.Errorf("%q: want %v, got %v (%s)", text, want, v.Rights, show(v.Evidence))
		}
	}
	test("Solicito lo que establece el artículo 15 del RGPD.", cases.Access)
	test("Žádám podle čl. 17 GDPR.", cases.Erasure)
	test("Zahtijevam prema članku 20. stavka 1. GDPR-a.", cases.Portability)
	test("Je vous demande ce que prévoient les articles 15 et 17 du RGPD.", cases.Access, cases.Erasure)
	test("I ask this under Article 15(3) and Article 16 GDPR.", cases.Access, cases.Rectification)
	test("Wij verzoeken dit op grond van artikel 28 AVG.")                               // no right of a person
	test("Solicito la limitación del artículo 18(1)(d) del RGPD y el 21.")               // subsidiary to an objection
	test("Je m'appuie sur l'article 15 du règlement de travail pour demander un congé.") // another law
	// The law was named in a sentence before.
	test("Je vous écris dans le cadre du RGPD. J'invoque l'article 15, puis l'article 17 du même règlement.", cases.Access, cases.Erasure)
	test("Ik verwijs naar de AVG. In toepassing van artikel 20 verzoek ik u het nodige te doen.", cases.Portability)
	test("Nous avons relu le RGPD ensemble. Pour le reste, je vous demande de respecter l'article 17 du contrat et l'article 15 de nos statuts.")
}

func TestTheIdentitySignComesFromNamesAndWords(t *testing.T) {
	jpeg := func(name string, inline bool) classify.Attachment {
		return classify.Attachment{Name: name, Type: "image/jpeg", Size: 90_000, Inline: inline}
	}
	test := func(want classify.IdentitySign, text string, files ...classify.Attachment) {
		t.Helper()
		if v := builtin(t).Classify(classify.Input{Text: text, Attachments: files}, classify.Options{}); v.Identity != want {
			t.Errorf("%q %v: got %s, want %s", text, files, v.Identity, want)
		}
	}
	test(classify.IdentityCandidate, "", jpeg("CI recto.jpg", false))
	test(classify.IdentityCandidate, "", jpeg("carte_identite_Vanhove.pdf", false))
	test(classify.IdentityCandidate, "Ci-joint copie de ma carte d'identité", jpeg("scan0001.pdf", false))
	test(classify.IdentityCandidate, "Kopie van mijn paspoort in bijlage", jpeg("", true))
	test(classify.IdentityAnnounced, "Vous trouverez ma carte d'identité en annexe")
	test(classify.IdentityNone, "Voici les photos de la fête", jpeg("IMG_2041.HEIC", false))
	test(classify.IdentityNone, "", jpeg("identité visuelle.pdf", false))
	test(classify.IdentityNone, "", jpeg("ci-joint.pdf", false), jpeg("merci.pdf", false), jpeg("video_id.png", false))
	test(classify.IdentityNone, "", jpeg("carte de visite.jpg", false), jpeg("CV_Lauwers.pdf", false))
}

func TestWhoWillNotSendAProofIsNotAskedAgain(t *testing.T) {
	v := builtin(t).Classify(classify.Input{Text: "Supprimez mes données. Je refuse de vous envoyer ma carte d'identité."}, classify.Options{})
	if !v.Declined || v.Identity != classify.IdentityNone {
		t.Errorf("declined %v, identity %s", v.Declined, v.Identity)
	}
}

func TestFlagsTellStaffWhatElseIsThere(t *testing.T) {
	text := "En tant que maman, je demande l'effacement des données de mon fils de 12 ans, sinon je porte plainte à l'Autorité de protection des données."
	v := builtin(t).Classify(classify.Input{Text: text}, classify.Options{})
	for _, f := range []cases.Flag{cases.Complaint, cases.Representative} {
		if !slices.Contains(v.Flags, f) {
			t.Errorf("%v lacks %s", v.Flags, f)
		}
	}
}

func TestTheSubjectOfAThreadIsWeak(t *testing.T) {
	r := builtin(t)
	if v := r.Classify(classify.Input{Subject: "Demande d'accès à mes données"}, classify.Options{}); v.Decision != classify.OpenCase {
		t.Errorf("a fresh subject: %s", v.Decision)
	}
	v := r.Classify(classify.Input{Subject: "Re: TR : Demande d'accès à mes données", Text: "Merci beaucoup, bonne journée !"}, classify.Options{})
	if v.Request {
		t.Errorf("the subject of a thread: %s by %s", v.Decision, show(v.Evidence))
	}
}

func TestTheSameWordsGiveTheSameVerdict(t *testing.T) {
	r := builtin(t)
	in := classify.Input{Text: strings.Repeat("Supprimez mes données. Quelles données avez-vous sur moi ? ", 40)}
	first := r.Classify(in, classify.Options{})
	for range 5 {
		if again := r.Classify(in, classify.Options{}); again.Score != first.Score || show(again.Evidence) != show(first.Evidence) {
			t.Fatal("another verdict for the same words")
		}
	}
}

func TestWhoTakesARequestBackIsHeard(t *testing.T) {
	rules := builtin(t)
	for _, text := range []string{
		"Finalement, je retire ma demande, tout est en ordre.",
		"Ik trek mijn verzoek in, bedankt.",
		"Ich ziehe meinen Antrag zurück.",
		"I withdraw my request, thank you.",
	} {
		if v := rules.Classify(classify.Input{Text: text}, classify.Options{}); !v.TakenBack {
			t.Errorf("%q is not heard", text)
		}
	}
	if v := rules.Classify(classify.Input{Text: "Merci de supprimer mes données."}, classify.Options{}); v.TakenBack {
		t.Error("a request is taken for its withdrawal")
	}
}
