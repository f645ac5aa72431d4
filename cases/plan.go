package cases

// Plan says which reminders staff get. Every length is in days; working days are those that Calendar does
// not close.
type Plan struct {
	Calendar   Calendar
	RemindDays []int // days before the due date, such as 14, 7, 3, 1; the day itself and each working day late come of themselves
	Extend     int   // days before the due date on which the extension is to be decided: 10
	Confirm    int   // working days that a triage case may wait: 1
	Held       int   // working days that a held acknowledgement may wait: 1
	Promptly   int   // working days for a marketing objection or a withdrawal of consent: 2
	Copy       int   // working days after which a copy of an identity document that was looked at must be gone: 5
}

// TaskKind names what is to be done.
type TaskKind string

const (
	TaskDue      TaskKind = "due"      // the answer is due in Days days
	TaskLate     TaskKind = "late"     // the answer is Days days late
	TaskExtend   TaskKind = "extend"   // decide now whether the period must be extended
	TaskConfirm  TaskKind = "confirm"  // say whether this is a request
	TaskHeld     TaskKind = "held"     // nobody acknowledged: write to the requester
	TaskPromptly TaskKind = "promptly" // a marketing objection or a withdrawal of consent waits
	TaskCopy     TaskKind = "copy"     // delete the copy of the identity document
)

// Task is one reminder in force on a day. Its Key goes out once, whatever restarts.
type Task struct {
	Key    string // "due:GDN-2026-0007:7"
	Kind   TaskKind
	Case   string // reference
	Since  Date   // the day from which the reminder is in force: a working day
	Date   Date   // the day it speaks of
	Days   int    // days left until Date, or days late
	Backup bool   // nobody has acted: those who stand in are told too
}

// Section is where a case stands in the digest, most urgent first.
type Section string

const (
	SectionLate          Section = "late"          // past its due date
	SectionSoon          Section = "soon"          // due within the first of RemindDays
	SectionConfirm       Section = "confirm"       // triage: is it a request?
	SectionHeld          Section = "held"          // nobody acknowledged
	SectionUndeliverable Section = "undeliverable" // our mail does not reach the requester
	SectionIdentity      Section = "identity"      // proof missing, announced, refused, or to be looked at
	SectionReplied       Section = "replied"       // answered, still open: one word closes it
	SectionOther         Section = "other"         // everything else that is open
)

// Agenda is what a digest shows: each open case once, in its most urgent section, by due date.
type Agenda struct {
	Day   Date
	Items []AgendaItem
}

// AgendaItem is one case of an agenda.
type AgendaItem struct {
	Case    Case
	Section Section
	Days    int    // until the case's last day; negative when late
	Tasks   []Task // in force on the day
}
