package mailtest

import (
	"bytes"
	"math/rand/v2"
	"slices"
)

// pieces are what a mutation puts in: what parsers of mail look for, where nobody expects it.
var pieces = [][]byte{
	[]byte("\r\n"), []byte("\n"), []byte("\r"), []byte("\r\n\r\n"), []byte("--"), []byte("\x00"), []byte("\xff\xfe"), []byte("\xef\xbb\xbf"),
	[]byte("=?utf-8?B?"), []byte("=?utf-7?Q?=41?="), []byte("?="), []byte("=\r\n"), []byte("=3D=0D=0A"), []byte("\x1b$B"),
	[]byte("\r\nContent-Type: multipart/mixed; boundary=\"\"\r\n"), []byte("\r\nContent-Type: message/rfc822\r\n\r\n"),
	[]byte("\r\nContent-Transfer-Encoding: x-unknown\r\n"), []byte("\r\nContent-Transfer-Encoding: base64\r\n"),
	[]byte("\r\nContent-Disposition: attachment; filename*0*=utf-8''%C3; filename*1*=%A9\r\n"), []byte("; charset=\"x-none\""),
	[]byte("\r\nFrom: <>, \"a\" <b@c>, group: d@e;\r\n"), []byte("\r\nDate: Tue, 99 Foo 20266 25:61:61 +9999\r\n"),
	[]byte("\r\nMessage-ID: \r\n"), []byte("\r\nReferences: <<<<>>>>\r\n"), []byte("<blockquote>"), []byte("<!--"), []byte("&#x110000;"),
	[]byte("\u202e"), []byte("((((((((((((((((("), []byte("\r\nFrom nobody Thu Jan  1 00:00:00 1970\r\n"),
}

// Mutate returns a mail with a few kinds of damage done to it, most of them small: bits turned round, spans lost,
// repeated, exchanged, cut off, line ends changed, pieces put in. It is a pure function of the state of random.
func Mutate(random *rand.Rand, raw []byte) []byte {
	mail := bytes.Clone(raw)
	for range 1 + random.IntN(4) {
		if len(mail) == 0 {
			return mail
		}
		from := random.IntN(len(mail))
		to := min(len(mail), from+1+random.IntN(1+random.IntN(400)))
		switch random.IntN(8) {
		case 0:
			mail[from] ^= 1 << random.IntN(8)
		case 1:
			mail = slices.Delete(mail, from, to)
		case 2:
			mail = slices.Insert(mail, from, bytes.Repeat(mail[from:to], 1+random.IntN(20))...)
		case 3:
			mail = mail[:from]
		case 4:
			mail = exchangeLines(random, mail)
		case 5:
			mail = bytes.ReplaceAll(mail, []byte("\r\n"), [][]byte{[]byte("\n"), []byte("\r"), []byte("\n\r")}[random.IntN(3)])
		default:
			mail = slices.Insert(mail, from, pieces[random.IntN(len(pieces))]...)
		}
	}
	return mail
}

// exchangeLines lets two lines change places.
func exchangeLines(random *rand.Rand, mail []byte) []byte {
	lines := bytes.SplitAfter(mail, []byte("\n"))
	a, b := random.IntN(len(lines)), random.IntN(len(lines))
	lines[a], lines[b] = lines[b], lines[a]
	return bytes.Join(lines, nil)
}
