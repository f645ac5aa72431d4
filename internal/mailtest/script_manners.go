package mailtest

import (
	"cmp"
	"fmt"
	"net/mail"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/emersion/go-imap/v2"
)

// maxAppend is the most that is taken of a mail put into the folder.
const maxAppend = 1 << 20

// behave answers a command as it should be; false ends the connection.
func (c *ScriptConn) behave(tag, command string) bool {
	name, rest, _ := strings.Cut(command, " ")
	switch strings.ToUpper(name) {
	case "CAPABILITY":
		c.Send("* CAPABILITY %s\r\n%s OK", cmp.Or(c.Capabilities, "IMAP4rev1 IDLE"), tag)
	case "LIST":
		folders := c.Folders
		if folders == nil {
			folders = []string{`() "/" INBOX`}
		}
		for _, f := range folders {
			c.Send("* LIST %s", f)
		}
		c.Send("%s OK", tag)
	case "EXAMINE":
		c.Examine(tag)
	case "APPEND":
		raw := c.ReadLiteral(command, maxAppend)
		c.ReadLine() // the end of the command
		c.Send("%s OK [APPENDUID %d %d] done", tag, max(c.UIDValidity, 1), c.add(raw))
	case "IDLE":
		c.Send("+ idling")
		if c.ReadLine() == "" {
			return false
		}
		c.Send("%s OK", tag)
	case "FETCH":
		c.fetchNumber(tag, rest)
	case "UID":
		c.uid(tag, rest)
	case "LOGOUT":
		c.Send("* BYE\r\n%s OK", tag)
		return false
	default:
		c.Send("%s OK", tag)
	}
	return true
}

// Examine answers EXAMINE by the fields of the script.
func (c *ScriptConn) Examine(tag string) {
	uids := c.uids()
	next := c.UIDNext
	if next == 0 && len(uids) > 0 {
		next = uids[len(uids)-1] + 1
	}
	c.Send("* %d EXISTS\r\n* OK [UIDVALIDITY %d] valid\r\n* OK [UIDNEXT %d] next\r\n%s OK [READ-ONLY]",
		len(uids), max(c.UIDValidity, 1), max(next, 1), tag)
}

func (c *ScriptConn) uid(tag, command string) {
	name, rest, _ := strings.Cut(command, " ")
	switch strings.ToUpper(name) {
	case "SEARCH":
		if criteria, extended := strings.CutPrefix(rest, "RETURN (ALL) "); extended {
			c.Send("* ESEARCH (TAG %q) UID%s\r\n%s OK", tag, ranges(c.search(criteria)), tag)
			return
		}
		c.Send("* SEARCH%s\r\n%s OK", join(c.search(rest)), tag)
	case "FETCH":
		set, items, _ := strings.Cut(rest, " ")
		for _, uid := range c.match(set) {
			c.Answer(uid, items)
		}
		c.Send("%s OK", tag)
	default:
		c.Send("%s BAD unknown", tag)
	}
}

// search knows "UID set", of which further criteria take nothing away, ALL, a sequence number, and HEADER.
func (c *ScriptConn) search(criteria string) []uint32 {
	if criteria == "ALL" {
		return c.uids()
	}
	if field, ok := strings.CutPrefix(criteria, "HEADER "); ok {
		return c.bearing(field)
	}
	if set, ok := strings.CutPrefix(criteria, "UID "); ok {
		set, _, _ = strings.Cut(set, " ")
		return c.match(set)
	}
	if n, err := strconv.Atoi(criteria); err == nil && n > 0 && n <= len(c.uids()) {
		return c.uids()[n-1 : n]
	}
	return nil
}

// bearing returns the UIDs of the mails with a header field, told as `"name" "value"`, that holds that value.
func (c *ScriptConn) bearing(field string) []uint32 {
	name, value, _ := strings.Cut(strings.ReplaceAll(field, `"`, ""), " ")
	var found []uint32
	for _, uid := range c.uids() {
		m, err := mail.ReadMessage(strings.NewReader(c.mail(uid)))
		if err == nil && strings.Contains(m.Header.Get(name), value) {
			found = append(found, uid)
		}
	}
	return found
}

// match returns the UIDs that a set names.
func (c *ScriptConn) match(set string) []uint32 {
	uids := c.uids()
	if len(uids) == 0 {
		return nil
	}
	last := uids[len(uids)-1]
	var found []uint32
	for piece := range strings.SplitSeq(set, ",") {
		from, to, isRange := strings.Cut(piece, ":")
		if !isRange {
			to = from
		}
		a, b := number(from, last), number(to, last)
		for _, uid := range uids {
			if uid >= min(a, b) && uid <= max(a, b) {
				found = append(found, uid)
			}
		}
	}
	return found
}

func number(s string, last uint32) uint32 {
	if s == "*" {
		return last
	}
	n, _ := strconv.ParseUint(s, 10, 32) // 0 matches nothing
	return uint32(n)
}

func (c *ScriptConn) fetchNumber(tag, command string) {
	set, items, _ := strings.Cut(command, " ")
	uids := c.uids()
	if n, err := strconv.Atoi(set); err == nil && n > 0 && n <= len(uids) {
		c.Answer(uids[n-1], items)
	}
	c.Send("%s OK", tag)
}

var bodyItem = regexp.MustCompile(`BODY\.PEEK\[([0-9.]*)\]<0\.(\d+)>`)

// Answer sends the answer to a FETCH of one message. A part asked for is the mail's bytes too: the script
// knows no MIME.
func (c *ScriptConn) Answer(uid uint32, items string) {
	answer := fmt.Sprintf("UID %d", uid)
	if strings.Contains(items, "INTERNALDATE") {
		answer += fmt.Sprintf(" INTERNALDATE %q", cmp.Or(c.Date, "02-Mar-2026 12:00:00 +0000"))
	}
	raw := c.mail(uid)
	if strings.Contains(items, "RFC822.SIZE") {
		answer += fmt.Sprintf(" RFC822.SIZE %d", len(raw))
	}
	if strings.Contains(items, "BODYSTRUCTURE") {
		answer += " BODYSTRUCTURE " + cmp.Or(c.Structures[uid], `("text" "plain" NIL NIL NIL "7bit" `+strconv.Itoa(len(raw))+` 1)`)
	}
	for _, m := range bodyItem.FindAllStringSubmatch(items, -1) {
		most, _ := strconv.Atoi(m[2]) // digits, by the pattern
		body := raw[:min(len(raw), most)]
		answer += fmt.Sprintf(" BODY[%s]<0> {%d}\r\n%s", m[1], len(body), body)
	}
	c.Send("* %d FETCH (%s)", slices.Index(c.uids(), uid)+1, answer)
}

// ranges is ALL of an ESEARCH (RFC 4731); left out where nothing was found.
func ranges(uids []uint32) string {
	if len(uids) == 0 {
		return ""
	}
	var set imap.UIDSet
	for _, uid := range uids {
		set.AddNum(imap.UID(uid))
	}
	return " ALL " + set.String()
}

func join(uids []uint32) string {
	var b strings.Builder
	for _, uid := range uids {
		fmt.Fprintf(&b, " %d", uid)
	}
	return b.String()
}
