package intake

import (
	"cmp"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"

	"guichetdunumerique.be/guichet/intake/message"
)

const (
	outlineParts = 200
	outlineDepth = 20
)

// outline lists the leaves of a mail as the server described it. A mail inside the mail is a leaf, followed by
// what is attached to it; go-imap's own walk stops there. The words of such a mail are left out: they are
// somebody else's, and come with its bytes.
func outline(structure imap.BodyStructure, limits message.Limits) []leaf {
	w := walker{
		parts: cmp.Or(limits.Parts, outlineParts),
		depth: cmp.Or(limits.Depth, outlineDepth),
	}
	if single, ok := structure.(*imap.BodyStructureSinglePart); ok {
		w.single(single, []int{1}, false) // a mail without multipart is its own part 1
	} else {
		w.walk(structure, nil, false)
	}
	return w.leaves
}

type walker struct {
	parts, depth int
	leaves       []leaf
}

func (w *walker) walk(structure imap.BodyStructure, path []int, within bool) {
	if len(path) >= w.depth || len(w.leaves) >= w.parts {
		return
	}
	switch b := structure.(type) {
	case *imap.BodyStructureMultiPart:
		for i, child := range b.Children {
			w.walk(child, append(slices.Clone(path), i+1), within)
		}
	case *imap.BodyStructureSinglePart:
		w.single(b, path, within)
	}
}

func (w *walker) single(b *imap.BodyStructureSinglePart, path []int, within bool) {
	l := leaf{Part: describe(b), path: path, within: within}
	if !within || l.kind() != words {
		w.leaves = append(w.leaves, l)
	}
	if b.MessageRFC822 == nil || b.MessageRFC822.BodyStructure == nil {
		return
	}
	inner := b.MessageRFC822.BodyStructure
	if _, multi := inner.(*imap.BodyStructureMultiPart); !multi {
		path = append(slices.Clone(path), 1)
	}
	w.walk(inner, path, true)
}

// describe turns the server's description of a leaf into a Part without bytes.
func describe(b *imap.BodyStructureSinglePart) message.Part {
	p := message.Part{
		Type:      b.MediaType(),
		Params:    b.Params,
		ContentID: b.ID,
		Encoding:  strings.ToLower(b.Encoding),
		Size:      int64(b.Size),
	}
	var named map[string]string
	if d := b.Disposition(); d != nil {
		p.Disposition, named = strings.ToLower(d.Value), d.Params
	}
	p.Name = cmp.Or(parameter(named, "filename"), parameter(b.Params, "name"), parameter(named, "name"), parameter(b.Params, "filename"))
	return p
}
