package classify_test

import (
	"testing"

	"guichetdunumerique.be/guichet/classify"
)

func TestTheBuiltInRulesLoad(t *testing.T) {
	r, err := classify.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Version()) != 12 {
		t.Fatalf("version %q is not twelve hexadecimal digits", r.Version())
	}
	v := r.Classify(classify.Input{Text: "Tímto žádám o přístup k osobním údajům podle článku 15 GDPR."}, classify.Options{})
	t.Logf("%+v", v)
}
