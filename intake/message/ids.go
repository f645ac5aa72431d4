package message

import (
	"slices"
	"strings"
	"unicode"
)

const (
	maxIDs      = 100 // Message-IDs kept of one mail's References: the first and the last half
	maxIDLength = 998 // bytes, the length of a line (RFC 5322 section 2.1.1)
)

// parseIDs reads a list of Message-IDs without their angle brackets (RFC 5322 section 3.6.4). White space within
// one goes, since mailers fold there; one with control characters or of more than 998 bytes is dropped. Where a
// value has no angle brackets, its words with an at sign count.
func parseIDs(values ...string) []string {
	var ids []string
	for _, v := range values {
		bracketed := false
		for rest := v; ; {
			_, after, ok := strings.Cut(rest, "<")
			if !ok {
				break
			}
			bracketed = true
			id, next, _ := strings.Cut(after, ">")
			if inner := strings.LastIndexByte(id, '<'); inner >= 0 {
				id = id[inner+1:] // the one before was never closed
			}
			ids = appendID(ids, id)
			rest = next
		}
		if bracketed {
			continue
		}
		for _, word := range strings.FieldsFunc(v, func(r rune) bool { return r == ' ' || r == '\t' || r == ',' || r == '>' }) {
			if strings.Contains(word, "@") {
				ids = appendID(ids, word)
			}
		}
	}
	if len(ids) > maxIDs {
		ids = slices.Concat(ids[:maxIDs/2], ids[len(ids)-maxIDs/2:])
	}
	return ids
}

// parseID is the Message-ID of one mail, "" when it has no usable one. An id without angle brackets or at sign,
// as some programs write it, is one too.
func parseID(v string) string {
	if ids := parseIDs(v); len(ids) > 0 {
		return ids[0]
	}
	if ids := appendID(nil, v); len(ids) > 0 && !strings.ContainsAny(v, "<> \t") {
		return ids[0]
	}
	return ""
}

func appendID(ids []string, id string) []string {
	id = strings.Map(func(r rune) rune {
		if r == ' ' || r == '\t' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(id, "\ufffd"))
	if id == "" || len(id) > maxIDLength || strings.IndexFunc(id, unicode.IsControl) >= 0 {
		return ids
	}
	return append(ids, id)
}
