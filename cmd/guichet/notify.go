package main

import (
	"context"
	"log/slog"
	"net"
	"os"
	"strconv"
	"time"
)

// notifier tells systemd how the service does, as sd_notify(3) describes. Without systemd it says nothing.
type notifier struct {
	socket string
	every  time.Duration // how often the watchdog wants a sign of life; 0 when it wants none
	log    *slog.Logger
}

func newNotifier(getenv func(string) string, log *slog.Logger) notifier {
	n := notifier{socket: getenv("NOTIFY_SOCKET"), log: log}
	if pid := getenv("WATCHDOG_PID"); pid != "" && pid != strconv.Itoa(os.Getpid()) {
		return n // meant for another process
	}
	if usec, err := strconv.ParseInt(getenv("WATCHDOG_USEC"), 10, 64); err == nil && usec > 0 {
		n.every = time.Duration(usec) * time.Microsecond / 2
	}
	return n
}

// tell sends a state, such as "READY=1".
func (n notifier) tell(state string) {
	if n.socket == "" {
		return
	}
	name := n.socket
	if name[0] == '@' { // the abstract namespace
		name = "\x00" + name[1:]
	}
	c, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		n.log.Warn("systemd cannot be told how the service does", "err", err)
		return
	}
	defer c.Close()
	if _, err := c.Write([]byte(state)); err != nil {
		n.log.Warn("systemd cannot be told how the service does", "err", err)
	}
}

// watch gives a sign of life for as long as every desk is alive. A program that only its timers keep going gives none,
// and systemd starts it anew.
func (n notifier) watch(ctx context.Context, offices []*office) {
	if n.socket == "" || n.every == 0 {
		return
	}
	tick := time.NewTicker(n.every)
	defer tick.Stop()
	for {
		if n.alive(ctx, offices) {
			n.tell("WATCHDOG=1")
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// alive reports whether every desk's store takes a transaction and its clock goes round.
func (n notifier) alive(ctx context.Context, offices []*office) bool {
	ctx, cancel := context.WithTimeout(ctx, n.every)
	defer cancel()
	for _, o := range offices {
		if err := o.desk.Alive(ctx); err != nil {
			n.log.Error("no sign of life for the watchdog", keyDesk, o.desk.Profile.Prefix, "err", err)
			return false
		}
	}
	return true
}
