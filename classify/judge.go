package classify

import (
	"cmp"
	"slices"
	"strings"

	"guichetdunumerique.be/guichet/cases"
)

// Options are the desk's settings.
type Options struct {
	Threshold       float64  // score from which a message opens a case; 0 means DefaultThreshold
	TriageThreshold float64  // score from which a person must look; 0 means DefaultTriageThreshold
	Default         string   // the desk's first language, for words in another one; "" means "fr"
	Languages       []string // languages that the desk answers in; empty means all of Languages()
}

// Thresholds of a desk that sets none.
const (
	DefaultThreshold       = 0.6
	DefaultTriageThreshold = 0.3
)

func (o Options) withDefaults() Options {
	o.Threshold = cmp.Or(o.Threshold, DefaultThreshold)
	o.TriageThreshold = min(cmp.Or(o.TriageThreshold, DefaultTriageThreshold), o.Threshold)
	o.Default = cmp.Or(o.Default, "fr")
	if len(o.Languages) == 0 {
		o.Languages = Languages()
	}
	return o
}

// Names of parts in Evidence.
const (
	partSubject    = "subject"
	partText       = "text"
	partRelayed    = "relayed"
	partAttachment = "attachment"
)

const (
	maxFiles     = 100 // attachments looked at
	maxEvidence  = 40  // of a message, and as many cancelled
	threadFactor = 0.3 // a subject that begins with Re: was chosen for an earlier mail
	fileFactor   = 0.8 // a file's name says what the file is, not always what its sender wants
)

// Classify judges one message.
func (r *Rules) Classify(in Input, o Options) Verdict {
	o = o.withDefaults()
	s := r.scratch.Get().(*scratch)
	defer func() {
		s.release()
		r.scratch.Put(s)
	}()

	text, relayed, subject := parts(in)
	in.Text, in.Relayed = text.text, relayed.text
	lang := r.language.detect(in, s)
	t := tally{rules: r.rules, rights: r.rights, lang: lang}
	r.read(s.aside.begin(subject.text), s, &t, subject)
	r.read(&s.reader, s, &t, text) // which the detector began
	r.read(s.aside.begin(relayed.text), s, &t, relayed)
	for _, a := range in.Attachments[:min(len(in.Attachments), maxFiles)] {
		t.files = append(t.files, fileSigns{})
		name := fileWords(a.Name)
		p := passage{name: partAttachment, text: name, written: name, factor: fileFactor}
		r.read(s.aside.begin(p.text), s, &t, p)
	}

	var v Verdict
	v.Language, v.Other = lang.choose(in.Language, o)
	t.settle(&v, o)
	r.hear(&v, &t, s, o, []passage{subject, text, relayed})
	v.Flags = t.flags()
	v.Identity, v.Declined = t.identity(in), t.signs[signDeclined]
	v.TakenBack = t.takenBack
	v.Behalf = t.signs[signBehalf]
	v.Marketing = slices.Contains(v.Rights, cases.Objection) && t.signs[signMarketing]
	return v
}

// hear asks the net where the rules hear no request, and what it makes of those that they hear.
func (r *Rules) hear(v *Verdict, t *tally, s *scratch, o Options, passages []passage) {
	at := tongue(v.Language)
	if r.net == nil || at < 0 || v.Other {
		return
	}
	if !v.Request {
		v.cast(r.net().listen(at, s, passages), t.words, o)
	} else if v.Request && !t.law && t.words >= netFew && t.words <= netMany {
		v.weighAgainst(r.net().listen(at, s, passages))
	}
}

// parts are the texts of a message, without what stands beside empty boxes; the subject of an answer weighs little.
func parts(in Input) (text, relayed, subject passage) {
	whole := strings.TrimSpace(in.Subject)
	words, thread := cutThread(whole)
	subject = passage{name: partSubject, text: words, written: words, offset: strings.Index(in.Subject, whole) + len(whole) - len(words), factor: 1}
	if thread {
		subject.factor = threadFactor
	}
	text = passage{name: partText, text: ticked(in.Text), written: in.Text, factor: 1}
	relayed = passage{name: partRelayed, text: ticked(in.Relayed), written: in.Relayed, factor: 1}
	return text, relayed, subject
}

// passage is one text to read.
type passage struct {
	name    string
	text    string
	written string // the same before anything was blanked
	offset  int    // of text in the part as given
	factor  float64
}

// threadMarks are what mail programs put before the subject of an answer or a forwarded mail.
var threadMarks = []string{"re:", "aw:", "sv:", "antw:", "antwort:", "rép:", "rép :", "re :", "rif:", "fwd:", "fw:", "tr:", "tr :", "wg:", "doorst:", "vs:"}

// cutThread takes such marks off a subject.
func cutThread(subject string) (rest string, thread bool) {
	rest = strings.TrimSpace(subject)
	for {
		i := slices.IndexFunc(threadMarks, func(m string) bool {
			return len(rest) >= len(m) && strings.EqualFold(rest[:len(m)], m)
		})
		if i < 0 {
			return rest, thread
		}
		rest, thread = strings.TrimSpace(rest[len(threadMarks[i]):]), true
	}
}

// fileWords makes the words of a file's name readable as a text: its separators become spaces and its
// ending goes.
func fileWords(name string) string {
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		name = name[:i]
	}
	return strings.Map(func(c rune) rune {
		if c == '_' || c == '-' || c == '.' || c == '+' || c == '(' || c == ')' {
			return ' '
		}
		return c
	}, name)
}
