package message

import (
	"slices"
	"strings"
)

// complete lays the structure that the server described over the tree that was read from a mail's beginning:
// a part known from both gets the bytes that were fetched and its true size, a part beyond the beginning is added.
func (t *treeBuilder) complete(root *part, described []Part) *part {
	nodes := leaves(root, false)
	for _, d := range described {
		if t.count >= t.limits.Parts {
			t.tooMany()
			break
		}
		known := fromDescription(d)
		at := find(nodes, known.kind)
		if at < 0 {
			t.count++
			root = appendPart(root, known)
			nodes = slices.Concat(t.reopen(known), nodes)
			continue
		}
		node := nodes[at]
		nodes = nodes[at+1:]
		before := leaves(node, false)[1:]
		if longer := fill(node, known); longer && node.isSealed() {
			nodes = slices.Concat(t.reopen(node), nodes[min(len(before), len(nodes)):])
		}
	}
	return root
}

// reopen reads a sealed mail from the bytes that were fetched of it, and gives the leaves in it.
func (t *treeBuilder) reopen(p *part) []*part {
	if !p.isSealed() || len(p.body) == 0 {
		return nil
	}
	p.parts, p.open = nil, p.missing > 0
	t.unseal(p, 1)
	lastLeaf(p).missing = p.missing
	return leaves(p, false)[1:]
}

// leaves are the leaves at and below p in order. A sealed mail comes before what is attached to it; the words in it
// are left out, since the server's description is given without them.
func leaves(p *part, within bool) []*part {
	var list []*part
	if p.isSealed() || len(p.parts) == 0 && !(within && strings.HasPrefix(p.kind, "text/") && p.disposition != "attachment") {
		list = append(list, p)
	}
	for _, child := range p.parts {
		list = append(list, leaves(child, within || p.isSealed())...)
	}
	return list
}

// find is the first of the next few nodes with that media type, -1 when there is none. A leaf that was cut short is
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

// fill gives p what the server told of it. longer tells that more bytes of it are known now.
func fill(p, known *part) (longer bool) {
	if p.kind != known.kind || len(p.header) == 0 {
		*p = *known
		return true
	}
	size := int64(len(known.body)) + known.missing
	if longer = len(known.body) > len(p.body); longer {
		p.body = known.body
	}
	p.missing = max(0, size-int64(len(p.body)))
	if p.name == "" {
		p.name = known.name
	}
	return longer
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
