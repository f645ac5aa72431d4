package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
	"unicode/utf8"

	"guichetdunumerique.be/guichet/classify"
	"guichetdunumerique.be/guichet/oauth"
)

const (
	defaultConfig  = "guichet.toml"
	maxConfigBytes = 1 << 20 // a config is a page or two
)

// config is what an operator decides. config.example.toml explains each key.
type config struct {
	Desk      deskConfig      `toml:"desk"`
	IMAP      imapConfig      `toml:"imap"`
	SMTP      smtpConfig      `toml:"smtp"`
	Staff     staffConfig     `toml:"staff"`
	Identity  identityConfig  `toml:"identity"`
	Deadline  deadlineConfig  `toml:"deadline"`
	Classify  classifyConfig  `toml:"classify"`
	Store     storeConfig     `toml:"store"`
	Retention retentionConfig `toml:"retention"`
	Limits    limitsConfig    `toml:"limits"`
	Log       logConfig       `toml:"log"`
	Metrics   metricsConfig   `toml:"metrics"`

	path  string         // of the file, "" when there is none; relative paths in it start from its folder
	lines map[string]int // line of each key that the file sets, such as "imap.server"
	// signIns give access tokens, by section; nothing for one that a password logs in to.
	signIns map[string]*oauth.Source
	env     func(string) string // where password_env and systemd's credentials are looked up
}

type deskConfig struct {
	Name      string   `toml:"name"`
	Address   string   `toml:"address"`
	Aliases   []string `toml:"aliases"`
	Languages []string `toml:"languages"`
	Timezone  zone     `toml:"timezone"`
	Reference string   `toml:"reference"`
	PolicyURL string   `toml:"policy_url"`
}

// server is what the way in and the way out have in common.
type server struct {
	Server          string   `toml:"server"`
	Security        string   `toml:"security"`
	Username        string   `toml:"username"`
	PasswordFile    string   `toml:"password_file"`
	PasswordCommand []string `toml:"password_command"`
	PasswordEnv     string   `toml:"password_env"`
	oauthConfig
	CAFile string `toml:"ca_file"`
}

type imapConfig struct {
	server
	Folders    []string `toml:"folders"`
	Junk       string   `toml:"junk"`
	Sent       string   `toml:"sent"`
	Drafts     string   `toml:"drafts"`
	PollEvery  duration `toml:"poll_every"`
	AlarmAfter duration `toml:"alarm_after"`
}

type smtpConfig struct {
	server
	From          string `toml:"from"`
	BounceAddress string `toml:"bounce_address"`
	CopyToSent    bool   `toml:"copy_to_sent"`
}

type staffConfig struct {
	Addresses       []string `toml:"addresses"`
	DigestTo        []string `toml:"digest_to"`
	DigestAt        clock    `toml:"digest_at"`
	Language        string   `toml:"language"`
	NotifyNew       bool     `toml:"notify_new"`
	Drafts          bool     `toml:"drafts"`
	TrustedAuthserv string   `toml:"trusted_authserv"`
	BackupTo        []string `toml:"backup_to"`
}

type identityConfig struct {
	Policy      string   `toml:"policy"`
	RequiredFor []string `toml:"required_for"`
	RemindAfter duration `toml:"remind_after"`
}

type deadlineConfig struct {
	Months          int    `toml:"months"`
	ExtensionMonths int    `toml:"extension_months"` // counted from receipt
	Holidays        string `toml:"holidays"`
	RemindDays      []int  `toml:"remind_days"`
}

type classifyConfig struct {
	Threshold       float64 `toml:"threshold"`
	TriageThreshold float64 `toml:"triage_threshold"`
	Rules           string  `toml:"rules"`
}

type storeConfig struct {
	URL string `toml:"url"`
}

type retentionConfig struct {
	PersonAfter duration `toml:"person_after"` // from the end of a case; 0 for never
	FactsAfter  duration `toml:"facts_after"`
}

