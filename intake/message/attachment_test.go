package message_test

import (
	"encoding/base64"
	"encoding/binary"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"guichetdunumerique.be/guichet/intake/message"
)

// attached is a mail with one attachment of those MIME fields.
func attached(fields ...string) string {
	return mail("Content-Type: multipart/mixed; boundary=b", "", "--b", "", "words", "--b") + mail(fields...) + mail("", "content", "--b--")
}

func TestAttachmentNamesAreDecoded(t *testing.T) {
	for name, c := range map[string]struct {
		fields []string
		want   string
	}{
		"filename":                   {[]string{`Content-Disposition: attachment; filename="carte d'identite.pdf"`}, "carte d'identite.pdf"},
		"name of the type":           {[]string{`Content-Type: image/jpeg; name=ci.jpg`}, "ci.jpg"},
		"no quotes":                  {[]string{`Content-Disposition: attachment; filename=carte d identite.pdf; size=3`}, "carte d identite.pdf"},
		"a semicolon in quotes":      {[]string{`Content-Disposition: attachment; filename="a;b.pdf"`}, "a;b.pdf"},
		"a quote that never ends":    {[]string{`Content-Disposition: attachment; filename="a.pdf`}, "a.pdf"},
		"brackets without quotes":    {[]string{`Content-Disposition: attachment; filename=scan(2).pdf`}, "scan(2).pdf"},
		"RFC 2231":                   {[]string{`Content-Disposition: attachment; filename*=utf-8''pi%C3%A8ce.pdf`}, "pièce.pdf"},
		"RFC 2231 in Latin":          {[]string{`Content-Disposition: attachment; filename*=iso-8859-1'fr'pi%E8ce.pdf`}, "pièce.pdf"},
		"RFC 2231 outranks":          {[]string{`Content-Disposition: attachment; filename="piece.pdf"; filename*=utf-8''pi%C3%A8ce.pdf`}, "pièce.pdf"},
		"RFC 2231 in pieces":         {[]string{`Content-Disposition: attachment; filename*0*=utf-8''pi%C3;`, ` filename*1*=%A8ce; filename*2=".pdf"`}, "pièce.pdf"},
		"pieces out of order":        {[]string{`Content-Disposition: attachment; filename*1="b.pdf"; filename*0="a"`}, "ab.pdf"},
		"pieces without encoding":    {[]string{`Content-Type: application/pdf; name*0="carte "; name*1="ID.pdf"`}, "carte ID.pdf"},
		"RFC 2231 without charset":   {[]string{`Content-Disposition: attachment; filename*=pi%C3%A8ce.pdf`}, "pièce.pdf"},
		"an encoded word":            {[]string{`Content-Disposition: attachment; filename="=?utf-8?B?cGnDqGNlLnBkZg==?="`}, "pièce.pdf"},
		"encoded words in a row":     {[]string{`Content-Type: application/pdf; name="=?utf-8?Q?pi=C3?=`, ` =?utf-8?Q?=A8ce.pdf?="`}, "pièce.pdf"},
		"an encoded word, no quotes": {[]string{`Content-Type: application/pdf; name==?utf-8?Q?pi=C3=A8ce.pdf?=`}, "pièce.pdf"},
		"raw 8-bit":                  {[]string{"Content-Disposition: attachment; filename=\"pi\xe8ce.pdf\""}, "pièce.pdf"},
		"a Windows path":             {[]string{`Content-Disposition: attachment; filename="C:\Users\jean\ci.pdf"`}, "ci.pdf"},
		"a path upwards":             {[]string{`Content-Disposition: attachment; filename="../../etc/passwd"`}, "passwd"},
		"turned around":              {[]string{"Content-Disposition: attachment; filename=\"a\u202Efdp.exe\""}, "afdp.exe"},
		"line ends and NUL":          {[]string{`Content-Disposition: attachment; filename*=utf-8''a%0D%0Ab%00.pdf`}, "a b.pdf"},
		"far too long":               {[]string{`Content-Disposition: attachment; filename="` + strings.Repeat("é", 300) + `.pdf"`}, strings.Repeat("é", 125) + ".pdf"},
		"none":                       {[]string{`Content-Disposition: attachment`}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			m := parse(attached(c.fields...))
			if d := cmp.Diff([]string{c.want}, names(m)); d != "" {
				t.Error(d)
			}
			if strings.TrimSpace(m.Text) != "words" {
				t.Errorf("text %q", m.Text)
			}
		})
	}
}

func TestAttachmentTypes(t *testing.T) {
	for fields, want := range map[string]string{
		"Content-Type: application/octet-stream; name=ID.HEIC":           "image/heic",
		"Content-Type: application/octet-stream; name=ID":                "application/octet-stream",
		"Content-Disposition: attachment; filename=ci.pdf":               "application/pdf",
		"Content-Type: image/jpg; name=ci.jpg":                           "image/jpeg",
		"Content-Type: APPLICATION/PDF; name=x":                          "application/pdf",
		"Content-Type: pdf; name=ci.pdf":                                 "application/pdf",
		"Content-Type: text/calendar; method=REQUEST":                    "text/calendar",
		"Content-Type: text/x-vcard; name=a.vcf":                         "text/x-vcard",
		"Content-Type: text/plain; name=lettre.txt":                      "text/plain",
		"Content-Type: text/html\r\nContent-Disposition: attachment":     "text/html",
		"Content-Type: application/x-zip-compressed; name=documents.zip": "application/zip",
	} {
		if m := parse(attached(fields)); len(m.Attachments) != 1 || m.Attachments[0].Type != want {
			t.Errorf("%q: %+v, want %s", fields, m.Attachments, want)
		}
	}
}

