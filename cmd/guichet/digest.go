package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/desk"
)

func newDigest(env environment) *cobra.Command {
	var path, day string
	var print, send bool
	cmd := &cobra.Command{
		Use:   "digest",
		Short: "show or send the digest of the day",
		Long: `digest shows what staff are told every working morning: what is late, due soon, to be confirmed, without
acknowledgement, undeliverable, answered but open. The daemon sends it by itself; --send sends it once more.`,
		Example: "  guichet digest\n  guichet digest --send\n  guichet digest --day 2026-12-01",
		Args:    arguments(cobra.NoArgs),
		GroupID: groupLook,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if print && send {
				return badUsage(cmd, errors.New("--print and --send do not go together"))
			}
			c, err := loadConfig(path, env)
			if err != nil {
				return err
			}
			on := cases.DateOf(env.now(), c.Desk.Timezone.Location)
			if day != "" {
				if on, err = cases.ParseDate(day); err != nil {
					return badUsage(cmd, err)
				}
			}
			return c.withDesk(cmd.Context(), env, func(d *desk.Desk) error {
				if send {
					n, err := d.SendDigest(cmd.Context(), on)
					if err == nil {
						fmt.Fprintf(env.stderr, "the digest is queued for %d colleague(s); the daemon sends it\n", n)
					}
					return err
				}
				m, err := d.Digest(cmd.Context(), on)
				if err == nil {
					_, err = fmt.Fprintf(env.stdout, "%s\n\n%s", m.Subject, m.Text)
				}
				return err
			})
		},
	}
	configFlag(cmd, &path)
	cmd.Flags().BoolVar(&print, "print", false, "show it (the default)")
	cmd.Flags().BoolVar(&send, "send", false, "send it to staff now")
	cmd.Flags().StringVar(&day, "day", "", "of another `day`, as YYYY-MM-DD")
	return cmd
}
