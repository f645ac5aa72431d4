package cases_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

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

// told is what is made of a text, a line a command, and how many lines are told back.
func told(text string) (lines []string, notRead int) {
	commands, unread := cases.ParseCommands(text)
	for _, c := range commands {
		lines = append(lines, c.String())
	}
	return lines, len(unread)
}

func TestWhereCommandsEnd(t *testing.T) {
	tests := []struct {
		why, text string
		want      []string
		notRead   int
	}{
		{"several cases, until the signature", "GDN-2026-0007 clôturer\nGDN-2026-0009 : prolonger : archives\nclose GDN-2026-0011 GDN-2026-0012\n\nAnne\nclose GDN-2026-0001",
			[]string{"close GDN-2026-0007 fulfilled", "extend GDN-2026-0009: archives", "close GDN-2026-0011 fulfilled", "close GDN-2026-0012 fulfilled"}, 0},
		{"a greeting with a name stands before", "Bonjour Anne,\n\nclôturer\n\nBonne journée\nLuc", []string{"close fulfilled"}, 0},
		{"thanks stand before", "Ok, merci.\nclôturer", []string{"close fulfilled"}, 0},
		{"thanks stand behind", "clôturer\nMerci\nclose GDN-2026-0001", []string{"close fulfilled"}, 0},
		{"blank lines between", "close GDN-2026-0007\n\nclose GDN-2026-0008\r\n", []string{"close GDN-2026-0007 fulfilled", "close GDN-2026-0008 fulfilled"}, 0},
		{"a dash line ends all", "close\n--\nextend: x", []string{"close fulfilled"}, 0},
		{"prose first, then nothing", "Il faudrait voir avec Luc.\nclôturer", nil, 2},
		{"prose first, its paragraph alone is told", "Il faudrait voir avec Luc.\n\nclôturer\n\nAnne", nil, 1},
		{"prose behind is a signature", "clôturer\nJ'ai tout envoyé hier.\nprolonger : x", []string{"close fulfilled"}, 0},
		{"a line on a case is told, and ends the commands", "GDN-2026-0007 close\nGDN-2026-0008 clsoee vite\nGDN-2026-0009 close\nAnne", []string{"close GDN-2026-0007 fulfilled"}, 2},
		{"but not below a blank line", "GDN-2026-0007 close\n\nGDN-2026-0008: 3 days left", []string{"close GDN-2026-0007 fulfilled"}, 0},
		{"the small print is no note", "close\n\nNote: this message is confidential", []string{"close fulfilled"}, 0},
		{"nothing", "\n \n\t\n", nil, 0},
	}
	for _, tt := range tests {
		if got, notRead := told(tt.text); !slices.Equal(got, tt.want) || notRead != tt.notRead {
			t.Errorf("%s: %q, %d not read; want %q, %d", tt.why, got, notRead, tt.want, tt.notRead)
		}
	}
}

func TestMoreCommandsThanAMailMayHoldAreTold(t *testing.T) {
	got, notRead := told(strings.Repeat("note: x\n", 60))
	if len(got) != 50 || notRead == 0 {
		t.Errorf("%d commands, %d told", len(got), notRead)
	}
	if got, notRead := told("close" + strings.Repeat(" GDN-2026-0001 GDN-2026-0002 GDN-2026-0003 GDN-2026-0004 GDN-2026-0005 GDN-2026-0006", 1) +
		" GDN-2026-0007 GDN-2026-0008 GDN-2026-0009 GDN-2026-0010 GDN-2026-0011"); len(got) != 0 || notRead != 1 {
		t.Errorf("eleven cases on a line: %q, %d told", got, notRead)
	}
}

func TestWhatIsNotReadIsTold(t *testing.T) {
	_, notRead := cases.ParseCommands("clôturation immédiate du machin\n" + strings.Repeat("é", 300) + "\nx\ny\nz")
	if len(notRead) != 3 || len(notRead[1]) > 80 || !utf8.ValidString(notRead[1]) {
		t.Errorf("not read: %q", notRead)
	}
}

func TestAReasonIsOneLineOfBoundedLength(t *testing.T) {
	got, _ := cases.ParseCommands("extend: a\u202eb\x00c\td\u2028e " + strings.Repeat("é", 400))
	if len(got) != 1 || !strings.HasPrefix(got[0].Reason, "abc d e é") || len(got[0].Reason) > cases.MaxReason || !utf8.ValidString(got[0].Reason) {
		t.Errorf("%q", got)
	}
}

