package message_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"guichetdunumerique.be/guichet/intake/message"
)

// corpora are folders of mail beside the repository.
const corpora = "../../../shared"

// label is one line of a corpus's labels.jsonl.
type label struct {
	File        string   `json:"file"`
	Task        string   `json:"task"`
	Auto        *bool    `json:"auto"`
	ExpectAuto  *bool    `json:"expect_auto"`
	Subject     *string  `json:"expect_subject"`
	FromEmail   *string  `json:"expect_from_email"`
	FromName    *string  `json:"expect_from_name"`
	Text        string   `json:"expect_text"`
	Attachments []string `json:"expect_attachments"`
	RefSubject  *string  `json:"ref_subject"`
	RefText     string   `json:"ref_text"`
	RefAttach   []string `json:"ref_attachments"`
}

func readLabels(t *testing.T, folder string) []label {
	t.Helper()
	f, err := os.Open(filepath.Join(corpora, folder, "labels.jsonl"))
	if err != nil {
		t.Skip("the corpus is not beside the repository")
	}
	defer f.Close()
	var labels []label
	for in := json.NewDecoder(bufio.NewReader(f)); in.More(); {
		var l label
		if err := in.Decode(&l); err != nil {
			t.Fatal(err)
		}
		labels = append(labels, l)
	}
	return labels
}

func parseFile(t *testing.T, name string) message.Message {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(corpora, name))
	if err != nil {
		t.Fatal(err)
	}
	return message.Parse(message.Source{Head: raw, Size: int64(len(raw))}, message.Limits{})
}

// plainWords are the words of s in lower case.
func plainWords(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// recall is the share of want's words that got has.
func recall(want, got string) float64 {
	words := plainWords(want)
	if len(words) == 0 {
		return 1
	}
	have := plainWords(got)
	slices.Sort(have)
	hits := 0
	for _, w := range words {
		if _, ok := slices.BinarySearch(have, w); ok {
			hits++
		}
	}
	return float64(hits) / float64(len(words))
}
