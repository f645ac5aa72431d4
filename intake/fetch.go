package intake

import (
	"context"
	"io"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// answer is what a server told of one message, in one response or several.
type answer struct {
	uid       imap.UID
	date      time.Time // zero when not told
	size      int64     // -1 when not told
	structure imap.BodyStructure
	sections  []section
}

// section is a piece of a message's bytes: of a part, or with an empty path of the whole.
type section struct {
	path  []int
	bytes []byte
	void  bool // the server answered NIL
}

// find is the piece with that path.
func (a *answer) find(path []int) (section, bool) {
	i := slices.IndexFunc(a.sections, func(s section) bool { return slices.Equal(s.path, path) })
	if i < 0 {
		return section{}, false
	}
	return a.sections[i], true
}

// merge takes from b what a lacks.
func (a *answer) merge(b answer) {
	if a.date.IsZero() {
		a.date = b.date
	}
	if a.size < 0 {
		a.size = b.size
	}
	if a.structure == nil {
		a.structure = b.structure
	}
	for _, s := range b.sections {
		if _, ok := a.find(s.path); !ok {
			a.sections = append(a.sections, s)
		}
	}
}

// strayWait is how long an incomplete answer is given for its other pieces to be handed over.
const strayWait = time.Second

// request is a FETCH of some messages.
type request struct {
	uids  imap.UIDSet
	items imap.FetchOptions
	most  int64 // bytes read of each literal
	// budget is the most bytes that the whole answer may have.
	budget int64
	// complete tells whether all that was asked for of a message is there.
	complete func(*answer) bool
}

// fetch runs the request. Messages that the server left out are missing from the result, pieces that it left
// out from their answers: neither go-imap nor the server calls that an error, so the caller must look. When
// err is a refusal, what was told before it is there too.
func (s *session) fetch(ctx context.Context, r request) (map[imap.UID]*answer, error) {
	s.most.Store(r.most)
	for len(s.strays) > 0 {
		<-s.strays // of an earlier command
	}
	r.items.UID = true
	found := make(map[imap.UID]*answer)
	err := s.do(ctx, "fetching", r.budget, func() error {
		command := s.client.Fetch(r.uids, &r.items)
		for {
			m := command.Next()
			if m == nil {
				return command.Close()
			}
			if a, err := s.drain(m); err == nil {
				keep(found, r.uids, a)
			}
		}
	})
	if err != nil && !isRefusal(err) {
		return nil, err
	}
	s.gather(ctx, r, found)
	return found, err
}

// gather waits for the pieces that go-imap could not match: the UID came after the bytes, or the answer was
// split over several responses. There is nothing to wait for when all is there, which is the rule.
func (s *session) gather(ctx context.Context, r request, found map[imap.UID]*answer) {
	wanted, _ := r.uids.Nums() // our own sets are finite
	lacks := func(uid imap.UID) bool { return found[uid] == nil || !r.complete(found[uid]) }
	timer := time.NewTimer(strayWait)
	defer timer.Stop()
	for slices.ContainsFunc(wanted, lacks) {
		select {
		case a := <-s.strays:
			keep(found, r.uids, a)
		case <-timer.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

func keep(found map[imap.UID]*answer, wanted imap.UIDSet, a answer) {
	switch {
	case a.uid == 0 || !wanted.Contains(a.uid):
	case found[a.uid] == nil:
		found[a.uid] = &a
	default:
		found[a.uid].merge(a)
	}
}

// keepStray takes what go-imap could not match. It runs in a goroutine of its own, and must read the message
// to its end, since the connection waits for it.
func (s *session) keepStray(m *imapclient.FetchMessageData) {
	a, err := s.drain(m)
	if err != nil || a.date.IsZero() && a.size < 0 && a.structure == nil && a.sections == nil {
		return // a change of flags
	}
	select {
	case s.strays <- a:
	default: // nobody asked for so many
	}
}

// drain reads one response to its end. Bytes of a literal that was cut short are never used.
func (s *session) drain(m *imapclient.FetchMessageData) (answer, error) {
	a := answer{size: -1}
	var failed error
	for item := m.Next(); item != nil; item = m.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			a.uid = item.UID
		case imapclient.FetchItemDataInternalDate:
			a.date = item.Time
		case imapclient.FetchItemDataRFC822Size:
			a.size = item.Size
		case imapclient.FetchItemDataBodyStructure:
			a.structure = item.BodyStructure
		case imapclient.FetchItemDataBodySection:
			if item.Section.Specifier != imap.PartSpecifierNone {
				continue
			}
			piece := section{path: item.Section.Part, void: item.Literal == nil}
			if item.Literal != nil {
				// A buffer of the announced size, since io.ReadAll costs twice the time and memory.
				piece.bytes = make([]byte, min(item.Literal.Size(), s.most.Load()))
				if _, err := io.ReadFull(item.Literal, piece.bytes); err != nil {
					// What go-imap's reader does from here on must not meet what is left to drain: both
					// use the same buffer.
					s.conn.abort(errCut)
					<-s.client.Closed()
					failed = err
					continue
				}
			}
			a.sections = append(a.sections, piece)
		}
	}
	return a, failed
}