// drawReason draws words as people write them: what a command's own line may hold behind the colon.
func drawReason(t *rapid.T) string {
	reason := rapid.StringMatching(`["(«]?[a-zA-Zéü][a-zA-Z0-9éüß€:;,.()'’"/ –—-]{0,60}[a-zA-Z0-9éü.)]`).Draw(t, "reason")
	return strings.Join(strings.Fields(reason), " ")
}

// drawCommand draws a command as staff may give it.
func drawCommand(t *rapid.T) cases.Command {
	c := cases.Command{Case: rapid.SampledFrom([]string{"", "GDN-2026-0007"}).Draw(t, "case")}
	if rapid.Bool().Draw(t, "with a reason") {
		c.Reason = drawReason(t)
	}
	switch c.Verb = rapid.SampledFrom([]cases.Verb{cases.VerbClose, cases.VerbExtend, cases.VerbPause, cases.VerbResume, cases.VerbIdentity,
		cases.VerbRights, cases.VerbConfirm, cases.VerbDismiss, cases.VerbMerge, cases.VerbNote, cases.VerbDraft}).Draw(t, "verb"); c.Verb {
	case cases.VerbClose:
		c.Outcome = rapid.SampledFrom([]cases.Outcome{cases.Fulfilled, cases.Partly, cases.Refused, cases.Withdrawn, cases.NotARequest,
			cases.Duplicate, cases.NoIdentity}).Draw(t, "outcome")
	case cases.VerbConfirm, cases.VerbDismiss:
		if c.Bare = rapid.Bool().Draw(t, "bare"); c.Bare {
			c.Reason = ""
		}
	case cases.VerbPause, cases.VerbResume:
		c.On = rapid.SampledFrom([]cases.Date{{}, {Year: 2026, Month: 12, Day: 3}, {Year: 2028, Month: 2, Day: 29}}).Draw(t, "on")
	case cases.VerbIdentity:
		c.Identity = rapid.SampledFrom([]cases.Identity{"", cases.IdentityVerified, cases.IdentityMissing, cases.IdentityNotNeeded}).Draw(t, "identity")
		if c.Identity == "" || rapid.Bool().Draw(t, "copy") {
			c.Copy = cases.CopyDeleted
		}
	case cases.VerbRights:
		c.Rights = rapid.SliceOfNDistinct(rapid.SampledFrom(cases.Rights()), 1, -1, rapid.ID).Draw(t, "rights")
		slices.SortFunc(c.Rights, func(a, b cases.Right) int { return slices.Index(cases.Rights(), a) - slices.Index(cases.Rights(), b) })
	case cases.VerbMerge:
		c.Other = "GDN-2026-0003"
	case cases.VerbNote:
		c.Reason = "called, " + drawReason(t)
	case cases.VerbDraft:
		c.Draft = rapid.SampledFrom(cases.DraftKinds()).Draw(t, "draft")
	}
	return c
}

func TestACommandIsReadBackAsItIsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCommand(t)
		got, _ := cases.ParseCommands(c.String())
		if len(got) != 1 || !reflect.DeepEqual(got[0], c) {
			t.Fatalf("%q is read as %+v, was %+v", c.String(), got, c)
		}
	})
}

func FuzzParseCommands(f *testing.F) {
	for _, s := range []string{"close", "GDN-2026-0007 close\nextend: x", "droits : accès, effacement", "\xff: close", "a\u0301 close", "merge: GDN-2026-3",
		"identité : ok, copie effacée", "pause le 3/12/2026 : x", "clôturer : refusé car hors délai", "brouillon : refus : x", "- close -> done", "oui\n\nAnne"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		commands, notRead := cases.ParseCommands(text)
		if len(commands) > 50 || len(notRead) > 3 {
			t.Fatalf("%d commands, %d lines told", len(commands), len(notRead))
		}
		for _, c := range commands {
			if len(c.Reason) > cases.MaxReason || !utf8.ValidString(c.Reason) {
				t.Fatalf("a reason of %d bytes: %q", len(c.Reason), c.Reason)
			}
			if again, _ := cases.ParseCommands(c.String()); len(again) != 1 || !reflect.DeepEqual(again[0], c) {
				t.Fatalf("%q is read as %+v, was %+v", c.String(), again, c)
			}
		}
		for _, line := range notRead {
			if len(line) > 80 || !utf8.ValidString(line) {
				t.Fatalf("told back %q", line)
			}
		}
	})
}
