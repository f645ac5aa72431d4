package main

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"

	"guichetdunumerique.be/guichet/store"
)

func newBackup(env environment) *cobra.Command {
	var path string
	cmd := &cobra.Command{
		Use:   "backup FILE",
		Short: "copy the database, also while the daemon runs",
		Long: `backup writes a whole and sound copy of the database to FILE, which only its owner may read. The daemon may go on
working meanwhile. A file that is there already is not replaced. The copy holds personal data: keep it as safe as the
mailbox, and no longer than you need it.`,
		Example: `  guichet backup /var/backups/guichet-$(date +%F).db`,
		Args:    oneArgument("file"),
		GroupID: groupKeep,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := loadConfig(path, env)
			if err != nil {
				return err
			}
			database, err := c.database()
			if err != nil {
				return err
			}
			s, err := store.Open(cmd.Context(), store.Config{Path: database, Now: env.now, Log: newLogger(env.stderr, c.Log)})
			if err != nil {
				return err
			}
			err = errors.Join(s.BackUp(cmd.Context(), args[0]), s.Close())
			if errors.Is(err, fs.ErrExist) {
				return withHint(err, "choose another name, or move that file away")
			}
			if err == nil {
				fmt.Fprintf(env.stderr, "the database is copied to %s\n", args[0])
			}
			return err
		},
	}
	configFlag(cmd, &path)
	return cmd
}

func newRestore(env environment) *cobra.Command {
	var path string
	cmd := &cobra.Command{
		Use:   "restore FILE",
		Short: "put a backup into the place of the database",
		Long: `restore proves a backup and puts it into the place of the database, which is kept beside. The daemon must be stopped.

Mail that arrived since the backup is read again when the daemon starts: its cases open anew, but nobody gets a second
acknowledgement by itself, and a mail that was waiting to be sent is shown to staff instead, since it may have left.
Whoever was erased since stays erased.`,
		Example: "  systemctl stop guichet\n  guichet restore /var/backups/guichet-2026-11-22.db\n  systemctl start guichet",
		Args:    oneArgument("file"),
		GroupID: groupKeep,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := loadConfig(path, env)
			if err != nil {
				return err
			}
			target := c.file(c.Store.URL)
			kept, err := store.Restore(cmd.Context(), store.Config{Path: target, Now: env.now, Log: newLogger(env.stderr, c.Log)}, args[0])
			if errors.Is(err, store.ErrLocked) {
				return withHint(err, "stop the daemon first: systemctl stop guichet")
			}
			if err != nil {
				return err
			}
			if kept != "" {
				fmt.Fprintf(env.stderr, "the database that was there is kept as %s; it holds personal data, delete it once all is well\n", kept)
			}
			fmt.Fprintf(env.stderr, "%s is restored from %s\n", target, args[0])
			return nil
		},
	}
	configFlag(cmd, &path)
	return cmd
}
