package desk

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/classify"
	"guichetdunumerique.be/guichet/intake/message"
	"guichetdunumerique.be/guichet/reply"
	"guichetdunumerique.be/guichet/store"
)

// fromClient files what somebody outside wrote.
func (c *clerk) fromClient() error {
	if settled, err := c.bounced(); err != nil || settled {
		return err
	}
	if c.m.Auto.Certain {
		return c.fate(cases.FateAutomatic, "", c.m.Auto.Reason)
	}
	t, err := c.thread()
	if err != nil {
		return err
	}
	switch {
	case t.found && !c.asksMore(t.of):
		return c.link(t)
	case c.j.Decision != classify.Ignore:
		return c.open(t)
	case c.m.Auto.Kind != message.AutoNone:
		return c.fate(cases.FateAutomatic, "", c.m.Auto.Reason)
	case t.foreign != "":
		return c.foreign(t.foreign)
	}
	return c.fate(cases.FateIgnored, "", "not a request")
}

// fromInside files what a colleague, the shared account or our site's form sent. A form, and a client's
// mail handed on, open a case; what a colleague writes in a case's thread is recorded there. Nothing of
// it is proof that a colleague wrote it.
func (c *clerk) fromInside() error {
	if c.j.Writer != Form {
		if settled, err := c.fromStaff(); err != nil || settled {
			return err
		}
	}
	t, err := c.thread()
	if err != nil {
		return err
	}
	if c.m.Auto.Kind != message.AutoNone {
		return c.fate(cases.FateAutomatic, "", "B9 automatic mail of our own domain")
	}
	if t.found && c.j.Writer != Form {
		if err := c.event(t.of.Reference.String(), cases.EventStaff, "mail from a staff address in the thread, author not proven"); err != nil {
			return err
		}
		return c.fate(cases.FateStaff, t.of.Reference.String(), "staff address, in the thread")
	}
	if c.j.Decision != classify.Ignore {
		return c.open(t)
	}
	if c.j.Writer == Form {
		return c.fate(cases.FateIgnored, "", "web form, not a request")
	}
	return c.fate(cases.FateStaff, "", "staff address")
}

// asksMore reports whether the message asks for a right that the case does not have, which is a new
// request with its own clock; or asks anything at all after the case ended. What only sounds like a request is read with
// the open case.
func (c *clerk) asksMore(of cases.Case) bool {
	if c.j.Decision == classify.Ignore || c.j.Verdict.Guess && of.Status != cases.Closed {
		return false
	}
	return of.Status == cases.Closed || len(without(c.j.Verdict.Rights, of.Rights)) > 0
}

// without lists what is in a and not in b.
func without[T comparable](a, b []T) []T {
	return slices.DeleteFunc(slices.Clone(a), func(x T) bool { return slices.Contains(b, x) })
}

// link adds a follow-up to its case, and tells staff what it means for the case.
func (c *clerk) link(t thread) error {
	of, ref, note := t.of, t.of.Reference.String(), t.how
	why, changed := c.followUp(&of)
	if changed.Kind != "" {
		if err := c.tx.UpdateCase(of); err != nil {
			return err
		}
		if err := c.event(ref, changed.Kind, changed.Note); err != nil {
			return err
		}
	}
	machine := c.m.Auto.Kind != message.AutoNone
	if machine {
		note += "; automatic: " + c.m.Auto.Reason
	}
	if err := c.event(ref, cases.EventLinked, note); err != nil {
		return err
	}
	if !machine {
		if err := c.tell(of, why); err != nil {
			return err
		}
	}
	return c.fate(cases.FateLinked, ref, t.how)
}

// followUp judges what a further message of the requester changes, and why staff are told. A program notes what
// was sent and said; what follows is for people.
func (c *clerk) followUp(of *cases.Case) (why reply.NoticeReason, changed cases.Event) {
	waits := of.Identity == cases.IdentityMissing || of.Identity == cases.IdentityAnnounced || of.Identity == cases.IdentityRefused
	switch v := c.j.Verdict; {
	case v.Identity == classify.IdentityCandidate && of.Identity != cases.IdentityVerified:
		of.Copy = cases.CopyHeld
		of.Identity = cases.IdentityCandidate
		return reply.NoticeProof, cases.Event{Kind: cases.EventIdentity, Note: "an attachment that may be a proof of identity arrived"}
	case v.Identity == classify.IdentitySigned && waits:
		of.Identity = cases.IdentitySigned
		return reply.NoticeProof, cases.Event{Kind: cases.EventIdentity, Note: "a signed document or message arrived"}
	case v.TakenBack && of.Status != cases.Closed:
		if !slices.Contains(of.Flags, cases.TakenBack) {
			of.Flags = append(slices.Clone(of.Flags), cases.TakenBack)
			slices.Sort(of.Flags)
		}
		return reply.NoticeTakenBack, cases.Event{Kind: cases.EventTakenBack, Note: "the requester writes that he no longer asks"}
	case v.Declined && waits:
		of.Identity = cases.IdentityRefused
		return reply.NoticeDeclined, cases.Event{Kind: cases.EventIdentity, Note: "the requester declines to send a proof of identity"}
	case v.Identity == classify.IdentityAnnounced && of.Identity == cases.IdentityMissing:
		of.Identity = cases.IdentityAnnounced
		return reply.NoticeMessage, cases.Event{Kind: cases.EventIdentity, Note: "a proof of identity is announced"}
	case of.Status == cases.Closed:
		return reply.NoticeClosed, changed
	}
	return reply.NoticeMessage, changed
}

