package main

import (
	"bufio"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/desk"
)

func newForget(env environment) *cobra.Command {
	var path string
	var yes bool
	cmd := &cobra.Command{
		Use:   "forget ADDRESS",
		Short: "erase a person from the closed cases",
		Long: `forget removes a person from every case: name, address, notes, mails. What was asked, when, and how it ended stays,
as the register needs it. Whoever is erased stays erased: a mail of before that is found again, after a backup is
restored or the server numbers its messages anew, opens nothing. New mail of that person is taken as ever.

It does not touch the mailbox: the mails there are the organisation's to delete. A person with a case that is not
closed cannot be forgotten yet. Backups made before keep the person until you delete them.`,
		Example: "  guichet forget jean.dupont@example.be\n  guichet forget --yes jean.dupont@example.be",
		Args:    oneArgument("address"),
		GroupID: groupKeep,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := loadConfig(path, env)
			if err != nil {
				return err
			}
			return c.withDesk(cmd.Context(), env, func(d *desk.Desk) error { return forget(cmd, env, d, args[0], yes) })
		},
	}
	configFlag(cmd, &path)
	cmd.Flags().BoolVar(&yes, "yes", false, "do not ask")
	return cmd
}

// forget says what goes, asks, and erases.
func forget(cmd *cobra.Command, env environment, d *desk.Desk, address string, yes bool) error {
	kept, err := d.Kept(cmd.Context(), address)
	if err != nil {
		return err
	}
	for _, k := range kept {
		fmt.Fprintf(env.stderr, "%s, %s: %s\n", k.Reference, k.Status, joined(rightNames(k.Rights), ", "))
	}
	if !yes {
		fmt.Fprintf(env.stderr, "The person is removed from %s, for good. Go on? [y/N] ", plural(len(kept), "case"))
		answer, _ := bufio.NewReader(env.stdin).ReadString('\n')
		if a := strings.ToLower(strings.TrimSpace(answer)); a != "y" && a != "yes" {
			return errors.New("nothing was erased")
		}
	}
	refs, err := d.Forget(cmd.Context(), address)
	if open := (*desk.OpenCasesError)(nil); errors.As(err, &open) {
		return withHint(err, "close them first: guichet close %s --outcome withdrawn", open.Cases[0])
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(env.stdout, "erased from %s\n", plural(len(refs), "case"))
	return err
}

func rightNames(rights []cases.Right) []string {
	list := make([]string, len(rights))
	for i, r := range rights {
		list[i] = string(r)
	}
	return list
}
