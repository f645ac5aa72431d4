package intake

import (
	"errors"
	"fmt"
	"net"
	"strconv"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-sasl"
)

var errNoMechanism = errors.New("the server offers no way to log in with what is configured")

// authentication chooses how to log in by what the server offers. A nil client means the LOGIN command.
func (m *Mailbox) authentication(caps imap.CapSet, secret string) (sasl.Client, error) {
	switch {
	case m.OAuth && caps.Has(imap.AuthCap(mechXOAUTH2)):
		return &xoauth2{username: m.Username, token: secret}, nil
	case m.OAuth && caps.Has(imap.AuthCap(sasl.OAuthBearer)):
		host, port, _ := net.SplitHostPort(m.Server) // both are told for information only (RFC 7628 section 3.1)
		number, _ := strconv.Atoi(port)
		return sasl.NewOAuthBearerClient(&sasl.OAuthBearerOptions{Username: m.Username, Token: secret, Host: host, Port: number}), nil
	case m.OAuth:
		return nil, errNoMechanism
	case caps.Has(imap.AuthCap(sasl.Plain)):
		return sasl.NewPlainClient("", m.Username, secret), nil
	case caps.Has(imap.CapLoginDisabled):
		return nil, errNoMechanism
	}
	return nil, nil
}

const mechXOAUTH2 = "XOAUTH2"

// xoauth2 is the client's side of SASL XOAUTH2, which Google and Microsoft ask for and go-sasl leaves out.
type xoauth2 struct{ username, token string }

// Start implements sasl.Client.
func (x *xoauth2) Start() (mech string, ir []byte, err error) {
	return mechXOAUTH2, fmt.Appendf(nil, "user=%s\x01auth=Bearer %s\x01\x01", x.username, x.token), nil
}

// Next implements sasl.Client. A challenge is the reason of a refusal; an empty answer lets the server say NO.
func (x *xoauth2) Next([]byte) ([]byte, error) { return []byte{}, nil }
