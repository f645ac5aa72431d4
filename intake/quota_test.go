package intake_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"guichetdunumerique.be/guichet/intake"
	"guichetdunumerique.be/guichet/internal/mailtest"
)

// quota plays the answer to a question for the quota of a folder.
func quota(answer string) play {
	return func(c *conn, tag, command string) bool {
		if strings.HasPrefix(command, "GETQUOTAROOT ") {
			c.Send("%s", strings.ReplaceAll(strings.ReplaceAll(answer, "$TAG", tag), "$FOLDER", strings.TrimPrefix(command, "GETQUOTAROOT ")))
		}
		return strings.HasPrefix(command, "GETQUOTAROOT ")
	}
}

func TestACheckTellsHowFullTheAccountIs(t *testing.T) {
	const tells = "IMAP4rev1 QUOTA QUOTA=RES-STORAGE"
	for name, test := range map[string]struct {
		capabilities, answer string
		want                 string
	}{
		"storage in bytes":        {tells, "* QUOTAROOT $FOLDER \"\"\r\n* QUOTA \"\" (STORAGE 10 512)\r\n$TAG OK", "[{INBOX  STORAGE 10240 524288}]"},
		"storage and messages":    {tells, "* QUOTAROOT $FOLDER root\r\n* QUOTA root (STORAGE 1 2 MESSAGE 3 4)\r\n$TAG OK", "[{INBOX root MESSAGE 3 4} {INBOX root STORAGE 1024 2048}]"},
		"one that cannot be":      {tells, "* QUOTAROOT $FOLDER \"\"\r\n* QUOTA \"\" (STORAGE 1 9223372036854775807)\r\n$TAG OK", "[{INBOX  STORAGE 1024 9223372036854774784}]"},
		"no limit":                {tells, "* QUOTAROOT $FOLDER\r\n$TAG OK", "[]"},
		"refused":                 {tells, "$TAG NO [NOPERM] no", "[]"},
		"cannot be read":          {tells, "* QUOTA NIL\r\n$TAG OK", "[]"},
		"the server knows none":   {"IMAP4rev1", "$TAG BAD what", "[]"},
		"the server says goodbye": {tells, "* BYE", "[]"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &mailtest.Script{
					Capabilities: test.capabilities, Play: quota(test.answer),
					Folders: []string{`() "/" INBOX`, `(\Junk) "/" Spam`}, // both under one root
				}
				c := scripted(s)
				defer s.Close()
				r, err := intake.New(c, nil).Check(t.Context())
				if err != nil || len(r.Folders) != 2 {
					t.Errorf("got %v, folders %v: a quota is no reason to fail", err, r.Folders)
				}
				if got := fmt.Sprint(r.Quota); got != test.want {
					t.Errorf("got %s, want %s", got, test.want)
				}
			})
		})
	}
}
