package intake

import (
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/emersion/go-message/charset"
)

// maxPieces bounds the pieces of one parameter.
const maxPieces = 50

// parameter is the value of a parameter in a BODYSTRUCTURE. Servers leave it as they found it, so it may be
// encoded (name*) or in pieces (name*0*, name*1) as RFC 2231 has it.
func parameter(params map[string]string, name string) string {
	if v := params[name]; v != "" {
		return v
	}
	if v := params[name+"*"]; v != "" {
		label, text := splitExtended(v)
		return decodeIn(label, unescape(text))
	}
	var label string
	var joined strings.Builder
	for i := range maxPieces {
		key := fmt.Sprintf("%s*%d", name, i)
		if v, ok := params[key+"*"]; ok {
			if i == 0 {
				label, v = splitExtended(v)
			}
			joined.WriteString(unescape(v))
		} else if v, ok := params[key]; ok {
			joined.WriteString(v)
		} else {
			break
		}
	}
	return decodeIn(label, joined.String())
}

// splitExtended cuts "charset'language'text".
func splitExtended(v string) (label, text string) {
	label, rest, ok := strings.Cut(v, "'")
	if _, text, ok2 := strings.Cut(rest, "'"); ok && ok2 {
		return label, text
	}
	return "", v
}

// unescape undoes %XX; what is not well-formed stays as it stands.
func unescape(s string) string {
	if plain, err := url.PathUnescape(s); err == nil {
		return plain
	}
	return s
}

// decodeIn turns bytes in a character set into UTF-8; in an unknown one they stay, without what is no UTF-8.
func decodeIn(label, s string) string {
	if label != "" {
		if r, err := charset.Reader(strings.ToLower(label), strings.NewReader(s)); err == nil {
			if text, err := io.ReadAll(r); err == nil {
				return string(text)
			}
		}
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}
