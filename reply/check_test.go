package reply_test

import (
	"testing"

	"guichetdunumerique.be/guichet/internal/mailtest"
	"guichetdunumerique.be/guichet/reply"
)

func TestACheckLogsInAndSendsNothing(t *testing.T) {
	server, err := mailtest.StartSMTP(mailtest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	for _, c := range []struct {
		username, password string
		code               int
		why                string
	}{
		{server.Username, server.Password, 0, "the right password"},
		{server.Username, "guess", 535, "a wrong password"},
		{"", "", 0, "no name: the server is reached, and that is all"},
	} {
		s := newSender(t, reply.SMTPConfig{Server: server.Addr(), TLS: server.Certificate.Client(), Security: "tls",
			Username: c.username, Password: password(c.password)})
		switch err := s.Check(t.Context()); {
		case c.code == 0 && err != nil:
			t.Errorf("%s: %v", c.why, err)
		case c.code != 0:
			if e := failed(t, c.why, err, reply.Temporary, "connect"); e.Code != c.code {
				t.Errorf("%s: code %d, want %d", c.why, e.Code, c.code)
			}
		}
		_ = s.Close()
	}
	if n := len(server.Received()); n != 0 {
		t.Errorf("%d mails were sent", n)
	}
}
