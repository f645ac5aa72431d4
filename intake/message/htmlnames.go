package message

import "golang.org/x/net/html/atom"

// What HTML says of its elements, as far as reading words needs it.

// isForeign reports drawings and formulas, which have names of their own within.
func isForeign(a atom.Atom) bool { return a == atom.Svg || a == atom.Math }

// breaksOut reports elements that no drawing holds: one that was not closed ends before them.
func breaksOut(a atom.Atom) bool {
	return blockOf(a) > 0 || a == atom.Br || a == atom.Span || a == atom.Img || a == atom.Td || a == atom.Th || isFormatting(a) && a != atom.A
}

// isFormatting reports what the HTML standard calls formatting elements (section 13.2.4.2).
func isFormatting(a atom.Atom) bool {
	switch a {
	case atom.A, atom.B, atom.Big, atom.Code, atom.Em, atom.Font, atom.I, atom.Nobr, atom.S, atom.Small, atom.Strike,
		atom.Strong, atom.Tt, atom.U:
		return true
	}
	return false
}

// isInline reports elements within a line, and those that HTML does not know.
func isInline(a atom.Atom) bool {
	switch a {
	case 0, atom.Span, atom.Sub, atom.Sup, atom.Label, atom.Abbr, atom.Acronym, atom.Cite, atom.Q, atom.Ins, atom.Del, atom.Mark,
		atom.Time, atom.Bdo, atom.Bdi, atom.Dfn, atom.Kbd, atom.Samp, atom.Var:
		return true
	}
	return isFormatting(a)
}

// isVoid reports elements that hold nothing, and need no end tag.
func isVoid(a atom.Atom) bool {
	switch a {
	case atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Input, atom.Link, atom.Meta,
		atom.Param, atom.Source, atom.Track, atom.Wbr:
		return true
	}
	return false
}

// isCell reports the walls that a tag within a table does not reach through.
func isCell(a atom.Atom) bool {
	switch a {
	case atom.Table, atom.Td, atom.Th, atom.Caption, atom.Template, atom.Object, atom.Marquee, atom.Applet, atom.Button:
		return true
	}
	return false
}

// never is no wall at all.
func never(atom.Atom) bool { return false }

func isTable(a atom.Atom) bool { return a == atom.Table || a == atom.Template }

// isBlock reports what ends the search for an element within a line.
func isBlock(a atom.Atom) bool { return !isInline(a) }

// isList reports what keeps one list from ending the items of another.
func isList(a atom.Atom) bool {
	return a == atom.Ul || a == atom.Ol || a == atom.Dl || a == atom.Blockquote || isCell(a)
}

// endScope is what an end tag of that name does not reach through.
func endScope(name atom.Atom) func(atom.Atom) bool {
	switch name {
	case atom.Table, atom.Template, atom.Svg, atom.Math:
		return never
	case atom.Td, atom.Th, atom.Tr, atom.Tbody, atom.Thead, atom.Tfoot, atom.Caption:
		return isTable
	}
	if isInline(name) && !isFormatting(name) {
		return isBlock
	}
	return isCell
}

// siblings are the elements that one of that name ends by its beginning, outermost last.
func siblings(name atom.Atom) []atom.Atom {
	switch name {
	case atom.Dd, atom.Dt:
		return []atom.Atom{atom.Dd, atom.Dt}
	case atom.Td, atom.Th:
		return []atom.Atom{atom.Td, atom.Th}
	case atom.Tr:
		return []atom.Atom{atom.Tr}
	case atom.Tbody, atom.Thead, atom.Tfoot:
		return []atom.Atom{atom.Tbody, atom.Thead, atom.Tfoot}
	}
	return []atom.Atom{name}
}

// siblingScope is what keeps an element from ending others of its kind.
func siblingScope(name atom.Atom) func(atom.Atom) bool {
	switch name {
	case atom.Li, atom.Dd, atom.Dt, atom.Option:
		return isList
	}
	return isTable
}
