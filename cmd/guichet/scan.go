package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/desk"
	"guichetdunumerique.be/guichet/intake"
)

// scanOptions are what the command line of a scan says.
type scanOptions struct {
	since  cases.Date
	open   bool // the cases
	again  bool
	keep   bool
	format string
	output string // a file; "" for standard output
}

var scanFormats = []string{"table", "json", "html"}

func newScan(env environment) *cobra.Command {
	var o scanOptions
	var path, since string
	cmd := &cobra.Command{
		Use:   "scan --since DATE",
		Short: "read what lies in the mailbox, and tell what it would have become",
		Long: `scan reads the past of the mailbox, from a day on, and changes nothing in it. It tells which messages would have
opened a case, which a person would have had to confirm, which would not have been acknowledged and why, which would
have been left alone, and by when each request had to be answered: all with the words that made it think so, for a
person to judge the rules before the desk goes live. Whether a request was answered is not looked at.

With --open it opens the cases as well. Clients are never mailed for them: a person acknowledges. It does not run
beside "guichet run" then. What the desk has filed already, or will read by itself, is left out.

Interrupted, it goes on where it was when called again. What it found so far waits in a folder beside the database
that its owner alone may read, and is deleted once the report is written, unless --keep. The report names people
and quotes what they wrote: keep it like the mailbox itself.`,
		Example: `  guichet scan --since 2026-01-01
  guichet scan --since 2026-01-01 --format html --output report.html
  guichet scan --since 2026-01-01 --open`,
		Args:    arguments(cobra.NoArgs),
		GroupID: groupWatch,
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if o.since, err = scanDay(since, env); err != nil {
				return badUsage(cmd, err)
			}
			if !slices.Contains(scanFormats, o.format) {
				return badUsage(cmd, fmt.Errorf("%q is no format; there are table, json and html", o.format))
			}
			c, err := loadConfig(path, env)
			if err != nil {
				return err
			}
			err = runScan(cmd.Context(), env, &c, o)
			if err != nil && cmd.Context().Err() != nil && !errors.Is(err, errInterrupted) {
				return errInterrupted // whatever it stopped just then
			}
			return err
		},
	}
	configFlag(cmd, &path)
	cmd.Flags().StringVar(&since, "since", "", "the first `day` to read, such as 2026-01-01")
	cmd.Flags().BoolVar(&o.open, "open", false, "open the cases; clients are never mailed")
	cmd.Flags().StringVar(&o.format, "format", "table", "of the report: table, json or html")
	cmd.Flags().StringVar(&o.output, "output", "", "write the report to this `file`, for its owner alone")
	cmd.Flags().BoolVar(&o.again, "again", false, "forget what an interrupted scan has read, and start anew")
	cmd.Flags().BoolVar(&o.keep, "keep", false, "keep what was found, for another report without reading again")
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(scanFormats, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// scanDay reads the day from which on a scan reads.
func scanDay(s string, env environment) (cases.Date, error) {
	if s == "" {
		return cases.Date{}, errors.New("scan needs --since, the first day to read")
	}
	day, err := cases.ParseDate(s)
	if err != nil {
		return day, fmt.Errorf("--since: %q is not a day such as 2026-01-01", s)
	}
	if env.now().Before(day.In(lawfulTerm().Zone)) {
		return day, fmt.Errorf("--since: %s is yet to come", day)
	}
	_, err = inCalendar("--since", day)
	return day, err
}

// runScan reads the past, then writes the report.
func runScan(ctx context.Context, env environment, c *config, o scanOptions) (err error) {
	out, err := openReport(env, o.output)
	if err != nil {
		return err
	}
	defer out.discard() // nothing once it is kept
	s, err := openScan(ctx, env, c, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := s.read(ctx); err != nil {
		if s.spool.count == 0 {
			err = errors.Join(err, s.forget())
		}
		return err
	}
	if err := s.report(ctx, out); err != nil {
		return err
	}
	if err := out.keep(); err != nil || o.keep {
		return err
	}
	return s.forget()
}

// read hands over every message that no earlier run has taken.
func (s *scan) read(ctx context.Context) error {
	err := s.mailbox.ReadPast(ctx, intake.Past{
		Since: s.first(), From: s.spool.left,
		Found: func(n int) { s.progress.start(s.spool.count, n) },
		Take:  s.take,
	})
	s.progress.clear()
	switch {
	case ctx.Err() != nil:
		return withHint(fmt.Errorf("%w after %s of %s messages", errInterrupted, thousands(s.progress.done), thousands(s.progress.total)),
			"the same command goes on from there; --again starts anew")
	case errors.Is(err, intake.ErrRenumbered):
		return withHint(err, "--again starts anew")
	case errors.Is(err, desk.ErrOtherPlaces):
		return withHint(err, "let guichet run or guichet once look at it first")
	case err != nil && s.spool.count > 0:
		return withHint(err, "the same command goes on where it was")
	}
	return err
}

// take files one message, and keeps what became of it.
func (s *scan) take(ctx context.Context, a intake.Arrival) error {
	f, err := s.judge(ctx, a)
	if err == nil {
		err = s.spool.add(f)
	}
	s.progress.step()
	return err
}

func (s *scan) judge(ctx context.Context, a intake.Arrival) (finding, error) {
	if desk.Receipt(a, s.env.now()).Before(s.first()) {
		return placeOf(a, kindOlder), nil
	}
	if s.ledger != nil {
		known, err := s.ledger.Knows(ctx, a, s.spool.header.Began)
		if err != nil || known {
			return placeOf(a, kindKnown), err
		}
	}
	found, err := s.desk.Scan(ctx, a)
	if err != nil {
		return finding{}, err
	}
	return newFinding(a, found), nil
}
