package classify_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/classify"
	"guichetdunumerique.be/guichet/desk"
	"guichetdunumerique.be/guichet/intake/message"
)

const fixtures = "../../shared"

type label struct {
	File, Lang, Task, Kind string
	Rights                 []cases.Right
	IdentityProof          bool `json:"identity_proof"`
	Auto, Staff            bool
	Note                   string
	ExpectRequest          *bool         `json:"expect_request"`
	ExpectRights           []cases.Right `json:"expect_rights"`
	AllowRights            []cases.Right `json:"allow_rights"`
	ExpectOwn              string        `json:"expect_own_text"`
	ExpectProof            *bool         `json:"expect_identity_proof"`
}

func readLabels(t *testing.T, dir string) []label {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "labels.jsonl"))
	if err != nil {
		t.Skipf("no labelled mail beside the repository: %v", err)
	}
	defer f.Close()
	var out []label
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<24)
	for sc.Scan() {
		var l label
		if err := json.Unmarshal(sc.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		out = append(out, l)
	}
	return out
}

func half(file string) int {
	h := fnv.New32a()
	h.Write([]byte(file))
	return int(h.Sum32() % 2)
}

type prf struct{ tp, fp, fn int }

func (p *prf) add(want, got bool) {
	switch {
	case want && got:
		p.tp++
	case got:
		p.fp++
	case want:
		p.fn++
	}
}
func (p prf) f1() float64 {
	if p.tp == 0 {
		return 0
	}
	return 2 * float64(p.tp) / float64(2*p.tp+p.fp+p.fn)
}
func (p prf) String() string {
	return fmt.Sprintf("F1 %.3f  P %.3f  R %.3f  (tp %d fp %d fn %d)", p.f1(), float64(p.tp)/float64(max(1, p.tp+p.fp)), float64(p.tp)/float64(max(1, p.tp+p.fn)), p.tp, p.fp, p.fn)
}

// Half of the messages, chosen by the hash of their names, is there to learn from; the other half is only
// ever scored, so that it tells how the rules fare on mail that nobody has looked at.
func TestScoreMessages(t *testing.T) {
	dir := filepath.Join(fixtures, "messages")
	rules, err := classify.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	labels := readLabels(t, dir)
	for h, name := range []string{"development", "confirming"} {
		var req, rights, identity prf
		byRight := map[cases.Right]*prf{}
		byLang := map[string]*prf{}
		exact, lang, n, missed := 0, 0, 0, 0
		for _, l := range labels {
			if half(l.File) != h {
				continue
			}
			raw, err := os.ReadFile(filepath.Join(dir, l.File))
			if err != nil {
				t.Fatal(err)
			}
			v := judged(raw, rules)
			n++
			req.add(len(l.Rights) > 0, v.Request)
			if l.Auto && len(l.Rights) > 0 && !v.Request {
				missed++
			}
			{
				if slices.Equal(sorted(l.Rights), sorted(v.Rights)) {
					exact++
				} else if h == 0 {
					t.Logf("%s %s want %v got %v (%s %.2f) #%s\n    %s\n    X %s", l.File, l.Lang, l.Rights, v.Rights, v.Decision, v.Score, l.Note, show(v.Evidence), show(v.Cancelled))
				}
				for _, r := range cases.Rights() {
					if byRight[r] == nil {
						byRight[r] = &prf{}
					}
					if byLang[l.Lang] == nil {
						byLang[l.Lang] = &prf{}
					}
					w, g := slices.Contains(l.Rights, r), slices.Contains(v.Rights, r)
					byRight[r].add(w, g)
					byLang[l.Lang].add(w, g)
					rights.add(w, g)
				}
			}
			if v.Language == l.Lang {
				lang++
			} else if h == 0 {
				t.Logf("%s language want %s got %s other %v", l.File, l.Lang, v.Language, v.Other)
			}
			proof := v.Identity == classify.IdentityCandidate || v.Identity == classify.IdentitySigned
			identity.add(l.IdentityProof, proof)
			if proof != l.IdentityProof && h == 0 {
				t.Logf("%s identity want %v got %v #%s", l.File, l.IdentityProof, v.Identity, l.Note)
			}
		}
		t.Logf("==== %s half: %d messages", name, n)
		t.Logf("request   %v", req)
		t.Logf("rights    %v", rights)
		t.Logf("identity  %v", identity)
		t.Logf("exact set %.3f   language %.3f   automatic requests missed %d", float64(exact)/float64(n), float64(lang)/float64(n), missed)
		floor(t, name+" half: request or not", req.f1(), 0.96)
		floor(t, name+" half: rights", rights.f1(), 0.94)
		floor(t, name+" half: exact set", float64(exact)/float64(n), 0.93)
		floor(t, name+" half: language", float64(lang)/float64(n), 0.99)
		floor(t, name+" half: identity", identity.f1(), 0.96)
		for _, r := range cases.Rights() {
			t.Logf("  %-20s %v", r, byRight[r])
		}
		for _, l := range classify.Languages() {
			t.Logf("  %-20s %v", l, byLang[l])
		}
	}
}

