package cases_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"guichetdunumerique.be/guichet/cases"
)

func closing(o cases.Outcome, reason string) cases.Command {
	return cases.Command{Verb: cases.VerbClose, Outcome: o, Reason: reason}
}

func TestStaffCommandInTheirOwnWords(t *testing.T) {
	draft := func(k cases.DraftKind) cases.Command { return cases.Command{Verb: cases.VerbDraft, Draft: k} }
	identity := func(i cases.Identity) cases.Command { return cases.Command{Verb: cases.VerbIdentity, Identity: i} }
	verb := func(v cases.Verb, reason string) cases.Command { return cases.Command{Verb: v, Reason: reason} }
	done := closing(cases.Fulfilled, "")
	accessErasure := cases.Command{Verb: cases.VerbRights, Rights: []cases.Right{cases.Access, cases.Erasure}}
	gone := cases.Command{Verb: cases.VerbIdentity, Copy: cases.CopyDeleted}
	merge := cases.Command{Verb: cases.VerbMerge, Other: "GDN-2026-0003"}
	yes, no := cases.Command{Verb: cases.VerbConfirm, Bare: true}, cases.Command{Verb: cases.VerbDismiss, Bare: true}
	tests := []struct {
		line string
		want cases.Command
	}{
		// the words that the letters show
		{"clôturer", done}, {"afsluiten", done}, {"abschließen", done}, {"close", done},
		{"clôturer : retirée", closing(cases.Withdrawn, "")}, {"afsluiten: ingetrokken", closing(cases.Withdrawn, "")},
		{"abschließen: zurückgezogen", closing(cases.Withdrawn, "")}, {"close: withdrawn", closing(cases.Withdrawn, "")},
		{"clôturer : sans identité", closing(cases.NoIdentity, "")}, {"afsluiten: geen identiteit", closing(cases.NoIdentity, "")},
		{"abschließen: keine Identität", closing(cases.NoIdentity, "")}, {"close: no identity", closing(cases.NoIdentity, "")},
		{"c’est une demande", verb(cases.VerbConfirm, "")}, {"is een verzoek", verb(cases.VerbConfirm, "")},
		{"ist ein Antrag", verb(cases.VerbConfirm, "")}, {"is a request", verb(cases.VerbConfirm, "")},
		{"pas une demande", verb(cases.VerbDismiss, "")}, {"geen verzoek", verb(cases.VerbDismiss, "")},
		{"kein Antrag", verb(cases.VerbDismiss, "")}, {"not a request", verb(cases.VerbDismiss, "")},
		{"prolonger : douze ans de dossiers", verb(cases.VerbExtend, "douze ans de dossiers")}, {"verlengen: twaalf jaar", verb(cases.VerbExtend, "twaalf jaar")},
		{"verlängern: zwölf Jahre", verb(cases.VerbExtend, "zwölf Jahre")}, {"extend: twelve years", verb(cases.VerbExtend, "twelve years")},
		{"suspendre : on attend", verb(cases.VerbPause, "on attend")}, {"pauzeren: wachten", verb(cases.VerbPause, "wachten")},
		{"pausieren: warten", verb(cases.VerbPause, "warten")}, {"pause: waiting", verb(cases.VerbPause, "waiting")},
		{"reprendre", verb(cases.VerbResume, "")}, {"hervatten", verb(cases.VerbResume, "")}, {"fortsetzen", verb(cases.VerbResume, "")}, {"resume", verb(cases.VerbResume, "")},
		{"identité ok", identity(cases.IdentityVerified)}, {"identiteit ok", identity(cases.IdentityVerified)},
		{"Identität ok", identity(cases.IdentityVerified)}, {"identity ok", identity(cases.IdentityVerified)},
		{"identité pas nécessaire", identity(cases.IdentityNotNeeded)}, {"identiteit niet nodig", identity(cases.IdentityNotNeeded)},
		{"Identität nicht nötig", identity(cases.IdentityNotNeeded)}, {"identity not needed", identity(cases.IdentityNotNeeded)},
		{"copie supprimée", gone}, {"kopie gewist", gone}, {"Kopie gelöscht", gone}, {"copy deleted", gone},
		{"droits : accès, effacement", accessErasure}, {"rechten: inzage, wissing", accessErasure},
		{"Rechte: Auskunft, Löschung", accessErasure}, {"rights: access, erasure", accessErasure},
		{"brouillon : réponse", draft(cases.DraftAnswer)}, {"ontwerp: antwoord", draft(cases.DraftAnswer)},
		{"Entwurf: Antwort", draft(cases.DraftAnswer)}, {"draft: answer", draft(cases.DraftAnswer)},
		{"brouillon : identité", draft(cases.DraftIdentity)}, {"ontwerp: identiteit", draft(cases.DraftIdentity)},
		{"Entwurf: Identität", draft(cases.DraftIdentity)}, {"draft: identity", draft(cases.DraftIdentity)},
		{"fusionner avec GDN-2026-0003", merge}, {"samenvoegen met GDN-2026-0003", merge},
		{"zusammenführen mit GDN-2026-0003", merge}, {"merge into GDN-2026-0003", merge},
		{"note : a téléphoné", verb(cases.VerbNote, "a téléphoné")}, {"nota: gebeld", verb(cases.VerbNote, "gebeld")},
		{"Notiz: angerufen", verb(cases.VerbNote, "angerufen")}, {"note: called", verb(cases.VerbNote, "called")},
		// as people write them
		{"CLOTURER", done}, {"Clôturé.", done}, {"ok, clôturer svp", done}, {"terminé", done}, {"Traité !", done}, {"cloturrer", done},
		{"Afgehandeld", done}, {"afsluiten aub", done}, {"Erledigt", done}, {"Done", done}, {"close this case please", done},
		{"clôturer refusé : hors délai", closing(cases.Refused, "hors délai")}, {"close partly: invoices stay", closing(cases.Partly, "invoices stay")},
		{"afsluiten, geweigerd", closing(cases.Refused, "")}, {"clôturer en partie", closing(cases.Partly, "")},
		{"prolonger parce que les archives sont à la cave", verb(cases.VerbExtend, "les archives sont à la cave")},
		{"extend because it is a lot", verb(cases.VerbExtend, "it is a lot")}, {"prolonger", verb(cases.VerbExtend, "")},
		{"identité pas ok", identity(cases.IdentityMissing)}, {"identity: ok", identity(cases.IdentityVerified)}, {"preuve d'identité ok", identity(cases.IdentityVerified)},
		{"droit : opposition", cases.Command{Verb: cases.VerbRights, Rights: []cases.Right{cases.Objection}}},
		{"rights are erasure and access", accessErasure}, {"rechten zijn inzage en wissing", accessErasure},
		{"oui", yes}, {"Ja", yes}, {"Yes, thanks!", yes}, {"non", no}, {"Nee", no}, {"nein.", no}, {"No", no}, {"rejeter", no},
		{"ce n'est pas une demande : publicité", verb(cases.VerbDismiss, "publicité")},
		{"GDN-2026-0007 clôturer", cases.Command{Verb: cases.VerbClose, Case: "GDN-2026-0007", Outcome: cases.Fulfilled}},
		{"GDN-2026-0007: close", cases.Command{Verb: cases.VerbClose, Case: "GDN-2026-0007", Outcome: cases.Fulfilled}},
		{"close gdn 2026-7", cases.Command{Verb: cases.VerbClose, Case: "GDN-2026-0007", Outcome: cases.Fulfilled}},
		{"GDN-2026-0007 prolonger : trop", cases.Command{Verb: cases.VerbExtend, Case: "GDN-2026-0007", Reason: "trop"}},
		{"pause on 2026-12-03: waiting", cases.Command{Verb: cases.VerbPause, Reason: "waiting", On: cases.Date{Year: 2026, Month: 12, Day: 3}}},
	}
	for _, tt := range tests {
		got, notRead := cases.ParseCommands("Bonjour,\n\n" + tt.line + "\n\nAnne Dupont\nGuichet du Numérique")
		if len(got) != 1 || !reflect.DeepEqual(got[0], tt.want) {
			t.Errorf("%q: got %+v, not read %q; want %+v", tt.line, got, notRead, tt.want)
		}
	}
}

