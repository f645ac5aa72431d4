package intake

import (
	"context"
	"errors"
	"math"
	"time"

	"github.com/emersion/go-imap/v2"
)

// Past says which of the mail that lies in a mailbox already is to be read, and who takes it.
type Past struct {
	// Since leaves out what the server received on an earlier day. A server compares days of a zone of its own
	// and the date of the last move, so some of what comes is older: whoever takes it must look.
	Since time.Time
	From  map[string]Position // where an earlier reading was left, by folder; nil for the first

	// Found is told once, before any message is taken, how many are to be read. Some may yet be deleted, or arrive.
	Found func(messages int)
	// Take takes one message after the other, by folder and UID. An error ends the reading.
	Take func(context.Context, Arrival) error
}

// ErrRenumbered ends a reading of the past: a position of an earlier reading means other messages by now.
var ErrRenumbered = errors.New("the server has numbered the messages anew since an earlier reading")

// ReadPast reads the past of every folder but Sent, over one connection, as carefully as Once and as silently: the
// desk of the mailbox is told nothing, and no position of it moves. The first failure ends it.
func (m *Mailbox) ReadPast(ctx context.Context, p Past) error {
	v := visit{Mailbox: m}
	defer v.leave()
	var readings []*reading
	var total uint64
	for _, f := range m.folders() {
		if f.use == imap.MailboxAttrSent {
			continue
		}
		r := &reading{folder: f, past: p}
		err := v.look(ctx, f, r.count)
		if errors.Is(err, errNothing) {
			continue
		}
		if err != nil {
			return err
		}
		total += r.found
		readings = append(readings, r)
	}
	p.Found(int(min(total, math.MaxInt32)))
	for _, r := range readings {
		if err := v.look(ctx, r.folder, r.read); err != nil {
			return err
		}
	}
	return nil
}

// reading is the past of one folder.
type reading struct {
	*folder
	past  Past
	last  Position // the message taken last; zero before the first
	found uint64
}

// count finds out how many messages there are to read.
func (r *reading) count(ctx context.Context, s *session) error {
	set, after, err := r.search(ctx, s)
	r.found = 0
	for _, part := range set {
		if first := max(part.Start, after+1); first <= part.Stop {
			r.found += uint64(part.Stop-first) + 1
		}
	}
	return err
}

// read hands over the messages, and goes on behind the last one after a connection was lost.
func (r *reading) read(ctx context.Context, s *session) error {
	set, after, err := r.search(ctx, s)
	if err != nil {
		return err
	}
	for uids := range r.batches(set, after) {
		if err := r.folder.read(ctx, s, uids, r.take); err != nil {
			return inFolder(err, r.name)
		}
	}
	return nil
}

func (r *reading) take(ctx context.Context, a Arrival) error {
	if err := r.past.Take(ctx, a); err != nil {
		return err
	}
	r.last = Position{UIDValidity: a.UIDValidity, UID: a.UID}
	return nil
}

// search opens the folder and finds the messages to read, those after a UID.
func (r *reading) search(ctx context.Context, s *session) (set imap.UIDSet, after imap.UID, err error) {
	if r.box, err = s.examine(ctx, r.name); err != nil {
		return nil, 0, err
	}
	p := r.last
	if p == (Position{}) {
		p = r.past.From[r.name]
	}
	if p.UIDValidity != 0 && p.UIDValidity != r.box.validity {
		return nil, 0, inFolder(r.fail(KindFolder, "going on", ErrRenumbered, ""), r.name)
	}
	after = imap.UID(p.UID)
	if after == math.MaxUint32 {
		return nil, after, nil
	}
	criteria := from(after + 1)
	criteria.Since = r.past.Since.AddDate(0, 0, -1) // whatever the server's zone
	set, err = s.search(ctx, criteria)
	return set, after, inFolder(err, r.name)
}
