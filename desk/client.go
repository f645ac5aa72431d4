package desk

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/classify"
	"guichetdunumerique.be/guichet/intake/message"
	"guichetdunumerique.be/guichet/store"
)

// fromClient files what somebody outside wrote.
func (c *clerk) fromClient() error {
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
	t, err := c.thread()
	if err != nil {
		return err
	}
	if t.found && c.j.Writer != Form {
		if err := c.event(t.of.Reference.String(), cases.EventStaff, "mail from a staff address in the thread, author not proven"); err != nil {
			return err
		}
		return c.fate(cases.FateStaff, t.of.Reference.String(), "staff address, in the thread")
	}
	if c.m.Auto.Kind != message.AutoNone {
		return c.fate(cases.FateAutomatic, "", "B9 automatic mail of our own domain")
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
// request with its own clock; or asks anything at all after the case ended.
func (c *clerk) asksMore(of cases.Case) bool {
	if c.j.Decision == classify.Ignore {
		return false
	}
	return of.Status == cases.Closed || len(without(c.j.Verdict.Rights, of.Rights)) > 0
}

// without lists the rights of a that are not in b.
func without(a, b []cases.Right) []cases.Right {
	return slices.DeleteFunc(slices.Clone(a), func(r cases.Right) bool { return slices.Contains(b, r) })
}

// link adds a follow-up to its case.
func (c *clerk) link(t thread) error {
	ref := t.of.Reference.String()
	note := t.how
	if c.j.Verdict.Identity == classify.IdentityCandidate && t.of.Identity != cases.IdentityVerified {
		of := t.of
		if of.Identity != cases.IdentityCandidate {
			of.Identity = cases.IdentityCandidate
			if err := c.tx.UpdateCase(of); err != nil {
				return err
			}
			if err := c.event(ref, cases.EventIdentity, "an attachment that may be a proof of identity arrived"); err != nil {
				return err
			}
		}
	}
	if c.m.Auto.Kind != message.AutoNone {
		note += "; automatic: " + c.m.Auto.Reason
	}
	if err := c.event(ref, cases.EventLinked, note); err != nil {
		return err
	}
	return c.fate(cases.FateLinked, ref, t.how)
}

// foreign records that a stranger quoted a case's reference. He joins nothing and learns nothing.
func (c *clerk) foreign(ref string) error {
	if err := c.event(ref, cases.EventForeign, "a message from another address bears this reference"); err != nil {
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
		if len(out) > 0 && out[0].Case != "" {
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
	for _, of := range open {
		if c.past && c.entry.Received.After(c.Profile.Term.Expires(of.Due)) {
			continue // nobody knows whether that one is still open: the same words again are a new request
		}
		if c.j.Decision != classify.Ignore && len(c.j.Verdict.Rights) > 0 && len(without(c.j.Verdict.Rights, of.Rights)) == 0 {
			return thread{found: true, of: of, how: "same address, same rights, still open"}, nil
		}
		waits := of.Identity == cases.IdentityMissing || of.Identity == cases.IdentityAnnounced
		if c.j.Decision == classify.Ignore && waits && c.j.Verdict.Identity == classify.IdentityCandidate {
			return thread{found: true, of: of, how: "proof of identity for an open case of the same address"}, nil
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
