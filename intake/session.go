package intake

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"net"
	"strings"
	"sync/atomic"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-message/charset"
)

const (
	commandLimit = 10 * time.Minute // for one command in all, however alive the server is
	idleLimit    = 9 * time.Minute  // RFC 2177 allows 29, but middleboxes forget a connection after 10

	// Bytes of an answer. Any may bring along what happened to other messages meanwhile.
	smallAnswer  = 4 << 20  // of a few lines
	searchAnswer = 32 << 20 // of a SEARCH that finds three million UIDs
)

// session is one connection, logged in. It runs one command at a time: Dovecot mixes the answers of
// pipelined ones, which go-imap then waits for in an order that never comes.
type session struct {
	*Mailbox
	conn    *conn
	client  *imapclient.Client
	caps    imap.CapSet
	changed chan struct{} // holds a token when the server told of a change in the folder
	strays  chan answer   // FETCH answers that go-imap could not match to a command
	most    atomic.Int64  // bytes read of one literal in the FETCH that runs
}

// open connects and logs in. The caller must close the session. An access token that the server refuses may have been
// ended before its time: it is renewed, once, and tried on a new connection.
func (m *Mailbox) open(ctx context.Context) (*session, error) {
	s, refused, err := m.enter(ctx)
	if refused != "" && m.Refused != nil {
		m.Refused(refused)
		s, _, err = m.enter(ctx)
	}
	if err != nil {
		return nil, err
	}
	m.Log.Debug("connected to the mailbox", "idle", s.caps.Has(imap.CapIdle))
	return s, nil
}

// enter connects and logs in. refused is an access token that the server did not take.
func (m *Mailbox) enter(ctx context.Context) (s *session, refused string, err error) {
	if s, err = m.connect(ctx); err != nil {
		return nil, "", err
	}
	if refused, err = s.authenticate(ctx); err != nil {
		s.close()
		return nil, refused, err
	}
	return s, "", nil
}

// connect dials and reads the server's greeting and capabilities.
func (m *Mailbox) connect(ctx context.Context) (*session, error) {
	c, greeted, err := m.dial(ctx)
	if err != nil {
		return nil, err
	}
	s := &session{
		Mailbox: m, conn: c,
		changed: make(chan struct{}, 1),
		strays:  make(chan answer, 128),
	}
	var stream net.Conn = c
	if greeted {
		// What was greeted in the clear is forgotten; go-imap needs a greeting all the same, and asks for
		// the capabilities anew.
		stream = &prefixed{Conn: c, prefix: strings.NewReader("* OK\r\n")}
	}
	c.begin(smallAnswer, silence) // go-imap reads at once
	s.client = imapclient.New(stream, &imapclient.Options{
		WordDecoder: &mime.WordDecoder{CharsetReader: charset.Reader},
		UnilateralDataHandler: &imapclient.UnilateralDataHandler{
			Mailbox: s.noteChange,
			Fetch:   s.keepStray,
		},
	})
	err = s.do(ctx, "reading the greeting", smallAnswer, func() error {
		if err := s.client.WaitGreeting(); err != nil {
			return err
		}
		s.caps = s.client.Caps()
		return nil
	})
	if err != nil {
		s.close()
		var e *Error
		if errors.As(err, &e) && isRefusal(err) {
			e.Kind = KindDial // it turns visitors away
		}
		return nil, err
	}
	return s, nil
}

// prefixed is a connection whose reader first gets something else.
type prefixed struct {
	net.Conn
	prefix *strings.Reader
}

// Read implements net.Conn.
func (p *prefixed) Read(b []byte) (int, error) {
	if p.prefix.Len() > 0 {
		return p.prefix.Read(b)
	}
	return p.Conn.Read(b)
}

// noteChange runs in go-imap's reader, which must never be kept waiting.
func (s *session) noteChange(d *imapclient.UnilateralDataMailbox) {
	if d.NumMessages == nil {
		return
	}
	select {
	case s.changed <- struct{}{}:
	default:
	}
}

// do runs one command under guard: with an end to silence, to bytes, to time, and with ctx.
func (s *session) do(ctx context.Context, doing string, budget int64, command func() error) error {
	return s.doWithin(ctx, silence, doing, budget, command)
}

// doWithin is do with an end to silence of its own.
func (s *session) doWithin(ctx context.Context, silence time.Duration, doing string, budget int64, command func() error) error {
	s.conn.begin(budget, silence)
	defer s.conn.end()
	stop := context.AfterFunc(ctx, func() { s.conn.abort(context.Cause(ctx)) })
	defer stop()
	limit := time.AfterFunc(commandLimit, func() { s.conn.abort(errSilent) })
	defer limit.Stop()
	if err := command(); err != nil {
		return s.failure(doing, err)
	}
	return nil
}

// failure tells a refusal, after which the session goes on, from a connection that is lost.
func (s *session) failure(doing string, err error) error {
	var refusal *imap.Error
	if errors.As(err, &refusal) {
		e := s.fail(KindFolder, doing, &refusedError{string(refusal.Type), string(refusal.Code)}, "")
		e.Said = refusal.Text
		return e
	}
	if reason := s.conn.reason(); reason != nil {
		return s.fail(KindProtocol, doing, reason, "")
	}
	return s.fail(KindProtocol, doing, &brokenError{err}, "")
}

