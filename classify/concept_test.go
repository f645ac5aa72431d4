package classify

import (
	"slices"
	"testing"
	"testing/fstest"

	"guichetdunumerique.be/guichet/cases"
)

// What the net learnt of a list holds for every word in it, in any language: also for one that a desk adds.
func TestAWordSoundsLikeTheListItIsIn(t *testing.T) {
	erasure := 1 + slices.Index(cases.Rights(), cases.Erasure)
	hears := func(overlay fstest.MapFS) float64 {
		rules, err := Load(overlay)
		if err != nil {
			t.Fatal(err)
		}
		text := "Ich war vor Jahren einmal bei euch. Könnt ihr mein Profil wegflurbeln?"
		p := passage{name: partText, text: text, written: text, factor: 1}
		return rules.net().listen(tongue("de"), newScratch(rules.matcher), []passage{p}).likely[erasure]
	}
	unknown := hears(fstest.MapFS{})
	known := hears(fstest.MapFS{"own.toml": {Data: []byte("language = \"de\"\n[more]\nerase = [\"wegflurbeln\"]\n")}})
	if known < unknown+0.1 {
		t.Errorf("erasure is %.3f likely with the word in the list, %.3f without", known, unknown)
	}
	other := hears(fstest.MapFS{"own.toml": {Data: []byte("language = \"fr\"\n[more]\nerase = [\"wegflurbeln\"]\n")}})
	if other != unknown {
		t.Errorf("erasure is %.3f likely with the word in a French list, %.3f without", other, unknown)
	}
}
