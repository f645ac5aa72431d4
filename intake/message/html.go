package message

import (
	"strings"

	"golang.org/x/net/html/atom"
)

// htmlToText gives the text that a person sees, with the ranges that the mail program marked as quote or
// signature. It reads at most max bytes. problem says, without any word of the mail, what could not be
// read as it should.
func htmlToText(src []byte, max int) (text string, marks []mark, problem string) {
	if len(src) > max {
		src, problem = src[:max], "the HTML is too long: the rest of it was left out"
	}
	w := htmlWriter{}
	p := page{to: &w}
	p.read(src)
	if p.deep && problem == "" {
		problem = "the HTML is nested too deeply: what lies deepest was read without its layout"
	}
	return w.out.String(), w.marker.marks, problem
}

// htmlWriter turns the elements of a page and their words into text.
type htmlWriter struct {
	out    strings.Builder
	marker marker
	breaks int  // line ends to write before the next word
	space  bool // a space to write before the next word
	bullet bool // the sign of a list to write before the next word
	pre    int  // depth of <pre>
	begun  bool // a <pre> has just begun: a line end there is not shown
}

// enter handles the beginning of an element.
func (w *htmlWriter) enter(e *element) {
	switch e.name {
	case atom.Br:
		w.breaks = min(w.breaks+1, 2)
		w.space = false
	case atom.Td, atom.Th:
		w.space = true
	case atom.Pre:
		w.pre++
		w.begun = true
	}
	if size := blockOf(e.name); size > 0 {
		w.block(size)
	}
	if w.marker.enter(e, &w.out) {
		w.block(1)
	}
	w.bullet = w.bullet || e.name == atom.Li
}

// leave handles the end of an element.
func (w *htmlWriter) leave(e *element) {
	if w.marker.leave(e) {
		w.block(1)
	}
	switch e.name {
	case atom.Pre:
		w.pre--
	case atom.Li:
		w.bullet = false // it had no words
	}
	if size := blockOf(e.name); size > 0 {
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
		if w.begun {
			s = strings.TrimPrefix(s, "\n")
		}
		w.begun = false
		if s != "" {
			w.add(s)
		}
		return
	}
	for s != "" {
		if i := strings.IndexFunc(s, isHTMLSpace); i != 0 {
			if i < 0 {
				i = len(s)
			}
			w.add(s[:i])
			s = s[i:]
			continue
		}
		s = strings.TrimLeftFunc(s, isHTMLSpace)
		w.space = true
	}
}

// add writes s after what it needs before it, and notes whose words they are.
func (w *htmlWriter) add(s string) {
	w.flush()
	start := w.out.Len()
	if w.bullet {
		w.out.WriteString("- ")
		w.bullet = false
	}
	w.out.WriteString(s)
	w.marker.note(start, w.out.Len())
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

// hidden is how a sender keeps words from being seen: preview texts, tracking, filler.
var hidden = compile(`(?i)(display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|max-height\s*:\s*0(px)?\s*(;|!|$)|opacity\s*:\s*0\s*(;|!|$))`)

// tiny is a letter size that nobody can read. Layouts give it to a container whose children have a size of
// their own, so it hides only the words right within.
var tiny = compile(`(?i)font-size\s*:\s*0(px|pt|em|%)?\s*(;|!|$)`)

// isUnseen reports whether no reader is shown an element.
func isUnseen(e *element) bool {
	switch e.name {
	case atom.Script, atom.Style, atom.Title, atom.Template, atom.Noscript, atom.Select, atom.Textarea, atom.Object,
		atom.Svg, atom.Math, atom.Iframe:
		return true
	}
	for _, a := range e.attrs {
		if a.Key == "hidden" || a.Key == "style" && hidden.MatchString(a.Val) {
			return true
		}
	}
	return false
}

// isTiny reports whether nobody can read the words right within an element.
func isTiny(e *element) bool {
	for _, a := range e.attrs {
		if a.Key == "style" && tiny.MatchString(a.Val) {
			return true
		}
	}
	return false
}
