package desk_test

import (
	"fmt"
	"testing"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/store"
)

// fill gives a desk a past: many closed cases and some open ones, received over the last three weeks.
func fill(b *testing.B, o *office, closed, open int) {
	b.Helper()
	term := o.Profile.Term
	must(b, o.store.Update(b.Context(), func(tx *store.Tx) error {
		for i := range closed + open {
			at := o.now.AddDate(0, 0, -1-i%21)
			d := term.Dates(at)
			k := cases.Case{
				Reference: cases.Reference{Year: 2026}, Status: cases.Open, Identity: cases.IdentityMissing, Language: "fr",
				Requester: cases.Requester{Address: fmt.Sprintf("p%d@post.example", i), Name: "Jan Peeters"}, Rights: []cases.Right{cases.Access, cases.Erasure},
				Received: at, Opened: at, Due: d.Due, DueWhy: d.Why, Latest: d.Latest, LatestWhy: d.LatestWhy,
			}
			if i < closed {
				k.Status, k.Outcome, k.Closed = cases.Closed, cases.Fulfilled, o.now
			}
			if err := tx.CreateCase(&k, "GDN"); err != nil {
				return err
			}
			ref := k.Reference.String()
			err := tx.CreateEntry(&store.Entry{Folder: "INBOX", UIDValidity: 1, UID: uint32(i + 1), Fingerprint: ref, MessageID: ref + "@post.example",
				Received: at, Fate: cases.FateCase, Case: ref})
			if err != nil {
				return err
			}
		}
		return nil
	}))
}

// The cost of a look at the plan, and of a digest, follows the open cases and not those of all years.
func BenchmarkDay(b *testing.B) {
	for _, size := range []struct{ closed, open int }{{0, 1000}, {100_000, 1000}, {100_000, 10}} {
		o := newOffice(b)
		fill(b, o, size.closed, size.open)
		o.now = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
		must(b, o.Tick(b.Context())) // sends the day's reminders and digest
		name := fmt.Sprintf("%d closed, %d open", size.closed, size.open)
		b.Run("tick, "+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				must(b, o.Tick(b.Context()))
			}
		})
		b.Run("digest, "+name, func(b *testing.B) {
			b.ReportAllocs()
			day := cases.Date{Year: 2026, Month: 11, Day: 24}
			for b.Loop() {
				_, err := o.Digest(b.Context(), day)
				must(b, err)
			}
		})
	}
}

// What a mail costs does not depend on the flood that came before it: of other people, or of its own sender.
func BenchmarkFlood(b *testing.B) {
	for _, before := range []int{0, 10_000, 50_000} {
		b.Run(fmt.Sprintf("a stranger, %d cases open", before), func(b *testing.B) {
			f := newFlood(b)
			fill(b, f.office, 0, before)
			f.uid["INBOX"], f.ticked = uint32(before), f.now.AddDate(1, 0, 0)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				f.pour(stranger(i))
			}
		})
	}
	for _, before := range []int{0, 10_000} {
		b.Run(fmt.Sprintf("the same sender, %d mails linked", before), func(b *testing.B) {
			f := newFlood(b)
			f.ticked = f.now.AddDate(1, 0, 0)
			again := func(i int) {
				l := erasure()
				l.id, l.body = fmt.Sprintf("%d@flood.example", i), l.body+fmt.Sprint(" Réf. ", i)
				f.pour(l)
			}
			for i := range before {
				again(i)
			}
			b.ReportAllocs()
			for i := before; b.Loop(); i++ {
				again(i)
			}
		})
	}
	for _, open := range []int{10_000, 50_000} {
		b.Run(fmt.Sprintf("a tick, %d cases held", open), func(b *testing.B) {
			f := newFlood(b)
			fill(b, f.office, 0, open)
			f.now = time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
			must(b, f.Tick(b.Context()))
			b.ReportAllocs()
			for b.Loop() {
				must(b, f.Tick(b.Context()))
			}
		})
	}
}
