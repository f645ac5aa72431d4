package templates

import (
	"embed"
	"errors"
	"fmt"
	htmltemplate "html/template"
	"io/fs"
	"path"
	"slices"
	texttemplate "text/template"
)

//go:embed layout.html fr nl de en
var builtin embed.FS

// Load prepares all letters. A file in override, when that is not nil, replaces the embedded one of the
// same path; a template there that replaces nothing is an error, since it would never be used. Every
// branch of every letter is run once, so that a broken file is found here: the error names file and line.
func Load(override fs.FS) (*Set, error) {
	if err := checkPaths(override); err != nil {
		return nil, err
	}
	s := &Set{letters: map[string]letter{}}
	for _, lang := range Languages() {
		for _, name := range []string{NameAcknowledgement, NameAlert} {
			l, err := parse(overlay{override}, lang, name)
			if err != nil {
				return nil, fmt.Errorf("loading letters: %w", err)
			}
			for _, data := range samples(name) {
				if _, err := l.render(lang+"/"+name, data); err != nil {
					return nil, fmt.Errorf("loading letters: %w", err)
				}
			}
			s.letters[lang+"/"+name] = l
		}
	}
	return s, nil
}

// parse reads the files of one letter.
func parse(files overlay, lang, name string) (letter, error) {
	rights, text, content := lang+"/rights.tmpl", lang+"/"+name+".txt", lang+"/"+name+".html"
	src, err := files.read(rights, text, content, "layout.html")
	if err != nil {
		return letter{}, err
	}
	funcs := map[string]any{
		"lang":    func() string { return lang },
		"date":    calendars[lang].date,
		"weekday": calendars[lang].weekday,
	}
	var l letter
	l.text = texttemplate.New(text).Funcs(funcs)
	l.html = htmltemplate.New("layout.html").Funcs(funcs)
	for _, err := range []error{
		parseText(l.text, rights, src[rights]), parseText(l.text, text, src[text]),
		parseHTML(l.html, rights, src[rights]), parseHTML(l.html, content, src[content]),
		parseHTML(l.html, "layout.html", src["layout.html"]),
	} {
		if err != nil {
			return letter{}, err
		}
	}
	return l, nil
}

func parseText(t *texttemplate.Template, name, src string) error {
	if t.Name() != name {
		t = t.New(name)
	}
	_, err := t.Parse(src)
	return err
}

func parseHTML(t *htmltemplate.Template, name, src string) error {
	if t.Name() != name {
		t = t.New(name)
	}
	_, err := t.Parse(src)
	return err
}

// overlay is the operator's files above the embedded ones.
type overlay struct{ override fs.FS }

// read returns the text of files by path.
func (o overlay) read(paths ...string) (map[string]string, error) {
	src := map[string]string{}
	for _, p := range paths {
		b, err := []byte(nil), error(fs.ErrNotExist)
		if o.override != nil {
			b, err = fs.ReadFile(o.override, p)
		}
		if errors.Is(err, fs.ErrNotExist) {
			b, err = builtin.ReadFile(p)
		}
		if err != nil {
			return nil, fmt.Errorf("reading template: %w", err)
		}
		src[p] = string(b)
	}
	return src, nil
}

// checkPaths finds templates of the operator's that would replace nothing. Other files may lie there.
func checkPaths(override fs.FS) error {
	if override == nil {
		return nil
	}
	return fs.WalkDir(override, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("reading the folder of templates: %w", err)
		}
		if d.IsDir() || !slices.Contains([]string{".txt", ".html", ".tmpl"}, path.Ext(p)) {
			return nil
		}
		if _, err := fs.Stat(builtin, p); err != nil {
			return fmt.Errorf("template %s replaces nothing: no letter has a file of that path", p)
		}
		return nil
	})
}
