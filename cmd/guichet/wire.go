package main

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/desk"
	"guichetdunumerique.be/guichet/intake"
	"guichetdunumerique.be/guichet/intake/message"
	"guichetdunumerique.be/guichet/oauth"
	"guichetdunumerique.be/guichet/reply"
	"guichetdunumerique.be/guichet/store"
	"guichetdunumerique.be/guichet/templates"
)

// answerWithin is how old a message may be and still be acknowledged by itself (B18).
const answerWithin = 72 * time.Hour

// office is a desk at work: its store, its way in and its way out, as one config describes them.
type office struct {
	log     *slog.Logger
	store   *store.Store
	desk    *desk.Desk
	mailbox *intake.Mailbox
	sender  *reply.Sender

	signIns    []*oauth.Source // what gives the access tokens, each once
	recognised histogram       // how long it took
	monitoring string          // the address where monitoring is answered, "" for none
}

// openOffice builds a desk from its config. It claims the database, so that no second program works on it.
func openOffice(ctx context.Context, c *config, env environment) (o *office, err error) {
	o = &office{log: newLogger(env.stderr, c.Log), monitoring: c.Metrics.Listen, signIns: c.distinctSignIns()}
	inTLS, err1 := c.tlsConfig("imap", c.IMAP.server)
	outTLS, err2 := c.tlsConfig("smtp", c.outgoing())
	parts, err3 := c.deskParts(o.log)
	if err := errors.Join(err1, err2, err3); err != nil {
		return nil, err
	}
	if o.sender, err = reply.NewSender(c.outgoingMail(outTLS, o.log)); err != nil {
		return nil, err
	}
	o.store, err = store.Open(ctx, store.Config{Path: c.file(c.Store.URL), Exclusive: true, Now: env.now, Log: o.log})
	if err != nil {
		return nil, err
	}
	parts.Store, parts.Sender = o.store, o.sender
	parts.Recognised = o.recognised.observe
	incoming := c.incomingMail(inTLS, o.log)
	parts.Drafter = intake.New(incoming, nil) // it puts mails into folders and takes none
	o.desk = desk.New(parts)
	o.mailbox = intake.New(incoming, o.desk)
	return o, nil
}

// deskParts are what a desk works with but for a store, and the way out: without that it can send nothing.
func (c *config) deskParts(log *slog.Logger) (desk.Parts, error) {
	rules, err1 := c.rules()
	letters, err2 := templates.Load(nil)
	if err := errors.Join(err1, err2); err != nil {
		return desk.Parts{}, err
	}
	return desk.Parts{
		Profile: c.profile(), Plan: c.plan(), Rules: rules, Log: log,
		Composer: reply.NewComposer(reply.Config{
			Name: c.Desk.Name, Address: c.from(), Bounce: c.SMTP.BounceAddress, PolicyURL: c.Desk.PolicyURL,
			Letters: letters, StaffLanguage: c.Staff.Language, Zone: c.Desk.Timezone.Location,
		}),
	}, nil
}

// Close ends the connections and the store.
func (o *office) Close() error { return errors.Join(o.sender.Close(), o.store.Close()) }

// profile is what the desk knows of itself.
func (c *config) profile() desk.Profile {
	p := c.judging()
	p.Prefix = c.Desk.Reference
	p.Term = c.term()
	p.NoticesPerHour, p.RemindersPerDay = desk.NoticesPerHour, desk.RemindersPerDay
	p.RepliesPerAddress, p.RepliesPerHour = c.Limits.RepliesPerAddress, c.Limits.RepliesPerHour
	p.AnswerWithin = answerWithin
	p.NotifyNew, p.Drafts, p.DigestAt = c.Staff.NotifyNew, c.Staff.Drafts, c.Staff.DigestAt.Duration
	p.TrustedAuthserv, p.AlarmAfter = c.Staff.TrustedAuthserv, c.IMAP.AlarmAfter.Duration
	p.PersonAfter, p.FactsAfter = c.Retention.PersonAfter.Duration, c.Retention.FactsAfter.Duration
	p.RemindIdentityAfter, p.CopyToSent = c.Identity.RemindAfter.Duration, c.SMTP.CopyToSent
	return p
}

// digestTo are those who get the digest: all of staff, where the config names nobody else.
func (c *config) digestTo() []string {
	if c.Staff.DigestTo == nil {
		return c.Staff.Addresses
	}
	return c.Staff.DigestTo
}

// plan says when staff are reminded.
func (c *config) plan() cases.Plan {
	p := cases.DefaultPlan(c.term())
	p.RemindDays = c.Deadline.RemindDays
	return p
}

// messageLimits bound what the reading of one mail may cost.
func (c *config) messageLimits() message.Limits {
	return message.Limits{Parts: c.Limits.Parts, Depth: c.Limits.Depth, HeaderBytes: c.Limits.HeaderBytes}
}

// incomingMail is how the mailbox is reached.
func (c *config) incomingMail(t *tls.Config, log *slog.Logger) intake.Config {
	in := intake.Config{
		Server: c.IMAP.address("imap"), Security: c.IMAP.Security, Username: c.IMAP.Username,
		Password: c.password("imap"), TLS: t,
		Folders: c.IMAP.Folders, Junk: c.IMAP.Junk, Sent: c.IMAP.Sent, Drafts: c.IMAP.Drafts, WatchSent: true,
		PollEvery: c.IMAP.PollEvery.Duration, AlarmAfter: c.IMAP.AlarmAfter.Duration,
		HeadBytes: c.Limits.HeadBytes, MessageBytes: c.Limits.MessageBytes, Limits: c.messageLimits(), Log: log,
	}
	if s := c.signIns["imap"]; s != nil {
		in.OAuth, in.Password, in.Refused = true, s.Token, s.Refused
	}
	return in
}

// outgoingMail is how mails leave.
func (c *config) outgoingMail(t *tls.Config, log *slog.Logger) reply.SMTPConfig {
	s := c.outgoing()
	out := reply.SMTPConfig{
		Server: s.address("smtp"), Security: s.Security, Username: s.Username,
		Password: c.password("smtp"), TLS: t, Log: log,
	}
	if t := c.signIns["smtp"]; t != nil {
		out.OAuth, out.Password, out.Refused = true, t.Token, t.Refused
	}
	return out
}

// password asks for the password of a section, at each login anew.
func (c *config) password(section string) func(context.Context) (string, error) {
	source := c.passwordSource(section)
	return func(ctx context.Context) (string, error) {
		found, err := source.Read(ctx)
		return found.reveal(), err
	}
}
