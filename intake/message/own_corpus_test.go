package message_test

import (
	"bufio"
	"encoding/json"
	"hash/fnv"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// ownLabel is what a corpus says of the writer's own words.
type ownLabel struct {
	File     string   `json:"file"`
	Task     string   `json:"task"`
	Own      *string  `json:"expect_own_text"`
	Contains []string `json:"expect_own_contains"`
	Absent   []string `json:"expect_own_absent"`
}

// Floors of the shares measured below, of the whole set. Raise them when the code gets better.
const (
	ownReplies = 0.97
	ownLetters = 1
)

// ownElsewhere are labels that want what other labels of the same set forbid, and the reason why we side with
// those. They are counted apart.
var ownElsewhere = map[string]string{
	"replies/talon/iphone.eml":                              "keeps the line of the telephone, which all other labels leave out",
	"replies/talon/sparrow.eml":                             "keeps a signature below its delimiter",
	"replies/alaveteli-folding/email-folding-example-5.eml": "keeps the delimiter and one of two notices below it",
}

func TestOwnWordsAreToldFromQuotes(t *testing.T) {
	f, err := os.Open(filepath.Join(corpora, "corpus", "labels.jsonl"))
	if err != nil {
		t.Skip("the corpus is not beside the repository")
	}
	defer f.Close()
	hits, all := map[string]int{}, map[string]int{}
	for in := json.NewDecoder(bufio.NewReader(f)); in.More(); {
		var l ownLabel
		if err := in.Decode(&l); err != nil {
			t.Fatal(err)
		}
		if l.Own == nil && l.Contains == nil && l.Absent == nil {
			continue
		}
		own := squeeze(parseFile(t, "corpus/"+l.File).Own)
		if reason := ownElsewhere[l.File]; reason != "" {
			t.Logf("%s left aside: it %s; own words are %.60q", l.File, reason, own)
			if l.right(own) {
				t.Errorf("%s is no exception any more", l.File)
			}
			continue
		}
		all[l.Task]++
		if l.right(own) {
			hits[l.Task]++
			continue
		}
		t.Logf("%s (half %d): own words are %.300q", l.File, half(l.File), own)
		if l.Own != nil && half(l.File) == 0 {
			t.Logf("   want %.300q", *l.Own)
		}
	}
	for task, floor := range map[string]float64{"replies": ownReplies, "letters": ownLetters} {
		share := float64(hits[task]) / float64(all[task])
		t.Logf("%s: %d of %d (%.1f %%)", task, hits[task], all[task], 100*share)
		if share < floor {
			t.Errorf("%s: %.3f, the floor is %.3f", task, share, floor)
		}
	}
}

// right reports whether own is what the label wants.
func (l ownLabel) right(own string) bool {
	if l.Own != nil && own != squeeze(*l.Own) {
		return false
	}
	for _, s := range l.Contains {
		if !strings.Contains(own, squeeze(s)) {
			return false
		}
	}
	for _, s := range l.Absent {
		if strings.Contains(own, squeeze(s)) {
			return false
		}
	}
	return true
}

// squeeze makes all white space a single space.
func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

// half is 0 for the half of a set on which the rules were developed, 1 for the half that confirms them.
func half(file string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(file))
	return h.Sum32() % 2
}
