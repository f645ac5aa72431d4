package desk_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/classify"
	"guichetdunumerique.be/guichet/desk"
	"guichetdunumerique.be/guichet/intake"
	"guichetdunumerique.be/guichet/intake/message"
	"guichetdunumerique.be/guichet/reply"
	"guichetdunumerique.be/guichet/store"
	"guichetdunumerique.be/guichet/templates"
)

const (
	info = "info@guichetdunumerique.be"
	anne = "anne@guichetdunumerique.be"
)

// office is a desk with a real store and real rules, a clock of its own and a fake postman.
type office struct {
	*desk.Desk
	t     testing.TB
	now   time.Time
	post  *postman
	files *cabinet
	store *store.Store
	path  string // of the database
	uid   map[string]uint32
}

// postman keeps the mails it is given; fail answers for the next mails, one each.
type postman struct {
	mails []reply.Mail
	fail  []error
}

func (p *postman) Send(_ context.Context, m reply.Mail) error {
	if len(p.fail) > 0 {
		err := p.fail[0]
		p.fail = p.fail[1:]
		if err != nil {
			return err
		}
	}
	p.mails = append(p.mails, m)
	return nil
}

// cabinet is the account's Drafts and Sent folders.
type cabinet struct {
	kept []reply.Mail
	raw  map[string][]byte
	fail error
}

func (c *cabinet) Append(_ context.Context, to intake.Place, messageID string, raw []byte) error {
	if c.fail != nil {
		return c.fail
	}
	if c.raw == nil {
		c.raw = map[string][]byte{}
	}
	c.raw[string(to)+" "+messageID] = raw
	m := message.Parse(message.Source{Head: raw, Size: int64(len(raw))}, message.Limits{})
	c.kept = append(c.kept, reply.Mail{MessageID: messageID, To: m.To[0].Address, Subject: m.Subject, Text: m.Text})
	return nil
}

// to lists the mails that went to an address.
func (p *postman) to(address string) []reply.Mail {
	var list []reply.Mail
	for _, m := range p.mails {
		if m.To == address {
			list = append(list, m)
		}
	}
	return list
}

func newOffice(t testing.TB) *office {
	t.Helper()
	o := &office{t: t, now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), post: &postman{}, files: &cabinet{}, uid: map[string]uint32{},
		path: filepath.Join(t.TempDir(), "guichet.db")}
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	var err error
	o.store, err = store.Open(t.Context(), store.Config{
		Path: o.path, Now: func() time.Time { return o.now }, Log: log})
	must(t, err)
	t.Cleanup(func() { _ = o.store.Close() })
	rules, err := builtinRules()
	must(t, err)
	zone, err := time.LoadLocation("Europe/Brussels")
	must(t, err)
	term := cases.Term{Months: 1, ExtensionMonths: 3, Calendar: cases.Belgium(), Zone: zone}
	o.Desk = desk.New(desk.Parts{
		Profile: desk.Profile{
			Address: info, Staff: []string{anne}, Prefix: "GDN", Term: term, DigestAt: 8 * time.Hour, DigestTo: []string{anne},
			NoticesPerHour: 30, RemindersPerDay: 40,
			AlarmAfter: 30 * time.Minute,
			Thresholds: classify.Options{Default: "fr"}, AskIdentity: true, RequiredFor: cases.Rights()[:6],
			RepliesPerAddress: 3, RepliesPerHour: 50, AnswerWithin: 72 * time.Hour,
		},
		Store: o.store, Rules: rules, Sender: o.post, Drafter: o.files, Plan: cases.DefaultPlan(term), Log: log,
		Composer: reply.NewComposer(reply.Config{Name: "Guichet du Numérique", Address: info, Letters: letters(t), StaffLanguage: "fr", Zone: zone}),
	})
	for _, folder := range []string{"INBOX", "Junk", "Sent"} {
		must(t, o.Begin(t.Context(), folder, intake.Position{UIDValidity: 1, UID: 0}))
	}
	return o
}

// builtinRules and builtinLetters are read once for all tests: neither changes.
var (
	builtinRules   = sync.OnceValues(classify.Builtin)
	builtinLetters = sync.OnceValues(func() (*templates.Set, error) { return templates.Load(nil) })
)

