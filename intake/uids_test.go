package intake_test

import (
	"slices"
	"strings"
	"testing"

	"guichetdunumerique.be/guichet/intake"
	"guichetdunumerique.be/guichet/internal/mailtest"
)

func TestUIDsAreThoseThatLieInTheFolderNow(t *testing.T) {
	s := startIMAP(t, mailtest.Options{})
	box := intake.New(towards(s), nil)
	validity, uids, err := box.UIDs(t.Context(), "inbox")
	if err != nil || len(uids) != 0 || validity != currentValidity(t, s) {
		t.Errorf("got %d, %v, %v of an empty folder", validity, uids, err)
	}
	deliver(t, s, "INBOX", "a", "b", "c", "d", "e")
	if err := s.Expunge("INBOX", 1, 3); err != nil {
		t.Fatal(err)
	}
	if _, uids, err = box.UIDs(t.Context(), "INBOX"); err != nil || !slices.Equal(uids, []uint32{2, 4, 5}) {
		t.Errorf("got %v, %v", uids, err)
	}
	if flags, err := s.Flags("INBOX"); err != nil || len(flags[2]) != 0 {
		t.Errorf("flags became %v, %v", flags, err)
	}
	_, _, err = box.UIDs(t.Context(), "Nowhere")
	failure(t, err, intake.KindFolder, `"Nowhere"`)
}

func TestUIDsAreFoundWhateverTheServerCanDo(t *testing.T) {
	for name, test := range map[string]struct {
		capabilities string
		answer       string // to the search; "" for the right one
		want         []uint32
		fails        string
	}{
		"as a list":           {"IMAP4rev1", "", []uint32{1, 2, 3, 90}, ""},
		"as ranges":           {"IMAP4rev1 ESEARCH", "", []uint32{1, 2, 3, 90}, ""},
		"as ranges only":      {"IMAP4rev2", "", []uint32{1, 2, 3, 90}, ""},
		"none, in a list":     {"IMAP4rev1", "* SEARCH", nil, ""},
		"none, unsaid":        {"IMAP4rev1", "* OK", nil, ""},
		"none, in ranges":     {"IMAP4rev1 ESEARCH", "* ESEARCH (TAG %q) UID", nil, ""},
		"out of order, twice": {"IMAP4rev1 ESEARCH", "* ESEARCH (TAG %q) UID ALL 7:9,2,8:7", []uint32{2, 7, 8, 9}, ""},
		"a list, unasked":     {"IMAP4rev1 ESEARCH", "* SEARCH 4 5", []uint32{4, 5}, ""},
		"absurdly many":       {"IMAP4rev1 ESEARCH", "* ESEARCH (TAG %q) UID ALL 1:4294967295", nil, "more messages"},
		"numbers, no UIDs":    {"IMAP4rev1 ESEARCH", "* ESEARCH (TAG %q) ALL 1:3", nil, "something else"},
		"a refusal":           {"IMAP4rev1", "NO", nil, "answered NO"},
	} {
		t.Run(name, func(t *testing.T) {
			s := &mailtest.Script{Capabilities: test.capabilities, Mails: threeMails(), Play: func(c *conn, tag, command string) bool {
				if !strings.HasPrefix(command, "UID SEARCH") || test.answer == "" {
					return false
				}
				switch {
				case test.answer == "NO":
					c.Send("%s NO no", tag)
					return true
				case strings.Contains(test.answer, "%q"):
					c.Send(test.answer, tag)
				default:
					c.Send("%s", test.answer)
				}
				c.Send("%s OK", tag)
				return true
			}}
			s.Mails[90] = "Subject: late\r\n\r\n"
			c := scripted(s)
			defer s.Close()
			_, uids, err := intake.New(c, nil).UIDs(t.Context(), "INBOX")
			if test.fails != "" {
				if err == nil || !strings.Contains(err.Error(), test.fails) {
					t.Errorf("got %v, want %q", err, test.fails)
				}
				return
			}
			if err != nil || !slices.Equal(uids, test.want) {
				t.Errorf("got %v, %v; want %v", uids, err, test.want)
			}
			checkManners(t, s)
		})
	}
}
