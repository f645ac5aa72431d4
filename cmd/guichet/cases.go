package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/store"
)

// soonDays is how near a due date must be to stand out.
const soonDays = 7

func newCases(env environment) *cobra.Command {
	var path string
	var statuses []string
	var asJSON, asCSV bool
	cmd := &cobra.Command{
		Use:   "cases",
		Short: "list the cases, the most urgent first",
		Long: `cases lists all cases by the day on which they are due, or those of some status: triage (to be confirmed by a
person), open, closed. Who asked is not shown; guichet case REF shows it.`,
		Example: `  guichet cases
  guichet cases --status open --status triage
  guichet cases --csv > cases.csv`,
		Args:    arguments(cobra.NoArgs),
		GroupID: groupLook,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if asJSON && asCSV {
				return badUsage(cmd, errors.New("--json and --csv do not go together"))
			}
			filter, err := statusFilter(statuses)
			if err != nil {
				return badUsage(cmd, err)
			}
			c, err := loadConfig(path, env)
			if err != nil {
				return err
			}
			var list []cases.Case
			err = c.view(cmd.Context(), env, func(tx *store.Tx) (err error) {
				list, err = tx.FindCases(filter)
				return err
			})
			if err != nil {
				return err
			}
			return writeCases(env, newRows(list, env.now(), c.Desk.Timezone.Location), asJSON, asCSV)
		},
	}
	configFlag(cmd, &path)
	cmd.Flags().StringSliceVar(&statuses, "status", nil, "only cases of this `status`: triage, open or closed; may repeat")
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object a case")
	cmd.Flags().BoolVar(&asCSV, "csv", false, "comma-separated values with a header")
	_ = cmd.RegisterFlagCompletionFunc("status", cobra.FixedCompletions(
		[]cobra.Completion{string(cases.Triage), string(cases.Open), string(cases.Closed)}, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func statusFilter(names []string) (store.CaseFilter, error) {
	var f store.CaseFilter
	for _, name := range names {
		s := cases.Status(name)
		if s != cases.Triage && s != cases.Open && s != cases.Closed {
			return f, fmt.Errorf("%q is no status; there are triage, open and closed", name)
		}
		f.Statuses = append(f.Statuses, s)
	}
	return f, nil
}

// view opens the store of the config, lets look read from it, and closes it. A store that is not there is
// not made: a wrong path would look like a desk without cases.
func (c *config) view(ctx context.Context, env environment, look func(*store.Tx) error) error {
	path, err := c.database()
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, store.Config{Path: path, Now: env.now, Log: newLogger(env.stderr, c.Log)})
	if err != nil {
		return err
	}
	defer s.Close()
	return s.View(ctx, look)
}

// database is the path of the store, which must be there.
func (c *config) database() (string, error) {
	path := c.file(c.Store.URL)
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return "", withHint(fmt.Errorf("opening the database %s: there is none yet", path), "guichet run makes it; store.url in the config says where")
	}
	return path, nil
}

// caseRow is a case as the list shows it. Its JSON names are those of the columns.
type caseRow struct {
	Reference string        `json:"reference"`
	Status    cases.Status  `json:"status"`
	Outcome   cases.Outcome `json:"outcome,omitempty"`
	Rights    []cases.Right `json:"rights"`
	Identity  string        `json:"identity"`
	Received  string        `json:"received"`
	Due       string        `json:"due"` // the extended date once staff extend
	Extended  bool          `json:"extended"`
	DaysLeft  *int          `json:"days_left"` // negative when late; null once closed
	Language  string        `json:"language"`
	Flags     []cases.Flag  `json:"flags"`
	Hold      string        `json:"hold"`
}

// newRows puts what is still to be answered first, the earliest due date first.
func newRows(list []cases.Case, now time.Time, zone *time.Location) []caseRow {
	today := cases.DateOf(now, zone)
	rows := make([]caseRow, len(list))
	for i, k := range list {
		r := caseRow{
			Reference: k.Reference.String(), Status: k.Status, Outcome: k.Outcome, Rights: append([]cases.Right{}, k.Rights...),
			Identity: string(k.Identity), Received: cases.DateOf(k.Received, zone).String(), Due: k.Due.String(),
			Extended: !k.Extended.IsZero(), Language: k.Language, Flags: append([]cases.Flag{}, k.Flags...), Hold: k.Hold,
		}
		due := k.Due
		if r.Extended {
			due = k.Extended
			r.Due = due.String()
		}
		if k.Status != cases.Closed {
			days := due.Sub(today)
			r.DaysLeft = &days
		}
		rows[i] = r
	}
	slices.SortStableFunc(rows, func(a, b caseRow) int {
		if (a.DaysLeft == nil) != (b.DaysLeft == nil) {
			if a.DaysLeft == nil {
				return 1
			}
			return -1
		}
		return strings.Compare(a.Due, b.Due)
	})
	return rows
}

// tone is how urgent the case is.
func (r caseRow) tone() tone {
	switch {
	case r.DaysLeft == nil:
		return past
	case *r.DaysLeft < 0:
		return late
	case *r.DaysLeft <= soonDays:
		return soon
	}
	return calm
}

// notes are what a person must know beside the dates.
func (r caseRow) notes() string {
	var list []string
	if r.Outcome != "" {
		list = append(list, string(r.Outcome))
	}
	if r.Extended {
		list = append(list, "extended")
	}
	for _, f := range r.Flags {
		list = append(list, string(f))
	}
	if r.Hold != "" && r.Status != cases.Triage { // of these nobody was told a thing, as their status says
		list = append(list, "not acknowledged: "+r.Hold)
	}
	return strings.Join(list, ", ")
}

// days is the number of days left, for people.
func (r caseRow) days() string {
	if r.DaysLeft == nil {
		return "-"
	}
	return strconv.Itoa(*r.DaysLeft)
}

func writeCases(env environment, rows []caseRow, asJSON, asCSV bool) error {
	switch {
	case asJSON:
		for _, r := range rows {
			if err := writeJSON(env.stdout, r); err != nil {
				return err
			}
		}
		return nil
	case asCSV:
		return writeCSV(env.stdout, rows)
	case len(rows) == 0:
		fmt.Fprintln(env.stderr, "no cases")
		return nil
	}
	var t table
	t.add(calm, "REFERENCE", "STATUS", "RIGHTS", "IDENTITY", "RECEIVED", "DUE", "DAYS", "LANG", "NOTES")
	for _, r := range rows {
		t.add(r.tone(), r.Reference, string(r.Status), joined(r.Rights, ", "), r.Identity, r.Received, r.Due, r.days(), r.Language, r.notes())
	}
	return t.write(env.stdout, inColour(env))
}

func writeCSV(out io.Writer, rows []caseRow) error {
	w := csv.NewWriter(out)
	w.Write([]string{"reference", "status", "outcome", "rights", "identity", "received", "due", "extended", "days_left", "language", "flags", "hold"})
	for _, r := range rows {
		days := ""
		if r.DaysLeft != nil {
			days = strconv.Itoa(*r.DaysLeft)
		}
		w.Write([]string{r.Reference, string(r.Status), string(r.Outcome), joined(r.Rights, " "), r.Identity, r.Received, r.Due,
			strconv.FormatBool(r.Extended), days, r.Language, joined(r.Flags, " "), r.Hold})
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return fmt.Errorf("writing: %w", err)
	}
	return nil
}

// joined writes a list of names.
func joined[T ~string](list []T, between string) string {
	names := make([]string, len(list))
	for i, v := range list {
		names[i] = string(v)
	}
	return strings.Join(names, between)
}