func letters(t testing.TB) *templates.Set {
	t.Helper()
	set, err := builtinLetters()
	must(t, err)
	return set
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// letter is a mail as a test writes it.
type letter struct {
	from, to, cc, returnPath, subject, id, answers, body string
	headers                                              string // further header lines, each ended by \n
}

func (l letter) raw() []byte {
	if l.to == "" {
		l.to = info
	}
	if l.returnPath == "" {
		l.returnPath = "<" + strings.TrimSuffix(l.from[strings.IndexByte(l.from, '<')+1:], ">") + ">"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Return-Path: %s\nFrom: %s\nTo: %s\nSubject: %s\n", l.returnPath, l.from, l.to, l.subject)
	if l.cc != "" {
		fmt.Fprintf(&b, "Cc: %s\n", l.cc)
	}
	if l.id != "" {
		fmt.Fprintf(&b, "Message-ID: <%s>\n", l.id)
	}
	if l.answers != "" {
		fmt.Fprintf(&b, "In-Reply-To: <%s>\nReferences: <%s>\n", l.answers, l.answers)
	}
	b.WriteString(l.headers)
	if !strings.Contains(l.headers, "Content-Type:") {
		b.WriteString("Content-Type: text/plain; charset=utf-8\n")
	}
	b.WriteString("\n" + l.body + "\n")
	return []byte(strings.ReplaceAll(b.String(), "\n", "\r\n"))
}

// arrive hands a letter to the desk as intake would and returns its row in the ledger.
func (o *office) arrive(l letter) store.Entry { o.t.Helper(); return o.arriveIn("INBOX", l) }

func (o *office) arriveIn(folder string, l letter) store.Entry {
	o.t.Helper()
	return o.take(o.arrivalOf(folder, l, o.now))
}

// arrivalOf is a letter as intake hands it over, which reached the server at a moment.
func (o *office) arrivalOf(folder string, l letter, at time.Time) intake.Arrival {
	o.uid[folder]++
	raw := l.raw()
	return intake.Arrival{
		Folder: folder, Junk: folder == "Junk", Sent: folder == "Sent", UIDValidity: 1, UID: o.uid[folder], InternalDate: at,
		Message: message.Parse(message.Source{Head: raw, Size: int64(len(raw))}, message.Limits{}),
	}
}

func (o *office) take(a intake.Arrival) store.Entry {
	o.t.Helper()
	must(o.t, o.Take(o.t.Context(), a))
	must(o.t, o.Deliver(o.t.Context()))
	var e store.Entry
	must(o.t, o.store.View(o.t.Context(), func(tx *store.Tx) (err error) {
		e, err = tx.FindEntry(a.Folder, a.UIDValidity, a.UID)
		return err
	}))
	return e
}

func (o *office) find(ref string) cases.Case {
	o.t.Helper()
	var c cases.Case
	must(o.t, o.store.View(o.t.Context(), func(tx *store.Tx) (err error) { c, err = tx.FindCase(ref); return err }))
	return c
}

func (o *office) events(ref string) []cases.EventKind {
	o.t.Helper()
	var kinds []cases.EventKind
	must(o.t, o.store.View(o.t.Context(), func(tx *store.Tx) error {
		events, err := tx.FindEvents(ref)
		for _, e := range events {
			kinds = append(kinds, e.Kind)
		}
		return err
	}))
	return kinds
}

func (o *office) allCases() []cases.Case {
	o.t.Helper()
	var list []cases.Case
	must(o.t, o.store.View(o.t.Context(), func(tx *store.Tx) (err error) { list, err = tx.FindCases(store.CaseFilter{}); return err }))
	return list
}

func (o *office) outbox(f store.OutFilter) []store.Outgoing {
	o.t.Helper()
	var list []store.Outgoing
	must(o.t, o.store.View(o.t.Context(), func(tx *store.Tx) (err error) { list, err = tx.FindOutgoing(f); return err }))
	return list
}

// Letters that the tests use again and again.
func erasure() letter {
	return letter{from: "Jan Peeters <jan@post.example>", subject: "mes données", id: "jan.1@post.example",
		body: "Bonjour,\n\nMerci de supprimer toutes mes données personnelles de vos fichiers.\n\nJan Peeters"}
}

func access() letter {
	return letter{from: "Jan Peeters <jan@post.example>", subject: "encore", id: "jan.2@post.example",
		body: "Bonjour,\n\nJe souhaite exercer mon droit d'accès : envoyez-moi une copie de toutes mes données personnelles (article 15 du RGPD).\n\nJan Peeters"}
}
