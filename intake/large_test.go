package intake_test

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"guichetdunumerique.be/guichet/intake"
	"guichetdunumerique.be/guichet/intake/message"
	"guichetdunumerique.be/guichet/internal/mailtest"
)

// largeMail has its words before and after a scan of so many bytes.
func largeMail(size int) string {
	return "From: An <an@example.org>\r\nSubject: large\r\nMIME-Version: 1.0\r\n" +
		"Content-Type: multipart/mixed; boundary=cut\r\n\r\n" +
		"--cut\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nplease erase me\r\n" +
		"--cut\r\nContent-Type: image/png; name=scan.png\r\nContent-Disposition: attachment; filename=scan.png\r\n" +
		"Content-Transfer-Encoding: base64\r\n\r\n" + lines(base64.StdEncoding.EncodeToString(make([]byte, size))) +
		"\r\n--cut\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nand write to me at home\r\n" +
		"--cut\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment;\r\n filename*0*=utf-8''pi%C3%A8ce%20; filename*1=\"2.pdf\"\r\n\r\npdf\r\n--cut--\r\n"
}

// lines breaks text into lines of 76 characters.
func lines(s string) string {
	var b strings.Builder
	for len(s) > 76 {
		b.WriteString(s[:76] + "\r\n")
		s = s[76:]
	}
	return b.String() + s
}

func TestTheScanInALargeMailIsNeverDownloaded(t *testing.T) {
	inBubble(t, func(t *testing.T, s *mailtest.IMAP) {
		var read atomic.Int64
		c := towards(s)
		c.Dial = counted(c.Dial, &read)
		d := newDesk()
		box := intake.New(c, d)
		if err := box.Once(t.Context()); err != nil {
			t.Fatal(err)
		}
		raw := largeMail(10 << 20)
		if _, err := s.Deliver("INBOX", []byte(raw), noon); err != nil {
			t.Fatal(err)
		}
		if err := box.Once(t.Context()); err != nil {
			t.Fatal(err)
		}
		m := d.taken[0].Message
		if !strings.Contains(m.Text, "please erase me") || !strings.Contains(m.Text, "write to me at home") {
			t.Errorf("words are missing: %q", m.Text)
		}
		var names []string
		for _, a := range m.Attachments {
			names = append(names, a.Name)
		}
		if !slices.Equal(names, []string{"scan.png", "pièce 2.pdf"}) {
			t.Errorf("attached: %q", names)
		}
		if m.Size != int64(len(raw)) {
			t.Errorf("size %d, want %d", m.Size, len(raw))
		}
		if n := read.Load(); n > 200<<10 {
			t.Errorf("%d bytes were read of a mail of %d", n, len(raw))
		}
	})
}

func TestAMailWithinALargeMailIsReadOnce(t *testing.T) {
	s := startIMAP(t, mailtest.Options{})
	d := newDesk()
	box := intake.New(towards(s), d)
	if err := box.Once(t.Context()); err != nil {
		t.Fatal(err)
	}
	raw := "From: Bo <bo@example.org>\r\nSubject: fwd\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=outer\r\n\r\n" +
		"--outer\r\nContent-Type: text/plain\r\n\r\nsee below\r\n" +
		"--outer\r\nContent-Type: message/rfc822\r\n\r\n" + largeMail(200<<10) + "\r\n--outer--\r\n"
	if _, err := s.Deliver("INBOX", []byte(raw), noon); err != nil {
		t.Fatal(err)
	}
	if err := box.Once(t.Context()); err != nil {
		t.Fatal(err)
	}
	m := d.taken[0].Message
	if len(m.Forwarded) != 1 || !strings.Contains(m.Forwarded[0].Text, "please erase me") || strings.Contains(m.Own, "erase") {
		t.Errorf("own words %q, forwarded %+v", m.Own, m.Forwarded)
	}
	scans := 0
	for _, a := range m.Attachments {
		if a.Name == "scan.png" {
			scans++
		}
	}
	if scans != 1 {
		t.Errorf("the scan is listed %d times: %+v", scans, m.Attachments)
	}
}

