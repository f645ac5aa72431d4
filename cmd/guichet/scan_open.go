package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"guichetdunumerique.be/guichet/desk"
	"guichetdunumerique.be/guichet/intake"
	"guichetdunumerique.be/guichet/store"
)

// scan is a reading of the past with all it needs. Nothing in it can send mail.
type scan struct {
	scanOptions
	env      environment
	config   *config
	log      *slog.Logger
	progress *progress
	dir      string // of the spool
	spool    *spool
	mailbox  *intake.Mailbox
	ledger   *desk.Desk // on the desk's own store; nil where there is none yet
	desk     *desk.Desk // which files the messages: the ledger's where cases are to be opened, else one on a store of its own
}

// openScan builds a scan from its config.
func openScan(ctx context.Context, env environment, c *config, o scanOptions) (_ *scan, err error) {
	s := &scan{scanOptions: o, env: env, config: c, progress: newProgress(env)}
	defer func() {
		if err != nil {
			_ = s.Close() // the first error is told
		}
	}()
	quiet := c.Log
	if quiet.Level == "info" {
		quiet.Level = "warn" // the report tells the rest
	}
	s.log = newLogger(s.progress, quiet)
	s.dir = c.file(c.Store.URL) + store.BesideScan + o.since.String()
	if o.open {
		s.dir += "-open"
	}
	inTLS, err := c.tlsConfig("imap", c.IMAP.server)
	if err != nil {
		return nil, err
	}
	s.mailbox = intake.New(c.incomingMail(inTLS, s.log), nil)
	parts, err := c.deskParts(s.log)
	if err != nil {
		return nil, err
	}
	if err := s.openStores(ctx, parts); err != nil {
		return nil, err
	}
	s.spool, err = openSpool(s.dir, spoolHeader{Since: o.since.String(), Setup: c.setup(parts.Rules.Version()), Began: env.now()})
	return s, err
}

// openStores claims the store to file in, which keeps a second scan away, and makes the folder of the spool, empty
// where the scan is to start anew.
func (s *scan) openStores(ctx context.Context, parts desk.Parts) (err error) {
	path := s.config.file(s.config.Store.URL)
	if _, err := os.Stat(path); err == nil || s.open {
		if s.ledger, err = s.on(ctx, parts, path, s.open); err != nil {
			return err
		}
	}
	if err := s.makeDir(); err != nil {
		return err
	}
	scratch := filepath.Join(s.dir, scratchFile)
	if s.open {
		s.desk = s.ledger
	} else if s.desk, err = s.on(ctx, parts, scratch, true); err != nil {
		return err
	}
	if !s.again {
		return nil
	}
	if err := s.forget(); err != nil {
		return err
	}
	if err := s.makeDir(); err != nil || s.open {
		return err
	}
	if err := s.desk.Store.Close(); err != nil {
		return err
	}
	s.desk, err = s.on(ctx, parts, scratch, true)
	return err
}

// on is a desk at work on a store.
func (s *scan) on(ctx context.Context, parts desk.Parts, path string, exclusive bool) (*desk.Desk, error) {
	opened, err := store.Open(ctx, store.Config{Path: path, Exclusive: exclusive, Now: s.env.now, Log: s.log})
	if err != nil {
		return nil, err
	}
	parts.Store = opened
	return desk.New(parts), nil
}

func (s *scan) makeDir() error {
	if err := os.Mkdir(s.dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return fmt.Errorf("making a folder for what is found: %w", err)
	}
	return nil
}

// forget deletes what was found.
func (s *scan) forget() error {
	if err := os.RemoveAll(s.dir); err != nil {
		return fmt.Errorf("deleting what was found: %w", err)
	}
	return nil
}

// first is the beginning of the first day.
func (s *scan) first() time.Time { return s.since.In(s.config.Desk.Timezone.Location) }

// Close closes the stores and the spool.
func (s *scan) Close() error {
	var errs []error
	if s.spool != nil {
		errs = append(errs, s.spool.Close())
	}
	if s.desk != nil && s.desk != s.ledger {
		errs = append(errs, s.desk.Store.Close())
	}
	if s.ledger != nil {
		errs = append(errs, s.ledger.Store.Close())
	}
	return errors.Join(errs...)
}

// setup names the rules and all else that a judgement depends on.
func (c *config) setup(rules string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %+v %+v %s", rules, c.judging(), c.Deadline, c.Desk.Timezone))
	return hex.EncodeToString(sum[:8])
}
