package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/intake"
	"guichetdunumerique.be/guichet/reply"
	"guichetdunumerique.be/guichet/store"
)

// places are the kinds of outgoing mail that go into a folder of the account.
var places = map[string]intake.Place{kindDraft: intake.PlaceDrafts, kindCopy: intake.PlaceSent}

// draftAnswer makes a draft of the answer to a new case where the desk wants one.
func (c *clerk) draftAnswer(k cases.Case) error {
	if !c.Profile.Drafts || c.Drafter == nil || c.past || k.Status != cases.Open {
		return nil
	}
	err := c.draft(c.tx, k, cases.DraftAnswer, "")
	var problem *cases.CommandProblem
	if errors.As(err, &problem) {
		return nil // nobody to write to: the notice says so
	}
	return err
}

// draftSent records that a colleague finished a draft and sent it.
func (c *clerk) draftSent(o store.Outgoing) error {
	if !c.a.Sent {
		return c.fate(cases.FateAutomatic, o.Case, "B9 our own mail")
	}
	of, err := c.tx.FindCase(o.Case)
	if err != nil {
		return err
	}
	kind := strings.Split(o.Key, ":")[2]
	if err := c.event(o.Case, cases.EventDraftSent, kind); err != nil {
		return err
	}
	return c.replied(of, "a finished draft in the Sent folder: "+kind)
}

// draftFinished records that a colleague sent a draft to which his mail program gave another Message-ID: the
// subject still bears the reference, as that of a draft does.
func (c *clerk) draftFinished(of cases.Case) error {
	if !slices.Contains(cases.FindReferences(c.m.Subject), of.Reference) {
		return nil
	}
	ref := of.Reference.String()
	drafts, err := c.tx.FindOutgoing(store.OutFilter{Case: ref, Kinds: []string{kindDraft}, States: []store.OutState{store.OutSent}})
	if err != nil {
		return err
	}
	sent, err := draftsSent(c.tx, ref)
	if err != nil || sent >= len(drafts) {
		return err
	}
	newest := strings.Split(drafts[len(drafts)-1].Key, ":")[2]
	return c.event(ref, cases.EventDraftSent, newest+", under another Message-ID")
}

// put hands a mail to the account's own folder.
func (d *Desk) put(ctx context.Context, to intake.Place, m reply.Mail) error {
	if d.Drafter == nil {
		return &reply.SendError{Kind: reply.Permanent, Stage: "folder", Err: errors.New("the config names no mailbox to write to")}
	}
	raw, err := m.Bytes()
	if err != nil {
		return &reply.SendError{Kind: reply.Permanent, Stage: "compose", Err: err}
	}
	err = d.Drafter.Append(ctx, to, m.MessageID, raw)
	var refused *intake.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused) && refused.Kind == intake.KindFolder:
		return &reply.SendError{Kind: reply.Permanent, Stage: "folder", Err: err}
	}
	return &reply.SendError{Kind: reply.Temporary, Stage: "folder", Err: err}
}

// drafted records what became of a draft.
func (d *Desk) drafted(tx *store.Tx, o store.Outgoing, e ending) error {
	event := cases.Event{Case: o.Case, Kind: cases.EventDrafted, By: "guichet", Note: strings.Split(o.Key, ":")[2]}
	if e.state != store.OutSent {
		event.Kind, event.Note = cases.EventNotSent, fmt.Sprintf("draft: %s", e.why)
	}
	if err := tx.AppendEvent(&event); err != nil || e.alert == "" {
		return err
	}
	return d.alert(tx, e.alert, o.Case, o.Key)
}

// copyToSent queues a copy of a mail to a client that SMTP took, where the provider puts none there itself.
func (d *Desk) copyToSent(tx *store.Tx, o store.Outgoing, e ending) error {
	if !d.Profile.CopyToSent || e.state != store.OutSent || o.Payload == nil || !slices.Contains(clientKinds, o.Kind) {
		return nil
	}
	err := tx.Enqueue(&store.Outgoing{
		Key: kindCopy + ":" + o.Key, Kind: kindCopy, Case: o.Case, Recipient: d.Profile.Address,
		MessageID: "copy." + o.MessageID, Payload: o.Payload, NextAttempt: tx.Now,
	})
	if errors.Is(err, store.ErrExists) {
		return nil
	}
	return err
}
