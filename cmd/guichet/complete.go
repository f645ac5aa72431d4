package main

import (
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"guichetdunumerique.be/guichet/cases"
	"guichetdunumerique.be/guichet/store"
)

// What the shell completes is seen by whoever looks at the screen, and is asked for at each touch of a key: it
// names cases by their reference, status and last day, never a person, and it is silent where it cannot.

// completion is what the shell asks for: the arguments that may come next.
type completion = func(cmd *cobra.Command, args []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective)

// completeReference completes the first argument as a reference, and any further one as one of words.
func completeReference(env environment, path *string, words []string) completion {
	return func(cmd *cobra.Command, args []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
		var list []cobra.Completion
		switch verb := cases.Verb(cmd.Name()); {
		case len(args) == 0, len(args) == 1 && verb == cases.VerbMerge:
			list = references(cmd, env, *path, begun)
		case len(args) == 1, verb == cases.VerbRights:
			list = words
		}
		return unused(list, args), cobra.ShellCompDirectiveNoFileComp
	}
}

// references are the cases that still want an answer, the most urgent first; those that ended too, once a
// reference is begun that none of the others has.
func references(cmd *cobra.Command, env environment, path, begun string) []cobra.Completion {
	c, err := loadConfig(path, env)
	if err != nil {
		return nil
	}
	c.Log.Level = "error"
	var open, closed []cobra.Completion
	err = c.view(cmd.Context(), env, func(tx *store.Tx) error {
		found, err := tx.FindCases(store.CaseFilter{})
		for _, k := range found {
			text := cobra.CompletionWithDesc(k.Reference.String(), string(k.Status)+", due "+k.Due.String())
			switch {
			case !strings.HasPrefix(k.Reference.String(), strings.ToUpper(begun)):
			case k.Status == cases.Closed:
				closed = append(closed, text)
			default:
				open = append(open, text)
			}
		}
		return err
	})
	if err != nil {
		return nil
	}
	if len(open) == 0 && begun != "" {
		return closed
	}
	return open
}

// secondWords are the words that may follow the reference in an instruction.
func secondWords(verb cases.Verb) (words []string) {
	switch verb {
	case cases.VerbIdentity:
		return slices.Sorted(maps.Keys(identityAnswers))
	case cases.VerbRights:
		for _, r := range cases.Rights() {
			words = append(words, string(r))
		}
	case cases.VerbDraft:
		for _, k := range cases.DraftKinds() {
			words = append(words, string(k))
		}
	}
	return words
}

// unused leaves out what was given already.
func unused(list, given []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool {
		word, _, _ := strings.Cut(s, "\t")
		return slices.Contains(given, word)
	})
}

// completeNothing keeps the shell from offering files to commands that take none.
func completeNothing(root *cobra.Command) {
	for _, cmd := range root.Commands() {
		if cmd.ValidArgsFunction == nil && !strings.Contains(cmd.Use, "FILE") {
			cmd.ValidArgsFunction = cobra.NoFileCompletions
		}
	}
}
