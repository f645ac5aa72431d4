package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/desk"
	"guichetdunumerique.be/guichet/store"
)

// forgetting is the command "forget".
type forgetting struct {
	env   environment
	path  string
	yes   bool
	force bool
	order desk.Forgetting
}

func newForget(env environment) *cobra.Command {
	f := forgetting{env: env}
	cmd := &cobra.Command{
		Use:   "forget ADDRESS",
		Short: "erase a person from the closed cases",
		Long: `forget removes a person from every case: name, address, notes, mails, and every note on another case that names the
address. What was asked, when, and how it ended stays, as the register needs it. Whoever is erased stays erased: a mail
from before that comes back, after a backup is restored or the server numbers its messages anew, opens nothing.
A mail that nobody has read yet is a request as ever.

It does not touch the mailbox: the mails there are the organisation's to delete. A person with a case that is not closed
cannot be forgotten, unless --force ends it as withdrawn: whoever still waits for an answer then gets none. Backups made
before keep the person until you delete them; those that lie beside the database are named.`,
		Example: "  guichet forget jean.dupont@example.be\n  guichet forget --yes jean.dupont@example.be\n" +
			"  guichet forget --force --reason \"took the request back by telephone\" jean.dupont@example.be",
		Args:    oneArgument("address"),
		GroupID: groupKeep,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.read(args[0]); err != nil {
				return badUsage(cmd, err)
			}
			c, err := loadConfig(f.path, env)
			if err != nil {
				return err
			}
			return c.withDesk(cmd.Context(), env, func(d *desk.Desk) error { return f.run(cmd.Context(), d) })
		},
	}
	configFlag(cmd, &f.path)
	cmd.Flags().BoolVar(&f.yes, "yes", false, "do not ask")
	cmd.Flags().BoolVar(&f.force, "force", false, "end cases that are not closed as withdrawn")
	cmd.Flags().StringVar(&f.order.Force, "reason", "", "why, with --force; it is kept, so name nobody")
	cmd.Flags().StringVar(&f.order.By, "by", "", "who decides, for the case's history (default: your name on this machine)")
	return cmd
}

// read takes the address and checks the flags.
func (f *forgetting) read(address string) error {
	local, domain, found := strings.Cut(strings.TrimSpace(address), "@")
	switch {
	case !found || local == "" || domain == "" || strings.ContainsAny(address, " <>\"\t\n"):
		return errors.New("that is no address, such as jean.dupont@example.be")
	case f.force && cases.OneLine(f.order.Force) == "":
		return errors.New("--force needs a --reason")
	case !f.force && f.order.Force != "":
		return errors.New("--reason goes with --force")
	case len(f.order.Force) > cases.MaxReason:
		return fmt.Errorf("the reason is longer than %d letters", cases.MaxReason)
	}
	f.order.Address, f.order.By = strings.TrimSpace(address), cmp.Or(f.order.By, person())
	return nil
}

// run says what goes, asks, and erases.
func (f *forgetting) run(ctx context.Context, d *desk.Desk) error {
	kept, err := d.Kept(ctx, f.order.Address)
	if err != nil {
		return err
	}
	for _, k := range kept.Cases {
		fmt.Fprintf(f.env.stderr, "%s, %s: %s\n", k.Reference, k.Status, joined(k.Rights, ", "))
	}
	if !f.yes && !f.agreed(kept) {
		return errors.New("nothing was erased")
	}
	done, err := d.Forget(ctx, f.order)
	if open := (*desk.OpenCasesError)(nil); errors.As(err, &open) {
		return withHint(err, "close them first: guichet close %s --outcome withdrawn; or --force --reason WHY", open.Cases[0])
	}
	if err != nil && !errors.Is(err, store.ErrLocked) {
		return err
	}
	if err != nil {
		fmt.Fprintln(f.env.stderr, "another program is reading the database: traces in the file go at the daemon's next look")
	}
	if err := f.copies(d); err != nil {
		return err
	}
	others := ""
	if n := len(done.Notes); n > 0 {
		others = ", and from notes on " + strings.Join(done.Notes, ", ")
	}
	_, err = fmt.Fprintf(f.env.stdout, "erased from %s%s\n", plural(len(done.Cases), "case"), others)
	return err
}

// agreed asks whether to go on.
func (f *forgetting) agreed(kept desk.Kept) bool {
	fmt.Fprintf(f.env.stderr, "The person is removed from %s, %s and %s, for good. Go on? [y/N] ",
		plural(len(kept.Cases), "case"), plural(kept.Messages, "message"), plural(kept.Mails, "mail"))
	answer, _ := bufio.NewReader(f.env.stdin).ReadString('\n')
	a := strings.ToLower(strings.TrimSpace(answer))
	return a == "y" || a == "yes"
}

// copies tells of the copies that still hold the person: names those beside the database, reminds of those elsewhere.
func (f *forgetting) copies(d *desk.Desk) error {
	names, err := d.Store.Copies()
	if err != nil {
		return fmt.Errorf("looking for copies of the database: %w", err)
	}
	for _, name := range names {
		fmt.Fprintf(f.env.stderr, "a copy made before still holds whom it held, delete it: %s\n", name)
	}
	fmt.Fprintln(f.env.stderr, "backups elsewhere still hold the person, until you delete them")
	return nil
}
