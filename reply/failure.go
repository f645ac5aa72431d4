package reply

import (
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"time"
)

// Failure says what a failed delivery means for the mail.
type Failure string

const (
	Temporary Failure = "temporary" // it was not taken and may be tried again
	Permanent Failure = "permanent" // it was refused for good, or cannot be sent at all
	Unknown   Failure = "unknown"   // it was handed over whole, and the answer was not seen
)

// The stages of a delivery, as they stand in SendError.Stage.
const (
	stageCompose = "compose" // the mail cannot be written; nothing was connected
	stageConnect = "connect" // the way to the server, its greeting, TLS and the login
	stageMail    = "mail"    // MAIL FROM
	stageRcpt    = "rcpt"    // RCPT TO
	stageData    = "data"    // the command DATA
	stageContent = "content" // the mail itself, before its end was sent
	stageAnswer  = "answer"  // the answer to the end of the mail
)

// SendError is why a mail was not delivered, or is not known to be. Its text bears no address and none
// of the server's words, which often quote addresses.
type SendError struct {
	Kind  Failure
	Code  int    // the server's reply code, 0 when it gave none
	Stage string // how far it came: "compose", "connect", "mail", "rcpt", "data", "content" or "answer"
	Err   error
}

// Error implements error.
func (e *SendError) Error() string { return "sending a mail: " + e.Class() + e.cause() }

// Class is the failure in a few words without personal data, for the outbox: "permanent at rcpt, code 550".
func (e *SendError) Class() string {
	if e.Code != 0 {
		return fmt.Sprintf("%s at %s, code %d", e.Kind, e.Stage, e.Code)
	}
	return fmt.Sprintf("%s at %s", e.Kind, e.Stage)
}

// cause is what lies beneath, where it cannot hold the server's words.
func (e *SendError) cause() string {
	var reply *textproto.Error
	var garbage textproto.ProtocolError
	switch {
	case e.Err == nil, errors.As(e.Err, &reply):
		return ""
	case errors.As(e.Err, &garbage):
		return ": the server's answer is no SMTP"
	}
	return ": " + e.Err.Error()
}

// Unwrap gives the cause. Unlike Error it may quote the server: it is not for logs.
func (e *SendError) Unwrap() error { return e.Err }

// Recipient reports whether the failure concerns this mail alone, so that the next may fare better at
// once: the server answered, and did not close its doors (421).
func (e *SendError) Recipient() bool {
	return e.Stage == stageCompose || e.Code >= 400 && e.Code != 421 && (e.Stage == stageRcpt || e.Stage == stageAnswer)
}

// failure judges an error of a stage (RFC 5321 section 4.2.1).
func failure(stage string, err error) *SendError {
	e := &SendError{Kind: Temporary, Stage: stage, Err: err}
	var reply *textproto.Error
	if errors.As(err, &reply) {
		e.Code = reply.Code
	} else if errors.Is(err, io.EOF) {
		e.Err = errors.New("the connection ended")
	}
	switch {
	case stage == stageCompose:
		e.Kind = Permanent
	case stage == stageConnect || needsLogin(e.Code):
		// Nothing of this is the mail's fault: it goes once the server or the configuration is mended.
	case e.Code >= 500 && e.Code < 600:
		e.Kind = Permanent
	case stage == stageAnswer && (e.Code < 400 || e.Code >= 600):
		e.Kind = Unknown
	}
	return e
}

// needsLogin reports whether a code is about who we are (RFC 4954 section 6).
func needsLogin(code int) bool { return code == 530 || code == 534 || code == 535 || code == 538 }

// MaxAttempts is how often a mail is tried before staff are told: over about three days, as mail servers
// do (RFC 5321 section 4.5.4.1 wants four to five; a case that nobody acknowledged should not wait longer).
const MaxAttempts = 17

// Backoff is the pause after the given number of failed attempts.
func Backoff(attempt int) time.Duration {
	pauses := []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour}
	return pauses[min(max(attempt, 1), len(pauses))-1]
}
