package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

func noEnv(string) string { return "" }

// exampleLine is a key in config.example.toml: "key = value", or "#key = value" where there is no default.
var exampleLine = regexp.MustCompile(`^(#?)([a-z_]+) = (.+)$`)

func TestTheExampleIsTheDefaults(t *testing.T) {
	c := defaults(noEnv)
	emptied := c // what the example does not set must still have its default
	found, err := c.decode(readExample(t))
	if err != nil || len(found) > 0 {
		t.Fatalf("the example does not decode: %v, %v", found, err)
	}
	same := cmp.Options{cmpopts.IgnoreUnexported(config{}), cmp.Comparer(func(a, b zone) bool { return a.String() == b.String() }),
		cmpopts.EquateEmpty(), cmp.AllowUnexported(imapConfig{}, smtpConfig{}, server{})}
	if diff := cmp.Diff(emptied, c, same); diff != "" {
		t.Errorf("the example differs from the defaults (-default +example):\n%s", diff)
	}
}

func TestTheExampleExplainsEveryKeyOnce(t *testing.T) {
	var listed []string
	section, before := "", ""
	for i, line := range strings.Split(string(readExample(t)), "\n") {
		if name, found := strings.CutPrefix(line, "["); found {
			section = strings.TrimSuffix(name, "]")
		}
		if m := exampleLine.FindStringSubmatch(line); m != nil {
			listed = append(listed, section+"."+m[2])
			if !strings.HasPrefix(before, "# ") {
				t.Errorf("line %d: %s.%s has no comment above it", i+1, section, m[2])
			}
		}
		before = line
	}
	if diff := cmp.Diff(configKeys(), listed); diff != "" {
		t.Errorf("keys that exist (-), keys that the example lists (+):\n%s", diff)
	}
}

func TestTheExamplesOfTheExampleAreRight(t *testing.T) {
	uncommented := regexp.MustCompile(`(?m)^#([a-z_]+ = )`).ReplaceAll(readExample(t), []byte("$1"))
	c := defaults(noEnv)
	found, err := c.decode(uncommented)
	if err != nil || len(found) > 0 {
		t.Fatalf("an example does not decode: %v, %v", found, err)
	}
	for _, p := range c.check() {
		if strings.Contains(p.key, ".password_") || strings.Contains(p.key, ".oauth_client_secret_") || p.key == "imap.ca_file" || p.key == "smtp.ca_file" || p.key == "classify.rules" {
			continue // all ways to log in and to give a secret at once, and files that are not on this machine
		}
		t.Errorf("%s: %s", p.key, p.text)
	}
}

