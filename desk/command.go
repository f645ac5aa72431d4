package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/reply"
	"guichetdunumerique.be/guichet/store"
)

// Instruct carries out a command given on the command line. What cannot be done is told in Done.Problem; an
// error means that nothing is known.
func (d *Desk) Instruct(ctx context.Context, by string, cmd cases.Command) (done reply.Done, err error) {
	err = d.Store.Update(ctx, func(tx *store.Tx) error {
		all, err := d.instruct(tx, by, mandate{}, []cases.Command{cmd})
		if err == nil {
			done = all[0]
		}
		return err
	})
	if err != nil {
		return done, fmt.Errorf("carrying out %q: %w", cmd.Verb, err)
	}
	d.poke()
	return done, nil
}

// mandate is what commands may touch.
type mandate struct {
	of   string // the case that commands without a reference mean, "" for none
	only bool   // and no other case: clients come to see the Message-ID of a notice when staff answer them from it
}

// instruct carries out commands one after the other, each as far as the case allows.
func (d *Desk) instruct(tx *store.Tx, by string, may mandate, commands []cases.Command) ([]reply.Done, error) {
	var all []reply.Done
	for _, cmd := range commands {
		cmd.Case = cmp.Or(cmd.Case, may.of)
		done := reply.Done{Line: cmd.String(), Case: cmd.Case}
		changed, err := d.within(tx, by, may, cmd)
		var problem *cases.CommandProblem
		switch {
		case errors.As(err, &problem):
			done.Problem, done.Detail = string(problem.Kind), problem.Detail
		case err != nil:
			return nil, err
		}
		done.Changed = changed
		all = append(all, done)
	}
	return all, nil
}

// within carries out a command if the mandate covers its case.
func (d *Desk) within(tx *store.Tx, by string, may mandate, cmd cases.Command) (changed string, err error) {
	if may.only && cmd.Case != may.of {
		return "", &cases.CommandProblem{Kind: cases.ProblemOtherCase, Detail: may.of}
	}
	return d.carryOut(tx, by, cmd)
}

// carryOut applies one command to its case and does what follows from it. It returns what changed.
func (d *Desk) carryOut(tx *store.Tx, by string, cmd cases.Command) (changed string, err error) {
	before, err := findCase(tx, cmd.Case)
	if err != nil {
		return "", err
	}
	var other cases.Case
	if cmd.Verb == cases.VerbMerge {
		if other, err = findCase(tx, cmd.Other); err != nil {
			return "", err
		}
	}
	after, events, err := cases.Apply(before, cmd, cases.Office{By: by, Now: tx.Now, Term: d.Profile.Term})
	if err != nil {
		return "", err
	}
	if err := tx.UpdateCase(after); err != nil {
		return "", err
	}
	for i := range events {
		events[i].Case, events[i].By = after.Reference.String(), by
		if err := tx.AppendEvent(&events[i]); err != nil {
			return "", err
		}
		changed = events[i].Note
	}
	if cmd.Verb == cases.VerbMerge {
		joined := cases.Event{Case: other.Reference.String(), Kind: cases.EventMerged, By: by, Note: "merged in: " + after.Reference.String()}
		if err := tx.AppendEvent(&joined); err != nil {
			return "", err
		}
	}
	drafted, err := d.draftFor(tx, after, cmd)
	if err != nil {
		return "", err
	}
	if !sameCourse(before, after) {
		err = d.notifyChanged(tx, after)
	}
	return cmp.Or(changed, drafted), err
}

// findCase is the case that staff name. That there is none is for them to mend.
func findCase(tx *store.Tx, reference string) (cases.Case, error) {
	if reference == "" {
		return cases.Case{}, &cases.CommandProblem{Kind: cases.ProblemNoCase}
	}
	k, err := tx.FindCase(reference)
	if isNotFound(err) {
		return cases.Case{}, &cases.CommandProblem{Kind: cases.ProblemUnknownCase, Detail: reference}
	}
	return k, err
}

// sameCourse reports whether colleagues need not be told of a change: status and dates are as they were.
func sameCourse(before, after cases.Case) bool {
	return before.Status == after.Status && before.Extended == after.Extended && slices.Equal(before.Pauses, after.Pauses) &&
		slices.Equal(before.Rights, after.Rights)
}

// notifyChanged tells all colleagues of what one of them decided; their calendars follow.
func (d *Desk) notifyChanged(tx *store.Tx, k cases.Case) error {
	place, id, err := origin(tx, k.Reference.String())
	if err != nil {
		return err
	}
	return d.notify(tx, notice{of: k, why: reply.NoticeChanged, place: place, parentID: id})
}

// draftFor puts the draft that a command asks for, or calls for, into the outbox.
func (d *Desk) draftFor(tx *store.Tx, k cases.Case, cmd cases.Command) (string, error) {
	kind := cmd.Draft
	switch {
	case cmd.Verb == cases.VerbExtend && d.Drafter != nil:
		kind = cases.DraftExtension
	case cmd.Verb != cases.VerbDraft:
		return "", nil
	case d.Drafter == nil:
		return "", &cases.CommandProblem{Kind: cases.ProblemNoDrafts}
	}
	if err := d.draft(tx, k, kind, cmd.Reason); err != nil {
		return "", err
	}
	return "draft " + string(kind), nil
}

// draft puts a letter for a person to finish into the outbox. A second one of its kind is made only once the
// first was sent.
func (d *Desk) draft(tx *store.Tx, k cases.Case, kind cases.DraftKind, reason string) error {
	ref := k.Reference.String()
	if k.Requester.Address == "" {
		return &cases.CommandProblem{Kind: cases.ProblemNoRequester, Detail: ref}
	}
	_, id, err := origin(tx, ref)
	if err != nil {
		return err
	}
	m, err := d.Composer.Draft(reply.Draft{Case: k, Kind: kind, Reason: reason, ParentID: id, Now: tx.Now})
	if err != nil {
		return fmt.Errorf("composing a draft of %s: %w", ref, err)
	}
	sent, err := draftsSent(tx, ref)
	if err != nil {
		return err
	}
	key := fmt.Sprintf("%s:%s:%s", kindDraft, ref, kind)
	if sent > 0 {
		key += fmt.Sprintf(":%d", sent+1)
	}
	err = enqueue(tx, key, ref, m)
	if errors.Is(err, store.ErrExists) {
		return &cases.CommandProblem{Kind: cases.ProblemDraftThere, Detail: string(kind)}
	}
	return err
}

// draftsSent counts the drafts of a case that people finished and sent.
func draftsSent(tx *store.Tx, ref string) (int, error) {
	events, err := tx.FindEvents(ref)
	n := 0
	for _, e := range events {
		if e.Kind == cases.EventDraftSent {
			n++
		}
	}
	return n, err
}
