package intake_test

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"guichetdunumerique.be/guichet/intake"
	"guichetdunumerique.be/guichet/internal/mailtest"
)

const draftID = "draft.1@example.org"

// draft is a mail as a composer might hand it over, with line ends of all kinds.
const draft = "From: Desk <info@example.org>\nTo: An <an@example.org>\r\nSubject: R\xc3\xa9ponse\nMessage-ID: <" + draftID + ">\n\nBonjour,\r\rÀ vous\n"

func TestADraftIsPutOnceWithItsFlags(t *testing.T) {
	for _, test := range []struct {
		place  intake.Place
		folder string
		flags  []string
	}{
		{intake.PlaceDrafts, "Drafts", []string{`\Draft`, `\Seen`}},
		{intake.PlaceSent, "Sent", []string{`\Seen`}},
	} {
		t.Run(test.folder, func(t *testing.T) {
			s := startIMAP(t, mailtest.Options{})
			deliver(t, s, test.folder, "another")
			box := intake.New(towards(s), nil)
			for _, id := range []string{draftID, "<" + draftID + ">"} { // the second one is a retry
				if err := box.Append(t.Context(), test.place, id, []byte(draft)); err != nil {
					t.Fatal(err)
				}
			}
			mails, err := s.Mails(test.folder)
			if err != nil || len(mails) != 2 {
				t.Fatalf("got %d mails, %v; want 2", len(mails), err)
			}
			if m := mails[1]; !slices.Equal(m.Flags, test.flags) || len(mails[0].Flags) != 0 {
				t.Errorf("flags %q, and %q of the other", m.Flags, mails[0].Flags)
			}
			if got := string(mails[1].Raw); strings.ReplaceAll(got, "\r\n", "\n") != strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(draft) ||
				regexp.MustCompile(`\r[^\n]|[^\r]\n`).MatchString(got) {
				t.Errorf("put %q", got)
			}
		})
	}
}

func TestAMailOfALikeNameIsNotTakenForTheDraft(t *testing.T) {
	s := startIMAP(t, mailtest.Options{})
	if _, err := s.Deliver("Drafts", []byte(strings.ReplaceAll(draft, "<"+draftID, "<x"+draftID)), noon); err != nil {
		t.Fatal(err)
	}
	if err := intake.New(towards(s), nil).Append(t.Context(), intake.PlaceDrafts, draftID, []byte(draft)); err != nil {
		t.Fatal(err)
	}
	if mails, err := s.Mails("Drafts"); err != nil || len(mails) != 2 {
		t.Errorf("%d drafts, %v; want both", len(mails), err)
	}
}

func TestALargeDraftArrivesWhole(t *testing.T) {
	s := startIMAP(t, mailtest.Options{})
	raw := largeMail(300 << 10)
	if err := intake.New(towards(s), nil).Append(t.Context(), intake.PlaceDrafts, "", []byte(raw)); err != nil {
		t.Fatal(err)
	}
	if mails, err := s.Mails("Drafts"); err != nil || len(mails) != 1 || string(mails[0].Raw) != raw {
		t.Errorf("%d drafts, %v", len(mails), err)
	}
}

func TestAFinishedDraftIsFoundInSent(t *testing.T) {
	inBubble(t, func(t *testing.T, s *mailtest.IMAP) {
		d := newDesk()
		c := watchingSent(s)
		stop := run(t, c, d)
		defer stop()
		looked(d, "Sent")
		if err := intake.New(c, nil).Append(t.Context(), intake.PlaceSent, draftID, []byte(draft)); err != nil {
			t.Fatal(err)
		}
		next(d, 1)
		if a := d.taken[0]; !a.Sent || a.Message.MessageID != draftID {
			t.Errorf("got %+v", a)
		}
	})
}

// appending answers APPEND in a way of its own.
func appending(answer func(c *conn, tag, command string)) play {
	return func(c *conn, tag, command string) bool {
		if strings.HasPrefix(command, "APPEND ") {
			answer(c, tag, command)
		}
		return strings.HasPrefix(command, "APPEND ")
	}
}