func TestInlineImages(t *testing.T) {
	for fields, want := range map[string]bool{
		"Content-Type: image/png\r\nContent-ID: <a@b>":                                                true,
		"Content-Type: image/png; name=a.png\r\nContent-Disposition: inline":                          true,
		"Content-Type: image/png; name=a.png\r\nContent-Disposition: attachment":                      false,
		"Content-Type: image/png; name=a.png\r\nContent-ID: <a@b>\r\nContent-Disposition: attachment": false,
		"Content-Type: image/png; name=a.png":                                                         false,
	} {
		if m := parse(attached(fields)); len(m.Attachments) != 1 || m.Attachments[0].Inline != want {
			t.Errorf("%q: %+v, want inline %v", fields, m.Attachments, want)
		}
	}
}

func TestAnAttachedLetterIsReadWhereTheMailHasNoText(t *testing.T) {
	raw := mail("Content-Type: multipart/mixed; boundary=b", "", "--b", "", "", "--b", "Content-Type: text/plain; name=demande.txt", "", "mes mots", "--b--")
	m := parse(raw)
	if strings.TrimSpace(m.Text) != "mes mots" || !cmp.Equal(names(m), []string{"demande.txt"}) {
		t.Errorf("text %q, attachments %q", m.Text, names(m))
	}
}

func TestUuencodedFilesAreAttachments(t *testing.T) {
	m := parse(mail("Subject: x", "", "before", "begin 644 rapport annuel.txt", "'8F]N:F]U<@``", "`", "end", "after", "begin 644 is no file", "as one sees"))
	want := []message.Attachment{{Name: "rapport annuel.txt", Type: "text/plain", Size: 7}}
	if d := cmp.Diff(want, m.Attachments); d != "" {
		t.Error(d)
	}
	if want := "before\nafter\nbegin 644 is no file\nas one sees\n"; m.Text != want {
		t.Errorf("text %q, want %q", m.Text, want)
	}
}

// tnefAttribute is one attribute of a winmail.dat.
func tnefAttribute(id uint32, data []byte) []byte {
	b := binary.LittleEndian.AppendUint32([]byte{2}, id)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(data)))
	return append(append(b, data...), 0, 0)
}

// mapiString is a list of one text property.
func mapiString(tag uint16, text string) []byte {
	var wide []byte
	for _, u := range utf16.Encode([]rune(text + "\x00")) {
		wide = binary.LittleEndian.AppendUint16(wide, u)
	}
	b := binary.LittleEndian.AppendUint32(nil, 1)
	b = binary.LittleEndian.AppendUint16(b, 0x1f)
	b = binary.LittleEndian.AppendUint16(b, tag)
	b = binary.LittleEndian.AppendUint32(b, 1)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(wide)))
	b = append(b, wide...)
	return append(b, make([]byte, (4-len(wide)%4)%4)...)
}

func TestFailure18FilesInWinmailDatAreListed(t *testing.T) {
	var tnef []byte
	for _, piece := range [][]byte{
		{0x78, 0x9f, 0x3e, 0x22, 1, 0},
		tnefAttribute(0x00069003, mapiString(0x1000, "les mots")),
		tnefAttribute(0x00069002, nil), tnefAttribute(0x00018010, []byte("CARTE~1.PDF\x00")), tnefAttribute(0x0006800f, make([]byte, 1234)),
		tnefAttribute(0x00069005, mapiString(0x3707, "carte d'identité.pdf")),
		tnefAttribute(0x00069002, nil), tnefAttribute(0x00018010, []byte("photo.jpg\x00")),
	} {
		tnef = append(tnef, piece...)
	}
	encoded := base64.StdEncoding.EncodeToString(tnef)
	m := parse(mail("Subject: x", "Content-Type: application/ms-tnef; name=winmail.dat", "Content-Transfer-Encoding: base64", "", encoded))
	want := []message.Attachment{
		{Name: "winmail.dat", Type: "application/ms-tnef", Size: int64(len(tnef))},
		{Name: "carte d'identité.pdf", Type: "application/pdf", Size: 1234},
		{Name: "photo.jpg", Type: "image/jpeg"},
	}
	if d := cmp.Diff(want, m.Attachments); d != "" {
		t.Error(d)
	}
	if m.Text != "les mots" || len(m.Problems) > 0 {
		t.Errorf("text %q, problems %q", m.Text, m.Problems)
	}
	for cut := range tnef {
		encoded := base64.StdEncoding.EncodeToString(tnef[:cut])
		m := parse(mail("Content-Type: application/ms-tnef", "Content-Transfer-Encoding: base64", "", encoded))
		if slices.Contains(m.Problems, panicked) {
			t.Fatalf("a winmail.dat cut after %d bytes makes the reader panic", cut)
		}
	}
}
