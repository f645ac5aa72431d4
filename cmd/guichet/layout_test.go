package main_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "guichetdunumerique.be/guichet/"

// allowed lists, for each package, which of our packages it may import. What is not listed may import none.
var allowed = map[string][]string{
	"guichetdunumerique.be/guichet": nil, // the example config

	"cases":             nil,
	"intake/message":    nil,
	"intake":            {"intake/message", "oauth", "internal/caught"},
	"classify":          {"cases"},
	"store":             {"cases"},
	"templates":         nil,
	"reply":             {"cases", "oauth", "templates"},
	"desk":              {"cases", "classify", "intake", "intake/message", "reply", "store", "templates", "internal/caught"},
	"oauth":             nil,
	"internal/mailtest": nil,
	"packaging":         nil,
	"internal/wire":     nil,
	"internal/caught":   nil,
	"internal/discover": nil,
	"cmd/guichet": {"cases", "classify", "desk", "intake", "intake/message", "oauth", "reply", "store", "templates",
		"internal/mailtest", "internal/discover", "internal/caught"},
}

// pure packages do no I/O and read no clock.
var pure = []string{"cases", "classify", "intake/message"}

func TestImportsRunOneWay(t *testing.T) {
	for name, imports := range listImports(t) {
		if strings.HasPrefix(name, "e2e") {
			continue // it runs the program from outside
		}
		may, known := allowed[name]
		if !known {
			t.Errorf("package %s is new: say in this test what it may import", name)
		}
		for _, i := range imports {
			if ours, found := strings.CutPrefix(i, module); found && !slices.Contains(may, ours) {
				t.Errorf("package %s imports %s, which the layout does not allow", name, ours)
			}
		}
	}
}

func TestPurePackagesDoNoIO(t *testing.T) {
	imports := listImports(t)
	for _, name := range pure {
		for _, i := range imports[name] {
			if i == "os" || i == "net" || strings.HasPrefix(i, "net/http") || i == "database/sql" || i == "log/slog" {
				t.Errorf("package %s imports %s", name, i)
			}
		}
	}
}

// listImports asks the go command which packages each of ours imports, tests left aside.
func listImports(t *testing.T) map[string][]string {
	t.Helper()
	out, err := exec.Command("go", "list", "-f", "{{.ImportPath}} {{join .Imports \" \"}}", module+"...").Output()
	if err != nil {
		t.Fatalf("listing packages: %v", err)
	}
	list := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		list[strings.TrimPrefix(fields[0], module)] = fields[1:]
	}
	if len(list) < len(allowed) {
		t.Fatalf("go list named %d packages, expected at least %d", len(list), len(allowed))
	}
	return list
}