func TestProseCommandsNothing(t *testing.T) {
	for _, text := range []string{
		"", "merci", "Ok merci !", "Bedankt", "Danke schön", "Thanks, noted.",
		"Je ne veux pas clôturer ce dossier.", "can we close GDN-2026-0007?", "close?", "Peut-on clôturer ?",
		"Ne pas clôturer", "niet afsluiten", "nicht abschließen", "do not close", "don't close this", "pas clôturer",
		"Je suis absent jusqu'au 3 décembre.", "Ik ben afwezig tot maandag.", "Ich bin im Urlaub.", "I am out of the office until Monday.",
		"J'ai appelé Mme Peeters, elle va nous envoyer sa carte demain et on pourra clôturer.",
		"Bonjour Anne,\nIl faudrait voir avec Luc.\nclôturer", // a command below prose is not given
		"> close", "il faut fermer la porte du bureau ce soir", "identité", "droits", "droits : pizza", "brouillon : poème",
		"close the door", "note", "merge", "extend the deadline to march",
	} {
		if got, _ := cases.ParseCommands(text); len(got) > 0 {
			t.Errorf("%q commands %+v", text, got)
		}
	}
}

func TestSeveralCommandsInOneAnswer(t *testing.T) {
	got, _ := cases.ParseCommands("GDN-2026-0007 clôturer\nGDN-2026-0009 : prolonger : archives\nclose GDN-2026-0011 GDN-2026-0012\n\nAnne\nclose GDN-2026-0001")
	var lines []string
	for _, c := range got {
		lines = append(lines, c.String())
	}
	want := []string{"close GDN-2026-0007 fulfilled", "extend GDN-2026-0009: archives", "close GDN-2026-0011 fulfilled", "close GDN-2026-0012 fulfilled"}
	if !slices.Equal(lines, want) {
		t.Errorf("got %q", lines)
	}
}

