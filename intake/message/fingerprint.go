package message

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"
)

const (
	fingerprintHeader = 64 << 10 // bytes of header block looked at
	fingerprintBody   = 24 << 10 // bytes of body: few enough to be the same where the mail was cut short
)

// fingerprint is a hash of what stays the same when a mail is moved, copied or restored: the fields that its
// writer set and the beginning of its body. What servers and programs add or rewrite (Received, X-*, Status, line
// ends, a last empty line) is left out.
func fingerprint(head []byte) string {
	h, body, _ := splitHeader(tidyStart(head), fingerprintHeader)
	sum := sha256.New()
	for _, name := range []string{"from", "to", "cc", "date", "subject", "message-id"} {
		for _, value := range h.all(name) {
			io.WriteString(sum, name+":"+strings.Join(strings.Fields(value), " ")+"\n")
		}
	}
	io.WriteString(sum, "\n")
	text := bytes.ReplaceAll(body[:min(len(body), 2*fingerprintBody)], []byte("\r"), nil)
	sum.Write(bytes.TrimRight(text[:min(len(text), fingerprintBody)], "\n"))
	return hex.EncodeToString(sum.Sum(nil))
}
