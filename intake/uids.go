package intake

import (
	"context"
	"errors"
	"slices"

	"github.com/emersion/go-imap/v2"
)

// maxUIDs is the most UIDs that a folder is believed to hold: 16 MB of them.
const maxUIDs = 1 << 22

var errTooMany = errors.New("the server names more messages than a folder can hold")

// UIDs returns the UIDs of all messages that lie in a folder now, in ascending order, and the UIDVALIDITY that they
// belong to. It opens a connection of its own and changes nothing.
func (m *Mailbox) UIDs(ctx context.Context, folder string) (uidvalidity uint32, uids []uint32, err error) {
	s, err := m.gated(ctx)
	if err != nil {
		return 0, nil, err
	}
	defer s.close()
	folder = folderKey(folder)
	b, err := s.examine(ctx, folder)
	if err != nil {
		return 0, nil, err
	}
	set, err := s.all(ctx)
	if err != nil {
		return 0, nil, inFolder(err, folder)
	}
	var count uint64
	for _, r := range set {
		if r.Start <= r.Stop {
			count += uint64(r.Stop-r.Start) + 1
		}
	}
	if count > maxUIDs {
		return 0, nil, inFolder(s.fail(KindProtocol, "looking for mail", errTooMany, ""), folder)
	}
	uids = make([]uint32, 0, count)
	for uid := range numbers(set, 0) {
		uids = append(uids, uint32(uid))
	}
	slices.Sort(uids)
	return b.validity, slices.Compact(uids), nil
}

// all finds every UID of the open folder: as ranges (ESEARCH, RFC 4731) where the server can.
func (s *session) all(ctx context.Context) (imap.UIDSet, error) {
	if !s.caps.Has(imap.CapESearch) {
		return s.search(ctx, imap.SearchCriteria{})
	}
	var found imap.UIDSet
	err := s.do(ctx, "looking for mail", searchAnswer, func() error {
		data, err := s.client.UIDSearch(&imap.SearchCriteria{}, &imap.SearchOptions{ReturnAll: true}).Wait()
		if err != nil {
			return err
		}
		switch set := data.All.(type) {
		case imap.UIDSet:
			found = set
		case nil: // ALL is left out of an answer that finds nothing
		default:
			return errNoUIDs
		}
		return nil
	})
	return found, err
}
