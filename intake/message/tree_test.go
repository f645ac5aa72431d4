package message_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"guichetdunumerique.be/guichet/intake/message"
)

// mail joins lines with CRLF.
func mail(lines ...string) string { return strings.Join(lines, "\r\n") + "\r\n" }

func names(m message.Message) []string {
	var list []string
	for _, a := range m.Attachments {
		list = append(list, a.Name)
	}
	return list
}

func TestPartsOfAMixedMailAreReadInOrder(t *testing.T) {
	m := parse(mail("Content-Type: multipart/mixed; boundary=\"a b\"", "", "preamble", "--a b", "Content-Type: text/plain", "", "one", "",
		"--a b", "Content-Type: application/pdf; name=\"ci recto.pdf\"", "Content-Transfer-Encoding: base64", "", "AAAA", "AAA=",
		"--a b", "", "two", "--a b--", "epilogue"))
	if got := strings.Fields(m.Text); !cmp.Equal(got, []string{"one", "two"}) {
		t.Errorf("text %q", m.Text)
	}
	want := []message.Attachment{{Name: "ci recto.pdf", Type: "application/pdf", Size: 5}}
	if d := cmp.Diff(want, m.Attachments); d != "" {
		t.Error(d)
	}
	if len(m.Problems) > 0 || m.Truncated {
		t.Errorf("problems %q", m.Problems)
	}
}

func TestAlternativesAreChosenBetween(t *testing.T) {
	long := strings.Repeat("je demande l'effacement de mes données ", 20)
	for name, c := range map[string]struct{ plain, html, want string }{
		"the plain text":                   {"bonjour plain", "<p>bonjour html</p>", "bonjour plain"},
		"no plain text":                    {"  ", "<p>bonjour html</p>", "bonjour html"},
		"no HTML text":                     {"bonjour plain", "<img src=x>", "bonjour plain"},
		"a stub":                           {"Votre programme ne lit pas le format HTML", "<p>bonjour html et rien</p>", "bonjour html et rien"},
		"plain text far shorter than HTML": {"voir en ligne", "<p>" + long + "</p>", long},
	} {
		t.Run(name, func(t *testing.T) {
			m := parse(mail("Content-Type: multipart/alternative; boundary=b", "", "--b", "", c.plain, "--b", "Content-Type: text/html", "", c.html, "--b--"))
			if got := strings.TrimSpace(m.Text); got != strings.TrimSpace(c.want) {
				t.Errorf("text %q", got)
			}
		})
	}
}

func TestBrokenMultipartsLoseNoWords(t *testing.T) {
	for name, c := range map[string]struct {
		raw     string
		problem bool
	}{
		"no end":                 {mail("Content-Type: multipart/mixed; boundary=b", "", "--b", "", "words"), true},
		"no boundary parameter":  {mail("Content-Type: multipart/mixed", "", "--b", "Content-Type: text/plain", "", "words", "--b--"), false},
		"another boundary":       {mail("Content-Type: multipart/mixed; boundary=c", "", "--b", "Content-Type: text/plain", "", "words", "--b--"), false},
		"no delimiter":           {mail("Content-Type: multipart/mixed; boundary=b", "", "words"), true},
		"no header in the part":  {mail("Content-Type: multipart/mixed; boundary=b", "", "--b", "words", "--b--"), false},
		"inner one has no end":   {mail("Content-Type: multipart/mixed; boundary=b", "", "--b", "Content-Type: multipart/alternative; boundary=c", "", "--c", "", "words", "--b--"), true},
		"same boundary within":   {mail("Content-Type: multipart/mixed; boundary=b", "", "--b", "Content-Type: multipart/mixed; boundary=b", "", "--b", "", "words", "--b--"), false},
		"a boundary begins like": {mail("Content-Type: multipart/mixed; boundary=b", "", "--b", "", "words", "--b1", "--b--"), false},
		"encoded as a whole":     {mail("Content-Type: multipart/mixed; boundary=b", "Content-Transfer-Encoding: base64", "", "LS1iCgp3b3JkcwotLWItLQo="), false},
		"white space after":      {mail("Content-Type: multipart/mixed; boundary=b", "", "--b \t", "", "words", "--b--  "), false},
		"a type of one word":     {mail("Content-Type: text", "", "words"), false},
		"a type of nonsense":     {mail("Content-Type: cannot open (x; y)", "", "words"), false},
		"a comment in the type":  {mail("Content-Type: text/plain (plain; text); charset=utf-8", "", "words"), false},
		"no semicolon":           {mail("Content-Type: multipart/mixed boundary=b", "", "--b", "", "words", "--b--"), false},
	} {
		t.Run(name, func(t *testing.T) {
			m := parse(c.raw)
			if !strings.Contains(m.Text, "words") {
				t.Errorf("text %q", m.Text)
			}
			if (len(m.Problems) > 0) != c.problem {
				t.Errorf("problems %q", m.Problems)
			}
		})
	}
}

