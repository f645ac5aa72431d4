package reply

import (
	"fmt"
	"slices"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/templates"
)

// Draft composes a letter to the client for a person to finish and send: its blanks and alternatives are
// marked. Mail programs may give a draft another Message-ID when it is sent; the case's reference in its
// subject finds it again.
func (c *Composer) Draft(d Draft) (Mail, error) {
	if !slices.Contains(cases.DraftKinds(), d.Kind) {
		return Mail{}, fmt.Errorf("composing a draft: there is no kind %q", d.Kind)
	}
	k := d.Case
	if k.Reference == (cases.Reference{}) || k.Received.IsZero() || k.Due.IsZero() || k.Latest.IsZero() || k.Requester.Address == "" {
		return Mail{}, fmt.Errorf("composing a draft: the case has no reference, dates or requester")
	}
	m, err := c.compose("draft_"+string(d.Kind), k.Language, c.draftData(d))
	if err != nil {
		return Mail{}, err
	}
	m.Draft = true
	m.To, m.Date, m.Case = k.Requester.Address, d.Now.UTC(), k.Reference.String()
	m.InReplyTo, m.References = thread(d.ParentID, d.ParentReferences)
	m.MessageID, err = c.messageID("draft")
	return m, err
}

// draftData is what a draft may speak of.
func (c *Composer) draftData(d Draft) templates.Draft {
	k := d.Case
	data := templates.Draft{
		Reference: k.Reference.String(), Desk: c.config.Name, Address: c.config.Address,
		Received: k.Received.In(c.config.Zone), Due: k.Due.In(c.config.Zone), Latest: k.Latest.In(c.config.Zone),
		Extended: !k.Extended.IsZero(), Today: cases.DateOf(d.Now, c.config.Zone).In(c.config.Zone),
		Marketing: k.Marketing, Identity: string(k.Identity), Reason: cases.Mask(oneLine(d.Reason)),
		AccessFirst: slices.Contains(k.Rights, cases.Access) && slices.Contains(k.Rights, cases.Erasure),
		PolicyURL:   c.config.PolicyURL,
	}
	if data.Extended {
		data.Latest = k.Extended.In(c.config.Zone)
	}
	for _, r := range k.Rights {
		data.Rights = append(data.Rights, string(r))
	}
	return data
}

// RemindIdentity composes the automatic reminder that a proof of identity was announced or is missing. It
// says that nothing depends on it. Of any other case it is an error: nobody who sent a proof, declines to,
// or needs none is asked by a program.
func (c *Composer) RemindIdentity(a Acknowledgement) (Mail, error) {
	k := a.Case
	if k.Identity != cases.IdentityMissing && k.Identity != cases.IdentityAnnounced {
		return Mail{}, fmt.Errorf("composing a reminder of identity: no proof is missing")
	}
	if k.Reference == (cases.Reference{}) || k.Received.IsZero() || k.Due.IsZero() || k.Requester.Address == "" {
		return Mail{}, fmt.Errorf("composing a reminder of identity: the case has no reference, dates or requester")
	}
	due := k.Due
	if !k.Extended.IsZero() {
		due = k.Extended
	}
	m, err := c.compose(templates.NameIdentityReminder, k.Language, templates.Acknowledgement{
		Reference: k.Reference.String(), Desk: c.config.Name, Address: c.config.Address, PolicyURL: c.config.PolicyURL,
		Received: k.Received.In(c.config.Zone), Due: due.In(c.config.Zone), Identity: string(k.Identity),
	})
	if err != nil {
		return Mail{}, err
	}
	m.To, m.Date, m.Case = k.Requester.Address, a.Now.UTC(), k.Reference.String()
	m.InReplyTo, m.References = thread(a.ParentID, a.ParentReferences)
	// The clock makes it, not the client's message (RFC 3834 section 5.2).
	m.AutoSubmitted, m.Suppress = "auto-generated", "OOF, AutoReply, RN, NRN"
	m.MessageID, err = c.messageID("identity")
	return m, err
}
