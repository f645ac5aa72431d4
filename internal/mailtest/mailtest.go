// Package mailtest embeds the mail servers of the demo and of the tests: an IMAP server and an SMTP server
// in memory, and a scripted IMAP server that misbehaves on demand. They listen on free loopback ports (or
// on a listener of the caller's) behind a certificate made at start, and forget everything when closed.
package mailtest

import (
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
)

// Security is how a server protects its connections.
type Security string

const (
	TLS      Security = "tls"      // from the first byte; what a zero Options means
	STARTTLS Security = "starttls" // after the command of that name; no login before it
	None     Security = "none"     // never
)

// Options say who may log in to a server and how it is reached. The zero value of a field means its default.
type Options struct {
	Username string // default "info@example.org"
	Password string // default "correct horse"
	Security Security
	// Tokens gives the access tokens that log in instead of the password (SASL XOAUTH2 and OAUTHBEARER).
	Tokens *Tokens

	// Certificate is shared by servers that a client trusts by one file. Default: a new one.
	Certificate *Certificate
	// Listener replaces the free port on 127.0.0.1; the server closes it. NewPipe gives one without a network.
	Listener net.Listener
}

// open fills in the defaults and begins to listen. The listener speaks TLS where the options ask for it.
func (o *Options) open() (net.Listener, error) {
	if o.Username == "" {
		o.Username = "info@example.org"
	}
	if o.Password == "" {
		o.Password = "correct horse"
	}
	if o.Security == "" {
		o.Security = TLS
	}
	if o.Certificate == nil {
		c, err := NewCertificate()
		if err != nil {
			return nil, err
		}
		o.Certificate = c
	}
	if o.Listener == nil {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, fmt.Errorf("listening on loopback: %w", err)
		}
		o.Listener = l
	}
	if o.Security == TLS {
		return tls.NewListener(o.Listener, o.Certificate.server()), nil
	}
	return o.Listener, nil
}

// startTLS is the configuration a server needs to offer STARTTLS; nil where it must not.
func (o *Options) startTLS() *tls.Config {
	if o.Security != STARTTLS {
		return nil
	}
	return o.Certificate.server()
}

// silent is the log of the embedded servers: what a client does wrong is seen by the client.
func silent() *log.Logger { return log.New(io.Discard, "", 0) }
