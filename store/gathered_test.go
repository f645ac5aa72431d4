package store_test

import (
	"fmt"
	"slices"
	"testing"

	"guichetdunumerique.be/guichet/store"
)

func TestWhatIsGatheredIsToldOnceByCaseAndReason(t *testing.T) {
	s := fresh(t)
	update(t, s, func(tx *store.Tx) error {
		for i := range 30 {
			o := store.Outgoing{
				Key: fmt.Sprintf("notice:%d", i), Kind: "notice", Case: fmt.Sprintf("GDN-2026-%04d", i%3), Recipient: "Anne@desk.example",
				MessageID: fmt.Sprint(i), Payload: []byte("opened"), State: store.OutGathered,
			}
			if i == 29 {
				o.Payload = []byte("rejected")
			}
			if err := tx.Enqueue(&o); err != nil {
				return err
			}
		}
		return nil
	})
	update(t, s, func(tx *store.Tx) error {
		to, err := tx.GatheredFor()
		if err != nil || !slices.Equal(to, []string{"anne@desk.example"}) {
			t.Errorf("recipients %q, %v", to, err)
		}
		list, groups, happenings, err := tx.FindGathered("anne@desk.example", 2)
		if err != nil || len(list) != 2 || groups != 4 || happenings != 30 || list[0].Count != 10 || list[0].Why != "opened" {
			t.Errorf("%+v, %d groups, %d happenings, %v", list, groups, happenings, err)
		}
		return tx.TellGathered("anne@desk.example")
	})
	update(t, s, func(tx *store.Tx) error {
		to, err := tx.GatheredFor()
		if len(to) != 0 {
			t.Errorf("%q are told again", to)
		}
		due, _ := tx.DueOutgoing(100)
		if len(due) != 0 {
			t.Errorf("%d mails without words would be sent", len(due))
		}
		return err
	})
}

func TestHasOutgoingCountsNoFurtherThanAsked(t *testing.T) {
	s := fresh(t)
	update(t, s, func(tx *store.Tx) error {
		for i := range 3 {
			o := store.Outgoing{Key: fmt.Sprintf("ack:%d", i), Kind: "ack", Recipient: "a@b.example", MessageID: fmt.Sprint(i)}
			if err := tx.Enqueue(&o); err != nil {
				return err
			}
		}
		for n, want := range map[int]bool{0: true, 2: true, 3: true, 4: false} {
			if got, err := tx.HasOutgoing(store.OutFilter{Kinds: []string{"ack"}}, n); err != nil || got != want {
				t.Errorf("at least %d: %v, %v", n, got, err)
			}
		}
		return nil
	})
}
