package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"
)

// demoTime bounds the story: it takes seconds, and a demo that hangs must say so.
const demoTime = time.Minute

func newDemo(env environment) *cobra.Command {
	var serve bool
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "see the whole story, without a mailbox",
		Long: `demo starts a mail server of its own, runs the real daemon on it, delivers a dozen invented mails and tells what
becomes of each: what came, what was recognised and by which words, which case was opened, what was answered, and
when the answer is due. It needs nothing but this program and leaves nothing behind.

With --serve it stays up afterwards, and says how to point a mail program at it.`,
		Example: `  guichet demo
  guichet demo --serve`,
		Args:    arguments(cobra.NoArgs),
		GroupID: groupTry,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return playDemo(cmd.Context(), env, serve)
		},
	}
	cmd.Flags().BoolVar(&serve, "serve", false, "stay up, to be tried with a mail program")
	return cmd
}

// playDemo sets the stage, lets the story happen and tells it.
func playDemo(ctx context.Context, env environment, serve bool) (err error) {
	samples, err := demoSamples()
	if err != nil {
		return err
	}
	s, err := setStage(ctx, env)
	if err != nil {
		return fmt.Errorf("setting the stage: %w", err)
	}
	defer s.strike()
	story := newStory(env, s)
	story.opening(len(samples))
	limit, cancel := context.WithTimeout(ctx, demoTime)
	defer cancel()
	for i, sample := range samples {
		scene, err := s.play(limit, sample)
		if err != nil {
			return fmt.Errorf("playing sample %s: %w", sample.name, err)
		}
		story.scene(i+1, scene)
	}
	if err := story.ending(limit); err != nil || !serve {
		return err
	}
	return s.serve(ctx, env)
}