// foreign records that a stranger quoted a case's reference. He joins nothing and learns nothing.
func (c *clerk) foreign(ref string) error {
	if err := c.event(ref, cases.EventForeign, "a message from another address bears this reference"); err != nil {
		return err
	}
	of, err := c.tx.FindCase(ref)
	if err != nil {
		return err
	}
	if err := c.tell(of, reply.NoticeForeign); err != nil {
		return err
	}
	return c.fate(cases.FateForeign, "", "reference "+ref+" from another address")
}

// event appends a line to a case's history.
func (c *clerk) event(ref string, kind cases.EventKind, note string) error {
	by := "guichet"
	switch kind {
	case cases.EventLinked, cases.EventForeign:
		by = "requester"
	case cases.EventStaff:
		by = "staff"
	}
	return c.tx.AppendEvent(&cases.Event{Case: ref, Kind: kind, By: by, Note: note})
}

// thread is the case a message belongs to, if any.
type thread struct {
	found   bool
	of      cases.Case
	how     string // by what it was found
	foreign string // the reference a stranger quoted
}

// thread finds the case that a message belongs to: a mail of ours or of the requester that it answers;
// else the reference in its subject together with the requester's own address; else an open case of the
// same address that asks for the same.
func (c *clerk) thread() (thread, error) {
	steps := []func() (thread, error){c.byAnswer, c.byReference, c.bySameRequest}
	var foreign string
	for _, step := range steps {
		t, err := step()
		if err != nil || t.found {
			return t, err
		}
		foreign = cmp.Or(foreign, t.foreign)
	}
	return thread{foreign: foreign}, nil
}

// byAnswer follows In-Reply-To and References. The ids of our own mails cannot be guessed, so whoever
// answers one has received it; a client's ids can, so there the address must agree.
func (c *clerk) byAnswer() (thread, error) {
	ids := slices.Concat(c.m.InReplyTo, c.m.References)
	for _, id := range ids {
		out, err := c.tx.FindOutgoing(store.OutFilter{MessageID: id})
		if err != nil {
			return thread{}, err
		}
		if len(out) > 0 && out[0].Case != "" && (c.j.Writer != Client || !slices.Contains(answerableKinds, out[0].Kind)) {
			return c.found(out[0].Case, "answers our mail")
		}
	}
	if len(ids) == 0 {
		return thread{}, nil
	}
	entries, err := c.tx.FindEntries(store.EntryFilter{MessageIDs: ids})
	if err != nil {
		return thread{}, err
	}
	var foreign string
	for _, e := range entries {
		if e.Case == "" {
			continue
		}
		t, err := c.found(e.Case, "answers an earlier message")
		if err != nil || c.j.Writer != Client || c.wrote(t.of) {
			return t, err
		}
		foreign = e.Case
	}
	return thread{foreign: foreign}, nil
}

// byReference looks for our references in the subject.
func (c *clerk) byReference() (thread, error) {
	var foreign string
	for _, r := range cases.FindReferences(c.m.Subject) {
		if !strings.EqualFold(r.Prefix, c.Profile.Prefix) {
			continue
		}
		t, err := c.found(r.String(), "reference in the subject")
		if err != nil || t.found && (c.wrote(t.of) || c.j.Writer == Staff || c.j.Writer == Own) {
			return t, err
		}
		if t.found {
			foreign = r.String()
		}
	}
	return thread{foreign: foreign}, nil
}

// maxOpenOfAddress is from how many open cases of one address on a message of it in which no right was recognised
// joins the last of them. No person has so many; a machine would make one of each of its mails.
const maxOpenOfAddress = 20

// bySameRequest finds an open case of the same address which already has every right asked for now, or
// which waits for the proof of identity that has come.
func (c *clerk) bySameRequest() (thread, error) {
	if c.j.Requester.Address == "" {
		return thread{}, nil
	}
	open, err := c.tx.FindCases(store.CaseFilter{Address: c.j.Requester.Address, Statuses: []cases.Status{cases.Triage, cases.Open}})
	if err != nil {
		return thread{}, err
	}
	if crowded := len(open) >= maxOpenOfAddress; crowded && c.j.Decision == classify.ToTriage && len(c.j.Verdict.Rights) == 0 {
		return thread{found: true, of: open[len(open)-1], how: "same address, many cases open already"}, nil
	}
	for _, of := range open {
		if c.past && c.entry.Received.After(c.Profile.Term.Expires(of.Due)) {
			continue // nobody knows whether that one is still open: the same words again are a new request
		}
		if c.j.Decision != classify.Ignore && len(c.j.Verdict.Rights) > 0 && len(without(c.j.Verdict.Rights, of.Rights)) == 0 {
			return thread{found: true, of: of, how: "same address, same rights, still open"}, nil
		}
		waits := of.Identity == cases.IdentityMissing || of.Identity == cases.IdentityAnnounced
		if (c.j.Decision == classify.Ignore || c.j.Verdict.Guess) && waits && c.j.Verdict.Identity == classify.IdentityCandidate {
			return thread{found: true, of: of, how: "proof of identity for an open case of the same address"}, nil
		}
		if c.j.Verdict.Guess {
			return thread{found: true, of: of, how: "same address, sounds like a request, a case is open"}, nil
		}
	}
	return thread{}, nil
}

// wrote reports whether the message comes from the requester's own address.
func (c *clerk) wrote(of cases.Case) bool {
	return of.Requester.Address != "" && strings.EqualFold(of.Requester.Address, c.j.Requester.Address)
}

// found loads the case that was found; a reference that no case bears is no find.
func (c *clerk) found(ref, how string) (thread, error) {
	of, err := c.tx.FindCase(ref)
	if isNotFound(err) {
		return thread{}, nil
	}
	if err != nil {
		return thread{}, fmt.Errorf("reading case %s: %w", ref, err)
	}
	return thread{found: true, of: of, how: how}, nil
}
