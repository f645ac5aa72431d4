package intake

import (
	"context"
	"errors"
)

// Once looks at every folder one time, over one connection, and returns what failed, joined. A failure of one
// folder does not keep it from the next.
func (m *Mailbox) Once(ctx context.Context) error {
	v := visit{Mailbox: m}
	defer v.leave()
	var failures []error
	for _, f := range m.folders() {
		err := v.look(ctx, f, f.look)
		if err == nil || errors.Is(err, errNothing) {
			continue
		}
		failures = append(failures, err)
		if v.session == nil {
			break // the server cannot be reached or lets nobody in: no folder will do better
		}
		v.leave()
	}
	return errors.Join(failures...)
}

// visit is the session of a pass over the folders, opened anew when it was lost.
type visit struct {
	*Mailbox
	session *session
}

// onceTries is how often a pass goes on with a folder after it lost the connection, between two messages.
const onceTries = 12

// look looks at a folder in the way given. A message that costs the connection is tried again at once, and for
// less each time, since the next pass would remember nothing of it.
func (v *visit) look(ctx context.Context, f *folder, way func(context.Context, *session) error) error {
	for tries := 1; ; tries++ {
		if err := v.enter(ctx); err != nil {
			return err
		}
		singly, ill := f.singly, f.ill
		err := f.settle(ctx, v.session)
		if err == nil {
			err = way(ctx, v.session)
		}
		if f.ill.uid != ill.uid {
			tries = 0
		}
		learnt := f.singly != singly || f.ill != ill
		if err == nil || ctx.Err() != nil || !isLost(err) || !learnt || tries >= onceTries {
			return err
		}
		v.leave()
	}
}

func (v *visit) enter(ctx context.Context) (err error) {
	if v.session == nil {
		v.session, err = v.open(ctx)
	}
	return err
}

func (v *visit) leave() {
	if v.session != nil {
		v.session.close()
		v.session = nil
	}
}