// refusedError is a NO, BAD or BYE of the server, without its text.
type refusedError struct{ kind, code string }

func (e *refusedError) Error() string {
	if e.code == "" {
		return fmt.Sprintf("the server answered %s", e.kind)
	}
	return fmt.Sprintf("the server answered %s [%s]", e.kind, e.code)
}

// isRefusal reports whether the server understood and said no.
func isRefusal(err error) bool {
	var refused *refusedError
	return errors.As(err, &refused)
}

// isLost reports whether an error cost the connection.
func isLost(err error) bool {
	var e *Error
	return errors.As(err, &e) && (e.Kind == KindProtocol || e.Kind == KindTimeout)
}

// brokenError is an answer that go-imap could not read, or a connection that ended. go-imap quotes what it
// could not read, which may be a piece of a mail; the quotation is left out, and so is what a panic of it says.
type brokenError struct{ err error }

func (e *brokenError) Error() string {
	text, _, _ := strings.Cut(e.err.Error(), "\n")
	text, _, _ = strings.Cut(text, `"`)
	if before, _, found := strings.Cut(text, "panic"); found {
		text = before + "panic"
	}
	text = strings.TrimSuffix(strings.TrimSpace(text), ", got")
	return "the connection broke: " + text
}

// close ends the session. What go-imap was doing ends with it.
func (s *session) close() {
	s.conn.abort(net.ErrClosed)
	_ = s.client.Close() // its error is the one that was reported, or our own closing
}

// box is a folder as EXAMINE shows it.
type box struct {
	validity uint32
	next     imap.UID // 0 when the server does not tell
	messages uint32
}

// examine opens a folder for reading alone (RFC 9051 section 6.3.3): nothing done in it can leave a mark.
func (s *session) examine(ctx context.Context, folder string) (box, error) {
	select {
	case <-s.changed: // what this token told of will be seen
	default:
	}
	var b box
	err := s.do(ctx, "opening", smallAnswer, func() error {
		data, err := s.client.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait()
		if err != nil {
			return err
		}
		b = box{data.UIDValidity, data.UIDNext, data.NumMessages}
		return nil
	})
	if err == nil && b.validity == 0 {
		err = s.fail(KindProtocol, "opening", errors.New("the server gives no UIDVALIDITY"), "")
	}
	if err != nil && isRefusal(err) {
		err = withHint(err, "check imap.folders, imap.junk and imap.sent; guichet check lists the folders there are")
	}
	return b, inFolder(err, folder)
}

// inFolder and withHint complete an Error.
func inFolder(err error, folder string) error {
	var e *Error
	if errors.As(err, &e) && e.Folder == "" {
		e.Folder = folder
	}
	return err
}

func withHint(err error, hint string) error {
	var e *Error
	if errors.As(err, &e) {
		e.Hint = hint
	}
	return err
}

var errNoUIDs = errors.New("the server found no UIDs, but something else")

// search finds UIDs of the open folder, in ascending order.
func (s *session) search(ctx context.Context, criteria imap.SearchCriteria) (imap.UIDSet, error) {
	var found imap.UIDSet
	err := s.do(ctx, "looking for mail", searchAnswer, func() error {
		data, err := s.client.UIDSearch(&criteria, nil).Wait()
		if err != nil {
			return err
		}
		var ok bool
		if found, ok = data.All.(imap.UIDSet); !ok {
			return errNoUIDs
		}
		return nil
	})
	return found, err
}

// from matches the UIDs from one on. The last message matches even when it lies before (RFC 9051 section 9,
// seq-range).
func from(uid imap.UID) imap.SearchCriteria {
	return imap.SearchCriteria{UID: []imap.UIDSet{{{Start: uid}}}}
}

// pause waits until the server tells of a change in the open folder, or until it is time to look again. IDLE
// (RFC 2177) only shortens the wait: one that died unseen loses nothing.
func (s *session) pause(ctx context.Context, d time.Duration) error {
	select {
	case <-s.changed:
		return nil
	default:
	}
	timer := time.NewTimer(min(d, idleLimit))
	defer timer.Stop()
	if !s.caps.Has(imap.CapIdle) {
		return s.await(ctx, timer)
	}
	var idle *imapclient.IdleCommand
	err := s.do(ctx, "beginning to idle", smallAnswer, func() (err error) {
		idle, err = s.client.Idle()
		return err
	})
	if isRefusal(err) {
		delete(s.caps, imap.CapIdle) // offered but not given
		return s.await(ctx, timer)
	}
	if err != nil {
		return err
	}
	if err := s.await(ctx, timer); err != nil {
		return err
	}
	return s.doWithin(ctx, prompt, "ending to idle", smallAnswer, func() error {
		if err := idle.Close(); err != nil {
			return err
		}
		return idle.Wait()
	})
}

// await blocks until something is to be done.
func (s *session) await(ctx context.Context, timer *time.Timer) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-s.client.Closed():
		return s.failure("waiting for mail", errors.New("the server hung up"))
	case <-s.changed:
	case <-timer.C:
	}
	return nil
}