// A structure that go-imap cannot read costs a mail its later parts, not the folder its progress.
func TestAPoisonStructureCostsTheMailItsDetails(t *testing.T) {
	for name, structure := range map[string]string{
		"no structure":                 "NIL",
		"a multipart without children": `("mixed")`,
		"a quote not escaped":          `("application" "pdf" ("name" "a "b".pdf") NIL NIL "base64" 10)`,
		"a parameter that is NIL":      `("text" "plain" ("charset" NIL) NIL NIL "7bit" 10 1)`,
		"a parameter too many":         `("text" "plain" ("charset") NIL NIL "7bit" 10 1)`,
		"a mail without an envelope":   `("message" "rfc822" NIL NIL NIL "7bit" 10 NIL ("text" "plain" NIL NIL NIL "7bit" 10 1) 1)`,
		"a disposition as a string":    `("application" "pdf" NIL NIL NIL "base64" 10 NIL "attachment" NIL NIL)`,
		"endless nesting":              strings.Repeat("(", 200<<10),
		"an endless name":              `("application" "pdf" ("name" "` + strings.Repeat("x", 1<<20) + `") NIL NIL "base64" 10)`,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &mailtest.Script{Mails: threeMails(), Structures: map[uint32]string{2: structure}}
				s.Mails[2] = largeMail(100 << 10)
				c := scripted(s)
				defer s.Close()
				d := at("INBOX", 1)
				stop := run(t, c, d)
				next(d, 3)
				stop()
				if got := d.subjects(); got != "one large three" {
					t.Errorf("got %q", got)
				}
				if m := d.taken[1].Message; !m.Truncated || !strings.Contains(m.Text, "please erase me") || len(m.Problems) == 0 {
					t.Errorf("got truncated %v, text %q, problems %q", m.Truncated, m.Text, m.Problems)
				}
			})
		})
	}
}

func TestMailsThatEachCostAConnectionHoldUpTheRestLittle(t *testing.T) {
	const mails = 20
	synctest.Test(t, func(t *testing.T) {
		s := &mailtest.Script{Mails: map[uint32]string{}, Structures: map[uint32]string{}}
		for uid := range uint32(mails) {
			s.Mails[uid+2] = largeMail(100 << 10)
			s.Structures[uid+2] = `("application" "pdf" ("name" "` + strings.Repeat("x", 4<<20) + `") NIL NIL "base64" 10)`
		}
		s.Mails[1], s.Mails[mails+2] = "Subject: first\r\n\r\nx", "Subject: last\r\n\r\nx"
		c := scripted(s)
		defer s.Close()
		d := at("INBOX", 1)
		began := time.Now()
		stop := run(t, c, d)
		next(d, mails+2)
		if took := time.Since(began); took > 2*mails*time.Second { // the clock is a simulated one
			t.Errorf("the last of the mails waited for %v", took)
		}
		stop()
	})
}

func TestAServerThatWillNotGiveTheTextsOfALargeMailIsBorne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &mailtest.Script{Mails: threeMails(), Play: func(c *conn, tag, command string) bool {
			if strings.Contains(command, "BODY.PEEK[1]") {
				c.Cut()
				return true
			}
			return false
		}}
		s.Mails[2] = largeMail(100 << 10)
		c := scripted(s)
		defer s.Close()
		d := at("INBOX", 1)
		if err := intake.New(c, d).Once(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := d.subjects(); got != "one large three" || !d.taken[1].Message.Truncated {
			t.Errorf("got %q, truncated: %v", got, d.taken[1].Message.Truncated)
		}
	})
}

func TestPartsAreAskedForByTheirPlace(t *testing.T) {
	const text = `("text" "plain" NIL NIL NIL "7bit" 10 1)`
	const html = `("text" "html" NIL NIL NIL "7bit" 10 1)`
	const scan = `("image" "png" NIL NIL NIL "base64" 900000 NIL ("attachment" ("filename" "scan.png")))`
	const envelope = `(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)`
	for name, test := range map[string]struct {
		structure string
		want      string // the sections fetched
	}{
		"text alone":            {text, "1"},
		"text and scan":         {"(" + text + scan + ` "mixed")`, "1"},
		"an alternative within": {"((" + text + html + ` "alternative")` + scan + text + ` "mixed")`, "1.1 1.2 3"},
		"attached text":         {`(` + text + `("text" "csv" NIL NIL NIL "7bit" 10 1 NIL ("attachment" NIL)) "mixed")`, "1"},
		"a mail within":         {`(` + text + `("message" "rfc822" NIL NIL NIL "7bit" 500 ` + envelope + ` (` + text + scan + ` "mixed") 9) "mixed")`, "1 2"},
		"no text":               {scan, ""},
		"very many texts":       {"(" + strings.Repeat(text, 50) + ` "mixed")`, sections(20)},
	} {
		t.Run(name, func(t *testing.T) {
			s := &mailtest.Script{
				Mails:      map[uint32]string{1: largeMail(100 << 10)},
				Structures: map[uint32]string{1: test.structure},
			}
			c := scripted(s)
			defer s.Close()
			if err := intake.New(c, at("INBOX", 1)).Once(t.Context()); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, command := range s.Commands() {
				for item := range strings.SplitSeq(command, "BODY.PEEK[") {
					if place, _, ok := strings.Cut(item, "]<0."); ok && place != "" && strings.HasPrefix(command, "UID FETCH") {
						got = append(got, place)
					}
				}
			}
			if strings.Join(got, " ") != test.want {
				t.Errorf("fetched %q, want %q", got, test.want)
			}
		})
	}
}

