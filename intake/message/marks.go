package message

import (
	"slices"
	"strings"

	"golang.org/x/net/html/atom"
)

// markKind is what the structure of an HTML mail says of a range of its text.
type markKind int

const (
	quoteMark     markKind = iota // words of an earlier mail
	signatureMark                 // what the mail program or its user puts under every mail
)

// mark is a byte range of a text.
type mark struct {
	Start, End int
	Kind       markKind
}

// marker follows the elements of an HTML mail and notes whose words its text is.
type marker struct {
	marks []mark
	open  []container
	depth [2]int // how many open containers there are of each kind
	tried int    // how often words were looked at for an attribution
}

// container is an open element that its program marked.
type container struct {
	node  *element
	kind  markKind
	start int  // length of the text before it
	spent bool // its quotation is over: what follows in it is the writer's
}

// note says that text[start:end] was written.
func (m *marker) note(start, end int) {
	kind := signatureMark
	switch {
	case m.depth[quoteMark] > 0:
		kind = quoteMark
	case m.depth[signatureMark] == 0:
		return
	}
	if last := len(m.marks) - 1; last >= 0 && m.marks[last].Kind == kind && start-m.marks[last].End <= len("\n\n") {
		m.marks[last].End = end // only white space lies between
		return
	}
	m.marks = append(m.marks, mark{start, end, kind})
}

// enter notes that an element begins, after the words in text. It reports whether a mark begins with it.
func (m *marker) enter(n *element, text *strings.Builder) bool {
	kind, marked, toEnd := markOf(n)
	if n.name == atom.Blockquote && !marked {
		kind, marked = quoteMark, m.attributed(text.String())
	}
	if toEnd {
		m.depth[quoteMark]++ // never taken back
	}
	if marked {
		m.depth[kind]++
		n.marked = true
		m.open = append(m.open, container{node: n, kind: kind, start: text.Len()})
	}
	return marked || toEnd
}

// maxIntroduction is how long the words may be that stand before the quotation in its container.
const maxIntroduction = attributionBytes

// leave notes that an element ends, and reports whether a mark ends with it.
func (m *marker) leave(n *element) bool {
	if !n.marked {
		return false
	}
	last := len(m.open) - 1
	for m.open[last].node != n {
		last-- // what is open above it outlives it
	}
	c := m.open[last]
	m.open = slices.Delete(m.open, last, last+1)
	if !c.spent {
		m.depth[c.kind]--
	}
	if last == 0 || n.name != atom.Blockquote {
		return true
	}
	// Who answers between or below the quotations writes into the container that Gmail, Proton and others
	// put around an attribution and its quotation.
	outer := &m.open[last-1]
	if outer.node == n.parent && outer.node.name != atom.Blockquote && !outer.spent && c.start-outer.start < maxIntroduction {
		outer.spent = true
		m.depth[outer.kind]--
	}
	return true
}

// maxTried bounds how many blockquotes without a mark of a program are looked at.
const maxTried = 100

// attributed reports whether the last lines of a text are an attribution.
func (m *marker) attributed(text string) bool {
	text = strings.TrimRight(text[max(0, len(text)-attributionBytes):], " \n\u00a0")
	if !strings.HasSuffix(text, ":") || m.tried == maxTried {
		return false
	}
	m.tried++
	lines := strings.Split(text, "\n")
	for i := max(0, len(lines)-attributionLines); i < len(lines); i++ {
		if isAttribution(bare(strings.Join(lines[i:], " "))) {
			return true
		}
	}
	return false
}

// names are the id, the classes and the name of an element, in lower case. Mail programs that hand on a
// mail put "x_" before them.
func names(n *element) []string {
	var list []string
	for _, a := range n.attrs {
		switch a.Key {
		case "id", "class", "name", "data-smartmail", "data-marker":
			for _, name := range strings.Fields(strings.ToLower(a.Val)) {
				for strings.HasPrefix(name, "x_") {
					name = name[2:]
				}
				list = append(list, name)
			}
		}
	}
	return list
}

// quoteNames mark the words of an earlier mail, by the program that writes them.
var quoteNames = map[string]bool{
	"gmail_quote": true, "gmail_attr": true, "gmail_quote_container": true, // Gmail
	"moz-cite-prefix": true, "moz-forward-container": true, // Thunderbird
	"protonmail_quote": true, "tutanota_quote": true, // Proton, Tuta
	"olk_src_body_section": true, "mac_outlook_reply": true, // Outlook for Mac
	"mail-editor-reference-message-container": true, "ms-outlook-mobile-reference-message": true, // Outlook for telephones
	"zmail_extra": true, "isreplycontent": true, "orimsghtmlseperator": true, "oriemailcontent": true, // Zoho, Foxmail, QQ
	"reply-intro": true, "quoted-text": true, "mailquote": true, "clean_bq": true, // Roundcube, others
	"__headers__": true, "messagereplysection": true, "sh-quoted-content": true, "front-blockquote": true, // Zimbra, Spark, Superhuman, Front
}

// endNames mark where the earlier mail begins; it goes on to the end.
var endNames = map[string]bool{
	"divrplyfwdmsg": true, "appendonsend": true, "outlookmessageheader": true, // Outlook
	"zwchr": true, "__divider__": true, // Zimbra
}

// signatureNames mark what stands under every mail of the writer.
var signatureNames = map[string]bool{
	"gmail_signature": true, "gmail_signature_prefix": true, "signature": true, "ms-outlook-mobile-signature": true,
	"composer_signature": true, "applemailsignature": true, "linebreakatbeginningofsignature": true,
}

// markOf tells what an element's program says of the words within it, and whether all that follows it belongs
// to the earlier mail.
func markOf(n *element) (kind markKind, marked, toEnd bool) {
	for _, name := range names(n) {
		switch {
		case endNames[name]:
			return quoteMark, true, true
		case quoteNames[name], strings.Contains(name, "yahoo_quoted"), strings.Contains(name, "yahoo-quoted"):
			return quoteMark, true, false
		case signatureNames[name], strings.HasPrefix(name, "protonmail_signature_block"), strings.HasSuffix(name, "-signature"),
			strings.HasSuffix(name, "_signature"), strings.HasSuffix(name, "signature-wrapper"):
			return signatureMark, true, false
		}
	}
	for _, a := range n.attrs {
		switch {
		case n.name == atom.Div && a.Key == "name" && a.Val == "quote": // GMX, web.de
			return quoteMark, true, false
		case n.name == atom.Div && a.Key == "style" && outlookBar.MatchString(a.Val):
			return quoteMark, true, true
		case n.name == atom.Blockquote && (a.Key == "cite" || a.Key == "type" && strings.EqualFold(a.Val, "cite") ||
			a.Key == "style" && barLeft.MatchString(a.Val)):
			return quoteMark, true, false
		}
	}
	return 0, false, false
}

// barLeft is the bar that programs draw beside a quotation.
var barLeft = compile(`(?i)border-left(-width|-style)?\s*:\s*[^;]*(solid|[1-9])`)

// outlookBar is the bar that Outlook draws above the header of the mail answered: blue until 2010, grey since.
var outlookBar = compile(`(?i)^\s*border:\s*none;\s*border-top:\s*solid #(b5c4df|e1e1e1) 1\.0pt;\s*padding:\s*3\.0pt`)
