package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"guichetdunumerique.be/guichet/internal/mailtest"
)

// tokenDesk is a desk whose mail servers take access tokens and no passwords.
type tokenDesk struct {
	*oldMailbox
	tokens *mailtest.Tokens
}

const tokenConfig = `
[desk]
name = "Guichet du Numérique"
address = "%[1]s"
[imap]
server = "%[2]s"
username = "%[1]s"
ca_file = "ca.pem"
oauth_provider = "other"
oauth_client_id = "guichet"
oauth_token_url = "%[4]s"
oauth_device_url = "%[5]s"
oauth_token_file = "token.json"
[smtp]
server = "%[3]s"
ca_file = "ca.pem"
[staff]
addresses = ["anne@guichetdunumerique.be"]
digest_to = ["daily@guichetdunumerique.be"] # the morning's digest may fall due within a test: it is no alarm
`

func newTokenDesk(t *testing.T) *tokenDesk {
	t.Helper()
	d := &tokenDesk{oldMailbox: &oldMailbox{t: t, dir: t.TempDir(), now: time.Now(), ctx: t.Context()}}
	var err error
	d.tokens, err = mailtest.StartTokens(nil)
	d.must(err)
	t.Cleanup(func() { _ = d.tokens.Close() })
	certificate, err := mailtest.NewCertificate()
	d.must(err)
	options := mailtest.Options{Username: ownAddress, Certificate: certificate, Tokens: d.tokens}
	d.imap, err = mailtest.StartIMAP(options)
	d.must(err)
	t.Cleanup(func() { _ = d.imap.Close() })
	d.smtp, err = mailtest.StartSMTP(options)
	d.must(err)
	t.Cleanup(func() { _ = d.smtp.Close() })
	d.must(certificate.WriteFile(d.file("ca.pem")))
	d.must(os.WriteFile(d.file(defaultConfig), fmt.Appendf(nil, tokenConfig, ownAddress, d.imap.Addr(), d.smtp.Addr(),
		d.tokens.URL("token"), d.tokens.URL("device")), 0o600))
	d.keep(map[string]any{"refresh_token": d.tokens.SignIn()})
	return d
}

// keep writes the token file.
func (d *tokenDesk) keep(content map[string]any) {
	d.t.Helper()
	data, err := json.Marshal(content)
	d.must(err)
	d.must(os.WriteFile(d.file("token.json"), data, 0o600))
}

// kept reads the token file.
func (d *tokenDesk) kept() (content map[string]any) {
	d.t.Helper()
	data, err := os.ReadFile(d.file("token.json"))
	d.must(err)
	d.must(json.Unmarshal(data, &content))
	return content
}

// ageing makes the access token one that has ten minutes left.
func (d *tokenDesk) ageing() {
	d.t.Helper()
	content := d.kept()
	delete(content, "given")
	content["expiry"] = time.Now().Add(10 * time.Minute)
	d.keep(content)
}

// ended makes the access token one that has ended.
func (d *tokenDesk) ended() {
	d.t.Helper()
	content := d.kept()
	content["expiry"] = time.Now().Add(-time.Minute)
	d.keep(content)
	d.tokens.Expire()
}

// open opens the office, whose log goes to talk.
func (d *tokenDesk) open() *office {
	d.t.Helper()
	env := environment{stderr: &d.talk, getenv: noEnv, now: func() time.Time { return d.now }}
	c, err := loadConfig(d.file(defaultConfig), env)
	d.must(err)
	o, err := openOffice(d.ctx, &c, env)
	d.must(err)
	return o
}

// silentOn demands that nothing which was said or logged holds a token or a code.
func (d *tokenDesk) silentOn() {
	d.t.Helper()
	said := d.out.String() + d.talk.String()
	for _, secret := range []string{"refresh-", "access-", "device-"} {
		if strings.Contains(said, secret) {
			d.t.Errorf("it tells a secret (%s):\n%s", secret, said)
		}
	}
}

