package main

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guichetdunumerique.be/guichet/internal/mailtest"
)

// noDNS is a world without names.
type noDNS struct{}

var errNoName = errors.New("no such name")

func (noDNS) LookupHost(context.Context, string) ([]string, error) { return nil, errNoName }
func (noDNS) LookupMX(context.Context, string) ([]*net.MX, error)  { return nil, errNoName }
func (noDNS) LookupSRV(context.Context, string, string, string) (string, []*net.SRV, error) {
	return "", nil, errNoName
}

// newcomer is a folder without a config, beside servers for one.
type newcomer struct {
	*testing.T
	dir  string
	imap *mailtest.IMAP
	smtp *mailtest.SMTP
	talk strings.Builder
}

func newNewcomer(t *testing.T) *newcomer {
	t.Helper()
	return newcomerWith(t, nil)
}

// newcomerWith is one whose servers take access tokens, where there are any.
func newcomerWith(t *testing.T, tokens *mailtest.Tokens) *newcomer {
	t.Helper()
	n := &newcomer{T: t, dir: t.TempDir()}
	cert, err1 := mailtest.NewCertificate()
	imap, err2 := mailtest.StartIMAP(mailtest.Options{Username: "info@coop.example", Certificate: cert, Tokens: tokens})
	smtp, err3 := mailtest.StartSMTP(mailtest.Options{Username: "info@coop.example", Certificate: cert, Tokens: tokens})
	if err := errors.Join(err1, err2, err3, cert.WriteFile(n.file("ca.pem"))); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = errors.Join(imap.Close(), smtp.Close()) })
	n.imap, n.smtp = imap, smtp
	return n
}

func (n *newcomer) file(name string) string { return filepath.Join(n.dir, name) }

// files are the names of what lies in the folder.
func (n *newcomer) files() []string {
	n.Helper()
	list, err := os.ReadDir(n.dir)
	if err != nil {
		n.Fatal(err)
	}
	var names []string
	for _, f := range list {
		names = append(names, f.Name())
	}
	return names
}

// init answers the questions of guichet init, and returns its exit code.
func (n *newcomer) init(ctx context.Context, answers io.Reader) int {
	n.talk.Reset()
	return run(ctx, environment{
		stdin: answers, stdout: io.Discard, stderr: &n.talk, getenv: noEnv, resolver: noDNS{},
		now: func() time.Time { return today },
	}, []string{"init", "-c", n.file("coop.toml")})
}

// answers are what a person types who knows it all; each is given under the question's first words.
func (n *newcomer) answers() []string {
	return []string{
		"info@coop.example", "", "fr, nl", "", "", "https://coop.example/privacy", // the desk: Coop, Europe/Brussels, GDN
		"ann@coop.example bob@coop.example", "nl", // people
		n.imap.Addr(), "ca.pem", "", n.imap.Password, "", // the mailbox
		"",            // folders
		n.smtp.Addr(), // the way out: same authority, same password
		"",            // the database
	}
}

func piped(answers []string) io.Reader { return strings.NewReader(strings.Join(answers, "\n") + "\n") }

func TestInitWritesAConfigThatWorks(t *testing.T) {
	n := newNewcomer(t)
	if code := n.init(t.Context(), piped(n.answers())); code != exitDone {
		t.Fatalf("init ended with %d:\n%s", code, n.talk.String())
	}
	c, err := loadConfig(n.file("coop.toml"), environment{getenv: noEnv})
	if err != nil {
		t.Fatal(err)
	}
	if c.Desk.Name != "Coop" || c.Desk.Reference != "GDN" || c.Desk.PolicyURL != "https://coop.example/privacy" || !slices.Equal(c.Desk.Languages, []string{"fr", "nl"}) {
		t.Errorf("the desk is %+v", c.Desk)
	}
	if !slices.Equal(c.Staff.Addresses, []string{"ann@coop.example", "bob@coop.example"}) || c.Staff.Language != "nl" {
		t.Errorf("the people are %+v", c.Staff)
	}
	if c.Store.URL != "coop.db" || c.IMAP.PasswordFile != "imap-password" || c.IMAP.CAFile != "ca.pem" || c.SMTP.CAFile != "ca.pem" || c.SMTP.Username != "" {
		t.Errorf("the rest is %+v, %+v, %+v", c.Store, c.IMAP, c.SMTP)
	}
	for _, name := range []string{"coop.toml", "imap-password"} {
		if info, err := os.Stat(n.file(name)); err != nil || info.Mode() != 0o600 {
			t.Errorf("%s: mode %v, %v", name, info.Mode(), err)
		}
	}
	text, err := os.ReadFile(n.file("coop.toml"))
	if err != nil || strings.Contains(string(text), n.imap.Password) || strings.Contains(n.talk.String(), n.imap.Password) {
		t.Errorf("the password shows (%v)", err)
	}
	if !strings.Contains(n.talk.String(), "guichet scan -c "+n.file("coop.toml")+" --since 2026-08-23") {
		t.Errorf("it does not say what comes next:\n%s", n.talk.String())
	}
	if !strings.Contains(n.talk.String(), "ok     imap") || strings.Contains(n.talk.String(), "WRONG") || strings.Contains(n.talk.String(), "guichet check") {
		t.Errorf("it does not find all of it sound:\n%s", n.talk.String())
	}
	if code := run(t.Context(), environment{stdin: strings.NewReader(""), stdout: io.Discard, stderr: &n.talk, getenv: noEnv, now: time.Now},
		[]string{"once", "-c", n.file("coop.toml")}); code != exitDone {
		t.Errorf("the config does not run:\n%s", n.talk.String())
	}
	if len(n.smtp.Received()) != 0 {
		t.Error("something was sent")
	}
}

