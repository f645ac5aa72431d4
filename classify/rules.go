package classify

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"guichetdunumerique.be/guichet/cases"
)

//go:embed rules/*.toml
var builtin embed.FS

// Languages lists the languages that have rules, the desk's usual ones.
func Languages() []string { return []string{"fr", "nl", "de", "en"} }

// Rules is a compiled set of rules. It is safe for use by several goroutines.
type Rules struct {
	rules    []rule
	matcher  *matcher
	language *detector
	rights   []cases.Right
	articles int32     // index of the first of articleRules
	cited    [100]int8 // by article: the place of its rule in articleRules, -1 for none
	overlay  fs.FS     // of Load, nil for none: Check reads the examples from there
	version  string
	net      func() *net // nil where it is disabled
	scratch  sync.Pool   // *scratch
}

type kind uint8

const (
	isRequest kind = iota
	isCancel
	isSign
)

type scope uint8

const (
	withinWords scope = iota
	withinClause
	withinSentence
	withinMessage
)

// rule is one rule, ready for use. Which fields count depends on its kind.
type rule struct {
	id       string
	kind     kind
	language string // "" for a rule of every language

	right  cases.Right
	weight float64
	short  int
	needs  string
	named  bool // names a right or an article of the law: weighs less where nothing is asked

	rights []cases.Right
	scope  scope
	unless string
	leaves float64
	spares []string

	takesBack bool

	sign     string
	ofFile   bool // a sign of what a file is
	unneeded bool // no rule asks for the sign

	article bool // stands for a citation, see articleRules
}

// Builtin is the set of rules that comes with the program.
func Builtin() (*Rules, error) { return Load(nil) }

// Load is the built-in set with the files of overlay (*.toml at its top) laid over it; overlay may be nil.
// A rule with the id of a built-in one replaces it, a list with the name of one of the same language
// replaces that, and [more] adds entries to lists. The error joins everything that is wrong, each a
// *RuleError where a file can be named.
func Load(overlay fs.FS) (*Rules, error) {
	rules, _, err := load(overlay)
	return rules, err
}

// load is Load with the examples, which only Check needs.
func load(overlay fs.FS) (*Rules, []example, error) {
	base, err := fs.Sub(builtin, "rules")
	if err != nil {
		return nil, nil, fmt.Errorf("opening the built-in rules: %w", err)
	}
	sources, errs := readSources(base)
	if overlay != nil {
		more, e := readSources(overlay)
		sources, errs = append(sources, more...), append(errs, e...)
	}
	if len(errs) > 0 {
		return nil, nil, errors.Join(errs...)
	}
	rules, examples, err := compile(sources)
	if err != nil {
		return nil, nil, err
	}
	rules.overlay = overlay
	return rules, examples, nil
}

// Version identifies the set of rules: it changes with every change of a rule file.
func (r *Rules) Version() string { return r.version }

// compile builds the matcher and the detector from the sources, later ones standing over earlier ones.
func compile(sources []*source) (*Rules, []example, error) {
	b := newBuilder()
	hash := sha256.New()
	disabled := map[string]bool{}
	for _, s := range sources {
		fmt.Fprintf(hash, "%s %d\n", s.name, len(s.bytes))
		hash.Write(s.bytes)
		b.addLists(s)
		for _, id := range s.file.Disable {
			disabled[id] = true
		}
	}
	where := map[string]int{}
	for _, s := range sources {
		b.addRules(s, where)
	}
	hash.Write(netFile)
	b.checkSigns()
	b.resolveLists()
	var examples []example
	out := &Rules{version: hex.EncodeToString(hash.Sum(nil))[:12]}
	for _, w := range b.written {
		if disabled[w.rule.id] {
			continue
		}
		b.addPhrases(w, int32(len(out.rules)))
		out.rules = append(out.rules, w.rule)
		for _, text := range w.examples {
			examples = append(examples, example{rule: w.rule.id, text: text, at: w.at})
		}
		for _, text := range w.not {
			examples = append(examples, example{rule: w.rule.id, text: text, unwanted: true, at: w.at})
		}
	}
	if b.full {
		b.errs = append(b.errs, fmt.Errorf("the rules hold more than %d different words, choices and lists", maxAtoms))
	}
	if len(b.errs) > 0 {
		return nil, nil, errors.Join(b.errs...)
	}
	out.articles = int32(len(out.rules))
	out.rules, out.rights, out.cited = append(out.rules, articleRules()...), cases.Rights(), cited()
	out.matcher = b.finish()
	out.language = newDetector(sources)
	out.matcher.frequent = out.language.common
	if !disabled[netRule] {
		out.net = sync.OnceValue(learnt)
	}
	out.scratch.New = func() any { return newScratch(out.matcher) }
	return out, examples, nil
}

