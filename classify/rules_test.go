package classify_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/classify"
)

func builtin(t testing.TB) *classify.Rules {
	t.Helper()
	r, err := classify.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestTheExamplesBesideTheRulesHold(t *testing.T) {
	for _, err := range builtin(t).Check() {
		t.Error(err)
	}
}

func TestAnOverlayAddsReplacesExtendsAndDisables(t *testing.T) {
	overlay := fstest.MapFS{"own.toml": {Data: []byte(`
language = "fr"
disable = ["fr.consent.stop", "nl.consent.stop", "net.words"]
[more]
newsletter = ["la gazette"]
[[request]]
id = "fr.access.dossier"
right = "access"
weight = 0.9
say = ["ouvrez moi le grand livre"]
`)}}
	r, err := classify.Load(overlay)
	if err != nil {
		t.Fatal(err)
	}
	if r.Version() == builtin(t).Version() {
		t.Error("the version does not tell the two sets apart")
	}
	test := func(text string, want ...cases.Right) {
		t.Helper()
		if v := r.Classify(classify.Input{Text: text}, classify.Options{}); !slices.Equal(v.Rights, want) {
			t.Errorf("%q: want %v, got %v (%s)", text, want, v.Rights, show(v.Evidence))
		}
	}
	test("Ouvrez-moi le grand livre", cases.Access)                           // a rule of its own
	test("Je ne veux plus recevoir la gazette", cases.ConsentWithdrawal)      // a word more in a built-in list
	test("stop")                                                              // a rule switched off
	test("Merci de supprimer toutes mes données personnelles", cases.Erasure) // the rest stays
}

func TestAPhraseMayHoldGapsWithinBrackets(t *testing.T) {
	overlay := fstest.MapFS{"own.toml": {Data: []byte(`
language = "fr"
[[request]]
id = "fr.own"
right = "access"
weight = 0.9
say = ["(ouvrez ..2 livre|sortez ..2 grimoire) de [tout ..1 ce|mon] passage"]
`)}}
	r, err := classify.Load(overlay)
	if err != nil {
		t.Fatal(err)
	}
	for text, hears := range map[string]bool{
		"Ouvrez le grand livre de passage":                  true,
		"Ouvrez moi le grand livre de passage":              false, // three words where two may stand
		"Sortez donc le grimoire de mon passage":            true,
		"Sortez grimoire de tout cela, ce passage":          true,
		"Sortez le vieux petit grimoire de tout ce passage": false,
		"Ouvrez le grand grimoire de tout ce passage":       false,
		"Ouvrez livre de tout ceci et cela ce passage":      false,
	} {
		if v := r.Classify(classify.Input{Text: text}, classify.Options{}); slices.Contains(v.Rights, cases.Access) != hears {
			t.Errorf("%q: got %v (%s)", text, v.Rights, show(v.Evidence))
		}
	}
}

func TestACancelOfAnotherLanguageTakesNothingBack(t *testing.T) {
	overlay := fstest.MapFS{
		"fr.toml": {Data: []byte("language = \"fr\"\n[[request]]\nid = \"fr.own\"\nright = \"access\"\nweight = 0.9\nsay = [\"ouvrez moi le grand livre\"]\n")},
		"en.toml": {Data: []byte("language = \"en\"\n[[cancel]]\nid = \"en.own\"\nwithin = \"sentence\"\nsay = [\"standard format\"]\n")},
	}
	r, err := classify.Load(overlay)
	if err != nil {
		t.Fatal(err)
	}
	french := classify.Input{Text: "Bonjour, ouvrez-moi le grand livre, dans un format standard (standard format) merci de votre aide."}
	if v := r.Classify(french, classify.Options{}); !slices.Equal(v.Rights, []cases.Right{cases.Access}) {
		t.Errorf("got %+v", v)
	}
	english := classify.Input{Text: "Hello, please could you tell me whether the sentence \"ouvrez moi le grand livre\" has a standard format in your books? Thank you very much."}
	if v := r.Classify(english, classify.Options{}); len(v.Rights) > 0 {
		t.Errorf("the message's own language does not count: %v", v.Evidence)
	}
}

func TestWhatIsWrongWithRulesIsSaidWithFileLineAndRule(t *testing.T) {
	test := func(text string, want ...string) {
		t.Helper()
		_, err := classify.Load(fstest.MapFS{"own.toml": {Data: []byte(text)}})
		if err == nil {
			t.Fatalf("no error for\n%s", text)
		}
		for _, w := range want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%q lacks %q", err, w)
			}
		}
		var at *classify.RuleError
		if !errors.As(err, &at) || at.File != "own.toml" {
			t.Errorf("%v names no file", err)
		}
	}
	head := "language = \"fr\"\n"
	test("", "language is missing")
	test("language = \"es\"\n", `language "es"`)
	test(head+"colour = 1\n", "own.toml:2", `unknown key "colour"`)
	test(head+"[[request]]\nid = 3\n", "own.toml:3")
	test(head+"\n[[request]]\nid = \"a\"\nright = \"access\"\nweight = 0.5\nsay = [\"\"]\n", "own.toml:3", `rule "a"`, "holds no word")
	test(head+"[[request]]\nright = \"access\"\nweight = 0.5\nsay = [\"x\"]\n", "own.toml:2", "id is missing")
	test(head+"[[request]]\nid = \"a\"\nright = \"oblivion\"\nweight = 0.5\nsay = [\"x\"]\n", "is not a right")
	test(head+"[[request]]\nid = \"a\"\nright = \"access\"\nweight = 2\nsay = [\"x\"]\n", "weight")
	test(head+"[[request]]\nid = \"a\"\nright = \"access\"\nweight = 0.5\nsay = [\"@nowhere x\"]\n", "@nowhere is not defined")
	test(head+"[[request]]\nid = \"a\"\nright = \"access\"\nweight = 0.5\nsay = [\"a ..99 b\"]\n", "gap")
	test(head+"[[request]]\nid = \"a\"\nright = \"access\"\nweight = 0.5\nsay = [\"(a|b\"]\n", "not closed")
	test(head+"[[request]]\nid = \"a\"\nright = \"access\"\nweight = 0.5\nsay = [\"a (my ..1|x) b\"]\n", "own.toml:2", `rule "a"`, "gap")
	test(head+"[[request]]\nid = \"a\"\nright = \"access\"\nweight = 0.5\nsay = [\"a (x|..1 my) b\"]\n", "own.toml:2", `rule "a"`, "gap")
	test(head+"[[request]]\nid = \"a\"\nright = \"access\"\nweight = 0.5\nsay = [\"~ab\"]\n", "~ needs")
	test(head+"[[cancel]]\nid = \"a\"\nwithin = \"universe\"\nsay = [\"x\"]\n", "own.toml:2", "within")
	test(head+"[[cancel]]\nid = \"a\"\nwithin = \"words\"\nleaves = 1.5\nsay = [\"x\"]\n", "leaves")
	test(head+"[[sign]]\nid = \"a\"\nsign = \"zodiac\"\nsay = [\"x\"]\n", "is none of")
	test(head+"[[request]]\nid = \"a\"\nright = \"access\"\nweight = 0.5\nneeds = \"zodiac\"\nsay = [\"x\"]\n", "no rule gives that sign")
	test(head+"[lists]\nx = [\"@y b\"]\ny = [\"@x a\"]\n", "made of itself")
	test(head+"[more]\nnope = [\"a\"]\n", "does not exist")
	test(head+"[[sign]]\nid = \"a\"\nsign = \"wish\"\nsay = [\"x\"]\n[[sign]]\nid = \"a\"\nsign = \"wish\"\nsay = [\"x\"]\n", "used twice", "own.toml:6")
	// All of it at once.
	test(head+"[[sign]]\nid = \"a\"\nsign = \"zodiac\"\nsay = [\"x\"]\n[[request]]\nid = \"b\"\nright = \"access\"\nweight = 0.5\nsay = [\"(\"]\n", "is none of", "not closed")
}
