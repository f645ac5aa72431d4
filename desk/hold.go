package desk

import (
	"path"
	"slices"
	"strings"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/classify"
	"guichetdunumerique.be/guichet/intake/message"
)

// holdReason names the first rule that forbids an automatic answer to a message (RFC 3834 section 2 and
// what practice has added; docs/decisions.md lists the rules B1-B20). "" when none does. What depends on
// earlier mail or the clock is judged when the message is taken: see Desk.mayAcknowledge.
func holdReason(m message.Message, j Judgement, p Profile) string {
	from := first(m.From).Address
	switch {
	case j.Writer != Client:
		return "B9 from our own address or staff"
	case m.Auto.Kind != message.AutoNone:
		return m.Auto.Reason
	case m.AutoSuppress:
		return "B6 sender wants no automatic answer"
	case from == "" || !strings.Contains(from, "@"):
		return "B16 no usable sender"
	case !addressed(m, p):
		return "B10 not addressed to us"
	case envelopeDiffers(m):
		return "B11 envelope sender is not the writer"
	case unauthenticated(m):
		return "B11 sender not authenticated"
	case m.Junk:
		return "B13 marked as spam"
	case carriesProgram(m):
		return "B13 a program is attached"
	case j.Unread != "":
		return "B16 could not be read in full"
	case slices.Contains(j.Flags, cases.Authority), slices.Contains(j.Flags, cases.Breach):
		return "B17 authority or breach"
	case j.Decision == classify.ToTriage:
		return "to be confirmed by a person"
	case j.Decision == classify.Ignore:
		return "not a request"
	}
	return ""
}

// addressed reports whether the desk stands in To or Cc.
func addressed(m message.Message, p Profile) bool {
	ours := func(a message.Address) bool { return p.ours(a.Address) }
	return slices.ContainsFunc(m.To, ours) || slices.ContainsFunc(m.Cc, ours)
}

// envelopeDiffers reports whether the envelope sender is missing, or of another domain than the one
// writer in From. An address in the same domain agrees with it: many senders use a bounce address there.
func envelopeDiffers(m message.Message) bool {
	return !m.ReturnPath.Present || len(m.From) != 1 || domain(m.ReturnPath.Address) != domain(m.From[0].Address)
}

// unauthenticated reports whether any server on the way found the sender forged: by DMARC, by Microsoft's sum of all
// tests, or by SPF where no signature makes up for it. A forged failure only sends the mail to a person, so no trust
// in the field is needed.
func unauthenticated(m message.Message) bool {
	strayed, signed := false, false
	for _, r := range m.Authentication {
		for _, method := range r.Methods {
			switch {
			case (method.Name == "dmarc" || method.Name == "compauth") && method.Result == "fail":
				return true
			case method.Name == "spf" && method.Result == "fail":
				strayed = true
			case method.Name == "dkim" && method.Result == "pass":
				signed = true
			}
		}
	}
	return strayed && !signed
}

// programs are the endings of files that run on a double click.
var programs = []string{
	".exe", ".scr", ".com", ".bat", ".cmd", ".pif", ".js", ".jse", ".vbs", ".vbe", ".wsf", ".hta", ".jar", ".msi",
	".ps1", ".lnk", ".docm", ".xlsm", ".pptm", ".iso", ".img",
}

func carriesProgram(m message.Message) bool {
	return slices.ContainsFunc(m.Attachments, func(a message.Attachment) bool {
		return slices.Contains(programs, strings.ToLower(path.Ext(a.Name)))
	})
}
