package templates

import (
	"fmt"
	"io/fs"
	"sync"
)

// Load prepares all letters. A file in override, when that is not nil, replaces the embedded one of the
// same path; a template there that replaces nothing is an error, since it would never be used. With an
// override every branch of every letter is run once, so that a broken file is found here: the error names
// file and line. The embedded letters alone are known to be whole, because the tests run them so.
//
// What was parsed for that is dropped, and a letter is parsed again when it is first sent: a desk sends
// few of its letters in few of the languages, and all of them parsed take megabytes.
func Load(override fs.FS) (*Set, error) {
	files, err := readOverride(override)
	if err != nil {
		return nil, err
	}
	s := &Set{letters: map[string]func() (letter, error){}}
	for _, lang := range Languages() {
		words, err := parseWords(files, lang)
		if err != nil {
			return nil, fmt.Errorf("loading letters: %w", err)
		}
		for _, name := range names() {
			if override != nil {
				if err := words.try(files, lang, name); err != nil {
					return nil, fmt.Errorf("loading letters: %w", err)
				}
			}
			s.letters[lang+"/"+name] = sync.OnceValues(func() (letter, error) {
				words, err := parseWords(files, lang)
				if err != nil {
					return letter{}, err
				}
				return words.letter(files, lang, name)
			})
		}
	}
	return s, nil
}

// try runs every branch of a letter.
func (w words) try(files overlay, lang, name string) error {
	l, err := w.letter(files, lang, name)
	if err != nil {
		return err
	}
	for _, data := range samples(name) {
		if _, err := l.render(data); err != nil {
			return err
		}
	}
	return nil
}
