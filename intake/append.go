package intake

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
)

// Place is a folder of the account that mail may be put into.
type Place string

const (
	PlaceDrafts Place = "drafts" // for staff to finish: Config.Drafts, or the folder that bears \Drafts
	PlaceSent   Place = "sent"   // a copy of what left: Config.Sent, or the folder that bears \Sent
)

// appendLimit is the time to put a mail into a folder, from dialling on.
const appendLimit = 3 * time.Minute

// Append puts a mail into a folder of the account, as a draft or as something sent, and already read. A mail with
// that Message-ID that lies there is left alone and counts as put, so that a call may be repeated when its outcome is
// unknown: messageID, in angle brackets or not, must be the one in raw; an empty one is not looked for. Append opens a connection of its own, does not
// open the folder for writing, and neither creates, flags, moves nor deletes anything.
//
// Its errors are *Error. KindFolder means that the server refused and will refuse again until a person mends it;
// after any other kind, try again later.
func (m *Mailbox) Append(ctx context.Context, to Place, messageID string, raw []byte) error {
	ctx, cancel := context.WithTimeoutCause(ctx, appendLimit, errSilent)
	defer cancel()
	s, err := m.gated(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	p, err := s.placement(ctx, to)
	if err != nil {
		return err
	}
	if err = s.put(ctx, p, messageID, crlf(raw)); err != nil {
		return inFolder(passing(err), p.folder)
	}
	return nil
}

// placement is how a mail is put into a folder.
type placement struct {
	folder string
	key    string // of the config
	use    imap.MailboxAttr
	flags  []imap.Flag
}

// placement finds the folder: by its name in the config, or else by its SPECIAL-USE.
func (s *session) placement(ctx context.Context, to Place) (placement, error) {
	var p placement
	switch to {
	case PlaceDrafts:
		p = placement{s.Drafts, "imap.drafts", imap.MailboxAttrDrafts, []imap.Flag{imap.FlagDraft, imap.FlagSeen}}
	case PlaceSent:
		p = placement{s.Sent, "imap.sent", imap.MailboxAttrSent, []imap.Flag{imap.FlagSeen}}
	default:
		return p, s.fail(KindFolder, "finding the folder", fmt.Errorf("nothing is put into %q", string(to)), "")
	}
	if p.folder != "" {
		return p, nil
	}
	list, err := s.list(ctx)
	if err != nil {
		return p, withHint(passing(err), "name the folder in "+p.key)
	}
	if p.folder = specialUses(list)[p.use]; p.folder == "" {
		err := fmt.Errorf("no folder bears %s", p.use)
		return p, s.fail(KindFolder, "finding the folder", err, "name the folder in "+p.key+"; guichet check lists the folders there are")
	}
	return p, nil
}

// put appends a mail to a folder, unless it is there.
func (s *session) put(ctx context.Context, p placement, messageID string, raw []byte) error {
	if _, err := s.examine(ctx, p.folder); isRefusal(err) {
		return withHint(err, "check "+p.key+"; guichet check lists the folders there are")
	} else if err != nil {
		return err
	}
	there, err := s.holds(ctx, messageID)
	if isRefusal(err) && !isPassing(err) {
		s.Log.Warn("the server cannot search for a mail by its Message-ID; it is put without looking", "folder", p.folder)
		there, err = false, nil
	}
	if err != nil || there {
		return err
	}
	err = s.do(ctx, "putting a mail into the folder", smallAnswer, func() error {
		command := s.client.Append(p.folder, int64(len(raw)), &imap.AppendOptions{Flags: p.flags})
		_, writeErr := command.Write(raw)
		closeErr := command.Close()
		// A refusal shows here, whatever became of the bytes; go-imap ends the command in any case.
		if _, err := command.Wait(); err != nil {
			return err
		}
		return errors.Join(writeErr, closeErr)
	})
	return withHint(err, putHint(err, p.key))
}

// holds reports whether a mail with that Message-ID lies in the open folder.
func (s *session) holds(ctx context.Context, messageID string) (bool, error) {
	if messageID == "" {
		return false, nil
	}
	// HEADER finds parts of a field's body too (RFC 9051 section 6.4.4): the brackets make it the whole id.
	id := "<" + strings.Trim(messageID, "<>") + ">"
	found, err := s.search(ctx, imap.SearchCriteria{Header: []imap.SearchCriteriaHeaderField{{Key: "Message-ID", Value: id}}})
	return len(found) > 0, err
}

// Response codes that concern APPEND (RFC 9051 section 7.1, RFC 9208 section 4.3).
const (
	codeTryCreate   = "TRYCREATE"
	codeOverQuota   = "OVERQUOTA"
	codeUnavailable = "UNAVAILABLE"
	codeInUse       = "INUSE"
)

func putHint(err error, key string) string {
	var refused *refusedError
	if !errors.As(err, &refused) {
		return ""
	}
	switch refused.code {
	case codeTryCreate:
		return "create the folder, or name another one in " + key
	case codeOverQuota:
		return "the account is full: make room in it, or have its quota raised"
	}
	return "check " + key + " and the rights of the account in that folder"
}

// isPassing reports whether a refusal mends itself.
func isPassing(err error) bool {
	var refused *refusedError
	return errors.As(err, &refused) &&
		(refused.kind == string(imap.StatusResponseTypeBye) || slices.Contains([]string{codeUnavailable, codeInUse}, refused.code))
}

// passing tells a server that is busy from one that refuses.
func passing(err error) error {
	var e *Error
	if isPassing(err) && errors.As(err, &e) {
		e.Kind, e.Hint = KindBusy, ""
	}
	return err
}

// crlf gives every line the end that mail wants (RFC 5322 section 2.1): some servers take no other.
func crlf(raw []byte) []byte {
	raw = bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))
	raw = bytes.ReplaceAll(raw, []byte("\r"), []byte("\n"))
	return bytes.ReplaceAll(raw, []byte("\n"), []byte("\r\n"))
}
