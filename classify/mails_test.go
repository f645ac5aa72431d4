package classify_test

import (
	_ "embed"
	"slices"
	"strings"
	"testing"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/classify"
)

//go:embed testdata/mails.tsv
var mails string

// Each line of testdata/mails.tsv is a mail: the rights that it exercises, its language, its words.
func TestMailsAreReadAsAPersonReadsThem(t *testing.T) {
	rules, err := classify.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimRight(mails, "\n"), "\n") {
		c := strings.SplitN(strings.TrimRight(line, "\r"), "\t", 3)
		v := rules.Classify(classify.Input{Text: c[2]}, classify.Options{})
		var want []cases.Right
		for _, r := range strings.Fields(c[0]) {
			want = append(want, cases.Right(r))
		}
		if !slices.Equal(want, v.Rights) || v.Language != c[1] {
			t.Errorf("%s: want %v, got %s %v (%s %.2f)\n  %s\n  X %s", c[2], want, v.Language, v.Rights, v.Decision, v.Score, show(v.Evidence), show(v.Cancelled))
		}
	}
}
