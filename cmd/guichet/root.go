package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"guichetdunumerique.be/guichet/internal/caught"
	"guichetdunumerique.be/guichet/internal/discover"
)

// environment is all that a command takes from the world around it, so that a test can be that world.
type environment struct {
	stdin  io.Reader
	stdout io.Writer // data, for people or programs
	stderr io.Writer // talk, for people
	now    func() time.Time
	getenv func(string) string

	resolver discover.Resolver // DNS, for guesses only
}

// Groups of commands, as help shows them.
const (
	groupWatch = "watch"
	groupLook  = "look"
	groupAct   = "act"
	groupKeep  = "keep"
	groupTry   = "try"
)

// run is the whole program: it ends with the exit code.
func run(ctx context.Context, env environment, args []string) int {
	root := newRoot(env)
	root.SetArgs(args)
	err := caught.Run(func() error { return root.ExecuteContext(ctx) }) // what a panic says may be words of a mail
	if fault := (*caught.Error)(nil); errors.As(err, &fault) {
		err = withHint(err, "this is a fault of the program: please report that line, it holds nobody's data")
	}
	if err == nil {
		return exitDone
	}
	complain(env.stderr, err)
	if errors.As(err, new(usageError)) {
		return exitUsage
	}
	return exitFailed
}

// newRoot builds the command with all its subcommands.
func newRoot(env environment) *cobra.Command {
	root := &cobra.Command{
		Use:   "guichet",
		Short: "watch a mailbox for data-protection requests",
		Long: `guichet watches the mailbox where an organisation receives its data-protection requests (GDPR, articles
7 and 15 to 21). It recognises them, opens a case for each, acknowledges receipt and counts the days that the
law leaves to answer. It reads the mailbox without changing it, and it never decides a request: people do.`,
		Example: `  guichet demo                            see the whole story, without a mailbox
  guichet deadline 2026-01-31             when is a request of that day due?
  guichet classify mail.eml               what would become of this mail?
  guichet run -c /etc/guichet/guichet.toml`,
		Args:          noSuchCommand,
		RunE:          func(*cobra.Command, []string) error { return errNoCommand },
		SilenceErrors: true,
		SilenceUsage:  true,

		DisableFlagsInUseLine:      true,
		SuggestionsMinimumDistance: 2,
	}
	root.SetIn(env.stdin)
	root.SetOut(env.stdout)
	root.SetErr(env.stderr)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return badUsage(cmd, err) })
	root.AddGroup(
		&cobra.Group{ID: groupWatch, Title: "Watch a mailbox:"},
		&cobra.Group{ID: groupLook, Title: "Look at cases:"},
		&cobra.Group{ID: groupAct, Title: "Decide about a case, as staff do by mail:"},
		&cobra.Group{ID: groupKeep, Title: "Keep it safe:"},
		&cobra.Group{ID: groupTry, Title: "Try it, without a mailbox:"},
	)
	root.AddCommand(
		newDemo(env),
		newInit(env),
		newRun(env),
		newOnce(env),
		newScan(env),
		newCases(env),
		newCase(env),
		newDigest(env),
		newRegisterReport(env),
		newStatus(env),
		newCheck(env),
		newVerify(env),
		newBackup(env),
		newRestore(env),
		newForget(env),
		newRetry(env),
		newClassify(env),
		newDeadline(env),
		newVersion(env),
	)
	root.AddCommand(newInstructions(env)...)
	completeNothing(root)
	return root
}

var errNoCommand = usageError{withHint(errors.New("no command given"), "guichet --help lists them")}

// noSuchCommand refuses what is left of the command line when no subcommand took it.
func noSuchCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	err := fmt.Errorf("unknown command %q", args[0])
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		return usageError{withHint(err, "did you mean guichet %s?", strings.Join(near, ", guichet "))}
	}
	return usageError{withHint(err, "guichet --help lists the commands")}
}

// arguments turns what check finds wrong into a usage error of the command.
func arguments(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if check(cmd, args) != nil {
			return badUsage(cmd, fmt.Errorf("%s does not take %q", cmd.CommandPath(), args))
		}
		return nil
	}
}

// oneArgument is the check of a command that takes one thing, and someArguments of one that takes some.
func oneArgument(thing string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != 1 {
			return badUsage(cmd, fmt.Errorf("%s takes one %s, not %d", cmd.CommandPath(), thing, len(args)))
		}
		return nil
	}
}

func someArguments(thing string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return badUsage(cmd, fmt.Errorf("%s takes at least one %s", cmd.CommandPath(), thing))
		}
		return nil
	}
}

// badUsage says what is wrong with the command line and where to read how it would be right.
func badUsage(cmd *cobra.Command, err error) error {
	return usageError{withHint(err, "%s --help shows how it is used", cmd.CommandPath())}
}

// configFlag adds -c to a command that needs one config.
func configFlag(cmd *cobra.Command, path *string) {
	cmd.Flags().StringVarP(path, "config", "c", defaultConfig, "config `file`")
	_ = cmd.MarkFlagFilename("config", "toml") // fails only for a flag that is not there
}
