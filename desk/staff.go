package desk

import (
	"slices"
	"strings"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/intake/message"
	"guichetdunumerique.be/guichet/reply"
	"guichetdunumerique.be/guichet/store"
)

// proofFor is how long the Message-ID of a mail to staff proves whoever answers it.
const proofFor = 90 * 24 * time.Hour

// proof says whether a colleague wrote a message. A From field proves nothing: the message lies in the account's
// own Sent folder, or it answers a mail of ours whose random Message-ID only that colleague has seen.
type proof struct {
	ok     bool
	answer bool   // it answers a mail to staff, proven or not
	of     string // the case of that mail, "" of a digest
	why    string // why not, without personal data
}

// prove looks for a proof.
func (c *clerk) prove() (proof, error) {
	p := proof{why: "it answers no notice"}
	for _, id := range slices.Concat(c.m.InReplyTo, c.m.References) {
		out, err := c.tx.FindOutgoing(store.OutFilter{MessageID: id})
		if err != nil {
			return proof{}, err
		}
		if len(out) == 0 || !slices.Contains(answerableKinds, out[0].Kind) {
			continue
		}
		p.answer, p.of = true, out[0].Case
		if c.a.Sent {
			p.ok = true
			return p, nil
		}
		if p.why = c.doubt(out[0]); p.why == "" {
			p.ok = true
			return p, nil
		}
	}
	return p, nil
}

// doubt says why the answer to a mail of ours does not prove its writer; "" when it does.
func (c *clerk) doubt(o store.Outgoing) string {
	from := first(c.m.From).Address
	switch {
	case len(c.m.From) != 1 || !strings.EqualFold(o.Recipient, from):
		return "the notice went to another address"
	case c.tx.Now.Sub(o.Created) > proofFor:
		return "the notice is too old"
	case !c.Profile.onStaff(from):
		return "the address is no longer on the list of staff"
	case !vouched(c.m.Authentication, c.Profile.TrustedAuthserv, domain(from)):
		return "the receiving server did not vouch for the address"
	}
	return ""
}

// vouched reports whether the receiving server found that a mail comes from a domain (RFC 8601). Whoever sends
// can write such results, too: so all that bear the server's name must agree. Without a trusted server nothing
// is asked.
func vouched(results []message.AuthResult, server, from string) bool {
	if server == "" {
		return true
	}
	seen := false
	for _, r := range results {
		if !strings.EqualFold(r.Server, server) {
			continue
		}
		if !aligned(r.Methods, from) {
			return false
		}
		seen = true
	}
	return seen
}

// aligned reports whether results show DMARC passed for a domain, or, where DMARC was not looked at, a DKIM
// signature of it (RFC 7489 section 3.1.1).
func aligned(methods []message.AuthMethod, from string) bool {
	dmarc, signed := false, false
	for _, m := range methods {
		switch m.Name {
		case "dmarc":
			if m.Result != "pass" || m.Props["header.from"] != "" && !strings.EqualFold(m.Props["header.from"], from) {
				return false
			}
			dmarc = true
		case "dkim":
			d := strings.TrimPrefix(m.Props["header.d"]+m.Props["header.i"], "@")
			signed = signed || m.Result == "pass" && strings.EqualFold(m.Props["header.d"], from) || m.Result == "pass" && strings.EqualFold(d, from)
		}
	}
	return dmarc || signed
}

// fromStaff files what claims to come from a colleague and concerns a case. settled is false for anything else.
func (c *clerk) fromStaff() (settled bool, err error) {
	if c.m.Auto.Kind != message.AutoNone {
		return false, nil // an absence notice orders nothing
	}
	p, err := c.prove()
	if err != nil {
		return false, err
	}
	t, err := c.thread()
	if err != nil {
		return false, err
	}
	commands, unread := cases.ParseCommands(c.m.Own)
	switch {
	case p.ok:
		return true, c.obey(p, commands, len(unread))
	case t.found && c.addressed(t.of):
		return true, c.replied(t.of, "copy of an answer from a staff address")
	case p.answer, len(commands) > 0 && c.Profile.onStaff(first(c.m.From).Address):
		return true, c.reject(p, t)
	}
	return false, nil
}

