package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"guichetdunumerique.be/guichet/oauth"
)

// signInAgain has a person sign in, for each section that has a sign-in of its own.
func (c *config) signInAgain(ctx context.Context, a *asker) error {
	none := true
	for _, section := range []string{"imap", "smtp"} {
		o, s := c.signIn(section), c.IMAP.server
		if section == "smtp" {
			s = c.outgoing()
		}
		switch {
		case o.ClientID == "":
			continue
		case o.Grant == oauth.ClientCredentials:
			a.say("[%s]: the application signs in by itself (oauth_grant), nobody else needs to.", section)
		default:
			a.say("Signing in for [%s], to the mailbox of %s:", section, s.Username)
			if err := a.signIn(ctx, o); err != nil {
				return err
			}
		}
		none = false
	}
	if none {
		return withHint(errors.New("nothing to sign in to: a password logs in"), "docs/oauth.md says how to have access tokens instead")
	}
	return nil
}

// signIn has a person sign in with a provider, on any device or in a browser. The token file is made or replaced once
// that has come about.
func (a *asker) signIn(ctx context.Context, o oauth.Config) error {
	switch {
	case o.DeviceURL != "":
		return advised(a.byDevice(ctx, o))
	case o.AuthURL != "":
		return advised(a.byBrowser(ctx, o))
	}
	return withHint(errors.New("nothing says where a person signs in"), "set oauth_device_url, or oauth_browser_url")
}

func (a *asker) byDevice(ctx context.Context, o oauth.Config) error {
	d, err := oauth.StartDevice(ctx, o)
	if err != nil {
		return err
	}
	a.say("  Open  %s  on any device,", d.VerificationURL)
	a.say("  type  %s  and allow what is asked, before %s. Waiting ...", d.UserCode, d.Expires.Local().Format("15:04"))
	if err := d.Wait(ctx); err != nil {
		return err
	}
	a.say("  Signed in.")
	return nil
}

func (a *asker) byBrowser(ctx context.Context, o oauth.Config) error {
	b, err := oauth.StartBrowser(ctx, o)
	if err != nil {
		return err
	}
	a.say("  Open this address in any browser and allow what is asked:")
	a.say("%s", b.URL)
	a.say("  The browser then shows an error, as nothing answers at http://localhost: that is right.")
	err = a.ask(ctx, question{text: "The whole address that it ended at", take: func(answer string) error {
		return advised(b.Finish(ctx, answer))
	}})
	if err == nil {
		a.say("  Signed in.")
	}
	return err
}

// advised is an error of a sign-in with its advice and the provider's explanation, for the person at the terminal.
func advised(err error) error {
	var e *oauth.Error
	if !errors.As(err, &e) {
		return err
	}
	if e.Said != "" {
		err = fmt.Errorf("%w (the provider says: %s)", err, e.Said)
	}
	if e.Hint != "" {
		err = withHint(err, "%s", e.Hint)
	}
	return err
}

// endsNear is how near the end of a sign-in deserves a look.
const endsNear = 14 * 24 * time.Hour

// tokens tries what gives the access tokens, and returns the sections that have none.
func (k *checkup) tokens(ctx context.Context) map[string]bool {
	without := map[string]bool{}
	for _, section := range []string{"imap", "smtp"} {
		source := k.signIns[section]
		if source == nil {
			continue
		}
		if section == "smtp" && source == k.signIns["imap"] {
			without[section] = without["imap"]
			continue
		}
		lease, err := source.Keep(ctx)
		end := lease.SignIn
		switch {
		case err != nil && time.Until(lease.Access) > 0:
			k.wrongly("sign-in", fmt.Errorf("[%s]: the access token ends at %s, and there will be no other: %w", section, lease.Access.Local().Format("15:04"), advised(err)))
		case err != nil:
			without[section] = true
			k.wrongly("sign-in", fmt.Errorf("[%s]: %w", section, advised(err)))
		case k.signIn(section).Grant == oauth.ClientCredentials:
			k.fine("sign-in", "[%s]: the application signs in by itself; the access token is good until %s", section, lease.Access.Local().Format("15:04"))
		case end.IsZero():
			k.fine("sign-in", "[%s]: the access token is good until %s and renews itself; the provider does not tell when the sign-in ends", section, lease.Access.Local().Format("15:04"))
		case end.Sub(k.env.now()) < endsNear:
			k.doubt("sign-in", "[%s]: it ends on %s: sign in again before, with guichet check --sign-in", section, end.Local().Format(time.DateOnly))
		default:
			k.fine("sign-in", "[%s]: the access token is good until %s and renews itself, until %s", section, lease.Access.Local().Format("15:04"), end.Local().Format(time.DateOnly))
		}
	}
	return without
}