func TestNestingAndPartsAreLimited(t *testing.T) {
	var deep strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&deep, "Content-Type: multipart/mixed; boundary=b%[1]d\n\n--b%[1]d\n", i)
	}
	for name, raw := range map[string]string{
		"1,000 levels": deep.String() + "\nwords",
		"50,000 parts": "Content-Type: multipart/mixed; boundary=b\n\n" + strings.Repeat("--b\n\nx\n", 50_000) + "--b--",
		"1,000 mails":  strings.Repeat("Content-Type: message/rfc822\n\n", 1000) + "words",
	} {
		t.Run(name, func(t *testing.T) {
			m := parse(raw)
			if !m.Truncated || len(m.Problems) == 0 {
				t.Errorf("truncated %v, problems %q", m.Truncated, m.Problems)
			}
		})
	}
}

func TestTextIsLimited(t *testing.T) {
	raw := "Content-Type: text/plain\n\n" + strings.Repeat("é", 5000)
	m := message.Parse(whole(raw), message.Limits{TextBytes: 101})
	if len(m.Text) > 101 || !m.Truncated || strings.Contains(m.Text, "\ufffd") {
		t.Errorf("%d bytes, truncated %v", len(m.Text), m.Truncated)
	}
}

func TestForwardedMailIsSealed(t *testing.T) {
	m := parse(mail("Subject: Fwd", "Content-Type: multipart/mixed; boundary=b", "", "--b", "", "see below", "--b", "Content-Type: message/rfc822", "",
		"From: =?utf-8?Q?J=C3=A9?= <j@example.org>", "Date: Thu, 5 Mar 2026 10:11:12 +0000", "Subject: =?utf-8?Q?Acc=C3=A8s?=",
		"Content-Type: multipart/mixed; boundary=c", "", "--c", "", "my words", "--c", "Content-Type: image/jpeg; name=ci.jpg", "", "x", "--c--", "--b--"))
	want := []message.Forwarded{{
		From: message.Address{Name: "Jé", Address: "j@example.org"}, Date: time.Date(2026, 3, 5, 10, 11, 12, 0, time.UTC),
		Subject: "Accès", Text: "my words", Sealed: true,
	}}
	if d := cmp.Diff(want, m.Forwarded, cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })); d != "" {
		t.Error(d)
	}
	if strings.Contains(m.Text, "my words") || !cmp.Equal(names(m), []string{"ci.jpg"}) {
		t.Errorf("text %q, attachments %q", m.Text, names(m))
	}
}

func TestSignedAndEncryptedMail(t *testing.T) {
	m := parse(mail("Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=b", "", "--b", "", "words", "--b",
		"Content-Type: application/pkcs7-signature; name=smime.p7s", "Content-Transfer-Encoding: base64", "", "AAAA", "--b--"))
	if !m.SMIME || m.Encrypted || strings.TrimSpace(m.Text) != "words" || !cmp.Equal(names(m), []string{"smime.p7s"}) {
		t.Errorf("signed %v, encrypted %v, text %q, attachments %q", m.SMIME, m.Encrypted, m.Text, names(m))
	}
	m = parse(mail("Content-Type: multipart/signed; protocol=\"application/pgp-signature\"; boundary=b", "", "--b", "", "words", "--b",
		"Content-Type: application/pgp-signature; name=signature.asc", "", "x", "--b--"))
	if m.SMIME || strings.TrimSpace(m.Text) != "words" || !cmp.Equal(names(m), []string{"signature.asc"}) {
		t.Errorf("signed %v, text %q, attachments %q", m.SMIME, m.Text, names(m))
	}
	for name, raw := range map[string]string{
		"S/MIME":            mail("Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", "", "x"),
		"PGP/MIME":          mail("Content-Type: multipart/encrypted; boundary=b", "", "--b", "Content-Type: application/pgp-encrypted", "", "Version: 1", "--b--"),
		"PGP in plain text": mail("Subject: x", "", "-----BEGIN PGP MESSAGE-----", "", "x"),
	} {
		if m := parse(raw); !m.Encrypted {
			t.Errorf("%s is not seen as encrypted", name)
		}
	}
}

