package desk

import (
	"errors"
	"fmt"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/intake/message"
	"guichetdunumerique.be/guichet/reply"
	"guichetdunumerique.be/guichet/store"
)

// Kinds of outgoing mail: the part of a key before the first colon.
const (
	kindAck      = "ack"
	kindIdentity = "identity" // the one reminder of a proof of identity
	kindAlert    = "alert"
	kindFlood    = "flood" // the alarm that the cap of an hour was reached
	kindNotice   = "notice"
	kindDigest   = "digest"
	kindSummary  = "summary" // of notices and alerts that a rush left no room for
	kindReceipt  = "receipt"
	kindDraft    = "draft" // goes to the Drafts folder, not to SMTP
	kindCopy     = "copy"  // goes to the Sent folder
)

// clientKinds are the kinds of outgoing mail that go to people outside.
var clientKinds = []string{kindAck, kindIdentity}

// taskKinds are the kinds of reminders.
var taskKinds = []string{
	string(cases.TaskDue), string(cases.TaskLate), string(cases.TaskExtend), string(cases.TaskConfirm), string(cases.TaskHeld),
	string(cases.TaskPromptly), string(cases.TaskCopy),
}

// answerableKinds are the kinds that staff answer with commands.
var answerableKinds = append([]string{kindNotice, kindDigest, kindSummary, kindReceipt}, taskKinds...)

// notice is what staff are to be told of a case.
type notice struct {
	of         cases.Case
	why        reply.NoticeReason
	rules      []string
	place      reply.Place // of the message that it is about
	parentID   string
	references []string
}

// notify tells each colleague. The number of the case's last event makes the key, so that each happening is
// told once, and orders the calendar entries.
func (d *Desk) notify(tx *store.Tx, n notice) error {
	ref := n.of.Reference.String()
	last, err := tx.LastEvent(ref)
	if err != nil {
		return err
	}
	for i, to := range d.Profile.Staff {
		err := d.tellOne(tx, fmt.Sprintf("%s:%s:%d:%d", kindNotice, ref, last, i+1), ref, to, string(n.why), func() (reply.Mail, error) {
			m, err := d.Composer.Notice(reply.Notice{
				Case: n.of, Why: n.why, Rules: n.rules, Place: n.place, To: to, ParentID: n.parentID, ParentReferences: n.references,
				Sequence: last, Now: tx.Now,
			})
			if err != nil {
				return m, fmt.Errorf("composing a notice of %s: %w", ref, err)
			}
			return m, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// tell notifies staff of what the message at hand did to a case. The past is told by a scan's report.
func (c *clerk) tell(of cases.Case, why reply.NoticeReason) error {
	if c.past {
		return nil
	}
	return c.notify(c.tx, notice{
		of: of, why: why, rules: ruleIDs(c.j.Verdict.Evidence), place: reply.Place{Folder: c.a.Folder, Received: c.entry.Received},
		parentID: c.m.MessageID, references: c.parentReferences(),
	})
}

// tellOpened notifies staff of a new case.
func (c *clerk) tellOpened(k cases.Case) error {
	if !c.Profile.NotifyNew {
		return nil
	}
	if k.Status == cases.Triage {
		return c.tell(k, reply.NoticeTriage)
	}
	return c.tell(k, reply.NoticeOpened)
}

// enqueueOnce puts a mail into the outbox unless its key was there before.
func enqueueOnce(tx *store.Tx, key, ref string, m reply.Mail) error {
	return ignoreKnown(enqueue(tx, key, ref, m))
}

// ignoreKnown passes over what the outbox knows already.
func ignoreKnown(err error) error {
	if errors.Is(err, store.ErrExists) {
		return nil
	}
	return err
}

// origin is where the message that opened a case lies, and its Message-ID.
func origin(tx *store.Tx, ref string) (place reply.Place, messageID string, err error) {
	entries, err := tx.FindEntries(store.EntryFilter{Case: ref})
	if err != nil {
		return reply.Place{}, "", err
	}
	for _, e := range entries {
		if e.Fate == cases.FateCase || e.Fate == cases.FateUnreadable {
			return reply.Place{Folder: e.Folder, Received: e.Received}, e.MessageID, nil
		}
	}
	return reply.Place{}, "", nil
}

// recipients are the addresses that a message goes to.
func recipients(m message.Message) []string {
	var list []string
	for _, a := range m.To {
		list = append(list, a.Address)
	}
	for _, a := range m.Cc {
		list = append(list, a.Address)
	}
	return list
}