func TestACheckTriesTheAccessTokens(t *testing.T) {
	d := newTokenDesk(t)
	if code := d.guichet("check", "-c", d.file(defaultConfig)); code != exitDone {
		t.Errorf("ended with %d", code)
	}
	for _, want := range []string{"ok     sign-in", "ok     imap", "ok     folder        INBOX", "ok     smtp"} {
		if !strings.Contains(d.out.String(), want) {
			t.Errorf("no %q in\n%s", want, d.out.String())
		}
	}
	if n := len(d.tokens.Requests()); n != 1 {
		t.Errorf("the provider was asked %d times", n)
	}
	d.tokens.Revoke()
	d.ended()
	if code := d.guichet("check", "-c", d.file(defaultConfig)); code != exitFailed {
		t.Errorf("with a dead sign-in it ended with %d", code)
	}
	for _, want := range []string{"WRONG  sign-in", "invalid_grant", "guichet check --sign-in", "not tried"} {
		if !strings.Contains(d.out.String(), want) {
			t.Errorf("no %q in\n%s", want, d.out.String())
		}
	}
	d.silentOn()
}

func TestAPersonSignsInAgain(t *testing.T) {
	d := newTokenDesk(t)
	d.must(os.Remove(d.file("token.json")))
	d.tokens.Next(mailtest.Answer{Status: http.StatusOK, Body: `{"device_code": "device-1", "user_code": "ABCD-EFGH",
		"verification_uri": "https://login.example.org/device", "expires_in": 900, "interval": 1}`})
	if code := d.guichet("check", "--sign-in", "-c", d.file(defaultConfig)); code != exitDone {
		t.Errorf("ended with %d:\n%s%s", code, d.talk.String(), d.out.String())
	}
	for _, want := range []string{"https://login.example.org/device", "ABCD-EFGH", "Signed in."} {
		if !strings.Contains(d.talk.String(), want) {
			t.Errorf("no %q in\n%s", want, d.talk.String())
		}
	}
	if info, err := os.Stat(d.file("token.json")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the token file: %v, %v", info, err)
	}
	d.silentOn()
}

// TestFailure14ADeadSignInIsAnAlarmThatStillLeaves: the refresh token is refused while the last access token, which the
// mailbox and sending share, has ten minutes left.
func TestFailure14ADeadSignInIsAnAlarmThatStillLeaves(t *testing.T) {
	d := newTokenDesk(t)
	o := d.open()
	defer o.Close()
	d.must(o.once(d.ctx))
	d.tokens.Revoke()
	d.ageing()
	d.keepOnce(o, "invalid_grant")
	d.must(o.desk.Deliver(d.ctx))
	alarms := d.alarms()
	if len(alarms) != 1 || !strings.Contains(alarms[0], "guichet check --sign-in") {
		t.Fatalf("%d alarms: %q", len(alarms), alarms)
	}
	d.keepOnce(o, "invalid_grant") // once, not at each look
	d.must(o.desk.Deliver(d.ctx))
	if n := len(d.alarms()); n != 1 {
		t.Errorf("%d alarms after a second look", n)
	}
	if code, text := d.healthz(o); code != http.StatusServiceUnavailable || !strings.Contains(text, `"signin"`) {
		t.Errorf("healthz: %d %s", code, text)
	}
	if !strings.Contains(d.talk.String(), "level=ERROR") || !strings.Contains(d.talk.String(), "invalid_grant") {
		t.Errorf("the log:\n%s", d.talk.String())
	}
	d.silentOn()
	d.now = d.now.Add(time.Minute)
	d.keep(map[string]any{"refresh_token": d.tokens.SignIn()}) // beside the running program
	d.keepOnce(o, "")
	d.must(o.once(d.ctx))
	if n := len(d.alarms()); n != 2 {
		t.Errorf("%d alarms, want a second one that all is well", n)
	}
	if code, text := d.healthz(o); code != http.StatusOK {
		t.Errorf("healthz once signed in again: %d %s", code, text)
	}
}

