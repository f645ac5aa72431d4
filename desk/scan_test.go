package desk_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/desk"
	"guichetdunumerique.be/guichet/intake"
	"guichetdunumerique.be/guichet/intake/message"
	"guichetdunumerique.be/guichet/store"
)

// lying is a letter that has lain in a folder for some days, under a UID.
func (o *office) lying(l letter, uid uint32, days int) intake.Arrival {
	raw := l.raw()
	return intake.Arrival{
		Folder: "Archive", UIDValidity: 1, UID: uid, InternalDate: o.now.AddDate(0, 0, -days),
		Message: message.Parse(message.Source{Head: raw, Size: int64(len(raw))}, message.Limits{}),
	}
}

func (o *office) scan(a intake.Arrival) desk.Scanned {
	o.t.Helper()
	s, err := o.Scan(o.t.Context(), a)
	must(o.t, err)
	must(o.t, o.Deliver(o.t.Context()))
	return s
}

func TestAScanOpensCasesAndMailsNobody(t *testing.T) {
	o := newOffice(t)
	fresh := o.scan(o.lying(erasure(), 4, 0)) // even what arrived a moment ago
	if fresh.Entry.Fate != cases.FateCase || fresh.Opened.Status != cases.Open || fresh.Judgement.Hold != "" {
		t.Fatalf("filed as %+v, opened %+v", fresh.Entry, fresh.Opened)
	}
	l := access()
	l.from, l.id, l.headers = "Eve <eve@else.example>", "eve@else", "Auto-Submitted: auto-generated\n"
	held := o.scan(o.lying(l, 5, 40))
	if h := held.Opened.Hold; !strings.HasPrefix(h, "opened by scan, a person acknowledges; B1") {
		t.Errorf("held because %q", h)
	}
	if n := len(o.outbox(store.OutFilter{})); n != 0 {
		t.Errorf("%d mails in the outbox", n)
	}
	if got := o.events(fresh.Entry.Case); len(got) != 2 || got[1] != cases.EventAckHeld {
		t.Errorf("events %v", got)
	}
}

func TestAScanMovesNoPositionAndFilesNothingTwice(t *testing.T) {
	o := newOffice(t)
	a := o.lying(erasure(), 4, 10)
	first := o.scan(a)
	again := o.scan(a)
	if len(o.allCases()) != 1 || again.Entry.ID != first.Entry.ID || again.Opened.Reference != first.Opened.Reference {
		t.Errorf("%d cases; first %+v, again %+v", len(o.allCases()), first.Entry, again.Entry)
	}
	if _, known, err := o.Position(t.Context(), "Archive"); known || err != nil {
		t.Errorf("the folder is watched: %v, %v", known, err)
	}
	a.Folder, a.UID = "INBOX", 4
	if copied := o.scan(a); copied.Entry.Fate != cases.FateLinked {
		t.Errorf("a copy was filed as %s", copied.Entry.Fate)
	}
	if p, _, _ := o.Position(t.Context(), "INBOX"); p.UID != 0 {
		t.Errorf("position %d", p.UID)
	}
}

func TestTheSameRequestLongAfterIsANewOne(t *testing.T) {
	tests := []struct {
		days int // between the two
		fate cases.Fate
		why  string
	}{
		{20, cases.FateLinked, "the first is still to be answered"},
		{40, cases.FateCase, "the first has long had its answer, or should have"},
	}
	for _, tt := range tests {
		o := newOffice(t)
		o.scan(o.lying(erasure(), 4, 100))
		later := erasure()
		later.id, later.body = "other@post.example", later.body+"\nEncore une fois."
		if s := o.scan(o.lying(later, 5, 100-tt.days)); s.Entry.Fate != tt.fate {
			t.Errorf("%d days later: %s, want %s: %s", tt.days, s.Entry.Fate, tt.fate, tt.why)
		}
	}
}

func TestWhatTheDeskKnows(t *testing.T) {
	o := newOffice(t)
	o.arrive(erasure()) // UID 1 of INBOX
	o.now = o.now.Add(time.Hour)
	begin := o.now
	moved := o.lying(erasure(), 9, 0)
	other := o.lying(access(), 1, 3)
	waiting := o.lying(access(), 2, 0)
	waiting.Folder = "INBOX"
	o.now = o.now.Add(time.Hour)
	scanned := o.lying(access(), 12, 3)
	o.scan(scanned)
	garbled := intake.Arrival{Folder: "INBOX", UIDValidity: 1, UID: 1, InternalDate: o.now, Unreadable: "refused"}
	tests := []struct {
		name string
		a    intake.Arrival
		want bool
	}{
		{"a copy of what was filed", moved, true},
		{"the place of what was filed", garbled, true},
		{"what the desk has yet to read", waiting, true},
		{"what the scan itself filed", scanned, false},
		{"a copy of what the scan itself filed", other, false},
	}
	for _, tt := range tests {
		got, err := o.Knows(t.Context(), tt.a, begin)
		if must(t, err); got != tt.want {
			t.Errorf("%s: known %v", tt.name, got)
		}
	}
}

func TestAScanRefusesPlacesThatMeanSomethingElse(t *testing.T) {
	o := newOffice(t)
	a := o.lying(erasure(), 1, 10)
	a.Folder, a.UIDValidity = "INBOX", 8
	if _, err := o.Scan(t.Context(), a); !errors.Is(err, desk.ErrOtherPlaces) || len(o.allCases()) != 0 {
		t.Errorf("got %v, %d cases", err, len(o.allCases()))
	}
}

func TestTheWordsAroundEvidence(t *testing.T) {
	o := newOffice(t)
	a := o.lying(erasure(), 1, 0)
	s := o.scan(a)
	found := false
	for _, e := range s.Judgement.Verdict.Evidence {
		before, after := s.Judgement.Around(e, 20)
		if len(before) > 20 || len(after) > 20 {
			t.Errorf("%q … %q", before, after)
		}
		found = found || e.Part == "text" && strings.Contains(a.Message.Own, before+e.Text+after) && after != ""
		e.Start++
		if before, after := s.Judgement.Around(e, 20); before != "" || after != "" {
			t.Errorf("words around a wrong place: %q … %q", before, after)
		}
	}
	if !found {
		t.Errorf("no evidence stands in its place: %+v", s.Judgement.Verdict.Evidence)
	}
}
