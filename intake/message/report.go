package message

import (
	"bytes"
	"slices"
	"strings"
)

// Report is what a delivery status notification (RFC 3464) or a read receipt (RFC 8098) says of a mail sent before.
// Anybody can forge one: it speaks only of mail that we know to have sent.
type Report struct {
	// Action is "failed", "delayed", "delivered", "relayed" or "expanded" for a delivery, "displayed", "deleted" and the
	// like for a receipt. Of several recipients it is the worst one's. "" when the report does not say.
	Action string
	Status string // status code of RFC 3463, such as "5.1.1"; "" for a receipt
	// Returned are the Message-IDs of the mail spoken of, without angle brackets.
	Returned []string
}

// maxReport bounds the bytes of a report that are read.
const maxReport = 64 << 10

// readReport is what the parts of a report say, nil when root holds none.
func readReport(root *part) *Report {
	var r Report
	found := false
	root.walk(func(p *part) {
		switch kind := reportKind(p.kind); {
		case kind == AutoBounce || kind == AutoReceipt:
			found = true
			r.fields(p)
		case p.isSealed() && len(p.parts) == 1:
			r.returned(p.parts[0].header)
		case p.kind == "text/rfc822-headers":
			h, _, _ := splitHeader(tidyStart(p.decoded()), maxReport)
			r.returned(h)
		}
	})
	if !found && root.kind != "multipart/report" {
		return nil
	}
	return &r
}

// decoded is the beginning of a small part.
func (p *part) decoded() []byte {
	raw, _ := decodeTransfer(p.body, p.encoding, maxReport)
	return raw
}

// fields reads the groups of fields of a report: one for the mail and one for each recipient.
func (r *Report) fields(p *part) {
	for rest := bytes.TrimLeft(p.decoded(), "\r\n"); len(rest) > 0; rest = bytes.TrimLeft(rest, "\r\n") {
		var h header
		h, rest, _ = splitHeader(rest, maxReport)
		if len(h) == 0 {
			return
		}
		for _, id := range parseIDs(h.all("original-message-id")...) {
			r.add(id)
		}
		action, _, _ := strings.Cut(withoutComments(h.first("action")), ";")
		if d := h.first("disposition"); d != "" {
			_, action, _ = strings.Cut(d, ";")
			action, _, _ = strings.Cut(action, "/")
		}
		if action = cleanLine(strings.ToLower(action)); actionRank(action) > actionRank(r.Action) {
			r.Action = action
			status, _, _ := strings.Cut(strings.TrimSpace(withoutComments(h.first("status"))), " ")
			r.Status = cleanLine(shorten(status, 20))
		}
	}
}

// actionRank orders actions by how bad they are.
func actionRank(action string) int {
	return slices.Index([]string{"", "expanded", "relayed", "delivered", "deleted", "dispatched", "processed", "displayed", "denied", "delayed", "failed"}, action)
}

// returned notes the mail whose header came back.
func (r *Report) returned(h header) {
	if id := parseID(h.first("message-id")); id != "" {
		r.add(id)
	}
}

func (r *Report) add(id string) {
	if !slices.Contains(r.Returned, id) && len(r.Returned) < maxIDs {
		r.Returned = append(r.Returned, id)
	}
}
