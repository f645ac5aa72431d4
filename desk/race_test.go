//go:build race

package desk_test

func init() { arrivalsInAYear = 150 } // the race detector makes every step ten times slower
