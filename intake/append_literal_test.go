package intake_test

import (
	"strings"
	"testing"

	"guichetdunumerique.be/guichet/intake"
	"guichetdunumerique.be/guichet/internal/mailtest"
)

// TestNoDraftSpeaksACommandOfItsOwn puts mails that end a literal or a command somewhere, or try to. Each must lie
// in Drafts as it is and leave the session able to put the next; no other folder may hold anything.
func TestNoDraftSpeaksACommandOfItsOwn(t *testing.T) {
	evil := []string{
		"\r\nT9 APPEND INBOX {1+}\r\nx\r\n", ")\r\nT9 DELETE Drafts\r\n", "{999999999}\r\n", "{5+}\r\n", `" \Deleted) "`, "\r\nT9 LOGOUT\r\n",
		"T2 OK done\r\n+ go on\r\n", strings.Repeat("x", 8<<10) + "\r\n", "\xff\xfe\u0085\u2028\r\n",
	}
	s := startIMAP(t, mailtest.Options{})
	box := intake.New(towards(s), nil)
	for i, raw := range evil {
		for _, id := range []string{"", "a@b\r\nT9 LOGOUT", `a" DELETED "@b`, "{3}\r\nabc@b", "<é@b>", strings.Repeat("x", 3<<10) + "@b"} {
			if err := box.Append(t.Context(), intake.PlaceDrafts, id, []byte("Subject: x\r\n\r\n"+raw)); err != nil {
				t.Fatalf("%q under the id %q: %v", raw, id, err)
			}
		}
		mails, err := s.Mails("Drafts")
		if err != nil || len(mails) != 6*(i+1) {
			t.Fatalf("%d drafts after %q, %v", len(mails), raw, err)
		}
		for _, m := range mails[6*i:] {
			if string(m.Raw) != "Subject: x\r\n\r\n"+raw {
				t.Errorf("%q became %q", raw, m.Raw)
			}
		}
	}
	for _, folder := range []string{"INBOX", "Sent"} {
		if mails, err := s.Mails(folder); err != nil || len(mails) != 0 {
			t.Errorf("%d mails in %s, %v", len(mails), folder, err)
		}
	}
}
