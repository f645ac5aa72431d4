package templates

import (
	"embed"
	"errors"
	"fmt"
	htmltemplate "html/template"
	"io/fs"
	"maps"
	"path"
	"slices"
	texttemplate "text/template"
)

//go:embed *.html *.txt *.tmpl fr nl de en
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
		if err := s.load(overlay{override}, lang); err != nil {
			return nil, fmt.Errorf("loading letters: %w", err)
		}
	}
	return s, nil
}

// load prepares the letters of one language. All are parsed before the first is run: from then on
// html/template takes no more.
func (s *Set) load(files overlay, lang string) error {
	words, err := parseWords(files, lang)
	if err != nil {
		return err
	}
	for _, name := range names() {
		if s.letters[lang+"/"+name], err = words.letter(files, lang, name); err != nil {
			return err
		}
	}
	for _, name := range names() {
		for _, data := range samples(name) {
			if _, err := s.letters[lang+"/"+name].render(data); err != nil {
				return err
			}
		}
	}
	return nil
}

// parseWords reads what all letters of a language share.
func parseWords(files overlay, lang string) (letter, error) {
	shared := []string{lang + "/rights.tmpl", lang + "/draft.tmpl", lang + "/staff.tmpl", "staff.tmpl", layout}
	src, err := files.read(shared...)
	if err != nil {
		return letter{}, err
	}
	funcs := map[string]any{
		"lang":    func() string { return lang },
		"date":    calendars[lang].date,
		"weekday": calendars[lang].weekday,
	}
	maps.Copy(funcs, staffFuncs(lang))
	words := letter{texttemplate.New("").Funcs(funcs), htmltemplate.New("").Funcs(funcs)}
	if err := errors.Join(parseText(words.text, "marks", plainMarks), parseHTML(words.html, "marks", pageMarks)); err != nil {
		return letter{}, err
	}
	for _, path := range shared {
		if err := errors.Join(parseText(words.text, path, src[path]), parseHTML(words.html, path, src[path])); err != nil {
			return letter{}, err
		}
	}
	return words, nil
}

// letter reads the two files of one letter beside the words. The page shares the trees of the words with
// the other letters: a copy for each, as Clone makes it, would take megabytes.
func (words letter) letter(files overlay, lang, name string) (letter, error) {
	text, content := source(lang, name+".txt"), source(lang, name+".html")
	src, err := files.read(text, content)
	if err != nil {
		return letter{}, err
	}
	var l letter
	if l.text, err = words.text.Clone(); err != nil {
		return letter{}, err
	}
	if err := parseText(l.text, text, src[text]); err != nil {
		return letter{}, err
	}
	l.text = l.text.Lookup(text)
	l.html, err = addPage(words, name, content, src[content])
	return l, err
}

// source is the path of a letter's file: in the folder of the language, or beside layout.html where all
// languages share one shape.
func source(lang, file string) string {
	if _, err := fs.Stat(builtin, lang+"/"+file); err == nil {
		return lang + "/" + file
	}
	return file
}

func parseText(t *texttemplate.Template, name, src string) error {
	_, err := t.New(name).Parse(src)
	return err
}

func parseHTML(t *htmltemplate.Template, name, src string) error {
	_, err := t.New(name).Parse(src)
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
