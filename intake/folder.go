package intake

import (
	"context"
	"fmt"
	"iter"
	"math"
	"time"

	"github.com/emersion/go-imap/v2"
)

// batch is how many messages are fetched in one round trip: go-imap holds back 128 at most.
const batch = 100

// folder is one watched folder. It outlives its sessions.
type folder struct {
	*Mailbox
	name string
	use  imap.MailboxAttr // \Junk, \Sent, or "" for a folder that clients write to
	seek bool             // the name is found by SPECIAL-USE, in each session anew

	box    box
	reread imap.UID // UIDs up to this one are read again
	singly imap.UID // UIDs up to this one are fetched one by one, since together they failed
	ill    illness
	taken  int // messages handed over since the start

	seen    time.Time // of the last look that went well, or the start
	failing bool
}

// look reads what is new in the folder, hands it to the desk in the order of the UIDs, and reports the look.
func (f *folder) look(ctx context.Context, s *session) error {
	var err error
	if f.box, err = s.examine(ctx, f.name); err != nil {
		return err
	}
	read, err := f.resume(ctx, s)
	if err != nil {
		return inFolder(err, f.name)
	}
	if read < math.MaxUint32 {
		fresh, err := s.search(ctx, from(read+1))
		if err != nil {
			return inFolder(err, f.name)
		}
		for uids := range f.batches(fresh, read) {
			if err := f.read(ctx, s, uids, f.desk.Take); err != nil {
				return inFolder(err, f.name)
			}
		}
	}
	if err := f.desk.Checked(ctx, f.name, time.Now()); err != nil {
		return fmt.Errorf("reporting a look at folder %q: %w", f.name, err)
	}
	return nil
}

// resume finds out up to which UID the folder has been read.
func (f *folder) resume(ctx context.Context, s *session) (imap.UID, error) {
	p, known, err := f.desk.Position(ctx, f.name)
	if err != nil {
		return 0, fmt.Errorf("finding the position in folder %q: %w", f.name, err)
	}
	if !known {
		return f.begin(ctx, s)
	}
	if p.UIDValidity != f.box.validity {
		return 0, f.renumbered(ctx, s)
	}
	if f.box.next != 0 && uint32(f.box.next) <= p.UID {
		// UIDs never shrink (RFC 9051 section 2.3.1.1), unless the server was restored from a backup and
		// does not own up to it, or merely gets UIDNEXT wrong.
		rest, err := s.search(ctx, from(imap.UID(p.UID)))
		if err != nil {
			return 0, err
		}
		if highest(rest) < imap.UID(p.UID) {
			return 0, f.renumbered(ctx, s)
		}
	}
	f.reread = max(f.reread, imap.UID(p.Reread))
	return imap.UID(p.UID), nil
}

// begin starts a folder never seen before: what lies in it is the past, and left alone.
func (f *folder) begin(ctx context.Context, s *session) (imap.UID, error) {
	last, err := f.last(ctx, s)
	if err != nil {
		return 0, err
	}
	p := Position{UIDValidity: f.box.validity, UID: uint32(last)}
	if err := f.desk.Begin(ctx, f.name, p); err != nil {
		return 0, fmt.Errorf("beginning folder %q: %w", f.name, err)
	}
	return last, nil
}

// renumbered begins the folder again from its first message.
func (f *folder) renumbered(ctx context.Context, s *session) error {
	last, err := f.last(ctx, s)
	if err != nil {
		return err
	}
	f.reread, f.singly, f.ill = last, 0, illness{}
	p := Position{UIDValidity: f.box.validity, Reread: uint32(last)}
	if err := f.desk.Renumbered(ctx, f.name, p); err != nil {
		return fmt.Errorf("beginning folder %q again: %w", f.name, err)
	}
	return nil
}

// last is the highest UID given out when the folder was opened.
func (f *folder) last(ctx context.Context, s *session) (imap.UID, error) {
	if f.box.next > 0 {
		return f.box.next - 1, nil
	}
	if f.box.messages == 0 {
		return 0, nil
	}
	newest, err := s.search(ctx, imap.SearchCriteria{SeqNum: []imap.SeqSet{imap.SeqSetNum(f.box.messages)}})
	return highest(newest), err
}

// highest is the highest UID of a set, 0 when it is empty.
func highest(set imap.UIDSet) imap.UID {
	var last imap.UID
	for _, r := range set {
		last = max(last, r.Start, r.Stop)
	}
	return last
}

// batches yields the UIDs above read in ascending order, as many at a time as are to be fetched together.
func (f *folder) batches(set imap.UIDSet, read imap.UID) iter.Seq[[]imap.UID] {
	return func(yield func([]imap.UID) bool) {
		var uids []imap.UID
		for uid := range numbers(set, read) {
			uids = append(uids, uid)
			if len(uids) < batch && uid > f.singly {
				continue
			}
			if !yield(uids) {
				return
			}
			uids = nil
		}
		if len(uids) > 0 {
			yield(uids)
		}
	}
}

// numbers yields the UIDs of a set above read. The set comes from the server: its ranges may be absurd, so
// they are never laid out in memory.
func numbers(set imap.UIDSet, read imap.UID) iter.Seq[imap.UID] {
	return func(yield func(imap.UID) bool) {
		for _, r := range set {
			for uid := uint64(max(r.Start, read+1)); uid <= uint64(r.Stop); uid++ {
				if !yield(imap.UID(uid)) {
					return
				}
			}
		}
	}
}

// taker takes messages over, in order.
type taker func(context.Context, Arrival) error

// read fetches some messages and hands them over.
func (f *folder) read(ctx context.Context, s *session, uids []imap.UID, take taker) error {
	heads := map[imap.UID]*head{}
	if len(uids) > 1 {
		var err error
		heads, err = s.heads(ctx, imap.UIDSetNum(uids...), false)
		if err != nil {
			f.singly = uids[len(uids)-1]
			if !isRefusal(err) {
				return err // the connection is lost
			}
		}
	}
	for _, uid := range uids {
		a, err := f.arrival(ctx, s, uid, heads[uid])
		if err != nil {
			return err
		}
		delete(heads, uid)
		if a == nil {
			continue // somebody deleted it meanwhile
		}
		if err := take(ctx, *a); err != nil {
			return fmt.Errorf("handing over message %d of folder %q: %w", uid, f.name, err)
		}
		f.ill = illness{}
		f.taken++
	}
	return nil
}
