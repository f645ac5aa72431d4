package message_test

import (
	"strings"
	"testing"

	"guichetdunumerique.be/guichet/intake/message"
)

func TestFingerprintSurvivesAMove(t *testing.T) {
	const original = "Received: by a; x\r\nFrom: a@example.org\r\nTo: b@example.org\r\nSubject: a\r\n folded one\r\nMessage-ID: <a@b>\r\n\r\nwords\r\nand more\r\n"
	want := parse(original).Fingerprint
	if len(want) != 64 {
		t.Fatalf("fingerprint %q", want)
	}
	for name, moved := range map[string]string{
		"more Received fields":     "Received: by c; y\r\n" + original,
		"fields of a program":      strings.Replace(original, "\r\n\r\n", "\r\nX-UID: 5\r\nStatus: RO\r\nX-Spam-Flag: NO\r\n\r\n", 1),
		"other line ends":          strings.ReplaceAll(original, "\r\n", "\n"),
		"other folds":              strings.Replace(original, "a\r\n folded", "a folded", 1),
		"an empty line at its end": original + "\r\n",
		"fields in other order":    "Message-ID: <a@b>\r\n" + strings.Replace(original, "Message-ID: <a@b>\r\n", "", 1),
		"a From_ line":             "From a Thu Mar 5 10:11:12 2026\r\n" + original,
	} {
		if got := parse(moved).Fingerprint; got != want {
			t.Errorf("%s changes the fingerprint", name)
		}
	}
	for name, other := range map[string]string{
		"another subject": strings.Replace(original, "folded", "Folded", 1),
		"another word":    strings.Replace(original, "more", "less", 1),
		"another id":      strings.Replace(original, "<a@b>", "<a@c>", 1),
	} {
		if got := parse(other).Fingerprint; got == want {
			t.Errorf("%s does not change the fingerprint", name)
		}
	}
}

func TestFingerprintIsTheSameWholeOrCutShort(t *testing.T) {
	raw := "Subject: x\r\n\r\n" + strings.Repeat("some words of a long letter\r\n", 8000)
	whole := message.Parse(whole(raw), message.Limits{}).Fingerprint
	cut := message.Parse(message.Source{Head: []byte(raw[:64<<10]), Size: int64(len(raw))}, message.Limits{}).Fingerprint
	moved := message.Parse(message.Source{Head: []byte(("Received: by b; " + strings.Repeat("x", 8<<10) + "\r\n" + raw)[:64<<10]), Size: int64(len(raw))}, message.Limits{}).Fingerprint
	if cut != whole || moved != whole {
		t.Error("a mail cut short has another fingerprint")
	}
}
