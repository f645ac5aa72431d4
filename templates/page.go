package templates

import (
	htmltemplate "html/template"
	"text/template/parse"
)

const layout = "layout.html"

// addPage puts a letter's page into the set of its language. Each page defines templates of the same
// names, such as "content": in the set they, and a layout that calls them, bear the name of the letter.
func addPage(words letter, name, path, src string) (*htmltemplate.Template, error) {
	defined, err := words.text.Clone() // for its functions; the page's own definitions are told apart by their file
	if err != nil {
		return nil, err
	}
	if err := parseText(defined, path, src); err != nil {
		return nil, err
	}
	own := map[string]string{}
	for _, t := range defined.Templates() {
		if t.Tree != nil && t.Tree.ParseName == path {
			own[t.Name()] = name + "/" + t.Name()
		}
	}
	add := func(as string, tree *parse.Tree) error {
		tree = tree.Copy()
		rename(tree.Root, own)
		_, err := words.html.AddParseTree(as, tree)
		return err
	}
	for from, as := range own {
		if err := add(as, defined.Lookup(from).Tree); err != nil {
			return nil, err
		}
	}
	if err := add(name+"/"+layout, words.text.Lookup(layout).Tree); err != nil {
		return nil, err
	}
	return words.html.Lookup(name + "/" + layout), nil
}

// rename changes the names that a tree calls templates by.
func rename(n parse.Node, names map[string]string) {
	switch n := n.(type) {
	case *parse.ListNode:
		if n == nil {
			return
		}
		for _, child := range n.Nodes {
			rename(child, names)
		}
	case *parse.TemplateNode:
		if as, ok := names[n.Name]; ok {
			n.Name = as
		}
	case *parse.IfNode:
		rename(n.List, names)
		rename(n.ElseList, names)
	case *parse.RangeNode:
		rename(n.List, names)
		rename(n.ElseList, names)
	case *parse.WithNode:
		rename(n.List, names)
		rename(n.ElseList, names)
	}
}
