package reply

import (
	"time"

	"guichetdunumerique.be/guichet/cases"
)

// Place tells staff where a message lies, so that they find it. It never quotes the message.
type Place struct {
	Folder   string
	Received time.Time
}

// NoticeReason says why staff get a notice.
type NoticeReason string

const (
	NoticeOpened    NoticeReason = "opened"     // a new case
	NoticeTriage    NoticeReason = "triage"     // a new case that a person must confirm
	NoticeMessage   NoticeReason = "message"    // the requester wrote again
	NoticeClosed    NoticeReason = "to_closed"  // the requester wrote to a closed case
	NoticeTakenBack NoticeReason = "taken_back" // the requester no longer asks
	NoticeProof     NoticeReason = "proof"      // what may be a proof of identity came
	NoticeDeclined  NoticeReason = "declined"   // the requester declines to send one
	NoticeForeign   NoticeReason = "foreign"    // somebody else quoted the reference
	NoticeBounced   NoticeReason = "bounced"    // a mail of ours came back
	NoticeChanged   NoticeReason = "changed"    // staff changed the case: dates, rights, status
	NoticeRejected  NoticeReason = "rejected"   // a mail that claims to be staff's was not obeyed
)

// Notice tells one colleague of a new or changed case, with a calendar entry on the due date.
type Notice struct {
	Case             cases.Case
	Why              NoticeReason
	Rules            []string // ids of the rules that made the verdict; of NoticeOpened and NoticeTriage
	Place            Place    // of the message that the notice is about; zero when it is about none
	To               string
	ParentID         string // Message-ID of that message
	ParentReferences []string
	Sequence         int // of the calendar entry: higher than that of every earlier notice of the case
	Now              time.Time
}

// Reminder tells one colleague of a task in force.
type Reminder struct {
	Case     cases.Case
	Task     cases.Task
	Place    Place
	To       string
	StandsIn bool // To is told because nobody acted
	ParentID string
	Now      time.Time
}

// Health is one thing wrong with the program's own way in or out.
type Health struct {
	Kind   string // "silent" (a folder not seen for too long), "outbox" (mails wait), "unreadable", "full", "flood" (acknowledgements held for the cap of an hour), "login" (the server refuses us), "signin" (the provider gives no access tokens any more), "over" (right again)
	Folder string
	Since  time.Time
	Count  int
}

// healthOver is the kind of what is right again.
const healthOver = "over"

// Digest is the daily mail to one colleague.
type Digest struct {
	Day    cases.Date
	Agenda cases.Agenda
	Places map[string]Place // of each case's first message, by reference
	Health []Health
	Weekly bool // nothing to say: the weekly sign of life
	Alarm  bool // of Health alone, sent at once
	To     string
	Now    time.Time
}

// Done is what became of one line that a colleague wrote.
type Done struct {
	Line    string // the command as understood, in the program's words: "close GDN-2026-0007 fulfilled"
	Case    string
	Changed string // what changed, "" when nothing did
	Problem string // a key that the letter puts into words: see CommandProblem in cases
	Detail  string // a date or a reference that belongs to Problem, never staff's own words
}

// Receipt answers a colleague's commands: what was done, what was not understood, and which words are.
type Receipt struct {
	Done       []Done
	NotRead    int  // lines that were not understood
	Unproven   bool // nothing was done: the mail could not be proven to be the colleague's
	To         string
	ParentID   string
	References []string
	Case       string
	Now        time.Time
}

// Draft is a letter to a client that a person finishes.
type Draft struct {
	Case             cases.Case
	Kind             cases.DraftKind
	Reason           string // staff's reason for an extension or a refusal; "" leaves a marked blank
	ParentID         string // Message-ID of the client's message
	ParentReferences []string
	Now              time.Time
}
