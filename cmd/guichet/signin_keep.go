package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"guichetdunumerique.be/guichet/oauth"
)

const (
	// signInEvery is how often the access tokens are looked at. It costs the reading of a file.
	signInEvery = time.Minute
	// signInSoon is how long before its end a sign-in is spoken of, where the provider tells that end.
	signInSoon = 3 * 24 * time.Hour
)

// keepSignedIn renews the access tokens ahead of their end until ctx ends, so that no sign-in dies for want of use and
// none dies silently: where only a person can help, staff are told. A provider that is merely away is asked again; that
// becomes an alarm once it keeps us from the mailbox for imap.alarm_after.
func (o *office) keepSignedIn(ctx context.Context) {
	tick := time.NewTicker(signInEvery)
	defer tick.Stop()
	told := ""
	for {
		told = o.lookAtSignIns(ctx, told)
		if len(o.signIns) == 0 {
			return // a password logs in; what was noted before is settled now
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// lookAtSignIns renews what is due, and tells the log and the desk what has changed since told.
func (o *office) lookAtSignIns(ctx context.Context, told string) (said string) {
	state := o.renewSignIns(ctx)
	if ctx.Err() != nil {
		return told
	}
	if state.said != told {
		state.log(o.log)
	}
	if state.dead || state.err == nil { // while a provider is away, what was dead may be so still
		if err := o.desk.SignIn(ctx, state.dead); err != nil && ctx.Err() == nil {
			o.log.Error("the state of the sign-in could not be noted", "err", err)
		}
	}
	return state.said
}

// signInState is how the sign-ins do, all together.
type signInState struct {
	dead bool // one of them needs a person
	said string
	err  *oauth.Error // the gravest
	ends time.Time    // the earliest end that is near; zero for none
}

func (o *office) renewSignIns(ctx context.Context) signInState {
	var s signInState
	for _, source := range o.signIns {
		lease, err := source.Keep(ctx)
		var e *oauth.Error
		if errors.As(err, &e) && (s.err == nil || s.err.Temporary()) {
			s.err, s.said = e, e.Error()
			s.dead = !e.Temporary()
		}
		if end := lease.SignIn; err == nil && !end.IsZero() && time.Until(end) < signInSoon && s.err == nil {
			s.ends, s.said = end, "ends "+end.Format(time.DateOnly)
		}
	}
	return s
}

// log says what has changed.
func (s signInState) log(log *slog.Logger) {
	switch {
	case s.dead:
		log.Error("no access tokens any more, neither mailbox nor sending will work", "kind", string(s.err.Kind), "cause", s.err.Error(), "hint", s.err.Hint)
	case s.err != nil:
		log.Warn("access token could not be renewed, trying again", "kind", string(s.err.Kind), "cause", s.err.Error())
	case !s.ends.IsZero():
		log.Warn("the sign-in ends soon", "at", s.ends, "hint", "sign in again before: guichet check --sign-in")
	default:
		log.Info("access tokens are given again")
	}
}
