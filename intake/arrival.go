package intake

import (
	"context"
	"errors"
	"time"

	"github.com/emersion/go-imap/v2"

	"guichetdunumerique.be/guichet/intake/message"
)

// illness is what went wrong with the message that is next to be read. There is never more than one, since
// messages are handed over in order; it is remembered over sessions, so that no message is tried for ever.
type illness struct {
	uid       imap.UID
	failures  int // of fetching it alone
	structure int // of fetching its structure and texts
	probes    int // of other messages, tried to tell the message from the server
	reason    string
}

// How often a message is fetched alone before less is asked of it.
const (
	fullTries      = 2             // all that is wanted
	bareTries      = fullTries + 2 // its bytes alone
	factTries      = bareTries + 1 // its date alone
	structureTries = 2
)

// about is the illness of a message, empty at first.
func (f *folder) about(uid imap.UID) *illness {
	if f.ill.uid != uid {
		f.ill = illness{uid: uid}
	}
	return &f.ill
}

// failed notes a failure in words that hold nothing of the mail.
func (i *illness) failed(count *int, err error) {
	*count++
	var e *Error
	switch {
	case err == nil:
		i.reason = "the server left its content out"
	case errors.As(err, &e):
		i.reason = e.Err.Error()
	}
}

// arrival makes an Arrival of a message whose head may have come with others. It is nil when the message was
// deleted meanwhile. An error costs the session, or is a passing one; the message is then tried again.
func (f *folder) arrival(ctx context.Context, s *session, uid imap.UID, h *head) (*Arrival, error) {
	a := &Arrival{
		Folder: f.name, Junk: f.use == imap.MailboxAttrJunk, Sent: f.use == imap.MailboxAttrSent,
		UIDValidity: f.box.validity, UID: uint32(uid), Reread: uid <= f.reread,
	}
	if h == nil {
		var err error
		if h, err = f.alone(ctx, s, uid); err != nil || h == nil {
			return nil, err
		}
	}
	a.InternalDate = h.date
	if h.date.IsZero() {
		a.InternalDate = time.Now()
	}
	if h.bytes == nil && f.about(uid).failures >= bareTries {
		a.Unreadable = f.about(uid).reason
		f.Log.Error("message cannot be read", "folder", f.name, "uid", uid, "reason", a.Unreadable)
		return a, nil
	}
	source := message.Source{Head: h.bytes, Size: h.size}
	if h.cut() {
		parts, err := f.rest(ctx, s, uid)
		if err != nil {
			return nil, err
		}
		source.Parts = parts
	}
	a.Message = f.parse(source, f.Limits)
	f.note(&a.Message, h, source)
	return a, nil
}

// note adds to a message what could not be had of it.
func (f *folder) note(m *message.Message, h *head, source message.Source) {
	if h.date.IsZero() {
		m.Problems = append(m.Problems, "the server's date of receipt could not be read")
	}
	if h.cut() && source.Parts == nil {
		m.Truncated = true
		m.Problems = append(m.Problems, "the server's description of the parts could not be read")
	}
}

// rest fetches the structure and the texts of a large mail. Where that fails repeatedly, the head must do.
func (f *folder) rest(ctx context.Context, s *session, uid imap.UID) ([]message.Part, error) {
	ill := f.about(uid)
	for ill.structure < structureTries {
		parts, err := s.parts(ctx, uid)
		if err == nil && parts != nil {
			return parts, nil
		}
		if ctx.Err() != nil {
			return nil, err
		}
		ill.failed(&ill.structure, err)
		if errors.Is(err, errFlood) || errors.Is(err, errNested) {
			ill.structure = structureTries // it would be the same again
		}
		if err != nil && !isRefusal(err) {
			return nil, err // the connection is lost
		}
	}
	f.Log.Warn("structure of a message cannot be read", "folder", f.name, "uid", uid, "reason", ill.reason)
	return nil, nil
}

// alone fetches one message that did not come with others, asking for less each time it fails. A head without
// bytes is the last that can be had of it; nil means that it was deleted.
func (f *folder) alone(ctx context.Context, s *session, uid imap.UID) (*head, error) {
	ill := f.about(uid)
	for {
		if ill.failures >= bareTries {
			return f.giveUp(ctx, s, uid)
		}
		heads, err := s.heads(ctx, imap.UIDSetNum(uid), ill.failures >= fullTries)
		if h := heads[uid]; h != nil {
			return h, nil
		}
		if ctx.Err() != nil {
			return nil, err
		}
		if err == nil || isRefusal(err) {
			if there, lost := s.exists(ctx, uid); lost != nil || !there {
				return nil, lost
			}
		}
		ill.failed(&ill.failures, err)
		if err != nil && !isRefusal(err) {
			return nil, err // the connection is lost
		}
	}
}

// maxProbes is how many other messages must be unreadable too before all are taken to be ill, not the server.
const maxProbes = 200

// giveUp settles for the date of receipt, once another message has shown that the server can be read at all.
func (f *folder) giveUp(ctx context.Context, s *session, uid imap.UID) (*head, error) {
	ill := f.about(uid)
	if err := f.probe(ctx, s, ill); err != nil {
		ill.failures = 0 // they say nothing of the message
		return nil, err
	}
	h := &head{}
	if ill.failures < factTries {
		ill.failures = factTries
		date, err := s.facts(ctx, uid)
		if err != nil && !isRefusal(err) {
			return nil, err
		}
		h.date = date
	}
	return h, nil
}

// probe tells a message that cannot be read from a server that gives none: in the second case nothing is
// wrong with the message, and it must be waited for. A message alone in its folder has the blame.
func (f *folder) probe(ctx context.Context, s *session, ill *illness) error {
	n := f.box.messages
	for range 3 {
		if ill.probes >= int(min(n, maxProbes)) {
			return nil
		}
		ill.probes++
		number := uint32(ill.probes)*7919%n + 1 // another one each time, since it may be ill itself
		ok, err := s.readable(ctx, number, ill.uid)
		if err != nil && !isRefusal(err) {
			return err
		}
		if ok {
			ill.probes = maxProbes
		}
	}
	return f.fail(KindProtocol, "fetching", errors.New("the server gives no message at all"), "")
}
