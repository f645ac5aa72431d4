package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os/user"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/desk"
	"guichetdunumerique.be/guichet/intake"
	"guichetdunumerique.be/guichet/store"
)

// instruction is a subcommand that changes a case, with the same verbs as staff's mails.
type instruction struct {
	env     environment
	path    string
	by      string
	on      string // a day, as given
	command cases.Command
}

// newInstructions are the subcommands that change a case.
func newInstructions(env environment) []*cobra.Command {
	return []*cobra.Command{
		newClose(env), newExtend(env), newPause(env), newResume(env), newIdentity(env), newRights(env),
		newConfirm(env), newDismiss(env), newMerge(env), newNote(env), newDraft(env),
	}
}

// cobra is a subcommand for a verb, which takes a case reference and perhaps more.
func (i *instruction) cobra(verb cases.Verb, use, short, long, example string, takes cobra.PositionalArgs, read func(args []string) error) *cobra.Command {
	i.command.Verb = verb
	cmd := &cobra.Command{
		Use: use, Short: short, Long: long, Example: example, Args: takes, GroupID: groupAct,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := i.read(args, read); err != nil {
				return badUsage(cmd, err)
			}
			return i.run(cmd.Context())
		},
		ValidArgsFunction: completeReference(i.env, &i.path, secondWords(verb)),
	}
	configFlag(cmd, &i.path)
	cmd.Flags().StringVar(&i.by, "by", "", "who decides, for the case's history (default: your name on this machine)")
	return cmd
}

// read takes the case's reference and the rest of the arguments.
func (i *instruction) read(args []string, rest func([]string) error) error {
	ref, err := cases.ParseReference(args[0])
	if err != nil {
		return err
	}
	i.command.Case = ref.String()
	if len(i.command.Reason) > cases.MaxReason {
		return fmt.Errorf("the reason is longer than %d letters", cases.MaxReason)
	}
	if i.on != "" {
		if i.command.On, err = cases.ParseDate(i.on); err != nil {
			return err
		}
	}
	if rest == nil {
		return nil
	}
	return rest(args[1:])
}

// run carries the command out, beside a daemon that may be running.
func (i *instruction) run(ctx context.Context) error {
	c, err := loadConfig(i.path, i.env)
	if err != nil {
		return err
	}
	return c.withDesk(ctx, i.env, func(d *desk.Desk) error {
		done, err := d.Instruct(ctx, cmp.Or(i.by, person()), i.command)
		if err != nil {
			return err
		}
		if done.Problem != "" {
			return fmt.Errorf("%s: %s", i.command.Case, problemText(done.Problem, done.Detail))
		}
		_, err = fmt.Fprintf(i.env.stdout, "%s: %s\n", i.command.Case, done.Changed)
		return err
	})
}

// withDesk opens the desk for one act beside the daemon: what it queues, the daemon sends.
func (c *config) withDesk(ctx context.Context, env environment, act func(*desk.Desk) error) error {
	log := newLogger(env.stderr, c.Log)
	parts, err := c.deskParts(log)
	if err != nil {
		return err
	}
	path, err := c.database()
	if err != nil {
		return err
	}
	if parts.Store, err = store.Open(ctx, store.Config{Path: path, Now: env.now, Log: log}); err != nil {
		return err
	}
	parts.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	parts.Drafter = intake.New(c.incomingMail(nil, parts.Log), nil)
	return errors.Join(act(desk.New(parts)), parts.Store.Close())
}

// person is who sits at the machine, for a case's history.
func person() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username + ", on the command line"
	}
	return "command line"
}

func newClose(env environment) *cobra.Command {
	i := &instruction{env: env}
	var outcome string
	cmd := i.cobra(cases.VerbClose, "close REF", "end a case",
		`close ends a case with its outcome: fulfilled, partly, refused, withdrawn, not_a_request, duplicate or no_identity.
The client is told nothing: people answer people. Closing a closed case corrects its outcome.`,
		"  guichet close GDN-2026-0007\n  guichet close GDN-2026-0007 --outcome partly --reason \"invoices stay, art. 17(3)(b)\"",
		oneArgument("case reference"), func([]string) error {
			i.command.Outcome = cases.Outcome(outcome)
			if !slices.Contains(outcomes(), outcome) {
				return fmt.Errorf("--outcome %q is none of %s", outcome, strings.Join(outcomes(), ", "))
			}
			return nil
		})
	cmd.Flags().StringVar(&outcome, "outcome", string(cases.Fulfilled), "how it ended")
	_ = cmd.RegisterFlagCompletionFunc("outcome", cobra.FixedCompletions(outcomes(), cobra.ShellCompDirectiveNoFileComp))
	i.reasonFlag(cmd, "why, for the history")
	return cmd
}

