package caught_test

import (
	"errors"
	"strings"
	"testing"

	"guichetdunumerique.be/guichet/internal/caught"
)

func at(list []string, i int) string { return list[i] }

func TestAPanicTellsWhereItBeganAndNotItsValue(t *testing.T) {
	for _, tt := range []struct {
		name, kind, place string
		f                 func() error
	}{
		{"words", "string", "caught_test.TestAPanicTellsWhere", func() error { panic("Zyxwaldemar writes") }},
		{"an error with words", "*errors.errorString", "caught_test.TestAPanicTellsWhere", func() error { panic(errors.New("Zyxwaldemar")) }},
		{"beyond a list", "runtime.boundsError", "caught_test.at:", func() error { return errors.New(at([]string{"Zyxwaldemar"}, 1)) }},
		{"in the standard library", "string", "strings.", func() error { return errors.New(strings.Repeat("Zyxwaldemar", -1)) }},
		{"nil", "*runtime.PanicNilError", "caught_test.TestAPanicTellsWhere", func() error { panic(nil) }},
	} {
		err := caught.Run(tt.f)
		var e *caught.Error
		if !errors.As(err, &e) || e.Type != tt.kind || !strings.Contains(e.At, tt.place) || strings.Contains(err.Error(), "Zyxwaldemar") {
			t.Errorf("%s: %v, want %s at %s", tt.name, err, tt.kind, tt.place)
		}
	}
}

func TestWithoutAPanicNothingChanges(t *testing.T) {
	full := errors.New("full")
	if err := caught.Run(func() error { return full }); err != full {
		t.Errorf("%v became %v", full, err)
	}
	if err := caught.Run(func() error { return nil }); err != nil {
		t.Error(err)
	}
}
