package intake

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParenthesesAreCountedOutsideLiteralsAlone(t *testing.T) {
	deep := strings.Repeat("(", maxNesting+1)
	for name, test := range map[string]struct {
		stream string
		nested bool
	}{
		"shallow":                     {"* 1 FETCH (UID 1 FLAGS ())\r\n", false},
		"deep":                        {"* 1 FETCH " + deep, true},
		"deep after a literal":        {"* 1 FETCH (BODY[] {3}\r\nabc" + deep, true},
		"deep within a literal":       {fmt.Sprintf("* 1 FETCH (BODY[] {%d}\r\n%s)\r\n", len(deep), deep), false},
		"deep within a binary one":    {fmt.Sprintf("* 1 FETCH (BINARY[] ~{%d}\r\n%s)\r\n", len(deep), deep), false},
		"no literal without line end": {fmt.Sprintf("* OK {%d} %s", len(deep), deep), true},
		"many lines":                  {strings.Repeat("* OK (\r\n", 2*maxNesting), false},
		"a literal of nothing":        {"* 1 FETCH (BODY[] {0}\r\n" + deep, true},
	} {
		var s shape
		if err := s.admit([]byte(test.stream)); errors.Is(err, errNested) != test.nested {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestTheShapeOfAStreamDoesNotDependOnItsPackets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		stream := rapid.StringOfN(rapid.RuneFrom([]rune("({})0123\r\n*x\"")), 0, 300, -1).Draw(t, "stream")
		cut := rapid.IntRange(0, len(stream)).Draw(t, "cut")
		var whole, pieces shape
		if err := whole.admit([]byte(stream)); err != nil {
			t.Skip(err)
		}
		if err := errors.Join(pieces.admit([]byte(stream[:cut])), pieces.admit([]byte(stream[cut:]))); err != nil {
			t.Fatal(err)
		}
		if whole != pieces {
			t.Fatalf("%+v at once, %+v in pieces", whole, pieces)
		}
	})
}
