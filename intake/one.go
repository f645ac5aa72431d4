package intake

import (
	"context"
	"errors"
)

// ErrGone means that a message lies no longer where it lay.
var ErrGone = errors.New("the message is no longer there")

var errFound = errors.New("found")

// Fetch reads one message again, as carefully as any. ErrGone means that it was moved or deleted, ErrRenumbered that
// the server has numbered the folder anew since.
func (m *Mailbox) Fetch(ctx context.Context, folder string, at Position) (Arrival, error) {
	var found Arrival
	past := Past{From: map[string]Position{}, Found: func(int) {}, Take: func(_ context.Context, a Arrival) error {
		if a.UID == at.UID {
			found = a
		}
		return errFound
	}}
	v := visit{Mailbox: m}
	defer v.leave()
	for _, f := range m.folders() {
		if folderKey(f.name) != folderKey(folder) {
			continue
		}
		past.From[f.name] = Position{UIDValidity: at.UIDValidity, UID: at.UID - 1}
		r := &reading{folder: f, past: past}
		err := v.look(ctx, f, r.read)
		switch {
		case err != nil && !errors.Is(err, errFound):
			return Arrival{}, err
		case found.UID != at.UID:
			return Arrival{}, ErrGone
		}
		return found, nil
	}
	return Arrival{}, ErrGone
}
