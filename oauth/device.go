package oauth

import (
	"context"
	"errors"
	"time"

	"golang.org/x/oauth2"
)

// Device is a sign-in by the device flow (RFC 8628): a person opens VerificationURL on any device, types UserCode and
// allows what is asked.
type Device struct {
	UserCode        string
	VerificationURL string
	Expires         time.Time // of the code

	config Config
	flow   *oauth2.Config
	answer oauth2.DeviceAuthResponse
}

const (
	deviceLife  = time.Hour // the longest that a code is waited for
	devicePause = time.Minute
)

// StartDevice begins a sign-in. c.TokenFile need not exist, but must be writable: that is found out before anybody is
// asked to sign in. Errors are *Error where the provider or the file is at fault.
func StartDevice(ctx context.Context, c Config) (*Device, error) {
	const doing = "starting to sign in"
	c, err := c.forSignIn("device")
	if err != nil {
		return nil, err
	}
	flow, err := c.settings(ctx)
	if err != nil {
		return nil, err
	}
	answer, err := flow.DeviceAuth(c.over(ctx))
	if err != nil {
		return nil, judged(doing, err)
	}
	d := &Device{UserCode: answer.UserCode, VerificationURL: answer.VerificationURI, config: c, flow: flow, answer: *answer}
	if d.UserCode == "" || len(d.UserCode) > 100 || !readable(d.UserCode) || !readable(d.VerificationURL) ||
		CheckURL(d.VerificationURL) != nil || !readable(answer.DeviceCode) {
		return nil, &Error{Kind: KindPassing, Doing: doing, Err: errUnreadable}
	}
	// What the provider says of times is kept within reason.
	d.answer.Interval = min(max(answer.Interval, 1), int64(devicePause/time.Second))
	if answer.Interval == 0 {
		d.answer.Interval = 5 // RFC 8628 section 3.2
	}
	if most := time.Now().Add(deviceLife); answer.Expiry.IsZero() || answer.Expiry.After(most) {
		d.answer.Expiry = most
	}
	d.Expires = d.answer.Expiry
	return d, nil
}

// Wait asks the provider until the person has signed in, and then writes the token file. It ends with ctx, when the code
// expires, or when the person refuses.
func (d *Device) Wait(ctx context.Context) error {
	const doing = "waiting for the sign-in"
	for {
		found, err := d.flow.DeviceAccessToken(d.config.over(ctx), &d.answer)
		if err == nil {
			return d.config.save(ctx, found)
		}
		e := judged(doing, err)
		switch {
		case ctx.Err() != nil:
			return &Error{Kind: KindPassing, Doing: doing, Err: context.Cause(ctx)}
		case !time.Now().Before(d.Expires):
			return &Error{Kind: KindSignIn, Doing: doing, Err: errors.New("the code has expired"), Hint: "start again"}
		case !e.Temporary():
			return e
		}
		// RFC 8628 section 3.5: where the provider cannot be reached, ask it less often.
		d.answer.Interval = min(d.answer.Interval+5, int64(devicePause/time.Second))
	}
}

// forSignIn checks c for a person's sign-in.
func (c Config) forSignIn(need string) (Config, error) {
	c, err := c.checked(need)
	if err != nil {
		return c, err
	}
	if c.Grant != RefreshToken {
		return c, errors.New("setting up OAuth: with client credentials nobody signs in")
	}
	place, err := reserve(c.TokenFile)
	if err != nil {
		return c, err
	}
	place.release()
	return c, nil
}

// save writes the token file after a sign-in, in place of any that there is.
func (c Config) save(ctx context.Context, found *oauth2.Token) error {
	const doing = "signing in"
	k, err := c.taken(doing, found)
	if err != nil {
		return err
	}
	if k.RefreshToken == "" {
		return &Error{Kind: KindClient, Doing: doing, Err: errors.New("the provider gave no refresh token"),
			Hint: "oauth_scopes must ask for it; with microsoft that is offline_access"}
	}
	old, err := locked(ctx, c.TokenFile)
	if err == nil {
		defer old.Close()
	} else if judged(doing, err).Temporary() {
		return err
	}
	place, err := reserve(c.TokenFile)
	if err != nil {
		return err
	}
	defer place.release()
	return place.put(k)
}
