package main

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"guichetdunumerique.be/guichet/cases"
)

// deadlineJSON is one line of `guichet deadline --json`. Its names are fixed.
type deadlineJSON struct {
	Received    string   `json:"received"`
	Due         string   `json:"due"`
	Extended    string   `json:"extended"`
	Why         []string `json:"why"`
	WhyExtended []string `json:"why_extended"`
}

func newDeadline(env environment) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "deadline DATE...",
		Short: "tell by when a request must be answered, and why",
		Long: `deadline tells the last day to answer a request that was received on DATE, and the last day if an extension
notice leaves in time, by GDPR article 12(3) and Regulation (EEC, Euratom) 1182/71, with Belgian public holidays.

DATE is a day (2026-01-31) or an instant (2026-01-31T23:30:00Z); an instant counts for the day that it is in Brussels.`,
		Example: `  guichet deadline 2026-01-31
  guichet deadline --json 2026-01-31 2026-11-30T23:30:00Z`,
		Args:    someArguments("date"),
		GroupID: groupTry,
		RunE: func(_ *cobra.Command, args []string) error {
			return tellDeadlines(env, lawfulTerm(), args, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object a date")
	return cmd
}

// lawfulTerm is the time that the law gives in Belgium, whatever a desk has configured.
func lawfulTerm() cases.Term {
	c := defaults(nil)
	return c.term()
}

// term is the time a desk has to answer.
func (c *config) term() cases.Term {
	t := cases.Term{Months: c.Deadline.Months, ExtensionMonths: c.Deadline.ExtensionMonths, Zone: c.Desk.Timezone.Location}
	if c.Deadline.Holidays == "be" {
		t.Calendar = cases.Belgium()
	}
	return t
}

// tellDeadlines writes the dates of each argument, in their order. A wrong one does not stop the others.
func tellDeadlines(env environment, term cases.Term, args []string, asJSON bool) error {
	var wrong int
	for i, arg := range args {
		day, err := receiptDay(arg, term.Zone)
		if err != nil {
			wrong++
			complain(env.stderr, err)
			continue
		}
		dates := term.DatesOn(day)
		if asJSON {
			err = writeJSON(env.stdout, deadlineJSON{
				Received: dates.Received.String(), Due: dates.Due.String(), Extended: dates.Latest.String(),
				Why: dates.Why, WhyExtended: dates.LatestWhy,
			})
		} else {
			err = writeDates(env.stdout, dates, i > 0)
		}
		if err != nil {
			return err
		}
	}
	if wrong > 0 {
		return errTold
	}
	return nil
}

// receiptDay reads a day, or an instant as the day that it is in zone.
func receiptDay(s string, zone *time.Location) (cases.Date, error) {
	if instant, err := time.Parse(time.RFC3339, s); err == nil {
		return inCalendar(s, cases.DateOf(instant, zone))
	}
	day, err := cases.ParseDate(s)
	if err != nil {
		return cases.Date{}, withHint(fmt.Errorf("%q is not a day that exists, nor an instant", s),
			"write a day as 2026-01-31 or an instant as 2026-01-31T23:30:00+01:00")
	}
	return inCalendar(s, day)
}

// inCalendar refuses days for which the holidays are not known: the present list is of 1974.
func inCalendar(s string, day cases.Date) (cases.Date, error) {
	if day.Year < 1974 || day.Year > 2999 {
		return cases.Date{}, fmt.Errorf("%q: the holidays are known for the years 1974 to 2999", s)
	}
	return day, nil
}

// writeDates explains the dates of one request to a person.
func writeDates(w io.Writer, d cases.Dates, more bool) error {
	gap := ""
	if more {
		gap = "\n"
	}
	_, err := fmt.Fprintf(w, "%sReceived  %s\n", gap, dayName(d.Received))
	if err != nil {
		return err
	}
	if err := writeReasons(w, "Due", d.Due, d.Why); err != nil {
		return err
	}
	return writeReasons(w, "Extended", d.Latest, d.LatestWhy)
}

// writeReasons writes a date and, below it, how it was found.
func writeReasons(w io.Writer, name string, day cases.Date, why []string) error {
	if _, err := fmt.Fprintf(w, "%-8s  %s\n", name, dayName(day)); err != nil {
		return err
	}
	for _, reason := range why {
		if _, err := fmt.Fprintf(w, "          - %s\n", reason); err != nil {
			return err
		}
	}
	return nil
}

// dayName is a day as people check it against a calendar.
func dayName(d cases.Date) string {
	if d.IsZero() {
		return "-"
	}
	return d.String() + " " + d.Weekday().String()
}