// outcomes are the ways in which a case can end.
func outcomes() []string {
	return []string{string(cases.Fulfilled), string(cases.Partly), string(cases.Refused), string(cases.Withdrawn),
		string(cases.NotARequest), string(cases.Duplicate), string(cases.NoIdentity)}
}

func (i *instruction) reasonFlag(cmd *cobra.Command, what string) {
	cmd.Flags().StringVar(&i.command.Reason, "reason", "", what)
}

func (i *instruction) onFlag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&i.on, "on", "", "the `day`, as YYYY-MM-DD (default: today)")
}

func newExtend(env environment) *cobra.Command {
	i := &instruction{env: env}
	cmd := i.cobra(cases.VerbExtend, "extend REF --reason WHY", "take the longer period, within the first month",
		`extend moves the last day to three months from receipt (GDPR art. 12(3)). That holds only if the client is told,
with the reason, within the first month: a draft of that letter is put into the drafts. Later it is refused.`,
		"  guichet extend GDN-2026-0007 --reason \"twelve years of files on paper\"",
		oneArgument("case reference"), nil)
	i.reasonFlag(cmd, "why: the client must be told")
	return cmd
}

func newPause(env environment) *cobra.Command {
	i := &instruction{env: env}
	cmd := i.cobra(cases.VerbPause, "pause REF --reason WHY", "record that you wait for the client",
		`pause records a time in which you hold that the period stands still, such as while the client was asked who he is.
The law does not say so clearly: the last day stays, and a second, arguable one is shown beside it.`,
		"  guichet pause GDN-2026-0007 --reason \"asked who he is\"", oneArgument("case reference"), nil)
	i.reasonFlag(cmd, "what you wait for")
	i.onFlag(cmd)
	return cmd
}

func newResume(env environment) *cobra.Command {
	i := &instruction{env: env}
	cmd := i.cobra(cases.VerbResume, "resume REF", "end a pause", "resume ends a pause that pause began.",
		"  guichet resume GDN-2026-0007", oneArgument("case reference"), nil)
	i.onFlag(cmd)
	return cmd
}

// identityAnswers are the words for what a person found of a client's identity.
var identityAnswers = map[string]cases.Command{
	"ok":           {Identity: cases.IdentityVerified},
	"not-ok":       {Identity: cases.IdentityMissing},
	"not-needed":   {Identity: cases.IdentityNotNeeded},
	"copy-deleted": {Copy: cases.CopyDeleted},
}

func newIdentity(env environment) *cobra.Command {
	i := &instruction{env: env}
	cmd := i.cobra(cases.VerbIdentity, "identity REF ok|not-ok|not-needed|copy-deleted", "say what you found of the client's identity",
		`identity records what a person found: ok (checked), not-ok, not-needed, or that the copy of a document which the
client had sent is deleted.`,
		"  guichet identity GDN-2026-0007 ok\n  guichet identity GDN-2026-0007 copy-deleted",
		twoArguments("a case reference and ok, not-ok, not-needed or copy-deleted"), func(args []string) error {
			found, ok := identityAnswers[args[0]]
			if !ok {
				return fmt.Errorf("%q is none of ok, not-ok, not-needed, copy-deleted", args[0])
			}
			i.command.Identity, i.command.Copy = found.Identity, found.Copy
			return nil
		})
	return cmd
}

func newRights(env environment) *cobra.Command {
	i := &instruction{env: env}
	return i.cobra(cases.VerbRights, "rights REF RIGHT...", "correct which rights are asked for",
		"rights sets the rights of a case: access, rectification, erasure, restriction, objection, portability,\nconsent_withdrawal.",
		"  guichet rights GDN-2026-0007 access erasure", atLeastTwo("a case reference and a right"), func(args []string) error {
			i.command.Rights = nil
			for _, a := range args {
				for _, name := range strings.FieldsFunc(a, func(r rune) bool { return r == ',' }) {
					if !cases.Right(name).Valid() {
						return fmt.Errorf("%q is not a right", name)
					}
					i.command.Rights = append(i.command.Rights, cases.Right(name))
				}
			}
			return nil
		})
}

