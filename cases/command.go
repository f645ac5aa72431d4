package cases

import (
	"cmp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

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
	Bare     bool // of VerbConfirm and VerbDismiss: a mere yes or no, which answers the question of a triage case and nothing else
}

// MaxReason bounds what staff may write into a case's history at once, in bytes.
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

// String is the command as one line in English, which ParseCommands reads as the same command.
func (c Command) String() string {
	words := []string{string(c.Verb), c.Case}
	switch c.Verb {
	case VerbClose:
		words = append(words, spaced(string(cmp.Or(c.Outcome, Fulfilled))))
	case VerbConfirm, VerbDismiss:
		if c.Bare {
			words[0] = map[Verb]string{VerbConfirm: "yes", VerbDismiss: "no"}[c.Verb]
		}
	case VerbPause, VerbResume:
		if !c.On.IsZero() {
			words = append(words, "on", c.On.String())
		}
	case VerbIdentity:
		words = identityLine(c)
	case VerbRights:
		words = append(words, spaced(strings.Join(names(c.Rights), " ")))
	case VerbMerge:
		words = append(words, "into", c.Other)
	case VerbDraft:
		words = append(words, string(c.Draft))
	}
	line := strings.Join(strings.Fields(strings.Join(words, " ")), " ")
	if reason := OneLine(c.Reason); reason != "" {
		line += ": " + reason
	}
	return line
}

// identityLine is what staff found of the identity, of its copy, or of both.
func identityLine(c Command) []string {
	found := map[Identity]string{IdentityVerified: "ok", IdentityMissing: "not ok", IdentityNotNeeded: "not needed"}[c.Identity]
	switch {
	case c.Copy == CopyDeleted && found == "":
		return []string{"copy deleted", c.Case}
	case c.Copy == CopyDeleted:
		return []string{string(c.Verb), c.Case, found, "copy deleted"}
	}
	return []string{string(c.Verb), c.Case, found}
}

// spaced is a name as words: "no_identity" as "no identity".
func spaced(name string) string { return strings.ReplaceAll(name, "_", " ") }

// OneLine is what staff wrote as it may stand in a history: on one line, without control characters and marks that
// turn the direction of text, numbers masked (see Mask), at most MaxReason bytes.
func OneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == utf8.RuneError || !unicode.IsPrint(r):
			return -1
		}
		return r
	}, text[:min(len(text), 4*MaxReason)])
	text = Mask(strings.Join(strings.Fields(text), " "))
	for len(text) > MaxReason {
		_, size := utf8.DecodeLastRuneInString(text)
		text = text[:len(text)-size]
	}
	return strings.TrimSpace(text)
}
