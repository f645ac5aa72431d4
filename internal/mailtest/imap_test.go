package mailtest_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"guichetdunumerique.be/guichet/internal/mailtest"
)

const mail = "From: An <an@example.org>\r\nSubject: dag\r\n\r\nhallo\r\n"

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// startIMAP starts a server that ends with the test.
func startIMAP(t *testing.T, o mailtest.Options) *mailtest.IMAP {
	t.Helper()
	s, err := mailtest.StartIMAP(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func deliver(t *testing.T, s *mailtest.IMAP, folder string, flags ...string) uint32 {
	t.Helper()
	uid, err := s.Deliver(folder, []byte(mail), noon, flags...)
	if err != nil {
		t.Fatal(err)
	}
	return uid
}

func TestWhatIsDeliveredIsStored(t *testing.T) {
	for _, security := range []mailtest.Security{mailtest.TLS, mailtest.STARTTLS, mailtest.None} {
		t.Run(string(security), func(t *testing.T) {
			s := startIMAP(t, mailtest.Options{Security: security})
			uid := deliver(t, s, "INBOX", `\Seen`, "work")
			mails, err := s.Mails("INBOX")
			if err != nil || len(mails) != 1 {
				t.Fatalf("got %d mails, %v", len(mails), err)
			}
			m := mails[0]
			if m.UID != uid || string(m.Raw) != mail || !m.Date.Equal(noon) || !slices.Equal(m.Flags, []string{`\Seen`, "work"}) {
				t.Errorf("got %+v", m)
			}
		})
	}
}

func TestTheFoldersOfAnAccountAreThereAtStart(t *testing.T) {
	s := startIMAP(t, mailtest.Options{})
	if got, want := s.Folders(), []string{"Drafts", "INBOX", "Junk", "Sent"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestRenumberingGivesNewUIDsUnderANewUIDValidity(t *testing.T) {
	s := startIMAP(t, mailtest.Options{})
	deliver(t, s, "INBOX")
	kept := deliver(t, s, "INBOX", `\Flagged`)
	if err := s.Expunge("INBOX", 1); err != nil {
		t.Fatal(err)
	}
	if err := s.Renumber("INBOX"); err != nil {
		t.Fatal(err)
	}
	flags, err := s.Flags("INBOX")
	if err != nil || len(flags) != 1 || !slices.Equal(flags[1], []string{`\Flagged`}) {
		t.Errorf("mail %d became %v, %v; want it flagged, as UID 1", kept, flags, err)
	}
	c := client(t, s, nil)
	if data, err := c.Select("INBOX", nil).Wait(); err != nil || data.UIDValidity < 2 {
		t.Errorf("got UIDVALIDITY %d, %v; want a later one", data.UIDValidity, err)
	}
}

func TestSpecialUseIsListed(t *testing.T) {
	s := startIMAP(t, mailtest.Options{})
	list, err := client(t, s, nil).List("", "*", &imap.ListOptions{ReturnSpecialUse: true}).Collect()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]imap.MailboxAttr{}
	for _, data := range list {
		got[data.Mailbox] = data.Attrs
	}
	for folder, use := range map[string]imap.MailboxAttr{
		"Junk": imap.MailboxAttrJunk, "Sent": imap.MailboxAttrSent, "Drafts": imap.MailboxAttrDrafts,
	} {
		if !slices.Contains(got[folder], use) {
			t.Errorf("%s bears %q, not %s", folder, got[folder], use)
		}
	}
}

func TestAMailProgramPutsMailIntoAFolder(t *testing.T) {
	s := startIMAP(t, mailtest.Options{})
	uid, err := s.Append("Sent", []byte(mail), `\Seen`)
	if err != nil {
		t.Fatal(err)
	}
	mails, err := s.Mails("Sent")
	if err != nil || len(mails) != 1 {
		t.Fatalf("got %d mails, %v", len(mails), err)
	}
	if m := mails[0]; m.UID != uid || string(m.Raw) != mail || !slices.Equal(m.Flags, []string{`\Seen`}) {
		t.Errorf("got %+v", m)
	}
	if _, err := s.Append("Nowhere", []byte(mail)); err == nil {
		t.Error("there is no such folder")
	}
}

func TestFlagsCanBeSetAndMailExpunged(t *testing.T) {
	s := startIMAP(t, mailtest.Options{})
	gone, kept := deliver(t, s, "INBOX"), deliver(t, s, "INBOX")
	if err := s.SetFlags("INBOX", kept, `\Answered`); err != nil {
		t.Fatal(err)
	}
	if err := s.Expunge("INBOX", gone); err != nil {
		t.Fatal(err)
	}
	flags, err := s.Flags("INBOX")
	if want := map[uint32][]string{kept: {`\Answered`}}; err != nil || fmt.Sprint(flags) != fmt.Sprint(want) {
		t.Errorf("got %v, %v; want %v", flags, err, want)
	}
}

func TestIdleMissesNothingThatComesWhileItBegins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		pipe := mailtest.NewPipe()
		s, err := mailtest.StartIMAP(mailtest.Options{Listener: pipe})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		exists := make(chan uint32, 100)
		c := client(t, s, &imapclient.UnilateralDataHandler{Mailbox: func(d *imapclient.UnilateralDataMailbox) {
			if d.NumMessages != nil {
				exists <- *d.NumMessages
			}
		}})
		defer c.Close()
		if _, err := c.Select("INBOX", nil).Wait(); err != nil {
			t.Fatal(err)
		}
		for round := range uint32(20) {
			idle, err := c.Idle()
			if err != nil {
				t.Fatal(err)
			}
			deliver(t, s, "INBOX") // the server may not have begun to listen to its folder yet
			if got := <-exists; got != round+1 {
				t.Fatalf("told of %d mails, want %d", got, round+1)
			}
			if err := idle.Close(); err != nil {
				t.Fatal(err)
			}
			if err := idle.Wait(); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestDisconnectCutsThoseConnected(t *testing.T) {
	s := startIMAP(t, mailtest.Options{})
	c := client(t, s, nil)
	s.Disconnect()
	<-c.Closed()
	client(t, s, nil) // and the server still stands
}

func TestTheCertificateIsWrittenForCAFile(t *testing.T) {
	s := startIMAP(t, mailtest.Options{})
	if err := s.Certificate.WriteFile(filepath.Join(t.TempDir(), "ca.pem")); err != nil {
		t.Error(err)
	}
}

// client logs in to a TLS server.
func client(t *testing.T, s *mailtest.IMAP, h *imapclient.UnilateralDataHandler) *imapclient.Client {
	t.Helper()
	conn, err := s.Dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c := imapclient.New(conn, &imapclient.Options{UnilateralDataHandler: h})
	t.Cleanup(func() { _ = c.Close() })
	if err := c.Login(s.Username, s.Password).Wait(); err != nil {
		t.Fatal(err)
	}
	return c
}
