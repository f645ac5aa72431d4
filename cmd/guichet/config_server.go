package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

// ports are the usual ones, by section and security (RFC 8314).
var ports = map[string]string{
	"imap tls": "993", "imap starttls": "143", "imap none": "143",
	"smtp tls": "465", "smtp starttls": "587", "smtp none": "25",
}

// maxAuthorities bounds a file of certificates; the list of a whole system has some 250 kB.
const maxAuthorities = 4 << 20

// outgoing is the SMTP server with what it has from the mailbox where [smtp] does not say otherwise: the
// user name, and the source of the password.
func (c *config) outgoing() server {
	s := c.SMTP.server
	if s.Username == "" {
		s.Username = c.IMAP.Username
	}
	return s
}

// from is the address that our mails bear.
func (c *config) from() string {
	if c.SMTP.From != "" {
		return c.SMTP.From
	}
	return c.Desk.Address
}

// hostPort splits the server's name. A missing port is the usual one of the security.
func (s server) hostPort(section string) (host, port string, err error) {
	host, port, err = net.SplitHostPort(s.Server)
	if err != nil {
		host, port = strings.Trim(s.Server, "[]"), ports[section+" "+s.Security]
		if strings.Contains(host, ":") && net.ParseIP(host) == nil {
			return "", "", fmt.Errorf(`%q is not of the form "host" or "host:port"`, s.Server)
		}
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil && port != "" || err == nil && n == 0 {
		return "", "", fmt.Errorf("the port %q is not a number from 1 to 65535", port)
	}
	if host == "" || strings.ContainsAny(host, " /@\t\r\n") {
		return "", "", fmt.Errorf(`%q is no server name; write one such as "mail.example.org"`, host)
	}
	return host, port, nil
}

// address is the server as host:port. The config was checked.
func (s server) address(section string) string {
	host, port, _ := s.hostPort(section)
	return net.JoinHostPort(host, port)
}

// loopback reports whether the server is this machine itself, by a name or address that cannot lead elsewhere.
func (s server) loopback(section string) bool {
	host, _, _ := s.hostPort(section)
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback() || strings.EqualFold(host, "localhost")
}

// passwords names the keys that say where the password comes from.
func (s server) passwords() []string {
	return named("password", s.PasswordFile, s.PasswordCommand, s.PasswordEnv)
}

// tlsConfig is how a server is trusted: by the certificates of ca_file alone where that is set, else by
// the system's.
func (c *config) tlsConfig(section string, s server) (*tls.Config, error) {
	host, _, err := s.hostPort(section)
	if err != nil {
		return nil, fmt.Errorf("%s.server: %w", section, err)
	}
	t := &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
	if s.CAFile != "" {
		if t.RootCAs, err = c.authorities(s.CAFile); err != nil {
			return nil, fmt.Errorf("%s.ca_file: %w", section, err)
		}
	}
	return t, nil
}

// authorities reads a file of certificates in PEM.
func (c *config) authorities(path string) (*x509.CertPool, error) {
	path = c.file(path)
	info, err := os.Stat(path) // before opening: a named pipe would wait for ever
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxAuthorities {
		return nil, fmt.Errorf("%s is not a file of certificates", path)
	}
	pem, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, withHint(fmt.Errorf("%s holds no certificate in PEM", path),
			`such a file begins with "-----BEGIN CERTIFICATE-----"`)
	}
	return pool, nil
}

// passwordSource says where the password of a section comes from.
func (c *config) passwordSource(section string) secretSource {
	s := c.IMAP.server
	if section == "smtp" {
		s = c.SMTP.server
	}
	source := secretSource{
		key:        section,
		name:       "password",
		file:       c.file(s.PasswordFile),
		command:    s.PasswordCommand,
		variable:   s.PasswordEnv,
		credential: section + "-password",
		env:        c.env,
		timeout:    30 * time.Second,
	}
	if section == "smtp" && !source.set() {
		imap := c.passwordSource("imap")
		source.otherwise = &imap
	}
	return source
}
