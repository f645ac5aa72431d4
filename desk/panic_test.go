package desk_test

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/classify"
	"guichetdunumerique.be/guichet/internal/caught"
	"guichetdunumerique.be/guichet/store"
)

// canary stands for what no log may hold.
const canary = "Zyxwaldemar"

// marked is a request with the canary wherever a sender writes.
func marked() letter {
	return letter{from: canary + " <" + canary + "@post.example>", subject: canary, id: canary + ".1@post.example",
		body: "Merci de supprimer toutes mes données personnelles de vos fichiers.\n\n" + canary}
}

// overheard is an office whose log is kept.
func overheard(t *testing.T) (*office, *bytes.Buffer) {
	t.Helper()
	o, log := newOffice(t), &bytes.Buffer{}
	o.Log = slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	t.Cleanup(func() {
		if strings.Contains(strings.ToLower(log.String()), strings.ToLower(canary)) {
			t.Errorf("the log bears the sender's words: %s", log)
		}
	})
	return o, log
}

func TestAFaultOfTheProgramCostsOneMessageItsDetailsAndNoOther(t *testing.T) {
	for what, comes := range map[string]func(*office) store.Entry{
		"it arrives": func(o *office) store.Entry { return o.arrive(marked()) },
		"a scan finds it": func(o *office) store.Entry {
			s, err := o.Scan(o.t.Context(), o.arrivalOf("INBOX", marked(), o.now))
			must(o.t, err)
			return s.Entry
		},
	} {
		t.Run(what, func(t *testing.T) {
			o, log := overheard(t)
			rules := o.Rules
			o.Rules = (*classify.Rules)(nil) // whatever asks them panics
			e := comes(o)
			if k := o.find(e.Case); e.Fate != cases.FateUnreadable || k.Status != cases.Triage || k.Requester != (cases.Requester{}) {
				t.Errorf("filed as %s, %q; case %+v", e.Fate, e.Reason, k)
			}
			if !strings.Contains(log.String(), "panic (runtime.") {
				t.Errorf("the log does not tell of it: %s", log)
			}
			o.Rules = rules
			if e := o.arrive(access()); e.Fate != cases.FateCase {
				t.Errorf("the next message is filed as %s", e.Fate)
			}
			must(t, o.store.Check(t.Context()))
		})
	}
}

func TestAFaultThatNoFilingGetsPastIsAnError(t *testing.T) {
	o, _ := overheard(t)
	o.Store = nil
	var fault *caught.Error
	if err := o.Take(t.Context(), o.arrivalOf("INBOX", marked(), o.now)); !errors.As(err, &fault) {
		t.Fatalf("took it: %v", err)
	}
	if n := len(o.allCases()); n != 0 {
		t.Errorf("%d cases of a filing that was not committed", n)
	}
}

func TestAFaultWhileSendingLeavesTheMailInDoubt(t *testing.T) {
	o, log := overheard(t)
	must(t, o.Take(t.Context(), o.arrivalOf("INBOX", marked(), o.now)))
	o.Sender = &postmanWith{meanwhile: func() { panic(canary + " <" + canary + "@post.example>") }}
	must(t, o.Deliver(t.Context()))
	doubt := 0
	for _, m := range o.outbox(store.OutFilter{Case: first}) {
		if m.State == store.OutUnknown {
			doubt++
		}
		if m.Kind == "ack" && (m.State != store.OutUnknown || strings.Contains(m.LastError, canary)) {
			t.Errorf("the acknowledgement is %s: %s", m.State, m.LastError)
		}
	}
	if doubt == 0 || !strings.Contains(log.String(), `"err":"panic (string) at guichetdunumerique.be/guichet/desk_test.`) {
		t.Errorf("the log does not tell of it: %s", log)
	}
}
