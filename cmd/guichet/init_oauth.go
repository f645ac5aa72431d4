package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"guichetdunumerique.be/guichet/oauth"
)

// applicationSecret is the name of the secret of the application that signs in, and of the file it is kept in.
const applicationSecret = "oauth-client-secret"

// byPassword is the usual way to log in; the others are providers of access tokens.
const byPassword = "password"

// means asks what logs in to the mailbox, where the server leaves a choice.
func (i *inquiry) means(ctx context.Context) error {
	o := &i.config.IMAP.oauthConfig
	*o = oauthConfig{}
	delete(i.secret, applicationSecret)
	if !i.tokens {
		return nil
	}
	standard := byPassword
	if i.guess.Provider == "Microsoft 365" {
		standard = oauth.Microsoft
	}
	err := i.ask(ctx, question{text: "Log in with password, or by access tokens of microsoft, google or other", standard: standard, take: func(answer string) error {
		o.Provider = strings.ToLower(answer)
		if o.Provider == byPassword {
			o.Provider = ""
			return nil
		}
		return i.wrong("imap.oauth_provider")
	}})
	if err != nil || o.Provider == "" {
		return err
	}
	delete(i.secret, "imap")
	return i.application(ctx, o)
}

// application asks for what the provider wants to know of the application.
func (i *inquiry) application(ctx context.Context, o *oauthConfig) error {
	i.say("  docs/oauth.md says how an administrator makes what is asked now.")
	text := func(field *string) func(string) error {
		return func(answer string) error { *field = unlessNone(answer); return nil }
	}
	type item struct {
		key, text, standard string
		set                 func(string) error
	}
	var list []item
	switch o.Provider {
	case oauth.Microsoft:
		list = append(list, item{"oauth_tenant", "Directory (tenant), its id or one of its domains", domainOf(i.config.IMAP.Username), text(&o.Tenant)})
	case otherProvider:
		list = append(list,
			item{"oauth_token_url", "Address of its token endpoint", "", text(&o.TokenURL)},
			item{"oauth_device_url", "Address where a sign-in on another device begins", nothing, text(&o.DeviceURL)},
			item{"oauth_browser_url", "Address where a sign-in in a browser begins", nothing, text(&o.BrowserURL)},
			item{"oauth_scopes", "Scopes to ask for", nothing, func(answer string) error { o.Scopes = words(unlessNone(answer)); return nil }})
	}
	list = append(list, item{"oauth_client_id", "Id of the application (client id)", "", text(&o.ClientID)})
	for _, q := range list {
		if err := i.key(ctx, "imap."+q.key, q.text, q.standard, q.set); err != nil {
			return err
		}
	}
	err := i.ask(ctx, question{text: "Its secret, or Enter where it has none (it is not shown)", hidden: true, take: func(answer string) error {
		if answer != "" {
			i.secret[applicationSecret] = newSecret{value: secret{answer}}
		}
		return nil
	}})
	if err != nil {
		return err
	}
	return i.who(ctx, o)
}

// who asks who signs in, and where a person's sign-in is to be kept.
func (i *inquiry) who(ctx context.Context, o *oauthConfig) error {
	const person, application = "person", "application"
	if o.Provider != oauth.Google { // there an application cannot
		err := i.ask(ctx, question{text: "Who signs in, a person once, or the application by itself", standard: person, take: func(answer string) error {
			switch strings.ToLower(answer) {
			case person:
				o.Grant = ""
			case application:
				o.Grant = string(oauth.ClientCredentials)
				if _, given := i.secret[applicationSecret]; !given {
					return errors.New("an application that signs in by itself has a secret")
				}
			default:
				return fmt.Errorf("%q is neither %s nor %s", answer, person, application)
			}
			return nil
		}})
		if err != nil || o.byClient() {
			return err
		}
	}
	return i.key(ctx, "imap.oauth_token_file", "File to keep the sign-in in", i.tokenFile(), func(answer string) error {
		o.TokenFile = answer
		if path := i.config.file(answer); path != i.made { // one that we made a moment ago is ours to replace
			return i.free(path)
		}
		return nil
	})
}

// tokenFile is where a sign-in is kept: beside the config, or among the service's data, which it may write to.
func (i *inquiry) tokenFile() string {
	return filepath.Join(filepath.Dir(databaseFor(i.config.path)), "oauth-token.json")
}

// letIn logs in to the mailbox with what was answered. A person who is to sign in does so now.
func (i *inquiry) letIn(ctx context.Context) (err error) {
	if i.config.IMAP.Provider != "" {
		o := i.config.signIn("imap")
		o.ClientSecret = func(context.Context) (string, error) { return i.secret[applicationSecret].value.reveal(), nil }
		if !i.config.IMAP.byClient() {
			i.forgetSignIn()
			if err := i.signIn(ctx, o); err != nil {
				return err
			}
			i.made = o.TokenFile
		}
		source, err := oauth.NewSource(o)
		if err != nil {
			return err
		}
		i.config.signIns = map[string]*oauth.Source{"imap": source, "smtp": source}
	}
	i.found, err = i.config.lookAround(ctx, i.secret["imap"].value)
	return err
}

// forgetSignIn removes the token file of a sign-in that came to nothing.
func (i *inquiry) forgetSignIn() {
	if i.made != "" {
		_ = os.Remove(i.made) // it was made a moment ago, by us
		i.made = ""
	}
}

// keepSecret asks where what logged in to the mailbox is to be kept.
func (i *inquiry) keepSecret(ctx context.Context) error {
	section := "imap"
	if i.config.IMAP.Provider != "" {
		section = applicationSecret
	}
	if _, given := i.secret[section]; !given {
		return nil
	}
	return i.keep(ctx, section)
}
