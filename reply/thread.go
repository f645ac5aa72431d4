package reply

import (
	"slices"
	"strings"
)

const (
	maxReferences = 20  // the first and the latest are kept
	maxIDLength   = 250 // a field of one id stays far below the 998 bytes of a line
)

// thread makes In-Reply-To and References of an answer (RFC 5322 section 3.6.4) from the ids of the mail
// answered. Ids that are none are dropped: they come from a stranger.
func thread(parent string, references []string) (inReplyTo string, chain []string) {
	for _, id := range references {
		if id = bareID(id); id != "" && !slices.Contains(chain, id) {
			chain = append(chain, id)
		}
	}
	if parent = bareID(parent); parent == "" {
		return "", nil // without the parent, its ancestors thread nothing
	}
	chain = append(slices.DeleteFunc(chain, func(id string) bool { return id == parent }), parent)
	if over := len(chain) - maxReferences; over > 0 {
		chain = slices.Delete(chain, 1, 1+over)
	}
	return parent, chain
}

// bareID is a Message-ID without angle brackets, or "" if it is none.
func bareID(id string) string {
	id = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(id), "<"), ">")
	if validID(id) {
		return id
	}
	return ""
}

// validID reports whether id is a Message-ID without angle brackets: visible ASCII around one @. That is
// wider than RFC 5322 allows, as are the ids that people's programs make, and holds nothing that could
// end a field or an id.
func validID(id string) bool {
	left, right, found := strings.Cut(id, "@")
	if !found || left == "" || right == "" || len(id) > maxIDLength || strings.Contains(right, "@") {
		return false
	}
	for _, b := range []byte(id) {
		if b <= ' ' || b > '~' || b == '<' || b == '>' || b == ',' || b == '(' || b == ')' {
			return false
		}
	}
	return true
}
