package intake

import (
	"context"
	"errors"

	"github.com/emersion/go-imap/v2"
)

// ErrGone means that a message lies no longer where it lay.
var ErrGone = errors.New("the message is no longer there")

// Fetch reads one message again, as carefully as any, of a folder that is watched. ErrGone means that it was moved or
// deleted, ErrRenumbered that the server has numbered the folder anew since. The desk of the mailbox is told nothing.
func (m *Mailbox) Fetch(ctx context.Context, folder string, at Position) (found Arrival, err error) {
	if at.UIDValidity == 0 || at.UID == 0 {
		return Arrival{}, ErrGone // it was not found again when the folder was numbered anew
	}
	v := visit{Mailbox: m}
	defer v.leave()
	for _, f := range m.folders() {
		if f.seek { // only the server knows its name
			err := v.look(ctx, f, func(context.Context, *session) error { return nil })
			if errors.Is(err, errNothing) {
				continue
			}
			if err != nil {
				return Arrival{}, err
			}
		}
		if f.name != folderKey(folder) {
			continue
		}
		err := v.look(ctx, f, func(ctx context.Context, s *session) error { return f.readOne(ctx, s, at, &found) })
		if err == nil && found.UID != at.UID {
			err = ErrGone
		}
		return found, err
	}
	return Arrival{}, ErrGone
}

// readOne opens the folder and reads one message, if it is there still.
func (f *folder) readOne(ctx context.Context, s *session, at Position, found *Arrival) (err error) {
	if f.box, err = s.examine(ctx, f.name); err != nil {
		return err
	}
	if f.box.validity != at.UIDValidity {
		return inFolder(f.fail(KindFolder, "reading again", ErrRenumbered, ""), f.name)
	}
	err = f.read(ctx, s, []imap.UID{imap.UID(at.UID)}, func(_ context.Context, a Arrival) error {
		*found = a
		return nil
	})
	return inFolder(err, f.name)
}
