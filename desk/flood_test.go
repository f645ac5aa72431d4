package desk_test

import (
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/intake"
	"guichetdunumerique.be/guichet/intake/message"
	"guichetdunumerique.be/guichet/store"
)

// floodSize is how many mails a flood has: go test ./desk -run CVE202235488 -flood 10000.
var floodSize = flag.Int("flood", 2000, "mails of a flood")

// flood is an office under a flood: a mail every two seconds, the outbox and the plan looked at as the program does.
type flood struct {
	*office
	ticked time.Time
}

func newFlood(t testing.TB) *flood {
	f := &flood{office: newOffice(t)}
	f.Profile.NotifyNew = true
	return f
}

// pour hands over one mail.
func (f *flood) pour(l letter) {
	f.t.Helper()
	f.now = f.now.Add(2 * time.Second)
	f.uid["INBOX"]++
	raw := l.raw()
	must(f.t, f.Take(f.t.Context(), intake.Arrival{
		Folder: "INBOX", UIDValidity: 1, UID: f.uid["INBOX"], InternalDate: f.now,
		Message: message.Parse(message.Source{Head: raw, Size: int64(len(raw))}, message.Limits{}),
	}))
	f.tick(5 * time.Minute)
}

// tick looks at outbox and plan when the last look is so long ago.
func (f *flood) tick(every time.Duration) {
	f.t.Helper()
	if f.now.Sub(f.ticked) < every {
		return
	}
	f.ticked = f.now
	must(f.t, f.Tick(f.t.Context()))
	must(f.t, f.Deliver(f.t.Context()))
}

// stranger is the i-th of many who ask for the same.
func stranger(i int) letter {
	l := erasure()
	l.from, l.id = fmt.Sprintf("P %d <p%d@d%d.example>", i, i, i%700), fmt.Sprintf("%d@flood.example", i)
	return l
}

// most is the highest number of mails of some kinds that left in any stretch of time.
func (f *flood) most(within time.Duration, select_ store.OutFilter) (most int) {
	list := f.outbox(select_)
	for i, from := 0, 0; i < len(list); i++ {
		for list[i].Created.Sub(list[from].Created) >= within {
			from++
		}
		most = max(most, i-from+1)
	}
	return most
}

var acks = store.OutFilter{Kinds: []string{"ack", "identity"}}

func TestCVE202235488AFloodFromManySendersLosesNoRequestAndMailsNoMoreThanTheCap(t *testing.T) {
	f := newFlood(t)
	for i := range *floodSize {
		f.pour(stranger(i))
	}
	poured := f.now
	all := f.allCases()
	if len(all) != *floodSize {
		t.Fatalf("%d cases of %d requests", len(all), *floodSize)
	}
	acknowledged := len(f.outbox(acks))
	for _, k := range all {
		if k.Due.IsZero() || k.Status != cases.Open {
			t.Fatalf("%s has no clock: %s", k.Reference, k.Status)
		}
		if k.Hold == "" {
			acknowledged--
		} else if !strings.HasPrefix(k.Hold, "B14 ") {
			t.Fatalf("%s held for %q", k.Reference, k.Hold)
		}
	}
	if acknowledged != 0 {
		t.Errorf("%d acknowledgements more than cases without a hold", acknowledged)
	}
	if n := f.most(time.Hour, acks); n != f.Profile.RepliesPerHour {
		t.Errorf("%d acknowledgements in an hour, the cap is %d", n, f.Profile.RepliesPerHour)
	}
	if n := len(f.outbox(store.OutFilter{Kinds: []string{"flood"}})); n != 1 {
		t.Errorf("%d alarms of one flood", n)
	}
	f.checkNotices(poured)
	f.checkDigest(*floodSize)
	t.Logf("%d mails: %d acknowledged, %d mails to staff", *floodSize, len(f.outbox(acks)), len(f.post.to(anne)))
}

// checkNotices checks that each case has its notice, by itself or in a summary, and that few mails told it.
func (f *flood) checkNotices(poured time.Time) {
	f.t.Helper()
	for range 24 {
		f.now = f.now.Add(time.Hour)
		must(f.t, f.Tick(f.t.Context()))
		must(f.t, f.Deliver(f.t.Context()))
	}
	notices := store.OutFilter{Kinds: []string{"notice", "alert"}}
	told := map[string]bool{}
	single := 0
	for _, o := range f.outbox(notices) {
		told[o.Case] = true
		switch o.State {
		case store.OutSent:
			single++
		case store.OutTold:
		default:
			f.t.Fatalf("a notice of %s is %s", o.Case, o.State)
		}
	}
	if n := len(f.allCases()); len(told) != n {
		f.t.Errorf("%d of %d cases were told", len(told), n)
	}
	if single != f.Profile.NoticesPerHour {
		f.t.Errorf("%d notices one by one in one rush, the bound is %d", single, f.Profile.NoticesPerHour)
	}
	hours := int(poured.Sub(time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)).Hours())
	if n := len(f.outbox(store.OutFilter{Kinds: []string{"summary"}})); n < hours || n > hours+2 {
		f.t.Errorf("%d summaries in %d hours", n, hours)
	}
	if n := f.most(20*time.Hour, store.OutFilter{Kinds: []string{"due", "late", "held", "confirm", "extend"}}); n > f.Profile.RemindersPerDay {
		f.t.Errorf("%d reminders on a day", n)
	}
}