func TestAWrongAnswerIsAskedAgainWithWhatIsWrong(t *testing.T) {
	n := newNewcomer(t)
	wrong := []struct {
		at    int // the answer that the wrong ones come before
		wrong []string
		says  string
		why   string
	}{
		{0, []string{"info"}, `"info" is no mail address`, "not an address"},
		{2, []string{"fr, it"}, `"it" is not one of fr, nl, de, en`, "a language without letters"},
		{3, []string{"Brussels"}, "is no time zone", "not an IANA name"},
		{4, []string{"G1"}, "cannot begin a case reference", "not capital letters"},
		{5, []string{"coop.example"}, "is no web address", "no scheme"},
		{6, []string{"info@coop.example"}, "is the desk's own address", "it would come back as a request"},
		{7, []string{"it"}, `"it" is not one of`, "a language without letters"},
		{8, []string{"a b c"}, "is not one of tls, starttls, none", "a security there is not"},
		{8, []string{"mail.example.org none"}, "in the clear", "a password must not go in the clear"},
		{8, []string{"127.0.0.1:1"}, "connection refused", "nobody answers there"},
		{8, []string{n.imap.Addr(), ""}, "then another server", "an authority that stays unknown"},
		{9, []string{"absent.pem"}, "no such file", "no certificate there"},
		{11, []string{"guess", ""}, "answered NO", "a wrong password: the name is asked again too"},
		{11, []string{""}, "the password is empty", "Enter is no password"},
		{12, []string{"ca.pem"}, "exists already", "nothing is overwritten"},
		{12, []string{"no/such/folder"}, "no such file", "a folder that is not there"},
		{13, []string{"Inbox.Old"}, `there is no folder "Inbox.Old"; there are Drafts, INBOX, Junk, Sent`, "a folder that is not there"},
		{15, []string{"no/such/folder/x.db"}, "no such file", "a folder that is not there"},
	}
	answers := n.answers()
	for _, c := range slices.Backward(wrong) {
		answers = slices.Insert(answers, c.at, c.wrong...)
	}
	if code := n.init(t.Context(), piped(answers)); code != exitDone {
		t.Fatalf("ended with %d:\n%s", code, n.talk.String())
	}
	for _, c := range wrong {
		said := slices.ContainsFunc(strings.Split(n.talk.String(), "\n"), func(line string) bool {
			return strings.HasPrefix(line, "    no: ") && strings.Contains(line, c.says)
		})
		if !said {
			t.Errorf("%s: %q is not said:\n%s", c.why, c.says, n.talk.String())
		}
	}
}

func TestSendingMayNeedAnAccountOfItsOwn(t *testing.T) {
	n := newNewcomer(t)
	other, err := mailtest.StartSMTP(mailtest.Options{Username: "relay", Password: "another", Certificate: n.imap.Certificate})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	answers := n.answers()
	answers[14] = other.Addr()
	answers = slices.Insert(answers, 15, "relay", "another", "smtp-secret")
	if code := n.init(t.Context(), piped(answers)); code != exitDone {
		t.Fatalf("ended with %d:\n%s", code, n.talk.String())
	}
	c, err := loadConfig(n.file("coop.toml"), environment{getenv: noEnv})
	secret, err2 := os.ReadFile(n.file("smtp-secret"))
	if err != nil || err2 != nil || c.SMTP.Username != "relay" || c.SMTP.PasswordFile != "smtp-secret" || string(secret) != "another\n" {
		t.Errorf("%+v, %q, %v, %v", c.SMTP, secret, err, err2)
	}
}

func TestThePasswordMayComeFromSystemd(t *testing.T) {
	n := newNewcomer(t)
	answers := n.answers()
	answers[12] = "systemd"
	if code := n.init(t.Context(), piped(answers)); code != exitDone || !strings.Contains(n.talk.String(), "LoadCredential=") {
		t.Fatalf("ended with %d:\n%s", code, n.talk.String())
	}
	if got := n.files(); !slices.Equal(got, []string{"ca.pem", "coop.toml"}) {
		t.Errorf("there are %q", got)
	}
}

