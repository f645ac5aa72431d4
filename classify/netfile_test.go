package classify

import (
	"bytes"
	"compress/gzip"
	"io"
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
		if _, err := readNet(strings.NewReader(file)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", file, err, want)
		}
	}
}

// Every line of the file is found again under the words that it names, and nothing stands for two.
func TestEveryWeightIsFoundByItsWords(t *testing.T) {
	if netHeads != 1+len(cases.Rights()) {
		t.Fatalf("%d weights a line for %d rights", netHeads, len(cases.Rights()))
	}
	r, err := gzip.NewReader(bytes.NewReader(netFile))
	if err != nil {
		t.Fatal(err)
	}
	file, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	n, shared := learnt(), 0
	for line := range strings.Lines(string(file)) {
		l, err := parseNetLine(strings.TrimSuffix(line, "\n"))
		if err != nil {
			t.Fatal(err)
		}
		var got, want sums
		n.add(&got, l.key)
		for head, w := range l.weights {
			want[head] = int32(w)
		}
		if got != want {
			shared++
		}
	}
	if shared > 3 {
		t.Errorf("%d lines are found under the key of another", shared)
	}
}