func TestScoreCorpus(t *testing.T) {
	dir := filepath.Join(fixtures, "corpus")
	rules, err := classify.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	n, found, within, missed := 0, 0, 0, 0
	ordinary, asCase, asTriage := 0, 0, 0
	idOK, idN := 0, 0
	for _, l := range readLabels(t, dir) {
		raw, err := os.ReadFile(filepath.Join(dir, l.File))
		if err != nil {
			t.Fatal(err)
		}
		if l.Task == "letters" {
			v := judged(raw, rules)
			n++
			all, none := true, true
			for _, r := range l.ExpectRights {
				all = all && slices.Contains(v.Rights, r)
			}
			for _, r := range v.Rights {
				none = none && (slices.Contains(l.ExpectRights, r) || slices.Contains(l.AllowRights, r))
			}
			if all {
				found++
			}
			if none {
				within++
			}
			if l.ExpectRequest != nil && *l.ExpectRequest && !v.Request {
				missed++
				t.Logf("%s MISSED", l.File)
			}
			if !all || !none {
				t.Logf("%s %s want %v allow %v got %v\n    %s\n    X %s", l.File, l.Kind, l.ExpectRights, l.AllowRights, v.Rights, show(unexpected(v.Evidence, l)), show(v.Cancelled))
			}
			if l.ExpectProof != nil {
				idN++
				if (v.Identity == classify.IdentityCandidate) == *l.ExpectProof {
					idOK++
				} else {
					t.Logf("%s identity %v", l.File, v.Identity)
				}
			}
			continue
		}
		if l.Task == "auto" || l.ExpectRequest == nil || *l.ExpectRequest {
			continue
		}
		v := judged(raw, rules)
		ordinary++
		switch v.Decision {
		case classify.OpenCase:
			asCase++
		case classify.ToTriage:
			asTriage++
		}
		if v.Request {
			t.Logf("%s %s %v %.2f\n    %s", l.File, v.Decision, v.Rights, v.Score, show(v.Evidence))
		}
	}
	t.Logf("letters %d: all expected %.3f, nothing else %.3f, missed %d, identity %d/%d", n, float64(found)/float64(n), float64(within)/float64(n), missed, idOK, idN)
	floor(t, "letters: expected rights found", float64(found)/float64(n), 0.97)
	floor(t, "letters: nothing else", float64(within)/float64(n), 0.97)
	floor(t, "ordinary mail without a case", 1-float64(asCase)/float64(ordinary), 0.995)
	floor(t, "ordinary mail not in triage", 1-float64(asTriage)/float64(ordinary), 0.985)
	if missed > 0 {
		t.Errorf("%d letters missed", missed)
	}
	t.Logf("ordinary, mime, replies %d: case %d (%.2f %%) triage %d (%.2f %%)", ordinary, asCase, 100*float64(asCase)/float64(ordinary), asTriage, 100*float64(asTriage)/float64(ordinary))
}

func TestScorePhrases(t *testing.T) {
	rules, err := classify.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"phrases.tsv", "false_friends.tsv"} {
		f, err := os.Open(filepath.Join(fixtures, "domain", file))
		if err != nil {
			t.Skip(err)
		}
		defer f.Close()
		sc := bufio.NewScanner(f)
		n, ok, lang := 0, 0, 0
		for sc.Scan() {
			c := strings.Split(sc.Text(), "\t")
			if c[0] == "right" || c[0] == "lang" {
				continue
			}
			n++
			if file == "phrases.tsv" {
				v := rules.Classify(classify.Input{Text: c[2]}, classify.Options{})
				if v.Language == c[1] {
					lang++
				} else {
					t.Logf("LANG %s: %q got %s other=%v", c[1], c[2], v.Language, v.Other)
				}
				if slices.Equal(v.Rights, []cases.Right{cases.Right(c[0])}) {
					ok++
				} else {
					t.Logf("%s %s %q got %v (%s %.2f)\n    %s X %s", c[0], c[1], c[2], v.Rights, v.Decision, v.Score, show(v.Evidence), show(v.Cancelled))
				}
				continue
			}
			v := rules.Classify(classify.Input{Text: c[1]}, classify.Options{})
			if !v.Request || c[2] == "review" {
				ok++
			} else {
				t.Logf("FALSE FRIEND %s %q (%s) got %v (%s %.2f)\n    %s", c[0], c[1], c[2], v.Rights, v.Decision, v.Score, show(v.Evidence))
			}
		}
		floor(t, file, float64(ok)/float64(n), 0.97)
		t.Logf("%s: %d of %d as labelled, language %d", file, ok, n, lang)
	}
}

// floor fails the test when a measure falls below what was reached.
func floor(t *testing.T, what string, got, least float64) {
	t.Helper()
	if got < least {
		t.Errorf("%s: %.3f is below %.3f", what, got, least)
	}
}

func sorted(r []cases.Right) []cases.Right { r = slices.Clone(r); slices.Sort(r); return r }

func show(e []classify.Evidence) string {
	var out []string
	for i, x := range e {
		if i == 6 {
			break
		}
		s := fmt.Sprintf("%s %q", x.Rule, x.Text)
		if x.By != "" {
			s += " BY " + x.By
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

// judged is what the program makes of a mail: the verdict of `guichet classify`.
func judged(raw []byte, rules *classify.Rules) classify.Verdict {
	m := message.Parse(message.Source{Head: raw, Size: int64(len(raw))}, message.Limits{})
	j := desk.Judge(m, rules, desk.Profile{Address: "info@guichetdunumerique.be"})
	v := j.Verdict
	if v.Decision = j.Decision; v.Decision == classify.Ignore {
		v.Rights = nil
	}
	v.Request = v.Decision != classify.Ignore
	return v
}

// unexpected keeps the evidence of rights that the label does not name.
func unexpected(e []classify.Evidence, l label) []classify.Evidence {
	return slices.DeleteFunc(slices.Clone(e), func(e classify.Evidence) bool {
		return slices.Contains(l.ExpectRights, e.Right) || slices.Contains(l.AllowRights, e.Right)
	})
}
