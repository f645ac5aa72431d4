// Package classify turns the words of a mail into a Verdict: which rights of the GDPR they exercise, how
// surely, and which words show it. It is pure: rules are data (rules/*.toml), and the same Input always
// gives the same Verdict.
//
// How a text is read: boxes.go leaves out what a form's empty boxes stand beside. token.go cuts the rest into sentences
// of folded words, language.go tells its language by the first of them. Each word is looked up once (words.go, memo.go)
// for its atoms: the words and lists of the rules that it stands for. sift.go finds the phrases that may stand in a
// sentence and matter there, match.go where they stand, cite.go the articles that it cites; tally.go weighs what was
// found, and net.go the words where that is nothing, or where it opens a case. A long text has each sentence judged once
// (repeat.go). Rules come from files (rulefile.go, pattern.go, rules.go), and are laid out flat for all this (build.go,
// wordbook.go, layout.go).
package classify

import "guichetdunumerique.be/guichet/cases"

// Input is what is judged: the writer's own words, never quotes or signatures.
type Input struct {
	Subject     string
	Text        string       // the writer's own words
	Relayed     string       // words of another person handed on (a forwarded mail, a web form)
	Attachments []Attachment // names, types and sizes only
	Signed      bool         // S/MIME signature present
	Language    string       // language known from the thread, "" when unknown: decides only when the words are too few
}

// Attachment is what is known of an attached file.
type Attachment struct {
	Name   string
	Type   string
	Size   int64
	Inline bool
}

// Decision says what to do with a message.
type Decision string

const (
	OpenCase Decision = "case"   // a request
	ToTriage Decision = "triage" // may be one: a person must look
	Ignore   Decision = "ignore" // not a request
)

// IdentitySign says which sign of a proof of identity a message shows.
type IdentitySign string

const (
	IdentityNone      IdentitySign = "none"
	IdentityAnnounced IdentitySign = "announced" // the words speak of a proof that is not attached
	IdentityCandidate IdentitySign = "candidate" // an attachment that may be a proof
	IdentitySigned    IdentitySign = "signed"    // a signed document or message
)

// Verdict is the judgement of one message.
type Verdict struct {
	Language  string        // "fr", "nl", "de" or "en"
	Other     bool          // the words are in another language; Language is the desk's first
	Rights    []cases.Right // what would be filed, for OpenCase and ToTriage alike
	Request   bool          // Decision is not Ignore
	Decision  Decision
	Guess     bool    // no rule says so: the words sound like a request, see net.go
	Score     float64 // confidence, 0 to 1
	Identity  IdentitySign
	Declined  bool // the writer declines to send a proof of identity
	TakenBack bool // the writer takes back what he asked for
	Behalf    bool // the writer tells what a person asked, or asks for himself: what a colleague must do to ask anything
	Marketing bool // the objection is to direct marketing (art. 21(2)): no identity needed
	Flags     []cases.Flag
	Evidence  []Evidence // what counted, strongest first
	Cancelled []Evidence // what matched but was undone, with By
}

// Evidence is one match of a rule.
type Evidence struct {
	Right cases.Right
	Rule  string // id of the rule
	Text  string // the words as written
	Part  string // "subject", "text", "relayed" or "attachment"
	Start int    // byte offsets of Text in that part
	End   int
	By    string // id of the rule that undid the match, or of the one that weakened it
}
