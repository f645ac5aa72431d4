package message

import "bytes"

// oidSignedData is the object identifier of CMS SignedData, 1.2.840.113549.1.7.2, as DER (RFC 5652 section 5.1).
var oidSignedData = []byte{0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02}

// Tags of BER that lead to the signed content.
const (
	berOctets   = 0x04
	berObject   = 0x06
	berSequence = 0x30
	berExplicit = 0xa0
	berPieces   = 0x24 // octet string in pieces
)

// isPKCS7 reports whether p is an S/MIME part with its content inside (RFC 8551 section 3.2).
func (p *part) isPKCS7() bool {
	return p.kind == "application/pkcs7-mime" || p.kind == "application/x-pkcs7-mime"
}

// signedContent is the mail within an opaque S/MIME signature, nil when b is no such signature. The signature is
// not judged.
func signedContent(b []byte) []byte {
	info := ber{b}.enter(berSequence)
	object, info := info.next(berObject)
	if !bytes.Equal(object, oidSignedData) {
		return nil
	}
	signed := info.enter(berExplicit).enter(berSequence)
	signed = signed.skip().skip() // version, digest algorithms
	_, content := signed.enter(berSequence).next(berObject)
	content = content.enter(berExplicit)
	if octets, _ := content.next(berOctets); octets != nil {
		return octets
	}
	var out []byte
	for pieces := content.enter(berPieces); ; {
		var piece []byte
		if piece, pieces = pieces.next(berOctets); piece == nil {
			return out
		}
		out = append(out, piece...)
	}
}

// ber reads values of ASN.1's basic encoding one after the other. What was cut short gives what is there.
type ber struct{ b []byte }

// header reads a tag and a length. Of a value without a length the content is all that follows, and size is 0.
func (r ber) header() (tag byte, content []byte, size int) {
	if len(r.b) < 2 {
		return 0, nil, 0
	}
	tag, n, start := r.b[0], int(r.b[1]), 2
	switch {
	case n == 0x80:
		return tag, r.b[start:], 0
	case n > 0x84 || n > 0x80 && len(r.b) < start+n-0x80:
		return 0, nil, 0
	case n > 0x80:
		start += n - 0x80
		n = 0
		for _, c := range r.b[2:start] {
			n = n<<8 | int(c)
		}
	}
	end := min(start+n, len(r.b))
	return tag, r.b[start:end:end], end
}

// enter gives the content of the next value when it has that tag.
func (r ber) enter(tag byte) ber {
	if t, content, _ := r.header(); t == tag {
		return ber{content}
	}
	return ber{}
}

// next gives the content of the next value when it has that tag, and what follows it.
func (r ber) next(tag byte) (content []byte, rest ber) {
	t, content, size := r.header()
	if t != tag || size == 0 {
		return nil, ber{}
	}
	return content, ber{r.b[size:]}
}

// skip passes over the next value, whatever it is.
func (r ber) skip() ber {
	_, _, size := r.header()
	if size == 0 {
		return ber{}
	}
	return ber{r.b[size:]}
}
