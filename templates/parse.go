package templates

import (
	"errors"
	htmltemplate "html/template"
	"maps"
	texttemplate "text/template"
	"text/template/parse"
)

const layout = "layout.html"

// words are the templates that the letters of a language share. Those of pages are kept unescaped until
// they are part of one.
type words struct {
	text, page *texttemplate.Template
	funcs      map[string]any
}

// parseWords reads what all letters of a language share.
func parseWords(files overlay, lang string) (words, error) {
	w := words{funcs: map[string]any{
		"lang":    func() string { return lang },
		"date":    calendars[lang].date,
		"weekday": calendars[lang].weekday,
	}}
	maps.Copy(w.funcs, staffFuncs(lang))
	w.text, w.page = texttemplate.New("").Funcs(w.funcs), texttemplate.New("").Funcs(w.funcs)
	if err := errors.Join(add(w.text, "marks", plainMarks), add(w.page, "marks", pageMarks)); err != nil {
		return w, err
	}
	for _, path := range []string{lang + "/rights.tmpl", lang + "/draft.tmpl", lang + "/staff.tmpl", "staff.tmpl", layout} {
		src, err := files.read(path)
		if err != nil {
			return w, err
		}
		if err := errors.Join(add(w.text, path, src), add(w.page, path, src)); err != nil {
			return w, err
		}
	}
	return w, nil
}

// letter reads the two files of one letter and takes of the words what they use.
func (w words) letter(files overlay, lang, name string) (letter, error) {
	text, content := source(lang, name+".txt"), source(lang, name+".html")
	plain, err := w.text.Clone()
	if err != nil {
		return letter{}, err
	}
	page, err := w.page.Clone()
	if err != nil {
		return letter{}, err
	}
	for path, t := range map[string]*texttemplate.Template{text: plain, content: page} {
		src, err := files.read(path)
		if err != nil {
			return letter{}, err
		}
		if err := add(t, path, src); err != nil {
			return letter{}, err
		}
	}
	l := letter{texttemplate.New(text).Funcs(w.funcs), htmltemplate.New(layout).Funcs(w.funcs)}
	for name, tree := range used(plain, text, entrySummary) {
		if _, err := l.text.AddParseTree(name, tree); err != nil {
			return letter{}, err
		}
	}
	for name, tree := range used(page, layout) {
		if _, err := l.html.AddParseTree(name, tree.Copy()); err != nil { // a page's trees are changed to escape data
			return letter{}, err
		}
	}
	return letter{l.text.Lookup(text), l.html.Lookup(layout)}, nil
}

func add(t *texttemplate.Template, name, src string) error {
	_, err := t.New(name).Parse(src)
	return err
}

// used finds the templates that some roots call, and those in turn, in t.
func used(t *texttemplate.Template, roots ...string) map[string]*parse.Tree {
	found := map[string]*parse.Tree{}
	var visit func(name string)
	visit = func(name string) {
		called := t.Lookup(name)
		if called == nil || called.Tree == nil || found[name] != nil {
			return // what is not there is told when the letter is run
		}
		found[name] = called.Tree
		calls(called.Root, visit)
	}
	for _, root := range roots {
		visit(root)
	}
	return found
}

// calls names the templates that a tree calls.
func calls(n parse.Node, visit func(name string)) {
	switch n := n.(type) {
	case *parse.ListNode:
		if n == nil {
			return // an absent else
		}
		for _, child := range n.Nodes {
			calls(child, visit)
		}
	case *parse.TemplateNode:
		visit(n.Name)
	case *parse.IfNode:
		calls(n.List, visit)
		calls(n.ElseList, visit)
	case *parse.RangeNode:
		calls(n.List, visit)
		calls(n.ElseList, visit)
	case *parse.WithNode:
		calls(n.List, visit)
		calls(n.ElseList, visit)
	}
}
