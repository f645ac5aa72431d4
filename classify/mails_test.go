package classify_test

import (
	"embed"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/classify"
)

//go:embed testdata/mails*.tsv
var mailFiles embed.FS

// mails are the lines of testdata/mails*.tsv. Each is a mail: the rights that it exercises, its language, its
// words, in which \n stands for a new line.
func mails(t testing.TB) []string {
	names, err := fs.Glob(mailFiles, "testdata/*")
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, name := range names {
		b, err := mailFiles.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, strings.Split(strings.TrimRight(string(b), "\n"), "\n")...)
	}
	return lines
}

func TestMailsAreReadAsAPersonReadsThem(t *testing.T) {
	rules, err := classify.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range mails(t) {
		c := strings.SplitN(strings.TrimRight(line, "\r"), "\t", 3)
		v := rules.Classify(classify.Input{Text: strings.ReplaceAll(c[2], `\n`, "\n")}, classify.Options{})
		var want []cases.Right
		for _, r := range strings.Fields(c[0]) {
			want = append(want, cases.Right(r))
		}
		if !slices.Equal(want, v.Rights) || v.Language != c[1] {
			t.Errorf("%s: want %v, got %s %v (%s %.2f)\n  %s\n  X %s", c[2], want, v.Language, v.Rights, v.Decision, v.Score, show(v.Evidence), show(v.Cancelled))
		}
	}
}
