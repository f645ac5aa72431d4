package templates

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
)

//go:embed *.html *.txt *.tmpl fr nl de en
var builtin embed.FS

// overlay is the operator's files, by path, above the embedded ones.
type overlay map[string]string

// readOverride reads the operator's templates. One that would replace nothing is an error. Other files
// may lie beside them.
func readOverride(override fs.FS) (overlay, error) {
	files := overlay{}
	if override == nil {
		return files, nil
	}
	return files, fs.WalkDir(override, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return fmt.Errorf("reading the folder of templates: %w", err)
		}
		if d.IsDir() || !slices.Contains([]string{".txt", ".html", ".tmpl"}, path.Ext(p)) {
			return nil
		}
		if _, err := fs.Stat(builtin, p); err != nil {
			return fmt.Errorf("template %s replaces nothing: no letter has a file of that path", p)
		}
		b, err := fs.ReadFile(override, p)
		if err != nil {
			return fmt.Errorf("reading template: %w", err)
		}
		files[p] = string(b)
		return nil
	})
}

// read returns the text of a file.
func (o overlay) read(p string) (string, error) {
	if src, ok := o[p]; ok {
		return src, nil
	}
	b, err := builtin.ReadFile(p)
	if err != nil {
		return "", fmt.Errorf("reading template: %w", err)
	}
	return string(b), nil
}

// source is the path of a letter's file: in the folder of the language, or beside layout.html where all
// languages share one shape.
func source(lang, file string) string {
	if _, err := fs.Stat(builtin, lang+"/"+file); err == nil {
		return lang + "/" + file
	}
	return file
}
