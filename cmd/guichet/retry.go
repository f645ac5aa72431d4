package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"guichetdunumerique.be/guichet/desk"
	"guichetdunumerique.be/guichet/intake"
	"guichetdunumerique.be/guichet/store"
)

func newRetry(env environment) *cobra.Command {
	var path string
	var all bool
	cmd := &cobra.Command{
		Use:   "retry [ID...]",
		Short: "read again what could not be read",
		Long: `retry fetches messages that could not be read when they came, and judges them with the program of today. Their cases
stay for a person to confirm, and nothing is sent by itself. Without an ID it lists them, with their IDs.`,
		Example: "  guichet retry\n  guichet retry 217\n  guichet retry --all",
		GroupID: groupKeep,
		RunE: func(cmd *cobra.Command, args []string) error {
			ids, err := entryIDs(args)
			if err != nil {
				return badUsage(cmd, err)
			}
			c, err := loadConfig(path, env)
			if err != nil {
				return err
			}
			return c.withDesk(cmd.Context(), env, func(d *desk.Desk) error { return c.retry(cmd.Context(), env, d, ids, all) })
		},
	}
	configFlag(cmd, &path)
	cmd.Flags().BoolVar(&all, "all", false, "all of them")
	return cmd
}

// entryIDs reads row numbers of the ledger.
func entryIDs(args []string) (ids map[int64]bool, err error) {
	ids = map[int64]bool{}
	for _, arg := range args {
		id, err := strconv.ParseInt(arg, 10, 64)
		if err != nil || id <= 0 {
			return nil, fmt.Errorf("%q is no ID; guichet retry lists them", arg)
		}
		ids[id] = true
	}
	return ids, nil
}

// retry reads the chosen messages again, or lists all where none is chosen.
func (c *config) retry(ctx context.Context, env environment, d *desk.Desk, ids map[int64]bool, all bool) error {
	list, err := d.Unread(ctx)
	if err != nil {
		return err
	}
	if len(ids) == 0 && !all {
		return listUnread(env, list)
	}
	tls, err := c.tlsConfig("imap", c.IMAP.server)
	if err != nil {
		return err
	}
	mailbox := intake.New(c.incomingMail(tls, newLogger(env.stderr, c.Log)), nil)
	var failed []error
	for _, e := range list {
		if !all && !ids[e.ID] {
			continue
		}
		delete(ids, e.ID)
		if err := retryOne(ctx, env, d, mailbox, e); err != nil {
			failed = append(failed, fmt.Errorf("%d: %w", e.ID, err))
		}
	}
	for id := range ids {
		failed = append(failed, fmt.Errorf("%d is not among the messages that could not be read", id))
	}
	return errors.Join(failed...)
}

func retryOne(ctx context.Context, env environment, d *desk.Desk, mailbox *intake.Mailbox, e store.Entry) error {
	a, err := mailbox.Fetch(ctx, e.Folder, intake.Position{UIDValidity: e.UIDValidity, UID: e.UID})
	if err != nil {
		return err
	}
	outcome, err := d.Reread(ctx, a)
	if err == nil {
		_, err = fmt.Fprintf(env.stdout, "%d: %s\n", e.ID, outcome)
	}
	return err
}

func listUnread(env environment, list []store.Entry) error {
	if len(list) == 0 {
		_, err := fmt.Fprintln(env.stdout, "every message could be read")
		return err
	}
	for _, e := range list {
		if _, err := fmt.Fprintf(env.stdout, "%d\t%s\tUID %d in %s\t%s\n", e.ID, e.Case, e.UID, e.Folder, e.Reason); err != nil {
			return err
		}
	}
	return nil
}
