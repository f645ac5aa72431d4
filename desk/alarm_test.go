package desk_test

import (
	"strings"
	"testing"
	"time"

	"guichetdunumerique.be/guichet/intake"
	"guichetdunumerique.be/guichet/store"
)

// alarmed is a desk at night, which looked at its folders just now.
func alarmed(t *testing.T) *office {
	t.Helper()
	o := newOffice(t)
	o.now = time.Date(2026, time.November, 23, 22, 0, 0, 0, time.UTC)
	o.seen("INBOX", "Junk", "Sent")
	must(t, o.Tick(t.Context()))
	must(t, o.Deliver(t.Context()))
	o.post.mails = nil
	return o
}

func (o *office) seen(folders ...string) {
	o.t.Helper()
	for _, f := range folders {
		must(o.t, o.Checked(o.t.Context(), f, o.now))
	}
}

// after lets time pass, and returns what a colleague got at its end.
func (o *office) after(d time.Duration, folders ...string) []string {
	o.t.Helper()
	o.now = o.now.Add(d)
	o.seen(folders...)
	must(o.t, o.Tick(o.t.Context()))
	must(o.t, o.Deliver(o.t.Context()))
	var texts []string
	for _, m := range o.post.to(anne) {
		texts = append(texts, m.Subject+"\n"+m.Text)
	}
	o.post.mails = nil
	return texts
}

func TestFailure06SilenceIsAnAlarm(t *testing.T) {
	o := alarmed(t)
	if got := o.after(20*time.Minute, "Junk", "Sent"); len(got) > 0 {
		t.Fatalf("before imap.alarm_after: %q", got)
	}
	if got := o.after(20*time.Minute, "Junk", "Sent"); len(got) != 1 || !strings.Contains(got[0], "INBOX") || !strings.Contains(got[0], "1 souci") {
		t.Fatalf("a folder not seen for 40 minutes, at night: %q", got)
	}
	for range 6 {
		if got := o.after(time.Hour, "Junk", "Sent"); len(got) > 0 {
			t.Fatalf("told again within the day: %q", got)
		}
	}
	if c, err := o.Condition(t.Context()); err != nil || c.Well() {
		t.Errorf("the desk says that it is well: %+v, %v", c.Trouble, err)
	}
	if got := o.after(time.Minute, "INBOX", "Junk", "Sent"); len(got) != 1 || !strings.Contains(got[0], "fonctionne à nouveau") || strings.Contains(got[0], "souci") {
		t.Errorf("when it is over: %q", got)
	}
	if got := o.after(time.Minute, "INBOX", "Junk", "Sent"); len(got) > 0 {
		t.Errorf("told twice that it is over: %q", got)
	}
	if c, err := o.Condition(t.Context()); err != nil || !c.Well() {
		t.Errorf("the desk is not well: %+v, %v", c.Trouble, err)
	}
}

func TestTroubleThatLastsIsToldEveryDay(t *testing.T) {
	o := alarmed(t)
	told := 0
	for range 3 * 24 * 2 {
		for _, text := range o.after(30*time.Minute, "Junk", "Sent") {
			if !strings.Contains(text, "Résumé") && strings.Contains(text, "INBOX") {
				told++
			}
		}
	}
	if told < 3 || told > 8 { // an alarm and a digest a day
		t.Errorf("told %d times in three days", told)
	}
}

func TestARefusedLoginIsAnAlarmAtOnce(t *testing.T) {
	o := alarmed(t)
	must(t, o.Failed(t.Context(), "INBOX", intake.KindDial, o.now))
	if got := o.after(time.Minute, "Junk", "Sent"); len(got) > 0 {
		t.Errorf("a server out of reach for a minute: %q", got)
	}
	must(t, o.Failed(t.Context(), "INBOX", intake.KindLogin, o.now))
	if got := o.after(time.Minute, "Junk", "Sent"); len(got) != 1 || !strings.Contains(got[0], "refuse l’accès") {
		t.Errorf("a refused login: %q", got)
	}
	if got := o.after(time.Hour, "INBOX", "Junk", "Sent"); len(got) != 1 || !strings.Contains(got[0], "fonctionne à nouveau") {
		t.Errorf("after it lets us in again: %q", got)
	}
}

func TestAMailboxNearlyFullIsAnAlarm(t *testing.T) {
	o := alarmed(t)
	must(t, o.Filling(t.Context(), []intake.Quota{{Resource: "STORAGE", Used: 79, Limit: 100}, {Resource: "MESSAGE", Used: 5}}))
	if got := o.after(time.Minute, "INBOX", "Junk", "Sent"); len(got) > 0 {
		t.Errorf("at 79 %%: %q", got)
	}
	must(t, o.Filling(t.Context(), []intake.Quota{{Resource: "STORAGE", Used: 80, Limit: 100}}))
	if got := o.after(time.Minute, "INBOX", "Junk", "Sent"); len(got) != 1 || !strings.Contains(got[0], "presque pleine") {
		t.Errorf("at 80 %%: %q", got)
	}
	must(t, o.Filling(t.Context(), []intake.Quota{{Resource: "STORAGE", Used: 20, Limit: 100}}))
	if got := o.after(time.Minute, "INBOX", "Junk", "Sent"); len(got) != 1 || !strings.Contains(got[0], "fonctionne à nouveau") {
		t.Errorf("after somebody made room: %q", got)
	}
}

func TestAnAlarmReachesThoseWhoStandIn(t *testing.T) {
	o := alarmed(t)
	o.Profile.Backup = []string{"direction@guichetdunumerique.be", anne}
	o.after(time.Hour)
	n := 0
	for _, m := range o.outbox(store.OutFilter{Kinds: []string{"alarm"}}) {
		if m.Recipient == "direction@guichetdunumerique.be" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d alarms for who stands in, want one", n)
	}
}
