package main

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"
)

const (
	guessTime = 10 * time.Second // for all guesses about an address
	knockTime = 4 * time.Second  // for a guessed server to open its door
	tryTime   = 45 * time.Second // for a server to be tried
)

// mailbox asks where the mailbox is and who logs in, until it lets us in.
func (i *inquiry) mailbox(ctx context.Context) error {
	i.title("The mailbox")
	i.say("  Looking for the servers of %s ...", i.config.Desk.Address)
	i.guess = i.servers(ctx)
	if i.guess.Provider != "" {
		i.say("  Its mail seems to be with %s. %s", i.guess.Provider, i.guess.Advice)
	}
	standard := likeliest(ctx, i.guess.Incoming, "mail."+domainOf(i.config.Desk.Address)+":993")
	if err := i.server(ctx, "imap", "Server that holds the mail", standard, i.reachMailbox); err != nil {
		return err
	}
	for {
		name := cmp.Or(i.config.IMAP.Username, i.config.Desk.Address)
		if err := i.account(ctx, "imap", name); err != nil {
			return err
		}
		err := i.letIn(ctx)
		if err == nil {
			break
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		i.refuse(err)
	}
	how := "new mail is told at once"
	if !i.found.Idle {
		how = "new mail is found by looking every " + i.config.IMAP.PollEvery.String()
	}
	i.say("  %s; %d folders; %s.", i.config.IMAP.loggedIn(), len(i.found.Names), how)
	return i.keepSecret(ctx)
}

// outgoing asks where mail is sent, until the server would take ours.
func (i *inquiry) outgoing(ctx context.Context) error {
	i.title("The way out")
	standard := likeliest(ctx, i.guess.Outgoing, "")
	if standard == "" {
		host, _, _ := i.config.IMAP.hostPort("imap")
		standard = net.JoinHostPort(host, "465")
	}
	if err := i.server(ctx, "smtp", "Server that sends mail", standard, i.config.reachOut); err != nil {
		return err
	}
	i.secret["smtp"] = newSecret{value: i.secret["imap"].value}
	for own := false; ; own = true {
		err := i.config.tryOut(ctx, i.secret["smtp"].value)
		if err == nil {
			i.say("  %s; nothing was sent.", i.config.SMTP.loggedIn())
			if own {
				return i.keep(ctx, "smtp")
			}
			delete(i.secret, "smtp")
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		i.refuse(err)
		if err := i.account(ctx, "smtp", i.config.outgoing().Username); err != nil {
			return err
		}
	}
}

// server asks for a server, until reach finds one that speaks as it should behind a certificate to be trusted.
func (i *inquiry) server(ctx context.Context, section, text, standard string, reach func(context.Context) error) error {
	s := &i.config.IMAP.server
	if section == "smtp" {
		s = &i.config.SMTP.server
	}
	return i.ask(ctx, question{text: text, standard: standard, take: func(answer string) error {
		s.Server, s.Security, s.CAFile = answer, "tls", ""
		if name, security, found := strings.Cut(answer, " "); found {
			s.Server, s.Security = name, strings.ToLower(strings.TrimSpace(security))
		} else if _, port, err := s.hostPort(section); err == nil && (port == "143" || port == "587") {
			s.Security = "starttls"
		}
		if err := errors.Join(i.wrong(section+".server"), i.wrong(section+".security")); err != nil {
			return err
		}
		i.say("    trying %s ...", s.address(section))
		err := reach(ctx)
		if unknownAuthority(err) && section == "smtp" && i.config.IMAP.CAFile != "" {
			s.CAFile = i.config.IMAP.CAFile // an authority of one's own mostly stands behind both
			err = reach(ctx)
		}
		if unknownAuthority(err) {
			i.refuse(err)
			return i.authority(ctx, section, s, reach)
		}
		return err
	}})
}

func unknownAuthority(err error) bool { return errors.As(err, new(x509.UnknownAuthorityError)) }

// authority asks for the certificates that a server with its own authority is to be trusted by.
func (i *inquiry) authority(ctx context.Context, section string, s *server, reach func(context.Context) error) error {
	const another = "another server"
	var result error
	err := i.ask(ctx, question{text: "File with the certificate of its authority (PEM)", standard: another, take: func(answer string) error {
		if answer == another {
			s.CAFile, result = "", errors.New("then another server, please")
			return nil
		}
		s.CAFile = answer
		if err := i.wrong(section + ".ca_file"); err != nil {
			return err
		}
		return reach(ctx)
	}})
	return errors.Join(err, result)
}

// account asks who logs in.
func (i *inquiry) account(ctx context.Context, section, standard string) error {
	s := &i.config.IMAP.server
	if section == "smtp" {
		s = &i.config.SMTP.server
	}
	err := i.key(ctx, section+".username", "Name that logs in", standard, func(answer string) error { s.Username = answer; return nil })
	if err != nil {
		return err
	}
	if section == "imap" {
		if err := i.means(ctx); err != nil || i.config.IMAP.Provider != "" {
			return err
		}
	}
	delete(i.config.signIns, section) // what is logged in with from here on is a password
	return i.ask(ctx, question{text: "Password (it is not shown)", hidden: true, take: func(answer string) error {
		if answer == "" {
			return errors.New("the password is empty")
		}
		i.secret[section] = newSecret{value: secret{answer}}
		return nil
	}})
}

// keep asks where a password is to be kept.
func (i *inquiry) keep(ctx context.Context, section string) error {
	const bySystemd = "systemd"
	what, standard := "the password", section+"-password"
	if section == applicationSecret {
		what, standard = "the application's secret", applicationSecret
	}
	text := fmt.Sprintf(`File to keep %s in, or %q where the service gets it from there`, what, bySystemd)
	return i.ask(ctx, question{text: text, standard: standard, take: func(answer string) error {
		s := i.secret[section]
		s.file = ""
		if strings.EqualFold(answer, bySystemd) && section == "smtp" && i.config.IMAP.Provider != "" {
			return errors.New("a file is needed: without one, the mailbox's sign-in would serve to send, too")
		}
		if !strings.EqualFold(answer, bySystemd) {
			if err := i.free(i.config.file(answer)); err != nil {
				return err
			}
			s.file = answer
		}
		i.secret[section] = s
		return nil
	}})
}

// credentials reports whether a password comes from systemd.
func (i *inquiry) credentials() bool {
	for _, s := range i.secret {
		if s.file == "" {
			return true
		}
	}
	return false
}

// domainOf is what follows the @ of an address.
func domainOf(address string) string {
	_, domain, _ := strings.Cut(address, "@")
	return domain
}

// loggedIn says that a login was taken, and how safely.
func (s server) loggedIn() string {
	if s.Security == "none" {
		return "Logged in, within this machine"
	}
	return "Logged in over an encrypted connection"
}