func sections(n int) string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprint(i+1))
	}
	return strings.Join(list, " ")
}

func TestTheNameOfAnAttachmentIsReadHoweverItIsWritten(t *testing.T) {
	for name, test := range map[string]struct{ params, want string }{
		"plain":                    {`("filename" "scan.png")`, "scan.png"},
		"an encoded word":          {`("filename" "=?iso-8859-1?q?pi=E8ce.png?=")`, "pièce.png"},
		"RFC 2231":                 {`("filename*" "UTF-8''pi%C3%A8ce.png")`, "pièce.png"},
		"RFC 2231, another set":    {`("filename*" "windows-1252'fr'pi%E8ce.png")`, "pièce.png"},
		"RFC 2231, in pieces":      {`("filename*0*" "iso-8859-1''pi%E8ce%20" "filename*1" "2" "filename*2*" "%2Epng")`, "pièce 2.png"},
		"pieces out of order":      {`("filename*1" "2.png" "filename*0" "piece")`, "piece2.png"},
		"an unknown set":           {`("filename*" "klingon''a%E8.png")`, "a\uFFFD.png"},
		"a percent sign of itself": {`("filename*" "50% off.png")`, "50% off.png"},
	} {
		t.Run(name, func(t *testing.T) {
			s := &mailtest.Script{
				Mails: map[uint32]string{1: "Subject: x\r\nContent-Type: multipart/mixed; boundary=z\r\n\r\n" + strings.Repeat("x", 70<<10)},
				Structures: map[uint32]string{1: `(("text" "plain" NIL NIL NIL "7bit" 10 1)` +
					`("image" "png" NIL NIL NIL "base64" 9000 NIL ("attachment" ` + test.params + `)) "mixed")`},
			}
			c := scripted(s)
			defer s.Close()
			d := at("INBOX", 1)
			if err := intake.New(c, d).Once(t.Context()); err != nil {
				t.Fatal(err)
			}
			attached := d.taken[0].Message.Attachments
			if len(attached) != 1 || attached[0].Name != test.want {
				t.Errorf("got %+v, want %q", attached, test.want)
			}
		})
	}
}

func TestNoMoreIsReadOfAMailThanAllowed(t *testing.T) {
	inBubble(t, func(t *testing.T, s *mailtest.IMAP) {
		var read atomic.Int64
		c := towards(s)
		c.Dial = counted(c.Dial, &read)
		c.MessageBytes = 100 << 10
		d := newDesk()
		box := intake.New(c, d)
		if err := box.Once(t.Context()); err != nil {
			t.Fatal(err)
		}
		raw := "Subject: long\r\n\r\n" + lines(strings.Repeat("word ", 1<<20))
		if _, err := s.Deliver("INBOX", []byte(raw), noon); err != nil {
			t.Fatal(err)
		}
		if err := box.Once(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := read.Load(); n > 120<<10 {
			t.Errorf("%d bytes were read, 102400 are allowed", n)
		}
		if m := d.taken[0].Message; !m.Truncated || m.Subject != "long" {
			t.Errorf("truncated: %v, subject %q", m.Truncated, m.Subject)
		}
	})
}

func TestTheLimitsReachTheParser(t *testing.T) {
	s := &mailtest.Script{Mails: map[uint32]string{1: "Subject: x\r\n\r\n" + strings.Repeat("word ", 1000)}}
	c := scripted(s)
	defer s.Close()
	c.Limits = message.Limits{TextBytes: 100}
	d := at("INBOX", 1)
	if err := intake.New(c, d).Once(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := len(d.taken[0].Message.Text); n > 100 {
		t.Errorf("%d bytes of text", n)
	}
}
