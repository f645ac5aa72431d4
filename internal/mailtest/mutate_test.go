package mailtest_test

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"guichetdunumerique.be/guichet/internal/mailtest"
)

func TestAMutationIsTheSameForTheSameSeedAndLeavesTheMailAlone(t *testing.T) {
	raw := bytes.Repeat([]byte("Subject: a line of a mail\r\n"), 40)
	kept := bytes.Clone(raw)
	changed := 0
	for seed := range uint64(200) {
		a := mailtest.Mutate(rand.New(rand.NewPCG(seed, 0)), raw)
		b := mailtest.Mutate(rand.New(rand.NewPCG(seed, 0)), raw)
		if !bytes.Equal(a, b) {
			t.Fatalf("seed %d damages differently each time", seed)
		}
		if !bytes.Equal(a, raw) {
			changed++
		}
		if !bytes.Equal(raw, kept) {
			t.Fatalf("seed %d damaged the mail itself", seed)
		}
	}
	if changed < 190 {
		t.Errorf("%d of 200 mutations changed anything", changed)
	}
}
