package message_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"guichetdunumerique.be/guichet/intake/message"
)

func TestAuthenticationResults(t *testing.T) {
	type props = map[string]string
	for name, c := range map[string]struct {
		raw  string
		want message.AuthResult
	}{
		"as in RFC 8601": {"example.org 1; spf=pass smtp.mailfrom=a.example; dkim=fail (bad; very) reason=\"no key\" header.d=A.example",
			message.AuthResult{Server: "example.org", Methods: []message.AuthMethod{
				{Name: "spf", Result: "pass", Props: props{"smtp.mailfrom": "a.example"}},
				{Name: "dkim", Result: "fail", Props: props{"reason": "no key", "header.d": "A.example"}},
			}}},
		"comments of a large receiver": {"mx.example.com;\r\n       dkim=pass header.i=@a.example header.s=sel header.b=abc/def+;\r\n       spf=pass (example.com: domain of x@a.example designates 192.0.2.1 as permitted sender) smtp.mailfrom=x@a.example;\r\n       dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=a.example",
			message.AuthResult{Server: "mx.example.com", Methods: []message.AuthMethod{
				{Name: "dkim", Result: "pass", Props: props{"header.i": "@a.example", "header.s": "sel", "header.b": "abc/def+"}},
				{Name: "spf", Result: "pass", Props: props{"smtp.mailfrom": "x@a.example"}},
				{Name: "dmarc", Result: "pass", Props: props{"header.from": "a.example"}},
			}}},
		"no authserv-id": {"spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=a.example; dkim=none (message not signed) header.d=none;dmarc=bestguesspass action=none header.from=a.example;compauth=pass reason=109",
			message.AuthResult{Methods: []message.AuthMethod{
				{Name: "spf", Result: "pass", Props: props{"smtp.mailfrom": "a.example"}},
				{Name: "dkim", Result: "none", Props: props{"header.d": "none"}},
				{Name: "dmarc", Result: "bestguesspass", Props: props{"action": "none", "header.from": "a.example"}},
				{Name: "compauth", Result: "pass", Props: props{"reason": "109"}},
			}}},
		"none":                   {"mx.example.org; none", message.AuthResult{Server: "mx.example.org"}},
		"a version of a method":  {"mx; dkim/1=PASS", message.AuthResult{Server: "mx", Methods: []message.AuthMethod{{Name: "dkim", Result: "pass", Props: props{}}}}},
		"spaces about the equal": {"mx; dkim = pass header.d = a.example", message.AuthResult{Server: "mx", Methods: []message.AuthMethod{{Name: "dkim", Result: "pass", Props: props{"header.d": "a.example"}}}}},
		"one bad method":         {"mx; =x; dkim; ; spf=pass a b=c", message.AuthResult{Server: "mx", Methods: []message.AuthMethod{{Name: "spf", Result: "pass", Props: props{"b": "c"}}}}},
		"quoted":                 {"\"MX.example.org\"; auth=pass smtp.auth=\"jean dupont; x\"", message.AuthResult{Server: "mx.example.org", Methods: []message.AuthMethod{{Name: "auth", Result: "pass", Props: props{"smtp.auth": "jean dupont; x"}}}}},
		"empty":                  {"", message.AuthResult{}},
	} {
		t.Run(name, func(t *testing.T) {
			m := parse("Authentication-Results: " + c.raw + "\nSubject: x\n\nx")
			if d := cmp.Diff([]message.AuthResult{c.want}, m.Authentication); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestAuthenticationResultsAreTopmostFirstAndFew(t *testing.T) {
	m := parse("Authentication-Results: first; none\n" + strings.Repeat("Authentication-Results: other; dkim=pass\n", 50) + "\nx")
	if len(m.Authentication) != 10 || m.Authentication[0].Server != "first" {
		t.Errorf("%d results, the first of %q", len(m.Authentication), m.Authentication[0].Server)
	}
}
