//go:build e2e

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestMain builds the program as an operator would and runs the stories against that file, or against
// the one that GUICHET_E2E_BINARY names.
func TestMain(m *testing.M) {
	os.Exit(func() int {
		if binary = os.Getenv("GUICHET_E2E_BINARY"); binary != "" {
			return m.Run()
		}
		dir, err := os.MkdirTemp("", "guichet-binary-")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		binary = filepath.Join(dir, "guichet")
		build := exec.Command("go", "build", "-o", binary, "../cmd/guichet")
		build.Stdout, build.Stderr = os.Stderr, os.Stderr
		if err := build.Run(); err != nil {
			fmt.Fprintln(os.Stderr, "building guichet:", err)
			return 1
		}
		return m.Run()
	}())
}
