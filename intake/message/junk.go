package message

import "strings"

// isJunk reports whether a spam filter marked the mail, in the fields of SpamAssassin and its kin.
func isJunk(h header) bool {
	for _, name := range []string{"x-spam-flag", "x-spam-status", "x-spam"} {
		word := strings.ToLower(h.first(name))
		if strings.HasPrefix(word, "yes") {
			return true
		}
	}
	return false
}