func TestSignedPlainTextLosesItsFrame(t *testing.T) {
	m := parse(mail("Subject: x", "", "-----BEGIN PGP SIGNED MESSAGE-----", "Hash: SHA512", "", "words", "- -- ", "me", "-----BEGIN PGP SIGNATURE-----", "", "abc", "-----END PGP SIGNATURE-----", "after"))
	if want := "words\n-- \nme\nafter\n"; m.Text != want {
		t.Errorf("text %q, want %q", m.Text, want)
	}
	open := parse(mail("Subject: x", "", "-----BEGIN PGP SIGNED MESSAGE-----", "", "words"))
	if !strings.Contains(open.Text, "words") {
		t.Errorf("text %q of a frame that never ends", open.Text)
	}
}

func TestFlowedTextIsJoined(t *testing.T) {
	m := parse(mail("Content-Type: text/plain; format=flowed", "", "je demande ", "l'accès ", "à tout.", "  indented", "> quoted ", "> words", ">> deeper ", "> back", "-- ", "me"))
	if want := "je demande l'accès à tout.\n indented\n> quoted words\n>> deeper \n> back\n-- \nme"; strings.TrimRight(m.Text, "\n") != want {
		t.Errorf("text %q, want %q", m.Text, want)
	}
	m = parse(mail("Content-Type: text/plain; format=flowed; delsp=yes", "", "efface ", "ment"))
	if strings.TrimSpace(m.Text) != "effacement" {
		t.Errorf("text %q", m.Text)
	}
}

func TestOnlyTheBeginningWasRead(t *testing.T) {
	raw := mail("Subject: x", "Content-Type: multipart/mixed; boundary=b", "", "--b", "", "words", "--b", "Content-Type: application/pdf; name=ci.pdf",
		"Content-Transfer-Encoding: base64", "", strings.Repeat("A", 400))
	m := message.Parse(message.Source{Head: []byte(raw), Size: int64(len(raw)) + 78000}, message.Limits{})
	if !m.Truncated || len(m.Problems) != 1 || strings.TrimSpace(m.Text) != "words" || len(m.Attachments) != 1 {
		t.Fatalf("truncated %v, problems %q, text %q, attachments %v", m.Truncated, m.Problems, m.Text, m.Attachments)
	}
	if size := m.Attachments[0].Size; size < 57000 || size > 57500 {
		t.Errorf("estimated at %d bytes, want about 57,300", size)
	}
}

func TestStructureCompletesTheBeginning(t *testing.T) {
	head := mail("From: a@example.org", "Subject: x", "Content-Type: multipart/mixed; boundary=b", "", "--b",
		"Content-Type: multipart/alternative; boundary=c", "", "--c", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: quoted-printable", "",
		"la premi=C3=A8re moiti")
	m := message.Parse(message.Source{Head: []byte(head), Size: 30 << 20, Parts: []message.Part{
		{Type: "text/plain", Params: map[string]string{"charset": "utf-8"}, Encoding: "QUOTED-PRINTABLE", Size: 60, Body: []byte("la premi=C3=A8re moiti=C3=A9 et la seconde, tout en entier.\n")},
		{Type: "text/html", Encoding: "7BIT", Size: 30, Body: []byte("<p>la même, en html</p>      ")},
		{Type: "application/pdf", Name: "carte d'identité.pdf", Disposition: "attachment", Encoding: "BASE64", Size: 29_999_970},
		{Type: "image/png", ContentID: "<logo@x>", Disposition: "inline", Encoding: "base64", Size: 780},
	}}, message.Limits{})
	if got := strings.TrimSpace(m.Text); got != "la première moitié et la seconde, tout en entier." {
		t.Errorf("text %q", got)
	}
	want := []message.Attachment{
		{Name: "carte d'identité.pdf", Type: "application/pdf", Size: 29_999_970 / 78 * 57},
		{Type: "image/png", Size: 570, Inline: true},
	}
	if d := cmp.Diff(want, m.Attachments, cmp.Comparer(func(a, b int64) bool { return max(a-b, b-a) < 64 })); d != "" {
		t.Error(d)
	}
	if m.Truncated || len(m.Problems) > 0 {
		t.Errorf("truncated %v, problems %q although all text was fetched", m.Truncated, m.Problems)
	}
}

