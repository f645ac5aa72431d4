package main

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// decode lays a document over c, one key at a time, so that every wrong key and value is found, with its
// line. The error is of a document that is no TOML.
func (c *config) decode(document []byte) ([]problem, error) {
	var whole map[string]any // finds what only the whole shows, such as a key that is set twice
	if err := toml.Unmarshal(document, &whole); err != nil {
		return nil, c.syntaxError(err)
	}
	c.lines = map[string]int{}
	d := decoder{config: c, keys: configKeys(), line: 1}
	d.parser.Reset(document)
	for d.parser.NextExpression() && len(d.found) < maxProblems {
		d.take(d.parser.Expression())
	}
	return d.found, d.parser.Error()
}

// maxProblems ends the reading of what is hardly a config.
const maxProblems = 100

// decoder goes through the expressions of a document. Each is decoded by itself: the decoder of the whole
// stops at the first wrong value.
type decoder struct {
	*config
	parser  unstable.Parser
	keys    []string // all that exist
	section string   // the one that the expressions stand in, "" at the top
	skip    bool     // it does not exist: what stands in it was told with it
	line    int      // of offset
	offset  int
	found   []problem
}

// take decodes one expression: a section's header, or a key with its value.
func (d *decoder) take(e *unstable.Node) {
	var parts []string
	for it := e.Key(); it.Next(); {
		if parts == nil {
			start := int(it.Node().Raw.Offset)
			d.line += bytes.Count(d.parser.Data()[d.offset:start], []byte("\n"))
			d.offset = start
		}
		parts = append(parts, string(it.Node().Data))
	}
	name := strings.Join(parts, ".")
	if e.Kind == unstable.KeyValue {
		if !d.skip {
			d.set(name, d.parser.Raw(e.Raw), e.Value().Kind)
		}
		return
	}
	d.section, d.skip = name, !isSection(name)
	switch {
	case d.skip:
		d.found = append(d.found, unknownSection(name, d.line))
	case e.Kind == unstable.ArrayTable:
		d.report(name, fmt.Sprintf("[[%s]] has one bracket on each side: [%s]", name, name))
	}
}

func (d *decoder) report(key, text string) {
	d.found = append(d.found, problem{key: key, line: d.line, text: text})
}

// set decodes "key = value" into the config.
func (d *decoder) set(key string, raw []byte, kind unstable.Kind) {
	document := string(raw)
	if d.section != "" {
		key, document = d.section+"."+key, "["+d.section+"]\n"+document
	}
	for _, known := range d.keys { // one for "imap.server = ...", several for "imap = {...}"
		if known == key || strings.HasPrefix(known, key+".") {
			d.lines[known] = d.line
		}
	}
	err := toml.NewDecoder(strings.NewReader(document)).DisallowUnknownFields().Decode(d.config)
	var unknown *toml.StrictMissingError
	if err != nil && !errors.As(err, &unknown) {
		d.report(key, d.wrongValue(key, kind, err))
		return
	}
	if unknown == nil {
		return
	}
	for _, e := range unknown.Errors[:min(len(unknown.Errors), maxProblems)] {
		name := strings.Join(e.Key(), ".")
		if kind == unstable.InlineTable && !strings.HasPrefix(name, key+".") {
			name = key + "." + name // in braces, a name comes without those before it
		}
		d.found = append(d.found, unknownKey(name, d.line))
	}
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