func readExample(t *testing.T) []byte {
	t.Helper()
	data, err := os.ReadFile("../../config.example.toml")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestAnUnknownKeyIsNearAKnownOne(t *testing.T) {
	for _, c := range []struct{ key, near, why string }{
		{"imap.sevrer", "imap.server", "two letters swapped"},
		{"imap.serve", "imap.server", "a letter missing"},
		{"imap.Folder", "imap.folders", "another case, and a letter missing"},
		{"imap.prot", "imap.server", "what is nearest is a name of other programs"},
		{"smtp.host", "smtp.server", "a name of other programs"},
		{"desk.poll_every", "imap.poll_every", "the key of another section"},
		{"poll_every", "imap.poll_every", "the section was forgotten"},
		{"imap.colour", "", "nothing is near"},
		{"desk.host", "", "the section has nothing that other programs call so"},
	} {
		if p := unknownKey(c.key, 1); p.near != c.near && (c.near != "" || p.near != c.key) {
			t.Errorf("%s: %q is offered, want %q: %s", c.key, p.near, c.near, c.why)
		}
	}
}

func TestDistanceIsThatOfTheFewestSlips(t *testing.T) {
	word := rapid.StringMatching(`[a-d]{0,6}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := word.Draw(t, "a"), word.Draw(t, "b")
		d := distance(a, b)
		if (d == 0) != (a == b) {
			t.Fatalf("distance %d", d)
		}
		if back := distance(b, a); back != d {
			t.Fatalf("%d one way, %d the other", d, back)
		}
		if d > max(len(a), len(b)) || d < max(len(a), len(b))-min(len(a), len(b)) {
			t.Fatalf("distance %d is impossible", d)
		}
		if more := distance(a+"x", b); more > d+1 {
			t.Fatalf("one letter more makes %d of %d", more, d)
		}
	})
}

func TestEachValueIsChecked(t *testing.T) {
	for _, c := range []struct{ line, says, why string }{
		{`desk.aliases = ["info@example.org", "other"]`, `"other" is no mail address`, "every entry of a list counts"},
		{`desk.address = "a@b.be\r\nBcc: c@d.be"`, "is no mail address", "no header may be smuggled in"},
		{`desk.name = "A\nB"`, "line break", "no header may be smuggled in"},
		{`desk.languages = []`, "is empty", "a desk answers in some language"},
		{`desk.languages = ["fr", "it"]`, `"it" is not one of fr, nl, de, en`, "there are no letters in it"},
		{`desk.timezone = "Local"`, "is no time zone", "the law's days do not depend on the machine"},
		{`desk.timezone = ""`, "is no time zone", "an empty name would be UTC"},
		{`desk.reference = "gdn"`, "cannot begin a case reference", "references are found again by their capital letters"},
		{`desk.policy_url = "example.org"`, "is no web address", "a link needs its scheme"},
		{`imap.server = "mail.example.org:0"`, `the port "0"`, "no service has it"},
		{`imap.server = "mail example.org"`, "is no server name", "a name has no space"},
		{`imap.server = "2001:db8::1"`, "", "an address without a port is whole"},
		{`imap.server = "[2001:db8::1]:993"`, "", "an address with a port stands in brackets"},
		{`imap.security = "none"`, "in the clear", "not towards other machines"},
		{`imap.folders = []`, "is empty", "there would be nothing to watch"},
		{`imap.folders = [""]`, "is empty", "a folder has a name"},
		{`imap.folders = "INBOX"`, "a list of texts", "even one folder is a list"},
		{`imap.poll_every = "5"`, "is no length of time", "a unit is needed"},
		{`imap.poll_every = "0s"`, "lies outside", "the server would be asked without pause"},
		{`imap.poll_every = true`, "not true or false", "the kind is wrong"},
		{`smtp.bounce_address = "<>"`, "is no mail address", "bounces must arrive somewhere"},
		{`staff.addresses = ["Info@example.org"]`, "the desk's own address", "the mail would come back"},
		{`staff.language = "it"`, `is not one of fr, nl, de, en`, "there are no letters in it"},
		{`identity.policy = "publishd"`, `published, proportionate`, "policies are two"},
		{`identity.required_for = ["acces"]`, `did you mean "access"?`, "rights have names"},
		{`deadline.months = 2`, "the law gives 1 month", "a later answer is unlawful"},
		{`deadline.extension_months = 4`, "at most 3 months", "a later answer is unlawful"},
		{`deadline.holidays = "fr"`, "is not one of be, none", "other calendars are not known"},
		{`classify.threshold = 1.5`, "outside of 0 to 1", "a confidence is at most 1"},
		{`classify.threshold = 1`, "", "a whole number is a number"},
		{`classify.triage_threshold = 0.7`, "not above classify.threshold", "a case is surer than a doubt"},
		{`classify.rules = "absent"`, "no such file", "rules that are not there would be missed"},
		{`store.url = "postgres://localhost/guichet"`, "postgres:// is not a kind of store", "a file would be made of that name"},
		{`limits.depth = 0`, "outside of 1 to 100", "no mail could be read"},
		{`limits.message_bytes = 10`, "outside of", "less than the head"},
		{`limits.parts = "x"`, "a whole number is needed here, not a text", "the kind is wrong"},
		{`log.level = "loud"`, "debug, info, warn, error", "levels have names"},
		{`imap = {server = "x", colour = 1}`, `unknown key "imap.colour"`, "a table in braces is looked into"},
		{`imap = 3`, "is a section", "a section is no value"},
		{`"im\u0061p".colour = 1`, `unknown key "imap.colour"`, "keys may be quoted"},
	} {
		if said := problemsOf(t, c.line); c.says == "" && said != "" || !strings.Contains(said, c.says) {
			t.Errorf("%s: says %q, want %q: %s", c.line, said, c.says, c.why)
		}
	}
}

// problemsOf tells what is wrong with a good config once a line is added to it.
func problemsOf(t *testing.T, line string) string {
	t.Helper()
	lines := []string{
		`desk.address = "info@example.org"`, `imap.server = "mail.example.org"`, `imap.username = "info"`,
		`smtp.server = "mail.example.org"`, `staff.addresses = ["dpo@example.org"]`,
	}
	key, _, _ := strings.Cut(line, " =")
	lines = slices.DeleteFunc(lines, func(l string) bool {
		return strings.HasPrefix(l, key+" ") || !strings.Contains(key, ".") && strings.HasPrefix(l, key+".")
	})
	path := filepath.Join(t.TempDir(), "guichet.toml")
	if err := os.WriteFile(path, []byte(strings.Join(append(lines, line), "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := loadConfig(path, environment{getenv: noEnv})
	if err == nil {
		return ""
	}
	return strings.Join(errorLines(err), "\n")
}

func TestAListReplacesItsDefault(t *testing.T) {
	c := defaults(noEnv)
	if found, err := c.decode([]byte("[identity]\nrequired_for = [\"access\"]\n[imap]\nfolders = [\n  \"A\",\n  \"B\",\n]\npoll_every = \"90s\"\n")); err != nil || found != nil {
		t.Fatal(found, err)
	}
	if !slices.Equal(c.Identity.RequiredFor, []string{"access"}) || !slices.Equal(c.IMAP.Folders, []string{"A", "B"}) {
		t.Errorf("required_for is %q and folders is %q", c.Identity.RequiredFor, c.IMAP.Folders)
	}
	if c.IMAP.PollEvery.Duration != 90*time.Second || c.lines["imap.poll_every"] != 8 {
		t.Errorf("poll_every is %v, set on line %d", c.IMAP.PollEvery, c.lines["imap.poll_every"])
	}
}

func TestSMTPTakesTheMailboxsNameAndPassword(t *testing.T) {
	c := defaults(noEnv)
	c.IMAP.server = server{Username: "info", PasswordFile: "imap.secret"}
	c.path = "/etc/guichet/guichet.toml"
	if got := c.outgoing().Username; got != "info" {
		t.Errorf("the user name is %q", got)
	}
	if s := c.passwordSource("smtp"); s.otherwise == nil || s.otherwise.file != "/etc/guichet/imap.secret" {
		t.Errorf("the password does not come from the mailbox's file beside the config: %+v", s.otherwise)
	}
	c.SMTP.server = server{Username: "sender", PasswordEnv: "SMTP"}
	if s := c.passwordSource("smtp"); c.outgoing().Username != "sender" || s.otherwise != nil || s.variable != "SMTP" {
		t.Error("what [smtp] says does not count")
	}
}

func TestServersHaveTheirUsualPorts(t *testing.T) {
	for _, c := range []struct{ section, server, security, want string }{
		{"imap", "mail.example.org", "tls", "mail.example.org:993"},
		{"imap", "mail.example.org", "starttls", "mail.example.org:143"},
		{"smtp", "mail.example.org", "tls", "mail.example.org:465"},
		{"smtp", "mail.example.org", "starttls", "mail.example.org:587"},
		{"smtp", "mail.example.org:2525", "starttls", "mail.example.org:2525"},
		{"imap", "::1", "none", "[::1]:143"},
		{"imap", "[::1]", "none", "[::1]:143"},
	} {
		s := server{Server: c.server, Security: c.security}
		if got := s.address(c.section); got != c.want {
			t.Errorf("%s %s %s is %s, want %s", c.section, c.server, c.security, got, c.want)
		}
	}
}

func TestPlainTextStaysOnThisMachine(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "LOCALHOST:143": true, "127.0.0.1": true, "127.8.9.1:25": true, "::1": true, "[::1]:143": true,
		"localhost.example.org": false, "10.0.0.1": false, "mail": false, "0.0.0.0": false, "": false,
	} {
		if got := (server{Server: host}).loopback("imap"); got != want {
			t.Errorf("%q is loopback: %v", host, got)
		}
	}
}

// FuzzConfig: whatever a file holds, each problem has a key and a line within the file, and the program lives.
func FuzzConfig(f *testing.F) {
	example, err := os.ReadFile("../../config.example.toml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(example)
	f.Add([]byte("[imap]\nserver = 3\n[[desk]]\nname = 'x'\n[a.b]\nc.d = 1"))
	f.Add([]byte("imap.poll_every = 90\ndesk = {timezone = \"Mars\"}\n\"\" = 1\n[\"\"]\nx=[{}]"))
	f.Fuzz(func(t *testing.T, document []byte) {
		c := defaults(noEnv)
		c.path = "f.toml"
		found, err := c.decode(document)
		if err != nil {
			return
		}
		lines := 1 + strings.Count(string(document), "\n")
		for _, p := range found {
			if p.line < 1 || p.line > lines || p.text == "" {
				t.Errorf("problem %+v of a file of %d lines", p, lines)
			}
		}
		if all := append(found, c.check()...); len(all) > 0 && c.located(all) == nil {
			t.Error("problems are no error")
		}
	})
}
