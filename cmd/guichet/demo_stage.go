package main

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/desk"
	"guichetdunumerique.be/guichet/intake/message"
	"guichetdunumerique.be/guichet/internal/mailtest"
	"guichetdunumerique.be/guichet/reply"
	"guichetdunumerique.be/guichet/store"
)

//go:embed demo/*.eml
var demoMails embed.FS

// sample is an invented mail of the demo.
type sample struct {
	name string
	raw  []byte
}

// demoSamples are the demo's mails in the order in which they arrive.
func demoSamples() ([]sample, error) {
	files, err := fs.Glob(demoMails, "demo/*.eml")
	if err != nil {
		return nil, err
	}
	var list []sample
	for _, file := range files {
		raw, err := demoMails.ReadFile(file)
		if err != nil {
			return nil, err
		}
		raw = bytes.ReplaceAll(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")), []byte("\n"), []byte("\r\n"))
		list = append(list, sample{filepath.Base(file), raw})
	}
	return list, nil
}

// stage is two mail servers and a desk at work on them, all on loopback and in a temporary folder.
type stage struct {
	dir      string
	imap     *mailtest.IMAP
	smtp     *mailtest.SMTP
	config   config
	office   *office
	stop     context.CancelFunc
	stopped  sync.WaitGroup
	answered int // mails that left so far
}

const demoPassword = "guichet-demo"

// setStage starts the servers, writes a config as an operator would, and runs the desk.
func setStage(ctx context.Context, env environment) (_ *stage, err error) {
	s := &stage{}
	defer func() {
		if err != nil {
			s.strike()
		}
	}()
	if s.dir, err = os.MkdirTemp("", "guichet-demo-"); err != nil {
		return nil, err
	}
	certificate, err := mailtest.NewCertificate()
	if err != nil {
		return nil, err
	}
	options := mailtest.Options{Username: ownAddress, Password: demoPassword, Certificate: certificate}
	if s.imap, err = mailtest.StartIMAP(options); err != nil {
		return nil, err
	}
	if s.smtp, err = mailtest.StartSMTP(options); err != nil {
		return nil, err
	}
	if err = certificate.WriteFile(filepath.Join(s.dir, "ca.pem")); err != nil {
		return nil, err
	}
	if err = s.openDesk(ctx, env); err != nil {
		return nil, err
	}
	return s, s.await(ctx, s.watching)
}

// openDesk writes the config and opens a desk from it. What the daemon logs goes to a file beside it.
func (s *stage) openDesk(ctx context.Context, env environment) error {
	path := filepath.Join(s.dir, defaultConfig)
	text := fmt.Sprintf(demoConfig, ownAddress, s.imap.Addr(), ownAddress, s.smtp.Addr())
	err := errors.Join(
		os.WriteFile(path, []byte(text), 0o600),
		os.WriteFile(filepath.Join(s.dir, "password"), []byte(demoPassword), 0o600))
	if err != nil {
		return err
	}
	if s.config, err = loadConfig(path, env); err != nil {
		return err
	}
	log, err := os.OpenFile(filepath.Join(s.dir, "guichet.log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	env.stderr = log
	if s.office, err = openOffice(ctx, &s.config, env); err != nil {
		return err
	}
	running, stop := context.WithCancel(ctx)
	s.stop = stop
	s.stopped.Go(func() {
		defer log.Close()
		_ = s.office.run(running) // what goes wrong shows in the story
	})
	return nil
}

// demoConfig is a config as an operator would write it, for servers with a certificate of their own.
const demoConfig = `[desk]
name = "Guichet du Numérique"
address = %q
policy_url = "https://guichetdunumerique.be/confidentialite"

[imap]
server = %q
username = %q
password_file = "password"
ca_file = "ca.pem"

[smtp]
server = %q
ca_file = "ca.pem"

[staff]
addresses = ["anne@guichetdunumerique.be"]
notify_new = false
`

// strike takes everything down again and removes the folder.
func (s *stage) strike() {
	if s.stop != nil {
		s.stop()
		s.stopped.Wait()
	}
	if s.office != nil {
		_ = s.office.Close()
	}
	if s.imap != nil {
		_ = s.imap.Close()
	}
	if s.smtp != nil {
		_ = s.smtp.Close()
	}
	if s.dir != "" {
		_ = os.RemoveAll(s.dir)
	}
}

// watching reports whether the desk has taken up every folder.
func (s *stage) watching(tx *store.Tx) (bool, error) {
	folders, err := tx.FindFolders()
	return len(folders) >= 3, err // INBOX, the junk folder and Sent
}

// await looks at the store again and again until cond holds.
func (s *stage) await(ctx context.Context, cond func(*store.Tx) (bool, error)) error {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		var done bool
		err := s.office.store.View(ctx, func(tx *store.Tx) (err error) { done, err = cond(tx); return err })
		if err != nil || done {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("waiting for the daemon: %w", ctx.Err())
		}
	}
}

// scene is what became of one sample.
type scene struct {
	message  message.Message
	judged   desk.Judgement
	entry    store.Entry
	opened   cases.Case    // if the message opened one
	answer   *reply.Mail   // the acknowledgement, if one left
	answered time.Duration // from its arrival until SMTP had the answer
}

// play delivers a sample and waits until the daemon has done with it. The judgement is made once more
// from the same bytes, since the daemon keeps no words of a mail.
func (s *stage) play(ctx context.Context, sample sample) (scene, error) {
	m := message.Parse(message.Source{Head: sample.raw, Size: int64(len(sample.raw))}, s.config.messageLimits())
	sc := scene{message: m, judged: desk.Judge(m, s.office.desk.Rules, s.office.desk.Profile)}
	begin := time.Now()
	uid, err := s.imap.Deliver("INBOX", sample.raw, begin)
	if err != nil {
		return sc, err
	}
	var acks []store.Outgoing
	err = s.await(ctx, func(tx *store.Tx) (bool, error) {
		found, err := tx.FindEntries(store.EntryFilter{Folder: "INBOX"})
		if err != nil || len(found) == 0 || found[len(found)-1].UID != uid {
			return false, err
		}
		sc.entry = found[len(found)-1]
		if sc.entry.Fate != cases.FateCase {
			return true, nil
		}
		if sc.opened, err = tx.FindCase(sc.entry.Case); err != nil {
			return false, err
		}
		acks, err = tx.FindOutgoing(store.OutFilter{Case: sc.entry.Case})
		return len(acks) == 0 || acks[0].State == store.OutSent, err
	})
	if err != nil || len(acks) == 0 {
		return sc, err
	}
	sc.answered = time.Since(begin)
	sc.answer, err = s.received(ctx)
	return sc, err
}

// received reads the newest mail at the SMTP server.
func (s *stage) received(ctx context.Context) (*reply.Mail, error) {
	s.answered++
	mails, err := s.smtp.Wait(ctx, s.answered)
	if err != nil {
		return nil, err
	}
	raw := mails[s.answered-1].Data
	m := message.Parse(message.Source{Head: raw, Size: int64(len(raw))}, message.Limits{})
	return &reply.Mail{To: mails[s.answered-1].To[0], Subject: m.Subject, Text: m.Text}, nil
}
