package desk_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/reply"
	"guichetdunumerique.be/guichet/store"
)

func refused(kind reply.Failure, stage string) error {
	return &reply.SendError{Kind: kind, Stage: stage, Err: errors.New("test")}
}

func TestAPassingFaultIsTriedAgainUnderTheSameMessageID(t *testing.T) {
	o := newOffice(t)
	o.post.fail = []error{refused(reply.Temporary, "dial"), refused(reply.Temporary, "dial")}
	o.arrive(erasure())
	first := o.outbox(store.OutFilter{Kinds: []string{"ack"}})[0]
	if first.State != store.OutQueued || !first.NextAttempt.After(o.now) {
		t.Fatalf("after a passing fault: %s, next attempt %s", first.State, first.NextAttempt)
	}
	for range 2 {
		o.now = o.now.Add(time.Hour)
		must(t, o.Deliver(t.Context()))
	}
	if len(o.post.mails) != 1 || o.post.mails[0].MessageID != first.MessageID {
		t.Errorf("%d mails sent", len(o.post.mails))
	}
	if o.outbox(store.OutFilter{Kinds: []string{"ack"}})[0].Payload != nil {
		t.Errorf("the words of a sent mail stay in the outbox")
	}
}

func TestWhatCannotBeDeliveredIsToldToStaff(t *testing.T) {
	tests := []struct {
		name  string
		fail  error
		state store.OutState
	}{
		{"refused for good", refused(reply.Permanent, "rcpt"), store.OutFailed},
		{"answer not seen", refused(reply.Unknown, "data"), store.OutUnknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := newOffice(t)
			o.post.fail = []error{tt.fail}
			e := o.arrive(erasure())
			if got := o.outbox(store.OutFilter{Kinds: []string{"ack"}})[0].State; got != tt.state {
				t.Errorf("state %s, want %s", got, tt.state)
			}
			if len(o.post.to("jan@post.example")) != 0 {
				t.Error("the client got a mail all the same")
			}
			told := o.post.to("anne@guichetdunumerique.be")
			if len(told) != 1 || !strings.Contains(told[0].Text, e.Case) || strings.Contains(told[0].Text, "jan@") {
				t.Errorf("staff were told: %+v", told)
			}
			o.now = o.now.Add(24 * time.Hour)
			must(t, o.Deliver(t.Context()))
			if len(o.post.to("jan@post.example")) != 0 {
				t.Error("it was sent again")
			}
		})
	}
}

func TestAttemptsEnd(t *testing.T) {
	o := newOffice(t)
	for range reply.MaxAttempts {
		o.post.fail = append(o.post.fail, refused(reply.Temporary, "dial"))
	}
	e := o.arrive(erasure())
	for range reply.MaxAttempts {
		o.now = o.now.Add(24 * time.Hour)
		must(t, o.Deliver(t.Context()))
	}
	if got := o.outbox(store.OutFilter{Kinds: []string{"ack"}})[0].State; got != store.OutFailed {
		t.Errorf("state %s after %d attempts", got, reply.MaxAttempts)
	}
	if got := o.events(e.Case); got[len(got)-1] != cases.EventNotSent {
		t.Errorf("events %v", got)
	}
}

func TestACrashWhileSendingMailsNobodyTwice(t *testing.T) {
	o := newOffice(t)
	o.post.fail = []error{refused(reply.Temporary, "dial")}
	o.arrive(erasure())
	must(t, o.store.Update(t.Context(), func(tx *store.Tx) error {
		row := o.outboxIn(tx)[0]
		row.State = store.OutSending // as a program that died here leaves it
		return tx.UpdateOutgoing(row)
	}))
	must(t, o.Recover(t.Context()))
	must(t, o.Deliver(t.Context()))
	if len(o.post.to("jan@post.example")) != 0 {
		t.Error("a mail of unknown fate was sent again")
	}
	if len(o.post.to("anne@guichetdunumerique.be")) != 1 {
		t.Error("staff were not told")
	}
}

func (o *office) outboxIn(tx *store.Tx) []store.Outgoing {
	list, err := tx.FindOutgoing(store.OutFilter{Kinds: []string{"ack"}})
	must(o.t, err)
	return list
}

func TestCapsHoldMailButNeverCases(t *testing.T) {
	o := newOffice(t)
	o.Profile.RepliesPerAddress, o.Profile.RepliesPerHour = 1, 3
	o.arrive(erasure())
	same := access()
	if e := o.arrive(same); !strings.HasPrefix(o.find(e.Case).Hold, "B14") {
		t.Errorf("second mail to one address in a day: hold %q", o.find(e.Case).Hold)
	}
	var last store.Entry
	for i := range 5 {
		l := erasure()
		l.from, l.id = fmt.Sprintf("p%d@post.example", i), fmt.Sprintf("p%d@post.example", i)
		last = o.arrive(l)
	}
	if n := len(o.outbox(store.OutFilter{Kinds: []string{"ack"}})); n != 3 {
		t.Errorf("%d acknowledgements in an hour, the cap is 3", n)
	}
	if last.Fate != cases.FateCase || !strings.HasPrefix(o.find(last.Case).Hold, "B14") {
		t.Errorf("fate %s, hold %q", last.Fate, o.find(last.Case).Hold)
	}
	if n := len(o.post.to("anne@guichetdunumerique.be")); n != 1 {
		t.Errorf("staff got %d alarms, want one", n)
	}
}
