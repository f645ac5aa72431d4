package classify

import (
	"fmt"
	"slices"
)

// Check tries the examples written beside the rules: each of examples must be found by its rule, none of
// not may look like a request. It returns what is not so, each a *RuleError.
func (r *Rules) Check() []error {
	_, examples, err := load(r.overlay)
	if err != nil {
		return []error{err} // the files changed since
	}
	var errs []error
	for _, e := range examples {
		v := r.Classify(Input{Text: e.text}, Options{})
		switch {
		case e.unwanted && v.Decision == OpenCase:
			errs = append(errs, e.at.because(fmt.Errorf("%q opens a case by %s", e.text, v.Evidence[0].Rule)))
		case !e.unwanted && !v.cites(e.rule):
			errs = append(errs, e.at.because(fmt.Errorf("%q is not found by the rule", e.text)))
		}
	}
	return errs
}

// example is a sentence beside a rule.
type example struct {
	rule, text string
	unwanted   bool
	at         RuleError
}

// cites reports whether a rule counted in the verdict, as evidence or by undoing some.
func (v Verdict) cites(rule string) bool {
	shown := func(e Evidence) bool { return e.Rule == rule || e.By == rule }
	return slices.ContainsFunc(v.Evidence, shown) || slices.ContainsFunc(v.Cancelled, shown)
}
