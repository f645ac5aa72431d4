//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
)

const colleague = "staff@guichetdunumerique.be"

// notices lists the mails to staff, by the reference in their subject.
func (s *sink) notices() map[string]sent {
	found := map[string]sent{}
	for _, m := range s.mails() {
		if m.to == colleague && m.header.Get("Auto-Submitted") == "auto-generated" {
			header, _ := opened(m.raw)
			for _, word := range strings.FieldsFunc(header["Subject"], func(r rune) bool { return r != '-' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') }) {
				if strings.HasPrefix(word, "GDN-") && found[word].raw == nil {
					found[word] = m
				}
			}
		}
	}
	return found
}

// answer is what a colleague writes below a notice, in a mail program that quotes it.
func answer(n int, notice sent, words string) letter {
	id := strings.Trim(notice.header.Get("Message-ID"), "<> ")
	l := compose(fmt.Sprintf("answer-%d", n), colleague, "Re: notice",
		words+"\n\nAnne\n\nLe lun. 23 nov. 2026 à 10:00, Guichet <info@guichetdunumerique.be> a écrit :\n\n> clôturer\n> pas une demande\n",
		"In-Reply-To: <"+id+">", "References: <"+id+">")
	return l
}

// became waits until a query on the store gives a text.
func (d *desk) became(t *testing.T, what, want, statement string, args ...any) {
	t.Helper()
	await(t, 20*time.Second, what, func(context.Context) error {
		found, err := query(d, one, statement, args...)
		if err == nil && (len(found) == 0 || found[0] != want) {
			err = fmt.Errorf("it is %q", found)
		}
		return err
	})
}

// Staff who never open a terminal: they answer notices in four languages, finish a draft, and write from the
// account itself. The case shows each, and the digest follows.
func TestStaffAnswerFromTheirNormalMailbox(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.set(t, "staff", "notify_new", "true")
	d.start(t)
	d.mailbox.deliver(t, several(0, 4, request)...)
	d.answered(t, 4)
	var notices map[string]sent
	await(t, 20*time.Second, "staff have four notices", func(context.Context) error {
		if notices = d.out.notices(); len(notices) < 4 {
			return fmt.Errorf("they have %d", len(notices))
		}
		return nil
	})
	for _, m := range notices {
		if !bytes.Contains(m.raw, []byte("text/calendar")) {
			t.Error("a notice without a calendar entry")
		}
		if header, _ := opened(m.raw); strings.Contains(header["Subject"], "person0") {
			t.Errorf("a subject names the requester: %q", header["Subject"])
		}
	}
	ref := func(n int) string { return fmt.Sprintf("GDN-%d-%04d", time.Now().Year(), n) }

	d.mailbox.deliver(t,
		answer(1, notices[ref(1)], "Clôturer : retirée"),
		answer(2, notices[ref(2)], "verlengen: twaalf jaar dossiers"),
		answer(3, notices[ref(3)], "Rechte: Löschung, Auskunft"),
		answer(4, notices[ref(4)], "draft: answer"))
	d.became(t, "the first case is closed", "closed withdrawn", `SELECT status || ' ' || outcome FROM request WHERE reference = ?`, ref(1))
	d.became(t, "the second is extended", "yes", `SELECT CASE extended WHEN '' THEN 'no' ELSE 'yes' END FROM request WHERE reference = ?`, ref(2))
	d.became(t, "the third has both rights", `["access","erasure"]`, `SELECT rights FROM request WHERE reference = ?`, ref(3))
	d.became(t, "the fourth has its draft", "2", `SELECT COUNT(*) FROM event WHERE kind = 'drafted'`) // and the second's notice of extension

	drafts := d.mailbox.inFolder(t, "Drafts")
	if len(drafts) != 2 {
		t.Fatalf("%d drafts, want an answer and the notice of an extension", len(drafts))
	}
	for _, raw := range drafts { // a colleague finishes both and sends them
		d.mailbox.keep(t, "Sent", raw)
	}
	d.became(t, "both are seen in Sent", "2", `SELECT COUNT(*) FROM event WHERE kind = 'draft_sent'`)

	reply := compose("reply", account, "Re: Antrag", "Guten Tag, erledigt.\n", "In-Reply-To: <"+request(2).id+">", "References: <"+request(2).id+">")
	d.mailbox.keep(t, "Sent", bytes.Replace(reply.raw, []byte("To: "+account), []byte("To: person0002@client.example"), 1))
	d.became(t, "an answer from the account is seen", "1", `SELECT COUNT(*) FROM event WHERE kind = 'replied' AND reference = ?`, ref(3))

	digest := d.guichet(t, "digest")
	if strings.Contains(digest.out, ref(1)) || !strings.Contains(digest.out, ref(3)) {
		t.Errorf("the digest does not follow:\n%s", digest.out)
	}
	for _, m := range d.out.mails() {
		if m.to != colleague && !strings.HasPrefix(m.header.Get("Auto-Submitted"), "auto-replied") {
			t.Errorf("a client got something else than an acknowledgement: %q", m.header.Get("Subject"))
		}
	}
}

// inFolder lists the mails in a folder of the account.
func (d *dovecot) inFolder(t *testing.T, folder string) [][]byte {
	t.Helper()
	c := d.client(t)
	defer c.Close()
	selected, err := c.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		t.Fatal(err)
	}
	if selected.NumMessages == 0 {
		return nil
	}
	section := &imap.FetchItemBodySection{Peek: true}
	fetched, err := c.Fetch(imap.SeqSet{{Start: 1, Stop: 0}}, &imap.FetchOptions{BodySection: []*imap.FetchItemBodySection{section}}).Collect()
	if err != nil {
		t.Fatal(err)
	}
	var all [][]byte
	for _, m := range fetched {
		all = append(all, m.FindBodySection(section))
	}
	return all
}

// keep puts a mail into a folder, as a mail program does with what it sent.
func (d *dovecot) keep(t *testing.T, folder string, raw []byte) {
	t.Helper()
	c := d.client(t)
	defer c.Close()
	command := c.Append(folder, int64(len(raw)), &imap.AppendOptions{Flags: []imap.Flag{imap.FlagSeen}})
	if _, err := command.Write(raw); err != nil {
		t.Fatal(err)
	}
	if err := command.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := command.Wait(); err != nil {
		t.Fatal(err)
	}
}
