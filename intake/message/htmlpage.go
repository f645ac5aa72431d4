package message

import (
	"bytes"
	"slices"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	// maxOpen is how many elements of a page are followed one in another. A browser goes on; so do the words.
	maxOpen = 512
	// maxAttributes and maxAttribute bound what is looked at of one element.
	maxAttributes = 20
	maxAttribute  = 4 << 10
)

// element is an open element of a page.
type element struct {
	name   atom.Atom // 0 for one that HTML does not know
	attrs  []html.Attribute
	parent *element
	marked bool   // the marker knows it
	unseen bool   // no reader is shown it
	tiny   bool   // nobody can read the words right within it, unless it holds other elements
	held   []byte // those words, until it is known
}

// page reads a page as a stream of tags, and follows which elements are open the way browsers do, as far as it
// matters for words. It builds no tree: that of a page of 40 KB can take a gigabyte, since formatting that was
// not closed is opened again in each block that follows (HTML standard, section 13.2.4.3), and joining its words
// can take the square of their length. Here time is linear and memory that of the open elements.
type page struct {
	to   *htmlWriter
	open []*element
	held map[atom.Atom]int // how many of the open elements have that name
	deep bool              // some elements were not followed
}

// read hands all words to the writer.
func (p *page) read(src []byte) {
	p.held = map[atom.Atom]int{}
	z := html.NewTokenizer(bytes.NewReader(src))
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken: // the end
			for len(p.open) > 0 {
				p.pop()
			}
			return
		case html.TextToken:
			p.text(z.Text())
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			e := &element{name: atom.Lookup(name)}
			for more {
				var key, value []byte
				key, value, more = z.TagAttr()
				e.note(key, value)
			}
			p.start(e, kind == html.SelfClosingTagToken)
		case html.EndTagToken:
			name, _ := z.TagName()
			p.end(atom.Lookup(name))
		}
	}
}

// note keeps an attribute that tells something of the words within the element. The first of a name counts.
func (e *element) note(key, value []byte) {
	switch string(key) {
	case "id", "class", "name", "data-smartmail", "data-marker", "style", "cite", "type", "hidden":
	default:
		return
	}
	known := slices.ContainsFunc(e.attrs, func(a html.Attribute) bool { return a.Key == string(key) })
	if !known && len(e.attrs) < maxAttributes {
		e.attrs = append(e.attrs, html.Attribute{Key: string(key), Val: string(value[:min(len(value), maxAttribute)])})
	}
}

// top is the innermost open element, nil when none is.
func (p *page) top() *element {
	if len(p.open) == 0 {
		return nil
	}
	return p.open[len(p.open)-1]
}

// text takes words of the innermost element.
func (p *page) text(words []byte) {
	switch top := p.top(); {
	case top == nil:
	case top.unseen:
		return
	case top.tiny:
		top.held = append(top.held, words...)
		return
	}
	p.to.write(string(words))
}

// start begins an element, and ends those that cannot hold it.
func (p *page) start(e *element, closed bool) {
	if at := p.foreign(); at >= 0 {
		if isForeign(e.name) || !breaksOut(e.name) {
			return // a shape of a drawing
		}
		p.popTo(at)
	}
	if e.name == atom.Html || e.name == atom.Head || e.name == atom.Body && p.find(atom.Body, never) >= 0 {
		return
	}
	p.endImplied(e.name)
	if e.parent = p.top(); e.parent != nil && e.parent.tiny {
		p.release(e.parent)
	}
	e.unseen = e.parent != nil && e.parent.unseen || isUnseen(e)
	e.tiny = !e.unseen && isTiny(e)
	if !e.unseen {
		p.to.enter(e)
	}
	switch {
	case isVoid(e.name), closed && isForeign(e.name):
	case len(p.open) >= maxOpen:
		p.deep = true
	default:
		p.open = append(p.open, e)
		p.held[e.name]++
		return
	}
	if !e.unseen {
		p.to.leave(e)
	}
}

// release writes the words of an element that was taken for an empty one.
func (p *page) release(e *element) {
	e.tiny = false
	p.to.write(string(e.held))
	e.held = nil
}

// end closes the innermost element of that name, and what is open in it. Formatting that was closed out of order
// leaves the blocks within it open (HTML standard, section 13.2.6.4.7).
func (p *page) end(name atom.Atom) {
	if name == atom.Html || name == atom.Head || name == atom.Body {
		return // what follows them goes on where it was
	}
	at := p.find(name, endScope(name))
	switch {
	case at >= 0 && isFormatting(name) && slices.ContainsFunc(p.open[at:], func(e *element) bool { return !isInline(e.name) }):
		e := p.open[at]
		p.open = slices.Delete(p.open, at, at+1)
		p.left(e)
	case at >= 0:
		p.popTo(at)
	case p.top() != nil && p.top().unseen:
	case name == atom.P: // a paragraph of its own
		p.to.block(blockOf(name))
	case name == atom.Br:
		p.to.enter(&element{name: atom.Br})
	}
}

// endImplied closes what an element ends by its beginning.
func (p *page) endImplied(name atom.Atom) {
	switch name {
	case atom.Li, atom.Dd, atom.Dt, atom.Td, atom.Th, atom.Tr, atom.Tbody, atom.Thead, atom.Tfoot, atom.Option:
		for _, other := range siblings(name) {
			if at := p.find(other, siblingScope(name)); at >= 0 {
				p.popTo(at)
			}
		}
	}
	if blockOf(name) > 0 && name != atom.Tr && name != atom.Body {
		if at := p.find(atom.P, isCell); at >= 0 {
			p.popTo(at)
		}
	}
}

// find is the place of the innermost open element of that name, -1 when a wall stands before it or there is none.
func (p *page) find(name atom.Atom, wall func(atom.Atom) bool) int {
	if p.held[name] == 0 {
		return -1
	}
	for at := len(p.open) - 1; at >= 0; at-- {
		switch other := p.open[at].name; {
		case other == name:
			return at
		case wall(other):
			return -1
		}
	}
	return -1
}

// foreign is the place of the drawing or formula that is being read, -1 when none is.
func (p *page) foreign() int {
	if top := p.top(); top != nil && isForeign(top.name) {
		return len(p.open) - 1
	}
	return -1
}

// popTo closes the element at a place and all within it.
func (p *page) popTo(at int) {
	for len(p.open) > at {
		p.pop()
	}
}

func (p *page) pop() {
	e := p.top()
	p.open[len(p.open)-1] = nil
	p.open = p.open[:len(p.open)-1]
	p.left(e)
}

// left notes that an element is open no longer.
func (p *page) left(e *element) {
	p.held[e.name]--
	if !e.unseen {
		p.to.leave(e)
	}
}
