package intake_test

import (
	"context"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"guichetdunumerique.be/guichet/intake"
	"guichetdunumerique.be/guichet/internal/mailtest"
)

// conn and play shorten the tables.
type (
	conn = mailtest.ScriptConn
	play = func(c *conn, tag, command string) bool
)

// scripted is the config of a client of the script, which it starts on a pipe.
func scripted(s *mailtest.Script) intake.Config {
	pipe := mailtest.NewPipe()
	s.Start(pipe)
	return intake.Config{
		Server: s.Addr(), Security: intake.SecurityNone, Username: "info@example.org", Dial: pipe.Dial,
		Password: func(context.Context) (string, error) { return "correct horse", nil },
	}
}

// asksFor reports whether a command fetches, among others, message 2.
func asksFor(command string) bool {
	return strings.HasPrefix(command, "UID FETCH 2 ") || strings.HasPrefix(command, "UID FETCH 1:3 ")
}

// answering plays the answer for message 2 of a FETCH; the others are answered as they should be.
func answering(answer func(c *conn, items string)) play {
	return func(c *conn, tag, command string) bool {
		if !asksFor(command) {
			return false
		}
		_, items, _ := strings.Cut(command, "(")
		if strings.HasPrefix(command, "UID FETCH 1:3 ") {
			c.Answer(1, items)
		}
		answer(c, items)
		if strings.HasPrefix(command, "UID FETCH 1:3 ") {
			c.Answer(3, items)
		}
		c.Send("%s OK", tag)
		return true
	}
}

// line answers with a line of its own in place of message 2.
func line(s string) play { return answering(func(c *conn, _ string) { c.Send("%s", s) }) }

// first plays only the first time that message 2 is asked for.
func first(p play) play {
	var done atomic.Bool
	return func(c *conn, tag, command string) bool {
		return asksFor(command) && !done.Swap(true) && p(c, tag, command)
	}
}

// whole is all that is asked of a short message, as the server should say it.
const whole = `INTERNALDATE "02-Mar-2026 12:00:00 +0000" RFC822.SIZE 23 `

const (
	unread = "one ! three"   // message 2 cannot be had at all
	fine   = "one two three" // the fault costs nothing
)

