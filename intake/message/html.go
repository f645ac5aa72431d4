package message

import (
	"bytes"
	"regexp"
	"strings"

	"golang.org/x/net/html"
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

// htmlToText gives the text that a person sees, with the ranges that the mail program marked as quote or
// signature. It reads at most max bytes. problem says, without any word of the mail, what could not be
// read as it should.
func htmlToText(src []byte, max int) (text string, marks []mark, problem string) {
	if len(src) > max {
		src, problem = src[:max], "the HTML is too long: the rest of it was left out"
	}
	root, err := html.ParseWithOptions(bytes.NewReader(src), html.ParseOptionEnableScripting(false))
	if err != nil { // nested deeper than the parser allows
		return tagsStripped(src), nil, "the HTML is nested too deeply: only its words were read"
	}
	w := htmlWriter{}
	w.walk(root)
	w.closeMarks()
	return w.out.String(), w.marks, problem
}

// htmlWriter turns a tree into text.
type htmlWriter struct {
	out    strings.Builder
	marks  []mark
	open   []int // indexes of the marks that lie open
	breaks int   // line ends to write before the next word
	space  bool  // a space to write before the next word
	pre    int   // depth of <pre>
}

// walk visits the tree without recursion, so that depth costs no stack.
func (w *htmlWriter) walk(root *html.Node) {
	for n := root; n != nil; {
		if w.enter(n) && n.FirstChild != nil {
			n = n.FirstChild
			continue
		}
		w.leave(n)
		for n != root && n.NextSibling == nil {
			n = n.Parent
			w.leave(n)
		}
		if n == root {
			return
		}
		n = n.NextSibling
	}
}

// enter handles a node before its children; false leaves them out.
func (w *htmlWriter) enter(n *html.Node) bool {
	switch n.Type {
	case html.TextNode:
		w.write(n.Data)
		return false
	case html.ElementNode:
	default:
		return n.Type == html.DocumentNode
	}
	if unseen(n) {
		return false
	}
	switch n.DataAtom {
	case atom.Br:
		w.breaks = min(w.breaks+1, 2)
		w.space = false
	case atom.Td, atom.Th:
		w.space = true
	case atom.Li:
		w.block(1)
		w.write("- ")
		w.space = false
	case atom.Pre:
		w.pre++
	}
	if size := blockOf(n.DataAtom); size > 0 {
		w.block(size)
	}
	w.beginMark(n)
	return true
}

// leave handles a node after its children.
func (w *htmlWriter) leave(n *html.Node) {
	if n.Type != html.ElementNode || unseen(n) {
		return
	}
	if _, marked := markOf(n); marked && len(w.open) > 0 {
		last := w.open[len(w.open)-1]
		w.open = w.open[:len(w.open)-1]
		w.marks[last].End = w.out.Len()
	}
	if n.DataAtom == atom.Pre {
		w.pre--
	}
	if size := blockOf(n.DataAtom); size > 0 {
		w.block(size)
	}
}

// blockOf is how many line ends an element has before and after it, 0 for one that stands within a line.
func blockOf(a atom.Atom) int {
	switch a {
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Ul, atom.Ol, atom.Dl, atom.Table,
		atom.Blockquote, atom.Pre, atom.Hr:
		return 2
	case atom.Div, atom.Tr, atom.Li, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Center, atom.Address,
		atom.Dt, atom.Dd, atom.Fieldset, atom.Form, atom.Body:
		return 1
	}
	return 0
}

// block asks for line ends before the next word.
func (w *htmlWriter) block(n int) {
	w.breaks = max(w.breaks, n)
	w.space = false
}

// write adds words. Elements within a line never part them: <b>sup</b>primer is one word.
func (w *htmlWriter) write(s string) {
	if w.pre > 0 {
		w.flush()
		w.out.WriteString(s)
		return
	}
	for s != "" {
		if i := strings.IndexFunc(s, isHTMLSpace); i != 0 {
			if i < 0 {
				i = len(s)
			}
			w.flush()
			w.out.WriteString(s[:i])
			s = s[i:]
			continue
		}
		s = strings.TrimLeftFunc(s, isHTMLSpace)
		w.space = true
	}
}

// flush writes the line ends or the space that the next word needs before it.
func (w *htmlWriter) flush() {
	switch {
	case w.out.Len() == 0:
	case w.breaks > 0:
		w.out.WriteString("\n\n"[:min(w.breaks, 2)])
	case w.space:
		w.out.WriteByte(' ')
	}
	w.breaks, w.space = 0, false
}

// isHTMLSpace reports what HTML collapses. A no-break space is not among it.
func isHTMLSpace(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\f' }

func (w *htmlWriter) beginMark(n *html.Node) {
	kind, marked := markOf(n)
	if !marked {
		return
	}
	w.open = append(w.open, len(w.marks))
	w.marks = append(w.marks, mark{Start: w.out.Len(), Kind: kind})
	if toTheEnd(n) {
		w.marks = append(w.marks, mark{Start: w.out.Len(), End: toEnd, Kind: quoteMark})
	}
}

// toEnd is the End of a mark that reaches to the end of the mail, until that is known.
const toEnd = -1

// closeMarks ends the marks that reach to the end of the mail.
func (w *htmlWriter) closeMarks() {
	for i := range w.marks {
		if w.marks[i].End == toEnd {
			w.marks[i].End = w.out.Len()
		}
	}
}

// names are the id, the classes and the name of an element, in lower case. Mail programs that hand on a
// mail put "x_" before them.
func names(n *html.Node) []string {
	var list []string
	for _, a := range n.Attr {
		switch a.Key {
		case "id", "class", "name", "data-smartmail":
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
	"yahoo_quoted": true, "yahoo-quoted": true, // Yahoo
	"protonmail_quote": true, "tutanota_quote": true, // Proton, Tuta
	"divrplyfwdmsg": true, "appendonsend": true, "outlookmessageheader": true, "olk_src_body_section": true, // Outlook
	"mail-editor-reference-message-container": true, "ms-outlook-mobile-reference-message": true,
	"zmail_extra": true, "isreplycontent": true, "orimsghtmlseperator": true, "oriemailcontent": true,
	"reply-intro": true, "quote": true, "quoted-text": true, "mailquote": true, // Roundcube, GMX, web.de, others
}

// endNames mark where the earlier mail begins; it goes on to the end.
var endNames = map[string]bool{"divrplyfwdmsg": true, "appendonsend": true, "outlookmessageheader": true}

// toTheEnd reports whether all that follows an element belongs to the earlier mail.
func toTheEnd(n *html.Node) bool {
	for _, name := range names(n) {
		if endNames[name] {
			return true
		}
	}
	return false
}

// markOf tells what an element's program says of the words within it.
func markOf(n *html.Node) (kind markKind, marked bool) {
	for _, name := range names(n) {
		switch {
		case quoteNames[name]:
			return quoteMark, true
		case name == "gmail_signature", name == "gmail_signature_prefix", name == "signature", name == "moz-signature",
			name == "ms-outlook-mobile-signature", strings.HasPrefix(name, "protonmail_signature_block"),
			strings.HasSuffix(name, "-signature"), strings.HasSuffix(name, "_signature"), strings.HasSuffix(name, "signature-wrapper"):
			return signatureMark, true
		}
	}
	if n.DataAtom == atom.Blockquote {
		for _, a := range n.Attr {
			if a.Key == "type" && strings.EqualFold(a.Val, "cite") || a.Key == "cite" {
				return quoteMark, true
			}
			if a.Key == "style" && barLeft.MatchString(a.Val) {
				return quoteMark, true
			}
		}
	}
	return 0, false
}

// barLeft is the bar that programs draw beside a quotation.
var barLeft = regexp.MustCompile(`(?i)border-left(-width|-style)?\s*:\s*[^;]*(solid|[1-9])`)

// hidden is how a sender keeps words from being seen: preview texts, tracking, filler.
var hidden = regexp.MustCompile(`(?i)(display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|max-height\s*:\s*0(px)?\s*(;|!|$)|opacity\s*:\s*0\s*(;|!|$))`)

// tiny is a letter size that nobody can read. Layouts give it to a container whose children have a size of
// their own, so it hides only the words right within.
var tiny = regexp.MustCompile(`(?i)font-size\s*:\s*0(px|pt|em|%)?\s*(;|!|$)`)

// childless reports whether an element holds nothing but words.
func childless(n *html.Node) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode {
			return false
		}
	}
	return true
}

// unseen reports whether no reader is shown an element.
func unseen(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Head, atom.Title, atom.Template, atom.Noscript, atom.Select, atom.Textarea,
		atom.Object, atom.Svg, atom.Math, atom.Iframe:
		return true
	}
	for _, a := range n.Attr {
		if a.Key == "hidden" || a.Key == "style" && (hidden.MatchString(a.Val) || tiny.MatchString(a.Val) && childless(n)) {
			return true
		}
	}
	return false
}

// tagsStripped is the text of HTML that cannot be parsed as a tree: its words, with line ends where
// blocks begin and end.
func tagsStripped(src []byte) string {
	var w htmlWriter
	z := html.NewTokenizer(bytes.NewReader(src))
	skip := atom.Atom(0)
	for {
		switch z.Next() {
		case html.ErrorToken:
			return w.out.String() // the end, or what cannot be read at all
		case html.TextToken:
			if skip == 0 {
				w.write(html.UnescapeString(string(z.Raw())))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			a := atom.Lookup(name)
			if a == atom.Script || a == atom.Style || a == atom.Title {
				skip = a
			}
			if a == atom.Br || blockOf(a) > 0 {
				w.block(max(1, blockOf(a)))
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			a := atom.Lookup(name)
			if a == skip {
				skip = 0
			}
			if blockOf(a) > 0 {
				w.block(blockOf(a))
			}
		}
	}
}
