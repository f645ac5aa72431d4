package desk

import (
	"regexp"
	"slices"
	"strings"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/reply"
	"guichetdunumerique.be/guichet/store"
)

// bounced files a delivery report about a mail that we sent to a client. Anybody can write such a report: only
// the Message-ID of ours in it shows that a server, or the client, had our mail in hand; and all that follows is
// a mark for staff. settled is false for every other report.
func (c *clerk) bounced() (settled bool, err error) {
	if c.m.Report == nil || c.m.Report.Action != "failed" {
		return false, nil
	}
	for _, id := range c.m.Report.Returned {
		out, err := c.tx.FindOutgoing(store.OutFilter{MessageID: id})
		if err != nil {
			return false, err
		}
		if len(out) > 0 && out[0].Case != "" && (slices.Contains(clientKinds, out[0].Kind) || out[0].Kind == kindDraft) {
			return true, c.undeliverable(out[0])
		}
	}
	return false, nil
}

// statusCode is a code of RFC 3463. Whatever else stands in its place are a stranger's words.
var statusCode = regexp.MustCompile(`^[245]\.[0-9]{1,3}\.[0-9]{1,3}$`)

// undeliverable marks a case whose requester our mail does not reach, and tells staff once for each mail.
func (c *clerk) undeliverable(o store.Outgoing) error {
	of, err := c.tx.FindCase(o.Case)
	if err != nil {
		return err
	}
	note := "a mail came back: " + o.Kind
	events, err := c.tx.FindEvents(o.Case)
	if err != nil {
		return err
	}
	known := slices.ContainsFunc(events, func(e cases.Event) bool { // whatever status the next report bears
		return e.Kind == cases.EventBounced && (e.Note == note || strings.HasPrefix(e.Note, note+","))
	})
	if statusCode.MatchString(c.m.Report.Status) {
		note += ", status " + c.m.Report.Status
	}
	if !slices.Contains(of.Flags, cases.Undeliverable) {
		of.Flags = append(slices.Clone(of.Flags), cases.Undeliverable)
		slices.Sort(of.Flags)
		if err := c.tx.UpdateCase(of); err != nil {
			return err
		}
	}
	if !known {
		if err := c.event(o.Case, cases.EventBounced, note); err != nil {
			return err
		}
		if err := c.tell(of, reply.NoticeBounced); err != nil {
			return err
		}
	}
	return c.fate(cases.FateAutomatic, o.Case, "B6 a mail of ours came back")
}
