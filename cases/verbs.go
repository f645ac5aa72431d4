package cases

import (
	"cmp"
	"slices"
	"strings"
)

// row is one way to give a command: the phrases that it may begin with, and how what follows is read. read is
// given all that follows and says whether it could read it all.
type row struct {
	verb    Verb
	phrases [][]string
	bare    bool
	read    func(c *Command, rest []string, reason string) bool
}

// readCommand finds the command that words give, all of them. First they are read as written; if they mean
// nothing, once more with a slip of the keyboard in longer words. Words that could mean two things mean nothing.
func readCommand(words []string, reason string) (Command, bool) {
	if n := startsWith(words, copulas); n > 0 {
		if c, ok := readCommand(words[n:], reason); ok && c.Verb == VerbClose {
			return c, true // "is closed"
		}
	}
	if n := startsWith(words, noes); n > 0 && n < len(words) {
		c, ok := readCommand(words[n:], reason)
		return c, ok && c.Verb == VerbDismiss // "no, not a request"
	}
	if n := startsWith(words, yeses); n > 0 && n < len(words) {
		c, ok := readCommand(words[n:], reason)
		return c, ok && c.Verb != VerbDismiss // "yes, close"
	}
	for _, alike := range []func(got, want string) bool{same, nearlySame} {
		if found := readRows(words, reason, alike); len(found) > 0 {
			return found[0], len(found) == 1
		}
	}
	return Command{}, false
}

// readRows are the different commands that words may mean.
func readRows(words []string, reason string, alike func(got, want string) bool) (found []Command) {
	for _, r := range rows {
		for _, phrase := range r.phrases {
			if len(words) < len(phrase) || !slices.EqualFunc(words[:len(phrase)], phrase, alike) {
				continue
			}
			c := Command{Verb: r.verb, Bare: r.bare}
			if !r.read(&c, words[len(phrase):], reason) {
				continue
			}
			if !slices.ContainsFunc(found, func(f Command) bool { return f.String() == c.String() }) {
				found = append(found, c)
			}
		}
	}
	return found
}

func same(got, want string) bool { return got == want }

// nearlySame allows one slip in words of six letters and more: a letter wrong, missing, too many, or two swapped
// (a Damerau-Levenshtein distance of 1). Other words that people write are no slips.
func nearlySame(got, want string) bool {
	if got == want {
		return true
	}
	if len(want) < 6 || slices.Contains(noSlips, got) {
		return false
	}
	i := 0
	for i < len(got) && i < len(want) && got[i] == want[i] {
		i++
	}
	switch len(got) - len(want) {
	case -1:
		return got[i:] == want[i+1:]
	case 1:
		return got[i+1:] == want[i:]
	case 0:
		swapped := i+1 < len(want) && got[i] == want[i+1] && got[i+1] == want[i] && got[i+2:] == want[i+2:]
		return swapped || got[i+1:] == want[i+1:]
	}
	return false
}

// meaning is a value and the phrases that name it.
type meaning[T any] struct {
	value   T
	phrases [][]string
}

// named is the value that words name, all of them.
func named[T any](words []string, table []meaning[T]) (value T, ok bool) {
	for _, m := range table {
		if len(words) > 0 && startsWith(words, m.phrases) == len(words) {
			return m.value, true
		}
	}
	return value, false
}

// leading is the value that a reason names with its first words, and what is left of the reason. A mark, or a word
// such as "by", must part the two: "withdrawn by phone" names an outcome, "withdrawn her data" does not.
func leading[T any](reason string, table []meaning[T]) (value T, left string, ok bool) {
	words := slices.DeleteFunc(wordsOf(reason), func(w word) bool { return isFiller(w.text) })
	n := 0
	for _, m := range table {
		if k := startsWith(texts(words), m.phrases); k > n {
			value, n = m.value, k
		}
	}
	if n == 0 {
		return value, reason, false
	}
	left = reason[words[n-1].end:]
	behind := wordsOf(left)
	if len(behind) == 0 {
		return value, "", true
	}
	if k := startsWith(texts(behind), becauses); k > 0 {
		return value, strings.TrimSpace(left[behind[k-1].end:]), true
	}
	marked := strings.ContainsAny(left[:behind[0].at], ",;:.(–—-")
	return value, left[behind[0].at:], marked || slices.Contains(byWords, behind[0].text)
}

// readClose reads how a case ended, before the reason or at its beginning: without a word, in full. A reason that
// speaks of another outcome without beginning with it, or of another day, is not understood.
func readClose(c *Command, rest []string, reason string) bool {
	c.Outcome, c.Reason = Fulfilled, reason
	if len(rest) > 0 {
		outcome, ok := named(rest, outcomes)
		c.Outcome = outcome
		return ok
	}
	if outcome, left, ok := leading(reason, outcomes); ok {
		c.Outcome, c.Reason = outcome, left
		return true
	}
	said := fold(reason)
	dated := reason != "" && reason[0] >= '0' && reason[0] <= '9'
	if dated || startsWith(said, notNow) > 0 || slices.ContainsFunc(said, func(w string) bool { return slices.Contains(absences, w) }) {
		return false
	}
	said = slices.DeleteFunc(said, isFiller)
	for i := range said {
		for _, o := range outcomes {
			if o.value != Fulfilled && startsWith(said[i:], o.phrases) > 0 {
				return false
			}
		}
	}
	return true
}

// readReason reads a command of which the reason is all there is. The letters' own "reason – what it does", copied
// whole, is none.
func readReason(c *Command, rest []string, reason string) bool {
	c.Reason = reason
	words := wordsOf(reason)
	if n, _ := cut(reason, words); startsWith(texts(words[:n]), placeholders) == n {
		c.Reason = ""
	}
	return len(rest) == 0
}

