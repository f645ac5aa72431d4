package discover_test

import (
	"context"
	"errors"
	"net"
	"slices"
	"testing"

	"guichetdunumerique.be/guichet/internal/discover"
)

// zone is a DNS in memory.
type zone struct {
	hosts []string
	mx    map[string]string // domain to host
	srv   map[string]*net.SRV
}

var errNone = errors.New("no such name")

func (z zone) LookupHost(_ context.Context, host string) ([]string, error) {
	if slices.Contains(z.hosts, host) {
		return []string{"192.0.2.1"}, nil
	}
	return nil, errNone
}

func (z zone) LookupMX(_ context.Context, domain string) ([]*net.MX, error) {
	if host := z.mx[domain]; host != "" {
		return []*net.MX{{Host: host}}, nil
	}
	return nil, errNone
}

func (z zone) LookupSRV(_ context.Context, service, proto, domain string) (string, []*net.SRV, error) {
	if r := z.srv["_"+service+"._"+proto+"."+domain]; r != nil {
		return "", []*net.SRV{r}, nil
	}
	return "", nil, errNone
}

func TestServersAreGuessed(t *testing.T) {
	for _, c := range []struct {
		why      string
		address  string
		zone     zone
		provider string
		in, out  []discover.Server
	}{
		{"nothing is known", "info@example.be", zone{}, "", nil, nil},
		{"the MX names a provider", "info@coop.be", zone{mx: map[string]string{"coop.be": "coop-be.mail.protection.outlook.com."}}, "Microsoft 365",
			[]discover.Server{{"outlook.office365.com:993", "tls"}}, []discover.Server{{"smtp.office365.com:587", "starttls"}}},
		{"the MX has capitals", "info@coop.be", zone{mx: map[string]string{"coop.be": "ASPMX.L.GOOGLE.COM."}}, "Gmail",
			[]discover.Server{{"imap.gmail.com:993", "tls"}}, []discover.Server{{"smtp.gmail.com:465", "tls"}}},
		{"the address is the provider's own", "coop@Skynet.be", zone{}, "Proximus",
			[]discover.Server{{"imap.proximus.be:993", "tls"}}, []discover.Server{{"relay.proximus.be:587", "starttls"}}},
		{"a name that only ends alike is another", "info@notone.com", zone{}, "", nil, nil},
		{"SRV records come before usual names", "info@coop.be", zone{
			hosts: []string{"mail.coop.be"},
			srv: map[string]*net.SRV{"_imaps._tcp.coop.be": {Target: "in.host.be.", Port: 9993},
				"_submission._tcp.coop.be": {Target: "out.host.be.", Port: 587}}}, "",
			[]discover.Server{{"in.host.be:9993", "tls"}, {"mail.coop.be:993", "tls"}},
			[]discover.Server{{"out.host.be:587", "starttls"}, {"mail.coop.be:465", "tls"}}},
		{"a dot says that there is no such service", "info@coop.be", zone{srv: map[string]*net.SRV{"_imap._tcp.coop.be": {Target: ".", Port: 0}}}, "", nil, nil},
		{"usual names", "info@coop.be", zone{hosts: []string{"imap.coop.be", "mail.coop.be"}}, "",
			[]discover.Server{{"imap.coop.be:993", "tls"}, {"mail.coop.be:993", "tls"}}, []discover.Server{{"mail.coop.be:465", "tls"}}},
		{"no address at all", "info", zone{}, "", nil, nil},
	} {
		g := discover.Find(t.Context(), c.zone, c.address)
		if advised := g.Advice != ""; advised != (c.provider == "Gmail" || c.provider == "Microsoft 365") {
			t.Errorf("%s: advice %q", c.why, g.Advice)
		}
		if g.Provider != c.provider || !slices.Equal(g.Incoming, c.in) || !slices.Equal(g.Outgoing, c.out) {
			t.Errorf("%s: %+v", c.why, g)
		}
	}
}
