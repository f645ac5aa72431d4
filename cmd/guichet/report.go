package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/classify"
	"guichetdunumerique.be/guichet/store"
)

var registerFormats = []string{"html", "csv", "json"}

// newRegisterReport builds the command "report".
func newRegisterReport(env environment) *cobra.Command {
	var path, year, format string
	cmd := &cobra.Command{
		Use:   "report",
		Short: "the register of a year, with its figures",
		Long: `report writes the register of the requests that a year brought, for whoever must show that they were answered
(GDPR, art. 5(2)): a line a case, and how many were closed in time, in how many days they were acknowledged and closed,
which rights were asked for, and what staff corrected. Nobody who asked is named.

A case belongs to the year in which it was received. The page is one file that needs no network, and prints on A4; csv
has a line a case; json is one object with the figures and the cases.`,
		Example: `  guichet report > register.html
  guichet report --year 2025 --format csv > register-2025.csv
  guichet report --year all --format json`,
		Args:    arguments(cobra.NoArgs),
		GroupID: groupLook,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !slices.Contains(registerFormats, format) {
				return badUsage(cmd, fmt.Errorf("%q is no format; there are html, csv and json", format))
			}
			if !yearLike.MatchString(year) {
				return badUsage(cmd, fmt.Errorf("--year: %q is no year such as 2026, nor all", year))
			}
			c, err := loadConfig(path, env)
			if err != nil {
				return err
			}
			today := cases.DateOf(env.now(), c.Desk.Timezone.Location)
			if year == "" {
				year = strconv.Itoa(today.Year)
			}
			return c.report(cmd.Context(), env, registerYear{year, today, c.Desk.Timezone.Location}, format)
		},
	}
	configFlag(cmd, &path)
	cmd.Flags().StringVar(&year, "year", "", "the `year` to report, or all (default the present one)")
	cmd.Flags().StringVar(&format, "format", "html", "of the report: html, csv or json")
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(registerFormats, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// yearLike matches what --year takes: nothing is the present year.
var yearLike = regexp.MustCompile(`^([12][0-9]{3}|all)?$`)

// report reads the cases, and writes their register. Nothing is written of one that could not be read.
func (c *config) report(ctx context.Context, env environment, period registerYear, format string) error {
	var r register
	err := c.view(ctx, env, func(tx *store.Tx) (err error) {
		r, err = readRegister(tx, period)
		return err
	})
	if err != nil {
		return err
	}
	r.Desk, r.Address, r.Made = c.Desk.Name, c.Desk.Address, env.now().In(period.Zone)
	out := bufio.NewWriterSize(env.stdout, 1<<16)
	if err := r.write(out, format); err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("writing: %w", err)
	}
	return nil
}

func (r *register) write(w io.Writer, format string) error {
	switch format {
	case "csv":
		return r.writeCSV(w)
	case "json":
		return r.writeJSON(w)
	}
	return r.writeHTML(w)
}

// readRegister reads the cases of a period, one history at a time.
func readRegister(tx *store.Tx, period registerYear) (register, error) {
	list, err := tx.FindCases(store.CaseFilter{})
	if err != nil {
		return register{}, err
	}
	rows := []registerRow{}
	for _, k := range list {
		if !period.has(k) {
			continue
		}
		h, err := readHistory(tx, k)
		if err != nil {
			return register{}, fmt.Errorf("reading %s: %w", k.Reference, err)
		}
		rows = append(rows, period.row(k, h))
	}
	return newRegister(period, rows), nil
}

// readHistory reads what happened to a case. Of a case that staff found to be no request, the ledger says whether
// the program had asked.
func readHistory(tx *store.Tx, k cases.Case) (h history, err error) {
	ref := k.Reference.String()
	if h.events, err = tx.FindEvents(ref); err != nil || k.Outcome != cases.NotARequest {
		return h, err
	}
	messages, err := tx.FindEntries(store.EntryFilter{Case: ref})
	h.doubted = slices.ContainsFunc(messages, func(m store.Entry) bool {
		return m.Fate == cases.FateUnreadable || m.Fate == cases.FateCase && m.Reason == string(classify.ToTriage)
	})
	return h, err
}
