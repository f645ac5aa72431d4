//go:build manual

// With the tag "manual", this package is the generator of its own manual pages and shell completions instead of
// the program: only so can it see all commands, while the program links nothing that it needs no more when
// installed. `make man` runs it.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

func main() {
	log.SetFlags(0)
	dir := flag.String("o", "manual", "`folder` to write to; made when missing")
	flag.Parse()
	if err := writeManual(*dir); err != nil {
		log.Fatal(err)
	}
}

// writeManual writes man/guichet*.1, and the completions under the names that each shell looks for.
func writeManual(dir string) error {
	day, err := sourceDate()
	if err != nil {
		return err
	}
	root := newRoot(environment{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, now: time.Now, getenv: os.Getenv})
	root.DisableAutoGenTag = true // it names the day of the build

	pages := filepath.Join(dir, "man")
	if err := os.MkdirAll(pages, 0o755); err != nil {
		return fmt.Errorf("making the folder of the pages: %w", err)
	}
	header := doc.GenManHeader{Section: "1", Date: &day, Source: "guichet", Manual: "guichet"}
	if err := doc.GenManTree(root, &header, pages); err != nil {
		return fmt.Errorf("writing the pages: %w", err)
	}
	return writeCompletions(root, filepath.Join(dir, "completion"))
}

func writeCompletions(root *cobra.Command, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("making the folder of the completions: %w", err)
	}
	for name, write := range map[string]func(path string) error{
		"guichet":      func(path string) error { return root.GenBashCompletionFileV2(path, true) },
		"_guichet":     root.GenZshCompletionFile,
		"guichet.fish": func(path string) error { return root.GenFishCompletionFile(path, true) },
	} {
		if err := write(filepath.Join(dir, name)); err != nil {
			return fmt.Errorf("writing completion %s: %w", name, err)
		}
	}
	return nil
}

// sourceDate is the day that the pages bear: $SOURCE_DATE_EPOCH, in seconds, or today.
func sourceDate() (time.Time, error) {
	epoch := os.Getenv("SOURCE_DATE_EPOCH")
	if epoch == "" {
		return time.Now().UTC(), nil
	}
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("reading SOURCE_DATE_EPOCH: %w", err)
	}
	return time.Unix(seconds, 0).UTC(), nil
}
