package main

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// problem is one thing wrong in a config.
type problem struct {
	key  string // such as "imap.server"
	line int    // 0 when the file does not set the key
	text string // what is wrong and what would be right
	hint string
	near string // for an unknown key, the one that was probably meant
}

// syntaxError says where a document stops being TOML.
func (c *config) syntaxError(err error) error {
	var e *toml.DecodeError
	if !errors.As(err, &e) {
		return fmt.Errorf("%s: %s", c.path, strings.TrimPrefix(err.Error(), "toml: "))
	}
	line, _ := e.Position()
	return withHint(fmt.Errorf("%s:%d: %s", c.path, line, strings.TrimPrefix(e.Error(), "toml: ")),
		`a config is TOML: sections such as [imap], and below them lines such as server = "mail.example.org"`)
}

// located is the error of all problems, in the order of their lines; those of keys that the file
// does not set come last.
func (c *config) located(found []problem) error {
	last := func(p problem) int { return cmp.Or(p.line, math.MaxInt) }
	slices.SortStableFunc(found, func(a, b problem) int { return cmp.Compare(last(a), last(b)) })
	errs := make([]error, len(found))
	for i, p := range found {
		place := c.path
		if p.line > 0 {
			place = fmt.Sprintf("%s:%d", c.path, p.line)
		}
		errs[i] = fmt.Errorf("%s: %s: %s", place, p.key, p.text)
		if p.near != "" { // the text names the key
			errs[i] = fmt.Errorf("%s: %s", place, p.text)
		}
		if p.hint != "" {
			errs[i] = withHint(errs[i], "%s", p.hint)
		}
	}
	return errors.Join(errs...)
}

// without leaves out the problems of keys that earlier ones already speak of.
func without(list, earlier []problem) []problem {
	return slices.DeleteFunc(list, func(p problem) bool {
		return slices.ContainsFunc(earlier, func(q problem) bool {
			return p.key == q.key || p.key == q.near || sectionOf(p.key) == q.near // the whole section is misspelt
		})
	})
}
