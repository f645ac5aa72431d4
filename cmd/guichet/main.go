//go:build !manual

// Command guichet watches the mailbox where an organisation receives its data-protection requests,
// recognises them, opens a case for each and counts the days that the law leaves.
package main

import (
	"context"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"
	_ "time/tzdata" // the days of a desk need its time zone, also where the system has none installed
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	code := run(ctx, environment{
		stdin:  os.Stdin,
		stdout: os.Stdout,
		stderr: os.Stderr,
		now:    time.Now,
		getenv: os.Getenv,

		resolver: net.DefaultResolver,
	}, os.Args[1:])
	os.Exit(code)
}
