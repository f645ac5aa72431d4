package intake

import (
	"context"
	"strings"

	"github.com/emersion/go-imap/v2"

	"guichetdunumerique.be/guichet/intake/message"
)

const (
	// structureAnswer is the most a BODYSTRUCTURE may take: two hundred parts with long names.
	structureAnswer = 256 << 10
	maxTexts        = 20 // text parts fetched of one mail
)

// parts describes a mail that its head cuts short, and fetches the text in it, but no attachment. The result
// is nil when the server does not tell.
func (s *session) parts(ctx context.Context, uid imap.UID) ([]message.Part, error) {
	found, err := s.fetch(ctx, request{
		uids:     imap.UIDSetNum(uid),
		items:    imap.FetchOptions{BodyStructure: &imap.FetchItemBodyStructure{Extended: true}},
		budget:   structureAnswer,
		complete: func(a *answer) bool { return a.structure != nil },
	})
	a := found[uid]
	if err != nil || a == nil || a.structure == nil {
		return nil, err
	}
	leaves := outline(a.structure, s.Limits)
	texts, err := s.texts(ctx, uid, leaves)
	if err != nil {
		return nil, err
	}
	parts := make([]message.Part, 0, len(leaves))
	for _, l := range leaves {
		if text, ok := texts.find(l.path); ok && l.wanted() {
			l.Body = text.bytes
		}
		parts = append(parts, l.Part)
	}
	return parts, nil
}

// texts fetches the text parts, in one round trip and together no more than what MessageBytes leaves.
func (s *session) texts(ctx context.Context, uid imap.UID, leaves []leaf) (*answer, error) {
	left := s.MessageBytes - s.HeadBytes
	var (
		items []*imap.FetchItemBodySection
		most  int64
		total int64
	)
	for _, l := range leaves {
		n := min(l.Size, left)
		if l.kind() == sealed {
			n = min(n, s.HeadBytes)
		}
		if !l.wanted() || n <= 0 || len(items) == maxTexts {
			continue
		}
		left -= n
		most, total = max(most, n), total+n
		items = append(items, &imap.FetchItemBodySection{Part: l.path, Peek: true, Partial: &imap.SectionPartial{Size: n}})
	}
	if len(items) == 0 {
		return &answer{}, nil
	}
	found, err := s.fetch(ctx, request{
		uids: imap.UIDSetNum(uid), items: imap.FetchOptions{BodySection: items}, most: most,
		budget: smallAnswer + total,
		complete: func(a *answer) bool {
			for _, item := range items {
				if _, ok := a.find(item.Part); !ok {
					return false
				}
			}
			return true
		},
	})
	if found[uid] == nil {
		return &answer{}, err
	}
	return found[uid], err
}

// leaf is a leaf of the MIME tree with its place (RFC 9051 section 6.4.5.1).
type leaf struct {
	message.Part
	path   []int
	within bool // a mail that was handed on inside this one
}

type leafKind int

const (
	attached leafKind = iota
	words
	sealed // a whole mail
)

func (l *leaf) kind() leafKind {
	switch {
	case l.Type == "message/rfc822" || l.Type == "message/global":
		return sealed
	case strings.HasPrefix(l.Type, "text/") && l.Disposition != "attachment":
		return words
	}
	return attached
}

// wanted reports whether the bytes are to be fetched. The words of a mail inside this one come with that mail.
func (l *leaf) wanted() bool { return l.kind() != attached && !l.within }
