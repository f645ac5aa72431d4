// Package templates holds the words that guichet sends, a folder a language, embedded and overridable
// from a folder of the operator's.
//
// A letter is two files: <language>/<name>.txt, which begins with the lines "Subject: …" and "From: …"
// (the sender's display name) and a blank line, and <language>/<name>.html, which defines "content" for
// layout.html. Both say the same. <language>/rights.tmpl names the rights for both, and
// <language>/draft.tmpl holds what the letters that a person finishes share.
//
// Letters to staff are lists more than prose: their two files stand beside layout.html, one shape for all
// languages, and take every word from <language>/staff.tmpl.
package templates

import (
	"bytes"
	"fmt"
	htmltemplate "html/template"
	"slices"
	"strings"
	texttemplate "text/template"
)

// Languages are the languages that letters exist in, the first being the fallback.
func Languages() []string { return []string{"fr", "nl", "de", "en"} }

// The letters.
const (
	NameAcknowledgement = "acknowledgement" // to a client; data is an Acknowledgement
	NameAlert           = "alert"           // to staff; data is an Alert
	NameNotice          = "notice"          // to staff; data is a Notice
	NameReminder        = "reminder"        // to staff; data is a Reminder
	NameDigest          = "digest"          // to staff; data is a Digest
	NameReceipt         = "receipt"         // to staff; data is a Receipt
	NameSummary         = "summary"         // to staff; data is a Summary
)

// names lists all letters.
func names() []string {
	return append(draftNames(), NameAcknowledgement, NameAlert, NameNotice, NameReminder, NameDigest, NameReceipt, NameSummary)
}

// Letter is a rendered letter.
type Letter struct {
	Language string // the language it is written in
	Subject  string // one line
	From     string // the sender's display name, one line
	Text     string // lines end in \n
	HTML     string
}

// Set is all letters in all languages, each known to render. It is safe for concurrent use.
type Set struct {
	letters map[string]func() (letter, error) // by "language/name"
}

type letter struct {
	text *texttemplate.Template
	html *htmltemplate.Template
}

// Render writes a letter in a language, or in the first of Languages where lang is none of them.
func (s *Set) Render(name, lang string, data any) (Letter, error) {
	if !slices.Contains(Languages(), lang) {
		lang = Languages()[0]
	}
	path := lang + "/" + name
	parsed, ok := s.letters[path]
	if !ok {
		return Letter{}, fmt.Errorf("rendering %s: there is no such letter", path)
	}
	l, err := parsed()
	if err != nil {
		return Letter{}, fmt.Errorf("rendering %s: %w", path, err)
	}
	out, err := l.render(data)
	out.Language = lang
	return out, err
}

func (l letter) render(data any) (Letter, error) {
	var text, html bytes.Buffer
	if err := l.text.Execute(&text, data); err != nil {
		return Letter{}, fmt.Errorf("rendering a letter: %w", err)
	}
	if err := l.html.Execute(&html, data); err != nil {
		return Letter{}, fmt.Errorf("rendering a letter: %w", err)
	}
	out, err := split(text.String())
	if err != nil {
		return Letter{}, fmt.Errorf("rendering a letter: template: %s:%w", l.text.Name(), err)
	}
	out.HTML = html.String()
	return out, nil
}

// split takes the head of a rendered text from its body. An error begins with the number of the line.
func split(s string) (Letter, error) {
	head, body, found := strings.Cut(strings.ReplaceAll(s, "\r\n", "\n"), "\n\n")
	lines := strings.Split(head, "\n")
	if !found || len(lines) != 2 {
		return Letter{}, fmt.Errorf("1: the file must begin with a line \"Subject: …\", a line \"From: …\" and a blank line")
	}
	var l Letter
	for i, field := range []struct {
		name  string
		value *string
	}{{"Subject: ", &l.Subject}, {"From: ", &l.From}} {
		value, ok := strings.CutPrefix(lines[i], field.name)
		if value = strings.Join(strings.Fields(value), " "); !ok || value == "" {
			return Letter{}, fmt.Errorf("%d: the line must be \"%s…\"", i+1, field.name)
		}
		*field.value = value
	}
	l.Text = wrap(body)
	return l, nil
}