func TestWhatIsNotReadIsTold(t *testing.T) {
	_, notRead := cases.ParseCommands("clôturation immédiate du machin\n" + strings.Repeat("x", 300))
	if len(notRead) != 2 || len(notRead[1]) > 80 {
		t.Errorf("not read: %q", notRead)
	}
}

func TestACommandIsReadBackAsItIsWritten(t *testing.T) {
	words := rapid.SampledFrom([]string{"", "archives", "asked twice, no answer", "art. 17(3)(b)"})
	rapid.Check(t, func(t *rapid.T) {
		c := cases.Command{Case: "GDN-2026-0007"}
		switch c.Verb = rapid.SampledFrom([]cases.Verb{cases.VerbClose, cases.VerbExtend, cases.VerbPause, cases.VerbResume, cases.VerbIdentity,
			cases.VerbRights, cases.VerbConfirm, cases.VerbDismiss, cases.VerbMerge, cases.VerbNote, cases.VerbDraft}).Draw(t, "verb"); c.Verb {
		case cases.VerbClose:
			c.Outcome, c.Reason = rapid.SampledFrom([]cases.Outcome{cases.Fulfilled, cases.Partly, cases.Refused, cases.Withdrawn, cases.NotARequest,
				cases.Duplicate, cases.NoIdentity}).Draw(t, "outcome"), words.Draw(t, "reason")
		case cases.VerbExtend, cases.VerbDismiss:
			c.Reason = words.Draw(t, "reason")
		case cases.VerbPause:
			c.Reason, c.On = words.Draw(t, "reason"), rapid.SampledFrom([]cases.Date{{}, {Year: 2026, Month: 12, Day: 3}}).Draw(t, "on")
		case cases.VerbIdentity:
			c.Identity = rapid.SampledFrom([]cases.Identity{"", cases.IdentityVerified, cases.IdentityMissing, cases.IdentityNotNeeded}).Draw(t, "identity")
			if c.Identity == "" || rapid.Bool().Draw(t, "copy") {
				c.Copy = cases.CopyDeleted
			}
		case cases.VerbRights:
			for _, r := range cases.Rights() {
				if rapid.Bool().Draw(t, string(r)) {
					c.Rights = append(c.Rights, r)
				}
			}
			if len(c.Rights) == 0 {
				c.Rights = []cases.Right{cases.Access}
			}
		case cases.VerbMerge:
			c.Other = "GDN-2026-0003"
		case cases.VerbNote:
			c.Reason = "called"
		case cases.VerbDraft:
			c.Draft = rapid.SampledFrom(cases.DraftKinds()).Draw(t, "draft")
		}
		got, _ := cases.ParseCommands(c.String())
		if len(got) != 1 || !reflect.DeepEqual(got[0], c) {
			t.Fatalf("%q is read as %+v, was %+v", c.String(), got, c)
		}
	})
}

func FuzzParseCommands(f *testing.F) {
	for _, s := range []string{"close", "GDN-2026-0007 close\nextend: x", "droits : accès, effacement", "\xff: close", "a\u0301 close"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		commands, notRead := cases.ParseCommands(text)
		if len(commands) > 50 || len(notRead) > 3 {
			t.Fatalf("%d commands, %d lines told", len(commands), len(notRead))
		}
		for _, c := range commands {
			if len(c.Reason) > cases.MaxReason {
				t.Fatalf("a reason of %d bytes", len(c.Reason))
			}
		}
	})
}
