package cases_test

import (
	"testing"

	"guichetdunumerique.be/guichet/cases"
)

func TestWhoMustProveIdentity(t *testing.T) {
	published := []cases.Right{cases.Access, cases.Rectification, cases.Erasure, cases.Restriction, cases.Objection, cases.Portability}
	everything := cases.Rights()
	for _, tt := range []struct {
		rights    []cases.Right
		policy    []cases.Right
		marketing bool
		want      bool
		why       string
	}{
		{[]cases.Right{cases.Access}, published, false, true, "the published policy asks"},
		{[]cases.Right{cases.Access}, nil, false, false, "a policy that asks of nobody"},
		{[]cases.Right{cases.ConsentWithdrawal}, published, false, false, "as easy as giving it"},
		{[]cases.Right{cases.ConsentWithdrawal}, everything, false, false, "no policy can ask it"},
		{[]cases.Right{cases.Objection}, published, true, false, "a marketing objection"},
		{[]cases.Right{cases.Objection}, published, false, true, "another objection"},
		{[]cases.Right{cases.Erasure, cases.ConsentWithdrawal}, published, false, true, "one of them needs it"},
		{[]cases.Right{cases.Objection, cases.ConsentWithdrawal}, published, true, false, "neither needs it"},
		{[]cases.Right{cases.Objection, cases.Access}, published, true, true, "access needs it, whatever the objection"},
		{nil, published, false, false, "nothing is asked"},
	} {
		if got := cases.IdentityRequired(tt.rights, tt.policy, tt.marketing); got != tt.want {
			t.Errorf("%v, marketing %v: %v, want %v (%s)", tt.rights, tt.marketing, got, tt.want, tt.why)
		}
	}
}
