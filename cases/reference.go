package cases

import "fmt"

// Reference names a case for people: GDN-2026-0007. Numbers of a year have no gaps.
type Reference struct {
	Prefix string
	Year   int
	Number int
}

// String is the reference as written in mails, or "" for the zero Reference.
func (r Reference) String() string {
	if r == (Reference{}) {
		return ""
	}
	return fmt.Sprintf("%s-%04d-%04d", r.Prefix, r.Year, r.Number)
}
