package packaging_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestEveryCommandHasAManualPage(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("SOURCE_DATE_EPOCH", "1700000000") // in November 2023
	output(t, "go", "run", "-tags", "manual", "../cmd/guichet", "-o", dir)

	commands := regexp.MustCompile(`(?m)^  ([a-z]+)  +[a-z]`).FindAllStringSubmatch(commandList(t), -1)
	if len(commands) < 20 {
		t.Fatalf("found %d commands in the help", len(commands))
	}
	for _, m := range commands {
		if name := m[1]; name != "completion" && name != "help" { // which say all by themselves
			page, err := os.ReadFile(filepath.Join(dir, "man", "guichet-"+name+".1"))
			if err != nil {
				t.Error(err)
			} else if !strings.Contains(string(page), `"Nov 2023"`) {
				t.Errorf("the page of %s does not bear the day of the source", name)
			}
		}
	}
	for _, name := range []string{"guichet", "_guichet", "guichet.fish"} {
		if text, err := os.ReadFile(filepath.Join(dir, "completion", name)); err != nil || !strings.Contains(string(text), "__complete") {
			t.Errorf("completion %s asks the program nothing: %v", name, err)
		}
	}
}

// commandList is the part of the help after the examples.
func commandList(t *testing.T) string {
	t.Helper()
	_, list, found := strings.Cut(output(t, "go", "run", "../cmd/guichet", "--help"), "Watch a mailbox:")
	if !found {
		t.Fatal("the help lists no commands")
	}
	return list
}

func TestTheProgramLinksNoGeneratorOfManuals(t *testing.T) {
	for dep := range strings.FieldsSeq(output(t, "go", "list", "-deps", "../cmd/guichet")) {
		if strings.HasPrefix(dep, "github.com/spf13/cobra/doc") || strings.Contains(dep, "md2man") {
			t.Errorf("the program links %s", dep)
		}
	}
}
