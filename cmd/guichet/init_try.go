package main

import (
	"context"
	"errors"
	"fmt"
	"net"

	"guichetdunumerique.be/guichet/intake"
	"guichetdunumerique.be/guichet/internal/discover"
	"guichetdunumerique.be/guichet/reply"
)

// servers guesses the servers of the desk's address.
func (i *inquiry) servers(ctx context.Context) discover.Guess {
	ctx, cancel := context.WithTimeout(ctx, guessTime)
	defer cancel()
	return discover.Find(ctx, i.env.resolver, i.config.Desk.Address)
}

// likeliest is the first of the guessed servers that opens its door, or the fallback.
func likeliest(ctx context.Context, guesses []discover.Server, fallback string) string {
	for _, s := range guesses {
		c, err := (&net.Dialer{Timeout: knockTime}).DialContext(ctx, "tcp", s.Address)
		if err == nil {
			_ = c.Close()
			return written(s)
		}
	}
	if len(guesses) > 0 {
		return written(guesses[0])
	}
	return fallback
}

// written is a server as it is typed.
func written(s discover.Server) string {
	if s.Security == "starttls" {
		return s.Address + " starttls"
	}
	return s.Address
}

// refuse says why something that was answered does not do.
func (i *inquiry) refuse(err error) {
	i.say("    no: %v", err)
	var e *intake.Error
	if errors.As(err, &e) && e.Said != "" {
		i.say("    the server says: %s", e.Said)
	}
	for _, hint := range hints(err) {
		i.say("    hint: %s", hint)
	}
}

// asked is an error of the mailbox without its advice about keys of a config that is not there yet.
func asked(err error, tokens bool) error {
	var e *intake.Error
	switch {
	case !errors.As(err, &e):
		return err
	case e.Kind == intake.KindLogin:
		if tokens {
			return withHint(stripped{e}, "%s", e.Hint)
		}
		return fmt.Errorf("%w; some providers want an app password, or IMAP to be allowed first", stripped{e})
	}
	return stripped{e}
}

// stripped is an error without its hint and without the server that was just named.
type stripped struct{ whole *intake.Error }

func (s stripped) Error() string { return s.whole.Doing + ": " + s.whole.Err.Error() }
func (s stripped) Unwrap() error { return s.whole }

// reachMailbox connects to the mailbox's server without logging in, and notes whether it takes access tokens.
func (i *inquiry) reachMailbox(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, tryTime)
	defer cancel()
	t, err := i.config.tlsConfig("imap", i.config.IMAP.server)
	if err != nil {
		return err
	}
	i.tokens, err = intake.New(i.config.incomingMail(t, nil), nil).Knock(ctx)
	return asked(err, false)
}

// lookAround logs in and looks at the folders; it changes nothing.
func (c *config) lookAround(ctx context.Context, password secret) (intake.Report, error) {
	ctx, cancel := context.WithTimeout(ctx, tryTime)
	defer cancel()
	t, err := c.tlsConfig("imap", c.IMAP.server)
	if err != nil {
		return intake.Report{}, err
	}
	incoming := c.incomingMail(t, nil)
	if !incoming.OAuth {
		incoming.Password = func(context.Context) (string, error) { return password.reveal(), nil }
	}
	found, err := intake.New(incoming, nil).Check(ctx)
	return found, asked(err, incoming.OAuth)
}

// reachOut connects to the server that takes mail, without logging in; tryOut logs in. Neither sends.
func (c *config) reachOut(ctx context.Context) error { return c.knockOut(ctx, "", secret{}) }

func (c *config) tryOut(ctx context.Context, password secret) error {
	return c.knockOut(ctx, c.outgoing().Username, password)
}

func (c *config) knockOut(ctx context.Context, username string, password secret) error {
	ctx, cancel := context.WithTimeout(ctx, tryTime)
	defer cancel()
	t, err := c.tlsConfig("smtp", c.outgoing())
	if err != nil {
		return err
	}
	out := c.outgoingMail(t, nil)
	out.Username = username
	if !out.OAuth {
		out.Password = func(context.Context) (string, error) { return password.reveal(), nil }
	}
	sender, err := reply.NewSender(out)
	if err != nil {
		return err
	}
	defer sender.Close()
	err = sender.Check(ctx)
	var e *reply.SendError
	switch {
	case !errors.As(err, &e):
		return err
	case e.Code != 0:
		return fmt.Errorf("the server refuses the login (code %d); some providers want an app password, or sending to be allowed first", e.Code)
	}
	return fmt.Errorf("connecting to %s: %w", c.outgoing().address("smtp"), e.Err)
}
