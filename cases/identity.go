package cases

import "slices"

// IdentityRequired reports whether a policy that asks a proof of identity for the rights in requiredFor
// asks it of someone who exercises rights. Several rights need a proof as soon as one of them does. An
// objection to direct marketing never does (GDPR art. 21(2)-(3)), nor does taking consent back, which
// must be as easy as giving it (art. 7(3)).
func IdentityRequired(rights, requiredFor []Right, marketing bool) bool {
	return slices.ContainsFunc(rights, func(r Right) bool {
		if r == ConsentWithdrawal || r == Objection && marketing {
			return false
		}
		return slices.Contains(requiredFor, r)
	})
}
