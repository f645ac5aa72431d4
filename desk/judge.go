package desk

import (
	"slices"
	"strings"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/classify"
	"guichetdunumerique.be/guichet/intake/message"
)

// Writer says on whose behalf a message speaks, as far as its From field claims.
type Writer string

const (
	Client Writer = "client"
	Staff  Writer = "staff" // an address of the desk's people
	Own    Writer = "own"   // the desk's own address: our mail coming back, a colleague using the shared account
	Form   Writer = "form"  // a web form of the desk's own site
)

// Judgement is what a message amounts to, by itself: nothing of it depends on earlier mail or the clock.
type Judgement struct {
	Writer    Writer
	Verdict   classify.Verdict
	Decision  classify.Decision // the verdict's, in the light of who or what wrote
	Requester cases.Requester   // whom to answer; empty when a colleague hands on a request without an address
	Identity  cases.Identity
	Flags     []cases.Flag
	Hold      string // why no automatic mail may answer it; "" when one may
	Unread    string // why a person must read it: the program could not

	words classify.Input // what the verdict is about
}

// Judge reads a message by the rules. It is the whole of `guichet classify` and the first step of Take.
func Judge(m message.Message, rules *classify.Rules, p Profile) Judgement {
	j := Judgement{Writer: writer(m, p)}
	j.words = input(m, j.Writer, p)
	j.Verdict = rules.Classify(j.words, p.Thresholds)
	j.Decision = decide(m, j.Verdict, j.Writer)
	j.Unread = unread(m, j.Decision)
	if j.Unread != "" && j.Decision == classify.Ignore && m.Auto.Kind == message.AutoNone && j.Writer == Client {
		j.Decision = classify.ToTriage
	}
	j.Requester = requester(m, j.Writer, p)
	j.Requester.Name = cases.Mask(j.Requester.Name) // some programs put more than a name there
	j.Identity = identity(j.Verdict, p)
	j.Flags = flags(m, j.Verdict)
	j.Hold = holdReason(m, j, p)
	return j
}

// writer tells who claims to write.
func writer(m message.Message, p Profile) Writer {
	from := first(m.From).Address
	switch {
	case (p.ours(from) || p.claimsStaff(from)) && m.Form != nil:
		return Form
	case p.ours(from):
		return Own
	case p.claimsStaff(from):
		return Staff
	}
	return Client
}

// input chooses the words that count: the writer's own; for a colleague or our site's form also the
// words handed on; for a client those of his own earlier mail that he forwards.
func input(m message.Message, w Writer, p Profile) classify.Input {
	in := classify.Input{Subject: m.Subject, Text: m.Own, Signed: m.SMIME}
	for _, a := range m.Attachments {
		in.Attachments = append(in.Attachments, classify.Attachment(a))
	}
	if w == Form {
		in.Subject, in.Text, in.Relayed = "", "", joinLines(m.Form.Subject, m.Form.Text)
		return in
	}
	var relayed []string
	for _, f := range m.Forwarded {
		if p.ours(f.From.Address) || p.claimsStaff(f.From.Address) {
			continue // our own answer, in a thread that is handed on
		}
		if w != Client || strings.EqualFold(f.From.Address, first(m.From).Address) {
			relayed = append(relayed, joinLines(f.Subject, f.Text))
		}
	}
	in.Relayed = strings.Join(relayed, "\n\n")
	return in
}

// joinLines puts a subject above its text, leaving out what is empty.
func joinLines(lines ...string) string {
	return strings.Join(slices.DeleteFunc(lines, func(s string) bool { return strings.TrimSpace(s) == "" }), "\n")
}

// decide weighs the verdict against the machine that may have written: what no person can have written
// opens nothing, and a list's or robot's mail only what is said outright. Words that may all be quoted are
// for a person to judge.
func decide(m message.Message, v classify.Verdict, w Writer) classify.Decision {
	switch {
	case m.Auto.Certain:
		return classify.Ignore
	case m.Auto.Kind != message.AutoNone && v.Decision == classify.ToTriage:
		return classify.Ignore
	case w == Own && len(m.Forwarded) == 0:
		return classify.Ignore
	case w == Staff && len(m.Forwarded) == 0 && (!v.Behalf || v.Score < outright):
		return classify.Ignore // colleagues speak of requests all day
	case m.OnlyQuote && v.Decision == classify.OpenCase:
		return classify.ToTriage
	}
	return v.Decision
}

// outright is how sure the words of a colleague must be that tell what somebody asked: nothing but words that say it.
const outright = 0.75

// requester is the person to answer.
func requester(m message.Message, w Writer, p Profile) cases.Requester {
	from, back := first(m.From), first(m.ReplyTo)
	switch w {
	case Form:
		if m.Form.Address != "" {
			return cases.Requester{Address: m.Form.Address, Name: m.Form.Name}
		}
		return cases.Requester{Address: back.Address, Name: m.Form.Name}
	case Staff, Own:
		for _, f := range m.Forwarded {
			if !p.ours(f.From.Address) && !p.claimsStaff(f.From.Address) {
				return cases.Requester{Address: f.From.Address, Name: f.From.Name}
			}
		}
		if back.Address != "" && !strings.EqualFold(back.Address, from.Address) {
			return cases.Requester{Address: back.Address, Name: back.Name}
		}
		return cases.Requester{}
	}
	return cases.Requester{Address: from.Address, Name: from.Name}
}

// identity is the state a case starts in. What the policy does not ask for is still noted when it was
// sent, since a copy of a card must be deleted whoever asked for it.
func identity(v classify.Verdict, p Profile) cases.Identity {
	switch v.Identity {
	case classify.IdentityCandidate:
		return cases.IdentityCandidate
	case classify.IdentitySigned:
		return cases.IdentitySigned
	}
	switch {
	case !cases.IdentityRequired(v.Rights, p.RequiredFor, v.Marketing):
		return cases.IdentityNotNeeded
	case v.Declined:
		return cases.IdentityRefused
	case v.Identity == classify.IdentityAnnounced:
		return cases.IdentityAnnounced
	}
	return cases.IdentityMissing
}

// authorityDomains are senders whose mail always goes to a person first (B17): supervisory authorities,
// courts and police of Belgium and its neighbours.
var authorityDomains = []string{
	"apd-gba.be", "autoriteprotectiondonnees.be", "gegevensbeschermingsautoriteit.be", "dataprotectionauthority.be",
	"just.fgov.be", "police.belgium.eu", "edps.europa.eu", "cnil.fr", "autoriteitpersoonsgegevens.nl", "cnpd.lu",
}

// flags are the verdict's, and what the sender's domain tells.
func flags(m message.Message, v classify.Verdict) []cases.Flag {
	list := slices.Clone(v.Flags)
	from := domain(first(m.From).Address)
	for _, d := range authorityDomains {
		if from == d || strings.HasSuffix(from, "."+d) {
			list = append(list, cases.Authority)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// unread says what the program could not read of a message, so that a person must. Words that were left out may
// hold the request that the others do not.
func unread(m message.Message, d classify.Decision) string {
	switch {
	case m.Encrypted:
		return "encrypted"
	case strings.TrimSpace(m.Text) == "" && len(m.Problems) > 0:
		return m.Problems[0]
	case m.Truncated && d == classify.Ignore:
		return "only a part of it was read"
	}
	return ""
}