type limitsConfig struct {
	HeadBytes         int64 `toml:"head_bytes"`
	MessageBytes      int64 `toml:"message_bytes"`
	Parts             int   `toml:"parts"`
	Depth             int   `toml:"depth"`
	HeaderBytes       int   `toml:"header_bytes"`
	RepliesPerAddress int   `toml:"replies_per_address"`
	RepliesPerHour    int   `toml:"replies_per_hour"`
}

type metricsConfig struct {
	Listen string `toml:"listen"` // "" for no monitoring
}

type logConfig struct {
	Level  string `toml:"level"`
	Format string `toml:"format"`
}

// defaults is the config of a desk that sets nothing. It is not valid by itself: a desk has an address,
// a mailbox and people.
func defaults(env func(string) string) config {
	return config{
		Desk:      deskConfig{Languages: []string{"fr", "nl", "de", "en"}, Timezone: mustZone("Europe/Brussels"), Reference: "GDN"},
		IMAP:      imapConfig{server: server{Security: "tls"}, Folders: []string{"INBOX"}, PollEvery: duration{2 * time.Minute}, AlarmAfter: duration{30 * time.Minute}},
		SMTP:      smtpConfig{server: server{Security: "tls"}},
		Staff:     staffConfig{DigestAt: clock{8 * time.Hour}, Language: "fr", NotifyNew: true},
		Identity:  identityConfig{Policy: "published", RequiredFor: []string{"access", "rectification", "erasure", "restriction", "objection", "portability"}},
		Deadline:  deadlineConfig{Months: 1, ExtensionMonths: 3, Holidays: "be", RemindDays: []int{14, 7, 3, 1}},
		Classify:  classifyConfig{Threshold: classify.DefaultThreshold, TriageThreshold: classify.DefaultTriageThreshold},
		Store:     storeConfig{URL: "guichet.db"},
		Retention: retentionConfig{PersonAfter: duration{730 * 24 * time.Hour}, FactsAfter: duration{3650 * 24 * time.Hour}},
		Limits: limitsConfig{HeadBytes: 64 << 10, MessageBytes: 4 << 20, Parts: 200, Depth: 20, HeaderBytes: 256 << 10,
			RepliesPerAddress: 3, RepliesPerHour: 50},
		Log: logConfig{Level: "info", Format: "text"},
		env: env,
	}
}

// loadConfig reads a config, lays it over the defaults and checks the result. The error joins all that
// is wrong, each with its place.
func loadConfig(path string, env environment) (config, error) {
	data, err := readConfig(path)
	if err != nil {
		return config{}, err
	}
	c := defaults(env.getenv)
	c.path = path
	found, err := c.decode(data)
	if err != nil {
		return config{}, err
	}
	found = append(found, without(c.check(), found)...)
	if len(found) > 0 {
		return config{}, c.located(found)
	}
	return c, c.openSignIns()
}

// readConfig reads the file, and refuses what cannot be a config or must not be trusted as one.
func readConfig(path string) ([]byte, error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) && path == defaultConfig {
		return nil, withHint(fmt.Errorf("opening config: %w", err), "name the config with -c, or let guichet init write one")
	}
	if err != nil {
		return nil, fmt.Errorf("opening config: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return nil, fmt.Errorf("reading config: %w", err)
	case info.IsDir():
		return nil, fmt.Errorf("config %s is a directory, not a file", path)
	case info.Mode().IsRegular() && info.Mode().Perm()&0o002 != 0:
		// A config names commands to run: who may write it, rules the mailbox.
		return nil, withHint(fmt.Errorf("config %s may be changed by anybody on this machine", path), "chmod o-w %s", path)
	}
	data, err := io.ReadAll(io.LimitReader(f, maxConfigBytes+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("reading config: %w", err)
	case len(data) > maxConfigBytes:
		return nil, fmt.Errorf("config %s is larger than 1 MiB: is it a config?", path)
	case !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0:
		return nil, withHint(fmt.Errorf("%s is not a config: it is not text in UTF-8", path), "save it as UTF-8, or give another file with -c")
	}
	return bytes.TrimPrefix(data, []byte("\ufeff")), nil // Windows editors begin a file with a byte order mark
}

// file is a path of the config as the system sees it: a relative one starts from the config's folder.
func (c *config) file(path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(c.path), path)
}
