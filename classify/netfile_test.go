package classify

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"guichetdunumerique.be/guichet/cases"
)

func TestABrokenNetSaysWhereAndWhy(t *testing.T) {
	for file, want := range map[string]string{
		"fr\teffac\t1\t2\n": "net.tsv:1: a line holds a language, words and 8 weights",
		"fr\teffac\t1\t2\t3\t4\t5\t6\t7\t8\nxx\tword\t1\t2\t3\t4\t5\t6\t7\t8\n": "net.tsv:2: a line holds a language",
		"fr\teffac\t1\t2\t3\t4\t5\t6\t7\t900\n":                                 `net.tsv:1: weight "900"`,
	} {
		if _, err := readNet(file); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", file, err, want)
		}
	}
}

// Every line of the file is found again under the words that it names, and nothing stands for two.
func TestEveryWeightIsFoundByItsWords(t *testing.T) {
	if netHeads != 1+len(cases.Rights()) {
		t.Fatalf("%d weights a line for %d rights", netHeads, len(cases.Rights()))
	}
	n, err := readNet(netFile)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, _ := strings.Cut(netFile, "\n")
	var mails int
	if _, err := fmt.Sscanf(head, "# learnt from %d mails", &mails); err != nil || head+"\n" != headOf(rest, mails) {
		t.Errorf("the file was changed by hand, or by halves: %q, %v", head, err)
	}
	var used []int
	for line := range strings.Lines(rest) {
		c := strings.Split(strings.TrimSpace(line), "\t")
		at := n.slot(netKey(tongue(c[0]), c[1]))
		if n.keys[at] == 0 {
			t.Fatalf("%q is not found", line)
		}
		used = append(used, at)
	}
	slices.Sort(used)
	if got := len(slices.Compact(slices.Clone(used))); got < len(used)-3 {
		t.Errorf("%d lines share %d places", len(used), got)
	}
}
