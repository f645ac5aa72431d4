package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"guichetdunumerique.be/guichet/internal/caught"
)

// lastWords is how long a stopping daemon may take to finish what it began. Killing it later loses
// nothing either: see the store.
const lastWords = 15 * time.Second

// leanGC makes the collector run more often than usual: a daemon that waits all day should be small, and it
// allocates too little for this to cost time.
const leanGC = 20

func newRun(env environment) *cobra.Command {
	var paths []string
	cmd := &cobra.Command{
		Use:   "run",
		Short: "watch the mailbox, until told to stop",
		Long: `run is the daemon. It watches the mailbox, files every message, opens a case for each request and sends the
acknowledgements. It logs to standard error and stops on SIGTERM or Ctrl-C, losing nothing.

A first start leaves the mail that lies in the mailbox alone: it answers what arrives from then on.`,
		Example: `  guichet run -c /etc/guichet/guichet.toml
  guichet run -c namur.toml -c liege.toml     two desks in one program`,
		Args:    arguments(cobra.NoArgs),
		GroupID: groupWatch,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runDesks(cmd.Context(), env, paths)
		},
	}
	cmd.Flags().StringArrayVarP(&paths, "config", "c", []string{defaultConfig}, "config `file`; give it again for a further desk")
	_ = cmd.MarkFlagFilename("config", "toml")
	return cmd
}

// runDesks opens every desk, then runs them beside one another: trouble with one stays with it.
func runDesks(ctx context.Context, env environment, paths []string) error {
	debug.SetGCPercent(leanGC)
	var offices []*office
	var wrong []error
	for _, path := range paths {
		o, err := officeOf(ctx, env, path)
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		defer o.Close()
		offices = append(offices, o)
	}
	if err := errors.Join(wrong...); err != nil {
		return err
	}
	if err := monitor(ctx, env, offices); err != nil {
		return err
	}
	go giveBack(ctx)
	done := make(chan error, 1)
	go func() { done <- runAll(ctx, offices) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	newNotifier(env.getenv, offices[0].log).tell("STOPPING=1")
	select {
	case err := <-done:
		return err
	case <-time.After(lastWords):
		return fmt.Errorf("stopping took longer than %s, leaving now", lastWords)
	}
}

// monitor answers monitoring where a config asks for it, and tells systemd that the service is up.
func monitor(ctx context.Context, env environment, offices []*office) error {
	listening := map[string]bool{}
	for _, o := range offices {
		if a := o.monitoring; a != "" && !listening[a] {
			listening[a] = true
			if err := serveProbe(ctx, a, offices, o.log); err != nil {
				return err
			}
		}
	}
	n := newNotifier(env.getenv, offices[0].log)
	n.tell("READY=1\nSTATUS=watching " + plural(len(offices), "desk"))
	go n.watch(ctx, offices)
	return nil
}

const (
	giveBackEvery = 10 * time.Second
	giveBackFrom  = 2 << 20 // bytes allocated since the last time
)

// giveBack returns memory to the system whenever there was something to do: what reading rules, letters and
// mail took is not needed while waiting for the next.
func giveBack(ctx context.Context) {
	allocated := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	var before uint64
	tick := time.NewTicker(giveBackEvery)
	defer tick.Stop()
	for {
		metrics.Read(allocated)
		if now := allocated[0].Value.Uint64(); now-before >= giveBackFrom {
			runtime.GC() // pools let go of what they hold at the second collection only
			debug.FreeOSMemory()
			before = now
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// officeOf opens the desk of one config.
func officeOf(ctx context.Context, env environment, path string) (*office, error) {
	c, err := loadConfig(path, env)
	if err != nil {
		return nil, err
	}
	return openOffice(ctx, &c, env)
}

// runAll runs every desk until ctx ends.
func runAll(ctx context.Context, offices []*office) error {
	var wg sync.WaitGroup
	errs := make([]error, len(offices))
	for i, o := range offices {
		wg.Go(func() { errs[i] = caught.Run(func() error { return o.run(ctx) }) })
	}
	wg.Wait()
	return errors.Join(errs...)
}

// run watches the mailbox and delivers until ctx ends.
func (o *office) run(ctx context.Context) error {
	o.log.Info("desk opens", keyDesk, o.desk.Profile.Prefix)
	if err := o.desk.Recover(ctx); err != nil {
		return err
	}
	var wg sync.WaitGroup
	wg.Go(func() { o.desk.RunOutbox(ctx) })
	wg.Go(func() { o.desk.RunClock(ctx) })
	wg.Go(func() { o.watchQuota(ctx) })
	wg.Go(func() { o.keepSignedIn(ctx) })
	wg.Go(func() { _ = o.mailbox.Run(ctx) }) // returns only when ctx ends, with its error
	wg.Wait()
	o.log.Info("desk closed", keyDesk, o.desk.Profile.Prefix)
	return nil
}

// quotaEvery is how often the server is asked how full the mailbox is.
const quotaEvery = 6 * time.Hour

// watchQuota asks now and then how full the mailbox is. What keeps it from learning is told by the looks themselves.
func (o *office) watchQuota(ctx context.Context) {
	tick := time.NewTicker(quotaEvery)
	defer tick.Stop()
	for {
		select { // not at once: the folders log in first
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if found, err := o.mailbox.Check(ctx); err == nil {
			if err := o.desk.Filling(ctx, found.Quota); err != nil && ctx.Err() == nil {
				o.log.Error("how full the mailbox is could not be noted", "err", err)
			}
		}
	}
}
