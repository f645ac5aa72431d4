package main

import (
	"fmt"
	"slices"
)

// daysTaken is how many days something took.
type daysTaken struct {
	Count  int      `json:"count"`  // how often it was done
	Median *float64 `json:"median"` // null where it never was; half a day lies between two
	P90    *int     `json:"p90"`    // nine in ten took no longer (nearest rank)
	Spread []tally  `json:"spread"`
}

// newDaysTaken sums up numbers of days. Each limit ends a class of the spread, which another one follows for all above.
func newDaysTaken(days []int, limits ...int) daysTaken {
	d := daysTaken{Count: len(days), Spread: classes(limits)}
	if len(days) == 0 {
		return d
	}
	slices.Sort(days)
	half := len(days) / 2
	median := float64(days[half])
	if len(days)%2 == 0 {
		median = float64(days[half-1]+days[half]) / 2
	}
	p90 := days[(len(days)*9+9)/10-1]
	d.Median, d.P90 = &median, &p90
	for _, n := range days {
		class, _ := slices.BinarySearch(limits, n)
		d.Spread[class].Count++
	}
	return d
}

// classes names the classes between limits, such as "0", "1", "2-3" and "over 3".
func classes(limits []int) []tally {
	var list []tally
	from := 0
	for _, to := range limits {
		name := fmt.Sprintf("%d-%d", from, to)
		if from == to {
			name = fmt.Sprint(to)
		}
		list = append(list, tally{Name: name})
		from = to + 1
	}
	return append(list, tally{Name: fmt.Sprintf("over %d", from-1)})
}

// appendDays adds a number of days where there is one.
func appendDays(list []int, days *int) []int {
	if days == nil {
		return list
	}
	return append(list, *days)
}
