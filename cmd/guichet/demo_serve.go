package main

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"guichetdunumerique.be/guichet/internal/mailtest"
)

// demoClient is the account of somebody who writes to the desk.
const demoClient = "client@courriel.example"

// serve stays up: what is sent to the desk arrives there, and what the desk answers arrives in the
// account of a client, so that a mail program can play both.
func (s *stage) serve(ctx context.Context, env environment) error {
	client, err := mailtest.StartIMAP(mailtest.Options{Username: demoClient, Password: demoPassword, Certificate: s.imap.Certificate})
	if err != nil {
		return err
	}
	defer client.Close()
	fmt.Fprintf(env.stdout, serveText, s.imap.Addr(), ownAddress, client.Addr(), demoClient, s.smtp.Addr(), ownAddress,
		demoPassword, s.config.path, s.dir)
	for n := s.answered; ; n++ {
		mails, err := s.smtp.Wait(ctx, n+1)
		if err != nil {
			return nil // told to stop
		}
		if err := s.route(mails[n], client); err != nil {
			return err
		}
	}
}

const serveText = `
It stays up until Ctrl-C. Set up these two accounts in a mail program; the servers use TLS (SSL) from the first
byte, with a certificate that you must accept:

  the desk      IMAP %s   user %s
  a client      IMAP %s   user %s
  sending       SMTP %s   user %s
  password      %s, for all of them

Write from the client to the desk and watch the answer arrive. In another terminal:

  guichet cases -c %s
  tail -f %s/guichet.log
`

// route puts a mail that was sent into the mailbox it is for, as a mail server would.
func (s *stage) route(m mailtest.Mail, client *mailtest.IMAP) error {
	now := time.Now()
	trace := fmt.Sprintf("Return-Path: <%s>\r\nReceived: by localhost; %s\r\n", m.From, now.Format(time.RFC1123Z))
	raw := bytes.Join([][]byte{[]byte(trace), m.Data}, nil)
	for _, to := range m.To {
		mailbox := client
		if strings.EqualFold(to, ownAddress) {
			mailbox = s.imap
		}
		if _, err := mailbox.Deliver("INBOX", raw, now); err != nil {
			return fmt.Errorf("delivering a mail: %w", err)
		}
	}
	return nil
}
