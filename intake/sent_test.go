package intake_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"guichetdunumerique.be/guichet/intake"
	"guichetdunumerique.be/guichet/internal/mailtest"
)

// watchingSent is the config of a client that watches the Sent folder too.
func watchingSent(s *mailtest.IMAP) intake.Config {
	c := towards(s)
	c.WatchSent = true
	return c
}

func TestWhatStaffSendIsMarkedAsTheirs(t *testing.T) {
	inBubble(t, func(t *testing.T, s *mailtest.IMAP) {
		deliver(t, s, "Sent", "past")
		d := newDesk()
		stop := run(t, watchingSent(s), d)
		waiting := map[string]bool{"INBOX": true, "Junk": true, "Sent": true}
		for len(waiting) > 0 {
			delete(waiting, <-d.checks)
		}
		if _, err := s.Append("Sent", []byte(mail("answer")), `\Seen`); err != nil {
			t.Fatal(err)
		}
		deliver(t, s, "INBOX", "request")
		deliver(t, s, "Junk", "spam")
		next(d, 3)
		stop()
		for _, a := range d.taken {
			if a.Sent != (a.Folder == "Sent") || a.Junk != (a.Folder == "Junk") {
				t.Errorf("mail in %s: Sent is %v, Junk is %v", a.Folder, a.Sent, a.Junk)
			}
		}
		flags, err := s.Flags("Sent")
		if err != nil || len(flags[1]) != 0 || !slices.Equal(flags[2], []string{`\Seen`}) {
			t.Errorf("flags became %v, %v", flags, err)
		}
	})
}

func TestOnceReadsSentToo(t *testing.T) {
	inBubble(t, func(t *testing.T, s *mailtest.IMAP) {
		d := newDesk()
		box := intake.New(watchingSent(s), d)
		if err := box.Once(t.Context()); err != nil {
			t.Fatal(err)
		}
		deliver(t, s, "Sent", "answer")
		if err := box.Once(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := d.subjects(); got != "answer" || !d.taken[0].Sent {
			t.Errorf("got %q, %+v", got, d.taken)
		}
	})
}

func TestSentIsNoPartOfThePast(t *testing.T) {
	s := startIMAP(t, mailtest.Options{})
	deliver(t, s, "INBOX", "request")
	deliver(t, s, "Sent", "answer")
	for _, folders := range [][]string{nil, {"INBOX", "Sent"}} {
		c := watchingSent(s)
		c.Folders = folders
		r := &reader{}
		if err := pastOf(t, c, r, noon); err != nil {
			t.Fatal(err)
		}
		if got := r.subjects(); got != "request" {
			t.Errorf("watching %q: read %q", folders, got)
		}
	}
}

func TestAMissingSentFolderIsAnErrorOnlyWhereItIsNamed(t *testing.T) {
	s := startIMAP(t, mailtest.Options{})
	if err := s.Remove("Sent"); err != nil {
		t.Fatal(err)
	}
	c := watchingSent(s)
	if err := intake.New(c, newDesk()).Once(t.Context()); err != nil {
		t.Errorf("nobody named it: %v", err)
	}
	if _, err := intake.New(c, newDesk()).Check(t.Context()); err != nil {
		t.Errorf("nobody named it: %v", err)
	}
	c.Sent = "Verzonden"
	failure(t, intake.New(c, newDesk()).Once(t.Context()), intake.KindFolder, `"Verzonden"`, "imap.sent")
	_, err := intake.New(c, newDesk()).Check(t.Context())
	failure(t, err, intake.KindFolder, `"Verzonden"`)
}

// What lies in Sent speaks for staff: no folder that strangers can write to may ever be taken for it.
func TestOneFolderHasOneUse(t *testing.T) {
	const (
		junk = `(\Junk) "/" Spam`
		sent = `(\Sent) "/" Out`
	)
	for name, test := range map[string]struct {
		listed []string
		change func(*intake.Config)
		want   string // folder:use, in order
	}{
		"each by its attribute":          {[]string{junk, sent}, nil, "INBOX: Spam:junk Out:sent"},
		"attributes in another case":     {[]string{`(\SENT) "/" Out`}, nil, "INBOX: Out:sent"},
		"two of them":                    {[]string{sent, `(\Sent) "/" Older`}, nil, "INBOX: Out:sent"},
		"one that cannot be opened":      {[]string{`(\Sent \NoSelect) "/" Out`, `(\Sent) "/" Real`}, nil, "INBOX: Real:sent"},
		"named":                          {[]string{junk, sent}, func(c *intake.Config) { c.Sent = "Mine" }, "INBOX: Spam:junk Mine:sent"},
		"both named":                     {nil, func(c *intake.Config) { c.Sent, c.Junk = "Mine", "Bin" }, "INBOX: Bin:junk Mine:sent"},
		"not watched":                    {[]string{junk, sent}, func(c *intake.Config) { c.WatchSent = false }, "INBOX: Spam:junk"},
		"named among the folders":        {[]string{sent}, func(c *intake.Config) { c.Folders = []string{"INBOX", "Out"} }, "INBOX: Out:sent"},
		"named twice":                    {nil, func(c *intake.Config) { c.Folders, c.Sent = []string{"inbox", "Out"}, "Out" }, "INBOX: Out:sent"},
		"INBOX marked as Sent":           {[]string{`(\Sent) "/" INBOX`}, nil, "INBOX:"},
		"INBOX marked as junk":           {[]string{`(\Junk) "/" INBOX`}, nil, "INBOX:"},
		"INBOX named as Sent":            {nil, func(c *intake.Config) { c.Sent = "inbox" }, "INBOX:"},
		"Sent that is junk":              {[]string{`(\Junk \Sent) "/" Out`}, nil, "INBOX: Out:junk"},
		"named Sent that is junk":        {[]string{`(\Junk) "/" Out`}, func(c *intake.Config) { c.Sent = "Out" }, "INBOX: Out:junk"},
		"Sent that is named as junk":     {[]string{sent}, func(c *intake.Config) { c.Junk = "Out" }, "INBOX: Out:junk"},
		"named both as Sent and as junk": {nil, func(c *intake.Config) { c.Sent, c.Junk = "Out", "Out" }, "INBOX: Out:junk"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &mailtest.Script{Folders: append([]string{`() "/" INBOX`}, test.listed...), Mails: threeMails()}
				c := scripted(s)
				defer s.Close()
				c.WatchSent = true
				if test.change != nil {
					test.change(&c)
				}
				d := newDesk()
				r, err := intake.New(c, d).Check(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, f := range r.Folders {
					d.position[f.Name] = intake.Position{UIDValidity: 1, UID: 2}
					got = append(got, f.Name+":"+use(f.Junk, f.Sent))
				}
				if got := strings.Join(got, " "); got != test.want {
					t.Errorf("checked %q, want %q", got, test.want)
				}
				if err := intake.New(c, d).Once(t.Context()); err != nil {
					t.Fatal(err)
				}
				got = nil
				for _, a := range d.taken {
					got = append(got, a.Folder+":"+use(a.Junk, a.Sent))
				}
				if got := strings.Join(got, " "); got != test.want {
					t.Errorf("read %q, want %q", got, test.want)
				}
				checkManners(t, s)
			})
		})
	}
}

func use(junk, sent bool) string {
	return map[[2]bool]string{{true, false}: "junk", {false, true}: "sent", {true, true}: "both"}[[2]bool{junk, sent}]
}
