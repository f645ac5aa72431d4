// Package discover guesses the mail servers of an address, as a mail program does when an account is set up:
// from what is known of large providers, from the SRV records of RFC 6186 and RFC 8314, and from usual names.
// DNS can lie: a guess is shown to a person before any password goes there.
package discover

import (
	"context"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Resolver looks names up in DNS. *net.Resolver is one.
type Resolver interface {
	LookupHost(ctx context.Context, host string) ([]string, error)
	LookupMX(ctx context.Context, domain string) ([]*net.MX, error)
	LookupSRV(ctx context.Context, service, proto, domain string) (string, []*net.SRV, error)
}

// Server is a mail server as a config names it.
type Server struct {
	Address  string // host:port
	Security string // "tls" or "starttls"
}

// Guess is where the mail of an address may be read and sent, the likeliest first.
type Guess struct {
	Provider string // such as "Gmail", "" when it is none that is known
	Advice   string // what else to know of logging in there, one sentence or ""
	Incoming []Server
	Outgoing []Server
}

// Find guesses the servers of a mail address. A name that is not found, or not in time, is no guess: what is
// left may be nothing.
func Find(ctx context.Context, dns Resolver, address string) Guess {
	_, domain, _ := strings.Cut(address, "@")
	domain = strings.ToLower(strings.Trim(domain, "."))
	if domain == "" {
		return Guess{}
	}
	f := finder{ctx, dns, domain}
	var (
		g              Guess
		known          *provider
		imaps, imap    []Server
		submits, plain []Server
		named, mail    [2][]Server // by whether they take mail out
		wg             sync.WaitGroup
	)
	wg.Go(func() { known = f.provider() })
	wg.Go(func() { imaps, imap = f.srv("imaps", "tls"), f.srv("imap", "starttls") })
	wg.Go(func() { submits, plain = f.srv("submissions", "tls"), f.srv("submission", "starttls") })
	wg.Go(func() { named = [2][]Server{f.named("imap", "993"), f.named("smtp", "465")} })
	wg.Go(func() { mail = [2][]Server{f.named("mail", "993"), f.named("mail", "465")} })
	wg.Wait()
	if known != nil {
		g = Guess{known.name, known.advice, []Server{known.incoming}, []Server{known.outgoing}}
	}
	g.Incoming = distinct(slices.Concat(g.Incoming, imaps, imap, named[0], mail[0]))
	g.Outgoing = distinct(slices.Concat(g.Outgoing, submits, plain, named[1], mail[1]))
	return g
}

// finder looks up what there is about one domain.
type finder struct {
	ctx    context.Context
	dns    Resolver
	domain string
}

// provider recognises a large provider by the address itself, or by where the domain's mail is delivered.
func (f finder) provider() *provider {
	hosts := []string{f.domain}
	if list, err := f.dns.LookupMX(f.ctx, f.domain); err == nil {
		for _, mx := range list {
			hosts = append(hosts, strings.ToLower(strings.TrimSuffix(mx.Host, ".")))
		}
	}
	for _, host := range hosts {
		for i, p := range providers {
			if slices.ContainsFunc(p.domains, func(d string) bool { return host == d || strings.HasSuffix(host, "."+d) }) {
				return &providers[i]
			}
		}
	}
	return nil
}

// srv asks for the servers of a service. The target "." says that there is none (RFC 6186 section 3.4).
func (f finder) srv(service, security string) []Server {
	_, list, err := f.dns.LookupSRV(f.ctx, service, "tcp", f.domain)
	if err != nil {
		return nil
	}
	var found []Server
	for _, r := range list {
		if host := strings.TrimSuffix(r.Target, "."); host != "" && r.Port != 0 {
			found = append(found, Server{net.JoinHostPort(host, strconv.Itoa(int(r.Port))), security})
		}
	}
	return found
}

// named is the server of a usual name, if the name exists.
func (f finder) named(label, port string) []Server {
	host := label + "." + f.domain
	if list, err := f.dns.LookupHost(f.ctx, host); err != nil || len(list) == 0 {
		return nil
	}
	return []Server{{net.JoinHostPort(host, port), "tls"}}
}

// distinct keeps the first of equal servers.
func distinct(list []Server) []Server {
	var kept []Server
	for _, s := range list {
		if !slices.Contains(kept, s) {
			kept = append(kept, s)
		}
	}
	return kept
}