func TestFoldersThatTheServerDoesNotMarkAreGuessed(t *testing.T) {
	names := []string{"INBOX", "INBOX.Éléments envoyés", "INBOX/Spam", "Concepten", "Sent stamps"}
	for use, want := range map[string]string{`\Sent`: "INBOX.Éléments envoyés", `\Junk`: "INBOX/Spam", `\Drafts`: "Concepten", `\Trash`: ""} {
		if got := folderFor(use, names); got != want {
			t.Errorf("%s: %q, want %q", use, got, want)
		}
	}
}

func TestWhatExistsIsNeverOverwritten(t *testing.T) {
	n := newNewcomer(t)
	if err := os.WriteFile(n.file("coop.toml"), []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	if code := n.init(t.Context(), piped(n.answers())); code != exitFailed || !strings.Contains(n.talk.String(), "exists already") {
		t.Errorf("ended with %d:\n%s", code, n.talk.String())
	}
	if strings.Contains(n.talk.String(), "Address") {
		t.Error("it asks first")
	}
	if text, _ := os.ReadFile(n.file("coop.toml")); string(text) != "mine" {
		t.Errorf("it became %q", text)
	}
}

// TestStoppingLeavesNothingBehind ends the conversation after each answer, once by Ctrl-C and once because
// no more answers come.
func TestStoppingLeavesNothingBehind(t *testing.T) {
	n := newNewcomer(t)
	answers := n.answers()
	for i := range answers {
		ctx, cancel := context.WithCancel(t.Context())
		r, w := io.Pipe()
		go func() {
			for _, a := range answers[:i] {
				_, _ = io.WriteString(w, a+"\n")
			}
			cancel()
		}()
		if code := n.init(ctx, r); code != exitFailed || !strings.Contains(n.talk.String(), "stopped before the end, nothing was written") {
			t.Errorf("Ctrl-C after %d answers: ended with %d:\n%s", i, code, n.talk.String())
		}
		_ = w.Close()
		if code := n.init(t.Context(), piped(answers[:i])); i > 0 && code != exitFailed {
			t.Errorf("%d answers are enough", i)
		}
		if got := n.files(); !slices.Equal(got, []string{"ca.pem"}) {
			t.Fatalf("after %d answers there are %q", i, got)
		}
	}
}

func TestWhatIsFilledInIsReadBackAsItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[ -~é"\\#=\[\]🙂]{0,20}`).Draw(t, "name")
		list := rapid.SliceOfN(rapid.StringMatching(`[ -~é"\\,]{0,10}`), 0, 3).Draw(t, "folders")
		text := filled(map[string]string{"desk.name": tomlValue(name), "imap.folders": tomlValue(list)})
		c := defaults(noEnv)
		found, err := c.decode([]byte(text))
		if err != nil || len(found) > 0 || c.Desk.Name != name || !slices.Equal(c.IMAP.Folders, list) {
			t.Fatalf("%q %q came back as %q %q (%v, %v)", name, list, c.Desk.Name, c.IMAP.Folders, found, err)
		}
	})
}

func TestNamesAreGuessed(t *testing.T) {
	for _, c := range []struct{ address, name, letters string }{
		{"info@guichetdunumerique.be", "Guichet du Numérique", "GDN"},
		{"info@bois-joli.be", "Bois joli", "BJ"},
		{"info@coop.be", "Coop", "GDN"},
		{"info@élan-été.be", "Élan été", "EE"},
		{"x", "Guichet du Numérique", "GDN"},
	} {
		if name := organisation(c.address); name != c.name || initials(name) != c.letters {
			t.Errorf("%s: %q, %q", c.address, name, initials(name))
		}
	}
}

func TestWhatRootWritesBelongsToTheFoldersOwner(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can write in the name of another user")
	}
	dir := t.TempDir()
	if err := os.Chown(dir, 12345, 12345); err != nil {
		t.Fatal(err)
	}
	if err := writeNew(filepath.Join(dir, "x"), "x"); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(dir, "x"))
	if err != nil {
		t.Fatal(err)
	}
	if owner := info.Sys().(*syscall.Stat_t); owner.Uid != 12345 || owner.Gid != 12345 || info.Mode() != 0o600 {
		t.Errorf("it belongs to %d:%d, mode %v", owner.Uid, owner.Gid, info.Mode())
	}
}

func TestTheServicesDatabaseIsNotInEtc(t *testing.T) {
	t.Chdir("/etc")
	for config, want := range map[string]string{
		"guichet.toml":            "/var/lib/guichet/guichet.db",
		"/etc/guichet/liege.toml": "/var/lib/guichet/liege.db",
		"/home/ann/guichet.toml":  "guichet.db",
	} {
		if got := databaseFor(config); got != want {
			t.Errorf("%s: %s, want %s", config, got, want)
		}
	}
}