// What servers were seen to do to go-imap, and what must come of it: the folder goes on, and at most the
// message concerned is the worse for it.
func TestAFaultCostsAtMostItsMessage(t *testing.T) {
	body := "BODY[]<0> {23}\r\nSubject: two\r\n\r\nwords\r\n"
	for name, test := range map[string]struct {
		play play
		want string
	}{
		"the UID comes after the bytes": {line("* 2 FETCH (" + whole + body + " UID 2)"), fine},
		"a change of flags comes first": {answering(func(c *conn, items string) { c.Send(`* 2 FETCH (UID 2 FLAGS (\Seen))`); c.Answer(2, items) }), fine},
		"the answer comes in two pieces": {answering(func(c *conn, items string) {
			c.Send("* 2 FETCH (UID 2 " + strings.TrimSpace(whole) + ")")
			c.Send("* 2 FETCH (UID 2 " + body + ")")
		}), fine},
		"the bytes come without their place": {line("* 2 FETCH (UID 2 " + whole + "BODY[] {23}\r\nSubject: two\r\n\r\nwords\r\n)"), fine},
		"the bytes come as a quoted string":  {line("* 2 FETCH (UID 2 " + whole + `BODY[]<0> "Subject: two` + "\r\n\r\nwords\r\n\")"), fine},
		"the answer comes twice":             {answering(func(c *conn, items string) { c.Answer(2, items); c.Answer(2, items) }), fine},
		"the size is wrong":                  {line("* 2 FETCH (UID 2 INTERNALDATE \"02-Mar-2026 12:00:00 +0000\" RFC822.SIZE 999 " + body + ")"), fine},
		"another message is deleted":         {first(answering(func(c *conn, items string) { c.Answer(2, items); c.Send("* 1 EXPUNGE") })), fine},
		"it is left out once":                {first(answering(func(*conn, string) {})), fine},
		"it is always left out":              {answering(func(*conn, string) {}), unread},
		"its bytes are left out":             {line("* 2 FETCH (UID 2 " + strings.TrimSpace(whole) + ")"), unread},
		"its bytes are NIL":                  {line("* 2 FETCH (UID 2 " + whole + "BODY[]<0> NIL)"), unread},
		"its date has no zone":               {withDate("02-Mar-2026 12:00:00"), fine},
		"its bytes end too soon":             {answering(func(c *conn, _ string) { c.Write("* 2 FETCH (UID 2 " + whole + "BODY[]<0> {23}\r\nSubj"); c.Cut() }), unread},
		"the connection is cut once":         {first(func(c *conn, _, _ string) bool { c.Cut(); return true }), fine},
		"the connection is always cut":       {answering(func(c *conn, _ string) { c.Cut() }), unread},
		"the server says BYE":                {answering(func(c *conn, _ string) { c.Send("* BYE overloaded"); c.Cut() }), unread},
		"the server falls silent":            {answering(func(c *conn, _ string) { c.Hang() }), unread},
		"the server falls silent once":       {first(func(c *conn, _, _ string) bool { c.Hang(); return true }), fine},
		"the server drips":                   {first(func(c *conn, _, _ string) bool { c.Write("* "); c.Hang(); return true }), fine},
		"the server says NO":                 {refusing("NO [SERVERBUG] no"), unread},
		"the server says NO once":            {first(refusing("NO [UNAVAILABLE] later")), fine},
		"the server says BAD":                {refusing("BAD what"), unread},
		"an unknown response comes":          {answering(func(c *conn, items string) { c.Send("* XFOO bar"); c.Answer(2, items) }), unread},
		"an unknown response comes once":     {first(line("* VANISHED 7")), fine},
		"an unknown item comes":              {answering(func(c *conn, _ string) { c.Send("* 2 FETCH (UID 2 X-GM-MSGID 1 " + whole + body + ")") }), unread},
		"a stray plus comes":                 {first(line("+ go on")), fine},
		"an empty line comes":                {first(line("")), fine},
		"a flood of bytes comes":             {line("* 2 FETCH (UID 2 " + whole + "BODY[]<0> {900000000}\r\n" + strings.Repeat("flood ", 1<<20) + ")"), unread},
		"a flood of parentheses comes":       {line("* 2 FETCH (UID 2 BODYSTRUCTURE " + strings.Repeat("(", 1<<16)), unread},
		"the last bytes are the answer's":    {line("* 2 FETCH (UID 2 " + whole + body + ")\r\n* 3 EXISTS"), fine},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &mailtest.Script{Mails: threeMails(), Play: test.play}
				c := scripted(s)
				defer s.Close()
				d := at("INBOX", 1)
				stop := run(t, c, d)
				next(d, 3)
				s.Put(4, "Subject: four\r\n\r\n")
				next(d, 1)
				stop()
				if got, want := d.subjects(), test.want+" four"; got != want {
					t.Errorf("got %q, want %q", got, want)
				}
				checkManners(t, s)
			})
		})
	}
}

// Dovecot says of a mail that is moved away while it is read that it is empty, and that all went well.
func TestFailure25AMailMovedAwayWhileItIsReadIsNotAnEmptyOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &mailtest.Script{Mails: threeMails()}
		s.Play = answering(func(c *conn, _ string) {
			s.Drop(2)
			c.Send(`* 2 FETCH (UID 2 INTERNALDATE "02-Mar-2026 12:00:00 +0000" RFC822.SIZE 0 BODY[]<0> "")`)
		})
		c := scripted(s)
		defer s.Close()
		d := at("INBOX", 1)
		stop := run(t, c, d)
		next(d, 2)
		s.Put(4, "Subject: four\r\n\r\n")
		next(d, 1)
		stop()
		if got, want := d.subjects(), "one three four"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func threeMails() map[uint32]string {
	return map[uint32]string{
		1: "Subject: one\r\n\r\nwords\r\n", 2: "Subject: two\r\n\r\nwords\r\n", 3: "Subject: three\r\n\r\nwords\r\n",
	}
}

func refusing(answer string) play {
	return func(c *conn, tag, command string) bool {
		if asksFor(command) {
			c.Send("%s %s", tag, answer)
		}
		return asksFor(command)
	}
}

// withDate gives message 2 another date where a date is asked for.
func withDate(date string) play {
	return func(c *conn, tag, command string) bool {
		if !asksFor(command) || !strings.Contains(command, "INTERNALDATE") {
			return false
		}
		c.Send("* 2 FETCH (UID 2 INTERNALDATE %q RFC822.SIZE 23 BODY[]<0> {23}\r\nSubject: two\r\n\r\nwords\r\n)", date)
		c.Send("%s OK", tag)
		return true
	}
}

