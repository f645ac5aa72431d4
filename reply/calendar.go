package reply

import (
	"bytes"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"guichetdunumerique.be/guichet/cases"
)

// Methods of a calendar object (RFC 5546 sections 3.2.1 and 3.2.5).
const (
	methodPublish = "PUBLISH"
	methodCancel  = "CANCEL"
)

// entry is the last day of a case as an event of a calendar.
type entry struct {
	uid       string // the same for all entries of the case
	summary   string
	organizer mailbox // the desk
	day       cases.Date
	sequence  int
	stamp     time.Time
	cancelled bool
}

// alarm is nine o'clock two days before an event that lasts all day: 39 hours before its midnight.
const alarm = "-P1DT15H"

// bytes writes the entry by RFC 5545. It is an event of the day, shown as free time: it blocks nobody's
// hours. A cancelled one has no alarm.
func (e entry) bytes() []byte {
	method, status := methodPublish, "CONFIRMED"
	if e.cancelled {
		method, status = methodCancel, "CANCELLED"
	}
	var w calendarWriter
	w.line("BEGIN", "VCALENDAR")
	w.line("VERSION", "2.0")
	w.line("PRODID", "-//guichet//guichet//EN")
	w.line("CALSCALE", "GREGORIAN")
	w.line("METHOD", method)
	w.line("BEGIN", "VEVENT")
	w.line("UID", e.uid)
	w.line("DTSTAMP", e.stamp.UTC().Format("20060102T150405Z"))
	w.line("SEQUENCE", fmt.Sprint(e.sequence))
	w.line("ORGANIZER", "mailto:"+e.organizer.address)
	w.line("DTSTART;VALUE=DATE", calendarDay(e.day))
	w.line("DTEND;VALUE=DATE", calendarDay(e.day.AddDays(1))) // the day after: not included
	w.line("SUMMARY", e.summary)
	w.line("STATUS", status)
	w.line("TRANSP", "TRANSPARENT")
	w.line("X-MICROSOFT-CDO-BUSYSTATUS", "FREE")
	if !e.cancelled {
		w.line("BEGIN", "VALARM")
		w.line("ACTION", "DISPLAY")
		w.line("DESCRIPTION", e.summary)
		w.line("TRIGGER", alarm)
		w.line("END", "VALARM") // after all properties of the event: Outlook refuses it elsewhere
	}
	w.line("END", "VEVENT")
	w.line("END", "VCALENDAR")
	return w.b.Bytes()
}

func calendarDay(d cases.Date) string { return fmt.Sprintf("%04d%02d%02d", d.Year, d.Month, d.Day) }

// calendarMethod reads the method of an entry, "" for what no entry begins with.
func calendarMethod(b []byte) string {
	head, _, _ := bytes.Cut(b, []byte("BEGIN:VEVENT\r\n"))
	for _, method := range []string{methodPublish, methodCancel} {
		if bytes.HasPrefix(head, []byte("BEGIN:VCALENDAR\r\n")) && bytes.HasSuffix(head, []byte("\r\nMETHOD:"+method+"\r\n")) {
			return method
		}
	}
	return ""
}

// calendarWriter writes content lines.
type calendarWriter struct{ b bytes.Buffer }

// maxContentLine is the length of a line in octets, its break not counted (RFC 5545 section 3.1).
const maxContentLine = 75

// line writes one property, folded between characters. All values are escaped here as if they were text, which
// leaves those that are not (days, numbers, addresses) as they are: none can end its line.
func (w *calendarWriter) line(name, value string) {
	rest, room := name+":"+escapeText(value), maxContentLine
	for len(rest) > room {
		cut := room
		for cut > 1 && !utf8.RuneStart(rest[cut]) {
			cut--
		}
		w.b.WriteString(rest[:cut] + "\r\n ")
		rest, room = rest[cut:], maxContentLine-1 // the space that marks a folded line counts
	}
	w.b.WriteString(rest + "\r\n")
}

var textEscapes = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`)

// escapeText writes text as a value (RFC 5545 section 3.3.11), without the controls that none may hold.
func escapeText(s string) string {
	return strings.Map(func(r rune) rune {
		if endsLine(r) && r != '\t' {
			return -1
		}
		return r
	}, textEscapes.Replace(strings.ToValidUTF8(s, "")))
}
