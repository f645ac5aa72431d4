package desk_test

import (
	"bytes"
	"fmt"
	netmail "net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guichetdunumerique.be/guichet/reply"
)

const victim = "victim@elsewhere.example"

// forged is a request in a victim's name.
func forged() letter {
	l := erasure()
	l.from, l.id = "Jan <"+victim+">", "forged@evil.example"
	return l
}

func TestFailure12ForgedSendersAreNotAnswered(t *testing.T) {
	const server = "mx.guichetdunumerique.be"
	tests := []struct {
		name   string
		change func(l *letter)
		hold   string // "" where nothing shows the forgery: see what bounds it below
	}{
		{"nothing shows it", func(*letter) {}, ""},
		{"DMARC fails", func(l *letter) {
			l.headers = "Authentication-Results: " + server + "; dmarc=fail header.from=elsewhere.example\n"
		}, "B11"},
		{"DMARC fails and a forged pass stands above it", func(l *letter) {
			l.headers = "Authentication-Results: " + server + "; dmarc=pass header.from=elsewhere.example\n" +
				"Authentication-Results: " + server + "; dmarc=fail header.from=elsewhere.example\n"
		}, "B11"},
		{"SPF fails and nothing is signed", func(l *letter) {
			l.headers = "Authentication-Results: " + server + "; spf=fail smtp.mailfrom=elsewhere.example; dkim=none\n"
		}, "B11"},
		{"a forwarder breaks SPF, the signature holds", func(l *letter) {
			l.headers = "Authentication-Results: " + server + "; spf=fail smtp.mailfrom=elsewhere.example; dkim=pass header.d=elsewhere.example\n"
		}, ""},
		{"Microsoft's sum fails", func(l *letter) {
			l.headers = "Authentication-Results: " + server + "; spf=none; dkim=none; dmarc=none; compauth=fail reason=601\n"
		}, "B11"},
		{"the envelope names another domain", func(l *letter) { l.returnPath = "<x@evil.example>" }, "B11"},
		{"the envelope is empty", func(l *letter) { l.returnPath = "<>" }, "B"},
		{"two authors", func(l *letter) { l.from = "Jan <" + victim + ">, Eve <eve@evil.example>" }, "B11"},
		{"answers wanted elsewhere", func(l *letter) { l.headers = "Reply-To: other@elsewhere.example\n" }, ""},
		{"more people in copy", func(l *letter) { l.cc = "third@elsewhere.example" }, ""},
		{"our address hidden", func(l *letter) { l.to = "somebody@elsewhere.example" }, "B10"},
		{"a receipt wanted", func(l *letter) { l.headers = "Disposition-Notification-To: other@elsewhere.example\n" }, ""},
		{"by way of our form", func(l *letter) {
			l.from, l.subject = "Site <"+info+">", "Formulaire de contact"
			l.body = "Nom : Jan\nE-mail : " + victim + "\nMessage : Merci de supprimer toutes mes données personnelles de vos fichiers."
		}, "B9"},
		{"by way of a colleague's name", func(l *letter) {
			l.body = "---------- Forwarded message ---------\nFrom: Jan <" + victim + ">\nSubject: x\n\n" + l.body
			l.from = "Anne <" + anne + ">"
		}, "B9"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newOffice(t)
			o.Profile.TrustedAuthserv = server
			l := forged()
			tt.change(&l)
			for i := range 10 {
				l.id = fmt.Sprintf("%d@evil.example", i)
				e := o.arrive(l)
				if e.Case == "" {
					if i == 0 && tt.name != "the envelope is empty" {
						t.Fatalf("no case: %s, %s", e.Fate, e.Reason)
					}
					continue
				}
				if hold := o.find(e.Case).Hold; tt.hold != "" && !strings.HasPrefix(hold, tt.hold) {
					t.Errorf("held for %q, want %s", hold, tt.hold)
				}
			}
			want := 0
			if tt.hold == "" {
				want = 1
			}
			if n := len(o.post.to(victim)); n != want {
				t.Errorf("%d mails to the victim", n)
			}
			if len(o.post.mails) != len(o.post.to(victim))+len(o.post.to(anne)) {
				t.Errorf("somebody else got mail: %d in all", len(o.post.mails))
			}
		})
	}
}

func TestFailure12OneMailboxIsOneAddressHoweverItIsSpelt(t *testing.T) {
	o := newOffice(t)
	for i := range 40 {
		spelt := []string{"vic.tim", "VICTIM", "victim+%d", "v.i.c.t.i.m", "victim+a.%d", "vi.ctim+%d"}[i%6]
		if strings.Contains(spelt, "%") {
			spelt = fmt.Sprintf(spelt, i)
		}
		l := forged()
		l.from, l.id = "Jan <"+spelt+"@elsewhere.example>", fmt.Sprintf("%d@evil.example", i)
		o.arrive(l)
		o.now = o.now.Add(time.Hour)
	}
	if n := len(o.post.mails) - len(o.post.to(anne)); n != 3 {
		t.Errorf("%d mails to one mailbox, spelt in many ways", n)
	}
}

