package main

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// problem is one thing wrong in a config.
type problem struct {
	key  string // such as "imap.server"
	line int    // 0 when the file does not set the key
	text string // what is wrong and what would be right
	hint string
	near string // for an unknown key, the one that was probably meant
}

// decode lays a document over c, one key at a time, so that every wrong key and value is found, with its
// line. The error is of a document that is no TOML.
func (c *config) decode(document []byte) ([]problem, error) {
	var whole map[string]any // finds what only the whole shows, such as a key that is set twice
	if err := toml.Unmarshal(document, &whole); err != nil {
		return nil, c.syntaxError(err)
	}
	c.lines = map[string]int{}
	var found []problem
	var parser unstable.Parser
	parser.Reset(document)
	section, header, skip := "", "", false
	for parser.NextExpression() {
		e := parser.Expression()
		keys, line := keyParts(&parser, e)
		if e.Kind == unstable.KeyValue {
			if !skip {
				found = append(found, c.set(section, header, keys, line, parser.Raw(e.Raw), e.Value().Kind)...)
			}
			continue
		}
		section, header = strings.Join(keys, "."), "["+quoteKeys(keys)+"]\n"
		if skip = !isSection(section); skip {
			found = append(found, unknownSection(section, line))
		} else if e.Kind == unstable.ArrayTable {
			found = append(found, problem{key: section, line: line, text: fmt.Sprintf("[[%s]] has one bracket on each side: [%s]", section, section)})
		}
	}
	return found, nil
}

// set decodes one "key = value" of a section into c.
func (c *config) set(section, header string, keys []string, line int, raw []byte, kind unstable.Kind) []problem {
	key := strings.Join(keys, ".")
	if section != "" {
		key = section + "." + key
	}
	for _, known := range configKeys() { // one for "imap.server = ...", several for "imap = {...}"
		if known == key || strings.HasPrefix(known, key+".") {
			c.lines[known] = line
		}
	}
	decoder := toml.NewDecoder(strings.NewReader(header + string(raw)))
	err := decoder.DisallowUnknownFields().Decode(c)
	var unknown *toml.StrictMissingError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &unknown):
		var found []problem
		for _, e := range unknown.Errors {
			name := strings.Join(e.Key(), ".")
			if kind == unstable.InlineTable && !strings.HasPrefix(name, key+".") {
				name = key + "." + name // in braces, a name comes without those before it
			}
			found = append(found, unknownKey(name, line))
		}
		return found
	}
	return []problem{{key: key, line: line, text: c.wrongValue(key, kind, err)}}
}

// wrongValue says what kind of value a key takes, or what its type found wrong with the one it got.
func (c *config) wrongValue(key string, kind unstable.Kind, err error) string {
	field := fieldOf(reflect.ValueOf(c).Elem(), key)
	if !field.IsValid() {
		return "is a section: its keys stand under [" + key + "]"
	}
	if own := field.Type() == reflect.TypeFor[duration]() || field.Type() == reflect.TypeFor[zone](); own && kind == unstable.String {
		return strings.TrimPrefix(err.Error(), "toml: ")
	}
	return fmt.Sprintf("%s is needed here, not %s", kindOf(field.Type()), kindName(kind))
}

// kindOf names the values that a type takes.
func kindOf(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[duration]():
		return `a length of time such as "90s" or "5m"`
	case reflect.TypeFor[zone]():
		return `a time zone such as "Europe/Brussels"`
	}
	switch t.Kind() {
	case reflect.Slice:
		return `a list of texts such as ["one", "two"]`
	case reflect.Int, reflect.Int64:
		return "a whole number"
	case reflect.Float64:
		return "a number such as 0.5"
	}
	return "a text in quotes"
}

// kindName names what was found instead.
func kindName(k unstable.Kind) string {
	switch k {
	case unstable.String:
		return "a text"
	case unstable.Bool:
		return "true or false"
	case unstable.Integer:
		return "a whole number"
	case unstable.Float:
		return "a number with a fraction"
	case unstable.Array:
		return "this list"
	case unstable.InlineTable:
		return "a table in braces"
	}
	return "a date or time"
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

// located is the error of all problems, in the order of their lines.
func (c *config) located(found []problem) error {
	slices.SortStableFunc(found, func(a, b problem) int {
		switch {
		case a.line == b.line:
			return 0
		case b.line == 0, a.line != 0 && a.line < b.line:
			return -1
		}
		return 1
	})
	errs := make([]error, len(found))
	for i, p := range found {
		place := c.path
		if p.line > 0 {
			place = fmt.Sprintf("%s:%d", c.path, p.line)
		}
		errs[i] = fmt.Errorf("%s: %s: %s", place, p.key, p.text)
		if p.near != "" || p.text == "" {
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
		return slices.ContainsFunc(earlier, func(q problem) bool { return p.key == q.key || p.key == q.near })
	})
}

// keyParts are the parts of an expression's key, and its line.
func keyParts(parser *unstable.Parser, e *unstable.Node) (parts []string, line int) {
	for it := e.Key(); it.Next(); {
		if line == 0 {
			line = 1 + bytes.Count(parser.Data()[:it.Node().Raw.Offset], []byte("\n"))
		}
		parts = append(parts, string(it.Node().Data))
	}
	return parts, line
}

// quoteKeys writes a dotted key so that any of its parts is read back.
func quoteKeys(parts []string) string {
	quoted := make([]string, len(parts))
	for i, p := range parts {
		quoted[i] = fmt.Sprintf("%q", p)
	}
	return strings.Join(quoted, ".")
}
