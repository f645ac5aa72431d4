package message

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"
)

const (
	maxTNEF      = 16 << 20 // decoded bytes of a winmail.dat that are looked at
	maxTNEFFiles = 100
)

// Attributes and properties of TNEF that are read (MS-OXTNEF 2.1.3, MS-OXPROPS).
const (
	tnefSignature    = 0x223e9f78
	tnefBody         = 0x0002800c // the text
	tnefMessageProps = 0x00069003
	tnefFileBegins   = 0x00069002 // the first attribute of each file
	tnefFileTitle    = 0x00018010
	tnefFileData     = 0x0006800f
	tnefFileProps    = 0x00069005

	mapiBody          = 0x1000
	mapiFileName      = 0x3704
	mapiLongFileName  = 0x3707
	mapiTypeString    = 0x001e
	mapiTypeUnicode   = 0x001f
	mapiTypeBinary    = 0x0102
	mapiTypeObject    = 0x000d
	mapiManyValues    = 0x1000
	mapiFirstNamedTag = 0x8000
)

// openTNEF lists the files within a winmail.dat, Outlook's own container, and keeps the text in it where the mail
// has none of its own.
func (r *reader) openTNEF(p *part) []Attachment {
	raw, _ := decodeTransfer(p.body, p.encoding, maxTNEF)
	t := readTNEF(raw)
	if p.missing > 0 || len(t.files) == 0 && t.text == "" {
		r.notes.add("winmail.dat was not read in full: it may hold more files")
	}
	r.spare = append(r.spare, t.text)
	return t.files
}

// tnef is what a winmail.dat holds.
type tnef struct {
	text  string
	files []Attachment
}

// readTNEF reads the attributes one after the other, and stops at what it does not understand.
func readTNEF(b []byte) (t tnef) {
	in := tnefReader{b: b}
	if in.uint32() != tnefSignature {
		return t
	}
	in.take(2) // key
	for len(in.b) > 0 && !in.bad {
		in.take(1) // level
		id := in.uint32()
		data := in.take(int(min(in.uint32(), maxTNEF)))
		in.take(2) // checksum
		t.attribute(id, data)
	}
	for i := range t.files {
		t.files[i].Name = cleanFileName(t.files[i].Name)
		t.files[i].Type = mediaTypeOf(t.files[i].Name, "")
	}
	return t
}

// attribute takes one attribute; those of a file follow its tnefFileBegins.
func (t *tnef) attribute(id uint32, data []byte) {
	switch id {
	case tnefBody:
		t.text = ansiString(data)
	case tnefMessageProps:
		readMAPI(data, func(tag uint16, text string) {
			if tag == mapiBody && t.text == "" {
				t.text = text
			}
		})
	case tnefFileBegins:
		if len(t.files) < maxTNEFFiles {
			t.files = append(t.files, Attachment{})
		}
	}
	if len(t.files) == 0 {
		return
	}
	file := &t.files[len(t.files)-1]
	switch id {
	case tnefFileTitle:
		if file.Name == "" {
			file.Name = ansiString(data)
		}
	case tnefFileData:
		file.Size = int64(len(data))
	case tnefFileProps:
		readMAPI(data, func(tag uint16, text string) {
			if tag == mapiLongFileName || tag == mapiFileName && file.Name == "" {
				file.Name = text
			}
		})
	}
}

// readMAPI calls visit for the text properties of a property list (MS-OXTNEF 2.1.3.4).
func readMAPI(b []byte, visit func(tag uint16, text string)) {
	in := tnefReader{b: b}
	for n := in.uint32(); n > 0 && !in.bad; n-- {
		kind, tag := in.uint16(), in.uint16()
		if tag >= mapiFirstNamedTag {
			in.name()
		}
		count := uint32(1)
		many := kind&mapiManyValues != 0
		kind &^= mapiManyValues
		variable := kind == mapiTypeString || kind == mapiTypeUnicode || kind == mapiTypeBinary || kind == mapiTypeObject
		if many || variable {
			count = in.uint32()
		}
		for ; count > 0 && !in.bad; count-- {
			if !variable {
				in.take(fixedSize(kind))
				continue
			}
			data := in.padded()
			switch {
			case many:
			case kind == mapiTypeUnicode:
				visit(tag, wideString(data))
			case kind == mapiTypeString:
				visit(tag, ansiString(data))
			}
		}
	}
}

// fixedSize is the room that a value of a fixed size takes, a multiple of four.
func fixedSize(kind uint16) int {
	switch kind {
	case 0x0005, 0x0006, 0x0007, 0x0014, 0x0040: // double, currency, date, 64 bit, time
		return 8
	case 0x0048: // GUID
		return 16
	}
	return 4
}

func wideString(b []byte) string {
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(b[2*i:])
	}
	return strings.TrimRight(string(utf16.Decode(units)), "\x00")
}

func ansiString(b []byte) string { return strings.TrimRight(lenientUTF8(b), "\x00") }

// tnefReader takes values from the start of b. Once there are too few bytes it is bad and gives zeros.
type tnefReader struct {
	b   []byte
	bad bool
}

func (r *tnefReader) take(n int) []byte {
	if n > len(r.b) {
		n, r.bad = len(r.b), true
	}
	data := r.b[:n]
	r.b = r.b[n:]
	return data
}

func (r *tnefReader) uint16() uint16 {
	if b := r.take(2); len(b) == 2 {
		return binary.LittleEndian.Uint16(b)
	}
	return 0
}

func (r *tnefReader) uint32() uint32 {
	if b := r.take(4); len(b) == 4 {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

// padded takes a length and that many bytes, filled up to a multiple of four.
func (r *tnefReader) padded() []byte {
	n := int(min(r.uint32(), maxTNEF))
	data := r.take(n)
	r.take(min((4-n%4)%4, len(r.b)))
	return data
}

// name passes over the name of a named property.
func (r *tnefReader) name() {
	r.take(16) // its set
	if r.uint32() == 0 {
		r.take(4)
		return
	}
	r.padded()
}