// readExtend reads an extension; by how much is the law's to say.
func readExtend(c *Command, rest []string, reason string) bool {
	rest = slices.DeleteFunc(rest, func(w string) bool { return slices.Contains(periodWords, w) })
	return readReason(c, rest, reason)
}

func readNothing(_ *Command, rest []string, reason string) bool {
	return len(rest) == 0 && reason == ""
}

// readNote reads a note. What lawyers let mail programs write under every mail is none.
func readNote(c *Command, rest []string, reason string) bool {
	disclaimed := slices.ContainsFunc(fold(reason), func(w string) bool { return slices.Contains(disclaimers, w) })
	return readReason(c, rest, reason) && c.Reason != "" && !disclaimed
}

// readIdentity reads what was found of the identity, and perhaps that the copy is gone too, before the reason or at
// its beginning.
func readIdentity(c *Command, rest []string, reason string) (ok bool) {
	rest = rest[startsWith(rest, copulas):]
	if len(rest) == 0 {
		c.Identity, c.Reason, ok = leading(reason, identities)
		if n := startsWith(fold(c.Reason), ands); ok && isCopyGone(fold(c.Reason)[n:]) {
			c.Copy, c.Reason = CopyDeleted, ""
		}
		return ok
	}
	for i := 1; i < len(rest); i++ {
		if n := startsWith(rest[i:], ands); isCopyGone(rest[i+n:]) {
			c.Copy, rest = CopyDeleted, rest[:i]
		}
	}
	c.Identity, ok = named(rest, identities)
	c.Reason = reason
	return ok
}

// isCopyGone reports whether words say that the copy of a document is deleted.
func isCopyGone(words []string) bool {
	n := startsWith(words, copyNames)
	return n > 0 && isGone(words[n:])
}

// readCopy reads that the copy of a document is gone.
func readCopy(c *Command, rest []string, reason string) bool {
	c.Copy, c.Reason = CopyDeleted, reason
	return isGone(rest)
}

// isGone reports whether words say of a copy that it is deleted.
func isGone(words []string) bool {
	words = slices.DeleteFunc(slices.Clone(words), func(w string) bool { return slices.Contains(copyWords, w) })
	return len(words) == 1 && slices.Contains(gone, words[0])
}

// readRights reads names of rights, before the reason or instead of it.
func readRights(c *Command, rest []string, reason string) bool {
	if len(rest) == 0 {
		said := wordsOf(reason)
		n, between := cut(reason, said)
		rest, reason = texts(said[:n]), reason[between.end:]
	}
	rest = slices.DeleteFunc(slices.Clone(rest), func(w string) bool { return isFiller(w) || slices.Contains(rightsBetween, w) })
	for len(rest) > 0 {
		n := 0
		var right Right
		for _, m := range rightNames {
			if k := startsWith(rest, m.phrases); k > n {
				n, right = k, m.value
			}
		}
		if n == 0 {
			return false
		}
		c.Rights, rest = append(c.Rights, right), rest[n:]
	}
	c.Rights, c.Reason = inOrder(c.Rights), strings.TrimSpace(reason)
	return len(c.Rights) > 0
}

// readMerge reads a merger. The other case stands before the colon, or behind it alone.
func readMerge(c *Command, rest []string, reason string) bool {
	c.Reason = reason
	if ref, err := ParseReference(strings.TrimRight(reason, ".! ")); err == nil {
		c.Other, c.Reason = ref.String(), ""
	}
	return len(rest) == 0
}

// readDraft reads which letter is wanted, and why.
func readDraft(c *Command, rest []string, reason string) bool {
	rest = slices.DeleteFunc(slices.Clone(rest), func(w string) bool { return slices.Contains(draftBetween, w) })
	if len(rest) > 0 {
		kind, ok := named(rest, drafts)
		c.Draft, c.Reason = kind, reason
		return ok
	}
	kind, left, ok := leading(reason, drafts)
	c.Draft, c.Reason = kind, left
	return ok
}

// spread gives a command its cases, one command for each.
func spread(c Command, l line) []Command {
	if c.Verb == VerbMerge {
		switch {
		case len(l.refs) == 0 && c.Other != "":
			return []Command{c}
		case len(l.refs) == 1 && c.Other != "":
			c.Case = l.refs[0].String()
			return []Command{c}
		case len(l.refs) == 1 && l.refEnd:
			c.Other = l.refs[0].String()
			return []Command{c}
		case len(l.refs) == 2 && l.refEnd && c.Other == "":
			c.Case, c.Other = l.refs[0].String(), l.refs[1].String()
			return []Command{c}
		}
		return nil // "merge X into this" would be the wrong way round
	}
	if len(l.refs) == 0 {
		return []Command{c}
	}
	all := make([]Command, len(l.refs))
	for i, r := range l.refs {
		all[i] = c
		all[i].Case = r.String()
	}
	return all
}

// parseLine reads one line: nothing where it is no command.
func parseLine(text string) []Command {
	l, ok := splitLine(text)
	if !ok || len(l.words) == 0 || len(l.words) > maxHead || len(l.refs) > maxReferences {
		return nil
	}
	c, ok := readCommand(l.words, l.reason)
	if !ok || strings.ContainsAny(l.reason, "?？؟") && c.Verb != VerbNote {
		return nil // a question
	}
	if !l.on.IsZero() && c.Verb != VerbPause && c.Verb != VerbResume {
		return nil
	}
	c.On = cmp.Or(l.on, c.On)
	return spread(c, l)
}
