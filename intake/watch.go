package intake

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"

	"guichetdunumerique.be/guichet/internal/caught"
)

const (
	firstRetry = time.Second
	lastRetry  = 5 * time.Minute
	// absentRetry is the wait where there is no junk or Sent folder: somebody may yet make one.
	absentRetry = 6 * time.Hour
)

// Run watches every folder until ctx ends, and returns ctx's error. Each folder has a connection and a
// goroutine of its own, so that IDLE tells of each and trouble with one never stops another; usual servers
// allow ten connections or more. Failures are logged and tried again, more and more slowly.
func (m *Mailbox) Run(ctx context.Context) error {
	var folders sync.WaitGroup
	for _, f := range m.folders() {
		folders.Go(func() { f.watch(ctx) })
	}
	folders.Wait()
	return ctx.Err()
}

// watch attends to the folder until ctx ends.
func (f *folder) watch(ctx context.Context) {
	retry := backoff.NewExponentialBackOff()
	retry.InitialInterval, retry.MaxInterval = firstRetry, lastRetry
	f.seen = time.Now()
	for ctx.Err() == nil {
		before := f.taken
		err := caught.Run(func() error { return f.attend(ctx, retry.Reset) })
		if ctx.Err() != nil {
			return
		}
		if f.taken > before {
			retry.Reset() // many mails that each cost a connection must not hold up the rest ever longer
		}
		pause := retry.NextBackOff()
		if errors.Is(err, errNothing) {
			pause = absentRetry
			f.Log.Info("nothing to watch: no such folder, or it is watched already", "folder", f.name, "use", string(f.use))
		} else {
			f.report(ctx, err, pause)
		}
		wait(ctx, pause)
	}
}

// attend opens a session and looks at the folder whenever there is cause to, until something fails. looked is
// called after each look.
func (f *folder) attend(ctx context.Context, looked func()) error {
	s, err := f.gated(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	if err := f.settle(ctx, s); err != nil {
		return err
	}
	for {
		if err := f.look(ctx, s); err != nil {
			return err
		}
		looked()
		f.recovered()
		if err := s.pause(ctx, f.PollEvery); err != nil {
			return inFolder(err, f.name)
		}
	}
}

// report logs a failure: as an error once nothing has been seen of the folder for AlarmAfter, and where only a
// person can help.
func (f *folder) report(ctx context.Context, err error, pause time.Duration) {
	f.failing = true
	level := slog.LevelWarn
	var e *Error
	if errors.As(err, &e) && e.Kind == KindLogin || time.Since(f.seen) >= f.AlarmAfter {
		level = slog.LevelError
	}
	cause := slog.Any("error", err)
	if e != nil {
		cause = slog.Any("error", e)
		if err := f.desk.Failed(ctx, f.name, e.Kind, time.Now()); err != nil && ctx.Err() == nil {
			f.Log.Warn("the trouble with the mailbox could not be noted", "folder", f.name, "error", err)
		}
	}
	f.Log.Log(ctx, level, "mailbox cannot be read",
		"folder", f.name, cause, "last_look", f.seen, "retry_in", pause)
}

// recovered notes a look that went well.
func (f *folder) recovered() {
	if f.failing {
		f.Log.Info("mailbox is read again", "folder", f.name, "after", time.Since(f.seen))
	}
	f.seen, f.failing = time.Now(), false
}

// wait blocks for d or until ctx ends.
func wait(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
