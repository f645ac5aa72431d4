package message

// Source is what was read of a mail.
type Source struct {
	// Head is the beginning of the mail: all of it when len(Head) == Size, else as many bytes as one round
	// trip fetches.
	Head []byte
	Size int64 // bytes of the whole mail

	// Parts is the structure of a mail that Head cuts short, as the server described it, with the bytes of
	// the text parts that were fetched. Nil when Head is whole or the structure could not be had.
	Parts []Part
}

// Part is one leaf of the MIME tree of a large mail. A mail inside the mail (message/rfc822) is a leaf too, with the
// bytes that were fetched of it, and is followed by what is attached to it, but not by its words.
type Part struct {
	Type        string // lower-case media type, "text/plain"
	Params      map[string]string
	Disposition string // "attachment", "inline" or ""
	Name        string // from Content-Disposition or Content-Type, decoded
	ContentID   string
	Encoding    string // Content-Transfer-Encoding
	Size        int64  // encoded bytes
	Body        []byte // encoded bytes, of text parts only; may be cut short
}

// Limits bounds what one mail may cost. The zero value of a field means its default.
type Limits struct {
	Parts       int   // MIME parts looked at; default 200
	Depth       int   // nesting levels; default 20
	HeaderBytes int   // bytes of one header block; default 256 KiB
	TextBytes   int64 // decoded text kept; default 2 MiB
}
