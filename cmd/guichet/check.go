package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"guichetdunumerique.be/guichet/intake"
	"guichetdunumerique.be/guichet/reply"
	"guichetdunumerique.be/guichet/store"
	"guichetdunumerique.be/guichet/templates"
)

func newCheck(env environment) *cobra.Command {
	var path string
	var again bool
	cmd := &cobra.Command{
		Use:   "check",
		Short: "find what is wrong with a setup before the first run",
		Long: `check reads the config, then tries all that the daemon will need: the rules, the letters, the place of the database,
both servers with their certificates and passwords or access tokens, and every folder. It changes nothing, but for tokens
that were due to be renewed, and sends nothing. Each line says what is fine, what deserves a look, and what is wrong with
how to mend it; it fails where something is wrong.

With --sign-in a person first signs in anew with the mail provider (OAuth 2.0), on any device or in a browser. A daemon
that runs takes that up by itself.`,
		Example: "  guichet check -c /etc/guichet/guichet.toml\n  guichet check -c /etc/guichet/guichet.toml --sign-in",
		Args:    arguments(cobra.NoArgs),
		GroupID: groupWatch,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := loadConfig(path, env)
			if err != nil {
				return err
			}
			if again {
				if err := c.signInAgain(cmd.Context(), newAsker(env)); err != nil {
					return err
				}
			}
			k := checkup{config: &c, env: env, out: env.stdout}
			k.all(cmd.Context())
			if k.wrong > 0 {
				return errTold
			}
			return nil
		},
	}
	configFlag(cmd, &path)
	cmd.Flags().BoolVar(&again, "sign-in", false, "first sign in anew with the mail provider")
	return cmd
}

// checkup tries what the daemon will need, and tells each result as it comes.
type checkup struct {
	*config
	env   environment
	out   io.Writer
	wrong int
}

func (k *checkup) fine(what, format string, args ...any)  { k.tell("ok", what, format, args...) }
func (k *checkup) doubt(what, format string, args ...any) { k.tell("look", what, format, args...) }
func (k *checkup) failed(what, format string, args ...any) {
	k.wrong++
	k.tell("WRONG", what, format, args...)
}

func (k *checkup) tell(how, what, format string, args ...any) {
	fmt.Fprintf(k.out, "%-5s  %-12s  %s\n", how, what, printable(fmt.Sprintf(format, args...)))
}

// wrongly tells an error with what to do about it.
func (k *checkup) wrongly(what string, err error) {
	text := strings.Join(errorLines(err), "; ")
	if list := hints(err); len(list) > 0 {
		text += " (" + strings.Join(list, "; ") + ")"
	}
	k.failed(what, "%s", text)
}

func (k *checkup) all(ctx context.Context) {
	k.fine("config", "%s is sound", k.path)
	k.words()
	k.people()
	k.place(ctx)
	without := k.tokens(ctx)
	for _, way := range []struct {
		section string
		server  server
		look    func(context.Context, *tls.Config)
	}{{"imap", k.IMAP.server, k.mailbox}, {"smtp", k.outgoing(), k.postman}} {
		if without[way.section] {
			k.doubt(way.section, "not tried, as there is no access token")
			continue
		}
		k.way(ctx, way.section, way.server, way.look)
	}
}

// words tries the rules and the letters.
func (k *checkup) words() {
	rules, err := k.rules()
	if err != nil {
		k.wrongly("rules", err)
	} else if bad := rules.Check(); len(bad) > 0 {
		k.doubt("rules", "%d of the examples beside them do not come out as written; the first: %v", len(bad), bad[0])
	} else {
		k.fine("rules", "version %s, every example comes out as written", rules.Version())
	}
	if _, err := templates.Load(nil); err != nil {
		k.wrongly("letters", err)
	}
	if k.Desk.PolicyURL == "" {
		k.doubt("letters", "desk.policy_url is not set: acknowledgements will not say where the privacy policy stands")
	}
}

// people looks at who is told: their mails name requesters, so they belong inside.
func (k *checkup) people() {
	_, own, _ := strings.Cut(k.Desk.Address, "@")
	for _, a := range slices.Concat(k.Staff.Addresses, k.Staff.DigestTo, k.Staff.BackupTo) {
		if _, domain, _ := strings.Cut(a, "@"); !strings.EqualFold(domain, own) {
			k.doubt("staff", "%s is outside of %s, and will get mails that name requesters", a, own)
		}
	}
	if len(k.Staff.Addresses) == 1 {
		k.doubt("staff", "one colleague only is told of trouble: who reads when that one is away?")
	}
}

