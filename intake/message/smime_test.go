package message_test

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// der is a value of ASN.1 with a length of two bytes.
func der(tag byte, content ...[]byte) []byte {
	b := slices.Concat(content...)
	return append([]byte{tag, 0x82, byte(len(b) >> 8), byte(len(b))}, b...)
}

// ber is the same without a length: it ends with an empty value.
func ber(tag byte, content ...[]byte) []byte {
	return slices.Concat([]byte{tag, 0x80}, slices.Concat(content...), []byte{0, 0})
}

var (
	oidSigned    = []byte{6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2}
	oidEnveloped = []byte{6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 3}
	oidData      = []byte{6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1}
	version      = []byte{2, 1, 1}
)

func TestContentWithinASignatureIsRead(t *testing.T) {
	inner := []byte(mail("Content-Type: multipart/mixed; boundary=b", "", "--b", "", "words", "--b", "Content-Type: application/pdf; name=ci.pdf", "", "x", "--b--"))
	algorithms := der(0x31)
	for name, cms := range map[string][]byte{
		"DER": der(0x30, oidSigned, der(0xa0, der(0x30, version, algorithms, der(0x30, oidData, der(0xa0, der(4, inner)))))),
		"BER": ber(0x30, oidSigned, ber(0xa0, ber(0x30, version, algorithms, ber(0x30, oidData, ber(0xa0, ber(0x24, der(4, inner[:20]), der(4, inner[20:]))))))),
		"cut": der(0x30, oidSigned, der(0xa0, der(0x30, version, algorithms, der(0x30, oidData, der(0xa0, der(4, inner))))))[:len(inner)+45],
	} {
		t.Run(name, func(t *testing.T) {
			m := parse(mail("Subject: x", "Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m", "Content-Disposition: attachment",
				"Content-Transfer-Encoding: base64", "", base64.StdEncoding.EncodeToString(cms)))
			if !m.SMIME || m.Encrypted || strings.TrimSpace(m.Text) != "words" || !cmp.Equal(names(m), []string{"ci.pdf"}) {
				t.Errorf("signed %v, encrypted %v, text %q, attachments %q", m.SMIME, m.Encrypted, m.Text, names(m))
			}
		})
	}
}

func TestEncryptedContentIsSaidToBe(t *testing.T) {
	m := parse(mail("Subject: x", "Content-Type: application/x-pkcs7-mime; name=smime.p7m", "Content-Transfer-Encoding: base64", "",
		base64.StdEncoding.EncodeToString(der(0x30, oidEnveloped, der(0xa0, der(0x30, version))))))
	if m.SMIME || !m.Encrypted || !cmp.Equal(names(m), []string{"smime.p7m"}) {
		t.Errorf("signed %v, encrypted %v, attachments %q", m.SMIME, m.Encrypted, names(m))
	}
}
