package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/mattn/go-sqlite3"
	"github.com/spf13/cobra"

	"guichetdunumerique.be/guichet/classify"
)

// version is set when a release is linked: -ldflags "-X main.version=v1.2.3". Without it the build says
// what it knows.
var version string

// versions is what the program is made of.
type versions struct {
	Version  string `json:"version"`
	Revision string `json:"revision,omitempty"` // of the source, when built from a checkout
	Modified bool   `json:"modified,omitempty"` // the checkout had changes that are in no revision
	Go       string `json:"go"`
	System   string `json:"system"`
	SQLite   string `json:"sqlite"`
	Rules    string `json:"rules"` // changes with every change of a built-in rule
}

func newVersion(env environment) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "version",
		Short:   "show what this program is made of",
		Example: "  guichet version\n  guichet version --json",
		Args:    arguments(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			v, err := findVersions()
			if err != nil {
				return err
			}
			if asJSON {
				return writeJSON(env.stdout, v)
			}
			_, err = fmt.Fprintf(env.stdout, "guichet %s\n%s, %s, SQLite %s, rules %s\n", v.source(), v.Go, v.System, v.SQLite, v.Rules)
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "as a JSON object")
	return cmd
}

// versionName is the version alone.
func versionName() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

func findVersions() (versions, error) {
	rules, err := classify.Builtin()
	if err != nil {
		return versions{}, err
	}
	sqlite, _, _ := sqlite3.Version()
	v := versions{Version: versionName(), Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH, SQLite: sqlite, Rules: rules.Version()}
	info, ok := debug.ReadBuildInfo()
	if ok {
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				v.Revision = s.Value
			case "vcs.modified":
				v.Modified = s.Value == "true"
			}
		}
	}
	return v, nil
}

// source names the version and the source it was built from.
func (v versions) source() string {
	s := v.Version
	if v.Revision != "" {
		s += " (" + v.Revision[:min(12, len(v.Revision))]
		if v.Modified {
			s += ", changed since"
		}
		s += ")"
	}
	return s
}
