package message_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"guichetdunumerique.be/guichet/intake/message"
)

func parse(raw string) message.Message {
	return message.Parse(whole(raw), message.Limits{})
}

func TestSubjectIsDecoded(t *testing.T) {
	for name, c := range map[string]struct{ raw, want string }{
		"plain":                       {"Demande d'acces", "Demande d'acces"},
		"Q":                           {"=?iso-8859-1?Q?Acc=E8s_aux_donn=E9es?=", "Accès aux données"},
		"B":                           {"=?UTF-8?B?w4AgbGlyZQ==?=", "À lire"},
		"B without padding":           {"=?UTF-8?B?w4AgbGlyZQ?=", "À lire"},
		"words split a character":     {"=?utf-8?B?w4A=?= =?utf-8?B?IGxpcsM=?=\r\n =?utf-8?B?qQ==?=", "À liré"},
		"two character sets":          {"=?iso-8859-1?Q?=E9?= =?utf-8?Q?=C3=A9?=", "éé"},
		"a language":                  {"=?utf-8*fr?Q?=C3=A9t=C3=A9?=", "été"},
		"spaces within":               {"=?utf-8?Q?acc=C3=A8s aux donn=C3=A9es?=", "accès aux données"},
		"text joined to a word":       {"Re:=?utf-8?Q?=C3=A9?=x", "Re:éx"},
		"cut before its end":          {"=?utf-8?Q?acc=C3=A8s", "accès"},
		"no hexadecimal":              {"=?utf-8?Q?100=_s=FBr=ZZ?=", "100= sûr=ZZ"},
		"an unknown encoding":         {"=?utf-8?X?abc?=", "=?utf-8?X?abc?="},
		"an unknown character set":    {"=?klingon?Q?caf=E9?=", "café"},
		"raw UTF-8":                   {"Accès", "Accès"},
		"raw windows-1252":            {"Acc\xe8s \x80", "Accès €"},
		"decomposed accents":          {"Acce\u0300s", "Accès"},
		"folded":                      {"a\r\n b\r\n\tc", "a b c"},
		"a bare CR":                   {"a\rBcc: x@example.org", "a Bcc: x@example.org"},
		"an encoded line end":         {"=?utf-8?Q?a=0D=0ABcc:_x?=", "a Bcc: x"},
		"NUL":                         {"a\x00b", "ab"},
		"text turned around":          {"a\u202Efdp.exe", "afdp.exe"},
		"ideographic and hard spaces": {"a\u3000\u3000b\u00a0c", "a b c"},
		"no end of question marks":    {"=?=?=?=?", "=?=?=?=?"},
		"an escape sequence":          {"=?iso-2022-jp?B?GyRCJUQhPCVrGyhC?=", "ツール"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := parse("Subject: " + c.raw + "\r\n\r\nx").Subject; got != c.want {
				t.Errorf("subject %q, want %q", got, c.want)
			}
		})
	}
}

