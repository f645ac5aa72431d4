package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/classify"
	"guichetdunumerique.be/guichet/desk"
	"guichetdunumerique.be/guichet/intake/message"
)

// ownAddress is the desk's address where no config names one.
const ownAddress = "info@guichetdunumerique.be"

func newClassify(env environment) *cobra.Command {
	var c classifier
	var path, overlay string
	cmd := &cobra.Command{
		Use:   "classify FILE...",
		Short: "tell what would become of a mail, and why",
		Long: `classify reads mails from files and tells what the program would make of each: a request or not, which rights,
by which words, and whether an acknowledgement would leave. Nothing is kept and nothing is sent.

FILE is a mail (.eml), an mbox, a file of a Maildir, a folder of any of these, or - for standard input. The second
and further mails of an mbox are named FILE#2 and so on.

Without -c it judges for ` + ownAddress + ` with the built-in rules.

With --rules it judges with the rules of a folder laid over those, and tells only of the mails that are judged
otherwise for it: the way to try a rule before it goes live.`,
		Example: `  guichet classify mail.eml
  guichet classify --rules rules samples/
  guichet classify --json ~/Maildir > verdicts.jsonl
  formail -s cat < archive.mbox | guichet classify --text -`,
		Args:    someArguments("file"),
		GroupID: groupTry,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := c.prepare(env, path, overlay); err != nil {
				return err
			}
			return c.files(cmd.Context(), args)
		},
	}
	cmd.Flags().BoolVar(&c.asJSON, "json", false, "one JSON object a mail")
	cmd.Flags().BoolVar(&c.withText, "text", false, "with the words, as they were told apart")
	cmd.Flags().StringVarP(&path, "config", "c", "", "config `file`, for its addresses, thresholds and rules")
	cmd.Flags().StringVar(&overlay, "rules", "", "`folder` of rules to try; tells what they change")
	_ = cmd.MarkFlagFilename("config", "toml")
	_ = cmd.MarkFlagDirname("rules")
	return cmd
}

// classifier judges mails one after the other and writes each judgement at once.
type classifier struct {
	env      environment
	rules    *classify.Rules
	before   *classify.Rules // the rules without those on trial; nil when none are
	profile  desk.Profile
	limits   message.Limits
	asJSON   bool
	withText bool
	wrong    bool // a file could not be read
	judged   int
	written  int
}

// prepare takes the desk and the rules from a config, or from the defaults where path is "".
func (c *classifier) prepare(env environment, path, overlay string) error {
	conf := defaults(env.getenv)
	conf.Desk.Address = ownAddress
	if path != "" {
		var err error
		if conf, err = loadConfig(path, env); err != nil {
			return err
		}
	}
	var err error
	c.env, c.profile = env, conf.judging()
	c.limits = conf.messageLimits()
	if c.rules, err = conf.rules(); err != nil || overlay == "" {
		return err
	}
	c.before = c.rules
	conf.Classify.Rules, err = filepath.Abs(overlay)
	if err != nil {
		return err
	}
	c.rules, err = conf.rules()
	return err
}

// rules are the built-in ones with those of the desk laid over them.
func (c *config) rules() (*classify.Rules, error) {
	if c.Classify.Rules == "" {
		return classify.Builtin()
	}
	rules, err := classify.Load(os.DirFS(c.file(c.Classify.Rules)))
	if err != nil {
		return nil, fmt.Errorf("reading the rules in %s: %w", c.Classify.Rules, err)
	}
	return rules, nil
}

// judging is the part of a desk's profile that the judgement of a single mail needs.
func (c *config) judging() desk.Profile {
	p := desk.Profile{
		Address: c.Desk.Address, Aliases: c.Desk.Aliases, Staff: c.Staff.Addresses, DigestTo: c.digestTo(), Backup: c.Staff.BackupTo,
		Thresholds: classify.Options{
			Threshold: c.Classify.Threshold, TriageThreshold: c.Classify.TriageThreshold,
			Default: c.Desk.Languages[0], Languages: c.Desk.Languages,
		},
		AskIdentity: c.Identity.Policy == "published",
	}
	for _, r := range c.Identity.RequiredFor {
		p.RequiredFor = append(p.RequiredFor, cases.Right(r))
	}
	return p
}

// errInterrupted ends a command that a signal reached before it was done.
var errInterrupted = errors.New("interrupted")

// files judges what each argument names. What cannot be read is told and does not stop the rest.
func (c *classifier) files(ctx context.Context, args []string) error {
	for _, arg := range args {
		for mail, err := range readMails(arg, c.env.stdin) {
			if ctx.Err() != nil {
				return errInterrupted
			}
			if err != nil {
				err = c.unreadable(mail.name, err)
			} else {
				err = c.judge(mail)
			}
			if err != nil {
				return err
			}
		}
	}
	if c.before != nil && !c.asJSON {
		fmt.Fprintf(c.env.stdout, "%s judged, %d otherwise for these rules\n", plural(c.judged, "mail"), c.written)
	}
	if c.wrong {
		return errTold
	}
	return nil
}

// unreadable tells of a file that gave no mail.
func (c *classifier) unreadable(name string, err error) error {
	c.wrong = true
	complain(c.env.stderr, err)
	if !c.asJSON {
		return nil
	}
	return writeJSON(c.env.stdout, unreadJSON{File: name, Error: err.Error()})
}

// judge reads one mail and writes what the program makes of it.
func (c *classifier) judge(mail mailFile) error {
	m := message.Parse(message.Source{Head: mail.bytes, Size: mail.size}, c.limits)
	if !isMail(mail, m) {
		return c.unreadable(mail.name, fmt.Errorf("%s is not a mail: it does not begin with a header", mail.name))
	}
	c.judged++
	j := desk.Judge(m, c.rules, c.profile)
	if c.before != nil && sameVerdict(j, desk.Judge(m, c.before, c.profile)) {
		return nil
	}
	if c.asJSON {
		return writeJSON(c.env.stdout, newVerdictJSON(mail.name, m, j, c.withText))
	}
	c.written++
	return writeVerdict(c.env.stdout, mail.name, m, j, c.withText, c.written > 1)
}

// sameVerdict reports whether two judgements file the same: what else differs between them changes nothing.
func sameVerdict(a, b desk.Judgement) bool {
	return a.Decision == b.Decision && slices.Equal(a.Verdict.Rights, b.Verdict.Rights) && a.Hold == b.Hold &&
		a.Identity == b.Identity && slices.Equal(a.Flags, b.Flags)
}

// field is the beginning of a header field as mail programs write it (RFC 5322 section 2.2).
var field = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]*[ \t]*:`)

// isMail reports whether what was read begins as a mail does, or else has anything that every mail has some of,
// or is text that is called a mail: some reach a desk without any header. The mailbox itself is not so strict:
// there, whatever arrives is filed.
func isMail(mail mailFile, m message.Message) bool {
	return field.Match(mail.bytes) || len(m.From) > 0 || len(m.To) > 0 || m.Subject != "" || m.MessageID != "" || !m.Date.IsZero() ||
		strings.EqualFold(filepath.Ext(mail.name), ".eml") && m.Text != "" && !bytes.ContainsRune(mail.bytes, 0)
}
