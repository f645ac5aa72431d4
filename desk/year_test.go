package desk_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/store"
)

// requests in four languages, as people write them.
var requests = []string{
	"Bonjour, merci de supprimer toutes mes données personnelles de vos fichiers.",
	"Goedemiddag, graag ontvang ik een kopie van al mijn persoonsgegevens die u bewaart.",
	"Guten Tag, bitte löschen Sie alle meine personenbezogenen Daten.",
	"Hello, please send me a copy of all the personal data you hold about me.",
}

// arrivalsInAYear is how many requests a year has: go test ./desk -run AYear -year 2000.
var arrivalsInAYear = flag.Int("year", 500, "requests of a year")

// A year of a desk: requests at every hour, through holidays and both changes of the clock, with a program that
// is stopped for hours or weeks and started again. What the plan promises is computed here a second time.
func TestAYearOfReminders(t *testing.T) {
	random := rand.New(rand.NewPCG(2027, 1))
	o := newOffice(t)
	o.Profile.RepliesPerHour, o.Profile.RemindersPerDay = 1000, 1000
	zone := o.Profile.Term.Zone
	begin := time.Date(2027, 1, 1, 0, 0, 0, 0, zone)
	y := year{office: o, random: random, closed: map[string]time.Time{}, first: map[string]time.Time{}}
	for _, f := range []string{"INBOX", "Junk", "Sent"} {
		must(t, o.store.Update(t.Context(), func(tx *store.Tx) error {
			return tx.SaveFolder(store.Folder{Name: f, UIDValidity: 1, Began: begin, Checked: begin})
		}))
	}
	due := make([]time.Time, *arrivalsInAYear)
	for i := range due {
		due[i] = begin.Add(time.Duration(random.Int64N(int64(365 * 24 * time.Hour))))
	}
	slices.SortFunc(due, time.Time.Compare)
	down := time.Time{}
	for now := begin; now.Before(begin.AddDate(1, 2, 0)); now = now.Add(time.Duration(60+random.IntN(240)) * time.Minute) {
		if now.Before(down) {
			continue
		}
		if random.IntN(400) == 0 { // stopped: mostly for hours, now and then for weeks
			down = now.Add(time.Duration(1+random.ExpFloat64()*30) * time.Hour)
			continue
		}
		o.now = now
		for len(due) > 0 && due[0].Before(now) {
			y.arrive(due[0])
			due = due[1:]
		}
		y.work()
		must(t, o.Tick(t.Context()))
		y.up = append(y.up, now)
		y.empty()
	}
	y.check(t)
}

// year is what happened in one.
type year struct {
	*office
	random *rand.Rand
	n      int
	open   []string
	closed map[string]time.Time // by reference
	first  map[string]time.Time // when the desk first saw it
	up     []time.Time          // when the program looked at the plan
}

func (y *year) arrive(at time.Time) {
	y.n++
	e := y.office.arrive(letter{
		from: fmt.Sprintf("Person <p%d@post.example>", y.n), subject: "données", id: fmt.Sprintf("r%d@post.example", y.n),
		body: requests[y.n%len(requests)], headers: "Received: from a by b; " + at.Format(time.RFC1123Z) + "\n",
	})
	if e.Case == "" {
		y.t.Fatalf("request %d opened nothing: %s", y.n, e.Reason)
	}
	y.open, y.first[e.Case] = append(y.open, e.Case), y.now
}

// work closes some cases: most in time, some late.
func (y *year) work() {
	y.open = slices.DeleteFunc(y.open, func(ref string) bool {
		if y.random.IntN(160) != 0 {
			return false
		}
		done, err := y.Instruct(y.t.Context(), "anne", cases.Command{Verb: cases.VerbClose, Case: ref, Outcome: cases.Fulfilled})
		must(y.t, err)
		if done.Problem != "" {
			y.t.Fatalf("closing %s: %s", ref, done.Problem)
		}
		y.closed[ref] = y.now
		return true
	})
}

// empty drops what was queued for delivery: this test counts keys.
func (y *year) empty() { y.post.mails = nil }

// check computes for every case which reminders were promised: each step from its day, moved to a working day
// before, until the next step's, if the program looked at a working hour in between.
func (y *year) check(t *testing.T) {
	keys := map[string]bool{}
	for _, m := range y.outbox(store.OutFilter{Kinds: []string{"due", "late", "digest"}}) {
		keys[m.Key] = true
	}
	want := map[string]bool{}
	calendar, zone := cases.Belgium(), y.Profile.Term.Zone
	for _, k := range y.allCases() {
		ref := k.Reference.String()
		until, ended := y.closed[ref]
		for _, at := range y.up {
			day := cases.DateOf(at, zone)
			if at.Before(y.first[ref]) || ended && !at.Before(until) || !calendar.Working(day) || at.In(zone).Hour() < 8 {
				continue
			}
			if step := stepOn(k.Due, day, calendar); step != "" {
				want[strings.Replace(step, "REF", ref, 1)+":1"] = true
			}
		}
	}
	digests := 0
	for _, at := range y.up { // each working morning that the program lived to see, by the first look after it
		day := cases.DateOf(at, zone)
		for !calendar.Working(day) || at.Before(day.In(zone).Add(8*time.Hour)) {
			day = day.AddDays(-1)
		}
		if !want["digest:"+day.String()] && day.Year >= 2027 {
			want["digest:"+day.String()], digests = true, digests+1
		}
	}
	for k := range want {
		if !keys[k] && !strings.HasPrefix(k, "digest:2027-01-0") {
			t.Errorf("promised and not sent: %s", k)
		}
	}
	for k := range keys {
		if !want[k] {
			t.Errorf("sent and not promised: %s", k)
		}
	}
	t.Logf("%d cases, %d looks, %d reminders, %d digests", y.n, len(y.up), len(keys)-digests, digests)
}

// stepOn is the key of the deadline reminder in force on a working day.
func stepOn(due, day cases.Date, calendar cases.Calendar) string {
	if due.Before(day) {
		return "late:REF:" + day.String()
	}
	step := ""
	for _, n := range []int{14, 7, 3, 1, 0} {
		from := due.AddDays(-n)
		for !calendar.Working(from) {
			from = from.AddDays(-1)
		}
		if !day.Before(from) {
			step = fmt.Sprintf("due:REF:%d", n)
		}
	}
	return step
}
