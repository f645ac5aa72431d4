package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"
)

func newOnce(env environment) *cobra.Command {
	var path string
	cmd := &cobra.Command{
		Use:   "once",
		Short: "look at the mailbox one time, for cron",
		Long: `once reads what arrived since the last time, files it, sends what is due, reminders and the digest too, removes what
need not be kept any longer, and ends. It fails if anything could not be done; the next call goes on from there. It
does not run beside "guichet run" on the same database.`,
		Example: `  guichet once -c /etc/guichet/guichet.toml`,
		Args:    arguments(cobra.NoArgs),
		GroupID: groupWatch,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := officeOf(cmd.Context(), env, path)
			if err != nil {
				return err
			}
			return errors.Join(o.once(cmd.Context()), o.Close())
		},
	}
	configFlag(cmd, &path)
	return cmd
}

// once makes one pass over mailbox and outbox. A mailbox that cannot be reached does not keep back what
// is to be sent.
func (o *office) once(ctx context.Context) error {
	if err := o.desk.Recover(ctx); err != nil {
		return err
	}
	o.lookAtSignIns(ctx, "")
	return errors.Join(o.mailbox.Once(ctx), o.desk.Tick(ctx), o.desk.Deliver(ctx))
}
