// Package message turns the bytes of a mail into a Message: who wrote, the words written now apart from
// those quoted, what is attached, whether a machine wrote it, which thread it belongs to and what the
// receiving server vouched for. Parsing never fails: what could not be read is said in Problems.
package message

import "time"

// Message is a mail as the rest of the program sees it.
type Message struct {
	MessageID  string   // without angle brackets; "" when missing or unusable
	InReplyTo  []string // Message-IDs, without angle brackets
	References []string

	From       []Address
	Sender     []Address
	ReplyTo    []Address
	To         []Address // To and Resent-To
	Cc         []Address // Cc and Resent-Cc
	ReturnPath ReturnPath

	Subject  string
	Date     time.Time // the sender's claim; never used for a deadline
	Received time.Time // date of the topmost Received field, which our own server wrote; zero when unreadable

	// Text is all readable text, Own the words of the writer himself, Quoted those of earlier mails and
	// Signature what stands under the writer's words (signature, disclaimer, advertisement of the mail app).
	Text      string
	Own       string
	Quoted    string
	Signature string
	OnlyQuote bool // nothing but quoted words was found, so Own holds them

	// Forwarded holds mails handed on inside this one, as message/rfc822 part or as forwarded text.
	Forwarded []Forwarded

	// Form holds the fields of a web form ("Name: ...", "E-mail: ...") when the text is one.
	Form *Form

	Attachments []Attachment
	SMIME       bool // the message is signed (S/MIME), signature not judged
	Encrypted   bool // the content is encrypted and was not read

	Auto         Auto
	Report       *Report // what a bounce or read receipt says of an earlier mail; nil for other mail
	AutoSuppress bool    // X-Auto-Response-Suppress names All or AutoReply: the sender wants no automatic answer
	Junk         bool    // a spam filter of the receiving server marked it

	Authentication []AuthResult // topmost first

	Size      int64    // bytes of the whole mail on the server
	Truncated bool     // parts of the mail were never read
	Problems  []string // what could not be read, in plain words without the mail's own content

	// Fingerprint is a hex SHA-256 of the mail's content that survives a move between servers.
	Fingerprint string
}

// Address is a mailbox. Address is lower-case in its domain and never contains control characters.
type Address struct {
	Name    string
	Address string
}

// ReturnPath is the envelope sender as the receiving server recorded it (RFC 5321 section 4.4).
type ReturnPath struct {
	Present bool
	Null    bool // "<>": a bounce or another answer that must not be answered
	Address string
}

// Attachment is a part that is not the text of the mail. Its bytes are not kept.
type Attachment struct {
	Name   string
	Type   string // lower-case media type, by file name where the declared one says nothing
	Size   int64  // bytes, decoded; an estimate when the part was not read
	Inline bool   // shown within the text (Content-ID or disposition inline)
}

// Forwarded is a mail handed on inside another.
type Forwarded struct {
	From    Address
	Date    time.Time
	Subject string
	Text    string
	Sealed  bool // it came as message/rfc822, not as text
}

// Form is what a web form filled in: the mail comes from our own site and speaks for somebody else.
type Form struct {
	Name    string
	Address string
	Subject string
	Text    string
}

// AutoKind says which machine wrote a mail.
type AutoKind string

const (
	AutoNone         AutoKind = ""
	AutoBounce       AutoKind = "bounce"       // delivery status notification, RFC 3464, or a bounce without that form
	AutoReceipt      AutoKind = "receipt"      // read receipt, RFC 8098
	AutoReport       AutoKind = "report"       // feedback report, RFC 5965, or DMARC/TLS report
	AutoAbsence      AutoKind = "absence"      // vacation notice or out-of-office
	AutoReply        AutoKind = "reply"        // any other automatic answer
	AutoList         AutoKind = "list"         // mailing list or newsletter
	AutoNotification AutoKind = "notification" // a robot, monitoring, shop, calendar or ticket system
)

// Auto says whether a machine wrote the mail, and by which sign (domain rules B1-B8).
type Auto struct {
	Kind   AutoKind
	Reason string // the header or phrase rule that showed it, such as "B1 Auto-Submitted"
	// Certain is true where no person can have written the mail (DSN, MDN, report, null return path,
	// vacation notice by header), so that no right in it can open a case.
	Certain bool
}

// AuthResult is one Authentication-Results field (RFC 8601).
type AuthResult struct {
	Server  string // authserv-id; "" in Microsoft 365's form
	Methods []AuthMethod
}

// AuthMethod is one result, such as dmarc=pass with its properties.
type AuthMethod struct {
	Name   string            // "dmarc", "dkim", "spf", lower-case
	Result string            // "pass", "fail", ..., lower-case
	Props  map[string]string // "header.from" and the like, lower-case keys
}
