package packaging_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTheGuideNamesCommandsThatExist holds the operator's guide against the program's own help.
func TestTheGuideNamesCommandsThatExist(t *testing.T) {
	guide, err := os.ReadFile("../docs/operating.md")
	if err != nil {
		t.Fatal(err)
	}
	program := filepath.Join(t.TempDir(), "guichet")
	output(t, "go", "build", "-o", program, "../cmd/guichet")

	command := regexp.MustCompile("(?m)(?:^|-- |`)guichet ([a-z]+)(.*)$")
	flag := regexp.MustCompile(`(?:^| )(--?[a-z]+)`)
	help := map[string]string{}
	for _, m := range command.FindAllStringSubmatch(string(guide), -1) {
		name, rest, _ := strings.Cut(m[1]+m[2], " ")
		name, rest = strings.Trim(name, "`,;:."), strings.SplitN(rest, "`", 2)[0]
		if help[name] == "" {
			help[name] = output(t, program, name, "--help")
		}
		if !strings.Contains(help[name], "guichet "+name) {
			t.Errorf("the guide names guichet %s, which is no command", name)
		}
		for _, f := range flag.FindAllStringSubmatch(rest, -1) {
			if !regexp.MustCompile(`(?m)^ +(-[a-z], )?` + regexp.QuoteMeta(f[1]) + `\b`).MatchString(help[name]) {
				t.Errorf("the guide gives guichet %s the flag %s, which it does not have", name, f[1])
			}
		}
	}
	if len(help) < 15 {
		t.Errorf("found %d commands in the guide", len(help))
	}
}
