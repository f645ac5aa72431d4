package cases_test

import (
	"testing"

	"guichetdunumerique.be/guichet/cases"
)

func TestSpellingsOfOneMailboxCountAsOne(t *testing.T) {
	tests := []struct{ address, want, why string }{
		{"Jan.Peeters@Post.Example", "janpeeters@post.example", "case and dots"},
		{"jan+1@post.example", "jan@post.example", "a tag"},
		{"j.a.n+a+b@post.example", "jan@post.example", "all at once"},
		{"jan@GoogleMail.com", "jan@gmail.com", "one provider, two names"},
		{"jan@notgooglemail.com", "jan@notgooglemail.com", "another provider"},
		{"+tag@post.example", "+tag@post.example", "nothing would be left"},
		{"...@post.example", "...@post.example", "nothing would be left"},
		{"\"a@b\"@post.example", "\"a@b\"@post.example", "the last @ parts"},
		{"no address", "no address", "as it is"},
		{"", "", "as it is"},
	}
	for _, tt := range tests {
		if got := cases.Mailbox(tt.address); got != tt.want {
			t.Errorf("%s: %q is counted as %q, want %q", tt.why, tt.address, got, tt.want)
		}
	}
}
