package message

import "strings"

const (
	maxAuthFields  = 10 // Authentication-Results fields read of one mail
	maxAuthMethods = 30 // results read of one field
)

// parseAuthentication reads Authentication-Results fields (RFC 8601), topmost first. It takes what receivers really
// write: Microsoft 365 gives no authserv-id, others quote values with spaces or say just "none". What of a field
// cannot be read costs that result, not the field.
func parseAuthentication(values []string) []AuthResult {
	var results []AuthResult
	for _, v := range values[:min(len(values), maxAuthFields)] {
		results = append(results, parseAuthField(v))
	}
	return results
}

func parseAuthField(v string) AuthResult {
	var r AuthResult
	segments := splitSegments(v[:min(len(v), maxStructured)], true)
	for i, segment := range segments {
		words := authWords(segment)
		if len(words) == 0 {
			continue
		}
		if i == 0 && !strings.Contains(words[0], "=") {
			r.Server = strings.ToLower(authValue(words[0])) // a version may follow
			continue
		}
		if m, ok := parseAuthMethod(words); ok && len(r.Methods) < maxAuthMethods {
			r.Methods = append(r.Methods, m)
		}
	}
	return r
}

// parseAuthMethod reads "dkim=pass header.d=example.org" and the like; ok is false for "none" and for what is no
// result.
func parseAuthMethod(words []string) (m AuthMethod, ok bool) {
	name, result, ok := strings.Cut(words[0], "=")
	name, _, _ = strings.Cut(name, "/") // a version of the method may follow
	m.Name, m.Result = authKey(name), strings.ToLower(authValue(result))
	if !ok || m.Name == "" || m.Result == "" {
		return AuthMethod{}, false
	}
	m.Props = make(map[string]string)
	for _, word := range words[1:] {
		key, value, ok := strings.Cut(word, "=")
		if key = authKey(key); !ok || key == "" {
			continue
		}
		if _, seen := m.Props[key]; !seen {
			m.Props[key] = authValue(value)
		}
	}
	return m, true
}

func authKey(s string) string { return strings.ToLower(cleanLine(strings.TrimSpace(s))) }

func authValue(s string) string { return cleanLine(decodeRaw(unquote(strings.TrimSpace(s)))) }

// authWords cuts a result at its white space, outside quotes and not around an equals sign.
func authWords(segment string) []string {
	var words []string
	var word strings.Builder
	end := func() {
		if word.Len() > 0 {
			words = append(words, word.String())
			word.Reset()
		}
	}
	quoted, afterEquals := false, false
	rest := strings.TrimSpace(segment)
	for i := 0; i < len(rest); i++ {
		c := rest[i]
		space := c == ' ' || c == '\t'
		switch {
		case c == '\\' && quoted && i+1 < len(rest):
			word.WriteByte(c)
			i++
			word.WriteByte(rest[i])
			continue
		case c == '"':
			quoted = !quoted
		case space && !quoted && (afterEquals || equalsNext(rest[i:])):
			continue
		case space && !quoted:
			end()
			continue
		}
		word.WriteByte(c)
		afterEquals = c == '=' && !quoted
	}
	end()
	return words
}

// equalsNext reports whether white space at the start of s leads to an equals sign. Only a few blanks are looked
// over.
func equalsNext(s string) bool {
	return strings.HasPrefix(strings.TrimLeft(s[:min(len(s), 8)], " \t"), "=")
}
