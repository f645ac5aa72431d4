package templates

import (
	"regexp"
	"testing"
)

// TestEveryBranchOfADraftIsRunOnLoading puts a misspelt field behind each condition in turn: loading must
// find it there, or an operator's mistake would wait for the case that needs the branch.
func TestEveryBranchOfADraftIsRunOnLoading(t *testing.T) {
	branch := regexp.MustCompile(`\{\{-? ?(if|else|range)[^}]*\}\}`)
	for _, name := range draftNames() {
		path := "fr/" + name + ".txt"
		src, err := builtin.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		words, err := parseWords(overlay{}, "fr")
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range branch.FindAllIndex(src, -1) {
			broken := string(src[:at[1]]) + "{{.Refernce.Number}}" + string(src[at[1]:])
			l, err := words.letter(overlay{path: broken}, "fr", name)
			if err != nil {
				t.Fatal(err)
			}
			found := false
			for _, data := range samples(name) {
				_, err := l.render(data)
				found = found || err != nil
			}
			if !found {
				t.Errorf("%s: no sample runs %s", path, src[at[0]:at[1]])
			}
		}
	}
}
