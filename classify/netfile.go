package classify

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// netFile holds a line for all that weighs anything: a language, words, and their weights in sixteenths, for a request at
// all and then for each right in the order of their articles. "a b" are neighbours; what begins with a star weighs wherever
// in the mail it stands. The lines of any language name concepts.
//
//go:embed net.tsv.gz
var netFile []byte

// learnt is the net that comes with the program. It is read when the first mail asks for it.
func learnt() *net {
	r, err := gzip.NewReader(bytes.NewReader(netFile))
	if err != nil {
		panic(err) // it is part of the program, and a test reads it
	}
	n, err := readNet(r)
	if err != nil {
		panic(err)
	}
	return n
}

// netLine is a line of the file.
type netLine struct {
	key     uint32
	weights [netHeads]int8
}

func readNet(from io.Reader) (*net, error) {
	var lines []netLine
	scanner := bufio.NewScanner(from)
	for number := 1; scanner.Scan(); number++ {
		l, err := parseNetLine(scanner.Text())
		if err != nil {
			return nil, fmt.Errorf("net.tsv:%d: %w", number, err)
		}
		lines = append(lines, l)
	}
	if err := scanner.Err(); err != nil {
		return nil, fmt.Errorf("net.tsv: %w", err)
	}
	return layNet(lines), nil
}

// layNet sorts the lines by their keys. A last one stands behind them, for searches to end at.
func layNet(lines []netLine) *net {
	slices.SortFunc(lines, func(a, b netLine) int { return cmp.Compare(a.key, b.key) })
	n := &net{keys: make([]uint32, 0, len(lines)+1), weights: make([][netHeads]int8, 0, len(lines)+1)}
	for _, l := range append(lines, netLine{key: 1<<32 - 1}) {
		n.keys, n.weights = append(n.keys, l.key), append(n.weights, l.weights)
	}
	at := 0
	for bucket := range n.buckets {
		for at < len(lines) && n.keys[at]>>(32-netBits) < uint32(bucket) {
			at++
		}
		n.buckets[bucket] = int32(at)
	}
	return n
}

func parseNetLine(line string) (l netLine, err error) {
	language, rest, _ := strings.Cut(line, "\t")
	words, rest, _ := strings.Cut(rest, "\t")
	at := tongue(language)
	if language == shared {
		at = netAny
	}
	if at < 0 || words == "" || strings.Count(rest, "\t") != netHeads-1 {
		return l, fmt.Errorf("a line holds a language, words and %d weights", netHeads)
	}
	l.key = netKey(at, words)
	for i := range netHeads {
		var weight string
		weight, rest, _ = strings.Cut(rest, "\t")
		v, err := strconv.ParseInt(weight, 10, 8)
		if err != nil {
			return l, fmt.Errorf("weight %q is no whole number from -128 to 127", weight)
		}
		l.weights[i] = int8(v)
	}
	return l, nil
}

// netKey is the key of words as the file writes them.
func netKey(language int, words string) uint32 {
	one, two := aWord, neighbours
	if rest, ok := strings.CutPrefix(words, "* "); ok {
		one, two, words = mailWord, mailNeighbours, rest
	}
	first, second, pair := strings.Cut(words, " ")
	if language == netAny {
		return weighed(language, one, hash(words), 0)
	}
	if !pair {
		return weighed(language, one, stem(first), 0)
	}
	return weighed(language, two, stem(first), stem(second))
}
