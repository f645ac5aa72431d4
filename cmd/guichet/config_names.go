package main

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// configKeys lists every key of a config, such as "imap.server", in the order of their fields.
func configKeys() []string {
	var list []string
	for _, section := range reflect.VisibleFields(reflect.TypeFor[config]()) {
		name := section.Tag.Get("toml")
		if name == "" {
			continue
		}
		for _, field := range reflect.VisibleFields(section.Type) {
			if key := field.Tag.Get("toml"); key != "" {
				list = append(list, name+"."+key)
			}
		}
	}
	return list
}

// fieldOf is the field of a config that a key sets, or the zero Value.
func fieldOf(c reflect.Value, key string) reflect.Value {
	section, name, _ := strings.Cut(key, ".")
	return tagged(tagged(c, section), name)
}

func tagged(v reflect.Value, name string) reflect.Value {
	if !v.IsValid() || v.Kind() != reflect.Struct {
		return reflect.Value{}
	}
	for _, f := range reflect.VisibleFields(v.Type()) {
		if name != "" && f.Tag.Get("toml") == name {
			return v.FieldByIndex(f.Index)
		}
	}
	return reflect.Value{}
}

// sections lists the sections of a config.
func sections() []string {
	var list []string
	for _, key := range configKeys() {
		section, _, _ := strings.Cut(key, ".")
		list = append(list, section)
	}
	return slices.Compact(list)
}

func isSection(name string) bool { return slices.Contains(sections(), name) }

func unknownSection(name string, line int) problem {
	p := problem{key: name, line: line, text: fmt.Sprintf("unknown section [%s]", name)}
	if p.near = nearest(name, sections()); p.near != "" {
		p.text += fmt.Sprintf("; did you mean [%s]?", p.near)
	} else {
		p.text += "; the sections are " + strings.Join(sections(), ", ")
		p.near = name
	}
	return p
}

// unknownKey says which key was probably meant: one of that name in another section, else the nearest.
func unknownKey(key string, line int) problem {
	p := problem{key: key, line: line, near: key, text: fmt.Sprintf("unknown key %q", key)}
	section, name, dotted := strings.Cut(key, ".")
	if isPassword(name) {
		p.hint = "no secret stands in a config: name the file that holds it with password_file, or use password_command or password_env"
		return p
	}
	if hint := secretHints[strings.TrimPrefix(strings.ToLower(name), "oauth_")]; hint != "" {
		p.hint = "no secret stands in a config: " + hint
		return p
	}
	var same []string
	for _, known := range configKeys() {
		if dotted && strings.HasSuffix(known, "."+name) || !dotted && strings.HasSuffix(known, "."+section) {
			same = append(same, known)
		}
	}
	near := nearestKey(key)
	switch {
	case len(same) == 1:
		p.near = same[0]
		p.text += fmt.Sprintf("; %q exists, in section [%s]", same[0], sectionOf(same[0]))
	case len(same) > 1:
		p.text += fmt.Sprintf("; it exists as %s", strings.Join(same, " and "))
	case near != "":
		p.near = near
		p.text += fmt.Sprintf("; did you mean %q?", near)
	case isSection(section):
		p.text += fmt.Sprintf("; [%s] has %s", section, strings.Join(keysOf(section), ", "))
	}
	return p
}

// isPassword reports whether a key's name says that a secret follows.
func isPassword(name string) bool {
	return slices.Contains([]string{"password", "passwd", "pass", "passphrase", "secret", "token", "pwd"}, strings.ToLower(name))
}

// secretHints say where the secrets of a sign-in belong that are often written into a config.
var secretHints = map[string]string{
	"client_secret": "name the file that holds it with oauth_client_secret_file, or use oauth_client_secret_command or oauth_client_secret_env",
	"refresh_token": "guichet check --sign-in puts it into the file that oauth_token_file names",
	"access_token":  "guichet check --sign-in puts it into the file that oauth_token_file names",
}

func sectionOf(key string) string {
	section, _, _ := strings.Cut(key, ".")
	return section
}

func keysOf(section string) []string {
	var names []string
	for _, key := range configKeys() {
		if name, found := strings.CutPrefix(key, section+"."); found {
			names = append(names, name)
		}
	}
	return names
}

// oftenWritten are names from other programs' configs, with the key that does their work here.
var oftenWritten = map[string]string{"port": "server", "host": "server", "user": "username", "login": "username"}

// nearestKey is the key that was probably meant, or "". Within a section that exists the name alone must be near.
func nearestKey(key string) string {
	section, name, _ := strings.Cut(key, ".")
	if !isSection(section) {
		return nearest(key, configKeys())
	}
	names := keysOf(section)
	for _, written := range slices.Sorted(maps.Keys(oftenWritten)) {
		if slices.Contains(names, oftenWritten[written]) {
			names = append(names, written)
		}
	}
	near := nearest(name, names)
	if near == "" {
		return ""
	}
	if meant, found := oftenWritten[near]; found {
		near = meant
	}
	return section + "." + near
}

// nearest is the candidate with the fewest changed letters from word, if they are few enough for a slip.
func nearest(word string, candidates []string) string {
	if len(word) > 60 {
		return "" // no slip of the hand, and the work grows with its length
	}
	best, least := "", 1+len(word)/3
	for _, c := range candidates {
		if d := distance(strings.ToLower(word), c); d < least || d == least && best == "" {
			best, least = c, d
		}
	}
	return best
}

// distance counts the letters to insert, delete, replace or swap with their neighbour to make a into b
// (optimal string alignment).
func distance(a, b string) int {
	var before, last []int
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before, last, row = last, row, make([]int, len(b)+1)
		row[0] = i + 1
		for j := range len(b) {
			change := 1
			if a[i] == b[j] {
				change = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+change)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(b)]
}