// answers plays an answer to the commands that begin with some words.
func answers(words, answer string) play {
	return func(c *conn, tag, command string) bool {
		if strings.HasPrefix(command, words) {
			c.Send("%s %s", tag, answer)
		}
		return strings.HasPrefix(command, words)
	}
}

// cutting ends the connection at the commands that begin with some words.
func cutting(words string) play {
	return func(c *conn, _, command string) bool {
		if strings.HasPrefix(command, words) {
			c.Cut()
		}
		return strings.HasPrefix(command, words)
	}
}

// afterLiteral answers once the mail was told whole.
func afterLiteral(answer string) play {
	return appending(func(c *conn, tag, command string) {
		c.ReadLiteral(command, 1<<20)
		c.ReadLine()
		c.Send("%s %s", tag, answer)
	})
}

// What can befall a draft, whether it is worth another try, and how many drafts lie there after that.
func TestAFaultOfAppendSaysWhetherToTryAgain(t *testing.T) {
	const lost = "connection broke"
	for name, test := range map[string]struct {
		play  play
		kind  intake.Kind // "" for none
		words string
		after int // drafts that lie there once the fault is gone and Append was called again
	}{
		"all is well":         {nil, "", "", 1},
		"full, said before":   {answers("APPEND", "NO [OVERQUOTA] full"), intake.KindFolder, "make room", 1},
		"full, said after":    {afterLiteral("NO [OVERQUOTA] full"), intake.KindFolder, "make room", 1},
		"no folder":           {answers("APPEND", "NO [TRYCREATE] none"), intake.KindFolder, "imap.drafts", 1},
		"no right":            {answers("APPEND", "NO [NOPERM] no"), intake.KindFolder, "rights", 1},
		"not understood":      {afterLiteral("BAD what"), intake.KindFolder, "BAD", 1},
		"busy":                {afterLiteral("NO [UNAVAILABLE] later"), intake.KindBusy, "UNAVAILABLE", 1},
		"in use":              {answers("APPEND", "NO [INUSE] locked"), intake.KindBusy, "INUSE", 1},
		"cut before the mail": {appending(func(c *conn, _, _ string) { c.Cut() }), intake.KindProtocol, lost, 1},
		"cut within the mail": {appending(func(c *conn, _, command string) { c.ReadLiteral(command, 10); c.Cut() }), intake.KindProtocol, lost, 1},
		"cut after the mail":  {appending(func(c *conn, _, command string) { c.Put(9, c.ReadLiteral(command, 1<<20)); c.Cut() }), intake.KindProtocol, lost, 1},
		"an answer that cannot be read": {appending(func(c *conn, tag, command string) {
			c.Put(9, c.ReadLiteral(command, 1<<20))
			c.Send("%s OK [APPENDUID x]", tag)
		}), intake.KindProtocol, lost, 1},
		"OK before the mail":     {answers("APPEND", "OK done"), intake.KindProtocol, lost, 1},
		"silent before the mail": {appending(func(c *conn, _, _ string) { c.Hang() }), intake.KindTimeout, "did not answer", 1},
		"silent after the mail":  {appending(func(c *conn, _, command string) { c.Put(9, c.ReadLiteral(command, 1<<20)); c.Hang() }), intake.KindTimeout, "did not answer", 1},
		"EXAMINE refused":        {answers("EXAMINE", "NO none"), intake.KindFolder, "imap.drafts", 1},
		"EXAMINE busy":           {answers("EXAMINE", "NO [UNAVAILABLE] later"), intake.KindBusy, "UNAVAILABLE", 1},
		"LIST cut":               {cutting("LIST"), intake.KindProtocol, lost, 1},
		"search not understood":  {answers("UID SEARCH", "BAD what"), "", "", 1},
		"search refused":         {answers("UID SEARCH", "NO [CANNOT] no"), "", "", 1},
		"search busy":            {answers("UID SEARCH", "NO [UNAVAILABLE] later"), intake.KindBusy, "UNAVAILABLE", 1},
		"search cut":             {cutting("UID SEARCH"), intake.KindProtocol, lost, 1},
		"login refused":          {answers("LOGIN", "NO [AUTHENTICATIONFAILED] no"), intake.KindLogin, "imap.username", 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var mended atomic.Bool
				s := &mailtest.Script{Folders: []string{`() "/" INBOX`, `(\Drafts) "/" Drafts`}}
				s.Play = func(c *conn, tag, command string) bool {
					return test.play != nil && !mended.Load() && test.play(c, tag, command)
				}
				c := scripted(s)
				defer s.Close()
				box := intake.New(c, nil)
				err := box.Append(t.Context(), intake.PlaceDrafts, draftID, []byte(draft))
				if test.kind == "" && err != nil {
					t.Fatal(err)
				} else if test.kind != "" {
					failure(t, err, test.kind, test.words)
				}
				mended.Store(true)
				<-time.After(time.Hour) // a refused login is not tried again sooner
				if err := box.Append(t.Context(), intake.PlaceDrafts, draftID, []byte(draft)); err != nil {
					t.Fatal(err)
				}
				if got := len(s.Mails); got != test.after {
					t.Errorf("%d drafts lie there, want %d", got, test.after)
				}
				checkWriting(t, s)
			})
		})
	}
}