// obey carries out what a colleague answers to a notice, and says what was done.
func (c *clerk) obey(p proof, commands []cases.Command, unread int) error {
	by := first(c.m.From).Address
	done, err := c.instruct(c.tx, by, mandate{of: p.of, only: p.of != "" && !c.a.Sent}, commands)
	if err != nil {
		return err
	}
	if len(done)+unread > 0 {
		if err := c.receipt(reply.Receipt{Done: done, NotRead: unread, To: by, Case: p.of}); err != nil {
			return err
		}
	}
	return c.fate(cases.FateStaff, p.of, "answers a notice")
}

// reject records a command that nothing proves, and shows it to every colleague. Nothing changes.
func (c *clerk) reject(p proof, t thread) error {
	ref := p.of
	if t.found {
		ref = t.of.Reference.String()
	}
	if ref == "" {
		return c.fate(cases.FateStaff, "", "staff address, not proven: "+p.why)
	}
	of, err := c.tx.FindCase(ref)
	if err != nil {
		return err
	}
	if err := c.event(ref, cases.EventRejected, "not obeyed: "+p.why); err != nil {
		return err
	}
	if err := c.tell(of, reply.NoticeRejected); err != nil {
		return err
	}
	return c.fate(cases.FateStaff, ref, "not proven: "+p.why)
}

// puzzledPerDay is after how many receipts in a day a colleague is no longer told that nothing was understood.
const puzzledPerDay = 5

// receipt answers a colleague's commands. The message's fingerprint makes the key.
func (c *clerk) receipt(r reply.Receipt) error {
	if c.past || !c.Profile.onStaff(r.To) {
		return nil // from the shared account nobody in particular would read it
	}
	if len(r.Done) == 0 { // an absence notice without its header is not understood either, and answers the receipt
		puzzled, err := c.tx.HasOutgoing(store.OutFilter{Recipient: r.To, Kinds: []string{kindReceipt}, Since: c.tx.Now.Add(-24 * time.Hour)}, puzzledPerDay)
		if err != nil || puzzled {
			return err
		}
	}
	r.ParentID, r.References, r.Now = c.m.MessageID, c.parentReferences(), c.tx.Now
	m, err := c.Composer.Receipt(r)
	if err != nil {
		return err
	}
	return enqueueOnce(c.tx, kindReceipt+":"+c.entry.Fingerprint[:16], r.Case, m)
}

// addressed reports whether the message goes to a case's requester.
func (c *clerk) addressed(of cases.Case) bool {
	return of.Requester.Address != "" && slices.ContainsFunc(recipients(c.m), func(to string) bool {
		return strings.EqualFold(to, of.Requester.Address)
	})
}

// replied records that staff answered the requester. It does not close the case: the answer may be a question.
func (c *clerk) replied(of cases.Case, how string) error {
	ref := of.Reference.String()
	if of.FirstReply.IsZero() {
		of.FirstReply = c.entry.Received
		if err := c.tx.UpdateCase(of); err != nil {
			return err
		}
	}
	if err := c.event(ref, cases.EventReplied, how); err != nil {
		return err
	}
	return c.fate(cases.FateStaff, ref, how)
}

// fromSent files a message of the account's own Sent folder: only the desk's people put mail there.
func (c *clerk) fromSent() error {
	if c.m.Auto.Kind != message.AutoNone {
		return c.fate(cases.FateAutomatic, "", c.m.Auto.Reason)
	}
	p, err := c.prove()
	if err != nil {
		return err
	}
	if p.ok {
		commands, unread := cases.ParseCommands(c.m.Own)
		return c.obey(p, commands, len(unread))
	}
	t, err := c.thread()
	switch {
	case err != nil:
		return err
	case t.found && c.addressed(t.of):
		if err := c.draftFinished(t.of); err != nil {
			return err
		}
		return c.replied(t.of, "answer in the Sent folder")
	case t.found:
		if err := c.event(t.of.Reference.String(), cases.EventStaff, "a mail of the thread in the Sent folder"); err != nil {
			return err
		}
		return c.fate(cases.FateStaff, t.of.Reference.String(), "in the Sent folder, in the thread")
	}
	return c.fate(cases.FateStaff, "", "in the Sent folder")
}
