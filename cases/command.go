package cases

import "time"

// Verb is what staff tell the program to do with a case.
type Verb string

const (
	VerbClose    Verb = "close"    // ends the case with Outcome
	VerbExtend   Verb = "extend"   // extends the period, for Reason (GDPR art. 12(3))
	VerbPause    Verb = "pause"    // begins a pause, for Reason
	VerbResume   Verb = "resume"   // ends it
	VerbIdentity Verb = "identity" // sets what is known of the identity
	VerbRights   Verb = "rights"   // sets the rights asked for
	VerbConfirm  Verb = "confirm"  // it is a request
	VerbDismiss  Verb = "dismiss"  // it is not
	VerbMerge    Verb = "merge"    // this case is the same as Other, which goes on
	VerbNote     Verb = "note"     // writes Reason into the history
	VerbDraft    Verb = "draft"    // puts a draft into the Drafts folder
)

// Command is one thing that staff want done, however it reached us: a line of a mail, or the command line.
type Command struct {
	Verb     Verb
	Case     string   // reference as written in the command, "" where the mail's thread tells it
	Outcome  Outcome  // of VerbClose
	Reason   string   // free words of staff, one line, at most MaxReason bytes
	Identity Identity // of VerbIdentity; "" where only Copy is said
	Copy     Copy     // of VerbIdentity: CopyDeleted when staff say that the copy is deleted
	Rights   []Right  // of VerbRights
	Other    string   // reference, of VerbMerge
	Draft    DraftKind
	On       Date // the day from which a pause or its end counts; zero for today
}

// MaxReason bounds what staff may write into a case's history at once.
const MaxReason = 500

// DraftKind names a letter that the program prepares and a person finishes.
type DraftKind string

const (
	DraftAnswer    DraftKind = "answer"    // the answer to each right of the case
	DraftIdentity  DraftKind = "identity"  // asks for what is needed to know the requester
	DraftExtension DraftKind = "extension" // announces an extension, with reasons
	DraftRefusal   DraftKind = "refusal"
	DraftNothing   DraftKind = "nothing" // no data of the person are held
	DraftClosing   DraftKind = "closing" // what was asked is done
)

// DraftKinds lists them all.
func DraftKinds() []DraftKind {
	return []DraftKind{DraftAnswer, DraftIdentity, DraftExtension, DraftRefusal, DraftNothing, DraftClosing}
}

// Office is who carries out a command, when, and by which calendar.
type Office struct {
	By   string // the person, as events name him
	Now  time.Time
	Term Term
}
