// Package cases is the vocabulary of a data-protection request: the rights of the GDPR, a case and its
// states, its events, what became of a message, and the statutory dates. It does no I/O and reads no
// clock: time is an argument.
package cases

import "time"

// Case is one tracked request of one person.
type Case struct {
	Reference Reference
	Status    Status
	Outcome   Outcome // set when Status is Closed
	Identity  Identity

	// Requester is the person to answer: the address we write to and the name as given. Both are empty
	// once retention has removed the person from the case.
	Requester Requester
	Language  string  // "fr", "nl", "de" or "en": the language we answer in
	Rights    []Right // in the order of Rights()
	Flags     []Flag  // sorted, no duplicates

	// Hold says why no automatic mail may go to the requester; empty when one may (domain rules B1-B20).
	Hold string

	Received  time.Time // when the request reached our server
	Due       Date      // last day to answer: GDPR art. 12(3), Reg. 1182/71 art. 3
	DueWhy    []string  // how Due was found, a sentence a step
	Latest    Date      // last day if an extension notice leaves in time
	LatestWhy []string
	Extended  Date // zero until staff extend
	Pauses    []Pause

	// Marketing is true of an objection to direct marketing: it is unconditional and stops at once
	// (GDPR art. 21(2)-(3)).
	Marketing bool

	// Copy is what became of a copy of an identity document that the requester sent: it is to be deleted once
	// it was looked at (EDPB Guidelines 01/2022 paragraph 79).
	Copy Copy

	// FirstReply is when staff first answered the requester; zero while nobody has.
	FirstReply time.Time
	Opened     time.Time
	Closed     time.Time

	// Related is the reference of the case that this one grew out of (a new right in an old thread).
	Related string
}

// Requester is who asks.
type Requester struct {
	Address string
	Name    string
}

// Pause is a time in which staff hold that the period was suspended (EDPB Guidelines 01/2022 paragraph 159).
// It never moves Due: it only makes a second, arguable date.
type Pause struct {
	From Date
	To   Date   // zero while the pause lasts
	Why  string // in staff's words
}

// Copy says whether a copy of an identity document lies in the mailbox.
type Copy string

const (
	CopyNone    Copy = ""        // none was seen
	CopyHeld    Copy = "held"    // one arrived
	CopyDeleted Copy = "deleted" // staff said that it is deleted
)

// Status is where a case stands.
type Status string

const (
	Triage Status = "triage" // may be a request: a person must confirm or dismiss; the clock runs
	Open   Status = "open"   // a request, not answered in full
	Closed Status = "closed" // ended, with an Outcome
)

// Identity is what is known of the requester's identity. A program never sets Verified.
type Identity string

const (
	IdentityNotNeeded Identity = "not_needed" // the right asked for needs no proof (marketing objection, consent)
	IdentityMissing   Identity = "missing"    // no proof was seen
	IdentityAnnounced Identity = "announced"  // the words announce a proof that is not there
	IdentityCandidate Identity = "candidate"  // an attachment that may be a proof
	IdentitySigned    Identity = "signed"     // a signed message or document, signature not judged
	IdentityVerified  Identity = "verified"   // a person checked it
	IdentityRefused   Identity = "refused"    // the requester declines to send one: a person decides
)

// Outcome is how a case ended.
type Outcome string

const (
	Fulfilled   Outcome = "fulfilled"
	Partly      Outcome = "partly"
	Refused     Outcome = "refused"
	Withdrawn   Outcome = "withdrawn"
	NotARequest Outcome = "not_a_request"
	Duplicate   Outcome = "duplicate"
	NoIdentity  Outcome = "no_identity"
)

// Flag marks what staff must know of a case beside its rights.
type Flag string

const (
	Representative Flag = "representative" // a lawyer, mandate, parent, service or association writes for the person
	Minor          Flag = "minor"          // the person is, or says to be, under age
	Complaint      Flag = "complaint"      // a complaint is made or threatened (art. 77)
	Breach         Flag = "breach"         // a personal-data breach is reported (art. 33)
	Authority      Flag = "authority"      // a supervisory authority or court writes
	DateDoubt      Flag = "date_doubt"     // the server's two receipt dates lie more than a day apart
	Undeliverable  Flag = "undeliverable"  // a mail of ours to the requester came back, or was refused
	TakenBack      Flag = "taken_back"     // the requester wrote that he no longer asks; a person closes the case
)

// Fate is what became of a message. Every message has exactly one.
type Fate string

const (
	FateCase       Fate = "case"       // opened a case
	FateLinked     Fate = "linked"     // belongs to a case that was there
	FateStaff      Fate = "staff"      // written by staff
	FateAutomatic  Fate = "automatic"  // written by a machine, or by ourselves
	FateIgnored    Fate = "ignored"    // not a request
	FateUnreadable Fate = "unreadable" // could not be read in full: a triage case shows it to a person
	FateForeign    Fate = "foreign"    // bears a case's reference but comes from a stranger
)

// EventKind names what happened to a case.
type EventKind string

const (
	EventOpened    EventKind = "opened"     // the case came to be
	EventLinked    EventKind = "linked"     // a further message of the requester
	EventForeign   EventKind = "foreign"    // a stranger quoted the reference
	EventStaff     EventKind = "staff"      // staff wrote
	EventAckQueued EventKind = "ack_queued" // the acknowledgement stands in the outbox
	EventAckHeld   EventKind = "ack_held"   // no automatic acknowledgement: Note says why
	EventSent      EventKind = "sent"       // SMTP took a mail of this case
	EventNotSent   EventKind = "not_sent"   // a mail of this case could not be delivered, or its fate is unknown
	EventIdentity  EventKind = "identity"   // what is known of the identity changed
	EventMoved     EventKind = "moved"      // the message of the case was found again elsewhere in the mailbox
	EventReplied   EventKind = "replied"    // staff answered the requester
	EventBounced   EventKind = "bounced"    // a mail of ours to the requester came back
	EventTakenBack EventKind = "taken_back" // the requester no longer asks
	EventDrafted   EventKind = "drafted"    // a draft for staff was put into Drafts
	EventDraftSent EventKind = "draft_sent" // staff finished and sent a draft
	EventConfirmed EventKind = "confirmed"  // staff: it is a request
	EventRights    EventKind = "rights"     // staff: the rights asked for are others
	EventClosed    EventKind = "closed"     // staff ended the case; Note begins with the outcome
	EventReopened  EventKind = "reopened"   // the case was ended and is open again
	EventExtended  EventKind = "extended"   // staff extended the period
	EventPaused    EventKind = "paused"
	EventResumed   EventKind = "resumed"
	EventMerged    EventKind = "merged"   // another case was merged into this one
	EventNote      EventKind = "note"     // staff's own note
	EventErased    EventKind = "erased"   // the person was removed from the case; Note says why
	EventReread    EventKind = "reread"   // a message that could not be read was read again
	EventRejected  EventKind = "rejected" // a command that was not carried out: not proven, or not understood
)

// Event is one line of a case's history. Events are only ever appended; each bears the hash of the one
// before, so that a changed or missing line shows (see Chain).
type Event struct {
	Case string // reference
	Seq  int    // 1, 2, ... within the case
	At   time.Time
	Kind EventKind
	By   string // "guichet", "requester", or a staff address
	Note string // facts without personal data: rule ids, dates, reasons; "" once retention removed it
	Salt string // random, so that Seal tells nothing of the note; removed with it
	Seal string // SealNote of both, which stands for the note in the chain; "" in histories of older programs
	Hash string // hex SHA-256 over the previous hash and this event
}
