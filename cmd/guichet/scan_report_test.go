package main

import (
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

func TestAReportGoesToItsOwnerAlone(t *testing.T) {
	b := newOldMailbox(t)
	b.layAll()
	b.scan("--format", "html", "--output", b.file("report.html"), "--keep")
	info, err := os.Stat(b.file("report.html"))
	if b.must(err); info.Mode().Perm() != 0o600 || b.out.Len() != 0 {
		t.Errorf("mode %v; on standard output %q", info.Mode(), b.out.String())
	}
	logins := b.imap.Logins()
	b.scan("--format", "json")
	if got := b.report().outline(); !reflect.DeepEqual(got, wantOutline) || b.imap.Logins() != logins+1 {
		t.Errorf("from what was kept: %q", got)
	}
}

func TestTheReportForPeople(t *testing.T) {
	b := newOldMailbox(t)
	b.layAll()
	b.layNear()
	b.scan()
	for _, want := range []string{
		`(?m)^2026-11-04  -19   opened  erasure  2026-10-04  jan@post.example +INBOX/2  no. 1  "supprimer toutes mes données"`,
		`(?m)^2026-12-17  24 .* held .*Junk/1 .*not acknowledged: B13 in the junk folder$`,
		`(?m)^- .* joined .*jan@post.example .* no. 1  answers an earlier message$`,
		`(?m)^0\.\d\d .*kim@post.example .*"Avez-vous supprimé mes données" \(but [a-z]+\.`,
		`(?m)^8 messages since 2026-09-01$`,
		`(?m)^  missed +1  of the cases are past their last day, unless they were answered$`,
	} {
		if !regexp.MustCompile(want).MatchString(b.out.String()) {
			t.Errorf("no %s in\n%s", want, b.out.String())
		}
	}
}

func TestThePageNeedsNothingElse(t *testing.T) {
	b := newOldMailbox(t)
	b.layAll()
	b.layNear()
	b.scan("--format", "html")
	page := b.out.String()
	for _, want := range []string{
		"<mark>supprimer toutes mes données</mark> personnelles", `<span class="tag late">19 days late</span>`, "&lt;jan@post.example&gt;",
		"erasure (art. 17)", "not acknowledged: B4 List-Id", "rule fr.erasure.data", `<li class="undone">`, "&lt;script&gt;x&lt;/script&gt;", "prefers-color-scheme: dark", "@media print",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q", want)
		}
	}
	for _, never := range []string{"http:", "https:", "//", "src=", "<script", "<link", "url(", "@import", "<no value>", "ZgotmplZ"} {
		if strings.Contains(page, never) {
			t.Errorf("the page holds %q", never)
		}
	}
	open := regexp.MustCompile(`<(section|article|div|ul|li|q|h3|p|span)\b`)
	for name, n := range count(open.FindAllStringSubmatch(page, -1)) {
		if closed := strings.Count(page, "</"+name+">"); closed != n {
			t.Errorf("%d of %s are opened, %d closed", n, name, closed)
		}
	}
}

// count counts what the first group of each match says.
func count(matches [][]string) map[string]int {
	counts := map[string]int{}
	for _, m := range matches {
		counts[m[1]]++
	}
	return counts
}
