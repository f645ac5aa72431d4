package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"guichetdunumerique.be/guichet/desk"
	"guichetdunumerique.be/guichet/reply"
	"guichetdunumerique.be/guichet/store"
)

func newStatus(env environment) *cobra.Command {
	var path string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "status",
		Short: "is all well? the last looks, the outbox, the next dates",
		Long: `status tells from the database how the desk does: when each folder was last looked at, what waits to be sent, what
is due next, and what is wrong. It may run beside the daemon and changes nothing. It fails where requests cannot come
in or answers cannot go out.`,
		Example: "  guichet status\n  guichet status --json",
		Args:    arguments(cobra.NoArgs),
		GroupID: groupKeep,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := loadConfig(path, env)
			if err != nil {
				return err
			}
			return c.withDesk(cmd.Context(), env, func(d *desk.Desk) error { return c.status(cmd.Context(), env, d, asJSON) })
		},
	}
	configFlag(cmd, &path)
	cmd.Flags().BoolVar(&asJSON, "json", false, "as a JSON object")
	return cmd
}

func (c *config) status(ctx context.Context, env environment, d *desk.Desk, asJSON bool) error {
	found, err := d.Condition(ctx)
	if err != nil {
		return err
	}
	if asJSON {
		err = writeJSON(env.stdout, newConditionReport(found))
	} else {
		err = c.writeStatus(env.stdout, found)
	}
	if err == nil && !found.Well() {
		err = errTold
	}
	return err
}

// nextDates is how many due dates status names.
const nextDates = 5

// writeStatus tells a person how the desk does.
func (c *config) writeStatus(w io.Writer, found desk.Condition) error {
	var s sheet
	state := "well"
	if !found.Well() {
		state = "NOT WELL"
	}
	s.line("state", "%s", state)
	for _, h := range found.Trouble {
		s.line("", "- %s", troubleText(h, c.Desk.Timezone.Location))
	}
	for i, f := range found.Folders {
		name := "folders"
		if i > 0 {
			name = ""
		}
		s.line(name, "%s, last looked at %s", f.Name, ago(found.Now.Sub(f.Checked)))
	}
	if len(found.Folders) == 0 {
		s.line("folders", "none was looked at yet")
	}
	s.line("outbox", "%d to be sent, %d sent, %d refused, %d of unknown fate", found.Outbox[store.OutQueued]+found.Outbox[store.OutSending],
		found.Outbox[store.OutSent], found.Outbox[store.OutFailed], found.Outbox[store.OutUnknown])
	s.line("cases", "%d open, %d to be confirmed", found.Statuses["open"], found.Statuses["triage"])
	for i, row := range newRows(found.Next[:min(len(found.Next), nextDates)], found.Now, c.Desk.Timezone.Location) {
		name := "next"
		if i > 0 {
			name = ""
		}
		s.line(name, "%s due %s%s", row.Reference, row.Due, after(", ", leftOf(row)))
	}
	_, err := io.WriteString(w, s.String())
	return err
}

func leftOf(row caseRow) string {
	if row.DaysLeft == nil {
		return ""
	}
	return daysLeft(*row.DaysLeft)
}

// troubleText says in English what is wrong, as letters to staff do in their language.
func troubleText(h reply.Health, zone *time.Location) string {
	since := ""
	if !h.Since.IsZero() {
		since = " since " + h.Since.In(zone).Format("2006-01-02 15:04")
	}
	switch h.Kind {
	case "silent":
		return fmt.Sprintf("folder %q was not looked at%s", h.Folder, since)
	case "login":
		return fmt.Sprintf("the server refuses to let us into folder %q%s: renew the password or the authorisation", h.Folder, since)
	case "signin":
		return "the provider gives no access tokens any more" + since + ": guichet check says why, guichet check --sign-in signs in again"
	case "full":
		return "the mailbox is more than 80 % full" + since
	case "outbox":
		return plural(h.Count, "mail") + " could not leave" + since
	case "flood":
		return plural(h.Count, "acknowledgement") + " held for the cap of an hour" + since
	case "unreadable":
		return plural(h.Count, "message") + " of the last day could not be read: guichet retry lists them"
	}
	return h.Kind
}

// ago says how long ago something was.
func ago(d time.Duration) string {
	switch {
	case d < time.Minute:
		return "just now"
	case d < 2*time.Hour:
		return plural(int(d.Minutes()), "minute") + " ago"
	case d < 48*time.Hour:
		return plural(int(d.Hours()), "hour") + " ago"
	}
	return plural(int(d.Hours()/24), "day") + " ago"
}

// conditionReport is a Condition as programs read it.
type conditionReport struct {
	Well    bool             `json:"well"`
	Trouble []troubleReport  `json:"trouble"`
	Folders []checkedReport  `json:"folders"`
	Outbox  map[string]int   `json:"outbox"`
	Cases   map[string]int   `json:"cases"`
	Next    []nextDateReport `json:"next"`
}

type troubleReport struct {
	Kind   string     `json:"kind"`
	Folder string     `json:"folder,omitempty"`
	Count  int        `json:"count,omitempty"`
	Since  *time.Time `json:"since,omitempty"`
	Grave  bool       `json:"grave"`
}

type checkedReport struct {
	Folder  string    `json:"folder"`
	Checked time.Time `json:"checked"`
}

type nextDateReport struct {
	Case string `json:"case"`
	Due  string `json:"due"`
}

func newConditionReport(found desk.Condition) conditionReport {
	r := conditionReport{
		Well: found.Well(), Trouble: []troubleReport{}, Folders: []checkedReport{}, Next: []nextDateReport{},
		Outbox: map[string]int{}, Cases: map[string]int{},
	}
	for _, h := range found.Trouble {
		t := troubleReport{Kind: h.Kind, Folder: h.Folder, Count: h.Count, Grave: desk.Grave(h)}
		if !h.Since.IsZero() {
			t.Since = &h.Since
		}
		r.Trouble = append(r.Trouble, t)
	}
	for _, f := range found.Folders {
		r.Folders = append(r.Folders, checkedReport{f.Name, f.Checked})
	}
	for state, n := range found.Outbox {
		r.Outbox[string(state)] = n
	}
	for status, n := range found.Statuses {
		r.Cases[string(status)] = n
	}
	for _, k := range found.Next[:min(len(found.Next), nextDates)] {
		due := k.Due
		if !k.Extended.IsZero() {
			due = k.Extended
		}
		r.Next = append(r.Next, nextDateReport{k.Reference.String(), due.String()})
	}
	return r
}

// label makes a text fit for a label of Prometheus's text format.
func label(text string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(text)
}
