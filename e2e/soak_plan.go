//go:build e2e

package e2e

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"guichetdunumerique.be/guichet/internal/mailtest"
	"guichetdunumerique.be/guichet/internal/wire"
)

// soakSize is how long a soak lasts and how many messages it delivers.
type soakSize struct {
	last     time.Duration
	messages int
	batch    int // messages delivered together, before something happens
}

// sizeOfSoak is a short one, or one as long as GUICHET_E2E_SOAK says ("15m"), at the pace of 20,000 messages in
// 15 minutes.
func sizeOfSoak(t *testing.T) soakSize {
	t.Helper()
	text := os.Getenv("GUICHET_E2E_SOAK")
	if text == "" {
		return soakSize{40 * time.Second, 600, 12}
	}
	last, err := time.ParseDuration(text)
	if err != nil {
		t.Fatalf("GUICHET_E2E_SOAK: %v", err)
	}
	return soakSize{last, int(last.Minutes() * 20000 / 15), 25}
}

// seedOfSoak is GUICHET_E2E_SEED, or always another.
func seedOfSoak(t *testing.T) uint64 {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	if text := os.Getenv("GUICHET_E2E_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatalf("GUICHET_E2E_SEED: %v", err)
		}
	}
	t.Logf("to repeat: GUICHET_E2E_SEED=%d GUICHET_E2E_SOAK=%s go test -tags e2e -run Soak ./e2e", seed, os.Getenv("GUICHET_E2E_SOAK"))
	return seed
}

// trouble is what happens after a batch of mail.
type trouble string

const (
	nothing     trouble = "nothing"
	well        trouble = "all is well again"
	badNetwork  trouble = "connections to the mailbox fail"
	severed     trouble = "the mailbox hangs up"
	swallowed   trouble = "connections to the mailbox go dead"
	badPost     trouble = "connections to SMTP fail"
	unwilling   trouble = "SMTP refuses"
	killed      trouble = "the daemon is killed"
	marked      trouble = "a colleague flags and moves mail"
	renumbered  trouble = "the folder is renumbered"
	interrupted trouble = "the mail server restarts"
)

// step is one batch of mail and what happens after it. All that is random in it comes from its seed.
type step struct {
	trouble trouble
	seed    uint64
}

// planSoak decides all that will happen: a pure function of the seed and the number of steps. The last quarter is
// without kills, so that memory can be watched, and its end without trouble, so that all can be made up for.
func planSoak(seed uint64, steps int) []step {
	random := rand.New(rand.NewPCG(seed, 1))
	draw := []trouble{nothing, nothing, nothing, nothing, nothing, nothing, well, well, well, badNetwork, badNetwork, severed, swallowed,
		badPost, badPost, unwilling, killed, marked, marked}
	plan := make([]step, steps)
	for i := range plan {
		plan[i] = step{draw[random.IntN(len(draw))], random.Uint64()}
		switch {
		case i == steps/10 || i == steps/3:
			plan[i].trouble = renumbered
		case i == steps/5:
			plan[i].trouble = interrupted
		case i == steps*9/10:
			plan[i].trouble = well
		case i > steps*9/10, i >= steps*3/4 && plan[i].trouble == killed:
			plan[i].trouble = nothing
		}
	}
	return plan
}

// lossy are the faults that a connection of the soak may bear; those that need a minute to be noticed are rarer.
func lossy(random *rand.Rand) wire.Plan {
	return wire.Random(random.Uint64(), wire.Menu{
		Kinds: []wire.Kind{wire.Refuse, wire.Cut, wire.Cut, wire.Reset, wire.Reset, wire.Pause, wire.Slow, wire.Split, wire.Flip, wire.Hole},
		Share: 0.7, Within: 200 << 10, Wait: 5 * time.Second,
	})
}

// badWay are the faults on the way to SMTP.
func badWay(random *rand.Rand) wire.Plan {
	return wire.Random(random.Uint64(), wire.Menu{
		Kinds: []wire.Kind{wire.Refuse, wire.Cut, wire.Reset, wire.Split}, Share: 0.6, From: 500, Within: 20 << 10,
	})
}

// soakLetters are n messages drawn from the seed: our own requests, ordinary mail and machines, each unlike any
// other; and mail of the folders beside the repository, as it is or damaged.
func soakLetters(seed uint64, n int, others []letter) []letter {
	letters := make([]letter, n)
	for i := range letters {
		random := rand.New(rand.NewPCG(seed, uint64(i)+2))
		switch kind := random.IntN(10); {
		case kind < 4 || len(others) == 0:
			letters[i] = request(i)
		case kind < 5:
			letters[i] = ordinary(i)
		case kind < 6:
			letters[i] = machine(i)
		default:
			l := others[random.IntN(len(others))]
			if random.IntN(2) == 0 {
				l.raw = mailtest.Mutate(random, l.raw)
			}
			l.name, l.machine = fmt.Sprintf("%d, %s", i, l.name), false // what damage makes of it is not known
			letters[i] = l
		}
	}
	return letters
}
