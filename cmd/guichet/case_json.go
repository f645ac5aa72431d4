package main

import (
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/store"
)

// caseJSON is `guichet case --json`: dates as YYYY-MM-DD, instants in RFC 3339 and UTC, "" where there is none.
type caseJSON struct {
	Reference string          `json:"reference"`
	Status    cases.Status    `json:"status"`
	Outcome   cases.Outcome   `json:"outcome"`
	Identity  cases.Identity  `json:"identity"`
	Requester requesterJSON   `json:"requester"`
	Language  string          `json:"language"`
	Rights    []cases.Right   `json:"rights"`
	Flags     []cases.Flag    `json:"flags"`
	Hold      string          `json:"hold"`
	Received  string          `json:"received"`
	Due       string          `json:"due"`
	DueWhy    []string        `json:"due_why"`
	Latest    string          `json:"latest"`
	LatestWhy []string        `json:"latest_why"`
	Extended  string          `json:"extended"`
	First     string          `json:"first_reply"`
	Opened    string          `json:"opened"`
	Closed    string          `json:"closed"`
	Related   string          `json:"related"`
	Events    []eventJSON     `json:"events"`
	Messages  []caseMessage   `json:"messages"`
	Mails     []caseMailState `json:"mails"`
}

type requesterJSON struct {
	Address string `json:"address"`
	Name    string `json:"name"`
}

type eventJSON struct {
	Seq  int             `json:"seq"`
	At   string          `json:"at"`
	Kind cases.EventKind `json:"kind"`
	By   string          `json:"by"`
	Note string          `json:"note"`
	Hash string          `json:"hash"`
}

// caseMessage is where a message of the case lies in the mailbox.
type caseMessage struct {
	Folder      string     `json:"folder"`
	UIDValidity uint32     `json:"uidvalidity"`
	UID         uint32     `json:"uid"`
	Received    string     `json:"received"`
	Fate        cases.Fate `json:"fate"`
	Reason      string     `json:"reason"`
}

// caseMailState is where a mail of ours about the case stands.
type caseMailState struct {
	Key      string         `json:"key"`
	State    store.OutState `json:"state"`
	Attempts int            `json:"attempts"`
	Created  string         `json:"created"`
	Done     string         `json:"done"`
	Error    string         `json:"error"`
}

func (f *caseFile) json() caseJSON {
	j := caseJSON{
		Reference: f.Reference.String(), Status: f.Status, Outcome: f.Outcome, Identity: f.Identity,
		Requester: requesterJSON(f.Requester), Language: f.Language,
		Rights: append([]cases.Right{}, f.Rights...), Flags: append([]cases.Flag{}, f.Flags...), Hold: f.Hold,
		Received: instant(f.Received), Due: f.Due.String(), DueWhy: append([]string{}, f.DueWhy...),
		Latest: f.Latest.String(), LatestWhy: append([]string{}, f.LatestWhy...), Extended: f.Extended.String(),
		First: instant(f.FirstReply), Opened: instant(f.Opened), Closed: instant(f.Closed), Related: f.Related,
		Events: []eventJSON{}, Messages: []caseMessage{}, Mails: []caseMailState{},
	}
	for _, e := range f.events {
		j.Events = append(j.Events, eventJSON{e.Seq, instant(e.At), e.Kind, e.By, e.Note, e.Hash})
	}
	for _, m := range f.messages {
		j.Messages = append(j.Messages, caseMessage{m.Folder, m.UIDValidity, m.UID, instant(m.Received), m.Fate, m.Reason})
	}
	for _, m := range f.mails {
		j.Mails = append(j.Mails, caseMailState{m.Key, m.State, m.Attempts, instant(m.Created), instant(m.Done), m.LastError})
	}
	return j
}

// instant is a time in RFC 3339 and UTC, or "" for none.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
