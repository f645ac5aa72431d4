package intake

import (
	"fmt"
	"log/slog"
	"strings"
)

// Kind says which step towards the mail failed.
type Kind string

const (
	KindDial     Kind = "dial"     // the server could not be reached
	KindTLS      Kind = "tls"      // no trusted encrypted connection came about
	KindLogin    Kind = "login"    // the server refused the account, or the password could not be had
	KindFolder   Kind = "folder"   // the server refused a folder, or a command within it
	KindProtocol Kind = "protocol" // the server's answer could not be understood, or the connection broke
	KindTimeout  Kind = "timeout"  // the server fell silent
	KindBusy     Kind = "busy"     // the server would put a mail into a folder, but not now
)

// Error is a failure to reach or to read the mailbox. It never holds a word of a mail, nor the server's own
// words, since those may name people.
type Error struct {
	Kind   Kind
	Server string // host:port
	Folder string // "" where no folder is concerned
	Doing  string // what was being done, as a gerund: "logging in"
	Err    error
	Hint   string // how to mend it; "" where nothing but waiting helps

	// Said is the server's own explanation, "" if it gave none. It is for a person at the terminal and is
	// neither part of Error nor logged.
	Said string
}

// Error gives the place, the fact, and then how to mend it.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Server)
	if e.Folder != "" {
		fmt.Fprintf(&b, ", folder %q", e.Folder)
	}
	fmt.Fprintf(&b, ": %s: %v", e.Doing, e.Err)
	if e.Hint != "" {
		b.WriteString("; " + e.Hint)
	}
	return b.String()
}

// Unwrap implements errors.Unwrap.
func (e *Error) Unwrap() error { return e.Err }

// LogValue implements slog.LogValuer.
func (e *Error) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("kind", string(e.Kind)), slog.String("doing", e.Doing),
		slog.String("cause", e.Err.Error()), slog.String("hint", e.Hint),
	)
}
