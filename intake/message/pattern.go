package message

import (
	"regexp"
	"sync"
)

// pattern is a regular expression that is compiled when it is first asked. There are many of them, some with
// hundreds of words, and most commands of the program read no mail.
type pattern struct {
	text string
	once sync.Once
	re   *regexp.Regexp
}

// compile makes a pattern. A mistake in it panics at first use: a test uses every one.
func compile(text string) *pattern { return &pattern{text: text} }

func (p *pattern) get() *regexp.Regexp {
	p.once.Do(func() { p.re = regexp.MustCompile(p.text) })
	return p.re
}

func (p *pattern) MatchString(s string) bool            { return p.get().MatchString(s) }
func (p *pattern) FindString(s string) string           { return p.get().FindString(s) }
func (p *pattern) FindStringIndex(s string) []int       { return p.get().FindStringIndex(s) }
func (p *pattern) FindStringSubmatch(s string) []string { return p.get().FindStringSubmatch(s) }
func (p *pattern) FindStringSubmatchIndex(s string) []int {
	return p.get().FindStringSubmatchIndex(s)
}
func (p *pattern) ReplaceAllString(s, by string) string { return p.get().ReplaceAllString(s, by) }