// checkDigest checks that the digest says how many there are and stays short.
func (f *flood) checkDigest(open int) {
	f.t.Helper()
	m, err := f.Digest(f.t.Context(), cases.DateOf(f.now, time.UTC))
	must(f.t, err)
	lines := strings.Count(m.Text, "GDN-2026-")
	if lines > 210 || len(m.Text) > 100<<10 || len(m.HTML) > 500<<10 {
		f.t.Errorf("a digest of %d lines, %d and %d bytes", lines, len(m.Text), len(m.HTML))
	}
	if !strings.Contains(m.Text, fmt.Sprint(open-200)) {
		f.t.Errorf("it does not say how many more cases there are: %s", m.Text[max(0, len(m.Text)-1500):])
	}
	for _, m := range f.post.mails {
		if len(m.Text)+len(m.HTML) > 600<<10 {
			f.t.Errorf("a mail %q of %d bytes", m.Subject, len(m.Text)+len(m.HTML))
		}
	}
}

func TestCVE202235488AFloodFromOneSenderIsOneCaseAndHoldsUpNobodyElse(t *testing.T) {
	f := newFlood(t)
	for i := range *floodSize {
		l := erasure()
		l.id, l.body = fmt.Sprintf("%d@flood.example", i), l.body+fmt.Sprint(" Réf. ", i)
		if i%1000 == 500 {
			l = stranger(i)
		}
		f.pour(l)
	}
	others := (*floodSize + 499) / 1000
	if all := f.allCases(); len(all) != 1+others {
		t.Errorf("%d cases of one sender and %d others", len(all), others)
	}
	for _, k := range f.allCases() {
		if k.Hold != "" {
			t.Errorf("%s is held: %s", k.Reference, k.Hold)
		}
	}
	if n := len(f.post.to("jan@post.example")); n > 1 {
		t.Errorf("%d mails to the flooder", n)
	}
	if n := len(f.post.to(anne)); n > 30+24 {
		t.Errorf("staff got %d mails", n)
	}
	t.Logf("%d mails to staff", len(f.post.to(anne)))
}

func TestAFloodWithoutARecognisedRightIsFewCases(t *testing.T) {
	f := newFlood(t)
	for i := range min(*floodSize, 500) {
		f.pour(letter{from: "Jan <jan@post.example>", subject: "données", id: fmt.Sprintf("%d@flood.example", i),
			headers: "Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n", body: fmt.Sprint("AAAA", i)})
	}
	if n := len(f.allCases()); n != 20 {
		t.Errorf("%d cases, want twenty and the rest joined to the last", n)
	}
	if n := len(f.post.to("jan@post.example")); n != 0 {
		t.Errorf("%d mails to the flooder", n)
	}
}

func TestOnceARushIsOverWhatItLeftOutIsAcknowledged(t *testing.T) {
	f := newFlood(t)
	for i := range 120 {
		f.pour(stranger(i))
	}
	if n := len(f.outbox(acks)); n != 50 {
		t.Fatalf("%d acknowledgements within the hour", n)
	}
	for range 8 * 12 {
		f.now = f.now.Add(5 * time.Minute)
		f.tick(0)
	}
	if n := f.most(time.Hour, acks); n != 50 {
		t.Errorf("%d acknowledgements in an hour", n)
	}
	for _, k := range f.allCases() {
		if n := len(f.post.to(k.Requester.Address)); n != 1 || k.Hold != "" {
			t.Errorf("%s has %d acknowledgements, held for %q", k.Reference, n, k.Hold)
		}
	}
}

func TestAfterAnAttackTheRestWaitsForAPerson(t *testing.T) {
	f := newFlood(t)
	for i := range 300 {
		f.pour(stranger(i))
	}
	for range 12 {
		f.now = f.now.Add(time.Hour)
		f.tick(0)
	}
	if n := len(f.outbox(acks)); n != 50 {
		t.Errorf("%d acknowledgements", n)
	}
	m, err := f.Digest(t.Context(), cases.Date{Year: 2026, Month: 11, Day: 24})
	must(t, err)
	if !strings.Contains(m.Text, "250") {
		t.Errorf("the digest does not say how many wait:\n%s", m.Text)
	}
	for _, k := range f.allCases()[100:] { // staff sort it out; what they leave is few enough to be a rush
		_, err := f.Instruct(t.Context(), "anne", cases.Command{Verb: cases.VerbClose, Case: k.Reference.String(), Outcome: cases.NotARequest})
		must(t, err)
	}
	for range 12 {
		f.now = f.now.Add(time.Hour)
		f.tick(0)
	}
	if n := len(f.outbox(acks)); n != 100 {
		t.Errorf("%d acknowledgements once staff had sorted it out", n)
	}
}

func TestALateAcknowledgementIsNotTooLate(t *testing.T) {
	f := newFlood(t)
	f.Profile.RepliesPerHour = 2
	for i := range 8 {
		f.pour(stranger(i))
	}
	f.now = f.now.Add(f.Profile.AnswerWithin + time.Second)
	f.tick(0)
	if n := len(f.outbox(acks)); n != 2 {
		t.Errorf("%d acknowledgements days later", n)
	}
}

func TestEverySectionOfADigestHasItsShare(t *testing.T) {
	f := newFlood(t)
	f.Profile.RepliesPerHour = 1
	l := stranger(0)
	f.pour(l) // acknowledged
	for i := range 400 {
		f.pour(stranger(i + 1))
	}
	m, err := f.Digest(t.Context(), cases.Date{Year: 2026, Month: 11, Day: 24})
	must(t, err)
	if !strings.Contains(m.Text, "GDN-2026-0001") {
		t.Error("a flood of held cases pushed another section off the digest")
	}
}
