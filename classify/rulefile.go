package classify

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"guichetdunumerique.be/guichet/cases"
)

// shared is the language of rules and lists that hold in every language.
const shared = "any"

// ruleFile is a file of rules as written: see docs/rules.md.
type ruleFile struct {
	Language string              `toml:"language"`
	Common   []string            `toml:"common"`  // frequent words that tell the language
	Foreign  map[string][]string `toml:"foreign"` // frequent words of languages without rules
	Disable  []string            `toml:"disable"` // ids of built-in rules that are switched off
	Lists    map[string][]string `toml:"lists"`
	More     map[string][]string `toml:"more"` // entries added to lists that exist
	Request  []requestRule       `toml:"request"`
	Cancel   []cancelRule        `toml:"cancel"`
	Sign     []signRule          `toml:"sign"`
}

// requestRule says that its phrases exercise a right.
type requestRule struct {
	ID       string   `toml:"id"`
	Right    string   `toml:"right"`  // "" for a request whose right stays unclear
	Weight   float64  `toml:"weight"` // 0 to 1: how surely the phrase alone makes a request
	Say      []string `toml:"say"`
	Short    int      `toml:"short"` // counts only in a text of at most so many words
	Needs    string   `toml:"needs"` // counts only where this sign is in the message
	Named    bool     `toml:"named"` // names a right: counts in full only where the sentence asks
	Examples []string `toml:"examples"`
	Not      []string `toml:"not"`
}

// cancelRule undoes or weakens requests whose words it touches.
type cancelRule struct {
	ID       string   `toml:"id"`
	Rights   []string `toml:"rights"`     // empty for all
	Within   string   `toml:"within"`     // "words", "clause", "sentence" or "message"
	Leaves   float64  `toml:"leaves"`     // share of the weight that remains
	Unless   string   `toml:"unless"`     // of a message: counts only where this sign is not in it
	Takes    bool     `toml:"takes_back"` // the writer takes back what he asked for
	Spares   []string `toml:"spares"`     // ids of rules, or their beginnings with *, that it leaves alone
	Say      []string `toml:"say"`
	Examples []string `toml:"examples"`
	Not      []string `toml:"not"`
}

// signRule notes something beside the rights.
type signRule struct {
	ID   string   `toml:"id"`
	Sign string   `toml:"sign"`
	Say  []string `toml:"say"`
	Not  []string `toml:"not"`
}

// signs lists what a signRule may note: the flags of cases, and what the identity and the marketing
// judgement need.
var signs = []string{
	string(cases.Representative), string(cases.Minor), string(cases.Complaint), string(cases.Breach), string(cases.Authority),
	signAnnounced, signMentioned, signDeclined, signPasted, signESigned, signProof, signNeutral, signNoProof, signMarketing, signWish, signBehalf,
}

// source is a rule file with what is needed to say where in it something is wrong.
type source struct {
	name  string
	bytes []byte
	file  ruleFile
	lines map[string][]int // line of each [[request]], [[cancel]], [[sign]] header
}

// RuleError is one thing wrong in a file of rules.
type RuleError struct {
	File string
	Line int    // 0 when unknown
	Rule string // id, "" when the fault is in no rule
	Err  error
}

func (e *RuleError) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d", e.Line)
	}
	if e.Rule != "" {
		fmt.Fprintf(&b, ": rule %q", e.Rule)
	}
	fmt.Fprintf(&b, ": %v", e.Err)
	return b.String()
}

func (e *RuleError) Unwrap() error { return e.Err }

// readSources reads every *.toml file at the top of fsys, in the order of their names.
func readSources(fsys fs.FS) ([]*source, []error) {
	names, err := fs.Glob(fsys, "*.toml")
	if err != nil {
		return nil, []error{fmt.Errorf("listing rule files: %w", err)}
	}
	slices.Sort(names)
	var out []*source
	var errs []error
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			errs = append(errs, fmt.Errorf("reading rule file: %w", err))
			continue
		}
		s, err := parseSource(path.Base(name), data)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		out = append(out, s)
	}
	return out, errs
}

func parseSource(name string, data []byte) (*source, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	s := &source{name: name, bytes: data, lines: headerLines(data)}
	dec := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields()
	if err := dec.Decode(&s.file); err != nil {
		return nil, tomlError(name, err)
	}
	if s.file.Language == "" {
		return nil, &RuleError{File: name, Err: fmt.Errorf("language is missing: fr, nl, de, en or %s", shared)}
	}
	if s.file.Language != shared && !slices.Contains(Languages(), s.file.Language) {
		return nil, &RuleError{File: name, Err: fmt.Errorf("language %q is not fr, nl, de, en or %s", s.file.Language, shared)}
	}
	return s, nil
}

// tomlError gives a fault of notation its line.
func tomlError(name string, err error) error {
	var unknown *toml.StrictMissingError
	if errors.As(err, &unknown) && len(unknown.Errors) > 0 {
		line, _ := unknown.Errors[0].Position()
		return &RuleError{File: name, Line: line, Err: fmt.Errorf("unknown key %q", strings.Join(unknown.Errors[0].Key(), "."))}
	}
	var decode *toml.DecodeError
	if errors.As(err, &decode) {
		line, _ := decode.Position()
		return &RuleError{File: name, Line: line, Err: errors.New(decode.Error())}
	}
	return &RuleError{File: name, Err: err}
}

var tableHeader = regexp.MustCompile(`^\s*\[\[\s*(\w+)\s*\]\]`)

func headerLines(data []byte) map[string][]int {
	lines := map[string][]int{}
	for i, line := range bytes.Split(data, []byte("\n")) {
		if m := tableHeader.FindSubmatch(line); m != nil {
			kind := string(m[1])
			lines[kind] = append(lines[kind], i+1)
		}
	}
	return lines
}

// at is where the i-th rule of a kind is written.
func (s *source) at(kind string, i int, id string) RuleError {
	e := RuleError{File: s.name, Rule: id}
	if i < len(s.lines[kind]) {
		e.Line = s.lines[kind][i]
	}
	return e
}

// because is an error at that place.
func (e RuleError) because(err error) error {
	e.Err = err
	return &e
}