func TestFailure12ManyVictimsAtOneDomainShareTheCap(t *testing.T) {
	f := newFlood(t)
	for i := range 500 {
		l := forged()
		l.from, l.id = fmt.Sprintf("Jan <v%d@elsewhere.example>", i), fmt.Sprintf("%d@evil.example", i)
		f.pour(l)
	}
	if n := f.most(time.Hour, acks); n != f.Profile.RepliesPerHour {
		t.Errorf("%d acknowledgements in an hour", n)
	}
	f.now = f.now.AddDate(0, 0, 5)
	f.tick(0)
	if n := len(f.outbox(acks)); n != f.Profile.RepliesPerHour {
		t.Errorf("%d acknowledgements of a flood that is no busy day", n)
	}
}

// what a sender writes that is tempting to echo.
var baits = []string{
	"WINNER click http://evil.example/pay", "+32 470 12 34 56", "{{.Reference}}", "<script>alert(1)</script>", "Société Générale: compte bloqué",
	"=?utf-8?q?x=0D=0ABcc:_third=40evil.example?=", "x\u202egnp.exe", "🎁 gratuit 🎁 gratuit", strings.Repeat("A", 5000),
}

// six are the six-character windows of a text, in small letters.
func six(text string) map[string]bool {
	all := map[string]bool{}
	runes := []rune(strings.ToLower(text))
	for i := 0; i+6 <= len(runes); i++ {
		all[string(runes[i:i+6])] = true
	}
	return all
}

// Beside the ids that thread it, an acknowledgement holds nothing that the sender chose.
func TestFailure12AnAcknowledgementEchoesNothing(t *testing.T) {
	o := newOffice(t)
	o.Profile.RepliesPerHour = 1 << 30
	plain := map[string]string{}
	for i, words := range requests {
		o.arrive(letter{from: fmt.Sprintf("plain%d@post.example", i), subject: "x", id: fmt.Sprintf("plain%d@post.example", i), body: words})
		m := o.post.mails[len(o.post.mails)-1]
		plain[m.Language] += shown(t, m)
	}
	n := 0
	rapid.Check(t, func(r *rapid.T) {
		n++
		text := rapid.OneOf(rapid.SampledFrom(baits), rapid.StringN(6, 200, 400))
		name, subject, body := oneLine(text.Draw(r, "name")), oneLine(text.Draw(r, "subject")), text.Draw(r, "body")
		file, language := oneLine(text.Draw(r, "file")), rapid.IntRange(0, len(requests)-1).Draw(r, "language")
		from := fmt.Sprintf("p%d@post.example", n)
		before := len(o.post.mails)
		o.arrive(letter{
			from: fmt.Sprintf("%q <%s>", name, from), returnPath: "<" + from + ">", subject: subject, id: fmt.Sprintf("%d@post.example", n),
			headers: "Reply-To: \"" + strings.ReplaceAll(name, `"`, "") + "\" <" + from + ">\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n",
			body: "--b\nContent-Type: text/plain; charset=utf-8\n\n" + requests[language] + "\n\n" + body + "\n--b\nContent-Type: image/png; name=\"" +
				strings.ReplaceAll(file, `"`, "") + "\"\n\nx\n--b--",
		})
		if len(o.post.mails) == before {
			return // held: a person answers
		}
		m := o.post.mails[before]
		if m.To != from || len(m.Calendar) > 0 {
			r.Fatalf("to %q", m.To)
		}
		got, known := six(shown(t, m)), six(plain[m.Language]+m.Case)
		for _, sent := range []string{name, subject, body, file} {
			for window := range six(sent) {
				if strings.TrimSpace(window) != "" && got[window] && !known[window] {
					r.Fatalf("the acknowledgement holds %q", window)
				}
			}
		}
	})
	if len(o.post.mails) < n/4 {
		t.Errorf("only %d of %d were acknowledged: the test says little", len(o.post.mails), n)
	}
}

// oneLine is a text as it may stand in a header field.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, text)
}

// shown is all that a mail shows or says, its threading, recipient, date, id and the boundaries of its parts left out.
func shown(t testing.TB, m reply.Mail) string {
	t.Helper()
	raw, err := m.Bytes()
	must(t, err)
	parsed, err := netmail.ReadMessage(bytes.NewReader(raw))
	must(t, err)
	fields := []string{m.Subject, m.FromName, m.Text, m.HTML}
	for key, values := range parsed.Header {
		if !slices.Contains([]string{"To", "In-Reply-To", "References", "Date", "Message-Id", "Content-Type"}, key) {
			fields = append(fields, key, strings.Join(values, " "))
		}
	}
	return strings.Join(fields, "\n")
}
