package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"guichetdunumerique.be/guichet/intake"
	"guichetdunumerique.be/guichet/internal/discover"
)

func newInit(env environment) *cobra.Command {
	var path string
	cmd := &cobra.Command{
		Use:   "init",
		Short: "ask a few questions and write a config",
		Long: `init asks who the desk is, where its mailbox lies and who answers, and writes a config with every key explained.
It tries each answer at once: the server, its certificate, the login, the folders. A wrong answer is asked again.

The config and the file with the password can be read by their owner alone; a file that exists is never touched.
Until the last question is answered nothing is written but a sign-in with the provider (OAuth 2.0), which is removed again
when you stop; and nothing is ever sent. Answers may be piped in, one a line;
an empty line takes what stands in brackets.`,
		Example: `  guichet init
  guichet init -c /etc/guichet/guichet.toml`,
		Args:    arguments(cobra.NoArgs),
		GroupID: groupWatch,
		RunE: func(cmd *cobra.Command, _ []string) error {
			i, err := newInquiry(env, path)
			if err != nil {
				return err
			}
			err = i.run(cmd.Context())
			if errors.Is(err, context.Canceled) {
				return errors.New("stopped before the end, nothing was written")
			}
			return err
		},
	}
	configFlag(cmd, &path)
	return cmd
}

// inquiry is the conversation in which a config comes about.
type inquiry struct {
	*asker
	env    environment
	config config               // what was answered so far, over the defaults
	secret map[string]newSecret // by section, and that of the application
	tokens bool                 // the server takes access tokens
	guess  discover.Guess
	made   string        // the token file of a sign-in, until the config that names it is written
	found  intake.Report // what the mailbox holds
}

// newSecret is a password or another secret that was typed, and the file that it will be kept in, "" for none.
type newSecret struct {
	value secret
	file  string
}

// newInquiry refuses at once what could not be written at the end.
func newInquiry(env environment, path string) (*inquiry, error) {
	i := &inquiry{asker: newAsker(env), env: env, config: defaults(env.getenv), secret: map[string]newSecret{}}
	i.config.path = path
	if err := i.free(path); err != nil {
		return nil, withHint(err, "edit it, or name another file with -c")
	}
	return i, nil
}

// free says why a file cannot be made.
func (i *inquiry) free(path string) error {
	if info, err := os.Stat(filepath.Dir(path)); err != nil {
		return err
	} else if !info.IsDir() {
		return fmt.Errorf("%s is not a folder", filepath.Dir(path))
	}
	switch _, err := os.Lstat(path); {
	case err == nil:
		return fmt.Errorf("%s exists already", path)
	case !errors.Is(err, os.ErrNotExist):
		return err
	}
	return nil
}

// run asks everything, writes what came about and says what to do with it.
func (i *inquiry) run(ctx context.Context) error {
	defer i.forgetSignIn()
	i.say("guichet needs to know a few things. Enter takes what stands in brackets; Ctrl-C stops, and leaves nothing behind.")
	for _, step := range []func(context.Context) error{i.desk, i.people, i.mailbox, i.folders, i.outgoing, i.storage} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	written, err := i.write()
	if err != nil {
		return err
	}
	i.made = ""
	i.title("Written, readable by their owner alone: " + strings.Join(written, ", "))
	i.farewell(i.checked(ctx))
	return nil
}

// key asks for one value of the config, and takes it when the config's own check has nothing against it.
func (i *inquiry) key(ctx context.Context, key, text, standard string, set func(answer string) error) error {
	return i.ask(ctx, question{text: text, standard: standard, take: func(answer string) error {
		if err := set(answer); err != nil {
			return err
		}
		return i.wrong(key)
	}})
}

// wrong is what the config's own check has against the value of a key.
func (i *inquiry) wrong(key string) error {
	for _, p := range i.config.check() {
		if p.key == key {
			return errors.New(p.text)
		}
	}
	return nil
}