func TestAddressesAreReadAsPeopleWriteThem(t *testing.T) {
	one := func(name, address string) []message.Address { return []message.Address{{Name: name, Address: address}} }
	for name, c := range map[string]struct {
		raw  string
		want []message.Address
	}{
		"bare":                          {"a@Example.ORG", one("", "a@example.org")},
		"case of the local part stays":  {"Jean.Dupont@Example.ORG", one("", "Jean.Dupont@example.org")},
		"named":                         {"Jean Dupont <j@example.org>", one("Jean Dupont", "j@example.org")},
		"quoted":                        {`"Dupont, Jean" <j@example.org>`, one("Dupont, Jean", "j@example.org")},
		"a quote in quotes":             {`"Jean \"JD\" Dupont" <j@example.org>`, one(`Jean "JD" Dupont`, "j@example.org")},
		"a comma without quotes":        {"Dupont, Jean <j@example.org>", one("Dupont, Jean", "j@example.org")},
		"a comment as name":             {"j@example.org (Jean Dupont)", one("Jean Dupont", "j@example.org")},
		"nested comments":               {"Jean (a (b) c) <j@example.org>", one("Jean", "j@example.org")},
		"an encoded name":               {"=?utf-8?Q?J=C3=A9r=C3=B4me?= <j@example.org>", one("Jérôme", "j@example.org")},
		"an encoded comma":              {"=?utf-8?Q?Dupont,_Jean?= <j@example.org>", one("Dupont, Jean", "j@example.org")},
		"encoded within quotes":         {`"=?utf-8?Q?J=C3=A9r=C3=B4me?=" <j@example.org>`, one("Jérôme", "j@example.org")},
		"all of it encoded":             {"=?utf-8?Q?Jean_<j@example.org>?=", one("Jean", "j@example.org")},
		"an encoded address":            {"=?utf-8?Q?j=40example.org?=", one("", "j@example.org")},
		"no brackets":                   {"Jean j@example.org", one("Jean", "j@example.org")},
		"no closing bracket":            {"Jean <j@example.org", one("Jean", "j@example.org")},
		"doubled brackets":              {"Jean <<j@example.org>>", one("Jean", "j@example.org")},
		"the address as name":           {`"j@example.org" <j@example.org>`, one("j@example.org", "j@example.org")},
		"another address as name":       {`"boss@bank.example" <evil@example.org>`, one("boss@bank.example", "evil@example.org")},
		"mailto":                        {"<mailto:j@example.org>", one("", "j@example.org")},
		"a route":                       {"<@relay.example:j@example.org>", one("", "j@example.org")},
		"spaces around the at sign":     {"<j @ example.org>", one("", "j@example.org")},
		"spaces without brackets":       {"j @ example.org", one("", "j@example.org")},
		"a quoted local part":           {`"jean dupont"@example.org`, one("", `"jean dupont"@example.org`)},
		"an address literal":            {"j@[192.0.2.1]", one("", "j@[192.0.2.1]")},
		"an international domain":       {"j@Bücher.example", one("", "j@bücher.example")},
		"a raw 8-bit name":              {"J\xe9r\xf4me <j@example.org>", one("Jérôme", "j@example.org")},
		"a quote that never ends":       {`"Jean <j@example.org>`, one("Jean", "j@example.org")},
		"control characters":            {"Jean <j\x00\x07@example.org>", one("Jean", "j@example.org")},
		"a trailing dot":                {"<j@example.org.>", one("", "j@example.org")},
		"a group":                       {"Service: a@example.org, b@example.org;", []message.Address{{Address: "a@example.org"}, {Address: "b@example.org"}}},
		"an empty group":                {"undisclosed-recipients:;", nil},
		"several":                       {"A <a@example.org>,, B <b@example.org>", []message.Address{{Name: "A", Address: "a@example.org"}, {Name: "B", Address: "b@example.org"}}},
		"semicolons":                    {"a@example.org; b@example.org", []message.Address{{Address: "a@example.org"}, {Address: "b@example.org"}}},
		"no address":                    {"MAILER-DAEMON", nil},
		"an empty one":                  {"Jean <>", nil},
		"no domain":                     {"Jean <jean@>", nil},
		"a name of signs":               {`"'" <j@example.org>`, one("", "j@example.org")},
		"a name in single quotes":       {`'Jean Dupont' <j@example.org>`, one("Jean Dupont", "j@example.org")},
		"an invisible sign in the name": {"Jean\u200b\u202e <j@example.org>", one("Jean\u200b", "j@example.org")},
	} {
		t.Run(name, func(t *testing.T) {
			got := parse("From: " + c.raw + "\r\nSubject: x\r\n\r\nx").From
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestAddressFieldsOfOneKindAreGathered(t *testing.T) {
	m := parse("To: a@example.org\nResent-To: b@example.org\nTo: c@example.org\nCc: d@example.org\nSender: e@example.org\nReply-To: f@example.org\n\nx")
	if len(m.To) != 3 || len(m.Cc) != 1 || len(m.Sender) != 1 || len(m.ReplyTo) != 1 {
		t.Errorf("To %v, Cc %v, Sender %v, ReplyTo %v", m.To, m.Cc, m.Sender, m.ReplyTo)
	}
}

func TestFloodsOfAddressesAreCut(t *testing.T) {
	m := parse("From: a@example.org\n" + strings.Repeat("To: a@example.org\n", 100_000) + "\nwords")
	if n := len(m.To); n == 0 || n > 1000 {
		t.Errorf("%d addresses kept", n)
	}
	if m.Text != "words" || len(m.Problems) == 0 {
		t.Errorf("text %q, problems %q: the body must be found and the cut be told", m.Text, m.Problems)
	}
}

func TestReturnPath(t *testing.T) {
	for raw, want := range map[string]message.ReturnPath{
		"":                                    {},
		"Return-Path: <>\n":                   {Present: true, Null: true},
		"Return-Path: < >\n":                  {Present: true, Null: true},
		"Return-Path:\n":                      {},
		"Return-Path: <a@Example.org>\n":      {Present: true, Address: "a@example.org"},
		"Return-Path: a@example.org\n":        {Present: true, Address: "a@example.org"},
		"Return-Path: <x>\n":                  {Present: true},
		"Return-Path: <>\nReturn-Path: <a@b>": {Present: true, Null: true},
	} {
		if got := parse(raw + "Subject: x\n\nx").ReturnPath; got != want {
			t.Errorf("%q: %+v, want %+v", raw, got, want)
		}
	}
}

func TestMessageIDs(t *testing.T) {
	m := parse("Message-ID: <a.b@example.org>\nIn-Reply-To: Your message of Monday <c@example.org>\n" +
		"References: <d@example.org>\n <e@example\n .org> <f\x01@example.org> <> <" + strings.Repeat("g", 999) + "@example.org>\n\nx")
	if m.MessageID != "a.b@example.org" {
		t.Errorf("Message-ID %q", m.MessageID)
	}
	if d := cmp.Diff([]string{"c@example.org"}, m.InReplyTo); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"d@example.org", "e@example.org"}, m.References); d != "" {
		t.Error(d)
	}
	for raw, want := range map[string]string{"a@b": "a@b", "<a>": "a", "abc": "abc", "a b": "", "": "", "<>": "", "<a@b": "a@b"} {
		if got := parse("Message-ID: " + raw + "\nSubject: x\n\nx").MessageID; got != want {
			t.Errorf("Message-ID %q read as %q, want %q", raw, got, want)
		}
	}
}

func TestLongReferencesKeepBothEnds(t *testing.T) {
	var ids strings.Builder
	for i := range 300 {
		fmt.Fprintf(&ids, " <%d@example.org>", i)
	}
	refs := parse("References:" + ids.String() + "\n\nx").References
	if len(refs) != 100 || refs[0] != "0@example.org" || refs[99] != "299@example.org" {
		t.Errorf("%d references from %q to %q", len(refs), refs[0], refs[len(refs)-1])
	}
}

func TestDates(t *testing.T) {
	at := func(zone int) time.Time { return time.Date(2026, 3, 5, 10, 11, 12, 0, time.FixedZone("", zone*3600)) }
	for raw, want := range map[string]time.Time{
		"Thu, 05 Mar 2026 10:11:12 +0100":          at(1),
		"Thu, 5 Mar 2026 10:11:12 +0100 (CET)":     at(1),
		"5 Mar 26 10:11:12 GMT":                    at(0),
		"Thursday, 05 March 2026 10:11:12 CEST":    at(2),
		"Thu Mar  5 10:11:12 2026":                 at(0),
		"Thu, 05-Mar-2026 10:11:12 UTC":            at(0),
		"2026-03-05T10:11:12+01:00":                at(1),
		"2026-03-05 10:11:12 +0100":                at(1),
		"Thu, 05 Mar 2026 10.11.12 +0100":          at(1),
		"Thu, 05 Mar 2026 10:11:12 GMT+01:00":      at(1),
		"Thu, 05 Mar 2026 10:11:12 -0500":          at(-5),
		"Thu, 05 Mar 2026 10:11:12":                at(0),
		"31 Feb 2026 10:11:12 +0100":               {},
		"Thu, 05 Mar 12026 10:11:12 +0100":         {},
		"yesterday":                                {},
		"":                                         {},
		"(((((":                                    {},
		"1 Jan 99999999999999999999 00:00:00 GMT":  {},
		"Thu, 05 Mar 2026 25:11:12 +0100 trailing": time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC),
	} {
		if got := parse("Date: " + raw + "\nSubject: x\n\nx").Date; !got.Equal(want) {
			t.Errorf("%q read as %v, want %v", raw, got, want)
		}
	}
}

func TestReceivedIsTheTopmost(t *testing.T) {
	m := parse("Received: from a (b; c) by mx.example\n\tid 1; Thu, 05 Mar 2026 10:11:12 +0100\nReceived: by x; Thu, 05 Mar 2020 10:11:12 +0100\n\nx")
	if want := time.Date(2026, 3, 5, 9, 11, 12, 0, time.UTC); !m.Received.Equal(want) {
		t.Errorf("received %v, want %v", m.Received, want)
	}
	if m := parse("Received: by x\nReceived: by y; Thu, 05 Mar 2020 10:11:12 +0100\n\nx"); !m.Received.IsZero() {
		t.Errorf("received %v although the topmost field has no date", m.Received)
	}
}

func TestDamagedHeadersLoseNoWords(t *testing.T) {
	for name, raw := range map[string]string{
		"mbox From_ line":           "From a@example.org Thu Mar  5 10:11:12 2026\nSubject: x\n\nwords",
		"a line without colon":      "garbage\nSubject: x\nmore garbage\nFrom: a@example.org\n\nwords",
		"a space before the colon":  "Subject : x\n\nwords",
		"an indented first line":    " Subject: x\nFrom: a@example.org\n\nwords",
		"a byte order mark":         "\xef\xbb\xbfSubject: x\n\nwords",
		"empty lines before":        "\r\n\r\nSubject: x\r\n\r\nwords",
		"no empty line":             "Subject: x\nwords",
		"CR alone":                  "From: a@example.org\rSubject: x\r\rwords",
		"CR CR LF":                  "Subject: x\r\r\n\r\r\nwords",
		"a fold of spaces":          "Subject: x\n   \nFrom: a@example.org\n\nwords",
		"a name of strange letters": "Sub\xe9ject: y\nSubject: x\n\nwords",
	} {
		t.Run(name, func(t *testing.T) {
			if m := parse(raw); m.Subject != "x" || strings.TrimSpace(m.Text) != "words" {
				t.Errorf("subject %q, text %q", m.Subject, m.Text)
			}
		})
	}
}

func TestJunkIsAsTheFilterSays(t *testing.T) {
	for raw, want := range map[string]bool{
		"X-Spam-Flag: YES":                  true,
		"X-Spam-Flag: NO":                   false,
		"X-Spam-Status: Yes, score=7.1":     true,
		"X-Spam-Status: No, score=-1":       false,
		"X-Spam-Flag: NO\nX-Spam-Flag: YES": false,
		"X-Spam-Level: *****":               false,
	} {
		if got := parse(raw + "\n\nx").Junk; got != want {
			t.Errorf("%q: junk %v, want %v", raw, got, want)
		}
	}
}
