package message

import "slices"

// maxNotes bounds the Problems of one mail.
const maxNotes = 20

// notes gathers what could not be read.
type notes struct {
	problems  []string
	truncated bool
}

// add notes a problem once. It must not hold words of the mail.
func (n *notes) add(problem string) {
	if problem != "" && len(n.problems) < maxNotes && !slices.Contains(n.problems, problem) {
		n.problems = append(n.problems, problem)
	}
}

// cut notes a problem that left parts of the mail unread.
func (n *notes) cut(problem string) {
	n.truncated = true
	n.add(problem)
}