// checkWriting allows APPEND alone beside what leaves no mark.
func checkWriting(t *testing.T, s *mailtest.Script) {
	t.Helper()
	for _, command := range s.Commands() {
		if !harmless.MatchString(command) && !regexp.MustCompile(`^APPEND "Drafts" \(\\Draft \\Seen\) \{\d+\+?\}$`).MatchString(command) {
			t.Errorf("sent %q", command)
		}
	}
}

func TestADraftWithoutAFolderSaysWhichKeyToSet(t *testing.T) {
	s := startIMAP(t, mailtest.Options{})
	for _, folder := range []string{"Drafts", "Sent"} {
		if err := s.Remove(folder); err != nil {
			t.Fatal(err)
		}
	}
	for place, key := range map[intake.Place]string{intake.PlaceDrafts: "imap.drafts", intake.PlaceSent: "imap.sent"} {
		c := towards(s)
		failure(t, intake.New(c, nil).Append(t.Context(), place, draftID, []byte(draft)), intake.KindFolder, "no folder bears", key)
		c.Drafts, c.Sent = "Brouillons", "Brouillons"
		failure(t, intake.New(c, nil).Append(t.Context(), place, draftID, []byte(draft)), intake.KindFolder, `"Brouillons"`, key)
	}
	failure(t, intake.New(towards(s), nil).Append(t.Context(), "Trash", draftID, []byte(draft)), intake.KindFolder, `"Trash"`)
}

func TestAppendEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &mailtest.Script{Folders: []string{`(\Drafts) "/" Drafts`}, Play: appending(func(c *conn, _, _ string) { c.Hang() })}
		c := scripted(s)
		defer s.Close()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		err := intake.New(c, nil).Append(ctx, intake.PlaceDrafts, draftID, []byte(draft))
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}

func TestAServerThatOnlyDripsDoesNotHoldUpADraftForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &mailtest.Script{Folders: []string{`(\Drafts) "/" Drafts`}}
		s.Play = appending(func(c *conn, _, command string) {
			c.ReadLiteral(command, 1<<20)
			for range 60 {
				<-time.After(30 * time.Second)
				c.Send("* OK still here")
			}
		})
		c := scripted(s)
		defer s.Close()
		begin := time.Now()
		err := intake.New(c, nil).Append(t.Context(), intake.PlaceDrafts, draftID, []byte(draft))
		failure(t, err, intake.KindTimeout)
		if took := time.Since(begin); took > 5*time.Minute {
			t.Errorf("it took %v", took)
		}
	})
}
