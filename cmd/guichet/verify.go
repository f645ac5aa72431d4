package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"

	"github.com/spf13/cobra"

	"guichetdunumerique.be/guichet/intake"
	"guichetdunumerique.be/guichet/store"
)

func newVerify(env environment) *cobra.Command {
	var path string
	var offline, asJSON bool
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "prove that no message was lost and nothing was changed",
		Long: `verify compares the ledger with the mailbox: every message that arrived since guichet watches has exactly one row,
or is still to be read. It then proves the database itself: its pages, the references between its tables, numbers
without gaps, and the history of every case, each line of which is bound to the one before. It changes nothing and
may run beside the daemon. It fails when anything does not hold.`,
		Example: "  guichet verify\n  guichet verify --offline     the database alone",
		Args:    arguments(cobra.NoArgs),
		GroupID: groupKeep,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := loadConfig(path, env)
			if err != nil {
				return err
			}
			v := verification{env: env, config: &c}
			if err := v.run(cmd.Context(), offline); err != nil {
				return err
			}
			if asJSON {
				err = writeJSON(env.stdout, v.Report)
			} else {
				err = v.write(env.stdout)
			}
			if err == nil && !v.Sound {
				err = errTold
			}
			return err
		},
	}
	configFlag(cmd, &path)
	cmd.Flags().BoolVar(&offline, "offline", false, "look at the database only")
	cmd.Flags().BoolVar(&asJSON, "json", false, "as a JSON object")
	return cmd
}

// verification compares what is kept with what there is.
type verification struct {
	env    environment
	config *config
	Report
}

// Report is what verify found.
type Report struct {
	Sound    bool           `json:"sound"`
	Folders  []folderReport `json:"folders,omitempty"`
	Database []string       `json:"database"` // what does not hold, nothing when all does
}

// folderReport is the conservation of one folder: messages there, rows, and what does not match.
type folderReport struct {
	Folder  string   `json:"folder"`
	Lying   int      `json:"lying"`             // messages in the folder
	Filed   int      `json:"filed"`             // of them, with a row
	Before  int      `json:"before"`            // of them, there before guichet watched
	Waiting int      `json:"waiting"`           // of them, not read yet
	Gone    int      `json:"gone"`              // rows of messages that were moved or deleted since
	Missing []uint32 `json:"missing,omitempty"` // UIDs without a row
	Problem string   `json:"problem,omitempty"`
}

func (v *verification) run(ctx context.Context, offline bool) error {
	database, err := v.config.database()
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, store.Config{Path: database, Now: v.env.now, Log: newLogger(v.env.stderr, v.config.Log)})
	if err != nil {
		return err
	}
	defer s.Close()
	v.Sound, v.Database = true, []string{}
	if err := s.Check(ctx); errors.Is(err, store.ErrCorrupt) {
		v.Sound, v.Database = false, errorLines(err)
	} else if err != nil {
		return err
	}
	if offline {
		return nil
	}
	tls, err := v.config.tlsConfig("imap", v.config.IMAP.server)
	if err != nil {
		return err
	}
	mailbox := intake.New(v.config.incomingMail(tls, slog.New(slog.NewTextHandler(io.Discard, nil))), nil)
	return v.folders(ctx, s, mailbox)
}

// folders asks the server first and the ledger second: what arrives in between is in the ledger, not missing from it.
// How far each folder was read before tells such rows from those of messages that are gone.
func (v *verification) folders(ctx context.Context, s *store.Store, mailbox *intake.Mailbox) error {
	var known []store.Folder
	err := s.View(ctx, func(tx *store.Tx) (err error) { known, err = tx.FindFolders(); return err })
	if err != nil {
		return err
	}
	if len(known) == 0 {
		return withHint(errors.New("no folder was ever looked at"), "guichet run or guichet once looks; --offline proves the database alone")
	}
	for _, f := range known {
		validity, uids, err := mailbox.UIDs(ctx, f.Name)
		r := folderReport{Folder: f.Name, Lying: len(uids)}
		if err == nil {
			err = s.View(ctx, func(tx *store.Tx) error { return r.compare(tx, f.UID, validity, uids) })
		}
		if err != nil {
			r.Problem = err.Error()
		}
		v.Sound = v.Sound && r.Problem == "" && len(r.Missing) == 0
		v.Folders = append(v.Folders, r)
	}
	return nil
}

// compare lays the messages of a folder beside their rows. before is up to where it was read before the server was asked.
func (r *folderReport) compare(tx *store.Tx, before, validity uint32, uids []uint32) error {
	f, err := tx.FindFolder(r.Folder)
	if err != nil {
		return err
	}
	if f.UIDValidity != validity {
		r.Problem = "the server has numbered this folder anew; the daemon reads it again, verify afterwards"
		return nil
	}
	var filed []uint32
	if err := tx.EachPlace(r.Folder, validity, func(uid uint32) { filed = append(filed, uid) }); err != nil {
		return err
	}
	start := f.Start
	if start < 0 && len(filed) > 0 { // of an older program: what lies before the first row was there before
		start = int64(filed[0]) - 1
	}
	for _, uid := range uids {
		_, found := slices.BinarySearch(filed, uid)
		switch {
		case found:
			r.Filed++
		case int64(uid) <= start:
			r.Before++
		case uid > f.UID:
			r.Waiting++
		default:
			r.Missing = append(r.Missing, uid)
		}
	}
	for _, uid := range filed {
		if _, lies := slices.BinarySearch(uids, uid); !lies && uid <= before {
			r.Gone++
		}
	}
	return nil
}

// write tells a person what was found.
func (v *verification) write(w io.Writer) error {
	var s sheet
	for _, f := range v.Folders {
		state := "every message has its row"
		switch {
		case f.Problem != "":
			state = f.Problem
		case len(f.Missing) > 0:
			state = fmt.Sprintf("NOT IN THE LEDGER: UID %v", f.Missing[:min(len(f.Missing), 20)])
		}
		s.line(f.Folder, "%s", state)
		if f.Problem == "" {
			s.line("", "%s lie there: %d filed, %d from before the start, %d to be read; %d more were filed and are gone",
				plural(f.Lying, "message"), f.Filed, f.Before, f.Waiting, f.Gone)
		}
	}
	if len(v.Database) == 0 {
		s.line("database", "sound")
	}
	for _, problem := range v.Database {
		s.line("database", "%s", problem)
	}
	if v.Sound {
		s.line("result", "all of it holds")
	} else {
		s.line("result", "something does not hold; docs/operating.md says what to do")
	}
	_, err := io.WriteString(w, s.String())
	return err
}
