package intake

import (
	"context"
	"time"

	"github.com/emersion/go-imap/v2"
)

// head is what the first look at a message brings.
type head struct {
	date  time.Time // zero when it could not be had
	bytes []byte
	size  int64 // of the whole mail; more than len(bytes) when there is more to read
}

// cut reports whether there is more of the mail than was read.
func (h *head) cut() bool { return h.size > int64(len(h.bytes)) }

// perMessage is what an answer takes per message beside the literal: the items, and changes of flags told
// along with it.
const perMessage = 4 << 10

// heads fetches the beginnings of messages in one round trip. What is not in the result was left out by the
// server, or is incomplete. bare leaves out all but the bytes, for a message whose date or size is what
// cannot be read.
func (s *session) heads(ctx context.Context, uids imap.UIDSet, bare bool) (map[imap.UID]*head, error) {
	count, _ := uids.Nums()
	found, err := s.fetch(ctx, request{
		uids: uids,
		items: imap.FetchOptions{
			InternalDate: !bare, RFC822Size: !bare,
			BodySection: []*imap.FetchItemBodySection{{Peek: true, Partial: &imap.SectionPartial{Size: s.HeadBytes}}},
		},
		most:     s.HeadBytes,
		budget:   smallAnswer + int64(len(count))*(s.HeadBytes+perMessage),
		complete: func(a *answer) bool { return s.head(a, bare) != nil },
	})
	heads := make(map[imap.UID]*head, len(found))
	for uid, a := range found {
		if h := s.head(a, bare); h != nil {
			heads[uid] = h
		}
	}
	return heads, err
}

// head makes a head of an answer, nil when it is incomplete.
func (s *session) head(a *answer, bare bool) *head {
	body, ok := a.find(nil)
	if !ok || !bare && (a.date.IsZero() || a.size < 0) {
		return nil
	}
	if len(body.bytes) == 0 {
		return nil // "BODY[] NIL" of a mail that has bytes, or a mail that somebody moves away: Dovecot then says it is empty
	}
	h := &head{date: a.date, bytes: body.bytes, size: int64(len(body.bytes))}
	// Servers get sizes wrong, by line ends for instance. A short answer is a whole mail whatever the size
	// says; of a full one, only the exact size tells that nothing follows.
	if h.size >= s.HeadBytes && a.size != h.size {
		h.size = max(a.size, h.size+1)
	}
	return h
}

// facts fetches the date of receipt alone, of a message of which nothing else can be had.
func (s *session) facts(ctx context.Context, uid imap.UID) (time.Time, error) {
	found, err := s.fetch(ctx, request{
		uids: imap.UIDSetNum(uid), items: imap.FetchOptions{InternalDate: true}, budget: smallAnswer,
		complete: func(a *answer) bool { return !a.date.IsZero() },
	})
	if a := found[uid]; a != nil {
		return a.date, err
	}
	return time.Time{}, err
}

// exists reports whether a message is still there: one that somebody deleted in between is no error.
func (s *session) exists(ctx context.Context, uid imap.UID) (bool, error) {
	found, err := s.search(ctx, from(uid))
	return found.Contains(uid), err
}

// readable reports whether the bytes of the message with a sequence number, other than uid, can be had. It
// tells a message that cannot be read from a server that gives none.
func (s *session) readable(ctx context.Context, number uint32, except imap.UID) (bool, error) {
	var ok bool
	s.most.Store(1)
	err := s.do(ctx, "trying another message", smallAnswer, func() error {
		command := s.client.Fetch(imap.SeqSetNum(number), &imap.FetchOptions{
			UID:         true,
			BodySection: []*imap.FetchItemBodySection{{Peek: true, Partial: &imap.SectionPartial{Size: 64}}},
		})
		for m := command.Next(); m != nil; m = command.Next() {
			a, err := s.drain(m)
			body, _ := a.find(nil)
			ok = ok || err == nil && a.uid != except && len(body.bytes) > 0
		}
		return command.Close()
	})
	return ok && err == nil, err
}
