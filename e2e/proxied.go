//go:build e2e

package e2e

import (
	"testing"

	"guichetdunumerique.be/guichet/internal/wire"
)

// throughProxies puts a proxy before each of the desk's servers. Both let everything through at first.
func (d *desk) throughProxies(t *testing.T) (mailbox, out *wire.Proxy) {
	t.Helper()
	mailbox, out = proxy(t, d.mailbox.imaps), proxy(t, d.out.address)
	d.set(t, "imap", "server", quoted(mailbox.Addr()))
	d.set(t, "smtp", "server", quoted(out.Addr()))
	return mailbox, out
}

func proxy(t *testing.T, target string) *wire.Proxy {
	t.Helper()
	p, err := wire.Listen(target)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// everyKind are all the faults of a network.
var everyKind = []wire.Kind{wire.Refuse, wire.Mute, wire.Cut, wire.Reset, wire.Hole, wire.Pause, wire.Slow, wire.Split, wire.Flip}
