package intake_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"guichetdunumerique.be/guichet/intake"
	"guichetdunumerique.be/guichet/internal/mailtest"
)

// Whatever a server says in place of one message, reading ends, and the messages before it are taken in order.
func FuzzAnswer(f *testing.F) {
	for _, seed := range []string{
		"", "* 2 FETCH (UID 2 " + whole + "BODY[]<0> {23}\r\nSubject: two\r\n\r\nwords\r\n)\r\n", "* 2 FETCH (UID 2 BODY[] NIL)\r\n",
		"* BYE\r\n", "+\r\n", "* 2 EXPUNGE\r\n", "* SEARCH 4294967295\r\n", "* ESEARCH (TAG \"T5\") UID ALL 1:4294967295\r\n",
		"* 2 FETCH (UID 2 BODYSTRUCTURE ((((((\r\n", "* 2 FETCH (UID 2 BODY[]<0> {99999999999}\r\n", "* 3 FETCH (UID 3)\r\n* 3 EXISTS\r\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, said string) {
		synctest.Test(t, func(t *testing.T) {
			s := &mailtest.Script{Mails: threeMails(), Play: answering(func(c *conn, _ string) { c.Write(said) })}
			c := scripted(s)
			defer s.Close()
			d := at("INBOX", 1)
			err := intake.New(c, d).Once(t.Context())
			got := d.subjects()
			if err == nil && (!strings.HasPrefix(got, "one ") || !strings.HasSuffix(got, " three")) {
				t.Errorf("took %q of three messages", got)
			}
		})
	})
}