// desk asks who the desk is.
func (i *inquiry) desk(ctx context.Context) error {
	i.title("The desk")
	d := &i.config.Desk
	text := func(field *string) func(string) error {
		return func(answer string) error { *field = unlessNone(answer); return nil }
	}
	if err := i.key(ctx, "desk.address", "Address where requests arrive", exampleAddress, text(&d.Address)); err != nil {
		return err
	}
	if err := i.key(ctx, "desk.name", "Name of the organisation, as clients know it", organisation(d.Address), text(&d.Name)); err != nil {
		return err
	}
	err := i.key(ctx, "desk.languages", "Languages it answers in, the usual one first", strings.Join(d.Languages, ", "), func(answer string) error {
		d.Languages = words(strings.ToLower(answer))
		return nil
	})
	if err != nil {
		return err
	}
	if err := i.key(ctx, "desk.timezone", "Time zone", d.Timezone.String(), func(answer string) error { return d.Timezone.UnmarshalText([]byte(answer)) }); err != nil {
		return err
	}
	if err := i.key(ctx, "desk.reference", "Letters that case references begin with", initials(d.Name), text(&d.Reference)); err != nil {
		return err
	}
	return i.key(ctx, "desk.policy_url", "Web address of the data protection policy", nothing, text(&d.PolicyURL))
}

// people asks who answers.
func (i *inquiry) people(ctx context.Context) error {
	i.title("The people who answer")
	s := &i.config.Staff
	err := i.key(ctx, "staff.addresses", "Their addresses", "dpo@"+domainOf(i.config.Desk.Address), func(answer string) error {
		s.Addresses = words(answer)
		return nil
	})
	if err != nil {
		return err
	}
	return i.key(ctx, "staff.language", "Language of the mails to them", i.config.Desk.Languages[0], func(answer string) error {
		s.Language = strings.ToLower(answer)
		return nil
	})
}

// storage asks where the cases are kept.
func (i *inquiry) storage(ctx context.Context) error {
	i.title("The cases")
	return i.key(ctx, "store.url", "Database file", databaseFor(i.config.path), func(answer string) error {
		i.config.Store.URL = answer
		if info, err := os.Stat(filepath.Dir(i.config.file(answer))); err != nil {
			return err
		} else if !info.IsDir() {
			return fmt.Errorf("%s is not a folder", filepath.Dir(answer))
		}
		return nil
	})
}

// databaseFor is where the database of a config goes: beside it, or among the service's data.
func databaseFor(config string) string {
	name := strings.TrimSuffix(filepath.Base(config), ".toml") + ".db"
	if path, err := filepath.Abs(config); err == nil && strings.HasPrefix(path, "/etc/") {
		return filepath.Join(stateFolder, name)
	}
	return name
}

// stateFolder is where the service keeps its data (StateDirectory= of its unit).
const stateFolder = "/var/lib/guichet"

// checked tries all of what was written, as guichet check does, and reports whether it is sound. A password
// that only the service gets cannot be tried here.
func (i *inquiry) checked(ctx context.Context) bool {
	c, err := loadConfig(i.config.path, i.env)
	if err != nil || i.credentials() {
		return false
	}
	i.title("All of it together:")
	k := checkup{config: &c, env: i.env, out: i.out}
	k.all(ctx)
	return k.wrong == 0
}

// farewell says what comes next.
func (i *inquiry) farewell(sound bool) {
	option := ""
	if i.config.path != defaultConfig {
		option = " -c " + i.config.path
	}
	if i.credentials() {
		i.say("The service gets its password from systemd: see LoadCredential= in its unit.")
	}
	i.title("Next:")
	if !sound {
		i.say("  guichet check%s", option)
		i.say("      until nothing is wrong")
	}
	i.say("  guichet scan%s --since %s", option, i.env.now().AddDate(0, -3, 0).Format("2006-01-02"))
	i.say("      what the past mail would have become; it sends nothing")
	i.say("  guichet run%s", option)
	i.say("      watches the mailbox, from that moment on")
}