func newConfirm(env environment) *cobra.Command {
	i := &instruction{env: env}
	return i.cobra(cases.VerbConfirm, "confirm REF", "say that it is a request", "confirm opens a case that stood in triage.",
		"  guichet confirm GDN-2026-0007", oneArgument("case reference"), nil)
}

func newDismiss(env environment) *cobra.Command {
	i := &instruction{env: env}
	cmd := i.cobra(cases.VerbDismiss, "dismiss REF", "say that it is no request", "dismiss ends a case as not_a_request.",
		"  guichet dismiss GDN-2026-0007", oneArgument("case reference"), nil)
	i.reasonFlag(cmd, "why, for the history")
	return cmd
}

func newMerge(env environment) *cobra.Command {
	i := &instruction{env: env}
	return i.cobra(cases.VerbMerge, "merge REF INTO", "end a case that is the same as another",
		"merge ends the first case as a duplicate of the second, which goes on.",
		"  guichet merge GDN-2026-0008 GDN-2026-0007", twoArguments("two case references"), func(args []string) error {
			ref, err := cases.ParseReference(args[0])
			i.command.Other = ref.String()
			return err
		})
}

func newNote(env environment) *cobra.Command {
	i := &instruction{env: env}
	return i.cobra(cases.VerbNote, "note REF TEXT", "write a line into a case's history",
		"note writes a line of your own into the history of a case.",
		"  guichet note GDN-2026-0007 \"called, will send the form\"", twoArguments("a case reference and a text"), func(args []string) error {
			i.command.Reason = args[0]
			if len(args[0]) > cases.MaxReason {
				return fmt.Errorf("the note is longer than %d letters", cases.MaxReason)
			}
			return nil
		})
}

func newDraft(env environment) *cobra.Command {
	i := &instruction{env: env}
	var kinds []string
	for _, k := range cases.DraftKinds() {
		kinds = append(kinds, string(k))
	}
	cmd := i.cobra(cases.VerbDraft, "draft REF "+strings.Join(kinds, "|"), "have a letter to the client prepared",
		`draft puts a letter in the client's language into the account's drafts, for a person to finish: the answer to what
was asked, a question about the identity, the notice of an extension, a refusal, that nothing is held, or the end.`,
		"  guichet draft GDN-2026-0007 answer", twoArguments("a case reference and a kind of letter"), func(args []string) error {
			i.command.Draft = cases.DraftKind(args[0])
			if !slices.Contains(kinds, args[0]) {
				return fmt.Errorf("%q is none of %s", args[0], strings.Join(kinds, ", "))
			}
			return nil
		})
	i.reasonFlag(cmd, "for an extension or a refusal")
	return cmd
}

// twoArguments is the check of a command that takes two things, and atLeastTwo of one that takes more.
func twoArguments(things string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) != 2 {
			return badUsage(cmd, fmt.Errorf("%s takes %s", cmd.CommandPath(), things))
		}
		return nil
	}
}

func atLeastTwo(things string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < 2 {
			return badUsage(cmd, fmt.Errorf("%s takes %s", cmd.CommandPath(), things))
		}
		return nil
	}
}

// problemTexts say why a command was not carried out.
var problemTexts = map[cases.ProblemKind]string{
	cases.ProblemUnknownCase: "there is no case %s",
	cases.ProblemClosed:      "the case has ended; guichet confirm opens it again",
	cases.ProblemNotTriage:   "the case needs no confirmation",
	cases.ProblemTooLate:     "too late: the notice had to leave by %s (GDPR art. 12(3))",
	cases.ProblemExtended:    "it was extended before, until %s",
	cases.ProblemNoReason:    "a reason is needed: add --reason",
	cases.ProblemNoRights:    "no right was given",
	cases.ProblemPaused:      "a pause is running; guichet resume ends it",
	cases.ProblemNotPaused:   "no pause is running",
	cases.ProblemSameCase:    "a case cannot be merged into itself",
	cases.ProblemBadDate:     "%s lies in the future, or before the case or its last pause",
	cases.ProblemNoChange:    "it is so already",
	cases.ProblemNoDrafts:    "the desk has no drafts folder",
	cases.ProblemNoRequester: "nobody is known to whom to write",
	cases.ProblemDraftThere:  "that draft (%s) was made before; it lies in the drafts folder",
}

// problemText is such a sentence with its date or reference.
func problemText(kind, detail string) string {
	text, ok := problemTexts[cases.ProblemKind(kind)]
	if !ok {
		text = strings.ReplaceAll(kind, "_", " ")
	}
	if strings.Contains(text, "%s") {
		return fmt.Sprintf(text, detail)
	}
	return text
}
