package classify

import (
	"regexp"
	"slices"
	"strings"
)

// A form lists every right, and its boxes tell which of them are asked: what stands beside an empty box, where another
// one is ticked, is not said.

// box is an empty one or a ticked one, the group; a box in brackets holds at most one letter or mark.
var box = regexp.MustCompile(`\[[ _]?\]|\( ?\)|[☐□▢◻⬜❏❑]|(\[ ?[xX✓✔✗✘*] ?\]|\( ?[xX✓✔] ?\)|[☑☒✅✔■▣])`)

// empties are the boxes without which nothing is left out.
var empties = []string{"[ ]", "[]", "[_]", "( )", "()", "☐", "□", "▢", "◻", "⬜", "❏", "❑"}

const (
	maxForm  = 64 << 10 // bytes of a text that are looked at: a form is short
	maxBoxes = 500      // boxes of it
)

// ticked blanks what stands beside empty boxes, where there are ticked ones too. Every byte keeps its place.
func ticked(text string) string {
	form := text[:min(len(text), maxForm)]
	if !slices.ContainsFunc(empties, func(empty string) bool { return strings.Contains(form, empty) }) {
		return text
	}
	boxes := box.FindAllStringSubmatchIndex(form, maxBoxes)
	empty, full := 0, 0
	for _, b := range boxes {
		if b[2] < 0 {
			empty++
		} else {
			full++
		}
	}
	if empty == 0 || full == 0 {
		return text
	}
	out := []byte(text)
	for i, b := range boxes {
		if b[2] >= 0 {
			continue
		}
		from, to := besides(text, boxes, i)
		for j := from; j < to; j++ {
			out[j] = ' '
		}
	}
	return string(out)
}

// besides is where the words of a box stand: behind it, up to the next box or the end of the line; before it in a line
// that begins with words and ends with a box.
func besides(text string, boxes [][]int, i int) (from, to int) {
	line := strings.LastIndexByte(text[:boxes[i][0]], '\n') + 1
	end := len(text)
	if n := strings.IndexByte(text[boxes[i][1]:], '\n'); n >= 0 {
		end = boxes[i][1] + n
	}
	first, last := i, i
	for first > 0 && boxes[first-1][0] >= line {
		first--
	}
	for last+1 < len(boxes) && boxes[last+1][0] < end {
		last++
	}
	leads := strings.Trim(text[line:boxes[first][0]], " \t\r-*•>|") != ""
	closes := strings.Trim(text[boxes[last][1]:end], " \t\r|") == ""
	if leads && closes {
		if i > first {
			line = boxes[i-1][1]
		}
		return line, boxes[i][1]
	}
	if i < last {
		end = boxes[i+1][0]
	}
	return boxes[i][0], end
}
