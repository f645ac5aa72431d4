package wire

import (
	"math"
	"math/rand/v2"
	"time"
)

// Menu is what a random plan chooses from.
type Menu struct {
	Kinds        []Kind
	Share        float64       // of connections that bear a fault, 0 to 1
	From, Within int64         // the bytes between which a fault begins, mostly early: all magnitudes are as likely
	Wait         time.Duration // the longest Pause
}

// Random is a plan drawn from a menu. It is a pure function of the seed and the connection's number.
func Random(seed uint64, m Menu) Plan {
	return func(n int) Trip {
		random := rand.New(rand.NewPCG(seed, uint64(n)))
		if len(m.Kinds) == 0 || random.Float64() >= m.Share {
			return Trip{}
		}
		f := Fault{
			Kind:  m.Kinds[random.IntN(len(m.Kinds))],
			After: between(m.From, m.Within, random.Float64()),
			Rate:  200 + random.IntN(20000),
			Wait:  time.Duration(random.Int64N(int64(max(m.Wait, 1)))),
		}
		if random.IntN(3) == 0 {
			f.After = between(m.From/4, m.Within/16, random.Float64()) // a client says less than a server
			return Trip{Up: f}
		}
		return Trip{Down: f}
	}
}

// between is a number in a range, at a share of the way on a logarithmic scale.
func between(from, to int64, share float64) int64 {
	low, high := math.Log(float64(max(from, 1))), math.Log(float64(max(to, from, 1)))
	return int64(math.Exp(low + share*(high-low)))
}
