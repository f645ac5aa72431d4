package main

import (
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/classify"
)

// checker gathers what is wrong with the values of a config.
type checker struct {
	*config
	found []problem
}

// check finds all that is wrong with the values of c, in the order of the sections.
func (c *config) check() []problem {
	k := &checker{config: c}
	k.desk()
	k.server("imap", c.IMAP.server)
	k.server("smtp", c.outgoing())
	k.signIn("imap", c.IMAP.server)
	k.signIn("smtp", c.SMTP.server)
	k.mailbox()
	k.people()
	k.law()
	k.keeping()
	k.monitoring()
	k.words()
	k.limits()
	k.oneOf("log.level", c.Log.Level, "debug", "info", "warn", "error")
	k.oneOf("log.format", c.Log.Format, "text", "json")
	return k.found
}

// report notes a problem of a key.
func (k *checker) report(key, format string, args ...any) {
	k.found = append(k.found, problem{key: key, line: k.lines[key], text: fmt.Sprintf(format, args...)})
}

// prefix is what a desk's case references begin with.
var prefix = regexp.MustCompile(`^[A-Z]{2,8}$`)

func (k *checker) desk() {
	d := k.Desk
	k.oneLine("desk.name", d.Name)
	k.address("desk.address", d.Address, "where requests arrive, such as \"info@example.org\"")
	for _, a := range d.Aliases {
		k.address("desk.aliases", a, "")
	}
	k.each("desk.languages", d.Languages, classify.Languages()...)
	if len(d.Languages) == 0 {
		k.report("desk.languages", "is empty; name at least one of %s", strings.Join(classify.Languages(), ", "))
	}
	if !prefix.MatchString(d.Reference) {
		k.report("desk.reference", `%q cannot begin a case reference; use two to eight capital letters, such as "GDN"`, d.Reference)
	}
	if u, err := url.Parse(d.PolicyURL); d.PolicyURL != "" && (err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "") {
		k.report("desk.policy_url", `%q is no web address; write one such as "https://example.org/privacy"`, d.PolicyURL)
	}
}

func (k *checker) server(section string, s server) {
	key := func(name string) string { return section + "." + name }
	if s.Server == "" {
		k.report(key("server"), `is missing; write the server's name, such as "mail.example.org"`)
	} else if _, _, err := s.hostPort(section); err != nil {
		k.report(key("server"), "%v", err)
	}
	if k.oneOf(key("security"), s.Security, "tls", "starttls", "none") && s.Security == "none" && !s.loopback(section) {
		k.report(key("security"), `"none" would send the password and the mail in the clear; it works only towards this machine itself (127.0.0.1, ::1, localhost)`)
	}
	if s.Username == "" && section == "imap" {
		k.report(key("username"), "is missing; write the name that logs in to the mailbox")
	}
	k.oneLine(key("username"), s.Username)
	if named := s.passwords(); len(named) > 1 {
		k.report(key(named[1]), "stands beside %s; only one of them can give the password", named[0])
	}
	if s.CAFile != "" {
		if _, err := k.authorities(s.CAFile); err != nil {
			k.report(key("ca_file"), "%v", err)
			k.found[len(k.found)-1].hint = strings.Join(hints(err), "; ")
		}
	}
}

func (k *checker) mailbox() {
	if len(k.IMAP.Folders) == 0 {
		k.report("imap.folders", `is empty; name at least "INBOX"`)
	}
	for _, name := range append(slices.Clone(k.IMAP.Folders), k.IMAP.Junk) {
		k.oneLine("imap.folders", name)
	}
	if slices.Contains(k.IMAP.Folders, "") {
		k.report("imap.folders", "one of the names is empty")
	}
	k.oneLine("imap.sent", k.IMAP.Sent)
	k.oneLine("imap.drafts", k.IMAP.Drafts)
	if strings.EqualFold(k.IMAP.Sent, "INBOX") || k.IMAP.Sent != "" && k.IMAP.Sent == k.IMAP.Junk {
		k.report("imap.sent", "%q cannot be the folder of sent mail: clients' mail is in it", k.IMAP.Sent)
	}
	k.between("imap.poll_every", k.IMAP.PollEvery, time.Second, 24*time.Hour)
	k.between("imap.alarm_after", k.IMAP.AlarmAfter, time.Minute, 7*24*time.Hour)
	if k.SMTP.From != "" {
		k.address("smtp.from", k.SMTP.From, "")
	}
	if k.SMTP.BounceAddress != "" {
		k.address("smtp.bounce_address", k.SMTP.BounceAddress, "")
	}
}

func (k *checker) people() {
	if len(k.Staff.Addresses) == 0 {
		k.report("staff.addresses", `is missing; name who is told of trouble, such as ["privacy@example.org"]`)
	}
	for _, a := range k.Staff.Addresses {
		if k.address("staff.addresses", a, ""); strings.EqualFold(a, k.Desk.Address) {
			k.report("staff.addresses", "%q is the desk's own address; a mail to it would come back as a request", a)
		}
	}
	for key, list := range map[string][]string{"staff.digest_to": k.Staff.DigestTo, "staff.backup_to": k.Staff.BackupTo} {
		for _, a := range list {
			k.address(key, a, "")
		}
	}
	k.oneLine("staff.trusted_authserv", k.Staff.TrustedAuthserv)
	if k.Identity.RemindAfter.Duration != 0 {
		k.between("identity.remind_after", k.Identity.RemindAfter, 24*time.Hour, 60*24*time.Hour)
	}
	k.oneOf("staff.language", k.Staff.Language, classify.Languages()...)
	k.oneOf("identity.policy", k.Identity.Policy, "published", "proportionate")
	var rights []string
	for _, r := range cases.Rights() {
		rights = append(rights, string(r))
	}
	k.each("identity.required_for", k.Identity.RequiredFor, rights...)
}

