package intake_test

import (
	"encoding/base64"
	"strings"
)

// largeMail has its words before a scan of so many bytes.
func largeMail(size int) string {
	return "From: An <an@example.org>\r\nSubject: large\r\nMIME-Version: 1.0\r\n" +
		"Content-Type: multipart/mixed; boundary=cut\r\n\r\n" +
		"--cut\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nplease erase me\r\n" +
		"--cut\r\nContent-Type: image/png; name=scan.png\r\nContent-Disposition: attachment; filename=scan.png\r\n" +
		"Content-Transfer-Encoding: base64\r\n\r\n" + lines(base64.StdEncoding.EncodeToString(make([]byte, size))) +
		"\r\n--cut\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nand write to me at home\r\n--cut--\r\n"
}

// lines breaks text into lines of 76 characters.
func lines(s string) string {
	var b strings.Builder
	for len(s) > 76 {
		b.WriteString(s[:76] + "\r\n")
		s = s[76:]
	}
	return b.String() + s
}