func TestTextFetchedInPartIsTruncated(t *testing.T) {
	m := message.Parse(message.Source{Head: []byte("Subject: x\r\n\r\nbeg"), Size: 1 << 20, Parts: []message.Part{
		{Type: "text/plain", Size: 1 << 20, Body: []byte("beginning")},
	}}, message.Limits{})
	if m.Text != "beginning" || !m.Truncated || len(m.Problems) == 0 {
		t.Errorf("text %q, truncated %v, problems %q", m.Text, m.Truncated, m.Problems)
	}
}

func TestAPartCutWithinItsHeaderIsWhatTheServerSays(t *testing.T) {
	head := mail("Subject: x", "Content-Type: multipart/mixed; boundary=b", "", "--b", "", "words", "--b", "Content-Disposition: attachment;")
	m := message.Parse(message.Source{Head: []byte(head), Size: 1 << 20, Parts: []message.Part{
		{Type: "text/plain", Size: 5, Body: []byte("words")},
		{Type: "application/pdf", Name: "ci.pdf", Disposition: "attachment", Encoding: "base64", Size: 7800},
	}}, message.Limits{})
	want := []message.Attachment{{Name: "ci.pdf", Type: "application/pdf", Size: 5700}}
	if d := cmp.Diff(want, m.Attachments); d != "" || m.Text != "words" || m.Truncated {
		t.Errorf("text %q, truncated %v, attachments %s", m.Text, m.Truncated, d)
	}
}

func TestAMailWithinALargeMail(t *testing.T) {
	inner := mail("Subject: inner", "Content-Type: multipart/mixed; boundary=c", "", "--c", "", "theirs", "--c", "Content-Type: text/html", "", "<p>too</p>",
		"--c", "Content-Type: application/pdf; name=theirs.pdf", "Content-Transfer-Encoding: base64", "", "AAAA")
	outer := mail("Subject: x", "Content-Type: multipart/mixed; boundary=b", "", "--b", "", "words", "--b", "Content-Type: message/rfc822", "")
	described := []message.Part{
		{Type: "text/plain", Size: 5, Body: []byte("words")},
		{Type: "message/rfc822", Size: 20_000, Body: []byte(inner)},
		{Type: "application/pdf", Name: "theirs.pdf", Encoding: "base64", Size: 7800},
		{Type: "application/pdf", Name: "ours.pdf", Encoding: "base64", Size: 780},
	}
	for name, head := range map[string]string{
		"the beginning holds all of it":  outer + inner + mail("--c--", "--b", "Content-Type: application/pdf; name=ours.pdf", "Content-Transfer-Encoding: base64", "", "AAAA"),
		"the beginning ends in its text": outer + inner[:100],
		"the beginning ends before it":   outer[:70],
		"the beginning has no part":      "Subject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			m := message.Parse(message.Source{Head: []byte(head), Size: 1 << 20, Parts: described}, message.Limits{})
			want := []message.Attachment{{Name: "theirs.pdf", Type: "application/pdf", Size: 5700}, {Name: "ours.pdf", Type: "application/pdf", Size: 570}}
			if d := cmp.Diff(want, m.Attachments, cmp.Comparer(func(a, b int64) bool { return max(a-b, b-a) < 64 })); d != "" {
				t.Error(d)
			}
			if strings.TrimSpace(m.Text) != "words" || len(m.Forwarded) != 1 || m.Forwarded[0].Text != "theirs\n\ntoo" {
				t.Errorf("text %q, forwarded %+v", m.Text, m.Forwarded)
			}
			if m.Truncated {
				t.Errorf("truncated: %q", m.Problems)
			}
		})
	}
}

func TestAlternativesOfOneSignAreKept(t *testing.T) {
	m := parse(mail("Content-Type: multipart/alternative; boundary=b", "", "--b", "", "1", "--b", "Content-Type: text/html", "", "<p>1</p>", "--b--"))
	if strings.TrimSpace(m.Text) != "1" {
		t.Errorf("text %q", m.Text)
	}
}
