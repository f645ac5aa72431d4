//go:build race

package desk_test

func init() { *arrivalsInAYear, *floodSize = 150, 500 } // the race detector makes every step ten times slower
