package reply

import (
	"errors"
	"fmt"
	netmail "net/mail"
	"time"

	"github.com/wneessen/go-mail"
)

// head is the header of a mail: all that is written into it stands here.
type head struct {
	id, name, subject line
	from, to, replyTo mailbox // replyTo is empty when it says nothing new
	date              time.Time
	fields            []headerField // those that are not empty are written
}

type headerField struct {
	name  mail.Header
	value line
}

// head checks what the header is made of, and refuses what no composer makes.
func (m Mail) head() (head, error) {
	from, to, replyTo, err := m.addresses()
	if err != nil {
		return head{}, err
	}
	if replyTo == from {
		replyTo = mailbox{}
	}
	h := head{
		id: bracketed(m.MessageID), name: displayName(m.FromName), subject: phrase(m.Subject), from: from, to: to, replyTo: replyTo, date: m.Date,
		fields: []headerField{
			{"Auto-Submitted", keywords(m.AutoSubmitted)},
			{mail.HeaderXAutoResponseSuppress, keywords(m.Suppress)},
			{mail.HeaderContentLang, keywords(m.Language)},
			{"X-Case-Ref", keywords(m.Case)},
			{mail.HeaderInReplyTo, bracketed(m.InReplyTo)},
			{mail.HeaderReferences, bracketed(m.References...)},
		},
	}
	err = errors.Join(m.check(), h.id.err, h.name.err, h.subject.err)
	for _, f := range h.fields {
		err = errors.Join(err, f.value.err)
	}
	if err != nil {
		return head{}, fmt.Errorf("checking a mail: %w", err)
	}
	return h, nil
}

// check refuses what is a whole line and yet wrong.
func (m Mail) check() error {
	y := m.Date.Year()
	switch {
	case m.MessageID == "":
		return errors.New("it has no Message-ID")
	case m.Draft && m.AutoSubmitted != "":
		return errors.New("a draft says that it is automatic")
	case !m.Draft && m.AutoSubmitted != "auto-replied" && m.AutoSubmitted != "auto-generated":
		return errors.New("it does not say that it is automatic")
	case len(m.Calendar) > 0 && (m.Case == "" || calendarMethod(m.Calendar) == ""):
		return errors.New("its calendar entry is none, or of no case")
	case oneLine(m.Subject) == "":
		return errors.New("it has no subject")
	case y < 1970 || y > 9999:
		return errors.New("it has no date")
	}
	return nil
}

// write puts the header into a mail.
func (h head) write(msg *mail.Msg) {
	msg.SetDateWithValue(h.date)
	msg.SetGenHeader(mail.HeaderMessageID, h.id.words)
	msg.FromMailAddress(&netmail.Address{Name: h.name.words, Address: h.from.address})
	msg.ToMailAddress(&netmail.Address{Address: h.to.address})
	if h.replyTo != (mailbox{}) {
		msg.ReplyToMailAddress(&netmail.Address{Address: h.replyTo.address})
	}
	msg.Subject(h.subject.words)
	for _, f := range h.fields {
		if f.value.words != "" {
			msg.SetGenHeader(f.name, f.value.words)
		}
	}
}
