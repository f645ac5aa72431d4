package main_test

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
)

// named finds the tests that a document names; an ellipsis stands for the rest of a long name.
var named = regexp.MustCompile("`((?:Test|Fuzz|Benchmark)[A-Za-z0-9]+)(…?)")

func TestDocumentsNameTestsThatExist(t *testing.T) {
	var sources strings.Builder
	root := os.DirFS("../..")
	err := fs.WalkDir(root, ".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		src, err := fs.ReadFile(root, path)
		sources.Write(src)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, doc := range []string{"docs/threat-model.md", "docs/reliability.md"} {
		text, err := fs.ReadFile(root, doc)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range named.FindAllStringSubmatch(string(text), -1) {
			if ending := map[string]string{"": "(", "…": ""}[m[2]]; !strings.Contains(sources.String(), "func "+m[1]+ending) {
				t.Errorf("%s names %s%s, which is no test", doc, m[1], m[2])
			}
		}
	}
}