// TestFailure14AProviderThatIsAwayIsNoAlarm: what passes by itself is tried again, and told of only once it has kept the
// program from the mailbox for imap.alarm_after.
func TestFailure14AProviderThatIsAwayIsNoAlarm(t *testing.T) {
	d := newTokenDesk(t)
	o := d.open()
	defer o.Close()
	d.must(o.once(d.ctx))
	d.ended()
	away := mailtest.Answer{Status: http.StatusServiceUnavailable, Body: "try later", Type: "text/plain"}
	d.tokens.Next(away, away)
	d.keepOnce(o, "status 503")
	if err := o.mailbox.Once(d.ctx); err == nil {
		t.Error("the mailbox was read without a token")
	}
	d.must(o.desk.Tick(d.ctx))
	d.must(o.desk.Deliver(d.ctx))
	if n := len(d.alarms()); n != 0 {
		t.Errorf("%d alarms", n)
	}
	d.must(o.once(d.ctx)) // the third answer is a good one
	d.now = d.now.Add(31 * time.Minute)
	d.must(o.desk.Tick(d.ctx))
	d.must(o.desk.Deliver(d.ctx))
	if n := len(d.alarms()); n != 1 {
		t.Errorf("%d alarms after imap.alarm_after without a look, want 1", n)
	}
}

// TestFailure14NoMailIsLostToADeadSignIn: what arrived meanwhile is a case, and acknowledged, once somebody has signed in.
func TestFailure14NoMailIsLostToADeadSignIn(t *testing.T) {
	d := newTokenDesk(t)
	o := d.open()
	defer o.Close()
	d.must(o.once(d.ctx))
	d.tokens.Revoke()
	d.ended()
	d.lay("INBOX", 0, "jan@post.example", "jan.1@post.example", "", asksErasure)
	if err := o.once(d.ctx); err == nil {
		t.Fatal("the mailbox was read without a token")
	}
	d.keep(map[string]any{"refresh_token": d.tokens.SignIn()})
	d.must(o.once(d.ctx))
	var to []string
	for _, m := range d.smtp.Received() {
		to = append(to, m.To...)
	}
	if !slices.Contains(to, "jan@post.example") {
		t.Errorf("mails went to %q, none to the requester", to)
	}
	d.silentOn()
}

// TestFailure14ATokenThatTheServerEndedEarlyIsReplaced: no mail waits, and no person is needed.
func TestFailure14ATokenThatTheServerEndedEarlyIsReplaced(t *testing.T) {
	d := newTokenDesk(t)
	o := d.open()
	defer o.Close()
	d.must(o.once(d.ctx))
	d.tokens.Expire()
	d.must(o.mailbox.Once(d.ctx))
	d.tokens.Expire()
	d.must(o.sender.Check(d.ctx))
	if n := len(d.tokens.Requests()); n != 3 {
		t.Errorf("the provider was asked %d times, want 3", n)
	}
}

// keepOnce is one look of the daemon at its tokens, as in a new process.
func (d *tokenDesk) keepOnce(o *office, says string) {
	d.t.Helper()
	if said := o.lookAtSignIns(d.ctx, ""); !strings.Contains(said, says) || says == "" && said != "" {
		d.t.Fatalf("a look at the tokens says %q, want %q", said, says)
	}
}

// alarms are the mails that went to the staff, without the digest.
func (d *tokenDesk) alarms() (texts []string) {
	for _, m := range d.smtp.Received() {
		if !slices.Contains(m.To, "anne@guichetdunumerique.be") {
			continue
		}
		texts = append(texts, strings.ReplaceAll(string(m.Data), "=\r\n", ""))
	}
	return texts
}

// healthz asks as monitoring does.
func (d *tokenDesk) healthz(o *office) (int, string) {
	d.t.Helper()
	w := httptest.NewRecorder()
	probe{[]*office{o}}.healthz(w, httptest.NewRequest(http.MethodGet, "/healthz", nil))
	return w.Code, w.Body.String()
}