// written is a rule beside the place where it is written.
type written struct {
	rule     rule
	language string
	say      []string
	examples []string
	not      []string
	at       RuleError // where it is written
}

// addRules checks the rules of a source. A rule whose id is known replaces the earlier one.
func (b *builder) addRules(s *source, where map[string]int) {
	add := func(kind string, i int, w written) {
		w.language = s.file.Language
		if w.language != shared {
			w.rule.language = w.language
		}
		w.at = s.at(kind, i, w.rule.id)
		if err := checkWritten(w); err != nil {
			b.errs = append(b.errs, w.at.because(err))
			return
		}
		at, known := where[w.rule.id]
		switch {
		case !known:
			where[w.rule.id] = len(b.written)
			b.written = append(b.written, w)
		case b.origin[w.rule.id] == s:
			b.errs = append(b.errs, w.at.because(fmt.Errorf("the id is used twice in this file")))
		default:
			b.written[at] = w
		}
		b.origin[w.rule.id] = s
	}
	for i, r := range s.file.Request {
		add("request", i, written{say: r.Say, examples: r.Examples, not: r.Not, rule: rule{
			id: r.ID, kind: isRequest, right: cases.Right(r.Right), weight: r.Weight, short: r.Short, needs: r.Needs, named: r.Named,
		}})
	}
	for i, r := range s.file.Cancel {
		sc, ok := scopes[r.Within]
		if !ok {
			b.errs = append(b.errs, s.at("cancel", i, r.ID).because(fmt.Errorf("within = %q: words, clause, sentence or message", r.Within)))
			continue
		}
		rights := make([]cases.Right, len(r.Rights))
		for j, name := range r.Rights {
			rights[j] = cases.Right(name)
		}
		add("cancel", i, written{say: r.Say, examples: r.Examples, not: r.Not, rule: rule{
			id: r.ID, kind: isCancel, rights: rights, scope: sc, leaves: r.Leaves, spares: r.Spares, unless: r.Unless, takesBack: r.Takes,
		}})
	}
	for i, r := range s.file.Sign {
		add("sign", i, written{say: r.Say, not: r.Not, rule: rule{id: r.ID, kind: isSign, sign: r.Sign}})
	}
}

// checkSigns finds signs that are needed but never given, and own signs that nothing needs.
func (b *builder) checkSigns() {
	given, needed := slices.Clone(signs), slices.Clone(signs)
	for _, w := range b.written {
		given, needed = append(given, w.rule.sign), append(needed, w.rule.needs, w.rule.unless)
	}
	for _, w := range b.written {
		if r := w.rule; r.needs != "" && !slices.Contains(given, r.needs) {
			b.errs = append(b.errs, w.at.because(fmt.Errorf("needs = %q: no rule gives that sign", r.needs)))
		} else if r.unless != "" && !slices.Contains(given, r.unless) {
			b.errs = append(b.errs, w.at.because(fmt.Errorf("unless = %q: no rule gives that sign", r.unless)))
		} else if r.kind == isSign && !slices.Contains(needed, r.sign) {
			b.errs = append(b.errs, w.at.because(fmt.Errorf("sign = %q is none of %s, and no rule needs it", r.sign, strings.Join(signs, ", "))))
		}
	}
	needed = needed[len(signs):]
	for i := range b.written {
		r := &b.written[i].rule
		r.ofFile = r.sign == signProof || r.sign == signNeutral || r.sign == signNoProof
		r.unneeded = !slices.Contains(needed, r.sign)
	}
}

var scopes = map[string]scope{
	"words": withinWords, "clause": withinClause, "sentence": withinSentence, "message": withinMessage,
}

// checkWritten finds what is wrong with a rule apart from its phrases.
func checkWritten(w written) error {
	r := w.rule
	switch {
	case r.id == "":
		return errors.New("id is missing")
	case len(w.say) == 0:
		return errors.New("say is empty: a rule needs a phrase")
	case r.kind == isRequest && r.right != "" && !r.right.Valid():
		return fmt.Errorf("right = %q is not a right", r.right)
	case r.kind == isRequest && (r.weight <= 0 || r.weight > 1):
		return errors.New("weight must lie above 0 and not above 1")
	case r.unless != "" && r.scope != withinMessage:
		return errors.New("unless goes with within = \"message\" only")
	case r.kind == isCancel && (r.leaves < 0 || r.leaves >= 1):
		return errors.New("leaves must be at least 0 and below 1")
	}
	for _, right := range r.rights {
		if !right.Valid() {
			return fmt.Errorf("rights holds %q, which is not a right", right)
		}
	}
	return nil
}
