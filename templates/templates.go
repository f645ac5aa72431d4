// Package templates holds the words that guichet sends, a folder a language, embedded and overridable
// from a folder of the operator's.
package templates

// Languages are the languages that letters exist in, the first being the fallback.
func Languages() []string { return []string{"fr", "nl", "de", "en"} }

// Letter is a rendered letter.
type Letter struct {
	Subject string
	Text    string
	HTML    string
}