// harmless are the commands that leave no mark in a mailbox.
var harmless = regexp.MustCompile(`^(CAPABILITY|LOGIN .*|LIST .*|EXAMINE .*|UID SEARCH .*|(UID )?FETCH [0-9:,]+ \(.*\)|IDLE|NOOP)$`)

func checkManners(t *testing.T, s *mailtest.Script) {
	t.Helper()
	for _, command := range s.Commands() {
		if !harmless.MatchString(command) || strings.Contains(command, "BODY[") {
			t.Errorf("sent %q", command)
		}
	}
}

func TestTheFirstRoundTripAsksExactlyForTheHead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &mailtest.Script{Mails: threeMails()}
		d := at("INBOX", 1)
		c := scripted(s)
		defer s.Close()
		if err := intake.New(c, d).Once(t.Context()); err != nil {
			t.Fatal(err)
		}
		var fetches []string
		for _, command := range s.Commands() {
			if strings.Contains(command, "FETCH") {
				fetches = append(fetches, command)
			}
		}
		if len(fetches) != 1 {
			t.Fatalf("fetched %q", fetches)
		}
		for _, item := range []string{"UID FETCH 1:3 (UID ", "INTERNALDATE", "RFC822.SIZE", "BODY.PEEK[]<0.65536>"} {
			if !strings.Contains(fetches[0], item) {
				t.Errorf("%q lacks %q", fetches[0], item)
			}
		}
		if strings.Contains(fetches[0], "ENVELOPE") || strings.Contains(fetches[0], "STRUCTURE") || strings.Contains(fetches[0], "FLAGS") {
			t.Errorf("%q asks for more", fetches[0])
		}
	})
}

func TestAServerThatGivesNothingMakesNoMessageUnreadable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var broken atomic.Bool
		broken.Store(true)
		s := &mailtest.Script{Mails: threeMails(), Play: func(c *conn, tag, command string) bool {
			if broken.Load() && strings.Contains(command, "FETCH") {
				c.Send("%s NO [SERVERBUG] storage is down", tag)
				return true
			}
			return false
		}}
		for uid := range uint32(500) {
			s.Mails[uid+1] = "Subject: x\r\n\r\n"
		}
		d := at("INBOX", 1)
		c := scripted(s)
		defer s.Close()
		stop := run(t, c, d)
		time.AfterFunc(30*time.Minute, func() { broken.Store(false) })
		next(d, 500)
		stop()
		if got := d.subjects(); strings.Contains(got, "!") {
			t.Error("a message was given up while the server gave none")
		}
	})
}

func TestFailure05OnceGetsPastAPoisonMessageByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &mailtest.Script{Mails: threeMails(), Play: answering(func(c *conn, _ string) { c.Cut() })}
		d := at("INBOX", 1)
		c := scripted(s)
		defer s.Close()
		if err := intake.New(c, d).Once(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := d.subjects(); got != unread {
			t.Errorf("got %q, want %q", got, unread)
		}
	})
}

func TestAnUnreadableMessageKeepsItsDateOfReceipt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &mailtest.Script{Mails: threeMails(), Play: func(c *conn, tag, command string) bool {
			return asksFor(command) && strings.Contains(command, "BODY") && refusing("NO no")(c, tag, command)
		}}
		d := at("INBOX", 1)
		c := scripted(s)
		defer s.Close()
		if err := intake.New(c, d).Once(t.Context()); err != nil {
			t.Fatal(err)
		}
		if a := d.taken[1]; a.Unreadable == "" || !a.InternalDate.Equal(noon) {
			t.Errorf("got %+v, want it unreadable, of %v", a, noon)
		}
	})
}

func TestAMailWithoutAReadableDateIsReceivedNow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &mailtest.Script{Mails: threeMails(), Play: withDate("02-Mar-2026 12:00:00")}
		d := at("INBOX", 1)
		c := scripted(s)
		defer s.Close()
		stop := run(t, c, d)
		next(d, 3)
		stop()
		if a := d.taken[1]; time.Since(a.InternalDate) != 0 || len(a.Message.Problems) == 0 {
			t.Errorf("received %v with problems %q", a.InternalDate, a.Message.Problems)
		}
	})
}
