package desk_test

import (
	"strings"
	"testing"
	"time"

	"guichetdunumerique.be/guichet/intake"
)

func TestFailure14ADeadSignInIsToldOnceADay(t *testing.T) {
	o := alarmed(t)
	must(t, o.SignIn(t.Context(), false))
	if got := o.after(time.Minute, "INBOX", "Junk", "Sent"); len(got) > 0 {
		t.Fatalf("a sign-in that lives: %q", got)
	}
	must(t, o.SignIn(t.Context(), true)) // has the plan looked at by itself
	must(t, o.Deliver(t.Context()))
	if got := o.post.to(anne); len(got) != 1 || !strings.Contains(got[0].Text, "guichet check --sign-in") {
		t.Fatalf("a dead sign-in: %d mails, %+v", len(got), got)
	}
	o.post.mails = nil
	for range 20 { // the folders can be read no more either, for the same reason
		must(t, o.SignIn(t.Context(), true))
		must(t, o.Failed(t.Context(), "INBOX", intake.KindLogin, o.now))
		if got := o.after(time.Minute, "Junk", "Sent"); len(got) > 0 {
			t.Fatalf("told again within the day: %q", got)
		}
	}
	c, err := o.Condition(t.Context())
	if err != nil || c.Well() || len(c.Trouble) != 1 || c.Trouble[0].Kind != "signin" {
		t.Errorf("the condition is %+v, %v", c.Trouble, err)
	}
	o.now = o.now.Add(20 * time.Minute)
	must(t, o.SignIn(t.Context(), false))
	if got := strings.Join(o.after(time.Minute, "Junk", "Sent"), ""); !strings.Contains(got, "INBOX") || strings.Contains(got, "fonctionne à nouveau") {
		t.Errorf("after somebody signed in, before the folder was read again: %q", got)
	}
	if got := o.after(time.Minute, "INBOX", "Junk", "Sent"); len(got) != 1 || !strings.Contains(got[0], "fonctionne à nouveau") {
		t.Errorf("after somebody signed in: %q", got)
	}
}
