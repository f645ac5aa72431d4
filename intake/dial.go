package intake

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// dialLimit is the time for a connection to be made, TLS included.
const dialLimit = 30 * time.Second

// errPlain is the refusal to speak in the clear to another machine.
var errPlain = errors.New("an unencrypted connection is made to this machine only")

// dial connects to the server. For STARTTLS the greeting has then been read already, and greeted is true.
func (m *Mailbox) dial(ctx context.Context) (c *conn, greeted bool, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, dialLimit, errSilent)
	defer cancel()
	if m.Security == SecurityNone && !isLoopback(m.Server) {
		return nil, false, m.fail(KindDial, "connecting", errPlain, "set imap.security to tls or starttls")
	}
	raw, err := m.Dial(ctx, "tcp", m.Server)
	if err != nil {
		return nil, false, m.fail(KindDial, "connecting", withCause(ctx, err), dialHint(err))
	}
	stop := context.AfterFunc(ctx, func() { _ = raw.Close() })
	defer stop()
	switch m.Security {
	case SecurityNone:
		return &conn{Conn: raw, raw: raw}, false, nil
	case SecuritySTARTTLS:
		if err := startTLS(raw); err != nil {
			_ = raw.Close()
			return nil, false, m.fail(KindTLS, "asking for STARTTLS", withCause(ctx, err), "check imap.security and the port of imap.server")
		}
		greeted = true
	}
	secure := tls.Client(raw, m.tlsConfig())
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = raw.Close()
		return nil, false, m.fail(KindTLS, "agreeing on encryption", withCause(ctx, err), tlsHint(err))
	}
	return &conn{Conn: secure, raw: raw}, greeted, nil
}

func (m *Mailbox) tlsConfig() *tls.Config {
	config := &tls.Config{}
	if m.TLS != nil {
		config = m.TLS.Clone()
	}
	if config.ServerName == "" {
		config.ServerName, _, _ = net.SplitHostPort(m.Server) // Dial took the address, so it has a host
	}
	config.MinVersion = max(config.MinVersion, tls.VersionTLS12)
	return config
}

// fail is an Error about the server as a whole.
func (m *Mailbox) fail(kind Kind, doing string, err error, hint string) *Error {
	if errors.Is(err, errSilent) {
		kind = KindTimeout
	}
	return &Error{Kind: kind, Server: m.Server, Doing: doing, Err: err, Hint: hint}
}

// withCause is err, or the reason for which ctx ended and so brought it about.
func withCause(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// startTLS asks for TLS on a connection just made (RFC 9051 section 6.2.1). It is done here, not by go-imap,
// so that the guard lies above TLS and sees what the server really says, and so that nothing slipped in
// before the handshake is ever believed.
func startTLS(conn net.Conn) error {
	r := bufio.NewReader(io.LimitReader(conn, 64<<10))
	greeting, err := readLine(r)
	if err != nil {
		return err
	}
	if !strings.HasPrefix(strings.ToUpper(greeting), "* OK") {
		return errors.New("the server does not greet as it must: it would need no login, or wants no visitor")
	}
	if _, err := io.WriteString(conn, "S1 STARTTLS\r\n"); err != nil {
		return err
	}
	for {
		line, err := readLine(r)
		if err != nil {
			return err
		}
		tag, answer, _ := strings.Cut(line, " ")
		if tag != "S1" {
			continue
		}
		if !strings.HasPrefix(strings.ToUpper(answer), "OK") {
			return errors.New("the server refuses STARTTLS")
		}
		if r.Buffered() > 0 {
			return errors.New("the server spoke on before the encryption began")
		}
		return nil
	}
}

func readLine(r *bufio.Reader) (string, error) {
	line, err := r.ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("reading the server's answer: %w", err)
	}
	return strings.TrimRight(line, "\r\n"), nil
}

// isLoopback reports whether an address cannot leave this machine.
func isLoopback(server string) bool {
	host, _, err := net.SplitHostPort(server)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

func dialHint(err error) string {
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return "check the host name in imap.server"
	}
	return "check the host and port in imap.server (993 for tls, 143 for starttls), and the firewall"
}

func tlsHint(err error) string {
	var (
		authority x509.UnknownAuthorityError
		host      x509.HostnameError
		invalid   x509.CertificateInvalidError
		record    tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &authority):
		return "if the server's certificate is your own, name it in imap.ca_file"
	case errors.As(err, &host):
		return "set imap.server to a name that the certificate bears"
	case errors.As(err, &invalid):
		return "the server's certificate must be renewed, or this machine's clock is wrong"
	case errors.As(err, &record):
		return "the server does not speak TLS here: check imap.security and the port of imap.server"
	}
	return "check imap.security and the port of imap.server"
}
