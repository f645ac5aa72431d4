package message

import "strings"

// complete lays the structure that the server described over the tree that was read from a mail's beginning:
// a part known from both gets the bytes that were fetched and its true size, a part beyond the beginning is added.
func complete(root *part, described []Part, limit int) *part {
	nodes := leaves(root)
	for i, d := range described {
		if i >= limit {
			break
		}
		at := find(nodes, strings.ToLower(d.Type))
		if at < 0 {
			root = appendPart(root, fromDescription(d))
			continue
		}
		skip := at + 1
		if nodes[at].isSealed() {
			skip = at + len(leaves(nodes[at])) // the server described it as one
		}
		fill(nodes[at], d)
		nodes = nodes[skip:]
	}
	return root
}

// leaves are the leaves below p in order; a sealed mail comes before what is in it.
func leaves(p *part) []*part {
	var list []*part
	if len(p.parts) == 0 || p.isSealed() {
		list = append(list, p)
	}
	for _, child := range p.parts {
		list = append(list, leaves(child)...)
	}
	return list
}

// find is the first of the next few nodes with that media type, -1 when there is none. The server may describe a
// sealed mail as one part or only by its parts, hence more than one is looked at. A leaf that was cut short is
// whatever the server says comes next: its header may be cut too.
func find(nodes []*part, kind string) int {
	for i := range min(len(nodes), 3) {
		if nodes[i].kind == kind {
			return i
		}
	}
	if len(nodes) > 0 && nodes[0].open && !nodes[0].isSealed() {
		return 0
	}
	return -1
}

// fill gives p what the server told of it.
func fill(p *part, d Part) {
	known := fromDescription(d)
	if p.kind != known.kind || len(p.header) == 0 {
		*p = *known
		return
	}
	if len(d.Body) >= len(p.body) {
		p.body = d.Body
	}
	p.missing = max(0, d.Size-int64(len(p.body)))
	if p.name == "" {
		p.name = known.name
	}
}

// fromDescription is the part that the server described.
func fromDescription(d Part) *part {
	name, kind := cleanFileName(d.Name), strings.ToLower(d.Type)
	if !isMediaType(kind) {
		kind = mediaTypeOf(name, "")
	}
	return &part{
		kind:        kind,
		params:      d.Params,
		disposition: strings.ToLower(d.Disposition),
		name:        name,
		contentID:   parseID(d.ContentID),
		encoding:    normalEncoding(d.Encoding),
		body:        d.Body,
		missing:     max(0, d.Size-int64(len(d.Body))),
	}
}

// appendPart adds a part that lies beyond what was read. HTML that follows the plain text of an alternative that
// was cut belongs to it; all else goes to the mail as a whole.
func appendPart(root, p *part) *part {
	if !root.isMultipart() {
		root = &part{header: root.header, kind: "multipart/mixed", parts: []*part{root}}
	}
	at := root
	for p.kind == "text/html" && at.kind != "multipart/alternative" && len(at.parts) > 0 {
		at = at.parts[len(at.parts)-1]
	}
	if at.kind != "multipart/alternative" || !at.open {
		at = root
	}
	at.parts = append(at.parts, p)
	return root
}
