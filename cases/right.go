package cases

import "slices"

// Right is a right of the data subject under the GDPR.
type Right string

const (
	Access            Right = "access"             // art. 15
	Rectification     Right = "rectification"      // art. 16
	Erasure           Right = "erasure"            // art. 17
	Restriction       Right = "restriction"        // art. 18
	Objection         Right = "objection"          // art. 21
	Portability       Right = "portability"        // art. 20
	ConsentWithdrawal Right = "consent_withdrawal" // art. 7(3)
)

// Rights lists all rights in the order in which they are shown.
func Rights() []Right {
	return []Right{Access, Rectification, Erasure, Restriction, Objection, Portability, ConsentWithdrawal}
}

// Article is the provision of the GDPR that grants the right, such as "15" or "7(3)".
func (r Right) Article() string {
	switch r {
	case Access:
		return "15"
	case Rectification:
		return "16"
	case Erasure:
		return "17"
	case Restriction:
		return "18"
	case Objection:
		return "21"
	case Portability:
		return "20"
	case ConsentWithdrawal:
		return "7(3)"
	}
	return ""
}

// Valid reports whether r is one of Rights.
func (r Right) Valid() bool { return slices.Contains(Rights(), r) }
