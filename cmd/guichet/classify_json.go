package main

import (
	"math"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/classify"
	"guichetdunumerique.be/guichet/desk"
	"guichetdunumerique.be/guichet/intake/message"
)

// verdictJSON is one line of `guichet classify --json`. Its names are fixed.
type verdictJSON struct {
	File          string         `json:"file"`
	Lang          string         `json:"lang"`
	Rights        []cases.Right  `json:"rights"` // what would be filed
	Request       bool           `json:"request"`
	Confidence    float64        `json:"confidence"`
	Decision      string         `json:"decision"`
	Auto          bool           `json:"auto"`
	AutoReason    string         `json:"auto_reason"`
	Reply         string         `json:"reply"`
	HoldReason    string         `json:"hold_reason"`
	Identity      string         `json:"identity"`
	IdentityProof bool           `json:"identity_proof"`
	Flags         []cases.Flag   `json:"flags"`
	Evidence      []evidenceJSON `json:"evidence"`
	*wordsJSON
}

type evidenceJSON struct {
	Right cases.Right `json:"right"`
	Rule  string      `json:"rule"`
	Text  string      `json:"text"`
}

// wordsJSON is what --text adds.
type wordsJSON struct {
	Subject     string           `json:"subject"`
	OwnText     string           `json:"own_text"`
	Attachments []attachmentJSON `json:"attachments"`
}

type attachmentJSON struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Size int64  `json:"size"`
}

// unreadJSON stands for a file that gave no mail.
type unreadJSON struct {
	File  string `json:"file"`
	Error string `json:"error"`
}

func newVerdictJSON(file string, m message.Message, j desk.Judgement, withText bool) verdictJSON {
	v := verdictJSON{
		File:          file,
		Lang:          j.Verdict.Language,
		Rights:        filed(j),
		Request:       j.Decision != classify.Ignore,
		Confidence:    math.Round(j.Verdict.Score*1000) / 1000,
		Decision:      string(j.Decision),
		Auto:          m.Auto.Kind != message.AutoNone,
		AutoReason:    m.Auto.Reason,
		Reply:         "send",
		HoldReason:    j.Hold,
		Identity:      string(j.Verdict.Identity),
		IdentityProof: j.Verdict.Identity == classify.IdentityCandidate || j.Verdict.Identity == classify.IdentitySigned,
		Flags:         append([]cases.Flag{}, j.Flags...),
		Evidence:      []evidenceJSON{},
	}
	if j.Hold != "" {
		v.Reply = "hold"
	}
	for _, e := range j.Verdict.Evidence {
		v.Evidence = append(v.Evidence, evidenceJSON{e.Right, e.Rule, cases.Mask(e.Text)})
	}
	if withText {
		v.wordsJSON = &wordsJSON{Subject: m.Subject, OwnText: m.Own, Attachments: []attachmentJSON{}}
		for _, a := range m.Attachments {
			v.Attachments = append(v.Attachments, attachmentJSON{a.Name, a.Type, a.Size})
		}
	}
	return v
}

// filed are the rights that a case would bear: none where there would be no case.
func filed(j desk.Judgement) []cases.Right {
	if j.Decision == classify.Ignore {
		return []cases.Right{}
	}
	return append([]cases.Right{}, j.Verdict.Rights...)
}
