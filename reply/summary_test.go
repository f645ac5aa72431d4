package reply_test

import (
	"strings"
	"testing"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/reply"
)

func rush(lines int) reply.Summary {
	s := reply.Summary{Count: 12 * lines, To: "anne@guichetdunumerique.be", Now: morning}
	whys := []string{string(reply.NoticeTriage), string(reply.NoticeMessage), string(reply.NoticeRejected), string(reply.AlertNotSent)}
	for i := range lines {
		k := openCase(i+1, func(k *cases.Case) {
			if i%4 == 0 {
				k.Status = cases.Triage
			}
		})
		s.Lines = append(s.Lines, reply.SummaryLine{Case: k, Why: whys[i%4], Count: 1 + 3*(i%2)})
	}
	return s
}

func TestSummariesReadAsReviewed(t *testing.T) {
	for _, lang := range []string{"fr", "nl", "de", "en"} {
		s := rush(4)
		s.Lines = append(s.Lines, reply.SummaryLine{Why: string(reply.AlertGaveUp), Count: 2})
		s.More = 3
		m, err := staffComposer(t, lang, sevens{}).Summarize(s)
		if err != nil {
			t.Fatal(err)
		}
		golden(t, lang+"/summary.txt", open(t, m).readable(t))
	}
}

func TestASummaryIsBounded(t *testing.T) {
	m, err := staffComposer(t, "en", sevens{}).Summarize(rush(1000))
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(m.Text, "Jan Peeters"); n != reply.MaxSummary {
		t.Errorf("%d lines", n)
	}
	if strings.Contains(m.Subject, "Peeters") {
		t.Errorf("subject %q", m.Subject)
	}
}
