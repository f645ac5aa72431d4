package main

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"guichetdunumerique.be/guichet/oauth"
)

// oauthConfig is how a server is logged in to with access tokens (OAuth 2.0) instead of a password.
type oauthConfig struct {
	Provider      string   `toml:"oauth_provider"` // "" for a password
	Tenant        string   `toml:"oauth_tenant"`
	ClientID      string   `toml:"oauth_client_id"`
	SecretFile    string   `toml:"oauth_client_secret_file"`
	SecretCommand []string `toml:"oauth_client_secret_command"`
	SecretEnv     string   `toml:"oauth_client_secret_env"`
	Grant         string   `toml:"oauth_grant"`
	TokenFile     string   `toml:"oauth_token_file"`
	Scopes        []string `toml:"oauth_scopes"`
	TokenURL      string   `toml:"oauth_token_url"`
	DeviceURL     string   `toml:"oauth_device_url"`
	BrowserURL    string   `toml:"oauth_browser_url"`
}

// otherProvider is any that is not known by name: its addresses are in the config.
const otherProvider = "other"

func (o oauthConfig) empty() bool { return reflect.ValueOf(o).IsZero() }

// byClient reports whether the program signs in by itself, and nobody else.
func (o oauthConfig) byClient() bool { return o.Grant == string(oauth.ClientCredentials) }

// secrets names the keys that say where the application's secret comes from.
func (o oauthConfig) secrets() []string {
	return named("oauth_client_secret", o.SecretFile, o.SecretCommand, o.SecretEnv)
}

// named is which of the three sources of a secret a config sets.
func named(name, file string, command []string, variable string) []string {
	var list []string
	for _, source := range []struct {
		suffix string
		set    bool
	}{{"_file", file != ""}, {"_command", len(command) > 0}, {"_env", variable != ""}} {
		if source.set {
			list = append(list, name+source.suffix)
		}
	}
	return list
}

// signIn is the sign-in that a section's keys describe.
func (c *config) signIn(section string) oauth.Config {
	o := c.IMAP.oauthConfig
	if section == "smtp" {
		o = c.SMTP.oauthConfig
	}
	return oauth.Config{
		Grant: oauth.Grant(o.Grant), ClientID: o.ClientID, ClientSecret: c.clientSecret(section, o), Scopes: o.Scopes,
		TokenURL: o.TokenURL, DeviceURL: o.DeviceURL, AuthURL: o.BrowserURL, TokenFile: c.file(o.TokenFile),
	}.WithProvider(o.Provider, o.Tenant)
}

// clientSecret asks for the application's secret. One that people sign in to may have none.
func (c *config) clientSecret(section string, o oauthConfig) func(context.Context) (string, error) {
	source := secretSource{
		key: section, name: "oauth_client_secret",
		file: c.file(o.SecretFile), command: o.SecretCommand, variable: o.SecretEnv,
		credential: section + "-oauth-client-secret", env: c.env, timeout: 30 * time.Second,
	}
	return func(ctx context.Context) (string, error) {
		found, err := source.Read(ctx)
		if errors.Is(err, errNoSource) && !o.byClient() {
			return "", nil
		}
		return found.reveal(), err
	}
}

// openSignIns makes what gives the access tokens, by section. Where [smtp] does not say otherwise, it has those of the
// mailbox. Nobody is asked yet.
func (c *config) openSignIns() error {
	c.signIns = map[string]*oauth.Source{}
	for _, section := range []string{"imap", "smtp"} {
		if o := c.signIn(section); o.ClientID != "" {
			source, err := oauth.NewSource(o)
			if err != nil {
				return fmt.Errorf("[%s]: %w", section, err)
			}
			c.signIns[section] = source
		}
	}
	if c.inheritsSignIn() {
		c.signIns["smtp"] = c.signIns["imap"]
	}
	return nil
}

