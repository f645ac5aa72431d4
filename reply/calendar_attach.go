package reply

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"slices"
)

// withCalendar puts a rendered mail of alternatives into one of several parts, with the calendar entry as
// an attached file.
//
// The entry is an attachment and not a third alternative, and published rather than requested, because of
// what mail programs do. Exchange, since 2013, shows an alternative of method PUBLISH as an empty message.
// Method REQUEST makes the notice an invitation: Outlook moves it out of the inbox once it is accepted,
// answers the desk with machine-made replies, and keeps the organiser's alarm from the reader's calendar;
// an answer to it would no longer prove that a colleague saw the mail. As an .ics file behind the text,
// Outlook, Gmail, Apple Mail and Thunderbird all open it in the calendar with its alarm, and the same UID
// with a higher SEQUENCE replaces the entry ([MS-OXCICAL] and RFC 5546 section 2.1.4). Outlook takes only
// the first part of multipart/mixed for an invitation, so the text must come first.
func withCalendar(alternatives []byte, boundary string, m Mail) ([]byte, error) {
	head, body, found := bytes.Cut(alternatives, []byte("\r\n\r\n"))
	kind := []byte("Content-Type: multipart/alternative;\r\n boundary=" + boundary)
	if !found || !bytes.HasSuffix(head, kind) {
		return nil, fmt.Errorf("rendering a mail: a calendar entry needs text and HTML before it")
	}
	outer := boundary[:len(boundary)-1] + "_" // differs from every line that begins with the inner one
	var b bytes.Buffer
	fmt.Fprintf(&b, "%sContent-Type: multipart/mixed;\r\n boundary=%s\r\n\r\n", bytes.TrimSuffix(head, kind), outer)
	fmt.Fprintf(&b, "--%s\r\n%s\r\n\r\n%s\r\n", outer, kind, body)
	fmt.Fprintf(&b, "--%s\r\nContent-Type: text/calendar; charset=UTF-8; method=%s;\r\n name=\"%s.ics\"\r\n",
		outer, calendarMethod(m.Calendar), m.Case)
	fmt.Fprintf(&b, "Content-Disposition: attachment; filename=\"%s.ics\"\r\nContent-Transfer-Encoding: base64\r\n\r\n", m.Case)
	for chunk := range slices.Chunk([]byte(base64.StdEncoding.EncodeToString(m.Calendar)), 76) { // RFC 2045 section 6.8
		b.Write(append(slices.Clip(chunk), "\r\n"...))
	}
	fmt.Fprintf(&b, "--%s--\r\n", outer)
	return b.Bytes(), nil
}
