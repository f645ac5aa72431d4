package cases

import "strings"

// Mailbox is what an address is counted by: the spellings that reach one mailbox at the large providers make one,
// whatever their case, their +tag and the dots before the @. Two people whom that takes for one share their
// count of automatic mails, nothing else.
func Mailbox(address string) string {
	address = strings.ToLower(strings.TrimSpace(address))
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return address
	}
	local, _, _ := strings.Cut(address[:at], "+")
	local = strings.ReplaceAll(local, ".", "")
	if local == "" { // "+@x", "...@x": nothing to fold
		return address
	}
	if address[at:] == "@googlemail.com" {
		return local + "@gmail.com"
	}
	return local + address[at:]
}