// distinctSignIns are the sign-ins, each once.
func (c *config) distinctSignIns() []*oauth.Source {
	var list []*oauth.Source
	for _, section := range []string{"imap", "smtp"} {
		if s := c.signIns[section]; s != nil && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

// inheritsSignIn reports whether mail is sent with the mailbox's access tokens.
func (c *config) inheritsSignIn() bool {
	return c.IMAP.Provider != "" && c.SMTP.oauthConfig.empty() && len(c.SMTP.passwords()) == 0
}

// signIn checks the keys of a sign-in. Each problem says how to mend it.
func (k *checker) signIn(section string, s server) {
	o := s.oauthConfig
	if o.empty() {
		return
	}
	key := func(name string) string { return section + "." + name }
	if o.Provider == "" {
		k.report(key("oauth_provider"), `is missing beside the other oauth_ keys; write "microsoft", "google" or "other"`)
		return
	}
	if !k.oneOf(key("oauth_provider"), o.Provider, oauth.Microsoft, oauth.Google, otherProvider) {
		return
	}
	if named := s.passwords(); len(named) > 0 {
		k.report(key(named[0]), "stands beside oauth_provider; either a password logs in or an access token")
	}
	if named := o.secrets(); len(named) > 1 {
		k.report(key(named[1]), "stands beside %s; only one of them can give the secret", named[0])
	}
	if o.ClientID == "" {
		k.report(key("oauth_client_id"), "is missing; write the id that the provider gave the application, see docs/oauth.md")
	}
	k.tenant(key("oauth_tenant"), o)
	k.grant(section, o)
	k.tokenAddresses(section, o)
	for name, value := range map[string]string{"oauth_client_id": o.ClientID, "oauth_tenant": o.Tenant} {
		k.oneLine(key(name), value)
	}
	if slices.ContainsFunc(o.Scopes, func(s string) bool { return s == "" || strings.ContainsAny(s, " \t\r\n") }) {
		k.report(key("oauth_scopes"), "each scope is a text of its own, without spaces")
	}
}

func (k *checker) tenant(key string, o oauthConfig) {
	switch {
	case o.Provider == oauth.Microsoft && o.Tenant == "":
		k.report(key, `is missing; write the directory's id or one of its domains, such as "example.org"`)
	case o.Provider != oauth.Microsoft && o.Tenant != "":
		k.report(key, "only Microsoft has tenants; leave it out")
	}
}

// grant checks who signs in, and that the token has its place.
func (k *checker) grant(section string, o oauthConfig) {
	key := func(name string) string { return section + "." + name }
	if o.Grant != "" && !k.oneOf(key("oauth_grant"), o.Grant, string(oauth.RefreshToken), string(oauth.ClientCredentials)) {
		return
	}
	switch {
	case o.byClient() && o.Provider == oauth.Google:
		k.report(key("oauth_grant"), "Google lets people sign in to a mailbox, not applications by themselves; leave it out")
	case o.byClient() && o.TokenFile != "":
		k.report(key("oauth_token_file"), `stands beside oauth_grant = %q, with which nobody signs in; leave it out`, o.Grant)
	case !o.byClient() && o.TokenFile == "":
		k.report(key("oauth_token_file"), `is missing; name the file that keeps the sign-in, such as "/var/lib/guichet/oauth-token.json"; guichet check --sign-in makes it`)
	}
}

func (k *checker) tokenAddresses(section string, o oauthConfig) {
	for _, a := range []struct{ name, value string }{
		{"oauth_token_url", o.TokenURL}, {"oauth_device_url", o.DeviceURL}, {"oauth_browser_url", o.BrowserURL},
	} {
		key := section + "." + a.name
		if a.value == "" {
			if a.name == "oauth_token_url" && o.Provider == otherProvider {
				k.report(key, "is missing; the provider's documentation names its token endpoint")
			}
			continue
		}
		if err := oauth.CheckURL(a.value); err != nil {
			k.report(key, "%v", err) // not quoted: a wrong one may hold a password
		}
	}
}
