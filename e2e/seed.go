//go:build e2e

package e2e

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"
)

// dice are the random choices of one test: printed, and the same again under GUICHET_E2E_SEED.
func dice(t *testing.T) *rand.Rand {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	if text := os.Getenv("GUICHET_E2E_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatalf("GUICHET_E2E_SEED: %v", err)
		}
	}
	t.Logf("GUICHET_E2E_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

// shuffle puts letters into a random order.
func shuffle(t *testing.T, letters []letter) {
	t.Helper()
	dice(t).Shuffle(len(letters), func(i, j int) { letters[i], letters[j] = letters[j], letters[i] })
}