func (k *checker) law() {
	d := k.Deadline
	if d.Months != 1 {
		// A shorter target is staff's own affair; a longer period would be a broken law.
		k.report("deadline.months", "%d: the law gives 1 month (GDPR art. 12(3))", d.Months)
	}
	if d.ExtensionMonths < d.Months || d.ExtensionMonths > 3 {
		k.report("deadline.extension_months", "%d: counted from receipt, the law gives at most 3 months (GDPR art. 12(3))", d.ExtensionMonths)
	}
	k.oneOf("deadline.holidays", d.Holidays, "be", "none")
	for _, n := range d.RemindDays {
		k.size("deadline.remind_days", int64(n), 1, 60)
	}
}

// monitoring looks at where monitoring is answered: it tells much of an organisation, so not to everybody.
func (k *checker) monitoring() {
	if k.Metrics.Listen == "" {
		return
	}
	host, port, err := net.SplitHostPort(k.Metrics.Listen)
	if ip := net.ParseIP(host); err != nil || port == "" || ip == nil || !ip.IsLoopback() {
		k.report("metrics.listen", `%q is no address of this machine alone; write one such as "127.0.0.1:9464", and let a proxy add a password for others`, k.Metrics.Listen)
	}
}

// keeping looks at how long what is kept.
func (k *checker) keeping() {
	r := k.Retention
	if r.PersonAfter.Duration != 0 {
		k.between("retention.person_after", r.PersonAfter, 30*24*time.Hour, 50*365*24*time.Hour)
	}
	if r.FactsAfter.Duration != 0 {
		k.between("retention.facts_after", r.FactsAfter, 30*24*time.Hour, 100*365*24*time.Hour)
	}
	if r.FactsAfter.Duration != 0 && (r.PersonAfter.Duration == 0 || r.FactsAfter.Duration < r.PersonAfter.Duration) {
		k.report("retention.facts_after", "the facts cannot go before the person does: make it at least retention.person_after")
	}
}

func (k *checker) words() {
	c := k.Classify
	if c.Threshold <= 0 || c.Threshold > 1 {
		k.report("classify.threshold", "%g lies outside of 0 to 1", c.Threshold)
	}
	if c.TriageThreshold <= 0 || c.TriageThreshold > c.Threshold {
		k.report("classify.triage_threshold", "%g must lie above 0 and not above classify.threshold, %g", c.TriageThreshold, c.Threshold)
	}
	if c.Rules != "" {
		if info, err := os.Stat(k.file(c.Rules)); err != nil {
			k.report("classify.rules", "%v", err)
		} else if !info.IsDir() {
			k.report("classify.rules", "%s is a file; name the folder that holds your rule files", c.Rules)
		}
	}
	switch scheme, _, found := strings.Cut(k.Store.URL, "://"); {
	case k.Store.URL == "":
		k.report("store.url", `is empty; name a file, such as "guichet.db"`)
	case found:
		k.report("store.url", `%s:// is not a kind of store; name a file, such as "guichet.db"`, scheme)
	}
}

func (k *checker) limits() {
	l := k.Limits
	k.size("limits.head_bytes", l.HeadBytes, 4<<10, 16<<20)
	k.size("limits.message_bytes", l.MessageBytes, l.HeadBytes, 256<<20)
	k.size("limits.parts", int64(l.Parts), 1, 10_000)
	k.size("limits.depth", int64(l.Depth), 1, 100)
	k.size("limits.header_bytes", int64(l.HeaderBytes), 4<<10, 16<<20)
	k.size("limits.replies_per_address", int64(l.RepliesPerAddress), 0, 100)
	k.size("limits.replies_per_hour", int64(l.RepliesPerHour), 0, 1_000_000)
}

// size checks that a number lies within bounds.
func (k *checker) size(key string, n, least, most int64) {
	if n < least || n > most {
		k.report(key, "%d lies outside of %d to %d", n, least, most)
	}
}

// between checks that a length of time lies within bounds.
func (k *checker) between(key string, d duration, least, most time.Duration) {
	if d.Duration < least || d.Duration > most {
		k.report(key, "%v lies outside of %v to %v", d, least, most)
	}
}

// oneOf checks that a value is one of those known, and reports whether it is.
func (k *checker) oneOf(key, value string, known ...string) bool {
	if slices.Contains(known, value) {
		return true
	}
	text := fmt.Sprintf("%q is not one of %s", value, strings.Join(known, ", "))
	if near := nearest(value, known); near != "" && len(known) > 3 {
		text += fmt.Sprintf("; did you mean %q?", near)
	}
	k.report(key, "%s", text)
	return false
}

// each is oneOf for every value of a list.
func (k *checker) each(key string, values []string, known ...string) {
	for _, v := range values {
		k.oneOf(key, v, known...)
	}
}

// address checks that a value is a bare mail address. what says what it is for, where it must be set.
func (k *checker) address(key, value, what string) {
	if value == "" && what != "" {
		k.report(key, "is missing; write the address %s", what)
		return
	}
	parsed, err := mail.ParseAddress(value)
	if err != nil || parsed.Address != value || parsed.Name != "" || strings.ContainsAny(value, "<> \t\r\n") {
		k.report(key, `%q is no mail address; write one such as "info@example.org"`, value)
	}
}

// oneLine refuses control characters, which have no place in a header, a protocol or a log.
func (k *checker) oneLine(key, value string) {
	if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		k.report(key, "has a line break or another control character in it")
	}
}