// leastRoom is how much the disk of the database should have free.
const leastRoom = 256 << 20

// place tries where the database lies.
func (k *checkup) place(ctx context.Context) {
	path := k.file(k.Store.URL)
	dir := filepath.Dir(path)
	probe, err := os.CreateTemp(dir, ".guichet-check-*")
	if err != nil {
		k.failed("database", "nothing can be written in %s: %v", dir, errors.Unwrap(err))
		return
	}
	_ = errors.Join(probe.Close(), os.Remove(probe.Name()))
	var fs syscall.Statfs_t
	if err := syscall.Statfs(dir, &fs); err == nil && fs.Bavail*uint64(fs.Bsize) < leastRoom {
		k.doubt("database", "%s has %d MB free only", dir, fs.Bavail*uint64(fs.Bsize)>>20)
	}
	if _, err := os.Stat(path); err != nil {
		k.fine("database", "%s will be made by the first run", path)
		return
	}
	s, err := store.Open(ctx, store.Config{Path: path, Now: k.env.now, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		k.wrongly("database", err)
		return
	}
	defer s.Close()
	if err := s.Check(ctx); err != nil {
		k.wrongly("database", err)
		return
	}
	k.fine("database", "%s is sound", path)
}

// way tries a server: its password, its certificate, then what look does with it.
func (k *checkup) way(ctx context.Context, section string, s server, look func(context.Context, *tls.Config)) {
	t, err := k.tlsConfig(section, s)
	if err != nil {
		k.wrongly(section, err)
		return
	}
	if s.Username != "" && k.signIns[section] == nil {
		if _, err := k.password(section)(ctx); err != nil {
			k.wrongly(section, err)
			return
		}
	}
	if s.Security == "none" {
		k.doubt(section, "%s is spoken to without encryption, which only this machine itself may be", s.address(section))
	}
	k.certificate(section, t)
	look(ctx, t)
}

// endsSoon is how near the end of a certificate deserves a look.
const endsSoon = 14 * 24 * time.Hour

// certificate warns of a certificate that ends soon, once the connection shows it.
func (k *checkup) certificate(section string, t *tls.Config) {
	t.VerifyConnection = func(state tls.ConnectionState) error {
		if end := state.PeerCertificates[0].NotAfter; end.Sub(k.env.now()) < endsSoon {
			k.doubt(section, "the server's certificate ends on %s", end.Format("2006-01-02"))
		}
		return nil
	}
}

// mailbox tries the way in.
func (k *checkup) mailbox(ctx context.Context, t *tls.Config) {
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	found, err := intake.New(k.incomingMail(t, quiet), nil).Check(ctx)
	if err != nil {
		k.wrongly("imap", err)
		if said := (*intake.Error)(nil); errors.As(err, &said) && said.Said != "" {
			k.tell("", "", "the server says: %s", said.Said)
		}
	}
	if len(found.Capabilities) == 0 {
		return
	}
	told := "tells of new mail at once"
	if !found.Idle {
		told = fmt.Sprintf("does not tell of new mail: it is looked for every %s", k.IMAP.PollEvery)
	}
	k.fine("imap", "%s lets us in and %s", found.Server, told)
	for _, f := range found.Folders {
		k.fine("folder", "%s, %s", f.Name, plural(int(f.Messages), "message"))
	}
	for use, name := range map[string]string{`\Sent`: k.IMAP.Sent, `\Drafts`: k.IMAP.Drafts, `\Junk`: k.IMAP.Junk} {
		if found.Special[use] == "" && name == "" {
			k.doubt("folder", "the server marks none as %s: set imap.%s if there is one (%s)", use, strings.ToLower(use[1:]), strings.Join(found.Names, ", "))
		}
	}
	for _, q := range found.Quota {
		if q.Limit > 0 && q.Used*10 >= q.Limit*8 {
			k.doubt("imap", "the mailbox is %d %% full (%s): beyond 100 no request arrives any more", q.Used*100/q.Limit, strings.ToLower(q.Resource))
		}
	}
}

// postman tries the way out.
func (k *checkup) postman(ctx context.Context, t *tls.Config) {
	sender, err := reply.NewSender(k.outgoingMail(t, slog.New(slog.NewTextHandler(io.Discard, nil))))
	if err == nil {
		err = errors.Join(sender.Check(ctx), sender.Close())
	}
	if err != nil {
		k.wrongly("smtp", err)
		return
	}
	k.fine("smtp", "%s lets us in; nothing was sent", k.outgoing().address("smtp"))
}
