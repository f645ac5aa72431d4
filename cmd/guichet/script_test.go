package main

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/store"
)

var update = flag.Bool("update", false, "write the outputs that stories compare with anew")

// today is the day of every story.
var today = time.Date(2026, time.November, 23, 9, 0, 0, 0, time.UTC)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"guichet": func() {
			os.Exit(run(context.Background(), environment{
				stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv, resolver: noDNS{},
				now: func() time.Time { return today },
			}, os.Args[1:]))
		},
	})
}

// TestStories plays the stories of testdata/script, each a text that can be read: commands, what they must
// say, and the files they work on.
func TestStories(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"chmod":     chmod,
			"fillstore": fillStore,
			"exitcode":  exitCode,
		},
	})
}

// chmod sets the mode of a file: chmod 600 FILE.
func chmod(ts *testscript.TestScript, _ bool, args []string) {
	modes := map[string]os.FileMode{"600": 0o600, "644": 0o644, "666": 0o666}
	mode, known := modes[args[0]]
	if !known || len(args) != 2 {
		ts.Fatalf("usage: chmod 600|644|666 FILE")
	}
	ts.Check(os.Chmod(ts.MkAbs(args[1]), mode))
}

// exitCode runs guichet and demands the code it ends with: exitcode 2 guichet once --fast. The story may
// then look at stdout and stderr.
func exitCode(ts *testscript.TestScript, _ bool, args []string) {
	err := ts.Exec(args[1], args[2:]...)
	got := "0"
	if err != nil {
		got = err.Error()
	}
	want := map[string]string{"0": "0", "1": "exit status 1", "2": "exit status 2"}[args[0]]
	if got != want {
		ts.Fatalf("ended with %s, want %s", got, want)
	}
}

// fillStore makes a store: fillstore FILE makes it with four cases, fillstore -empty FILE with none.
func fillStore(ts *testscript.TestScript, _ bool, args []string) {
	path, list := args[len(args)-1], sampleCases()
	if args[0] == "-empty" {
		list = nil
	}
	ctx := context.Background()
	s, err := store.Open(ctx, store.Config{
		Path: ts.MkAbs(filepath.FromSlash(path)), Now: func() time.Time { return today },
		Log: newLogger(ts.Stderr(), logConfig{Level: "error"}),
	})
	ts.Check(err)
	defer s.Close()
	ts.Check(s.Update(ctx, func(tx *store.Tx) error {
		for i, k := range list {
			if err := fileCase(tx, k, uint32(i+1)); err != nil {
				return err
			}
		}
		return nil
	}))
}

// fileCase files a case with its message, its history and its acknowledgement.
func fileCase(tx *store.Tx, k cases.Case, uid uint32) error {
	k.Reference.Year = 2026
	if err := tx.CreateCase(&k, "GDN"); err != nil {
		return err
	}
	ref := k.Reference.String()
	err := tx.CreateEntry(&store.Entry{Folder: "INBOX", UIDValidity: 7, UID: uid, Fingerprint: ref, Received: k.Received,
		Fate: cases.FateCase, Reason: "case", Case: ref, Recorded: k.Opened})
	if err != nil {
		return err
	}
	if err := tx.AppendEvent(&cases.Event{Case: ref, At: k.Opened, Kind: cases.EventOpened, By: "guichet", Note: "rules fr.access.copy"}); err != nil {
		return err
	}
	if k.Hold != "" {
		return tx.AppendEvent(&cases.Event{Case: ref, At: k.Opened, Kind: cases.EventAckHeld, By: "guichet", Note: k.Hold})
	}
	return tx.Enqueue(&store.Outgoing{Key: "ack:" + ref, Kind: "ack", Case: ref, Recipient: k.Requester.Address,
		MessageID: "ack." + ref + "@guichetdunumerique.be", Payload: []byte("{}"), State: store.OutQueued, NextAttempt: k.Opened, Created: k.Opened})
}

// sampleCases are one calm, one that is late, one that is near and one that is closed.
func sampleCases() []cases.Case {
	term := lawfulTerm()
	request := func(received time.Time, rights ...cases.Right) cases.Case {
		d := term.Dates(received)
		return cases.Case{
			Status: cases.Open, Identity: cases.IdentityMissing, Language: "fr", Rights: rights,
			Requester: cases.Requester{Address: "zoe@example.org", Name: "Zoé Ørsted"},
			Received:  received, Due: d.Due, DueWhy: d.Why, Latest: d.Latest, LatestWhy: d.LatestWhy, Opened: received.Add(time.Minute),
		}
	}
	calm := request(today.AddDate(0, 0, -1), cases.Access, cases.Portability)
	late := request(time.Date(2026, time.October, 14, 22, 30, 0, 0, time.UTC), cases.Erasure)
	late.Identity, late.Flags = cases.IdentityCandidate, []cases.Flag{cases.Complaint}
	near := request(time.Date(2026, time.October, 26, 8, 0, 0, 0, time.UTC), cases.Objection)
	near.Status, near.Language, near.Hold = cases.Triage, "nl", "to be confirmed by a person"
	closed := request(time.Date(2026, time.September, 1, 8, 0, 0, 0, time.UTC), cases.Access)
	closed.Status, closed.Outcome, closed.Closed = cases.Closed, cases.Fulfilled, today.AddDate(0, 0, -40)
	return []cases.Case{calm, late, near, closed}
}
