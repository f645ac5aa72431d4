package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/classify"
	"guichetdunumerique.be/guichet/intake"
	"guichetdunumerique.be/guichet/store"
)

// heldPast is why no case of a scan is acknowledged by itself: whoever wrote months ago may long have his
// answer.
const heldPast = "opened by scan, a person acknowledges"

// Scanned is what became of a message of the past.
type Scanned struct {
	Judgement Judgement
	Entry     store.Entry
	Opened    cases.Case // the case that the message opened; zero when it opened none
}

// Scan files a message of the past as Take would have filed it, but for this: no case is acknowledged, and no
// folder's position moves. What was filed before is found again and not filed twice. On a store of its own
// it tells what would happen on the desk's.
func (d *Desk) Scan(ctx context.Context, a intake.Arrival) (s Scanned, err error) {
	err = d.carefully(a, func(a intake.Arrival) error {
		s.Judgement = d.judge(a)
		return d.Store.Update(ctx, func(tx *store.Tx) error { return d.scanned(tx, a, &s) })
	})
	if err != nil {
		return s, fmt.Errorf("filing message %d of a folder: %w", a.UID, err)
	}
	return s, nil
}

func (d *Desk) scanned(tx *store.Tx, a intake.Arrival, s *Scanned) error {
	if err := samePlaces(tx, a); err != nil {
		return err
	}
	c := clerk{Desk: d, tx: tx, a: a, m: a.Message, j: s.Judgement, past: true}
	err := c.file()
	if err != nil {
		return err
	}
	if s.Entry, err = tx.FindEntry(a.Folder, a.UIDValidity, a.UID); err != nil {
		return err
	}
	if s.Entry.Case != "" && (s.Entry.Fate == cases.FateCase || s.Entry.Fate == cases.FateUnreadable) {
		s.Opened, err = tx.FindCase(s.Entry.Case)
	}
	return err
}

// ErrOtherPlaces means that the ledger knows the messages of a folder by numbers that the server no longer uses.
// The desk finds them again when it next looks at the folder.
var ErrOtherPlaces = errors.New("the server has numbered the folder anew since the desk last looked")

// samePlaces refuses a folder that was renumbered without the desk's knowing: it must carry its rows to their
// new places first.
func samePlaces(tx *store.Tx, a intake.Arrival) error {
	f, err := tx.FindFolder(a.Folder)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err == nil && f.UIDValidity != a.UIDValidity {
		err = ErrOtherPlaces
	}
	return err
}

// Knows reports whether a message was filed before a moment, here or as a copy, or is one that the desk has yet
// to read by itself.
func (d *Desk) Knows(ctx context.Context, a intake.Arrival, before time.Time) (known bool, err error) {
	err = d.Store.Update(ctx, func(tx *store.Tx) (err error) { // since the first fingerprint draws its key
		known, err = knows(tx, a, before)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("looking for message %d of a folder in the ledger: %w", a.UID, err)
	}
	return known, nil
}

func knows(tx *store.Tx, a intake.Arrival, before time.Time) (bool, error) {
	f, err := tx.FindFolder(a.Folder)
	switch {
	case err == nil && f.UIDValidity == a.UIDValidity && a.UID > f.UID:
		return true, nil // yet to be read
	case err != nil && !errors.Is(err, store.ErrNotFound):
		return false, err
	}
	here, err := tx.FindEntry(a.Folder, a.UIDValidity, a.UID)
	if err == nil && here.Recorded.Before(before) {
		return true, nil
	}
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return false, err
	}
	print, err := fingerprint(tx, a)
	if err != nil {
		return false, err
	}
	copies, err := tx.FindEntries(store.EntryFilter{Fingerprint: print})
	return slices.ContainsFunc(copies, func(e store.Entry) bool { return e.Recorded.Before(before) }), err
}

// Around is what stands before and after a piece of evidence in the words that were judged, at most so many bytes
// of each and whole words only, for a person to see what the writer meant. Numbers are masked.
func (j Judgement) Around(e classify.Evidence, most int) (before, after string) {
	text := map[string]string{"subject": j.words.Subject, "text": j.words.Text, "relayed": j.words.Relayed}[e.Part]
	if e.Start < 0 || e.End < e.Start || e.End > len(text) || text[e.Start:e.End] != e.Text {
		return "", ""
	}
	before, after = text[:e.Start], text[e.End:]
	before = cases.Mask(before[max(0, len(before)-2*most):]) // before it is cut: half a number is not known for one
	after = cases.Mask(after[:min(len(after), 2*most)])
	if len(before) > most {
		_, before, _ = strings.Cut(before[len(before)-most:], " ")
	}
	if len(after) > most {
		after = after[:most]
		after = after[:max(strings.LastIndexByte(after, ' '), 0)]
	}
	return before, after
}
