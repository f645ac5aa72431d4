package templates

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// File is a case as letters to staff show it: they may name the requester, but hold nothing of what he
// wrote. Keys are those of package cases; the words for them stand in <language>/staff.tmpl.
type File struct {
	Reference string
	Name      string // of the requester, "" when not known
	Address   string
	Language  string // that the requester is answered in
	Rights    []string
	Status    string
	Outcome   string
	Identity  string
	Flags     []string
	Holds     []Hold // why no acknowledgement left by itself; empty when one did
	Marketing bool   // an objection to direct marketing
	CopyHeld  bool   // a copy of an identity document lies in the mailbox

	Received time.Time
	Due      time.Time // the last day in force
	Latest   time.Time // the last day if the period is extended in time; zero when it was, or is over
	Extended bool
	Days     int // until Due, negative when late
}

// Hold is one reason to leave the acknowledgement to a person.
type Hold struct {
	Key  string // "" for a reason that has no words
	Rule string // such as "B11", "" for none
	Note string // the reason as recorded
}

// Place tells where a message lies in the mailbox.
type Place struct {
	Folder   string // "" when there is no message to point at
	Received time.Time
}

// Notice is what the letter of that name may speak of.
type Notice struct {
	Desk    string
	Why     string // a reply.NoticeReason
	File    File
	Place   Place
	Rules   []string
	Related string   // the case that this one grew out of
	Words   []string // keys of what a reply may say, by <language>/staff.tmpl
	Entry   string   // what the attached calendar entry does: "" for none, "publish" or "cancel"
}

// Reminder is what the letter of that name may speak of.
type Reminder struct {
	Desk     string
	Kind     string // a cases.TaskKind
	Days     int    // left until Date, or late
	Date     time.Time
	File     File
	Place    Place
	Words    []string
	StandsIn bool // the reader is told because nobody acted
}

// Digest is what the letter of that name may speak of.
type Digest struct {
	Desk     string
	Day      time.Time
	Sections []Section // most urgent first, none empty
	Count    map[string]int
	Open     int // all cases that are open
	More     int // cases left out of Sections
	Health   []Health
	Weekly   bool    // nothing to say: the weekly sign of life
	Alarm    bool    // of Health alone
	Words    []Order // examples of what a reply may say
}

// Order is something to answer about a case: Key as in Notice.Words.
type Order struct{ Reference, Key string }

// Section is cases of one urgency.
type Section struct {
	Kind  string // a cases.Section
	Count int    // cases of that kind, those left out included
	Lines []Line
}

// Left is how many cases of the section there was no room for.
func (s Section) Left() int { return s.Count - len(s.Lines) }

// Line is one case of a digest.
type Line struct {
	File  File
	Place Place
	Bar   Bar
	Do    []string // keys of what is to be done
}

// Bar shows the days left of all that there were.
type Bar struct {
	Level string // "late", "soon" or "calm"
	Left  int    // tenths of the period, 0 to 10
}

// Text is the bar in block characters, which have one width in the fonts of plain text.
func (b Bar) Text() string { return strings.Repeat("█", b.Left) + strings.Repeat("░", b.Gone()) }

// Gone is the tenths of the period that are over.
func (b Bar) Gone() int { return 10 - b.Left }

// Colour is that of what is left: seen on white and on black.
func (b Bar) Colour() string {
	if b.Level == "soon" {
		return "#d98a00"
	}
	return "#2a7f62"
}

// Rest is the colour of what is over. Where nothing is left, the whole bar bears it.
func (b Bar) Rest() string {
	switch {
	case b.Level == "late":
		return "#c8372d"
	case b.Left == 0:
		return "#d98a00"
	}
	return "#c3ccd5"
}

// Health is one thing wrong with the program's own way in or out.
type Health struct {
	Kind   string
	Folder string
	Since  time.Time
	Count  int
}

// Summary is what the letter of that name may speak of: what a rush of mail left no room to tell one by one.
type Summary struct {
	Desk  string
	Count int // notices that it stands for
	Lines []SummaryLine
	More  int // lines left out
	Words []Order
}

// SummaryLine is what happened to one case, how often.
type SummaryLine struct {
	File  File   // without a reference where it concerns no case
	Why   string // as in Notice.Why, or a kind of Alert
	Count int
}

// Receipt is what the letter of that name may speak of.
type Receipt struct {
	Desk     string
	Case     string // "" when the commands concern none or several
	Done     []Done
	Changed  int // of Done
	NotRead  int
	Unproven bool
	Words    []string // set when something was not understood
}

// Done is what became of one command.
type Done struct {
	Line    string
	Case    string
	Changed string
	Problem string
	Detail  string
}

// staffFuncs are the functions that only letters to staff call.
func staffFuncs(lang string) map[string]any {
	c := calendars[lang]
	return map[string]any{
		"day":   func(t time.Time) string { return c.days[t.Weekday()] + comma[lang] + c.date(t) },
		"short": func(t time.Time) string { return t.Format(shortDay[lang]) },
		"clock": func(t time.Time) string { return strings.TrimPrefix(t.Format(clock[lang]), "0") },
		"abs":   func(n int) int { return max(n, -n) },
		"count": func(n int, one, many string) string {
			if n == 1 || n == 0 && lang == "fr" { // French counts nothing as one
				return fmt.Sprintf("%d\u00a0%s", n, one)
			}
			return fmt.Sprintf("%d\u00a0%s", n, many)
		},
	}
}

var (
	comma    = map[string]string{"fr": " ", "nl": " ", "de": ", ", "en": " "}
	shortDay = map[string]string{"fr": "02/01", "nl": "02/01", "de": "02.01.", "en": "2 Jan"}
	clock    = map[string]string{"fr": "15\u00a0h\u00a004", "nl": "15.04 uur", "de": "15:04 Uhr", "en": "15:04"}
)

const entrySummary = "entry.summary"

// Entry is the title of a calendar entry on a case's last day. It holds the reference and no personal data.
func (s *Set) Entry(lang, reference string) (string, error) {
	if !slices.Contains(Languages(), lang) {
		lang = Languages()[0]
	}
	l, err := s.letters[lang+"/"+NameNotice]()
	if err != nil {
		return "", fmt.Errorf("rendering the title of a calendar entry: %w", err)
	}
	var b strings.Builder
	if err := l.text.ExecuteTemplate(&b, entrySummary, reference); err != nil {
		return "", fmt.Errorf("rendering the title of a calendar entry: %w", err)
	}
	return strings.Join(strings.Fields(b.String()), " "), nil
}
